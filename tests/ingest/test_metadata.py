"""What a page says of itself is believed as far as its sources agree."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from audiobrief.ingest.declared import absolute, plain, read_declared
from audiobrief.ingest.metadata import Metadata, read_metadata

if TYPE_CHECKING:
    from audiobrief.model.article import Fact

BODY = (
    "The road through the valley was closed on Monday, and it is not yet open for the trucks. " * 9
)
TITLE = "Rain closes the valley road"


def read(head: str, *lines: str, body: str = "", lang: str = "en", text: str = BODY) -> Metadata:
    page = f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    return read_metadata(tree, SimpleNamespace(text=text), [*lines, text])


def linked(**data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def fact_of(found: Metadata, name: str) -> Fact | None:
    return next((fact for fact in found.facts if fact.name == name), None)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{TITLE} | Valley Post</title>", f"<h1>{TITLE}</h1>"),
        (f'<meta property="og:title" content="{TITLE} - Valley Post"><title>{TITLE}</title>', ""),
        (linked(**{"@type": "NewsArticle", "headline": TITLE}), ""),
        (linked(**{"@graph": [{"@type": ["Article", "X"], "headline": TITLE}]}), ""),
        (f"<title>Valley Post \u00bb {TITLE}</title>", ""),
        (f"<title>{TITLE}</title>", f"<h1>Valley Post</h1><h1>{TITLE}</h1>"),
    ],
)
def test_the_title_is_read_without_the_sites_name(head: str, body: str) -> None:
    """From any of its sources, alone or together."""
    site = '<meta property="og:site_name" content="Valley Post">'
    assert read(site + head, TITLE, body=body).headline == TITLE


def test_agreement_makes_a_title_sure() -> None:
    """Heading, metadata and tab together are surer than the tab alone."""
    alone = fact_of(read(f"<title>{TITLE}</title>"), "title")
    meta = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    three = fact_of(read(meta, TITLE, body=f"<h1>{TITLE}</h1>"), "title")
    assert alone is not None
    assert three is not None
    assert alone.confidence < three.confidence


def test_a_menus_heading_is_no_title() -> None:
    """A first heading that is like no other source is not believed."""
    head = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    assert read(head, body="<h1>Open menu</h1>").headline == TITLE


@pytest.mark.parametrize(
    ("head", "lines", "byline"),
    [
        ('<meta name="author" content="Jane Roe">', ["By Jane Roe"], "Jane Roe"),
        ('<meta name="author" content="By Jane Roe, John Poe">',
         ["By Jane Roe and John Poe"], "Jane Roe and John Poe"),
        (linked(**{"@type": "Article", "author": [{"@type": "Person", "name": "Jane Roe"}]}),
         ["Jane Roe, reporter"], "Jane Roe"),
        (linked(**{"@graph": [{"@type": "Article", "author": {"@id": "#a"}},
                              {"@type": "Person", "@id": "#a", "name": "Jane Roe"}]}),
         ["By Jane Roe"], "Jane Roe"),
        ('<meta name="author" content="Jane Roe">', [], None),
        ('<meta name="author" content="admin">', ["By admin"], None),
        ('<meta name="author" content="https://example.org/jane">', ["By Jane Roe"], None),
        (linked(**{"@type": "Article", "author": {"@type": "Organization", "name": "Jane Roe"}}),
         ["By Jane Roe"], None),
        ('<meta name="author" content="Jane Roe">'
         + linked(**{"@type": "Article", "author": "John Poe"}), ["Jane Roe", "John Poe"], None),
    ],
)  # fmt: skip
def test_an_author_is_sure_when_the_page_prints_the_name(
    head: str, lines: list[str], byline: str | None
) -> None:
    """Accounts, addresses and organizations are nobody; two different names are nobody either."""
    assert read(head, *lines).byline == byline


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ('<meta property="article:published_time" content="2024-05-03T09:00:00+02:00">',
         "2024-05-03T09:00:00+02:00"),
        (linked(**{"@type": "Article", "headline": TITLE, "datePublished": "2024-05-03"}),
         "2024-05-03T00:00:00+00:00"),
        ('<meta name="date" content="03/04/2024">', None),
    ],
)  # fmt: skip
def test_the_date_is_read(told: str, date: str | None) -> None:
    """The wall clock of the place of publication counts, with its zone: readers saw that day."""
    assert read(f"<title>{TITLE}</title>{told}").date == date


def test_the_outlet_needs_its_address_or_a_second_source() -> None:
    """A slogan as a site's name is a fact, but no outlet."""
    site = '<meta property="og:site_name" content="Valley Post">'
    link = '<link rel="canonical" href="https://www.valleypost.example/rain">'
    assert read(site).outlet is None
    assert read(site + link).outlet == "Valley Post"
    data = {"@type": "Article", "author": "x", "publisher": {"name": "Valley Post"}}
    assert read(site + linked(**data)).outlet == "Valley Post"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://example.org/rain", "https://example.org/rain"),
        ("/rain", None),
        ("javascript:alert(1)", None),
        ("https://[broken/rain", None),
        ("ftp://example.org/rain", None),
    ],
)
def test_the_pages_address_is_whole_or_none(href: str, url: str | None) -> None:
    """Relative and invalid addresses lead nowhere."""
    assert read(f'<link rel="canonical" href="{href}">').url == url


