"""Feeds of every kind become items."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from audiobrief.errors import SourceError
from audiobrief.intake import find_feeds, parse_feed
from audiobrief.model.intake import ContentKind
from tests.intake.sample_files import sample

URL = "https://host.example/dir/feed"


def rss(*items: str, head: str = "<title>T</title>") -> bytes:
    """Return a feed with these items."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0'><channel>{head}{inner}</channel></rss>".encode()


def test_rss_gives_all_that_it_says() -> None:
    """Title, address, moment in UTC, author, outlet, language and labels of an RSS 2.0 item."""
    feed = parse_feed(sample("rss20.xml"), url=URL)
    assert (feed.title, feed.url, feed.language) == (
        "Harbor Letters",
        "https://letters.example/",
        "en-GB",
    )
    item = feed.items[0]
    assert item.key == "https://letters.example/?p=17"
    assert item.url == "https://letters.example/2025/night-ferry?utm_source=rss"
    assert item.title == "Night ferry returns, & twice a week"
    assert item.published == datetime(2025, 3, 14, 5, 30, tzinfo=UTC)
    assert (item.byline, item.outlet, item.language) == ("Cem Acar", "Harbor Letters", "en-GB")
    assert item.tags == ("Harbor", "Transport & ferries")


def test_the_whole_text_is_taken_before_the_teaser_and_made_safe() -> None:
    """What runs is gone, links are absolute, and all three paragraphs are there."""
    content = parse_feed(sample("rss20.xml"), url=URL).items[0].content
    assert content is not None
    assert content.is_whole
    assert content.kind is ContentKind.HTML
    assert content.text.count("<p>") == 5
    assert 'href="https://letters.example/board"' in content.text
    assert "script" not in content.text
    assert "onerror" not in content.text


def test_a_guid_is_the_address_where_nothing_else_is() -> None:
    """In RSS a guid is a permalink unless it says otherwise; a bad date is no date."""
    item = parse_feed(sample("rss20.xml"), url=URL).items[1]
    assert (item.url, item.byline, item.published) == (
        "https://letters.example/2025/eels",
        "Dora Lind",
        None,
    )
    assert item.content is not None
    assert not item.content.is_whole


def test_a_script_is_no_link_and_an_empty_item_is_told() -> None:
    """An item whose link is a script keeps its text; one without anything is a note."""
    feed = parse_feed(sample("rss20.xml"), url=URL)
    assert feed.items[2].url is None
    assert feed.items[2].content is not None
    assert feed.items[2].content.is_whole
    assert len(feed.items) == 3
    assert feed.notes == ("1 items have neither an address nor a text",)


def test_rss_091_is_read_in_its_encoding_and_without_its_dtd() -> None:
    """Latin-1 letters are right; relative links are those of the site."""
    feed = parse_feed(sample("rss091.xml"), url=URL)
    assert feed.items[0].title == "Öffnungszeiten im März"
    assert feed.items[0].url == "http://kai.example/news/oeffnung.html"
    assert feed.notes == ()


def test_rss_10_dates_by_dublin_core() -> None:
    """dc:date is when it was published."""
    (item,) = parse_feed(sample("rss10.rdf"), url=URL).items
    assert item.published == datetime(2025, 3, 14, 7, 0, tzinfo=UTC)
    assert item.updated is None
    assert (item.byline, item.language, item.tags) == ("Élise Moreau", "fr", ("Port",))


def test_atom_resolves_by_xml_base_and_keeps_both_moments() -> None:
    """Links are relative to xml:base; enclosures are no articles; two authors are two names."""
    item = parse_feed(sample("atom10.xml"), url=URL).items[0]
    assert item.url == "https://tides.example/log/2025/dialog"
    assert item.published == datetime(2025, 3, 15, 4, 30, tzinfo=UTC)
    assert item.updated == datetime(2025, 3, 15, 9, 0, tzinfo=UTC)
    assert item.byline == "Ana Ruiz and Ben Oduya"
    assert item.title == "The <dialog> with the sea"
    assert item.content is not None
    assert item.content.is_whole
    assert 'href="https://tides.example/map"' in item.content.text


def test_an_atom_id_is_no_address() -> None:
    """An entry without a link has its text, and that is all of it."""
    item = parse_feed(sample("atom10.xml"), url=URL).items[1]
    assert item.url is None
    assert item.content is not None
    assert item.content.kind is ContentKind.TEXT
    assert item.content.is_whole


def test_a_planet_names_who_wrote_it() -> None:
    """The outlet is the source of an entry; February 30 is no date."""
    item = parse_feed(sample("atom10.xml"), url=URL).items[2]
    assert (item.outlet, item.updated) == ("Planet Harbor", None)


