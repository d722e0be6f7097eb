"""Plain text to lines: one for each paragraph, hard-wrapped paragraphs joined again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.text.page.furniture import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Mail, terminals and typewriters wrap at 72 to 80 columns; nobody wraps beyond 100.
_WIDEST_WRAP = 100
#: A shorter row may end where its writer wanted, as verses do.
_NARROWEST_WRAP = 50
#: Rows of one paragraph differ by a word.
_FULL_SHARE = 0.75
_ENDS = (".", "!", "?", ":", ";")
_FIELD = re.compile(r"^(From|To|Cc|Subject|Date|Sent|Reply-To): +(\S.{0,300})$", re.IGNORECASE)
_SIGNATURE_ROWS = 10
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text file, read."""

    lines: tuple[Line, ...]
    #: The subject, of a letter with its head.
    headline: str | None = None


def parse_text(text: str) -> tuple[Line, ...]:
    r"""Return the lines of a text, white space made single spaces, blank ones left out.

    >>> [line.text for line in parse_text("Rain ahead\n\n  Bring a\tcoat.\n")]
    ['Rain ahead', 'Bring a coat.']
    """
    return read_text(text).lines


def read_text(text: str) -> PlainText:
    """Return a text's lines; those of a letter's head and signature say that they are it."""
    groups = [
        [" ".join(row.split()) for row in group.split("\n") if row.strip()]
        for group in _BLANK.split(text)
    ]
    subject, head = _read_head(groups[0])
    signed = _signature(groups)
    end = len(groups) if signed is None else signed[0]
    rest = [] if signed is None else groups[end][signed[1] :], *groups[end + 1 :]
    body = groups[1 if head else 0 : end]
    if signed is not None:
        body.append(groups[end][: signed[1]])
    if _is_wrapped(body):
        body = [[" ".join(group)] for group in body]
    else:
        width = max((len(row) for group in body for row in group), default=0)
        body = [_joined(group, width) for group in body]
    lines = [Line(row, dropped="the head of a letter") for row in head]
    lines += [Line(row) for group in body for row in group if row]
    lines += [Line(row, dropped="a signature") for group in rest for row in group]
    return PlainText(tuple(lines), subject)


def _read_head(group: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """Return the subject and the rows of a letter's head; none for a text that has no head."""
    fields = [match for row in group if (match := _FIELD.match(row))]
    names = {match[1].lower() for match in fields}
    if len(fields) < len(group) or not {"from", "subject"} <= names:
        return None, ()
    return next(match[2] for match in fields if match[1].lower() == "subject"), group


def _signature(groups: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Return group and row of the mark below which mail programs put a signature."""
    rows = 0
    for i in range(len(groups) - 1, -1, -1):
        for j in range(len(groups[i]) - 1, -1, -1):
            if groups[i][j] == "--":
                return (i, j) if rows else None
            rows += 1
            if rows > _SIGNATURE_ROWS:
                return None
    return None


def _joined(group: Sequence[str], width: int) -> list[str]:
    """Join the rows of a paragraph of which one goes on in the middle of its sentence."""
    joined: list[str] = []
    last = 0
    for row in group:
        full = last >= _NARROWEST_WRAP and _FULL_SHARE * width <= last <= width <= _WIDEST_WRAP
        if joined and full and row[0].islower() and not joined[-1].endswith(_ENDS):
            joined[-1] = f"{joined[-1]} {row}"
        else:
            joined.append(row)
        last = len(row)
    return joined


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
