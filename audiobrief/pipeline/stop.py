"""A wish to end, which a signal handler may express at any moment."""

from __future__ import annotations

from queue import Empty, SimpleQueue


class Stop:
    """What a long run looks at between two steps; an event, as watchfiles takes it."""

    def __init__(self) -> None:
        self.signal = 0
        # An Event would lock itself out when the signal comes while it waits.
        self._asked: SimpleQueue[int] = SimpleQueue()

    def ask(self, signal: int) -> None:
        """Ask for an end; the number says by what."""
        self.signal = signal
        self._asked.put(signal)

    def is_set(self) -> bool:
        """Tell whether somebody has asked."""
        return self.signal != 0

    def wait(self, seconds: float) -> bool:
        """Wait, at most until somebody asks; say whether somebody has."""
        if not self.is_set():
            try:
                self._asked.get(timeout=seconds)
            except Empty:
                return self.is_set()
        return True
