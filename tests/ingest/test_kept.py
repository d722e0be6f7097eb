"""Pages and texts that were kept with what their source knew of them: nothing is lost or leaks."""

from __future__ import annotations

import html
import io
import string
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.ingest import Stated, extract, read_stream, render_kept_page, render_kept_text
from audiobrief.ingest.document import Document, DocumentKind, checked
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.front_matter import split_front_matter
from audiobrief.ingest.kept import split_kept_page
from audiobrief.ingest.stated import stated_of

BODY = (
    "The lighthouse on the north rock was lit again on Sunday, the harbor office said.",
    "Its lamp had been dark since the storm of last winter broke the glass and the gallery.",
    "Two men carried the new lens up the stairs, and it took them the whole of a day.",
)
FERRY = Stated(
    url="https://example.org/light?x=1&y=2",
    title="Lighthouse lit again",
    published=datetime(2026, 11, 29, 6, 0, 30, tzinfo=UTC),
    byline="Ana Ruiz and Bo Lind",
    outlet="Harbor News",
    language="en-GB",
    tags=("boats", "light, and shade"),
    source="My feeds: harbor",
)

#: What breaks naive writers, among letters of everywhere.
NASTY = st.one_of(
    st.text(),
    st.text(alphabet=string.printable),
    st.sampled_from(
        (
            "a --> b", "--!>", "<!--", "a\nb", "---", '"', "'x'", '"x"', "[a, b]", "{a}", "a: b",
            "# x", "x #y", "\\", "\\n", "C:\\temp", "lexicon:", "true", "~", "\u2028", "e\u0301",
            "\u00c3\u00a9", "\ufeff", "\u202e", "\ud800", "a\0b", "-", "- a", "\U0001f6a2", "]",
        )
    ),
)  # fmt: skip
FILLED = NASTY.filter(lambda text: bool(text.strip()))
STATED = st.builds(
    Stated,
    url=st.none() | FILLED.map(lambda text: f"https://example.org/{text}"),
    title=st.none() | FILLED,
    published=st.none()
    | st.datetimes(timezones=st.integers(-800, 800).map(lambda m: timezone(timedelta(minutes=m)))),
    byline=st.none() | FILLED,
    outlet=st.none() | FILLED,
    language=st.sampled_from((None, "en", "de-CH", "sr-Latn-RS")),
    tags=st.lists(FILLED.map(str.strip), unique=True, max_size=4).map(tuple),
    source=st.none() | FILLED | st.just("https://example.org/feed"),
    picture=st.none() | FILLED,
)


@given(STATED, st.binary(max_size=200))
def test_a_page_gives_back_what_it_was_kept_with(stated: Stated, body: bytes) -> None:
    """All facts and every byte of the page, whatever they are."""
    front, rest = split_kept_page(render_kept_page(stated, body), where="a.html")
    assert stated_of(front.values) == stated
    assert rest == body


@given(STATED, st.sampled_from(("Text.", "---\ntitle: Other\n---\nText.", "", "\n\nText.")))
def test_a_text_gives_back_what_it_was_kept_with(stated: Stated, text: str) -> None:
    """Also where it has front matter of its own: that is text then."""
    front, rest = split_front_matter(decode(render_kept_text(stated, text)).text, where="a.md")
    assert stated_of(front.values) == stated
    assert rest == f"\n{text}"


@given(STATED)
def test_the_comment_ends_where_it_ends(stated: Stated) -> None:
    """For browsers and parsers of HTML, too: no value closes it."""
    raw = render_kept_page(stated, b"<p>x</p>")
    assert raw.startswith(b"<!-- audiobrief\n")
    assert raw.count(b"-->") == 1
    assert raw.endswith(b"-->\n<p>x</p>")
    assert b"--!>" not in raw


def page_of(head: str = "", body: str = "") -> str:
    paragraphs = "".join(f"<p>{html.escape(text)}</p>" for text in BODY)
    return f"<html><head>{head}</head><body>{body}{paragraphs}</body></html>"


def kept(stated: Stated, page: str | bytes) -> Document:
    raw = page if isinstance(page, bytes) else page.encode()
    return checked("a.html", DocumentKind.HTML, render_kept_page(stated, raw))


def test_a_page_that_declares_nothing_has_what_it_was_kept_with() -> None:
    """Nothing of the comment is spoken."""
    article = extract(kept(FERRY, page_of()))
    assert article.headline == FERRY.title
    assert (article.url, article.published) == (FERRY.url, FERRY.published)
    assert (article.outlet, article.language) == ("Harbor News", "en-GB")
    assert (article.tags, article.source) == (FERRY.tags, FERRY.source)
    assert [b.text for b in article.blocks] == list(BODY)
    told = {f.name: (f.value, f.confidence) for f in article.facts if "kept" in f.source}
    assert told["url"] == (FERRY.url, 0.99)
    assert told["outlet"] == ("Harbor News", 0.8)


def test_address_and_date_win_and_the_pages_own_title_stays() -> None:
    """What both say of the rest is weighed; what the page says is kept as a fact."""
    head = (
        "<title>Light burns on the rock</title>"
        '<meta property="og:title" content="Light burns on the rock">'
        '<meta property="article:published_time" content="2020-01-01T00:00:00Z">'
        '<link rel="canonical" href="https://other.example/x/y">'
        '<meta property="og:site_name" content="Rock Times">'
        '<meta name="application-name" content="Rock Times">'
    )
    article = extract(kept(FERRY, page_of(head, "<h1>Light burns on the rock</h1>")))
    assert article.headline == "Light burns on the rock"
    assert (article.url, article.published) == (FERRY.url, FERRY.published)
    assert [f.value for f in article.facts if f.name == "date"] == [
        "2026-11-29T06:00:30+00:00",
        "2020-01-01T00:00:00+00:00",
    ]


