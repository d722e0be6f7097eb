"""Dates as sources write them, to aware moments in UTC (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Seconds or milliseconds since 1970, from 2001 on: fewer digits may be a date (20250314).
_EPOCH = re.compile(r"-?(\d{9,10}|\d{12,13})(\.\d+)?")


def parse_moment(written: object) -> datetime | None:
    """Return the moment that a source names; ``None``: it names none that can be understood.

    Understood are ISO 8601, RFC 5322 and seconds or milliseconds since 1970. A moment without a
    time zone is taken as UTC.

    >>> parse_moment("2025-03-14T09:30:00+02:00")
    datetime.datetime(2025, 3, 14, 7, 30, tzinfo=datetime.timezone.utc)
    >>> parse_moment("Fri, 14 Mar 2025 09:30:00 GMT") == parse_moment("1741944600")
    True
    >>> parse_moment("yesterday"), parse_moment("2025-02-30"), parse_moment(None)
    (None, None, None)
    """
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        return None
    text = str(written).strip()
    if _EPOCH.fullmatch(text):
        return _since_1970(float(text))
    return in_utc(_parsed(text))


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC; ``None``: there is none, or UTC takes it out of the calendar."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar
        return None


def _parsed(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _since_1970(number: float) -> datetime:
    seconds = number / 1000 if abs(number) >= 1e11 else number
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
