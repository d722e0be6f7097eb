"""Music under speech: how loud the bed is at every frame of a stretch (pure)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import log, pi
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Samples = npt.NDArray[np.float64]

#: Loudness of the bed against the speech, in LU: under words, and in long pauses. At -22 it adds
#: 0.03 LU to the whole.
DUCKED_LU = -22.0
OPEN_LU = -14.0
#: Shorter pauses leave the bed where it is: it would pump from sentence to sentence.
LEAST_PAUSE_MS = 1500
#: The bed is down when the first word begins, and comes back slowly.
ATTACK_MS = 250
RELEASE_MS = 800
#: Music alone before the first word of a stretch and after its last one: it fades in over the first
#: so long before the attack would begin, and out over the second.
LEAD_MS = 900
TAIL_MS = 1200
_FADE_IN_MS = LEAD_MS - ATTACK_MS
_DB_TO_NEPER = log(10.0) / 20.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech with one bed under it, from silence to silence: a chapter, as a rule."""

    #: Where its first frame lies in the episode.
    start_frame: int
    frame_count: int
    #: The clips, counted from the first frame of the stretch: half-open, in order, no overlaps.
    spoken: tuple[tuple[int, int], ...]
    sample_rate_hz: int

    @property
    def end_frame(self) -> int:
        """The first frame after it, in the episode."""
        return self.start_frame + self.frame_count


def stretch_around(spoken: Sequence[tuple[int, int]], sample_rate_hz: int) -> Stretch:
    """Return the stretch that the bed of some clips takes up.

    Args:
        spoken: Clips in frames of the episode, half-open, in order, without overlaps; at least one.
            The first starts `lead_frames` or more after whatever is before.
        sample_rate_hz: Frames a second.

    >>> stretch_around([(88200, 132300), (143325, 200000)], 44100)
    Stretch(start_frame=48510, frame_count=204410, spoken=((39690, 83790), (94815, 151490)), \
sample_rate_hz=44100)
    """
    start = spoken[0][0] - lead_frames(sample_rate_hz)
    moved = tuple((first - start, end - start) for first, end in spoken)
    return Stretch(start, moved[-1][1] + tail_frames(sample_rate_hz), moved, sample_rate_hz)


def lead_frames(sample_rate_hz: int) -> int:
    """Return how long the bed is heard before the first word."""
    return round(LEAD_MS * sample_rate_hz / 1000)


def tail_frames(sample_rate_hz: int) -> int:
    """Return how long the bed is heard after the last word."""
    return round(TAIL_MS * sample_rate_hz / 1000)


@dataclass(frozen=True, slots=True)
class BedGain:
    """The gain of a bed along a stretch; any part of it can be asked for, in any order."""

    frame_count: int
    fade_in_frames: int
    fade_out_frames: int
    #: Where the level turns, in frames, rising, and the level there in decibels: between two of
    #: them it follows a raised cosine, outside of all of them it stays. At least one.
    turns: tuple[tuple[int, float], ...]

    def part(self, start: int, end: int) -> Samples:
        """Return the gain of the frames from ``start`` up to ``end``.

        Returns:
            Factors, shape (end - start,), 0.0..1.0: 1.0 is `OPEN_LU`. The first and the last frame
            of the stretch have 0.0 exactly.
        """
        gain = np.full(end - start, _factor(self.turns[0][1]))
        first = max(0, bisect_right(self.turns, start, key=itemgetter(0)) - 1)
        rest = (end, self.turns[-1][1])
        for (begin, from_db), (until, to_db) in pairwise((*self.turns[first:], rest)):
            if begin >= end:
                break
            moving = slice(max(0, begin - start), max(0, min(until, end) - start))
            gain[moving] = _factor(from_db)
            # Nearly all of a stretch is level: only where it moves it is worth a sine.
            if from_db != to_db:
                way = _raised_cosine(start + np.arange(moving.start, moving.stop), begin, until)
                gain[moving] = np.exp((from_db + (to_db - from_db) * way) * _DB_TO_NEPER)
        last = self.frame_count - 1
        rising = np.arange(start, min(end, self.fade_in_frames))
        gain[: rising.size] *= _raised_cosine(rising, 0, self.fade_in_frames)
        falling = np.arange(max(start, last - self.fade_out_frames), end)
        gain[gain.size - falling.size :] *= _raised_cosine(last - falling, 0, self.fade_out_frames)
        return gain


def duck(stretch: Stretch) -> BedGain:
    """Return the gain of the bed of a stretch.

    It fades in before the first word and out after the last one. Under words it lies at
    `DUCKED_LU`; only in a pause longer than `LEAST_PAUSE_MS` it rises to `OPEN_LU`, and is down
    again when the next word begins.

    Raises:
        ValueError: There is no speech, or no room around it for the fades.
    """
    if not stretch.spoken:
        raise ValueError("a stretch without speech")
    first, last = stretch.spoken[0][0], stretch.frame_count - stretch.spoken[-1][1]
    if first < 1 or last < 1:
        raise ValueError(f"no room for the bed to fade: {first} and {last} frames")
    rate_hz = stretch.sample_rate_hz
    attack, release, least = (
        round(ms * rate_hz / 1000) for ms in (ATTACK_MS, RELEASE_MS, LEAST_PAUSE_MS)
    )
    fade_in, fade_out = round(_FADE_IN_MS * rate_hz / 1000), tail_frames(rate_hz)
    ducked_db = DUCKED_LU - OPEN_LU
    turns = [(0, ducked_db)]
    for (_, end), (start, _) in pairwise(stretch.spoken):
        if start - end > least:
            turns += [(end, ducked_db), (end + release, 0.0)]
            turns += [(start - attack, 0.0), (start, ducked_db)]
    return BedGain(stretch.frame_count, min(fade_in, first), min(fade_out, last), tuple(turns))


def _raised_cosine(frames: npt.NDArray[np.int_], begin: int, end: int) -> Samples:
    """Return the way from 0 at ``begin`` to 1 at ``end``, smooth at both.

    >>> _raised_cosine(np.arange(5), 0, 4).round(3)
    array([0.   , 0.146, 0.5  , 0.854, 1.   ])
    """
    return np.asarray(np.sin((0.5 * pi / (end - begin)) * (frames - begin)) ** 2)


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))
