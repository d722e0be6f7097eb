"""What long work tells while it runs. The library never prints: it calls ``tell``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What is being done."""

    FETCH = "fetching"
    READ = "reading"
    SPEAK = "speaking"
    ASSEMBLE = "assembling"
    #: Nothing is done any more for an article: it is an episode, or has failed.
    MADE = "made"
    PUBLISH = "publishing"
    ANNOUNCE = "announcing"
    SHARE = "sharing"
    CHECK = "checking"


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a build or a check."""

    stage: Stage
    #: The article; empty while publishing.
    locator: str
    #: Steps of the stage that are done, out of how many.
    done: int
    total: int
    #: What is being worked on, for people.
    detail: str = ""


Tell = Callable[[Event], None]


def say_nothing(_event: Event) -> None:
    """Ignore all events."""
