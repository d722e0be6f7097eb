"""What all sessions share: the world outside, and what is known of a server by now."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Condition, Event
from time import monotonic
from typing import TYPE_CHECKING

from audiobrief.speak.http_retry import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an engine knows of the world outside; tests bring their own."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    #: Seconds that never go back.
    clock: Callable[[], float] = monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: Waits so many seconds, or until the event.
    pause: Callable[[Event, float], object] = Event.wait
    #: 0..1.
    chance: Callable[[], float] = random.random


class Server:
    """What all sessions know of one server."""

    def __init__(self) -> None:
        self.budget = Budget()
        #: Time of the clock before which it wants to be left alone.
        self.not_before = float("-inf")
        self._refused_fields: set[str] = set()
        self._busy = 0
        self._change = Condition()

    def takes(self, name: str) -> bool:
        """Tell whether a field may be sent."""
        return name not in self._refused_fields

    def concede(self, name: str) -> bool:
        """Note that a field or value must not be sent; true: that is new."""
        with self._change:
            is_new = name not in self._refused_fields
            self._refused_fields.add(name)
        return is_new

    def ask_for_rest(self, until: float) -> None:
        """Keep all sessions from asking for a while."""
        with self._change:
            self.not_before = max(self.not_before, until)

    def begin(self, most: int, is_over: Callable[[], bool]) -> None:
        """Wait until fewer than so many requests are under way."""
        with self._change:
            while self._busy >= most and not is_over():
                self._change.wait(0.5)
            self._busy += 1

    def end(self) -> None:
        """Let the next one in."""
        with self._change:
            self._busy -= 1
            self._change.notify()
