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
#: On so many pages the same words make a running head; left and right pages have their own.
_SHARE = 0.3
_SAME_HEIGHT = 4.0
_CHARACTERS = 150
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014|\s]*(?:(?:page|seite|p\.|s\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?[-\u2013\u2014|\s]*",
    re.IGNORECASE,
)
_NUMBER = "a page number"
_HEAD = "a running head"
_FOOT = "a running foot"


def find_margins(pages: Sequence[Sequence[Row]]) -> dict[Row, str]:
    """Return the rows that are no text of their page, and what they are.

    Args:
        pages: Rows of each page.
    """
    heads = [_extreme(rows, top=True) for rows in pages]
    feet = [_extreme(rows, top=False) for rows in pages]
    found: dict[Row, str] = {}
    for edges, name in ((heads, _HEAD), (feet, _FOOT)):
        recurring = _recurring(edges)
        for rows in edges:
            # From the edge inward: what stands behind a row of text is text.
            for row in rows:
                if _is_number(row, pages):
                    found.setdefault(row, _NUMBER)
                elif any(_is_same(row, other) for other in recurring.get(_key(row), ())):
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
    return row.page != other.page and abs(row.y - other.y) <= _SAME_HEIGHT


def _recurring(edges: Sequence[Sequence[Row]]) -> dict[str, list[Row]]:
    """Return the rows of which the like stands at the same height of other pages."""
    pages_of: Counter[str] = Counter()
    for rows in edges:
        pages_of.update({_key(row) for row in rows if len(row.text) <= _CHARACTERS})
    least = max(2, round(_SHARE * len(edges)))
    kept = {key for key, count in pages_of.items() if count >= least}
    found: dict[str, list[Row]] = {}
    for rows in edges:
        for row in rows:
            if _key(row) in kept:
                found.setdefault(_key(row), []).append(row)
    return found


def _is_number(row: Row, pages: Sequence[Sequence[Row]]) -> bool:
    """Tell whether a row is a page number: alone at the edge of its page, apart from the text."""
    if _PAGE_NUMBER.fullmatch(row.text) is None or not any(map(str.isalnum, row.text)):
        return False
    others = [abs(other.y - row.y) for other in pages[row.page] if abs(other.y - row.y) > 1]
    return min(others, default=0.0) > 1.5 * row.size
