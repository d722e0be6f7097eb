"""Every rule of the book, by one feed that keeps it and one or more that break it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audiobrief.check.book import RULES_OF_FEED, RULES_OF_ITEM
from audiobrief.check.facts import ItemFacts, parse_feed
from audiobrief.check.feed_rules import DOCUMENT_RULES
from audiobrief.check.files import folder_of, read_item, with_cover
from audiobrief.model.audio import Loudness
from tests.publish.shows import make_episode, make_show, write_folder

NOW = datetime(2025, 1, 1, tzinfo=UTC)
ITEM = "<item>\n      <title>Ferry returns to Harbor Island</title>"


@pytest.fixture(scope="module")
def good_folder(tmp_path_factory):
    """Return a folder as a build leaves it."""
    folder = tmp_path_factory.mktemp("episodes")
    write_folder(folder, make_show(), [make_episode()])
    return folder


@pytest.fixture(scope="module")
def good_item(good_folder):
    """Return all that is on disk for its only item."""
    feed = parse_feed((good_folder / "feed.xml").read_bytes(), now=NOW)
    folder = folder_of(feed, good_folder)
    return read_item(with_cover(feed, folder), next(feed.page.items()), folder)


def broken_rules(item: ItemFacts) -> set[str]:
    """Return the numbers of the rules that the facts break."""
    rules = (*DOCUMENT_RULES, *RULES_OF_FEED)
    found = {f.rule for rule in rules for f in rule.findings(item.feed, "feed")}
    return found | {f.rule for rule in RULES_OF_ITEM for f in rule.findings(item, "item")}


def with_feed(item: ItemFacts, content: bytes) -> ItemFacts:
    """Return the facts with another feed around the same files."""
    feed = replace(parse_feed(content, now=NOW), cover_suffix=item.feed.cover_suffix)
    return replace(item, feed=feed, node=next(feed.page.items()))


def test_a_feed_as_we_write_it_breaks_no_rule(good_item):
    """Not even a should."""
    assert broken_rules(good_item) == set()


FEED_FAULTS = [
    ("F2", 'version="2.0"', 'version="0.92"'),
    ("F2", "https://podcastindex.org/namespace/1.0", "https://podcastindex.org/namespace/2.0"),
    ("F3", 'rel="self"', 'rel="via"'),
    ("F3", 'type="application/rss+xml"', 'type="text/xml"'),
    ("F4", "<language>en</language>", ""),
    ("F4", "<language>en</language>", "<language>English!</language>"),
    ("F4", "<description>News from the island, read aloud.</description>", "<description/>"),
    ("F4", "News from the island", "News from the island" * 300),
    ("F4", "<link>https://example.org/pod/index.html", "<link>https://example.org/pod/feed.xml"),
    ("F5", '<itunes:category text="News">', '<itunes:category text="Newz">'),
    ("F5", '<itunes:category text="Daily News"/>', '<itunes:category text="Books"/>'),
    ("F6", "<itunes:explicit>false</itunes:explicit>", "<itunes:explicit>no</itunes:explicit>"),
    ("F6", "<itunes:explicit>false</itunes:explicit>", ""),
    ("F7", 'itunes:image href="https://example.org/pod/cover.jpg"', 'itunes:image href="x.jpeg"'),
    ("F7", 'itunes:image href="https://example.org/pod/cover.jpg"', 'itunes:image href="/c.png"'),
    ("F8", "<itunes:author>Ada Marsh</itunes:author>", ""),
    ("F8", "<pubDate>Fri, 17 May 2024 06:30:00 +0000</pubDate>", ""),
    ("F9", "https://example.org/pod/cover.jpg</url>", "cover.jpg</url>"),
    ("F9", 'url="https://example.org/pod/2024', 'url="https://example.org/p o d/2024'),
    ("F10", "9b024349-ccf0", "harbor"),
    ("F10", "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>", ""),
    ("I1", ITEM, "<item>\n      <title></title>"),
    ("I1", ITEM, "<item>\n      <title>Episode 7 Ferry returns</title>"),
    ("I1", ITEM, "<item>\n      <title>Harbor Brief: Ferry returns</title>"),
    ("I2", 'type="audio/mpeg"/>', 'type="audio/mpeg"/><enclosure url="u" length="1" type="t"/>'),
    ("I2", 'type="audio/mpeg"/>', 'type=""/>'),
    ("I3", 'length="', 'length="9'),
    ("I3", 'length="', 'length="-'),
    ("I4", 'type="audio/mpeg"', 'type="audio/mp3"'),
    ("I4", ".mp3", ".mpga"),
    ("I5", 'isPermaLink="false"', 'isPermaLink="true"'),
    ("I5", "5f0c7e0e-8f5a", "5f0c7e0e-0000"),
    ("I7", "<pubDate>Fri, 17 May 2024", "<pubDate>Sat, 17 May 2024"),
    ("I7", "<pubDate>Fri, 17 May 2024 06:30:00 +0000", "<pubDate>Sat, 17 May 2036 06:30:00 +0000"),
    ("I7", "<pubDate>Fri, 17 May 2024 06:30:00 +0000", "<pubDate>Fri, 17 May 2024 06:30:00 GMT"),
    ("I7", "<pubDate>Fri, 17 May 2024 06:30:00 +0000", "<pubDate>Fri, 37 May 2024 06:30:00 +0000"),
    ("I8", "<itunes:duration>12", "<itunes:duration>14"),
    ("I8", "<itunes:duration>12", "<itunes:duration>0:12"),
    ("I9", "<itunes:episodeType>full", "<itunes:episodeType>whole"),
    ("I9", "<itunes:type>episodic", "<itunes:type>serial"),
    ("I9", "<itunes:type>episodic", "<itunes:type>weekly"),
    ("I9", "<pubDate>", "<itunes:episode>0</itunes:episode><pubDate>"),
    ("I10", "sails again", "sails again" * 400),
    ("I10", "sails again", "sails &lt;img&gt; again"),
    ("P1", 'type="text/vtt"', 'type="text/webvtt"'),
    ("P1", 'type="text/vtt" language="en"', 'type="text/vtt" language="in English"'),
    ("P2", "application/json+chapters", "application/json"),
    ("P2", "<pubDate>", '<podcast:chapters url="u" type="application/json+chapters"/><pubDate>'),
    ("P3", ">yes</podcast:locked>", ">maybe</podcast:locked>"),
    ("P4", "<podcast:medium>podcast", "<podcast:medium>radio"),
    ("P5", "Lena Ode</podcast:person>", "</podcast:person>"),
    ("P5", "Lena Ode</podcast:person>", "L" * 129 + "</podcast:person>"),
    ("P6", "<pubDate>", "<podcast:season>one</podcast:season><pubDate>"),
    ("P6", "<pubDate>", "<podcast:episode>1a</podcast:episode><pubDate>"),
    ("P7", 'purpose="ai-content">true', 'purpose="ai-content">yes'),
    ("P8", "<pubDate>", "<podcast:funding>give</podcast:funding><pubDate>"),
    (
        "P8",
        "<itunes:type>",
        "<podcast:podroll><podcast:remoteItem/></podcast:podroll><itunes:type>",
    ),
    ("P9", "<pubDate>", '<podcast:alternateEnclosure type="audio/ogg"/><pubDate>'),
    ("P10", "<pubDate>", '<podcast:images srcset="x 100w"/><pubDate>'),
    ("C3", "00:00:04 Bread", "00:00:05 Bread"),
    ("C3", "\n00:00:08 Fares", ""),
]


@pytest.mark.parametrize(("rule", "good", "bad"), FEED_FAULTS)
def test_a_fault_in_the_feed_is_found_by_number(good_item, rule, good, bad):
    """One thing changed in a good feed breaks the rule that is about it."""
    content = good_item.feed.page.document.content.decode()
    assert good in content
    faulty = with_feed(good_item, content.replace(good, bad, 1).encode())
    assert rule in broken_rules(faulty)


@pytest.mark.parametrize(
    "content",
    [
        b"<?xml version='1.0' encoding='UTF-8'?>\n<rss><channel></rss>",
        b"<rss version='2.0'/>",
        b"<?xml version='1.0' encoding='UTF-8'?>\n<rss>\x0b</rss>",
        b"<?xml version='1.0' encoding='UTF-8'?>\n<rss>\xff</rss>",
        b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<rss/>",
        b"",
    ],
)
def test_what_is_no_xml_in_utf_8_breaks_f1(content):
    """Malformed, without declaration, with a control character, in another encoding, empty."""
    feed = parse_feed(content, now=NOW)
    found = {f.rule for rule in DOCUMENT_RULES for f in rule.findings(feed, "feed.xml")}
    assert "F1" in found


def test_an_entity_is_never_read_from_disk(good_item):
    """A feed that asks for a local file gets nothing of it."""
    bomb = (
        b"<?xml version='1.0' encoding='UTF-8'?>\n"
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
        b"<rss version='2.0'><channel><title>&x;</title></channel></rss>"
    )
    feed = parse_feed(bomb, now=NOW)
    assert feed.node.text("title") == ""
    assert [f.rule for r in DOCUMENT_RULES for f in r.findings(feed, "feed.xml")] == ["F1"]


def test_two_items_with_one_guid_or_one_sound_are_found(good_item):
    """An item twice in the feed."""
    content = good_item.feed.page.document.content.decode()
    start, end = content.index("<item>"), content.index("</item>") + len("</item>")
    twice = content[:end] + content[start:end] + content[end:]
    assert broken_rules(with_feed(good_item, twice.encode())) == {"I5", "I6"}


def changed_text(name, good, bad):
    """Return a change of one of the files beside the sound."""

    def change(item):
        (url,) = [url for url in item.texts if url.endswith(name)]
        assert good in item.texts[url]
        return {"texts": {**item.texts, url: item.texts[url].replace(good, bad)}}

    return change


def changed_tags(**changes):
    """Return a change of the MP3's tags."""
    return lambda item: {"tags": replace(item.tags, **changes)}


