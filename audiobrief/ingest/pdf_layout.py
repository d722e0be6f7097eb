"""Rows of print to paragraphs: columns in order, words joined, headers and page numbers apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from audiobrief.ingest.pdf_margins import find_margins
from audiobrief.model.article import BlockKind
from audiobrief.text.page.furniture import Line
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.ingest.pdf_rows import Row

#: A gap between rows that is so much larger than the usual one ends a paragraph.
_GAP = 1.35
#: A first row that starts so far in, in heights of its letters, begins one.
_INDENT = 0.7
#: A row that ends before so much of its column was the last of its paragraph, if a sentence ends.
_SHORT = 0.8
#: A row without the end of a sentence was the last if it fills so little and a capital follows.
_VERY_SHORT = 0.6
#: Letters that differ so much in size belong to different paragraphs.
_SIZE = 0.08
_HEADING_SIZE = 1.12
_TITLE_SIZE = 1.3
_HEADING_WORDS = 15
#: Notes at the foot of a page are set in letters so much smaller than the text.
_NOTE_SIZE = 0.93
_NOTE = re.compile(r"(?:\d{1,3}|[*\u2020\u2021\u00a7]{1,3})[\s.)]{0,3}\S")
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|photo|image|abb\.|abbildung|tabelle)\s?\d", re.IGNORECASE
)
_BULLET = re.compile(r"^(?:[\u2022\u25cf\u25e6\u25aa\u2023\u00b7*\u2013-]|\(?\d{1,2}[.)])\s+\S")
#: Dots that lead to a page number.
_LEADERS = re.compile(r"(?:\.\s?){5,}\d{0,4}$")
_SENTENCE_END = re.compile(r"[.!?:\u2026][\"'\u201d\u2019)\]\u00bb]{0,3}$")
#: First halves that keep their hyphen.
_KEEPS_HYPHEN = frozenset(("self", "ex", "well", "half", "all", "cross", "non", "anti", "semi"))
#: A page has no more columns.
_MOST_COLUMNS = 8
#: A letter so much larger than the text begins a paragraph over several rows.
_DROP_CAP = 1.8
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[-\u2010\u00ad]$")
_HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+)+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A document put together again."""

    lines: tuple[Line, ...]
    #: What is set in the largest letters at its top, if anything stands out.
    title: str | None


@dataclass(slots=True)
class _Paragraph:
    rows: list[Row] = field(default_factory=list)
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in a document."""

    size: float
    pitch: float
    words: frozenset[str]
    hyphenated: frozenset[str]


def lay_out(pages: Sequence[Sequence[Row]]) -> LaidOut:
    """Put the rows of a document together as paragraphs.

    Args:
        pages: Rows of each page in the order in which they were written.

    Returns:
        All of them as lines; running heads, page numbers, notes and captions with that reason.
    """
    margins = find_margins(pages)
    measures = _measure([row for rows in pages for row in rows if row not in margins])
    paragraphs: list[_Paragraph] = []
    aside: list[_Paragraph] = []
    for rows in pages:
        body = [row for row in rows if row not in margins and not row.is_turned]
        notes = _find_notes(body, measures)
        _add(paragraphs, [row for row in _in_columns(body) if row not in notes], measures)
        aside += [_Paragraph([row], margins[row]) for row in rows if row in margins]
        aside += [
            _Paragraph([r], "runs across the page")
            for r in rows
            if r.is_turned and r not in margins
        ]
        aside += _notes(notes)
    title = _title(paragraphs, measures)
    lines = (*_lines(paragraphs, measures), *_lines(aside, measures))
    return LaidOut(tuple(lines), title)


def _measure(rows: Sequence[Row]) -> _Measures:
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[row.size] += len(row.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    steps = [
        a.y - b.y
        for a, b in pairwise(rows)
        if a.page == b.page and a.size == b.size == size and 0 < a.y - b.y < 3 * size
    ]
    text = " ".join(row.text for row in rows)
    words = Counter(word.lower() for word in _WORD.findall(text))
    hyphenated = {word.lower() for word in _HYPHENATED.findall(text)}
    pitch = median(steps) if steps else 1.2 * size
    return _Measures(size, pitch, frozenset(words), frozenset(hyphenated))


def _in_columns(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a page in the order of reading, where they were written across columns.

    Most programs write a column at a time; then the order is right as it is.
    """
    if len(rows) < 8:
        return list(rows)
    middle = (min(r.x for r in rows) + max(r.end for r in rows)) / 2
    sides = [_side(row, middle) for row in rows]
    first = [row for row, side in zip(rows, sides, strict=True) if side == "left"]
    second = [row for row, side in zip(rows, sides, strict=True) if side == "right"]
    turns = sum(a != b for a, b in pairwise(side for side in sides if side))
    few = min(len(first), len(second)) < 0.25 * len(rows)
    if few or turns < 0.5 * (len(first) + len(second)):
        return list(rows)
    top = max(row.y for row in (*first, *second))
    wide = [row for row, side in zip(rows, sides, strict=True) if side is None]
    above = [row for row in wide if row.y > top]
    below = [row for row in wide if row.y <= top]
    ordered = (sorted(column, key=lambda r: -r.y) for column in (above, first, second, below))
    return [row for column in ordered for row in column]


