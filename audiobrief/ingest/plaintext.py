"""Plain text to lines: one for each paragraph, hard-wrapped paragraphs joined again."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.text.page.furniture import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Mail, terminals and typewriters wrap at 72 to 80 columns; nobody wraps beyond 100.
_WIDEST_WRAP = 100
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")


def parse_text(text: str) -> tuple[Line, ...]:
    r"""Return the lines of a text, white space made single spaces, blank ones left out.

    >>> [line.text for line in parse_text("Rain ahead\n\n  Bring a\tcoat.\n")]
    ['Rain ahead', 'Bring a coat.']
    """
    groups = [
        [" ".join(row.split()) for row in group.split("\n") if row.strip()]
        for group in _BLANK.split(text)
    ]
    if _is_wrapped(groups):
        groups = [[" ".join(group)] for group in groups]
    return tuple(Line(row) for group in groups for row in group if row)


def _is_wrapped(groups: Sequence[Sequence[str]]) -> bool:
    """Tell whether line breaks stand only where the next word would not have fitted."""
    width = max((len(row) for group in groups for row in group), default=0)
    if width > _WIDEST_WRAP:
        return False
    breaks = [
        len(row) + 1 + len(following.split(" ", 1)[0]) > 0.95 * width
        for group in groups
        for row, following in pairwise(group)
    ]
    return width >= 40 and len(breaks) >= 3 and sum(breaks) >= 0.9 * len(breaks)
