"""What the request under way may still use.

One connection serves many requests, each with its own end. httpcore calls the sockets in the thread
of the request, so a context variable tells them whose turn it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from audiobrief.net.fault import Fault, slow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Of status line and headers. Cookies of 4 kB, fifteen of them, fit in.
_MOST_HEAD_BYTES = 65_536


class Deadline:
    """The end of a whole request, by a clock that never goes back."""

    def __init__(self, clock: Callable[[], float], limit_s: float) -> None:
        self._clock = clock
        self._limit_s = limit_s
        self._end_s = clock() + limit_s

    def left_s(self) -> float:
        """Return the seconds that are left, more than none.

        Raises:
            PassingFault: None is.
        """
        left_s = self._end_s - self._clock()
        if left_s <= 0:
            raise self.fault()
        return left_s

    def has_s(self, seconds: float) -> bool:
        """Tell whether there is more time than this."""
        return self._end_s - self._clock() > seconds

    def fault(self) -> Fault:
        """Return what is to say when time is over."""
        return slow(self._limit_s)

    def move(self, seconds: float) -> None:
        """Give more time, or take some."""
        self._end_s += seconds


class Allowance:
    """What one exchange may use: time, bytes of a head, and whether it may go home.

    Args:
        deadline: Of the request that it belongs to.
        may_go_home: The user or a host at home has asked for it, not some page.
    """

    def __init__(self, deadline: Deadline, *, may_go_home: bool) -> None:
        self.deadline = deadline
        self.may_go_home = may_go_home
        self._head_bytes: int | None = 0

    def end_head(self) -> None:
        """Note that status and headers are there."""
        self._head_bytes = None

    def before_reading(self) -> float:
        """Return how long to wait for bytes.

        Raises:
            Fault: The time is over, or the headers have no end.
        """
        if self._head_bytes is not None and self._head_bytes >= _MOST_HEAD_BYTES:
            raise Fault(
                f"its headers are longer than {_MOST_HEAD_BYTES:,} bytes", "tell its operator"
            )
        return self.deadline.left_s()

    def count(self, read_bytes: int) -> None:
        """Note what was read."""
        if self._head_bytes is not None:
            self._head_bytes += read_bytes


_current: ContextVar[Allowance] = ContextVar("allowance")


@contextmanager
def using(allowance: Allowance) -> Iterator[None]:
    """Let what this thread sends and receives count."""
    token = _current.set(allowance)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Allowance:
    """Return the allowance of the request that this thread is at."""
    return _current.get()