def _side(row: Row, middle: float) -> str | None:
    """Return in which half of the page a row stands; ``None``: across both."""
    if row.end <= middle + 2 * row.size:
        return "left"
    return "right" if row.x >= middle - 2 * row.size else None


def _find_notes(rows: Sequence[Row], measures: _Measures) -> list[Row]:
    """Return the rows below the text of a page that are smaller and begin with a mark."""
    text = [row.y for row in rows if row.size > _NOTE_SIZE * measures.size]
    lowest = min(text, default=0.0)
    small = [row for row in rows if row.y < lowest and row.size <= _NOTE_SIZE * measures.size]
    return small if small and _NOTE.match(max(small, key=lambda r: r.y).text) else []


def _notes(rows: Iterable[Row]) -> Iterator[_Paragraph]:
    paragraph: _Paragraph | None = None
    for row in rows:
        if paragraph is None or _NOTE.match(row.text):
            if paragraph:
                yield paragraph
            paragraph = _Paragraph([], "footnote")
        paragraph.rows.append(row)
    if paragraph:
        yield paragraph


def _add(paragraphs: list[_Paragraph], rows: Sequence[Row], measures: _Measures) -> None:
    """Add the rows of a page to the paragraphs; the last one may go on with them."""
    columns = _column_starts(rows, measures)
    for row in _with_drop_caps(rows, measures):
        last = paragraphs[-1].rows[-1] if paragraphs else None
        if last is None or _begins(last, row, paragraphs[-1], measures, columns):
            paragraphs.append(_Paragraph())
        paragraphs[-1].rows.append(row)


def _with_drop_caps(rows: Sequence[Row], measures: _Measures) -> Iterator[Row]:
    """Put the large first letter of a chapter to the word that it begins."""
    cap: Row | None = None
    for row in rows:
        if cap is not None:
            yield replace(row, text=cap.text + row.text)
            cap = None
        elif len(row.text) == 1 and row.text.isupper() and row.size > _DROP_CAP * measures.size:
            cap = row
        else:
            yield row
    # The last of a page begins nothing.
    if cap is not None:
        yield cap


def _column_starts(rows: Sequence[Row], measures: _Measures) -> list[tuple[float, float]]:
    """Return where the columns of a page start, the usual ones first, and how wide they are."""
    body = [row for row in rows if abs(row.size - measures.size) <= _SIZE * measures.size]
    counts = Counter(round(row.x) for row in body)
    starts: list[float] = []
    for x, count in counts.most_common():
        if count >= 3 and all(abs(x - other) > 4 * measures.size for other in starts):
            starts.append(float(x))
        if len(starts) == _MOST_COLUMNS:
            break
    found = []
    for start in starts:
        ends = [r.end - start for r in body if -1 <= r.x - start < 3 * measures.size]
        found.append((start, sorted(ends)[int(0.9 * (len(ends) - 1))]))
    return found


