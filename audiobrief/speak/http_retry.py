"""Which answers are worth asking again for, when, and how often (pure, but for one counter)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from threading import Lock

#: Statuses that another moment may change: timeouts (408, 425), limits (429) and trouble behind the
#: server (5xx, those of Cloudflare included); not 501 and 505, which say "never".
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})

#: Statuses that concern the account, not the text: every further text would be refused as well.
_ACCOUNT = frozenset({401, 402, 403})

#: How OpenAI names an account without money; it comes with status 429, like a limit that passes.
_NO_MONEY = re.compile(rb"insufficient_quota|billing_hard_limit_reached")


class Verdict(Enum):
    """What an answer calls for."""

    TAKE = auto()
    ASK_AGAIN = auto()
    #: The text, voice or model is refused; others may not be.
    REFUSED = auto()
    #: Nothing will be spoken for this account.
    LOCKED_OUT = auto()
    #: The server lives at another address.
    ELSEWHERE = auto()


def verdict(status: int, body: bytes) -> Verdict:
    """Return what to do about an answer.

    >>> [verdict(status, b"").name for status in (200, 307, 401, 404, 429, 501, 503)]
    ['TAKE', 'ELSEWHERE', 'LOCKED_OUT', 'REFUSED', 'ASK_AGAIN', 'REFUSED', 'ASK_AGAIN']
    >>> verdict(429, b'{"error": {"code": "insufficient_quota"}}').name
    'LOCKED_OUT'
    """
    if 200 <= status < 300:
        return Verdict.TAKE
    if 300 <= status < 400:
        return Verdict.ELSEWHERE
    if status in _ACCOUNT or (status == 429 and _NO_MONEY.search(body)):
        return Verdict.LOCKED_OUT
    return Verdict.ASK_AGAIN if status in _TRANSIENT else Verdict.REFUSED


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Return the wait that a ``Retry-After`` header asks for; ``None``: none that can be read.

    Args:
        value: Seconds, or an HTTP date.
        now: Aware.

    Source:
        RFC 9110, section 10.2.3.

    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> retry_after_s("7", noon), retry_after_s("Fri, 02 Jan 2026 12:00:09 GMT", noon)
    (7.0, 9.0)
    >>> retry_after_s("Fri, 02 Jan 2026 11:00:00 GMT", noon), retry_after_s("soon", noon)
    (0.0, None)
    """
    if value is None:
        return None
    # Some servers send fractions, which the standard does not know.
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value.strip()):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    # "-0000" gives a date without zone; HTTP dates are in GMT.
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often a text is asked for, and how long the waits are."""

    #: Requests for one text, the first included. Sound that is not the text counts like no answer:
    #: with one in ten so, two requests would lose one text in a hundred, five one in 100,000.
    requests: int = 5
    first_s: float = 0.5
    most_s: float = 20.0
    #: Longest wait that a server may ask for; beyond, the run ends, and its clips are kept.
    patience_s: float = 120.0

    def wait_s(self, failures: int, chance: float) -> float:
        """Return the wait after so many failures in a row, doubled each time.

        Args:
            failures: 1 or more.
            chance: 0..1; it spreads sessions that failed together over half the wait.

        >>> [Backoff().wait_s(n, 1.0) for n in (1, 2, 3, 9)]
        [0.5, 1.0, 2.0, 20.0]
        """
        whole_s = min(self.first_s * 2.0 ** (failures - 1), self.most_s)
        return whole_s * (0.5 + chance / 2)

    def after_rest_s(self, rest_s: float, chance: float) -> float:
        """Return the wait for a rest that the server asked for, never shorter than that.

        Args:
            rest_s: 0 or less: none is left.
            chance: 0..1; it spreads sessions that were told the same over half a second and a tenth
                of the rest, or all would be refused together again.

        >>> [Backoff().after_rest_s(rest_s, 1.0) for rest_s in (-1, 0, 5, 60)]
        [0.0, 0.0, 6.0, 66.5]
        >>> Backoff().after_rest_s(5, 0.0)
        5.0
        """
        if rest_s <= 0:
            return 0.0
        return rest_s + chance * (0.5 + rest_s / 10)


@dataclass(slots=True)
class Budget:
    """How many failures all sessions together may have; successes pay them back.

    A server that fails less often than not never uses it up. One that is down costs `most`
    failures, and from then on one for each text.
    """

    most: float = 30.0
    #: What one success pays back.
    refund: float = 1.0
    spent: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    def take(self) -> bool:
        """Spend one failure; false: it was the last one or beyond."""
        with self.lock:
            self.spent = min(self.spent + 1, self.most)
            return self.spent < self.most

    def pay_back(self) -> None:
        """Note a success."""
        with self.lock:
            self.spent = max(0.0, self.spent - self.refund)
