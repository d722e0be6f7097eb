"""Time that goes forward when somebody would wait."""

from datetime import UTC, datetime, timedelta
from threading import Lock

#: When every test begins.
BEGIN = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Clock:
    """Clock, time of day and waiting in one.

    ``tick_s`` is what every look at the clock takes; a host that is slow is told by it.
    """

    def __init__(self):
        self._lock = Lock()
        self._at_s = 0.0
        self.tick_s = 0.0
        #: Every wait, in seconds.
        self.waits = []

    def seconds(self):
        """Return seconds since the beginning."""
        with self._lock:
            self._at_s += self.tick_s
            return self._at_s

    def now(self):
        """Return the time of day."""
        with self._lock:
            return BEGIN + timedelta(seconds=self._at_s)

    def wait(self, seconds):
        """Let time go by, at once."""
        with self._lock:
            self.waits.append(seconds)
            self._at_s += seconds
