"""The yardsticks of the sound, and the figures that are held to them (pure)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.bench.figure import Figure, figure_of
from audiobrief.bench.parts import length_in_words
from audiobrief.bench.rounds import ratios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobrief.bench.rounds import Row

#: Rows by length as asked for, in seconds, and key of the contender.
Rows = dict[tuple[int, str], "Row"]

HALF_HOUR_S, HOUR_S = 1800, 3600
#: CPU of the assembly at 30 minutes, against the same of another way.
MOST_CPU_OF = {"concat": 1.0, "loudnorm": 0.25}
#: Time of the assembly on one core, against that on two.
LEAST_BY_TWO_CORES = 1.6
#: Peak memory of the assembly: 3 hours against 30 minutes, and at 10 hours.
MOST_MEMORY_GROWTH, MOST_MEMORY_MB = 1.15, 200.0
#: Time of the assembly: 1,000 segments against 250.
MOST_BY_FOURFOLD = 4.4
#: From the edited word in an hour to the new MP3; and its share of the cold build.
MOST_OF_EDIT_S, MOST_OF_COLD = 1.5, 0.1

_GROUP = "sound"
_ASSEMBLY, _BUILD = "assembly", "build"
_NAMES = {_ASSEMBLY: "assembly", _BUILD: "audiobrief build"}


def cpu_figures(rows: Rows, seconds: int) -> Iterator[Figure]:
    """Compare the CPU of the assembly with that of other ways.

    Only at 30 minutes it is held to anything: in a short episode the start of Python counts most.
    """
    assembly = rows[seconds, _ASSEMBLY]
    for other, most in MOST_CPU_OF.items():
        row = rows[seconds, other]
        yield from figure_of(
            _GROUP,
            f"{length_in_words(seconds)}: assembly / {row.contender.name}, CPU",
            ratios(assembly.runs, row.runs, "cpu_s"),
            most=most if seconds == HALF_HOUR_S else None,
        )


def cores_figures(one: Row, two: Row) -> Iterator[Figure]:
    """Compare one core with two."""
    name = "30 min: assembly on one core / on two, time"
    for figure in figure_of(_GROUP, name, ratios(one.runs, two.runs, "wall_s")):
        yield replace(figure, yardstick=LEAST_BY_TWO_CORES)


def segment_figures(many: Row, few: Row) -> Iterator[Figure]:
    """Compare 1,000 segments with 250."""
    times = ratios(many.runs, few.runs, "wall_s")
    name = "1,000 segments / 250: assembly, time"
    return figure_of(_GROUP, name, times, most=MOST_BY_FOURFOLD)


def edit_figures(cold: Row, edited: Row) -> Iterator[Figure]:
    """Hold the build after an edit to its limit, and to the build before."""
    name = "1 h: audiobrief build after one edited word"
    seconds = [run.wall_s for run in edited.runs]
    yield from figure_of(_GROUP, name, seconds, unit="s", most=MOST_OF_EDIT_S)
    share = ratios(edited.runs, cold.runs, "wall_s")
    yield from figure_of(_GROUP, f"{name} / cold", share, most=MOST_OF_COLD)


def memory_figures(rows: Rows) -> Iterator[Figure]:
    """Compare peaks of several lengths, as far as they are measured.

    The bars are the assembly's: sound is streamed. A build holds the words of an episode as well,
    and its peak is told.
    """
    for key in (_ASSEMBLY, _BUILD):
        name = f"{_NAMES[key]}, peak memory"
        half, three, ten = (_peak_mb(rows, s, key) for s in (HALF_HOUR_S, 3 * HOUR_S, 10 * HOUR_S))
        growth, most = (MOST_MEMORY_GROWTH, MOST_MEMORY_MB) if key == _ASSEMBLY else (None, None)
        if half and three:
            yield from figure_of(_GROUP, f"3 h / 30 min: {name}", [three / half], most=growth)
        if ten:
            yield from figure_of(_GROUP, f"10 h: {name}", [ten], unit="MB", most=most)


def _peak_mb(rows: Mapping[tuple[int, str], Row], seconds: int, key: str) -> float | None:
    row = rows.get((seconds, key))
    peak = row and (row.spread("tree_mb") or row.spread("largest_mb"))
    return peak.median if peak else None
