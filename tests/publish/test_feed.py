"""The feed as other libraries read it, and as strict parsers do."""

import os
import time
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.errors import WorkspaceError
from audiobrief.model.episode import ArticleRef, Chapter, Enclosure
from audiobrief.publish.feed import MAX_FEED_BYTES, render_feed, render_pages
from audiobrief.publish.paging import lay_out_pages
from audiobrief.publish.podcast_namespace import PodcastEntry
from tests.publish.shows import NARRATED, make_cast, make_episode, make_segments, make_show

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
        {"url": f"{folder}transcript.html", "type": "text/html", "language": "en"},
    ]
    assert item.find("podcast:chapters", NAMESPACES).get("url") == f"{folder}chapters.json"
    people = [(p.text, p.get("role")) for p in item.findall("podcast:person", NAMESPACES)]
    assert people == [
        ("Lena Ode", "author"),
        ("Mara Quist", "guest"),
        ("Jonas Aldermere", "guest"),
        ("anchor", "narrator"),
    ]
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
    episode = make_episode(chapters=(), articles=(ref,), segments=make_segments(NARRATED))
    item = channel_of(make_show(ai_disclosure=False), episode).find("item")
    for name in ("chapters", "person", "soundbite", "season", "episode", "alternateEnclosure"):
        assert item.find(f"podcast:{name}", NAMESPACES) is None
    assert item.find("itunes:image", NAMESPACES) is None
    assert item.find("itunes:episode", NAMESPACES) is None


def test_voices_are_told_by_what_they_read():
    """The narrator's, and those of quotations alone (P5); none where nothing is told of voices."""
    episode = make_episode(segments=make_cast(Mara="guest-1", Jonas="guest-2"))
    people = channel_of(None, episode).findall("item/podcast:person", NAMESPACES)
    told = [(p.get("group"), p.get("role"), p.text) for p in people if p.get("role") != "guest"]
    assert told[1:] == [
        ("cast", "narrator", "anchor"),
        ("cast", "voice actor", "guest-1"),
        ("cast", "voice actor", "guest-2"),
    ]
    silent = channel_of(make_show(ai_disclosure=False), episode)
    roles = {p.get("role") for p in silent.findall("item/podcast:person", NAMESPACES)}
    assert roles == {"author", "guest"}


def test_a_serial_show_numbers_its_episodes():
    """In Apple's elements and in those of the namespace (I9 and P6)."""
    channel = channel_of(make_show(is_serial=True), make_episode(number=7, season=2))
    assert texts(channel, "itunes:type") == ["serial"]
    for prefix in ("itunes", "podcast"):
        assert texts(channel, f"item/{prefix}:season") == ["2"]
        assert texts(channel, f"item/{prefix}:episode") == ["7"]


def test_an_episodic_show_tells_no_numbers():
    """Also where episodes have some, of a time when it was serial."""
    channel = channel_of(None, make_episode(number=7, season=2))
    assert texts(channel, "itunes:type") == ["episodic"]
    assert texts(channel, "item/itunes:episode") + texts(channel, "item/podcast:season") == []


def test_settings_of_the_show_are_told():
    """How often, where to give, who tells of news, where it has moved (P8, S4, S8)."""
    show = make_show(
        update_rule="FREQ=WEEKLY;BYDAY=MO",
        update_words="Every Monday",
        funding_url="https://tip.example/?a=1&b=2",
        funding_words="Support <us>",
        hub_url="https://hub.example/",
        new_feed_url="https://new.example/feed.xml",
    )
    channel = channel_of(show)
    frequency = channel.find("podcast:updateFrequency", NAMESPACES)
    assert (frequency.get("rrule"), frequency.text) == ("FREQ=WEEKLY;BYDAY=MO", "Every Monday")
    funding = channel.find("podcast:funding", NAMESPACES)
    assert (funding.get("url"), funding.text) == ("https://tip.example/?a=1&b=2", "Support <us>")
    assert links(channel)["hub"] == "https://hub.example/"
    assert texts(channel, "itunes:new-feed-url") == ["https://new.example/feed.xml"]


def links(channel):
    """Return the atom links by relation."""
    return {e.get("rel"): e.get("href") for e in channel.findall("atom:link", NAMESPACES)}


def test_what_is_not_set_is_not_told():
    """No empty elements."""
    channel = channel_of()
    assert links(channel) == {"self": "https://example.org/pod/feed.xml"}
    for name in ("updateFrequency", "funding"):
        assert channel.find(f"podcast:{name}", NAMESPACES) is None
    assert channel.find("itunes:new-feed-url", NAMESPACES) is None


