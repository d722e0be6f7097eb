"""Dates as HTTP writes them (RFC 9110, 5.6.7; pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import formatdate
from time import time
from typing import Final

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"[A-Z][a-z]{{2}}, (?P<day>\d\d) (?P<month>[A-Z][a-z]{{2}}) (?P<year>\d{{4}}) {_TIME} GMT",
        # Those that are out of use, and still to be read.
        rf"[A-Z][a-z]{{5,8}}, (?P<day>\d\d)-(?P<month>[A-Z][a-z]{{2}})-(?P<year>\d\d) {_TIME} GMT",
        rf"[A-Z][a-z]{{2}} (?P<month>[A-Z][a-z]{{2}}) (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})",
    )
)
#: A year of two digits that would be farther ahead is of the last century.
_AHEAD_YEARS: Final = 50


def parse_http_date(text: str | None) -> int | None:
    """Return seconds since 1970; ``None``: it is no date.

    >>> parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")
    784111777
    >>> parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777
    True
    >>> parse_http_date("Sun Nov  6 08:49:37 1994") == 784111777
    True
    >>> parse_http_date("yesterday") is None
    True
    """
    for form in _FORMS:
        match = form.fullmatch((text or "").strip(" \t"))
        if match is not None and match["month"] in _MONTHS:
            return _seconds(match)
    return None


def _seconds(match: re.Match[str]) -> int | None:
    year = int(match["year"])
    if len(match["year"]) == 2:
        this_year = datetime.fromtimestamp(time(), UTC).year
        year += this_year - this_year % 100
        if year > this_year + _AHEAD_YEARS:
            year -= 100
    month = _MONTHS.index(match["month"]) + 1
    # 60 is a leap second, which the clocks of files do not know.
    second = min(int(match["second"]), 59)
    try:
        moment = datetime(
            year, month, int(match["day"]), int(match["hour"]), int(match["minute"]), second,
            tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return None
    return int(moment.timestamp())


def render_http_date(seconds: int) -> str:
    """Return a moment as HTTP writes it.

    >>> render_http_date(784111777)
    'Sun, 06 Nov 1994 08:49:37 GMT'
    """
    return formatdate(seconds, usegmt=True)
