"""One good feed, and what a slip of the hand makes of it: each slip is found by its number."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiobrief.check.folder import check_path

NOW = datetime(2025, 1, 1, tzinfo=UTC)
GOOD = Path(__file__).parent / "feeds" / "good.xml"

#: Name, what is written, what is written instead, the rule. Only the first place is changed.
FAULTS = [
    ("a bare ampersand", "Salt &#x26; iron", "Salt & iron", "F1"),
    ("an element left open", "</itunes:owner>", "", "F1"),
    ("another encoding", 'encoding="UTF-8"', 'encoding="ISO-8859-1"', "F1"),
    ("no declaration", '<?xml version="1.0" encoding="UTF-8"?>\n', "", "F1"),
    ("a blank line first", "<?xml", "\n<?xml", "F1"),
    ("a control character", "Boats, and", "Boats\x0b and", "F1"),
    ("an entity of HTML", "Boats, and", "Boats&nbsp;and", "F1"),
    ("entities of its own", "<rss", '<!DOCTYPE rss [<!ENTITY a "b">]><rss', "F1"),
    ("RSS of another version", 'version="2.0" xmlns', 'version="0.91" xmlns', "F2"),
    ("a namespace in capitals", "com/dtds/podcast-1.0", "com/DTDs/Podcast-1.0", "F2"),
    ("a namespace of another year", "org/namespace/1.0", "org/namespace/2.0", "F2"),
    (
        "a prefix not declared",
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        "",
        "F2",
    ),
    ("no link to itself", 'rel="self"', 'rel="alternate"', "F3"),
    ("a link to itself of another type", "application/rss+xml", "application/xml", "F3"),
    ("no title", "<title>The Pier</title>", "<title/>", "F4"),
    ("no description", "<description>Boats, and who waits for them.</description>", "", "F4"),
    ("a description of 5 kB", "Boats, and", "Boats, and " + "boats " * 900, "F4"),
    ("a language in words", "en-IE", "English", "F4"),
    ("an underscore in the language", "en-IE", "en_IE", "F4"),
    (
        "a link to the feed",
        "<link>https://pier.example/<",
        "<link>https://pier.example/feed.xml<",
        "F4",
    ),
    ("a category of one's own", "Society &amp; Culture", "Boats", "F5"),
    ("a sub-category elsewhere", "Documentary", "Improv", "F5"),
    ("explicit in words", ">false</itunes:explicit>", ">not at all</itunes:explicit>", "F6"),
    ("explicit as it was", ">false</itunes:explicit>", ">clean</itunes:explicit>", "F6"),
    ("no cover", '<itunes:image href="https://pier.example/cover.jpg"/>', "", "F7"),
    (
        "a cover without ending",
        'href="https://pier.example/cover.jpg"',
        'href="https://x.example/c"',
        "F7",
    ),
    (
        "a cover by a relative address",
        'href="https://pier.example/cover.jpg"',
        'href="cover.jpg"',
        "F7",
    ),
    ("no author", "<itunes:author>Ida Brandt</itunes:author>", "", "F8"),
    ("an item without date", "<pubDate>Sat, 18 May 2024 05:00:00 +0000</pubDate>", "", "F8"),
    ("a blank in an address", "example/night-ferry.mp3", "example/night ferry.mp3", "F9"),
    ("an umlaut in an address", "example/night-ferry.vtt", "example/fähre.vtt", "F9"),
    ("a guid of the feed in words", "2f1b3c8e-5d0a-5e4b-9c11-0b7f3d0c9a44", "the-pier", "F10"),
    ("no title of an item", "<title>The night ferry</title>", "<title></title>", "I1"),
    ("a number in a title", "<title>The night ferry", "<title>#3 The night ferry", "I1"),
    (
        "the show's name in a title",
        "<title>The night ferry",
        "<title>The Pier: The night ferry",
        "I1",
    ),
    (
        "no enclosure",
        'enclosure url="https://media.pier.example/buoys',
        'sound url="https://x.example/',
        "I2",
    ),
    ("an enclosure without type", ' type="audio/mpeg"', "", "I2"),
    ("a length of zero", 'length="4944000"', 'length="0"', "I3"),
    ("a length in words", 'length="4944000"', 'length="5 MB"', "I3"),
    ("a length in seconds", 'length="4944000"', 'length="412"', "I3"),
    ("a length in kilobytes", 'length="7860000"', 'length="78600"', "I3"),
    ("a page as enclosure", 'type="audio/mpeg"', 'type="text/html"', "I4"),
    ("a sound by another ending", "night-ferry.mp3", "night-ferry.php", "I4"),
    ("no guid", '<guid isPermaLink="false">pier-2</guid>', "", "I5"),
    ("a guid twice", ">pier-2<", ">pier-3<", "I5"),
    ("a guid that passes for a link", 'isPermaLink="false"', 'isPermaLink="true"', "I5"),
    ("a sound twice", "salt-and-iron.mp3", "night-ferry.mp3", "I6"),
    ("a wrong weekday", "<pubDate>Sun, 19", "<pubDate>Mon, 19", "I7"),
    ("a date of ISO 8601", "<pubDate>Sun, 19 May 2024 05:00:00 +0000", "<pubDate>2024-05-19", "I7"),
    ("a date in the future", "<pubDate>Sun, 19 May 2024", "<pubDate>Tue, 19 May 2026", "I7"),
    (
        "a zone by name",
        "<pubDate>Sun, 19 May 2024 05:00:00 +0000",
        "<pubDate>Sun, 19 May 2024 05:00:00 GMT",
        "I7",
    ),
    ("a duration as a clock", "<itunes:duration>412", "<itunes:duration>6:52", "I8"),
    ("a duration in words", "<itunes:duration>412", "<itunes:duration>7 minutes", "I8"),
    ("an episode zero", "<itunes:episode>3", "<itunes:episode>0", "I9"),
    ("a type of episode of one's own", ">full<", ">whole<", "I9"),
    ("a show of another type", ">episodic<", ">weekly<", "I9"),
    ("notes of 5 kB", "the pier, part 3", "the pier, part 3" + " of the spring" * 400, "I10"),
    (
        "a script in the notes",
        "part 3 of the spring.",
        "part 3 &lt;script&gt;x()&lt;/script&gt;",
        "I10",
    ),
    ("a transcript of no type", 'type="text/vtt"', 'type="application/octet-stream"', "P1"),
    ("a transcript of no language", 'language="en"', 'language="in English"', "P1"),
    ("chapters of another type", "application/json+chapters", "application/json", "P2"),
    ("locked in words", ">yes</podcast:locked>", ">sure</podcast:locked>", "P3"),
    ("a medium of one's own", ">podcast</podcast:medium>", ">radio</podcast:medium>", "P4"),
    ("a person without name", ">Ida Brandt</podcast:person>", "></podcast:person>", "P5"),
    ("a role of one's own", 'role="host"', 'role="captain"', "P5"),
    ("a season in words", 'name="Spring">1<', 'name="Spring">one<', "P6"),
    ("a declaration in words", 'purpose="ai-content">true', 'purpose="ai-content">a bit', "P7"),
    ("funding without page", ' url="https://pier.example/give"', "", "P8"),
    ("a rule of no calendar", "FREQ=DAILY", "every day", "P8"),
    ("an alternate without source", ' uri="https://media.pier.example/night-ferry.opus"', "", "P9"),
    ("images", "<podcast:medium>", '<podcast:images srcset="x 1w"/><podcast:medium>', "P10"),
    ("no owner", "<itunes:email>ida@pier.example</itunes:email>", "", "S1"),
    ("a year in the copyright", "<copyright>Pier", "<copyright>2024 Pier", "S1"),
    (
        "a broken date of the build",
        "<lastBuildDate>Sun, 19 May 2024 05:00:00 +0000",
        "<lastBuildDate>today",
        "S2",
    ),
    ("an old item first", "<pubDate>Sun, 19 May 2024", "<pubDate>Thu, 16 May 2024", "S3"),
    ("a hub without address", 'rel="hub" href="https://hub.example/"', 'rel="hub"', "S4"),
    (
        "a picture by a relative address",
        'href="https://pier.example/buoys.jpg"',
        'href="b.jpg"',
        "S7",
    ),
    ("an escaped title", "Salt &#x26; iron", "Salt &amp; iron", "S9"),
]
#: What cannot be had without the other: nothing else may be found beside the planted fault.
WITH_IT = {
    "a prefix not declared": {"F1"},
    "a cover by a relative address": {"F9"},
    "a picture by a relative address": {"F9"},
}


def found_in(path, content):
    """Return the numbers of what is found in a feed of this text."""
    path.write_text(content, encoding="utf-8")
    return {finding.rule for finding in check_path(path, now=NOW)}


def test_the_unharmed_feed_has_no_findings():
    """Neither a must nor a should."""
    assert check_path(GOOD, now=NOW) == []


@pytest.mark.parametrize(("name", "good", "bad", "number"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_planted_fault_is_found_alone(tmp_path, name, good, bad, number):
    """By its number, and without a tail of others that are no faults."""
    content = GOOD.read_text(encoding="utf-8")
    assert good in content
    found = found_in(tmp_path / "feed.xml", content.replace(good, bad, 1))
    assert found == {number} | WITH_IT.get(name, set())


def test_there_are_sixty_faults_and_more_of_every_kind():
    """The table is not thinned out."""
    assert len({fault[0] for fault in FAULTS}) == len(FAULTS) >= 60
    assert {fault[3][0] for fault in FAULTS} == set("FIPS")