def test_a_picture_is_joined_with_the_pages_address() -> None:
    """A relative address means something when the page's own is known."""
    head = '<meta property="og:image" content="/a.jpg">'
    link = '<link rel="canonical" href="https://example.org/rain">'
    assert read(head).picture is None
    assert read(head + link).picture == "https://example.org/a.jpg"


GERMAN = (
    "Der Rat der Stadt hat am Montag die alte Br\u00fccke f\u00fcr ein Jahr gesperrt. Das ist "
    "f\u00fcr die H\u00e4ndler auf der anderen Seite nicht leicht, und sie haben sich auch schon "
    "beschwert. "
)


@pytest.mark.parametrize(
    ("declared", "text", "language", "notes"),
    [
        ("en-GB", BODY, "en-GB", 0),
        ("en_us", BODY, "en-US", 0),
        ("en", GERMAN * 3, "de", 1),
        ("de", BODY, "en", 1),
        ("de-AT", GERMAN * 3, "de-AT", 0),
        ("", BODY, "en", 0),
        ("fr", "Rain.", "fr", 0),
    ],
)
def test_the_language_is_the_texts(declared: str, text: str, language: str, notes: int) -> None:
    """What the page declares stands unless the text clearly speaks against it."""
    found = read("", lang=declared, text=text)
    assert (found.language, len(found.notes)) == (language, notes)


@pytest.mark.parametrize(
    "script",
    [
        "{broken",
        '{"@type": "Article", "headline": "' + "x" * 2_000_000,
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"@type": {"@type": 1}, "author": {"name": {"name": {}}}}',
        '{"@type": "Article", "headline": null, "author": [[[[]]], 1, null, {"name": 3}]}',
        "null",
    ],
    ids=["broken", "huge", "deep lists", "deep objects", "odd types", "odd values", "null"],
)
def test_hostile_structured_data_are_survived(script: str) -> None:
    """Nothing is read of them, and the rest of the page is."""
    page = f'<script type="application/ld+json">{script}</script><title>{TITLE}</title>'
    assert read(page).headline == TITLE


def test_slips_in_structured_data_are_forgiven() -> None:
    """A comma too many, raw line breaks, a comment around it all."""
    script = '<!-- {"@type": "Article",\n "headline": "Rain closes\nthe valley road", } -->'
    page = f'<script type="application/ld+json">{script}</script>'
    assert read(page).headline == TITLE


def test_direction_marks_and_controls_are_taken_out() -> None:
    """Also of entities."""
    assert plain("Rain &#8238;closes\x07 &amp; falls") == "Rain closes & falls"
    assert plain("x" * 10_000) == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_address_is_whole_or_none(value: str, base: str) -> None:
    """What comes out begins with http and names a host."""
    found = absolute(value, absolute(base, None))
    assert found is None or found.startswith(("http", "HTTP"))


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["@type", "@id", "headline", "author", "name", "publisher", "image"]),
        inner, max_size=5),
    max_leaves=12,
))  # fmt: skip
def test_any_structured_data_are_read_or_passed_over(data: object) -> None:
    """Whatever types stand where others belong, nothing fails."""
    script = json.dumps(data).replace("<", "\\u003c")
    found = read(f'<script type="application/ld+json">{script}</script>')
    assert all(0 <= fact.confidence <= 1 for fact in found.facts)


def test_what_is_declared_is_kept_in_order_and_once() -> None:
    """Values of meta elements by name, whatever attribute names them."""
    tree = etree.HTML(
        '<meta property="og:title" content="A"><meta name="OG:title" content="B">'
        '<meta itemprop="og:title" content="A"><h1> One </h1><h1>One</h1>'
    )
    declared = read_declared(tree)
    assert declared.values("og:title") == ("A", "B")
    assert declared.headings == ("One",)
