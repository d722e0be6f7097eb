"""Documents of every kind become articles, or a clear refusal."""

from __future__ import annotations

import html
import unicodedata
from contextlib import suppress
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.model.article import Article, BlockKind
from audiobrief.text.scrub import scrub

BODY = (
    "The road through the valley was closed on Monday after two days of heavy rain.",
    "Engineers said that the bank above the old mill had slipped in three places.",
    "The council will decide on Thursday whether the bridge can be opened again.",
)
TEXT = "Rain closes the valley road\n\n" + "\n\n".join(BODY)


def article_of(text: str | bytes, kind: DocumentKind = DocumentKind.TEXT) -> Article:
    return extract(Document("a", kind, text.encode() if isinstance(text, str) else text))


def squeezed(text: str) -> str:
    # A mark at the start of a paragraph joins the letter before it once nothing parts the two.
    return unicodedata.normalize("NFC", "".join(text.split()))


def test_the_sample_article_comes_out_right(shared_sample) -> None:
    """The badly scraped page gives its headline once, 22 paragraphs and 649 words."""
    article = article_of(shared_sample.read_bytes())
    assert article.headline == "Free Syrian Army rejects Russian proposal to help"
    assert (article.byline, article.outlet) == ("Greg Dyett", "SBS News")
    assert (len(article.body), article.word_count) == (22, 649)
    assert article.body[0].text.startswith("The Western-backed Free Syrian Army")
    assert article.body[-1].text.endswith("while the political track is being pursued.")
    assert all(b.dropped for b in article.blocks if b.kind is BlockKind.FURNITURE)


def test_the_shipped_sample_comes_out_right() -> None:
    """The article that comes with the package shows every ability on one page."""
    raw = files("audiobrief").joinpath("samples/harbor-ferry.txt").read_bytes()
    article = article_of(raw)
    assert article.headline == "Ferry returns to Tarrow Harbor after eleven winters"
    assert (article.byline, article.outlet) == ("Nadia Ferrant", "Tarrow Courier")
    assert article.published is not None
    assert article.published.date().isoformat() == "2026-03-14"
    assert len(article.body) == 20
    assert article.body[-1].text.endswith("more or less in tune.")


def test_hard_wrapped_text_is_joined() -> None:
    """Lines broken at a column are one paragraph again."""
    wrapped = """Rain closes the valley road

The road through the valley was closed on Monday after
two days of heavy rain. Engineers said that the bank
above the old mill had slipped in three places during
the night.

The council will decide on Thursday whether the bridge
can be opened for light traffic before the weekend.
"""
    assert len(article_of(wrapped).body) == 2


def test_markdown_is_reduced_to_speech() -> None:
    """Front matter is read; marks, addresses, code and pictures are not spoken."""
    article = article_of(
        f"""---
title: "Rain closes the valley road"
author: Jane Roe
source: Valley Post
date: 2024-03-03
url: https://example.org/rain
language: en-GB
---
![a slipped bank](bank.jpg)

The **road** through the [valley](https://example.org) was closed on *Monday*.

## What happens now

{BODY[1]}

- one `lane` only
- no lorries

```
code()
```
{BODY[2]}
""",
        DocumentKind.MARKDOWN,
    )
    assert article.headline == "Rain closes the valley road"
    assert (article.byline, article.outlet, article.language) == (
        "Jane Roe",
        "Valley Post",
        "en-GB",
    )
    assert article.url == "https://example.org/rain"
    assert [(b.kind.value, b.text) for b in article.body] == [
        ("paragraph", "The road through the valley was closed on Monday."),
        ("heading", "What happens now"),
        ("paragraph", BODY[1]),
        ("list item", "- one lane only"),
        ("list item", "- no lorries"),
        ("paragraph", BODY[2]),
    ]
    assert {b.dropped for b in article.blocks if b.dropped} == {
        "the description of a picture",
        "program code",
    }


PAGE = f"""<!DOCTYPE html><html lang="en"><head>
<title>Rain closes the valley road - Valley Post</title>
<meta property="og:site_name" content="Valley Post">
<link rel="canonical" href="https://www.valleypost.example/rain">
<meta name="author" content="Jane Roe"><script>var x = "not text";</script></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><article><h1>Rain closes the valley road</h1><p>By Jane Roe</p>
<p>{BODY[0]}</p><p style="display:none">hidden words here</p>
<p>{BODY[1]} {BODY[1].replace("mill", "weir")}</p>
<table><tr><td>10</td><td>20 millimeters of rain</td></tr></table>
<p>{BODY[2]} Nobody knows yet how long the work on the slope is going to take, a spokesman said.</p>
</article></main><footer>\u00a9 Valley Post. Privacy policy</footer></body></html>"""


