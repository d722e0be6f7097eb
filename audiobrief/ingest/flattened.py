"""A document of any kind to lines, with what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.front_matter import FrontMatter, split_front_matter
from audiobrief.ingest.kept import split_kept_page
from audiobrief.ingest.markdown import parse_markdown
from audiobrief.ingest.plaintext import read_text
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.ingest.stated import NOTHING_STATED, Stated, read_date, stated_of
from audiobrief.model.article import Fact
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from datetime import datetime

    from audiobrief.text.page.furniture import Line

#: The largest file that is read has about as many rows of 50 characters.
_MAX_ROWS = 40_000
#: Log-odds that a line is text, before it is looked at: people write documents, not scrapers.
_TRUST_DOCUMENT = 3.0
#: What the book says of an article in it.
_OF_WHOLE_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Flattened:
    """A source as lines, with what it says about itself."""

    lines: tuple[Line, ...]
    headline: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    language: str | None = None
    url: str | None = None
    trust: float = 0.0
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    lexicon: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    source: str | None = None
    #: When the whole appeared that it is a part of; a date in the text itself counts more.
    issued: datetime | None = None
    #: The byline is declared: it counts only where the text names nobody else.
    is_declared: bool = False


def flatten_document(document: Document) -> Flattened:
    """Return the lines of a document.

    Raises:
        SourceError: It cannot be read as what it is, or is a list or a log.
    """
    if document.kind is DocumentKind.HTML:
        return _page(document)
    if document.kind is DocumentKind.EPUB:
        return _book_part(document)
    if document.kind is DocumentKind.DOCX:
        # Here, not above: lxml is of no use for text.
        from audiobrief.ingest.word import read_word  # noqa: PLC0415

        return _declared_document(*read_word(document.raw, document.locator))
    if document.kind is DocumentKind.PDF:
        # Here, not above: pypdf takes 0.15 s to import.
        from audiobrief.ingest.pdf import read_pdf  # noqa: PLC0415

        return _declared_document(*read_pdf(document.raw, document.locator))
    decoded = decode(document.raw)
    if decoded.text.count("\n") > _MAX_ROWS:
        raise too_many_lines(_MAX_ROWS, document.locator)
    read = _markdown if document.kind is DocumentKind.MARKDOWN else _text
    flat = read(decoded.text, document.locator)
    return replace(flat, notes=decoded.notes + flat.notes)


def too_many_lines(limit: int, locator: str) -> SourceError:
    """Return the error for what is too long to be an article."""
    return SourceError(
        f"it has more than {limit} lines: a list or a log, no article",
        locator,
        remedy="save the article alone, without the rest",
    )


def _text(text: str, locator: str) -> Flattened:
    front, rest = split_front_matter(text, where=locator)
    plain = read_text(rest)
    if not front:
        return Flattened(plain.lines, headline=plain.headline)
    return replace(_described(front), lines=plain.lines)


def _markdown(text: str, locator: str) -> Flattened:
    markdown = parse_markdown(text, where=locator)
    described = _described(FrontMatter(markdown.front_matter, markdown.lexicon))
    return replace(described, lines=markdown.lines, trust=_TRUST_DOCUMENT)


def _described(front: FrontMatter) -> Flattened:
    """Return what front matter says, without lines: a person wrote it for us, so all is sure."""
    stated = stated_of(front.values)
    return replace(
        _stated(stated, facts_of(stated, 1.0, "the front matter")), lexicon=front.lexicon
    )


def _page(document: Document) -> Flattened:
    # Here, not above: lxml and trafilatura take 0.5 s to import, and text needs neither.
    from audiobrief.ingest.page import parse_page  # noqa: PLC0415

    front, raw = split_kept_page(document.raw, where=document.locator)
    stated = stated_of(front.values)
    decoded = decode(raw)
    page = parse_page(decoded.text, document.locator, stated)
    found = page.metadata
    return Flattened(
        page.lines,
        headline=found.headline,
        byline=found.byline,
        outlet=found.outlet,
        published=read_date(found.date or ""),
        language=found.language,
        url=found.url,
        facts=found.facts,
        notes=decoded.notes + found.notes + page.notes,
        lexicon=front.lexicon,
        tags=_clean_all(stated.tags),
        source=_clean(stated.source),
        is_declared=True,
    )


def _book_part(document: Document) -> Flattened:
    # Here, not above: lxml and trafilatura take 0.5 s to import, and text needs neither.
    from audiobrief.ingest.page import parse_body  # noqa: PLC0415

    page = parse_body(decode(document.raw).text, document.locator)
    facts = facts_of(document.stated, 0.9, "the book")
    facts += facts_of(document.whole, _OF_WHOLE_CONFIDENCE, "the book that it is in")
    return replace(
        _stated(document.stated, facts),
        lines=page.lines,
        notes=document.notes + page.notes,
        trust=_TRUST_DOCUMENT,
        issued=document.whole.published,
        is_declared=True,
    )


def _declared_document(
    lines: tuple[Line, ...], stated: Stated, declared: Stated, notes: tuple[str, ...]
) -> Flattened:
    """Return a document of an office: what its form says is often that of its template.

    Args:
        lines: All of it.
        stated: What is certain, as the line in the style of a title.
        declared: What its properties say.
        notes: For the user.
    """
    facts = facts_of(stated, 0.9, "the document's form")
    facts += facts_of(declared, _OF_WHOLE_CONFIDENCE, "the document's properties")
    return replace(
        _stated(stated, facts),
        lines=lines,
        notes=notes,
        trust=_TRUST_DOCUMENT,
        issued=declared.published,
        tags=_clean_all(declared.tags),
        is_declared=True,
    )


def _stated(stated: Stated, facts: tuple[Fact, ...]) -> Flattened:
    return Flattened(
        lines=(),
        headline=_clean(stated.title),
        byline=_clean(stated.byline),
        outlet=_clean(stated.outlet),
        published=stated.published,
        language=stated.language,
        url=_clean(stated.url),
        tags=_clean_all(stated.tags),
        source=_clean(stated.source),
        facts=facts,
    )


def facts_of(stated: Stated, confidence: float, source: str) -> tuple[Fact, ...]:
    """Return what is stated as facts, all as sure as each other."""
    if stated == NOTHING_STATED:
        return ()
    told = {
        "title": stated.title,
        "author": stated.byline,
        "date": stated.published.isoformat() if stated.published else None,
        "outlet": stated.outlet,
        "language": stated.language,
        "picture": stated.picture,
        "url": stated.url,
    }
    values = ((name, _clean(value)) for name, value in told.items())
    return tuple(Fact(name, value, confidence, source) for name, value in values if value)


def _clean(value: str | None) -> str | None:
    """Return a value as one line that can be shown and said; escapes may hide what is neither."""
    return " ".join(scrub(value)[0].split()) or None if value else None


def _clean_all(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean for value in values if (clean := _clean(value))))
