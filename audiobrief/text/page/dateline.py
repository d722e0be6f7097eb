"""Read off a page when its article was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from audiobrief.text.page.lines import is_date_alone
from audiobrief.text.plain_words import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATES = (
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?!\d)"), "ymd"),
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
#: Behind the day in ISO 8601; without a zone the time is taken for UTC.
_ISO_TIME = re.compile(
    r"[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?"
    r" ?(?:Z|(?P<sign>[+-])(?P<zone_hour>\d{2}):?(?P<zone_minute>\d{2}))?"
)
#: Hours from UTC of the abbreviations that mean one zone only.
_ZONES = {
    "GMT": 0, "UTC": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
#: A time of day counts only with its zone: else nobody knows which instant it is.
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d)(?:[:.][0-5]\d)?)?"
    r" ?(?P<half>[ap]\.?m\.?)? ?\(?(?P<zone>"
    + "|".join(sorted(_ZONES, key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
#: So close to the date its time of day stands.
_BESIDE = 30
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
    entries = _entries(lines, outside, start)
    marked: list[datetime] = []
    above: list[datetime] = []
    for i in outside:
        line = lines[i]
        if i in entries or len(line) > 120 or not (date := parse_date(line)):
            continue
        said = line if i == 0 or parse_date(lines[i - 1]) else f"{lines[i - 1][-40:]} {line}"
        if _PUBLISHED.search(said):
            marked.append(date)
        elif not _UPDATED.search(said) and first <= i <= start + 1:
            above.append(date)
    if marked:
        return marked[0]
    return above[0] if len(set(above)) == 1 else None


def _entries(lines: Sequence[str], outside: Sequence[int], start: int) -> frozenset[int]:
    """Return the lines that head the entries of a chronicle: dates alone, one right at its text.

    A single date at the beginning of a text is when it was published.
    """
    inside = set(range(start, len(lines))).difference(outside)
    end = max(inside, default=start)
    dates = [i for i in outside if start - 2 <= i < end and is_date_alone(lines[i])]
    amid = {lines[i] for i in dates if i > start + 1}
    return frozenset(i for i in dates if amid - {lines[i]} or i > start + 1)


def parse_date(text: str) -> datetime | None:
    """Return the first unmistakable date in a line: the day as printed, with the zone it names.

    Without a time of day and its zone it is midnight in UTC.

    >>> parse_date("Published 26 October 2015").isoformat()
    '2015-10-26T00:00:00+00:00'
    >>> parse_date("2024-03-12T23:30:00-05:00").isoformat()
    '2024-03-12T23:30:00-05:00'
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
        hour, minute, zone = _time_of_day(text, match, iso=order == "ymd")
        try:
            return datetime(int(fields["y"]), number, int(fields["d"]), hour, minute, tzinfo=zone)
        except ValueError:  # the 31st of February: a number, no date
            continue
    return None


def _time_of_day(text: str, date: re.Match[str], *, iso: bool) -> tuple[int, int, tzinfo]:
    """Return hour, minute and zone beside a date; midnight in UTC where they are not told."""
    if iso and (clock := _ISO_TIME.match(text, date.end())):
        hour, minute = int(clock["hour"]), int(clock["minute"])
        if hour > 23 or minute > 59:
            return 0, 0, UTC
        if clock["sign"] is None:
            return hour, minute, UTC
        offset = timedelta(hours=int(clock["zone_hour"]), minutes=int(clock["zone_minute"]))
        if offset >= timedelta(hours=24):
            return hour, minute, UTC
        return hour, minute, timezone(-offset if clock["sign"] == "-" else offset)
    near = text[max(0, date.start() - _BESIDE) : date.start()], text[date.end() :][:_BESIDE]
    clock = next(filter(None, map(_CLOCK.search, reversed(near))), None)
    if clock is None or (clock["minute"] is None and clock["half"] is None):
        return 0, 0, UTC
    hour = int(clock["hour"])
    if clock["half"] and hour <= 12:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    zone = timezone(timedelta(hours=_ZONES[clock["zone"].upper()]))
    return hour, int(clock["minute"] or 0), zone
