"""Which bytes a request wants (RFC 9110, section 14; pure)."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

#: More parts than that are no seeking: the whole file is sent once instead.
MOST_PARTS: Final = 32
#: A longer header is not read: a player asks for one range.
_MOST_CHARACTERS: Final = 60_000
_UNIT = re.compile(r"bytes[ \t]*=(?P<set>.*)", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"\A(?P<first>[0-9]*)-(?P<last>[0-9]*)")
#: No file has as many bytes as a number of so many digits.
_MOST_DIGITS: Final = 18


class Selection(Enum):
    """What a header selects besides ranges."""

    #: It is to be ignored: the whole file.
    WHOLE = "whole"
    #: No byte of the file: 416.
    NOTHING = "nothing"


Ranges = tuple[tuple[int, int], ...]


def select(header: str | None, size: int) -> Ranges | Selection:
    """Return the ranges of a ``Range`` header.

    Overlapping and adjacent ranges become one, so that no byte is sent twice.

    Args:
        header: Its value; ``None``: there is none.
        size: Of the file, in bytes.

    Returns:
        Half-open, at least one and at most ``MOST_PARTS``, in the order in which they were asked
        for; where some were merged, in the order of the file.

    >>> select("bytes=0-4, -2", 100)
    ((0, 5), (98, 100))
    >>> select("bytes=100-", 100), select("items=0-4", 100), select("bytes=5-2", 100)
    (<Selection.NOTHING: 'nothing'>, <Selection.WHOLE: 'whole'>, <Selection.WHOLE: 'whole'>)
    """
    if header is None or len(header) > _MOST_CHARACTERS:
        return Selection.WHOLE
    unit = _UNIT.fullmatch(header.strip(" \t"))
    if unit is None:
        return Selection.WHOLE
    # RFC 9110, 5.6.1: empty elements of a list are skipped.
    written = [each for each in (part.strip(" \t") for part in unit["set"].split(",")) if each]
    found = [_bounds(each, size) for each in written]
    if not found or None in found:
        return Selection.WHOLE
    wanted = [bounds for bounds in found if bounds is not None and bounds[0] < bounds[1]]
    if not wanted:
        return Selection.NOTHING
    merged = _merged(wanted)
    ranges = tuple(wanted) if len(merged) == len(wanted) else merged
    return ranges if len(ranges) <= MOST_PARTS else Selection.WHOLE


def _bounds(written: str, size: int) -> tuple[int, int] | None:
    """Return one range, empty where it selects nothing; ``None``: it is malformed."""
    match = _RANGE.fullmatch(written)
    if match is None:
        return None
    first, last = match["first"], match["last"]
    if not first:
        if not last:
            return None
        return max(0, size - _number(last)), size
    start = _number(first)
    if not last:
        return start, max(start, size)
    end = _number(last)
    if end < start:
        return None
    return (start, min(end + 1, size)) if start < size else (start, start)


def _number(digits: str) -> int:
    plain = digits.lstrip("0") or "0"
    return int(plain) if len(plain) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
