"""Dates as feeds write them (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

# Not strftime, which speaks the language of the process.
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: RFC 2822, 3.3: with a numeric zone.
STRICT_DATE = re.compile(
    r"((?P<weekday>[A-Z][a-z]{2}), )?"
    r"\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(:\d{2})? [+-]\d{4}"
)


# Every date is asked for twice: once for the whole feed, once for its item.
@lru_cache(maxsize=16_384)
def parse_date(text: str) -> datetime | None:
    """Return the moment that a feed means, aware; ``None`` where apps could not read it.

    >>> parse_date("Fri, 17 May 2024 06:30:00 GMT").isoformat()
    '2024-05-17T06:30:00+00:00'
    >>> parse_date("2024-05-17"), parse_date("Fri, 37 May 2024 06:30:00 +0000")
    (None, None)
    """
    if not text or len(text) > 100 or not re.match(r"(?:[A-Za-z]{2,9},?\s*)?\d{1,2}[\s-]", text):
        return None
    try:
        date = parsedate_to_datetime(text)
        # Zone names that mean nothing to the standard library count as UTC.
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
