"""What the markup of a page hides, strikes out, breaks and sets apart."""

from __future__ import annotations

import html
import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from audiobrief.model.article import Article

BODY = (
    "The lighthouse on the north rock was lit again on Sunday, the harbor office said.",
    "Its lamp had been dark since the storm of last winter broke the glass and the gallery.",
    "Two men carried the new lens up the stairs, and it took them the whole of a day.",
)


def page_of(inner: str, head: str = "") -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in BODY)
    title = "<title>Lighthouse lit again</title>"
    return (
        f"<html>{head}<head>{title}</head><body><article><h1>Lighthouse lit again</h1>"
        f"{paragraphs}{inner}</article></body></html>"
    )


def article_of(inner: str) -> Article:
    return extract(Document("a.html", DocumentKind.HTML, page_of(inner).encode()))


def heard(inner: str) -> list[str]:
    return [block.text for block in article_of(inner).body if block.text not in BODY]


@pytest.mark.parametrize(
    ("inner", "spoken"),
    [
        (
            "<p>It cost <del>two</del> <ins>three</ins> millions, the office said on Monday.</p>",
            "It cost three millions, the office said on Monday.",
        ),
        (
            "<p>The keeper called it <q>the best day of my life</q> in a letter to us.</p>",
            "The keeper called it \u201cthe best day of my life\u201d in a letter to us.",
        ),
        (
            "<p>The lamp can be seen from a distance of<br>twenty miles on a clear night.</p>",
            "The lamp can be seen from a distance of twenty miles on a clear night.",
        ),
        (
            "<p>The <ruby>\u71c8\u53f0<rt>todai</rt></ruby> company made the lens for them.</p>",
            "The \u71c8\u53f0 company made the lens for them.",
        ),
        (
            "<p>The lens weighs a ton <button>Share</button> and was made abroad in 1901.</p>",
            "The lens weighs a ton and was made abroad in 1901.",
        ),
        (
            (
                "<p>It shines <span hidden>x1</span> at <i style='display:none'>x2</i> night for "
                "all <span class='sr-only'>(opens a tab)</span> the ships of the coast.</p>"
            ),
            "It shines at night for all the ships of the coast.",
        ),
        (
            '<p aria-hidden="true">Everybody can see this sentence, and nobody should miss it.</p>',
            "Everybody can see this sentence, and nobody should miss it.",
        ),
    ],
)
def test_a_sentence_stays_whole(inner: str, spoken: str) -> None:
    """Elements within a line neither break it nor add what is no part of it."""
    assert heard(inner) == [spoken]


def test_what_is_struck_out_has_its_row() -> None:
    """It can be seen, so the ledger tells why it is not heard."""
    blocks = article_of("<p>It cost <s>two</s> three millions, the office said.</p>").blocks
    assert {b.text: b.dropped for b in blocks}["two"] == "struck out"


def test_verses_keep_their_breaks() -> None:
    """A line that begins with a capital letter is no rest of a sentence."""
    assert heard("<p>Dark is the water,<br>Bright is the stone.</p>") == [
        "Dark is the water,",
        "Bright is the stone.",
    ]


def test_who_is_quoted_is_heard() -> None:
    """The caption of a quotation names its speaker."""
    quote = "We never thought that we would see this light again in our lives."
    inner = (
        f"<figure><blockquote><p>{quote}</p></blockquote><figcaption>Ida Holm, keeper"
        "</figcaption></figure><p>The office will open the stairs to everybody in June.</p>"
    )
    assert heard(inner)[:2] == [quote, "Ida Holm, keeper"]


def test_a_box_is_dropped_with_its_heading() -> None:
    """What a heading of other stories stands over goes with it."""
    box = "<aside><h4>Related stories</h4><p>Rival rock loses its bell</p></aside>"
    after = "<p>The office will open the stairs to everybody in June, it said.</p>"
    assert heard(box + after) == [after[3:-4]]


