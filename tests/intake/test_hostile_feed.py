"""What feeds have been attacked with: refused, mended or cut, and told (robustness, section 6)."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.intake import parse_feed, parse_opml, xml_guard
from audiobrief.intake.xml_guard import MAX_DEPTH, guard_xml
from tests.intake.sample_files import sample

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://host.example/feed"
ITEM = "<item><title>{0}</title><link>https://a.example/{0}</link></item>"


def feed(inner: str, prolog: str = "") -> bytes:
    """Return an RSS feed with something before its root."""
    return f"{prolog}<rss version='2.0'><channel>{inner}</channel></rss>".encode()


LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>{}]>".format(
    "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)
QUADRATIC = f"<!DOCTYPE rss [<!ENTITY a '{'x' * 50_000}'>]>"


@pytest.mark.parametrize(
    ("prolog", "inner"),
    [
        ("<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "<title>&x;</title>"),
        ("<!DOCTYPE rss [<!ENTITY % x SYSTEM 'http://127.0.0.1/x'> %x;]>", ""),
        (LAUGHS, "<title>&i;</title>"),
        (QUADRATIC, "<title>" + "&a;" * 1000 + "</title>"),
        ("<!DOCTYPE rss SYSTEM 'http://127.0.0.1/evil.dtd'>", ""),
        ('<!DOCTYPE rss PUBLIC "-//X//Y" "http://127.0.0.1/evil.dtd">', ""),
        ("<!-- --><!doctype rss [ ]>", ""),
        ("", "<!ENTITY x 'y'>"),
        ("", "<item><description><!DOCTYPE x [<!ENTITY y 'z'>]></description></item>"),
        ("<?xml version='1.0' encoding='utf-7'?>", ""),
    ],
)
@pytest.mark.parametrize("parse", [parse_feed, parse_opml])
def test_definitions_are_refused(parse, prolog: str, inner: str) -> None:
    """Entities, outside definitions and encodings that hide markup: refused by name."""
    with pytest.raises(SourceError, match="this document is refused") as caught:
        parse(feed(inner, prolog), url=URL)
    assert caught.value.subject == URL


def test_nothing_is_read_or_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A DTD that old feeds really name, XInclude and stylesheets cause no connection."""
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", "utf-8")
    include = (
        f"<item><link>https://a.example/1</link><description><xi:include href='{secret.as_uri()}' "
        "parse='text' xmlns:xi='http://www.w3.org/2001/XInclude'/>text</description></item>"
    )
    prolog = (
        "<?xml-stylesheet href='http://127.0.0.1/x.xsl' type='text/xsl'?><!DOCTYPE rss PUBLIC "
        '"-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1/rss-0.91.dtd">'
    )
    (item,) = parse_feed(feed(include, prolog), url=URL).items
    assert item.content is not None
    assert "the secret" not in item.content.text
    assert "text" in item.content.text
    assert asked == []


