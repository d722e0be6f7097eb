"""Lists of feeds."""

from __future__ import annotations

import pytest

from audiobrief.errors import SourceError
from audiobrief.intake import parse_opml
from tests.intake.sample_files import sample

URL = "subscriptions.opml"


def test_feeds_are_found_in_all_folders() -> None:
    """With their titles and folders; each once, whatever its scheme; scripts are none."""
    outline = parse_opml(sample(URL), url=URL)
    assert [(feed.url, feed.title, feed.folders) for feed in outline.feeds] == [
        ("https://letters.example/feed", "Harbor Letters & more", ("News", "Harbor")),
        ("http://tides.example/log/atom.xml", "Tide Log", ("News",)),
        ("http://old.example/atom", "Old Log", ()),
    ]
    assert outline.notes == ("2 entries are no new feeds that can be fetched",)


def test_a_list_that_breaks_off_is_told() -> None:
    """The feeds up to there are read."""
    raw = sample(URL)
    outline = parse_opml(raw[: raw.index(b'<outline type="rss" text="Old')], url=URL)
    assert len(outline.feeds) == 2
    assert outline.notes == ("the list breaks off: 2 feeds were read",)


def test_a_lone_ampersand_costs_nothing() -> None:
    """People write such lists by hand."""
    raw = (
        b"<opml><body><outline text='A & B' xmlUrl='https://a.example/feed?x=1&y=2'/></body></opml>"
    )
    (feed,) = parse_opml(raw, url=URL).feeds
    assert feed.url.startswith("https://a.example/feed?x=1")


@pytest.mark.parametrize("raw", [b"", b"words", b"<rss version='2.0'><channel/></rss>"])
def test_what_is_no_opml_is_told(raw: bytes) -> None:
    """The error says so, and names the file."""
    with pytest.raises(SourceError, match=r"no OPML|no XML") as caught:
        parse_opml(raw, url=URL)
    assert caught.value.subject == URL
