"""The feed as other libraries read it, and as strict parsers do."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.errors import WorkspaceError
from audiobrief.model.episode import ArticleRef
from audiobrief.publish.feed import render_feed
from audiobrief.publish.podcast_namespace import PodcastEntry
from tests.publish.shows import make_episode, make_show

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}
HOSTILE = "]]><script>alert(1)</script>&amp;\u202e\x00\x0b\ud800\ufffe \U0001f680"


def channel_of(show=None, *episodes):
    """Return the channel of a feed, strictly parsed."""
    content = render_feed(show or make_show(), episodes or [make_episode()])
    return etree.fromstring(content).find("channel")


def texts(element, path):
    """Return the texts at a path."""
    return [found.text for found in element.findall(path, NAMESPACES)]


def test_feedparser_reads_show_and_episode():
    """Another library, which forgives nothing that apps would not."""
    feed = feedparser.parse(render_feed(make_show(), [make_episode()]))
    assert feed.bozo is False
    assert feed.feed.title == "Harbor Brief"
    assert feed.feed.publisher_detail == {"name": "Ada Marsh", "email": "ada@example.org"}
    (entry,) = feed.entries
    assert entry.title == "Ferry returns to Harbor Island"
    assert entry.published_parsed[:5] == (2024, 5, 17, 6, 30)
    assert entry.enclosures[0]["length"] == "145000"
    assert entry.itunes_duration == "12"


def test_the_same_show_and_episodes_give_the_same_bytes():
    """Whatever order they come in, whenever it is."""
    first, second = make_episode(), make_episode(guid="b")
    assert render_feed(make_show(), [first, second]) == render_feed(make_show(), [second, first])


def test_the_newest_episode_is_first_and_dates_the_feed():
    """S2 and S3 of the feed rules."""
    old = make_episode()
    new = make_episode(guid="b", title="Newer", published=old.published + timedelta(days=9))
    channel = channel_of(None, old, new)
    assert texts(channel, "item/title") == ["Newer", "Ferry returns to Harbor Island"]
    assert texts(channel, "lastBuildDate") == ["Sun, 26 May 2024 06:30:00 +0000"]


def test_dates_do_not_speak_the_language_of_the_process(monkeypatch):
    """A zone and a locale that are not English change nothing."""
    plain = render_feed(make_show(), [make_episode()])
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        assert render_feed(make_show(), [make_episode()]) == plain
    finally:
        os.environ.pop("TZ", None)
        if hasattr(time, "tzset"):
            time.tzset()


def test_transcripts_chapters_and_people_are_named():
    """P1, P2, P5 and P7 of the feed rules."""
    item = channel_of().find("item")
    folder = "https://example.org/pod/2024-05-17-ferry-returns-to-harbor-island/"
    found = [dict(e.attrib) for e in item.findall("podcast:transcript", NAMESPACES)]
    assert found == [
        {"url": f"{folder}transcript.vtt", "type": "text/vtt", "language": "en"},
        {"url": f"{folder}transcript.srt", "type": "application/x-subrip", "language": "en"},
        {"url": f"{folder}transcript.json", "type": "application/json", "language": "en"},
    ]
    assert item.find("podcast:chapters", NAMESPACES).get("url") == f"{folder}chapters.json"
    assert texts(item, "podcast:person") == ["Lena Ode"]
    assert texts(item, "podcast:txt") == ["true"]


def test_without_disclosure_the_feed_says_nothing_of_voices():
    """The setting is the user's."""
    channel = channel_of(make_show(ai_disclosure=False))
    assert texts(channel, ".//podcast:txt") == []
    assert "synthetic" not in texts(channel, "item/description")[0]


def test_without_email_there_is_no_owner():
    """An address is never invented."""
    channel = channel_of(make_show(email=""))
    assert texts(channel, "itunes:owner/itunes:email") == []
    assert channel.find("podcast:locked", NAMESPACES).attrib == {}


def test_hostile_texts_are_carried_as_text():
    """Markup, section ends, bidi and unpaired surrogates in every field that a page can fill."""
    ref = ArticleRef("1", "a", HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)")
    segments = tuple(replace(s, text=HOSTILE) for s in make_episode().segments)
    episode = make_episode(title=HOSTILE, articles=(ref,), segments=segments)
    show = make_show(title=HOSTILE, description=HOSTILE, author=HOSTILE)
    channel = channel_of(show, episode)
    line = "]]><script>alert(1)</script>&amp; \U0001f680"
    assert texts(channel, "title") == [line]
    assert texts(channel, "item/title") == [line]
    assert "<script" not in texts(channel, "item/description")[0]
    assert "javascript:" not in etree.tostring(channel, encoding="unicode")


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=60))
def test_any_title_gives_a_feed_that_parses(title):
    """One bad character must not cost the whole feed."""
    episode = make_episode(title=title)
    assert len(channel_of(make_show(title="x" + title), episode).findall("item")) == 1


def test_ampersands_in_titles_are_hex_references():
    """Old readers take ``&amp;`` in a title for HTML (S9)."""
    content = render_feed(make_show(), [make_episode(title="Bread & <mail>")])
    assert b"<title>Bread &#x26; &#x3C;mail&gt;</title>" in content


def test_urls_are_percent_encoded():
    """A folder with blanks and letters outside ASCII."""
    show = make_show(base_url="https://m\u00fcller.example/my pod")
    item = channel_of(show, make_episode(directory="d\u00e9j\u00e0 vu")).find("item")
    assert item.find("enclosure").get("url") == (
        "https://xn--mller-kva.example/my%20pod/d%C3%A9j%C3%A0%20vu/ferry-1a2b3c4d.mp3"
    )


def test_a_feed_of_no_episode_is_refused():
    """Apps drop it (feed rule F8)."""
    with pytest.raises(ValueError, match="at least one episode"):
        render_feed(make_show(), [])


def test_an_unknown_category_is_the_settings_fault():
    """The nearest of Apple's is offered."""
    with pytest.raises(WorkspaceError, match="did you mean"):
        render_feed(make_show(category="Newss"), [make_episode()])


def test_a_long_description_of_the_show_is_cut_at_a_word():
    """4000 bytes are allowed (feed rule F4)."""
    (description,) = texts(
        channel_of(make_show(description="gr\u00fc\u00dfe " * 900)), "description"
    )
    assert len(description.encode()) <= 4000
    assert description.endswith("gr\u00fc\u00dfe\u2026")


def test_a_thousand_episodes_are_a_feed():
    """Every one of them, in order."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    episodes = [make_episode(guid=str(n), published=start + timedelta(days=n)) for n in range(1000)]
    guids = texts(channel_of(None, *episodes), "item/guid")
    assert guids == [str(n) for n in reversed(range(1000))]


def test_the_namespace_refuses_what_apps_would():
    """A type that no app knows; two files of chapters."""
    entry = PodcastEntry()
    with pytest.raises(ValueError, match="no type"):
        entry.transcript("u", "text/rtf", "en")
    entry.chapters("u")
    with pytest.raises(ValueError, match="one file"):
        entry.chapters("v")


def test_an_episode_without_chapters_or_byline_names_neither():
    """Nothing is invented."""
    ref = ArticleRef("1", "a", "Rain")
    item = channel_of(None, make_episode(chapters=(), articles=(ref,))).find("item")
    assert item.find("podcast:chapters", NAMESPACES) is None
    assert item.find("podcast:person", NAMESPACES) is None