def test_a_page_is_read() -> None:
    """The article is spoken; the rest of the visible page is dropped with reasons."""
    article = article_of(PAGE, DocumentKind.HTML)
    assert article.headline == "Rain closes the valley road"
    assert (article.byline, article.outlet) == ("Jane Roe", "Valley Post")
    assert article.url == "https://www.valleypost.example/rain"
    assert [b.text[:12] for b in article.body] == [BODY[0][:12], BODY[1][:12], BODY[2][:12]]
    reasons = {b.text: b.dropped for b in article.blocks if b.dropped}
    assert reasons["20 millimeters of rain"] == "table"
    assert reasons["Home News"] == "page furniture: navigation"
    assert "hidden" not in " ".join(b.text for b in article.blocks)
    assert "a table is left out: it cannot be read aloud" in article.notes


def test_a_page_that_hides_itself_is_read() -> None:
    """Some pages are invisible until their scripts have run."""
    page = PAGE.replace("<body>", '<body style="visibility:hidden">')
    assert len(article_of(page, DocumentKind.HTML).body) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("word", "1 word of text|0 words"),
        ("three short words", "no article found"),
        ("\x00\x01 \u200b", "no text"),
        ("* * *\n" * 40, "no article found"),
        (
            (
                "Sign in\n\nPlease log in to continue reading this page. Forgot your password? "
                "Enter your password here and press the button below to go on."
            ),
            "login page",
        ),
        (
            (
                "Log in\n\nPlease log in or subscribe to read. Forgot your password? New here? "
                "Create an account today and get three months for one euro a month, puzzles too."
            ),
            "login page",
        ),
        (
            (
                "404\n\nPage not found. The page you are looking for may have been moved. "
                "Please go back to the home page and try again from there."
            ),
            "error page",
        ),
        (
            (
                "Subscribe to continue reading. This article is only for subscribers, "
                "and you have no free articles left for this month."
            ),
            "paywall",
        ),
    ],
)
def test_what_is_no_article_is_refused(text: str, problem: str) -> None:
    """The error says what was found instead."""
    with pytest.raises(SourceError, match=problem):
        article_of(text)


GERMAN = (
    "Der Rat der Stadt hat am Montag die alte Brücke für ein Jahr gesperrt. Das ist für die "
    "Händler auf der anderen Seite nicht leicht, und sie haben sich auch schon beschwert."
)


@pytest.mark.parametrize(
    ("text", "kind", "language", "verb"),
    [
        (f"Brücke gesperrt\n\n{GERMAN}", DocumentKind.TEXT, "de", "seems to be"),
        (f"---\nlang: de\n---\n# Brücke\n\n{GERMAN}", DocumentKind.MARKDOWN, "de", "is"),
        (f'<html lang="de"><body><p>{GERMAN}</p></body></html>', DocumentKind.HTML, "de", "is"),
    ],
)
def test_a_foreign_article_says_so(text: str, kind: DocumentKind, language: str, verb: str) -> None:
    """The language is declared or guessed, and the user learns which."""
    article = article_of(text, kind)
    assert article.language == language
    assert f"the text {verb} German (de)" in article.notes


def test_a_script_without_spaces_is_an_article() -> None:
    """Japanese has no three words, but many letters."""
    sentence = "評議会は月曜日に古い橋を閉じた。"
    article = article_of(f"橋\n\n{sentence * 4}\n\n{sentence * 3}")
    assert article.language == "ja"
    assert len("".join(b.text for b in article.body)) >= 7 * len(sentence)


def test_footnotes_are_not_spoken() -> None:
    """Neither the mark in the sentence nor the note below."""
    article = article_of(
        f"# Rain closes the road\n\n{BODY[0]}[^1] {BODY[1]}\n\n{BODY[2]}\n\n"
        "[^1]: From the archive\nof it.",
        DocumentKind.MARKDOWN,
    )
    assert [b.text for b in article.body] == [f"{BODY[0]} {BODY[1]}", BODY[2]]
    assert [b.text for b in article.blocks if b.dropped == "footnote"] == [
        "[^1]: From the archive",
        "of it.",
    ]


def test_an_exponent_stays_one() -> None:
    """Ten to the fifteen is not 1015."""
    page = PAGE.replace("after two days", "with 10<sup>15</sup> drops")
    assert any("10\u00b9\u2075 drops" in b.text for b in article_of(page, DocumentKind.HTML).body)