GERMAN = (
    "Der Leuchtturm auf dem Felsen brennt seit Sonntag wieder, sagte das Amt am Montag.",
    "Die Lampe war seit dem Sturm im Winter dunkel, weil das Glas und die Galerie brachen.",
    "Zwei Männer trugen die neue Linse auf die Spitze, und das dauerte einen ganzen Tag.",
)


def test_a_foreign_page_ends_where_its_text_ends() -> None:
    """Comments, footer and side column are known by their elements, whatever the language."""
    text = "".join(f"<p>{row}</p>" for row in GERMAN)
    page = (
        f'<html lang="de"><head><title>Leuchtturm brennt wieder</title></head><body><article>'
        f"<h1>Leuchtturm brennt wieder</h1><p>Von Ida Holm</p>{text}</article>"
        "<section class='kommentare'><h3>Kommentare</h3><p>ole: Das wurde aber auch Zeit, dass er "
        "endlich wieder brennt, finde ich.</p></section>"
        "<footer>Impressum und Datenschutz</footer></body></html>"
    )
    article = extract(Document("a.html", DocumentKind.HTML, page.encode()))
    assert [block.text for block in article.body] == list(GERMAN)
    assert article.byline == "Ida Holm"


INLINE = ("b", "del", "s", "q", "span", "a", "button", "rt")
PIECES = st.lists(
    st.tuples(
        st.sampled_from(INLINE),
        st.sampled_from(
            ["", " hidden", ' style="display:none"', ' class="sr-only"', ' aria-hidden="true"']
        ),
        st.sampled_from(["a lamp", "of the sea", "Then", "two.", "", "\u71c8"]),
        st.sampled_from(["", " and on ", "<br>", "</p><p>", ". "]),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(PIECES)
def test_nothing_that_can_be_seen_is_lost(pieces: list[tuple[str, str, str, str]]) -> None:
    """The letters of all blocks are those that an independent walk over the page can see."""
    inner = "".join(
        f"<{tag}{said}>{html.escape(text)}</{tag}>{after}" for tag, said, text, after in pieces
    )
    page = page_of(f"<p>It is {inner}</p>")
    article = extract(Document("a.html", DocumentKind.HTML, page.encode()))
    written = "".join(block.text for block in article.blocks)
    assert _letters(written) == _letters(_seen(page))


def _seen(page: str) -> str:
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    unseen = (
        "ancestor-or-self::*[@hidden or contains(@style, 'none') or @class='sr-only'"
        " or self::title]"
    )
    return "".join(tree.xpath(f"//text()[not(parent::*[{unseen}])]"))


def _letters(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w", scrub(text)[0]))


MARKS = st.lists(
    st.sampled_from(
        [
            "Plain words here.", "**strong** and *soft*", "~~old~~ new", "![a lamp](x.jpg)",
            "[a link](http://x.example)", "> quoted words", "- [ ] to do", "1. first", "`code`",
            "    indented = code()", "## A heading", "<b>bold</b>", "<br>", "Rock &amp; sea",
        ]
    ),
    max_size=10,
)  # fmt: skip


@given(MARKS)
def test_no_word_of_markdown_is_lost(rows: list[str]) -> None:
    """The words of all blocks are those of the file without addresses and tags."""
    text = "\n\n".join((*BODY, *rows))
    plain = re.sub(r"\(http[^)]*\)|\(x\.jpg\)|</?b>|<br>|amp;", "", text)
    with suppress(SourceError):
        article = extract(Document("a.md", DocumentKind.MARKDOWN, text.encode()))
        written = "".join(block.text for block in article.blocks)
        assert _letters(written) == _letters(decode(plain.encode()).text)


def test_what_was_escaped_more_than_once_is_read_as_it_was_meant() -> None:
    """As systems that copy from each other write it."""
    inner = "<p>Salt &amp;amp; pepper, &amp;quot;both&amp;quot;, were sold for &amp;#36;4.</p>"
    texts = [
        b.text for b in extract(Document("a", DocumentKind.HTML, page_of(inner).encode())).body
    ]
    assert texts[-1] == 'Salt & pepper, "both", were sold for $4.'
