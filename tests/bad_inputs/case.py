"""What a row of the table is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class Expected(Enum):
    """What becomes of an input; the others of the same run are published in any case."""

    REFUSED = "R"
    #: Settings, or what they name: exit code 2, nothing is begun.
    ERROR = "E"
    #: The article is left out and named.
    QUARANTINED = "Q"
    #: Made harmless and published, or passed over where nothing is lost.
    SANITIZED = "S"


@dataclass(frozen=True)
class Try:
    """One run of the command in a workspace of its own."""

    #: Puts the input where the command finds it; given a `tests.bad_inputs.place.Place`.
    make: Callable
    #: Arguments of ``build --engine tone``; all of the command if it begins with another one.
    command: tuple[str, ...] = ()
    code: int = 0
    #: Errors on stderr, of three lines each.
    errors: int = 0
    #: Patterns that must be found in what is printed.
    seen: tuple[str, ...] = ()
    #: Texts that must stand nowhere: not printed, in no report, manifest, feed, page or cache.
    unseen: tuple[str, ...] = ()
    #: Files of the workspace that are the user's, and may hold a secret that the user has given.
    kept: tuple[str, ...] = ()
    #: Episodes in the feed in the end; ``None``: there is no feed, since nothing was begun.
    episodes: int | None = 1
    #: Looks at the workspace afterwards; given a `tests.bad_inputs.run.Ran`.
    check: Callable | None = None
    #: Peak of any process; 500 unless the reference says less.
    most_mb: int = 500
    #: Spoken by a real voice, not by the engine for tests.
    engine: str = "tone"
    #: Variables of the environment besides.
    environment: dict[str, str] = field(default_factory=dict)
    #: So many times as fast goes the clock of the client.
    speed: float = 20.0


@dataclass(frozen=True)
class Case:
    """A row."""

    number: int
    what: str
    expected: Expected
    tries: tuple[Try, ...]
    #: How this differs from what was proposed, and why; empty: it does not.
    deviation: str = field(default="")


def row(number, what, expected, *tries, deviation="", **options):
    """Return a row; without tries the options are those of its only one."""
    return Case(number, what, Expected(expected), tries or (Try(**options),), deviation)