def test_a_short_brief_is_an_article() -> None:
    """Thirty words of real sentences under a headline are news."""
    brief = f"Rain closes road\n\n{BODY[0]} {BODY[1]}"
    assert article_of(brief).word_count == 29


@pytest.mark.parametrize(
    "headline",
    ["\U0001f600\U0001f600\U0001f600", "../../etc/passwd", "rain " * 2000, "\u202eevil", "A"],
)
def test_strange_headlines_break_nothing(headline: str) -> None:
    """Emoji, paths and endless titles give an article with a usable headline."""
    article = article_of(f"{headline}\n\n" + "\n\n".join(BODY))
    assert 0 < len(article.headline) <= 200
    assert "\u202e" not in article.headline
    assert [b.text for b in article.body][-3:] == list(BODY)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + BODY[0],
        "<p>" + "<b>" * 50_000 + BODY[0],
        "<!DOCTYPE x [<!ENTITY a 'b'>]><p>&a;" + BODY[0] + BODY[1],
        "<a" * 200_000,
        "<" * 200_000,
        "<table>" * 3000 + BODY[0],
    ],
    ids=["div", "b", "entity", "open tags", "less-than", "tables"],
)
def test_hostile_pages_end_in_an_article_or_an_error(page: str) -> None:
    """Depth, entities and broken markup neither crash nor hang."""
    with suppress(SourceError):
        assert article_of(page, DocumentKind.HTML).word_count >= 20


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [*BODY, "Share", "By Jane Roe", "Published 2024-03-03", "# x", "- y", "", "\u00a9 A B"]
        ),
        st.text(),
    ),
    max_size=12,
).map("\n".join)


@settings(max_examples=1000, deadline=None)
@given(FRAGMENTS)
def test_nothing_of_the_source_is_lost(text: str) -> None:
    """Without white space, the blocks are the repaired source, whatever the text (or none)."""
    source = f"{TEXT}\n{text}"
    with suppress(SourceError):  # copies of one sentence, and little else
        blocks = article_of(source).blocks
        assert squeezed("".join(b.text for b in blocks)) == squeezed(
            decode(source.encode("utf-8", "replace")).text
        )


@given(FRAGMENTS, st.sampled_from([DocumentKind.MARKDOWN, DocumentKind.TEXT]))
def test_any_text_is_an_article_or_refused(text: str, kind: DocumentKind) -> None:
    """Nothing but a SourceError ever comes out of extraction."""
    with suppress(SourceError):
        assert article_of(text.encode("utf-8", "replace"), kind).body


PAGE_BODY = "".join(f"<p>{text}</p>" for text in BODY)
ELEMENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["p", "h2", "li", "div", "nav", "aside", "td", "pre", "b", "a", "figcaption"]
        ),
        st.one_of(st.sampled_from([*BODY, "Share", "Related articles"]), st.text(min_size=1)),
    ),
    max_size=12,
)


@settings(deadline=None)  # the extractor's first page takes a second
@given(ELEMENTS)
@example([("p", "E"), ("p", "\u00cc\u00b0")])
def test_nothing_of_a_page_is_lost(elements: list[tuple[str, str]]) -> None:
    """Without white space, the blocks are the visible text as the parser itself reads it."""
    inner = "".join(f"<{tag}>{html.escape(text)}</{tag}>" for tag, text in elements)
    page = decode(f"<html><body>{PAGE_BODY}{inner}</body></html>".encode("utf-8", "replace")).text
    blocks = article_of(page, DocumentKind.HTML).blocks
    # Letters that a removed control character had parted can be mojibake only now.
    read = decode(page.encode()).text
    assert squeezed("".join(b.text for b in blocks)) == squeezed(_visible(read))


def _visible(page: str) -> str:
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8", remove_comments=True))
    return scrub("".join(tree.itertext()))[0]


@pytest.mark.parametrize("kind", [DocumentKind.TEXT, DocumentKind.MARKDOWN])
@pytest.mark.parametrize("unit", ["`", '"', "\u201c", "[", "![", "<!--", "- a\n", "\n", "a ", "* "])
def test_a_flood_of_marks_is_survived(unit: str, kind: DocumentKind) -> None:
    """Half a megabyte of one mark is an article, or refused, but never a wait without end."""
    with suppress(SourceError):
        flood = article_of(f"{TEXT}\n\n{unit * (500_000 // len(unit.encode()))}", kind)
        assert flood.word_count >= 20
