"""Signals that ask a long command for its end."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Ctrl-C; what systemd and shutdowns send, a terminal that is closed, Ctrl-Break.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def asked_by_signals(ask: Callable[[int], None]) -> Iterator[None]:
    """Have a function called with the number of each signal that asks for an end."""
    numbers = [signal.Signals[name] for name in _NAMES if hasattr(signal, name)]
    # A shell that puts us into its background, or nohup, wants some to be ignored.
    before = {n: signal.getsignal(n) for n in numbers if signal.getsignal(n) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, lambda number, _frame: ask(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Let signals stop something; yield which has come last."""
    asked: list[int] = []

    def ask(number: int) -> None:
        asked[:] = [number]
        stop()

    with asked_by_signals(ask):
        yield asked