def test_atom_03_is_read() -> None:
    """The format that Atom 1.0 has replaced, its title escaped twice."""
    (item,) = parse_feed(sample("atom03.xml"), url=URL).items
    assert item.title == "Salt & wind"
    assert item.published == datetime(2003, 12, 13, 12, 29, 29, tzinfo=UTC)


def test_json_feed_is_read() -> None:
    """Both kinds of content, ids that are numbers, the feed's author where an item has none."""
    feed = parse_feed(sample("feed.json"), url=URL)
    assert [(item.key, item.url) for item in feed.items] == [
        ("https://quay.example/1", "https://quay.example/1"),
        ("2", "https://elsewhere.example/story"),
        ("3", None),
    ]
    assert [item.byline for item in feed.items] == ["Cem Acar", "Quay Desk", "Quay Desk"]
    assert feed.items[0].content is not None
    assert feed.items[0].content.is_whole
    assert feed.items[1].published is None
    assert feed.notes == ("1 items have neither an address nor a text",)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b" \n", "empty"),
        (b"<!doctype html><html><p>x", "a page, no feed"),
        (b"<opml version='2.0'><body/></opml>", "XML, but no feed"),
        (b'{"items": []}', "JSON, but no feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"id"', "no whole JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"just words", "no XML"),
    ],
)
def test_what_is_no_feed_is_told(raw: bytes, problem: str) -> None:
    """The error names what it is instead, where, and what to do."""
    with pytest.raises(SourceError, match=problem) as caught:
        parse_feed(raw, url=URL)
    assert caught.value.subject == URL
    assert caught.value.remedy


def test_a_page_is_answered_with_its_feeds() -> None:
    """Whoever gives the address of a site learns that of its feed."""
    with pytest.raises(SourceError, match="a page, no feed") as caught:
        parse_feed(sample("page.html"), url="https://letters.example/")
    assert "https://letters.example/en/feed" in caught.value.remedy


def test_feeds_of_a_page_are_found() -> None:
    """By type and relation, relative to its base; those of comments come last."""
    links = find_feeds(sample("page.html"), url="https://letters.example/")
    assert [link.url for link in links] == [
        "https://letters.example/en/feed",
        "https://letters.example/feed.json",
        "https://letters.example/en/comments/feed/",
    ]
    assert links[0].title == "Harbor Letters » Feed"


WORDS = "The ferry sails at ten in the evening and arrives at six. " * 10
PARAGRAPHS = f"<p>{WORDS}</p>" * 3


@pytest.mark.parametrize(
    ("inner", "is_whole"),
    [
        (f"<content:encoded><![CDATA[<p>{WORDS}</p>]]></content:encoded>", True),
        ("<content:encoded>Short.</content:encoded>", False),
        (f"<content:encoded><![CDATA[<p>{WORDS} [&#8230;]</p>]]></content:encoded>", False),
        (
            f"<content:encoded><![CDATA[{PARAGRAPHS}<a>Continue reading</a>]]></content:encoded>",
            False,
        ),
        (f"<content:encoded><![CDATA[{PARAGRAPHS}<p>Read more »</p>]]></content:encoded>", False),
        (f"<description><![CDATA[{PARAGRAPHS}]]></description>", True),
        (f"<description><![CDATA[<p>{WORDS}</p>]]></description>", False),
        (f"<description>{WORDS * 3}</description>", False),
        (
            f"<description>{WORDS}</description><content:encoded>{WORDS}</content:encoded>",
            False,
        ),
        (
            (
                f"<content:encoded><![CDATA[{PARAGRAPHS}<p>The post X appeared first on Y.</p>]]>"
                "</content:encoded>"
            ),
            True,
        ),
    ],
)
def test_a_teaser_is_told_from_the_whole(inner: str, is_whole: bool) -> None:
    """By where it stands, how long it is, and whether its end is cut."""
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    body = f"<rss version='2.0' {namespace}><channel><item><link>https://a.example/1</link>{inner}"
    (item,) = parse_feed(f"{body}</item></channel></rss>".encode(), url=URL).items
    assert item.content is not None
    assert item.content.is_whole is is_whole


