"""What of a curve and its segments falls into each column of a picture (pure).

An hour has 137,000 steps and a picture some hundred columns. Everything here is slices with a
built-in function over them, so that ten hours take a fraction of a second without numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, fsum, log10
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.audio import Curve
    from audiobrief.model.episode import TimedSegment

#: EBU Tech 3341: what a meter's "short-term" reading looks back on; here it is centered.
SHORT_TERM_S = 3.0
#: BS.1770-5, the absolute gate: below it is silence.
GATE_LUFS = -70.0
#: BS.1770-5: the K-weighting lifts 1 kHz by this much.
_OFFSET_LU = -0.691


@dataclass(frozen=True, slots=True)
class Level:
    """How far the sound goes in a column, 0.0..1.0 of full scale."""

    #: Of its highest sample.
    peak: float
    #: Of the peaks of its steps on average: tells words from pauses where the column is long.
    mean: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The short-term loudness in a column that is longer than a window: LUFS."""

    low: float
    middle: float
    high: float


def levels(curve: Curve, columns: int, *, duration_ms: int) -> list[Level]:
    """Return the level of every column; nothing where the curve ends before the episode."""
    found = []
    for first, end in _ranges(curve, columns, duration_ms):
        steps = curve.peaks[first:end]
        found.append(
            Level(max(steps) / 255, sum(steps) / len(steps) / 255) if steps else Level(0.0, 0.0)
        )
    return found


def readings(curve: Curve, columns: int, *, duration_ms: int) -> list[Reading | None]:
    """Return the short-term loudness of every column; ``None`` where there is silence.

    So many windows of 3 s are spread over a column that they touch each other: no moment is left
    out. At both ends they are moved inward, so that each is whole.
    """
    total = len(curve.energies)
    step_s = curve.step_frames / curve.sample_rate_hz
    column_s = duration_ms / 1000 / columns
    size = max(1, min(total, round(SHORT_TERM_S / step_s)))
    per_column = max(1, ceil(column_s / SHORT_TERM_S))
    found: list[Reading | None] = []
    for column in range(columns):
        heard = []
        for window in range(per_column):
            center_s = (column + (window + 0.5) / per_column) * column_s
            if center_s > total * step_s:
                continue
            first = max(0, min(total - size, round(center_s / step_s - size / 2)))
            lufs = _lufs(fsum(curve.energies[first : first + size]) / (size * curve.step_frames))
            if lufs is not None:
                heard.append(lufs)
        found.append(Reading(min(heard), median(heard), max(heard)) if heard else None)
    return found


def holders(
    segments: Sequence[TimedSegment], lanes: Sequence[int], columns: int, *, duration_ms: int
) -> list[dict[int, float]]:
    """Return which lanes are heard in every column, and what part of it each fills.

    Args:
        segments: In any order.
        lanes: The lane of each segment.
        columns: How many the picture has.
        duration_ms: Length of the episode.
    """
    found: list[dict[int, float]] = [{} for _ in range(columns)]
    scale = columns / max(duration_ms, 1)
    for segment, lane in zip(segments, lanes, strict=True):
        start = min(max(segment.start_ms, 0) * scale, columns)
        end = min(segment.end_ms * scale, columns)
        for column in range(int(start), ceil(end)):
            part = min(end, column + 1) - max(start, column)
            found[column][lane] = found[column].get(lane, 0.0) + part
    return found


def stretches(
    segments: Sequence[TimedSegment], *, least_ms: float, duration_ms: int
) -> list[tuple[float, float]]:
    """Return from when to when one voice is heard, in order and apart by more than ``least_ms``.

    What is shorter than that is made as long; what is outside of the episode is left out.

    >>> from types import SimpleNamespace as Segment
    >>> said = [Segment(start_ms=0, end_ms=900), Segment(start_ms=1000, end_ms=1010)]
    >>> stretches(said, least_ms=100.0, duration_ms=5000)
    [(0.0, 1100.0)]
    """
    found: list[tuple[float, float]] = []
    for segment in sorted(segments, key=lambda s: (s.start_ms, s.end_ms)):
        start = float(max(segment.start_ms, 0))
        end = float(min(segment.end_ms, duration_ms))
        if start >= end:
            continue
        end = max(end, start + least_ms)
        if found and start - found[-1][1] <= least_ms:
            start, end = found[-1][0], max(found.pop()[1], end)
        found.append((start, end))
    return found


def _ranges(curve: Curve, columns: int, duration_ms: int) -> list[tuple[int, int]]:
    """Return the steps of every column, one at least: where columns are shorter they share it."""
    per_column = duration_ms / 1000 * curve.sample_rate_hz / curve.step_frames / columns
    starts = [int(n * per_column) for n in range(columns)]
    return [(first, max(first + 1, int((n + 1) * per_column))) for n, first in enumerate(starts)]


def _lufs(mean_square: float) -> float | None:
    # Written so that what is no number counts as silence, too.
    if not mean_square > 0.0:
        return None
    lufs = _OFFSET_LU + 10.0 * log10(mean_square)
    return lufs if lufs >= GATE_LUFS else None