def test_other_formats_are_alternate_enclosures():
    """With length, bit rate and what proves that they are whole (P9)."""
    opus = Enclosure("ferry-1a2b3c4d.opus", 96_000, "audio/ogg", 12_000, "ab" * 32)
    channel = channel_of(None, make_episode(deliveries=(opus,)))
    other = channel.find("item/podcast:alternateEnclosure", NAMESPACES)
    assert other.attrib == {
        "type": "audio/ogg", "length": "96000", "bitrate": "64000", "title": "OPUS",
    }  # fmt: skip
    assert other.find("podcast:source", NAMESPACES).get("uri").endswith("/ferry-1a2b3c4d.opus")
    proof = other.find("podcast:integrity", NAMESPACES)
    assert proof.get("type") == "sri"
    assert b64decode(proof.get("value").removeprefix("sha256-")) == b"\xab" * 32


def test_an_episode_with_a_cover_of_its_own_shows_it():
    """S7: beside its sound."""
    item = channel_of(None, make_episode(cover_file="cover-1a2b3c4d.jpg")).find("item")
    assert item.find("itunes:image", NAMESPACES).get("href") == (
        "https://example.org/pod/2024-05-17-ferry-returns-to-harbor-island/cover-1a2b3c4d.jpg"
    )


# feedgen 1.0.0: what it does wrong, and what apps get of us all the same.


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1f", "\x7f", "\ufffe", "\ud800"])
def test_a_character_that_xml_has_not_costs_nothing_else(letter):
    """Feedgen raises on it, when the whole feed is written."""
    text = f"Ferry{letter} returns"
    segments = tuple(replace(s, text=text, speaker=text, voice=text) for s in make_segments())
    chapters = (Chapter(text, 0),)
    episode = make_episode(title=text, segments=segments, chapters=chapters)
    show = make_show(title=text, description=text, author=text, email="a@b.example" + letter)
    channel = channel_of(replace(show, funding_url="https://a.example/", funding_words=text))
    assert texts(channel, "title") == ["Ferry returns"]
    assert texts(channel_of(show, episode), "item/title") == ["Ferry returns"]


@pytest.mark.parametrize("file", ["cover.jpeg?v=2", "cover.webp", "cover.jpeg"])
def test_a_cover_that_feedgen_would_drop_in_silence_is_refused(file):
    """Only .jpg and .png come through it, and directories refuse a feed without a cover."""
    with pytest.raises(ValueError, match=r"\.jpg or \.png"):
        render_feed(make_show(cover_file=file), [make_episode()])
    with pytest.raises(ValueError, match=r"\.jpg or \.png"):
        render_feed(make_show(), [make_episode(cover_file=file)])


def test_the_channels_link_is_its_page_whatever_other_links_there_are():
    """Feedgen takes the last link for the channel's own, and writes one atom:link alone."""
    pages = render_pages(make_show(hub_url="https://hub.example/"), many(25), 10)
    for content in pages.values():
        channel = etree.fromstring(content).find("channel")
        assert texts(channel, "link") == ["https://example.org/pod/index.html"]
        assert len(links(channel)) >= 4


@pytest.mark.parametrize("category", ['News" x="1', "News > 'Daily'", "<News>", ""])
def test_quotes_in_a_category_are_the_settings_fault(category):
    """Feedgen makes an XPath of it, and lxml raises a SyntaxError."""
    with pytest.raises(WorkspaceError, match="none of Apple's"):
        render_feed(make_show(category=category), [make_episode()])


def test_a_category_is_written_once_with_its_ampersand():
    """Every one of Apple's list that has one."""
    channel = channel_of(make_show(category="Health & Fitness > Mental Health"))
    category = channel.find("itunes:category", NAMESPACES)
    assert category.get("text") == "Health & Fitness"
    assert category.find("itunes:category", NAMESPACES).get("text") == "Mental Health"


# Pages (S5).