@pytest.mark.parametrize("depth", [MAX_DEPTH, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    """Whether or not the elements end."""
    for inner in ("<a>" * depth, "<a>" * depth + "</a>" * depth):
        with pytest.raises(SourceError, match="nested deeper"):
            parse_feed(feed(inner), url=URL)


def test_html_nested_deeply_inside_of_an_item_becomes_text() -> None:
    """Escaped markup is no element of the feed; the parser's limit loses no word."""
    inner = "&lt;div&gt;" * 1000 + "deep &amp;amp; down" + "&lt;/div&gt;" * 1000
    item = f"<item><link>https://a.example/</link><description>{inner}</description></item>"
    (found,) = parse_feed(feed(item), url=URL).items
    assert found.content is not None
    assert "deep &amp;" in found.content.text
    assert "<div" not in found.content.text


def test_a_feed_without_end_gives_its_first_items() -> None:
    """Of 100,000 items 500 are read, and the rest is told."""
    items = "".join(ITEM.format(number) for number in range(100_000))
    found = parse_feed(feed(items), url=URL)
    assert [item.title for item in found.items] == [str(number) for number in range(500)]
    assert found.notes == ("99500 items beyond the first 500 were left out",)


@pytest.mark.parametrize(
    "inner",
    [
        "<description>" + "&lt;p>words&lt;/p>" * 200_000 + "</description>",
        "<category>c</category>" * 30_000,
    ],
)
def test_an_item_that_is_no_article_is_left_out(inner: str) -> None:
    """Too long, or of too many elements: those around it are read, and it is told."""
    large = f"<item><link>https://a.example/large</link>{inner}</item>"
    found = parse_feed(feed(ITEM.format(1) + large + ITEM.format(2)), url=URL)
    assert [item.title for item in found.items] == ["1", "2"]
    assert found.notes == ("1 items are too large for an article",)


def test_elements_without_end_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of items, where no limit of items holds."""
    monkeypatch.setattr(xml_guard, "MAX_ELEMENTS", 2000)
    found = parse_feed(feed(ITEM.format(1) + "<category>c</category>" * 3000), url=URL)
    assert len(found.items) == 1
    assert found.notes == ("it was read up to its 2000th element",)


def test_attributes_without_end_are_refused() -> None:
    """Parsers take squared time for them."""
    attributes = " ".join(f"a{number}='1'" for number in range(300))
    with pytest.raises(SourceError, match="more than 256 attributes"):
        parse_feed(feed(f"<x {attributes}/>"), url=URL)


def test_a_long_feed_of_json_gives_its_first_items() -> None:
    """The limit holds for JSON, too."""
    entry = '{{"id": "{0}", "url": "https://a.example/{0}"}}'
    entries = ",".join(entry.format(number) for number in range(30))
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{entries}]}}'
    found = parse_feed(body.encode(), url=URL, most=10)
    assert len(found.items) == 10
    assert found.notes == ("20 items beyond the first 10 were left out",)


@given(st.data())
def test_a_feed_that_breaks_off_gives_whole_items_alone(data: st.DataObject) -> None:
    """Wherever it is cut: each item that comes is one of the whole feed, and the loss is told."""
    raw = sample("rss20.xml")
    whole = parse_feed(raw, url=URL)
    end = raw.rindex(b"</rss>")
    cut = data.draw(st.integers(raw.index(b"<channel>") + 9, end + 4))
    if b"</item>" not in raw[:cut]:
        with pytest.raises(SourceError, match="breaks off before its first item"):
            parse_feed(raw[:cut], url=URL)
        return
    found = parse_feed(raw[:cut], url=URL)
    assert found.items == whole.items[: len(found.items)]
    assert f"the feed breaks off: its {len(found.items)} whole items were read" in found.notes


def test_all_items_before_the_break_are_there() -> None:
    """A feed that breaks off in its third item gives two."""
    raw = sample("rss20.xml")
    cut = raw.index(b"<title>A trap")
    assert len(parse_feed(raw[:cut], url=URL).items) == 2


@pytest.mark.parametrize(
    ("encoded", "charset", "note"),
    [
        ("<?xml version='1.0' encoding='iso-8859-1'?>{}", None, False),  # and is UTF-8
        ("<?xml version='1.0' encoding='utf-16'?>{}", None, True),
        ("{}", "iso-8859-1", False),
        ("\ufeff<?xml version='1.0' encoding='koi8-r'?>{}", "windows-1251", False),
        ("<?xml version='1.0' encoding='no-such-thing'?>{}", "neither", False),
    ],
)
def test_charsets_that_lie_are_found_out(encoded: str, charset: str | None, note: bool) -> None:
    """Bytes that can only be UTF-8 are read as that, whatever is said of them."""
    body = feed("<item><title>Über, 海</title><link>https://a.example/</link></item>").decode()
    found = parse_feed(encoded.format(body).encode(), url=URL, charset=charset)
    assert found.items[0].title == "Über, 海"
    assert bool(found.notes) is note


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_marks_and_wide_encodings_are_read(codec: str) -> None:
    """With a byte order mark or, in UTF-16, without."""
    body = feed("<item><title>Über</title><link>https://a.example/</link></item>").decode()
    raw = f"<?xml version='1.0' encoding='utf-8'?>{body}".encode(codec)
    assert parse_feed(raw, url=URL).items[0].title == "Über"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Über “so”"),
        ("koi8-r", "Паром"),
        ("shift_jis", "渡し船"),
        ("iso2022_jp", "渡し船"),
    ],
)
def test_declared_encodings_are_believed_where_the_bytes_fit(codec: str, text: str) -> None:
    """By the document or by the server."""
    body = feed(f"<item><title>{text}</title><link>https://a.example/</link></item>").decode()
    declared = f"<?xml version='1.0' encoding='{codec}'?>{body}".encode(codec)
    assert parse_feed(declared, url=URL).items[0].title == text
    assert parse_feed(body.encode(codec), url=URL, charset=codec).items[0].title == text


@pytest.mark.parametrize(
    "junk", ["\0", "\x0b", "\x1b", "\ufffe", "&#0;", "&#x1b;", "&#xD800;", "&#99999999999;"]
)
def test_characters_that_xml_lacks_cost_no_feed(junk: str) -> None:
    """They are taken out, raw or as references."""
    item = f"<item><title>Har{junk}bor</title><link>https://a.example/</link></item>"
    (found,) = parse_feed(feed(item), url=URL).items
    assert found.title == "Harbor"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "https://user:pw@a.example/",
        "http://[::1",
        "https://a.example:99999/",
        "mailto:a@a.example",
    ],
)
def test_links_that_are_no_page_are_dropped(link: str) -> None:
    """In the item and in its text, whose words stay."""
    text = f"&lt;p&gt;&lt;a href=&quot;{link}&quot;&gt;words&lt;/a&gt; follow&lt;/p&gt;"
    item = f"<item><link>{link}</link><description>{text}</description></item>"
    (found,) = parse_feed(feed(item), url=URL).items
    assert found.url is None
    assert found.content is not None
    assert "words" in found.content.text
    if not link.startswith("mailto:"):
        assert "href" not in found.content.text


@pytest.mark.parametrize(
    "dirty",
    [
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src='https://a.example'></iframe>",
        "<form action='javascript:x'><input name=q></form>",
        "<object data='x'></object><embed src='x'>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style>",
        "<base href='https://evil.example/'><link rel=stylesheet href=x>",
        "<img srcset='javascript:alert(1) 1x'>",
    ],
)
def test_markup_that_runs_or_loads_is_gone(dirty: str) -> None:
    """The words around it stay."""
    item = f"<item><description><![CDATA[<p>before</p>{dirty}<p>after</p>]]></description></item>"
    (found,) = parse_feed(feed(item), url=URL).items
    assert found.content is not None
    kept = found.content.text.lower()
    assert "before" in kept
    assert "after" in kept
    assert not any(each in kept for each in ("script", "onerror", "<iframe", "<input", "<embed"))
    assert not any(each in kept for each in ("<object", "<base", "<link", "srcset", "alert"))


@pytest.mark.parametrize(
    "flood", ["<" * 300_000, "<a " * 100_000, "<!--" * 100_000, "<a '" * 100_000, "&#" * 200_000]
)
def test_floods_end_in_time(flood: str) -> None:
    """The pass over the document is linear: squared, these would take an hour."""
    guarded = guard_xml(f"<rss>{flood}".encode(), URL)
    assert guarded.is_cut_off


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_an_error(noise: bytes) -> None:
    """Nothing else is ever raised."""
    for raw in (noise, b"<rss version='2.0'><channel><item>" + noise, b"{" + noise):
        try:
            found = parse_feed(raw, url=URL)
        except SourceError:
            continue
        assert len({item.key for item in found.items}) == len(found.items)