def test_the_title_breaks_a_tie() -> None:
    """Where heading and metadata differ, the one that the page came in under is its title."""
    name = "Lighthouse lit again"
    head = f'<title>{name}</title><meta property="og:title" content="{name}">'
    page = page_of(head, "<h1>Rock and sea</h1>")
    assert extract(kept(Stated(source="x"), page)).headline == "Rock and sea"
    assert extract(kept(Stated(title=name), page)).headline == name


def test_an_author_is_said_when_the_page_prints_the_name() -> None:
    """What a feed says alone is what its system knows: whoever typed it in."""
    stated = Stated(title="Lighthouse lit again", byline="Ana Ruiz")
    silent = extract(kept(stated, page_of(body="<h1>Lighthouse lit again</h1>")))
    assert silent.byline is None
    signed = page_of(body="<h1>Lighthouse lit again</h1><p>By Ana Ruiz</p>")
    assert extract(kept(stated, signed)).byline == "Ana Ruiz"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_page_keeps_its_own_encoding(encoding: str) -> None:
    """The bytes behind the comment decide; the comment is UTF-8."""
    stated = Stated(title="F\u00e4hre f\u00e4hrt", source="H\u00e4fen")
    page = page_of(f'<meta charset="{encoding}">', "<p>It sailed to Malm\u00f6 on Monday.</p>")
    article = extract(kept(stated, page.encode(encoding)))
    assert "It sailed to Malm\u00f6 on Monday." in [b.text for b in article.blocks]
    assert (article.headline, article.source) == ("F\u00e4hre f\u00e4hrt", "H\u00e4fen")


def test_what_stands_in_a_comment_elsewhere_is_none_of_ours() -> None:
    """Only the very start counts: a page cannot state facts by itself further down."""
    raw = b"<p>x</p><!-- audiobrief\ntitle: Mine\n-->"
    front, rest = split_kept_page(raw, where="a.html")
    assert (front.values, rest) == ({}, raw)


def test_a_picture_is_no_page_for_all_its_comment() -> None:
    """What follows the comment must be text."""
    with pytest.raises(SourceError, match="a PNG picture"):
        kept(FERRY, b"\x89PNG\r\n\x1a\n")


def test_kept_text_is_an_article_with_its_facts() -> None:
    """As Markdown from a feed, or from standard input."""
    raw = render_kept_text(FERRY, "\n\n".join(BODY))
    article = extract(checked("a.md", DocumentKind.MARKDOWN, raw))
    assert (article.headline, article.byline) == (FERRY.title, FERRY.byline)
    assert (article.url, article.published) == (FERRY.url, FERRY.published)
    assert (article.tags, article.source) == (FERRY.tags, FERRY.source)
    assert [b.text for b in article.body] == list(BODY)


def test_escapes_do_not_bring_back_what_was_cleaned() -> None:
    """A value may hold anything; an article holds what can be shown and said."""
    dirty = Stated(title="Light\n on\0 the\u202e rock", source="a\x07b", tags=("x\ny",))
    article = extract(
        checked("a.md", DocumentKind.MARKDOWN, render_kept_text(dirty, "\n\n".join(BODY)))
    )
    assert (article.headline, article.source, article.tags) == ("Light on the rock", "ab", ("x y",))


@pytest.mark.parametrize(
    ("rows", "outlet", "source", "url"),
    [
        ("source: Valley Post", "Valley Post", "Valley Post", None),
        ("source: https://x.example/a", None, None, "https://x.example/a"),
        ("source: My list\noutlet: Valley Post", "Valley Post", "My list", None),
        ('source: My list\noutlet: ""', None, "My list", None),
        ("url: https://y.example\nsource: https://x.example", None, None, "https://y.example"),
    ],
)
def test_source_is_what_its_writer_meant(
    rows: str, outlet: str | None, source: str | None, url: str | None
) -> None:
    """A name of an outlet, an address, or of what an article came in with."""
    stated = stated_of(split_front_matter(f"---\n{rows}\n---\n", where="a.md")[0].values)
    assert (stated.outlet, stated.source, stated.url) == (outlet, source, url)


@pytest.mark.parametrize(
    ("row", "tags"),
    [
        ("tags: a, b c", ("a", "b c")),
        ("tags: [a, 'b c', a]", ("a", "b c")),
        ("tags:\n  - a\n  - b c", ("a", "b c")),
        ('tags: ["a, b", "c"]', ("a, b", "c")),
        ("keywords: a", ("a",)),
        ("tags: ", ()),
    ],
)
def test_tags_are_read_as_people_write_them(row: str, tags: tuple[str, ...]) -> None:
    """As a list between brackets, below each other, or with commas."""
    front, _ = split_front_matter(f"---\ntitle: x\n{row}\n---\n", where="a.md")
    assert stated_of(front.values).tags == tags


def test_standard_input_may_be_a_kept_page() -> None:
    """Its comment shows that it is HTML."""
    document = read_stream(io.BytesIO(render_kept_page(FERRY, page_of().encode())))
    assert document.kind is DocumentKind.HTML
    assert extract(document).source == FERRY.source
