"""Contenders in turns: a, b, c, a, b, c …, and what came of it, as ratios within each round.

What else the machine does changes from minute to minute and meets all contenders of a round: their
ratio is steadier than their seconds.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiobrief.bench.contenders import STANDARD
from audiobrief.bench.figure import Spread, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobrief.bench.contenders import Contender
    from audiobrief.bench.material import Course
    from audiobrief.bench.tree import Taken

#: What a run took, by name.
MEASURES = ("cpu_s", "wall_s", "largest_mb", "tree_mb", "sound_s")


@dataclass(frozen=True, slots=True)
class Row:
    """What one contender took for episodes of one length."""

    length_s: float
    contender: Contender
    #: One a round, up to the first that failed.
    runs: tuple[Taken, ...]
    #: Those of the standard, round by round.
    standard: tuple[Taken, ...] = ()
    #: Why there are not as many as there were rounds.
    failure: str | None = None

    def spread(self, measure: str) -> Spread | None:
        """Return one of `MEASURES` over all rounds; ``None``: this system does not tell it."""
        return spread([v for run in self.runs if (v := getattr(run, measure)) is not None])

    def against_standard(self, measure: str) -> Spread | None:
        """Return its ratio to the standard, taken round by round."""
        return spread(ratios(self.runs, self.standard, measure))

    def as_row(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "length_s": self.length_s,
            "contender": self.contender.key,
            "name": self.contender.name,
            "source": self.contender.source,
            "rounds": len(self.runs),
            "failure": self.failure,
            **{measure: _as_dict(self.spread(measure)) for measure in MEASURES},
            "cpu_ratio": _as_dict(self.against_standard("cpu_s")),
            "wall_ratio": _as_dict(self.against_standard("wall_s")),
        }


def _as_dict(value: Spread | None) -> dict[str, float] | None:
    return None if value is None else {k: round(v, 4) for k, v in value._asdict().items()}


def ratios(runs: Sequence[Taken], others: Sequence[Taken], measure: str) -> list[float]:
    """Return the ratios of two contenders, round by round, as far as both were measured."""
    pairs = (
        (getattr(run, measure), getattr(other, measure))
        for run, other in zip(runs, others, strict=False)
    )
    return [value / other for value, other in pairs if value is not None and other]


def missing_of(contender: Contender) -> str | None:
    """Say what a contender needs and has not."""
    absent = [name for name in contender.needs if shutil.which(name) is None]
    return f"{' and '.join(absent)}: not installed" if absent else None


def take_turns(
    contenders: Sequence[Contender],
    course: Course,
    rounds: int,
    tell: Callable[[str], None],
) -> list[Row]:
    """Run every contender once in each round.

    Args:
        contenders: In the order of their turns. One that fails or is not there is left out of the
            rounds that follow, and its row says why.
        course: What they work on.
        rounds: How many.
        tell: Called before each run with what is done.
    """
    failures = {c.key: missing_of(c) for c in contenders}
    runs: dict[str, list[Taken]] = {c.key: [] for c in contenders}
    for turn in range(rounds):
        for contender in contenders:
            if failures[contender.key]:
                continue
            tell(f"round {turn + 1} of {rounds}: {contender.name}")
            taken = contender.run(course, turn)
            failures[contender.key] = taken.failure
            # What it took until it failed is no measurement.
            if not taken.failure:
                runs[contender.key].append(taken)
    length_s = sum(one.seconds for one in course.spoken)
    standard = tuple(runs.get(STANDARD, ()))
    return [Row(length_s, c, tuple(runs[c.key]), standard, failures[c.key]) for c in contenders]
