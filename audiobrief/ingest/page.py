"""HTML to lines: the visible page flattened, each line with the votes of markup and extractor."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lxml import etree

from audiobrief.errors import SourceError
from audiobrief.ingest.flatten import flatten
from audiobrief.ingest.metadata import Metadata, read_metadata
from audiobrief.ingest.stated import NOTHING_STATED, Stated
from audiobrief.text.page.lines import describe
from audiobrief.text.page.markup import HIDDEN, QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.page.furniture import Line

#: Hidden lines of which so much stands in the extracted text are shown.
_KEPT = 0.6
#: An extractor that finds less has missed the article, or there is none.
_SHORT_WORDS = 50
_SEQUENCE_WORDS = 4
_WORD = re.compile(r"[^\W_]+")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
#: A table in which so much is running text lays out a page; the others hold data.
PROSE_CELL_WORDS = 12
PROSE_IN_TABLE = 0.6
_TABLE_NOTE = "a table is left out: it cannot be read aloud"
#: Prose has a dash or a semicolon in a hundred letters; program code ten times as many.
_MOST_CODE_MARKS = 0.3


@dataclass(frozen=True, slots=True)
class Page:
    """A web page, flattened."""

    #: The whole visible text in order, with its markup.
    lines: tuple[Line, ...]
    #: What the page says of itself.
    metadata: Metadata = Metadata()
    notes: tuple[str, ...] = ()


def parse_page(text: str, locator: str, stated: Stated = NOTHING_STATED) -> Page:
    """Flatten a page and let the extractor vote on each line.

    Args:
        text: The page, already decoded.
        locator: Named in errors.
        stated: What it was kept with.

    Raises:
        SourceError: The page has no elements, or is nested too deeply to be read whole.
    """
    tree = _parse(text, locator)
    found = _extract(text)
    body = (found.text if found is not None else None) or ""
    notes = []
    if len(body.split()) < _SHORT_WORDS and len(second := _second_opinion(text)) > len(body):
        body = second
        notes.append("the first extractor found next to nothing: the second one's text was taken")
    lines = _shown(_with_votes(_with_laid_out_text(flatten(tree)), body))
    metadata = read_metadata(tree, found, [line.text for line in lines], stated)
    if any(line.dropped == "table" for line in lines):
        notes.append(_TABLE_NOTE)
    return Page(tuple(lines), metadata, tuple(notes))


def parse_body(text: str, locator: str) -> Page:
    """Flatten what a document holds: there is no furniture around it, and nothing to vote on.

    Args:
        text: A page made of the document.
        locator: Named in errors.

    Returns:
        Lines without their markup, which would have them judged as those of a web page.

    Raises:
        SourceError: It is nested too deeply to be read whole.
    """
    tree = _parse(text, locator)
    lines = _shown(_with_laid_out_text(flatten(tree)))
    pictures = sum(1 for _ in tree.iter("img"))
    notes = []
    if any(line.dropped == "table" for line in lines):
        notes.append(_TABLE_NOTE)
    if pictures:
        notes.append(f"pictures left out, as they cannot be read aloud: {pictures}")
    return Page(tuple(replace(line, markup=None) for line in lines), notes=tuple(notes))


def _parse(text: str, locator: str) -> Any:
    # From bytes: lxml refuses decoded text that names an encoding in its first line. Entities are
    # not resolved, nothing is fetched, and trees deeper than 256 are not built (robustness: 36).
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    raw = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    try:
        tree = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            "the page cannot be parsed", locator, remedy="save it again, or save its text as .txt"
        ) from error
    too_deep = any("depth" in entry.message.lower() for entry in parser.error_log)
    if tree is None or too_deep:
        problem = "its elements are nested too deeply" if too_deep else "the page has no elements"
        raise SourceError(problem, locator, remedy="save the article's text as .txt")
    return tree


def _extract(text: str) -> Any:
    # Here, not above: it imports 0.4 s of libraries that only this function needs.
    import trafilatura  # noqa: PLC0415

    # Tables, too: many pages are laid out in one. Comments are other people's texts.
    return trafilatura.bare_extraction(
        text, include_comments=False, include_tables=True, with_metadata=True
    )


def _second_opinion(text: str) -> str:
    """Return the text that another extractor finds, line by line; empty when it finds none."""
    # Here, not above: few pages need it.
    from readability import Document  # noqa: PLC0415
    from readability.readability import Unparseable  # noqa: PLC0415

    try:
        html = Document(text).summary(html_partial=True)
    except Unparseable:  # a page without a body: the lines alone decide
        return ""
    return "\n".join(line.text for line in flatten(_parse(html, ""))) if html.strip() else ""


def _shown(lines: Sequence[Line]) -> list[Line]:
    """Leave out what the page hides, save the text that the extractor found there.

    Pages hide answers behind their questions, or all until their scripts have run.
    """
    shown = [
        replace(line, dropped=line.dropped or QUIET) if _is_quiet(line) else line
        for line in lines
        if (mark := line.markup) is None or mark.kept >= _KEPT or not mark.says(HIDDEN)
    ]
    return shown if any(line.dropped is None for line in shown) else list(lines)


def _is_quiet(line: Line) -> bool:
    """Tell whether only readers see a line that is no sentence and no part of the text."""
    mark = line.markup
    return mark is not None and mark.says(QUIET) and mark.kept < _KEPT and not _is_prose(line.text)


def _with_laid_out_text(lines: Sequence[Line]) -> list[Line]:
    """Free running text in tables that lay it out, and in the font of program code."""
    words: dict[int, list[int]] = {}
    for line in lines:
        if line.dropped == "table":
            count = len(line.text.split())
            for table in _tables(line):
                words.setdefault(table, [0, 0])[count >= PROSE_CELL_WORDS] += count
    layout = {t for t, (few, many) in words.items() if many >= PROSE_IN_TABLE * (few + many)}
    return [
        replace(line, dropped=None)
        if (line.dropped == "table" and layout.issuperset(_tables(line)[-1:]))
        or (line.dropped == "program code" and _is_prose(line.text))
        else line
        for line in lines
    ]


def _is_prose(text: str) -> bool:
    facts = describe(text)
    return facts.is_prose and facts.features["code marks"] < _MOST_CODE_MARKS


def _tables(line: Line) -> list[int]:
    """Return the numbers of the tables around a line, outermost first."""
    signs = line.markup.signs if line.markup else ()
    return [element for sign, element in signs if sign == "in a table"]


def _with_votes(lines: Sequence[Line], body: str) -> list[Line]:
    """Give each line the share of its four-word sequences that stand in the extracted body."""
    words = _WORD.findall(body.lower())
    sequences = set(zip(*(words[i:] for i in range(_SEQUENCE_WORDS)), strict=False))
    whole = {tuple(_WORD.findall(row.lower())) for row in body.split("\n")}
    return [
        replace(line, markup=replace(line.markup, kept=kept))
        if line.markup and (kept := _share(line.text, sequences, whole)) != line.markup.kept
        else line
        for line in lines
    ]


def _share(text: str, sequences: set[tuple[str, ...]], whole: set[tuple[str, ...]]) -> float:
    words = tuple(_WORD.findall(text.lower()))
    if words in whole:
        return float(bool(words))
    own = list(zip(*(words[i:] for i in range(_SEQUENCE_WORDS)), strict=False))
    return sum(s in sequences for s in own) / len(own) if own else 0.0
