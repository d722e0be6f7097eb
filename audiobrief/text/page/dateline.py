"""Read off a page when its article was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiobrief.text.page.lines import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATES = (
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?Z?)?\b"), "ymd"),
    (
        re.compile(rf"\b({MONTHS})\.? (\d{{1,2}})(?:st|nd|rd|th)?[.,]? (\d{{4}})\b", re.IGNORECASE),
        "mdy",
    ),
    (
        re.compile(
            rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[ -]({MONTHS})\.?,?[ -](\d{{4}})\b", re.IGNORECASE
        ),
        "dmy",
    ),
    # In figures alone only what cannot be a month is known to be a day.
    (re.compile(r"\b(1[3-9]|2\d|3[01])[/.-](0?[1-9]|1[0-2])[/.-]((?:19|20)\d\d)\b"), "dmy"),
    (re.compile(r"\b(0?[1-9]|1[0-2])[/.-](1[3-9]|2\d|3[01])[/.-]((?:19|20)\d\d)\b"), "mdy"),
)
_DIGIT = re.compile(r"\d")
#: Without a headline, so far above the text its date is looked for.
_HEAD_LINES = 8
_PUBLISHED = re.compile(r"\b(?:published|posted|first published|date)\b", re.IGNORECASE)
_UPDATED = re.compile(r"\b(?:updated|modified|edited|accessed|copyright)\b|\u00a9", re.IGNORECASE)
_MONTH_LIST = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTH_LIST.split(), 1)}


def find_published(
    lines: Sequence[str], outside: Sequence[int], start: int, top: int | None = None
) -> datetime | None:
    """Return when the article was published, when the lines around it say so without doubt.

    A date beside the word "published" counts first; else the only date in the lines right above
    the text. Dates in figures alone ("03/04/2024") mean different days in different countries and
    are passed over.

    Args:
        lines: All lines.
        outside: Indices of those that are no article text.
        start: Index of the first line of the text.
        top: Where the headline stands right above the text, when that is known.
    """
    first = top - 3 if top is not None and top <= start else start - _HEAD_LINES
    marked: list[datetime] = []
    above: list[datetime] = []
    for i in outside:
        line = lines[i]
        if len(line) > 120 or not (date := parse_date(line)):
            continue
        said = line if i == 0 or parse_date(lines[i - 1]) else f"{lines[i - 1][-40:]} {line}"
        if _PUBLISHED.search(said):
            marked.append(date)
        elif not _UPDATED.search(said) and first <= i <= start + 1:
            above.append(date)
    if marked:
        return marked[0]
    return above[0] if len(set(above)) == 1 else None


def parse_date(text: str) -> datetime | None:
    """Return the first unmistakable date in a line, in UTC; midnight without a time of day.

    >>> parse_date("Published 26 October 2015").isoformat()
    '2015-10-26T00:00:00+00:00'
    """
    if _DIGIT.search(text) is None:
        return None
    for pattern, order in _DATES:
        match = pattern.search(text)
        if not match:
            continue
        fields = dict(zip(order, match.groups()[:3], strict=True))
        month = fields["m"]
        number = int(month) if month.isdigit() else _MONTH_NUMBERS[month[:3].lower()]
        hour, minute = (int(g or 0) for g in match.groups()[3:5]) if order == "ymd" else (0, 0)
        try:
            return datetime(int(fields["y"]), number, int(fields["d"]), hour, minute, tzinfo=UTC)
        except ValueError:  # the 31st of February: a number, no date
            continue
    return None
