"""Feeds and lists of feeds over real connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiobrief.errors import SourceError
from audiobrief.intake import FeedSource, ListSource, OpmlSource
from tests.intake.plain_fetch import Asked, PlainFetch, Told, serving
from tests.intake.sample_files import SAMPLES, sample

if TYPE_CHECKING:
    from pathlib import Path

RSS = b"<rss version='2.0'><channel><title>%s</title><item><link>/1</link></item></channel></rss>"


def versioned(asked: Asked) -> Told:
    """Answer with a feed, or that it is unchanged."""
    if asked.headers.get("if-none-match") == '"v1"':
        return Told(status=304)
    headers = {"ETag": '"v1"', "Last-Modified": "Fri, 14 Mar 2025 06:30:00 GMT"}
    return Told(sample("rss20.xml"), headers=headers)


def test_an_unchanged_feed_is_not_sent_again() -> None:
    """What is known goes back to the server, and stays known."""
    with serving(versioned) as (url, asked):
        source = FeedSource(f"{url}/feed")
        first = source.items(PlainFetch(), {})
        second = source.items(PlainFetch(), first.known)
    assert len(first.items) == 3
    assert second.items == ()
    assert second.known == first.known
    assert asked[1].headers["if-modified-since"] == "Fri, 14 Mar 2025 06:30:00 GMT"
    assert source.name == f"{url}/feed"


def test_what_is_known_of_another_feed_is_not_used() -> None:
    """The settings may name another address since."""
    with serving(versioned) as (url, asked):
        known = FeedSource(f"{url}/a").items(PlainFetch(), {}).known
        assert FeedSource(f"{url}/b").items(PlainFetch(), known).items
    assert "if-none-match" not in asked[1].headers


def test_a_page_leads_to_its_feed() -> None:
    """It is told, and from then on the feed is asked directly."""

    def answer(asked: Asked) -> Told:
        if asked.path == "/":
            page = b"<!doctype html><link rel=alternate type='application/rss+xml' href='/feed'>"
            return Told(page, headers={"Content-Type": "text/html"})
        return versioned(asked)

    with serving(answer) as (url, asked):
        source, fetch = FeedSource(f"{url}/"), PlainFetch()
        first = source.items(fetch, {})
        second = source.items(fetch, first.known)
    assert len(first.items) == 3
    assert first.notes[0] == f"the page {url}/ names the feed {url}/feed"
    assert [each.path for each in asked] == ["/", "/feed", "/feed"]
    # So the network can tell what a page leads to from what the user has named.
    assert fetch.found_on == {f"{url}/": None, f"{url}/feed": f"{url}/"}
    assert second.items == ()


def test_the_servers_charset_counts() -> None:
    """Where the bytes are no UTF-8 and the feed says nothing."""
    body = "<rss version='2.0'><channel><title>Паром</title><item><link>https://a.example/</link>"
    raw = f"{body}</item></channel></rss>".encode("koi8-r")
    with serving(lambda _: Told(raw, headers={"Content-Type": "text/xml; charset=KOI8-R"})) as (
        url,
        _,
    ):
        (item,) = FeedSource(url).items(PlainFetch(), {}).items
    assert item.outlet == "Паром"


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "refuses access"),
        (403, "refuses access"),
        (404, "nothing at this address"),
        (410, "nothing at this address"),
        (418, "no answer that can be used"),
        (429, "fewer requests"),
        (500, "out of order"),
        (503, "out of order"),
    ],
)
def test_a_server_that_fails_is_told(status: int, problem: str) -> None:
    """With its number, the address and a remedy."""
    with (
        serving(lambda _: Told(sample("rss20.xml"), status)) as (url, _),
        pytest.raises(SourceError, match=problem) as caught,
    ):
        FeedSource(f"{url}/feed").items(PlainFetch(), {})
    assert str(status) in caught.value.problem
    assert caught.value.subject == f"{url}/feed"
    assert caught.value.remedy


def test_a_list_reads_its_feeds_and_tells_those_that_fail(tmp_path: Path) -> None:
    """Each keeps its own version; one that fails today keeps what was known of it."""
    broken = False

    def answer(asked: Asked) -> Told:
        if broken and asked.path == "/b":
            return Told(status=500)
        if asked.headers.get("if-none-match") == asked.path:
            return Told(status=304)
        return Told(RSS % asked.path.encode(), headers={"ETag": asked.path})

    with serving(answer) as (url, _):
        path = tmp_path / "feeds.opml"
        outlines = "".join(f"<outline xmlUrl='{url}/{each}'/>" for each in "abc")
        path.write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
        source = OpmlSource(path)
        first = source.items(PlainFetch(), {})
        broken = True
        second = source.items(PlainFetch(), first.known)
        broken = False
        third = source.items(PlainFetch(), second.known)
    assert [item.outlet for item in first.items] == ["/a", "/b", "/c"]
    assert second.items == ()
    assert second.notes == (f"{url}/b: the server is out of order (HTTP 500)",)
    assert third.items == ()
    assert third.notes == ()


def test_a_list_from_elsewhere_is_named_as_the_origin_of_its_feeds() -> None:
    """A file is the user's own."""

    def answer(asked: Asked) -> Told:
        feed = f"http://{asked.headers['host']}/a"
        return Told(
            f"<opml><body><outline xmlUrl='{feed}'/></body></opml>"
            if asked.path == "/list"
            else RSS % b"A"
        )

    fetch = PlainFetch()
    with serving(answer) as (url, _):
        assert len(OpmlSource(f"{url}/list").items(fetch, {}).items) == 1
    assert fetch.found_on == {f"{url}/list": None, f"{url}/a": f"{url}/list"}


def test_a_list_of_which_nothing_can_be_read_is_an_error() -> None:
    """It would pass for a quiet day otherwise."""

    def answer(asked: Asked) -> Told:
        if asked.path == "/list":
            return Told(
                f"<opml><body><outline xmlUrl='http://{asked.headers['host']}/a'/></body></opml>"
            )
        return Told(status=404)

    with serving(answer) as (url, _), pytest.raises(SourceError, match="nothing at this address"):
        OpmlSource(f"{url}/list").items(PlainFetch(), {})


@pytest.mark.parametrize(
    ("name", "count"), [("list.md", 5), ("pocket.csv", 3), ("box.mbox", 2), ("newsletter.eml", 1)]
)
def test_a_file_is_a_source(name: str, count: int) -> None:
    """Whichever kind it is; unchanged, it offers nothing."""
    source = ListSource(SAMPLES / name)
    listing = source.items(PlainFetch(), {})
    assert len(listing.items) == count
    again = source.items(PlainFetch(), listing.known)
    assert again.items == ()
    assert again.known == listing.known


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """By its content, not its clock."""
    path = tmp_path / "list.txt"
    path.write_text("https://a.example/1\n", "utf-8")
    known = ListSource(path).items(PlainFetch(), {}).known
    path.write_text("https://a.example/1\nhttps://a.example/2\n", "utf-8")
    assert len(ListSource(path).items(PlainFetch(), known).items) == 2


@pytest.mark.parametrize(
    ("name", "problem"), [("gone.txt", "no such file"), (".", "not a regular"), ("a\0b", "read")]
)
def test_files_that_cannot_be_read_are_told(tmp_path: Path, name: str, problem: str) -> None:
    """With the path."""
    with pytest.raises(SourceError, match=problem) as caught:
        ListSource(tmp_path / name).items(PlainFetch(), {})
    assert str(tmp_path) in caught.value.subject