@pytest.mark.parametrize(
    ("written", "kind", "text"),
    [
        ("&lt;p&gt;one&lt;/p&gt;", ContentKind.HTML, "<p>one</p>"),
        (
            "&amp;lt;p&amp;gt;one &amp;amp;amp; two&amp;lt;/p&amp;gt;",
            ContentKind.HTML,
            "<p>one &amp; two</p>",
        ),
        (
            "One line.\n\nA second &amp;amp; a third.",
            ContentKind.TEXT,
            "One line.\n\nA second & a third.",
        ),
        ("Rain &lt; sun", ContentKind.HTML, "Rain &lt; sun"),
    ],
)
def test_html_is_told_from_text(written: str, kind: ContentKind, text: str) -> None:
    """RSS does not say which it is; escaped twice is HTML, too, and blank lines divide text."""
    (item,) = parse_feed(rss(f"<description>{written}</description>"), url=URL).items
    assert item.content is not None
    assert (item.content.kind, item.content.text) == (kind, text)


@pytest.mark.parametrize(
    "nothing",
    [
        "&lt;script&gt;x()&lt;/script&gt;",
        "&lt;style&gt;p{}&lt;/style&gt;",
        "&lt;img src=x&gt;",
        "&amp;nbsp;",
    ],
)
def test_what_has_no_word_is_no_content(nothing: str) -> None:
    """An item of a tracking pixel or a script alone is an address."""
    item = f"<link>https://a.example/</link><description>{nothing}</description>"
    assert parse_feed(rss(item), url=URL).items[0].content is None


def test_a_long_identifier_is_shortened_and_stays_its_own() -> None:
    """Two that differ after a thousand characters are two."""
    guid = "<guid isPermaLink='false'>" + "x" * 1000
    items = (f"{guid}{n}</guid><link>https://a.example/{n}</link>" for n in "12")
    one, other = parse_feed(rss(*items), url=URL).items
    assert one.key != other.key
    assert len(one.key) < 100


def test_one_identifier_for_two_articles_is_mended() -> None:
    """Their addresses tell them apart; an item that stands twice stands once."""
    feed = parse_feed(
        rss(
            "<guid isPermaLink='false'>same</guid><link>https://a.example/1</link>",
            "<guid isPermaLink='false'>same</guid><link>https://a.example/2</link>",
            "<guid isPermaLink='false'>same</guid><link>https://a.example/1</link>",
        ),
        url=URL,
    )
    assert [item.key for item in feed.items] == ["same", "https://a.example/2"]
    assert feed.notes == ("1 items stand in the feed twice",)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Salt &amp;amp;amp; wind", "Salt & wind"),
        ("<![CDATA[<script>alert(1)</script>Harbor]]>", "Harbor"),
        ("Har\u202ebor\u200e news", "Harbor news"),
        ("AT&amp;T &lt;3 boats", "AT&T <3 boats"),
        ("<![CDATA[The <dialog> element]]>", "The <dialog> element"),
        ("  two\n  lines ", "two lines"),
        ("]]&gt; ends", "]]> ends"),
        ("", None),
    ],
)
def test_titles_are_lines_of_text(written: str, title: str | None) -> None:
    """Tags, double escapes and marks of direction are gone; what a title is about stays."""
    feed = parse_feed(rss(f"<title>{written}</title><link>https://a.example/</link>"), url=URL)
    assert feed.items[0].title == title


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 14 Mar 2025 07:30:00 +0200",
        "14 Mar 25 05:30 UT",
        "2025-03-14T05:30:00Z",
        "2025-03-14 05:30",
        "2025-03-14T00:30:00.000000000-05:00",
    ],
)
def test_dates_come_in_many_ways(date: str) -> None:
    """All of them are the same moment."""
    feed = parse_feed(rss(f"<pubDate>{date}</pubDate><link>https://a.example/</link>"), url=URL)
    assert feed.items[0].published == datetime(2025, 3, 14, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "soon", "2025-13-01", "99999-01-01", "Fri, 99 Foo 2025"])
def test_bad_dates_are_none(date: str) -> None:
    """Nothing is made up for them."""
    feed = parse_feed(rss(f"<pubDate>{date}</pubDate><link>https://a.example/</link>"), url=URL)
    assert feed.items[0].published is None


def test_feedburner_names_the_original() -> None:
    """The address behind its redirect is the article's."""
    item = (
        "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://a.example/1"
        "</feedburner:origLink>"
    )
    body = rss(item).replace(
        b"<rss ", b'<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    )
    assert parse_feed(body, url=URL).items[0].url == "https://a.example/1"


def test_feeds_that_are_no_xml_are_read_all_the_same() -> None:
    """Unescaped HTML and entities of HTML are mended."""
    inner = (
        "<title>Caf&eacute; & bar</title><link>https://a.example/</link>"
        "<description>one<br>two<img src='x'>three</description>"
    )
    (item,) = parse_feed(rss(inner), url=URL).items
    assert item.title == "Café & bar"
    assert item.content is not None
    assert "three" in item.content.text