def changed_sound(**changes):
    """Return a change of what the MP3's frames say."""
    return lambda item: {"mp3": replace(item.mp3, **changes)}


def missing(name):
    """Return a change that removes a file."""

    def change(item):
        (url,) = [url for url in item.texts if url.endswith(name)]
        texts = {other: text for other, text in item.texts.items() if other != url}
        return {"texts": texts, "problems": {url: "it is not there"}}

    return change


def chapters_url(item):
    """Return where the chapters are on the web."""
    return item.node.attribute("podcast:chapters", "url")


def long_episode_with_two_chapters(item):
    """Return eleven minutes with two chapters."""
    rows = [{"startTime": 0, "title": "One"}, {"startTime": 9, "title": "Two"}]
    chapters = json.dumps({"version": "1.2.0", "chapters": rows})
    return {
        "mp3": replace(item.mp3, pcm_frame_count=44_100 * 660),
        "texts": {**item.texts, chapters_url(item): chapters},
    }


def other_segments(item):
    """Return a manifest in which nobody speaks of a synthetic voice."""
    segments = tuple(s for s in item.manifest.segments if "synthetic" not in s.text)
    return {"manifest": replace(item.manifest, segments=segments)}


FILE_FAULTS = [
    ("I2", lambda _: {"problems": {"mp3": "it is not there"}}),
    ("I6", lambda _: {"mp3_sha256": "f" * 64}),
    ("I6", lambda _: {"manifest": None, "problems": {"manifest": "damaged"}}),
    ("I8", changed_sound(pcm_frame_count=44_100 * 14)),
    ("T1", missing("transcript.vtt")),
    ("T1", changed_text("transcript.vtt", "WEBVTT", "VTT")),
    ("T1", changed_text("transcript.vtt", "00:00:02.500 -->", "00:00:01.500 -->")),
    ("T1", changed_text("transcript.vtt", "--> 00:00:04.000", "--> 00:00:02.500")),
    ("T1", changed_text("transcript.vtt", "--> 00:00:12.000", "--> 00:00:14.000")),
    ("T1", changed_text("transcript.vtt", "promise.", "promise --> kept.")),
    ("T1", changed_text("transcript.vtt", "<v Narrator>Ferry", "Ferry")),
    ("T1", changed_text("transcript.vtt", "Aldermere-Wolfenbüttel\n", "Aldermere-Wolfenbüttel ")),
    ("T2", missing("transcript.srt")),
    ("T2", changed_text("transcript.srt", "Ferry returns\n", "Ferry returns ")),
    ("T2", changed_text("transcript.srt", "by a synthetic", "by a\nsynthetic")),
    ("T2", changed_text("transcript.srt", "things\u2236", "things:")),
    ("T2", changed_text("transcript.srt", "This article", "Narrator: This")),
    ("T2", changed_text("transcript.srt", "\n\n2\n", "\n\n7\n")),
    ("T3", changed_text("transcript.json", '"1.0.0"', '"2.0"')),
    ("T3", changed_text("transcript.json", '"body"', '"text"')),
    ("T3", changed_text("transcript.json", '"segments"', '"cues"')),
    ("T3", changed_text("transcript.json", "{", "[")),
    ("T4", changed_text("transcript.vtt", "nine weeks", "ten weeks")),
    ("T4", changed_text("transcript.srt", "a way home", "the way home")),
    ("T4", changed_text("transcript.json", "Nobody", "Everybody")),
    ("C1", changed_text("chapters.json", '"1.2.0"', '"1.1.0"')),
    ("C1", changed_text("chapters.json", '"startTime": 8', '"startTime": 3')),
    ("C1", changed_text("chapters.json", '"startTime": 8', '"startTime": 800')),
    ("C1", changed_text("chapters.json", '"startTime": 8', '"start": 8')),
    ("C1", changed_text("chapters.json", '"Fares"', '""')),
    ("C2", long_episode_with_two_chapters),
    ("C3", changed_text("chapters.json", "Fares", "Prices")),
    ("C3", changed_tags(chapters=())),
    ("C4", changed_text("chapters.json", '"startTime": 8', '"startTime": 8.5')),
    ("A1", lambda _: {"mp3": None, "problems": {"frames": "a frame is cut off"}}),
    ("A2", changed_sound(is_constant=False, info=None)),
    ("A3", changed_sound(sample_rate_hz=22_050, pcm_frame_count=22_050 * 12)),
    ("A3", changed_sound(bitrate_kbps=24)),
    ("A3", changed_sound(bitrate_kbps=64)),
    ("A4", lambda _: {"loudness": Loudness(-19.1, -3.0)}),
    ("A4", lambda _: {"loudness": Loudness(-16.0, -0.2)}),
    ("A5", lambda _: {"tags": None, "problems": {"tags": "no ID3"}}),
    ("A5", lambda _: {"tag_version": (2, 4, 0)}),
    ("A5", changed_tags(lyrics="")),
    ("A5", changed_tags(title="Another title")),
    ("A5", changed_tags(cover=b"\x89PNG")),
    ("A6", changed_tags(ai_disclosure="")),
    ("A6", other_segments),
]


@pytest.mark.parametrize(("rule", "change"), FILE_FAULTS)
def test_a_fault_in_a_file_is_found_by_number(good_item, rule, change):
    """One thing changed in what is on disk breaks the rule that is about it."""
    assert rule in broken_rules(replace(good_item, **change(good_item)))


def test_a_list_of_chapters_that_cannot_fit_may_be_absent(good_item):
    """A part of a list would be worse than none."""
    rows = [{"startTime": n, "title": f"{n} " + "long title " * 40} for n in range(11)]
    chapters = json.dumps({"version": "1.2.0", "chapters": rows})
    content = good_item.feed.page.document.content.decode()
    for line in ("00:00:00 Introduction", "00:00:04 Bread &amp;amp; mail", "00:00:08 Fares"):
        content = content.replace(line, "")
    item = replace(
        with_feed(good_item, content.encode()),
        texts={**good_item.texts, chapters_url(good_item): chapters},
        tags=None,
        manifest=None,
    )
    assert "C3" not in broken_rules(item)