def many(count, **changes):
    """Return episodes of a day each, the oldest first."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return [
        make_episode(
            guid=f"g{n:04}", directory=f"d{n:04}", published=start + timedelta(days=n), **changes
        )
        for n in range(count)
    ]


def guids(content):
    """Return the guids of a page."""
    return texts(etree.fromstring(content).find("channel"), "item/guid")


def test_a_long_feed_is_in_pages_of_which_feed_xml_has_the_newest():
    """Every episode once; each page says where the others are, and is dated by its newest."""
    pages = render_pages(make_show(new_feed_url="https://new.example/f"), many(25), 10)
    assert list(pages) == ["feed.xml", "feed-3.xml", "feed-2.xml"]
    newest = [f"g{n:04}" for n in reversed(range(25))]
    assert [guid for content in pages.values() for guid in guids(content)] == newest
    base = "https://example.org/pod/"
    channels = {name: etree.fromstring(content).find("channel") for name, content in pages.items()}
    assert links(channels["feed-3.xml"]) == {
        "self": f"{base}feed-3.xml",
        "first": f"{base}feed.xml",
        "previous": f"{base}feed.xml",
        "next": f"{base}feed-2.xml",
        "last": f"{base}feed-2.xml",
    }
    assert "previous" not in links(channels["feed.xml"])
    assert "next" not in links(channels["feed-2.xml"])
    assert texts(channels["feed-2.xml"], "lastBuildDate") == [
        "Fri, 10 Jan 2020 06:00:00 +0000"
    ] or (texts(channels["feed-2.xml"], "lastBuildDate") == ["Fri, 10 Jan 2020 00:00:00 +0000"])
    # Of the subscription, which is feed.xml, only that page tells.
    assert texts(channels["feed-2.xml"], "itunes:new-feed-url") == []
    assert {texts(c, "podcast:guid")[0] for c in channels.values()} == {make_show().guid}


@pytest.mark.parametrize("count", [10, 11, 24, 30, 31])
def test_a_new_episode_changes_the_first_page_and_one_other(count):
    """A page that is full is never another one again, but for the link to its successor."""
    before = render_pages(make_show(), many(count), 10)
    after = render_pages(make_show(), many(count + 1), 10)
    assert set(before) <= set(after)
    changed = [name for name in before if before[name] != after[name]]
    assert changed[0] == "feed.xml"
    assert len(changed) <= 2
    others = [name for name in changed[1:] if guids(before[name]) != guids(after[name])]
    assert len([*others, *(set(after) - set(before))]) <= 1


@given(st.integers(1, 60), st.integers(10, 20))
@settings(deadline=None, max_examples=25)
def test_pages_hold_every_episode_once(count, per_page):
    """In the order of the feed, and linked in a ring that can be walked."""
    episodes = many(count)
    pages = lay_out_pages(list(reversed(episodes)), per_page, "feed.xml")
    assert [e.guid for page in pages for e in page.episodes] == [e.guid for e in reversed(episodes)]
    assert all(1 <= len(page.episodes) <= per_page for page in pages)
    assert len(pages[0].episodes) == min(count, per_page)
    walked, by_name = [pages[0].file], {page.file: dict(page.links) for page in pages}
    while following := by_name[walked[-1]].get("next"):
        assert by_name[following]["previous"] == walked[-1]
        walked.append(following)
    assert walked == [page.file for page in pages]


def test_feed_xml_is_never_too_large():
    """The oldest items lose their HTML notes, then their place; nothing is lost (S6)."""
    long = tuple(
        ArticleRef(str(n), "a", f"Story {n} " + "x" * 200, url=f"https://a.example/{n}")
        for n in range(40)
    )
    first, *older = render_pages(make_show(), many(150, articles=long), 100).items()
    assert len(first[1]) <= MAX_FEED_BYTES
    items = etree.fromstring(first[1]).findall("channel/item")
    has_notes = [
        "{http://purl.org/rss/1.0/modules/content/}encoded" in {c.tag for c in i} for i in items
    ]
    assert has_notes == sorted(has_notes, reverse=True)
    assert has_notes[0]
    assert not all(has_notes)
    found = [*guids(first[1]), *(guid for _, content in older for guid in guids(content))]
    assert found == [f"g{n:04}" for n in reversed(range(150))]


def test_a_feed_of_the_longest_items_holds_what_has_room():
    """Descriptions of 4000 bytes that double when they are escaped."""
    segments = (replace(make_segments()[2], text="& " * 140),)
    chapters = tuple(Chapter("&" * 50, n * 1000) for n in range(14))
    people = tuple(
        replace(make_segments()[3], speaker=f"{n}" + "&" * 120, id=str(n)) for n in range(20)
    )
    episodes = many(100, segments=(*segments, *people), chapters=chapters)
    pages = render_pages(make_show(), episodes, 100)
    assert len(pages["feed.xml"]) <= MAX_FEED_BYTES
    assert sum(len(guids(content)) for content in pages.values()) == 100
