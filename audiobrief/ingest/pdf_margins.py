"""What stands at the top and the foot of pages again and again: running heads, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.ingest.pdf_rows import Row

#: So many rows at either end of a page may be its head or foot.
_ROWS = 3
#: Left and right pages have heads of their own, and chapters change them.
_NEAR_PAGES = 2
#: So many pages have their number in such a row.
_SHARE = 0.3
_SAME_HEIGHT = 4.0
_CHARACTERS = 150
_DIGITS = re.compile(r"\d+")
_LEADING = re.compile(r"(\d{1,4})\b(?![.,:]\d)")
_TRAILING = re.compile(r"(?<![.,:\d])(\d{1,4})$")
_PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014|\s]{0,20}(?:(?:page|seite|p\.|s\.)\s{0,9})?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s{0,9}(?:of|/|von|sur|de)\s{0,9}\d{1,4})?[-\u2013\u2014|\s]{0,20}",
    re.IGNORECASE,
)
_NUMBER = "a page number"
_HEAD = "a running head"
_FOOT = "a running foot"


def find_margins(pages: Sequence[Sequence[Row]]) -> dict[Row, str]:
    """Return the rows that are no text of their page, and what they are.

    That is: the same words at the same height of another page; rows at an edge that begin or end
    with a number that counts the pages; and page numbers alone.

    Args:
        pages: Rows of each page.
    """
    found: dict[Row, str] = {}
    for name, top in ((_HEAD, True), (_FOOT, False)):
        edges = [_extreme(rows, top=top) for rows in pages]
        recurring = _recurring(edges)
        offsets = _offsets(edges)
        for rows in edges:
            # From the edge inward: what stands behind a row of text is text.
            for row in rows:
                if _is_number(row, pages):
                    found.setdefault(row, _NUMBER)
                elif _numbers(row) & offsets or any(
                    _is_same(row, other) for other in recurring.get(_key(row), ())
                ):
                    found.setdefault(row, name)
                else:
                    break
    return found


def _extreme(rows: Sequence[Row], *, top: bool) -> list[Row]:
    """Return the outermost rows of a page, the outermost first."""
    upright = sorted((r for r in rows if not r.is_turned), key=lambda r: -r.y if top else r.y)
    heights = sorted({round(r.y) for r in upright}, reverse=top)[:_ROWS]
    return [r for r in upright if round(r.y) in heights]


def _key(row: Row) -> str:
    return _DIGITS.sub("#", row.text.casefold()).strip()


def _is_same(row: Row, other: Row) -> bool:
    """Tell whether a row stands where its like does, on one of the next pages or the last ones."""
    near = 0 < abs(row.page - other.page) <= _NEAR_PAGES
    return near and abs(row.y - other.y) <= _SAME_HEIGHT


def _recurring(edges: Sequence[Sequence[Row]]) -> dict[str, list[Row]]:
    """Return the short rows at the edges, by their words."""
    found: dict[str, list[Row]] = {}
    for rows in edges:
        for row in rows:
            if len(row.text) <= _CHARACTERS:
                found.setdefault(_key(row), []).append(row)
    return {key: rows for key, rows in found.items() if len(rows) > 1}


def _numbers(row: Row) -> set[int]:
    """Return by how much the numbers at a row's ends differ from the count of its page."""
    ends = (_LEADING.match(row.text), _TRAILING.search(row.text))
    short = len(row.text) <= _CHARACTERS
    return {int(m[1]) - row.page for m in ends if m and short}


def _offsets(edges: Sequence[Sequence[Row]]) -> set[int]:
    """Return by how much the numbers printed on pages differ from their count, where they count."""
    pages_of: Counter[int] = Counter()
    for rows in edges:
        pages_of.update({offset for row in rows for offset in _numbers(row)})
    least = max(3, round(_SHARE * len(edges)))
    return {offset for offset, count in pages_of.items() if count >= least}


def _is_number(row: Row, pages: Sequence[Sequence[Row]]) -> bool:
    """Tell whether a row is a page number: alone at the edge of its page, apart from the text."""
    if _PAGE_NUMBER.fullmatch(row.text) is None or not any(map(str.isalnum, row.text)):
        return False
    others = [abs(other.y - row.y) for other in pages[row.page] if abs(other.y - row.y) > 1]
    return min(others, default=0.0) > 1.5 * row.size