def _begins(
    last: Row,
    row: Row,
    open_one: _Paragraph,
    measures: _Measures,
    columns: list[tuple[float, float]],
) -> bool:
    """Tell whether a row begins a paragraph."""
    size = max(last.size, row.size)
    marks = (_BULLET, _LEADERS)
    if abs(last.size - row.size) > _SIZE * size or any(m.search(row.text) for m in marks):
        return True
    if _LEADERS.search(last.text):
        return True
    goes_on = not _SENTENCE_END.search(last.text)
    if last.is_bold != row.is_bold and not (goes_on and row.text[:1].islower()):
        return True
    step = last.y - row.y
    if last.page != row.page or step < -size:
        # Another column or page: a sentence goes on, or a heading stands alone.
        is_heading = len(open_one.rows) == 1 and last.is_bold
        return not goes_on or is_heading
    is_item = _BULLET.match(open_one.rows[0].text) is not None
    start, width = min(columns, key=lambda c: abs(c[0] - row.x), default=(row.x, 0.0))
    is_indented = (
        row.x - start > _INDENT * size and not is_item and last.x - start <= _INDENT * size
    )
    filled = (last.end - start) / width if width > 0 else 1.0
    is_short = filled < (_VERY_SHORT if goes_on else _SHORT) and not row.text[:1].islower()
    return step > _GAP * measures.pitch * size / measures.size or is_indented or is_short


def _title(paragraphs: Sequence[_Paragraph], measures: _Measures) -> str | None:
    """Return the first paragraph of the first page in its largest letters."""
    top = [p for p in paragraphs if p.rows[0].page == 0]
    largest = max((p.rows[0].size for p in top), default=0.0)
    if largest < _TITLE_SIZE * measures.size:
        return None
    found = next(p for p in top if p.rows[0].size == largest)
    text = _text(found.rows, measures)
    return text if 1 <= len(text.split()) <= 40 else None


def _lines(paragraphs: Iterable[_Paragraph], measures: _Measures) -> Iterator[Line]:
    for paragraph in paragraphs:
        text = " ".join(scrub(_text(paragraph.rows, measures))[0].split())
        if not text:
            continue
        first = paragraph.rows[0]
        dropped = paragraph.dropped
        if dropped is None and _CAPTION.match(text) and first.size <= _NOTE_SIZE * measures.size:
            dropped = "picture caption"
        if dropped is None and _LEADERS.search(text):
            dropped = "table of contents"
        yield Line(text, _kind(text, paragraph.rows, measures), dropped)


def _kind(text: str, rows: Sequence[Row], measures: _Measures) -> BlockKind | None:
    is_marked = rows[0].size >= _HEADING_SIZE * measures.size or all(r.is_bold for r in rows)
    is_short = len(text.split()) <= _HEADING_WORDS and not text.endswith((".", ",", ";"))
    if is_marked and is_short:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM if _BULLET.match(text) else None


def _text(rows: Sequence[Row], measures: _Measures) -> str:
    """Return the text of a paragraph, its words joined where a row broke them."""
    text = ""
    for row in rows:
        broken = _BROKEN.search(text)
        if broken and row.text[:1].islower():
            text = text[:-1] + ("-" if _keeps_hyphen(broken[1], row.text, measures) else "")
            text += row.text
        elif text.endswith(("-", "\u2013", "/")) and row.text[:1].isalnum():
            text += row.text
        else:
            text = f"{text} {row.text}" if text else row.text
    return text


def _keeps_hyphen(first: str, following: str, measures: _Measures) -> bool:
    """Tell whether a hyphen at the end of a row belongs to the word: the document tells."""
    match = _WORD.match(following)
    second = match[0].lower() if match else ""
    whole, first = f"{first}{second}".lower(), first.lower()
    if f"{first}-{second}" in measures.hyphenated:
        return True
    return first in _KEEPS_HYPHEN and whole not in measures.words
