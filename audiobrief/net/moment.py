"""When a host may be asked again, by what it says (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: No host is left alone for longer because it said so once.
MOST_S = 86_400.0
#: After a fault of which the host has said nothing.
USUAL_S = 300.0
#: Before the first repetition; then twice as long.
_FIRST_PAUSE_S = 1.0

_SECONDS = re.compile(r"[0-9]{1,12}")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s{0,3}=\s{0,3}\"?([0-9]{1,12})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"no-cache|no-store|must-revalidate", re.IGNORECASE)


def retry_after_s(field: str | None, now: datetime) -> float | None:
    """Return how long a host wants to be left alone: seconds or a date, at most a day.

    >>> retry_after_s("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> retry_after_s("soon", datetime(2026, 1, 1, tzinfo=UTC)) is None
    True
    """
    written = (field or "").strip()
    if _SECONDS.fullmatch(written):
        return min(float(written), MOST_S)
    moment = _date(written)
    return None if moment is None else min(max((moment - now).total_seconds(), 0.0), MOST_S)


def fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when an answer stays as it is, at most a day; ``None``: nothing is said."""
    said = headers.get("Cache-Control", "")[:300]
    age = _MAX_AGE.search(said)
    if age is None or _NOT_KEPT.search(said):
        return None
    seconds = min(float(age[1]), MOST_S)
    return now + timedelta(seconds=seconds) if seconds else None


def pause_s(number: int) -> float:
    """Return how long to wait before a repetition, counted from 0.

    >>> [pause_s(n) for n in range(3)]
    [1.0, 2.0, 4.0]
    """
    return _FIRST_PAUSE_S * 2.0**number


def _date(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written[:60])
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
