"""Is sound clipped? Judged by how often each level occurs, whatever the level is now.

Clipping leaves many frames at one level and few above it. An encoder smears them, but by less than
speech spreads its peaks: no sample need touch full scale, so the trace stays when the sound is made
softer afterwards. The figures behind the limits are in DESIGN.md, "What tells clipped sound?".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]

#: Steps of the counts up to full scale: at -20 dBFS, where the tops of speech begin, one is 0.5 %.
_STEPS = 2048
#: MP3s decode to more than full scale; all above 1.5 counts as 1.5.
_MOST = 3072
#: Levels at which a pile is looked for, in decibels over the RMS: those of tops.
_TRIED_DB = np.arange(1.0, 18.0, 0.1)
#: What counts as one level: half as much to either side. MP3 at 64 kbit/s smears by about this.
_WIDTH_DB = 0.6
#: What it is compared with, below it: far enough to lie outside of the smear.
_BELOW_DB = (-2.4, -1.2)
#: The level that so few frames exceed is the top: a single overshoot of an encoder is none.
_ABOVE_TOP = 0.0005

#: A pile of so many frames that was not put in. Of 187 segments, coded at 32 to 96 kbit/s, none
#: gains more than 0.0003; clipped by 12 dB, decoded and coded again, each gains 0.0059 or more.
_PILE_SHARE = 0.002
#: ... and so much off the crest: intact ones lose 0.25 dB at most, clipped by 12 dB 3.6 or more.
_CREST_LOSS_DB = 1.0
#: Frames of one value in a row that are a flat top: two may be the tip of any wave.
_FLAT_FRAMES = 3


@dataclass(frozen=True, slots=True)
class Tops:
    """What the loudest frames of a sound are like."""

    #: Share of all frames that are too many at one level, 0..1; by what lies just below it.
    pile_share: float
    #: The level of the top over the RMS, in decibels; of a sine 3.
    crest_db: float


class Levels:
    """How often each magnitude occurs in a sound that comes in blocks."""

    def __init__(self) -> None:
        self._counts = np.zeros(_MOST + 1, np.int64)
        self._energy = 0.0

    def add(self, samples: npt.NDArray[np.floating]) -> None:
        """Take the next frames: shape (frames,), 1.0 as full scale."""
        magnitudes = np.abs(samples)
        steps = np.minimum(magnitudes * _STEPS, _MOST).astype(np.int64)
        self._counts += np.bincount(steps, minlength=_MOST + 1)
        self._energy += float(np.square(magnitudes, dtype=np.float64).sum())

    def tops(self) -> Tops:
        """Judge what has come so far; silence has neither a pile nor a crest.

        >>> levels = Levels()
        >>> levels.add(np.sin(np.arange(10_000)))
        >>> round(levels.tops().crest_db, 1)
        3.0
        """
        below = np.concatenate([[0], np.cumsum(self._counts)])
        frame_count = int(below[-1])
        # Below one step nothing can be told.
        if frame_count == 0 or self._energy < frame_count / _STEPS**2:
            return Tops(0.0, 0.0)
        rms = float(np.sqrt(self._energy / frame_count))
        top = int(np.searchsorted(below[1:], (1.0 - _ABOVE_TOP) * frame_count))
        crest_db = 20.0 * float(np.log10((top + 0.5) / _STEPS / rms))
        pile = float(_too_many(below, rms).max())
        return Tops(max(0.0, pile / frame_count), crest_db)


def _too_many(below: npt.NDArray[np.int64], rms: float) -> Floats:
    """Return how many frames each level has more than its share by what lies just below it.

    Args:
        below: How many frames lie below each step.
        rms: Over which the levels of `_TRIED_DB` are.
    """
    steps = np.arange(below.size)
    level = _STEPS * rms * _factor(_TRIED_DB)

    def counted(low: Floats, high: Floats) -> Floats:
        return np.asarray(np.interp(high, steps, below) - np.interp(low, steps, below))

    low, high = level * _factor(-_WIDTH_DB / 2), level * _factor(_WIDTH_DB / 2)
    under, over = (level * _factor(edge_db) for edge_db in _BELOW_DB)
    return counted(low, high) - counted(under, over) * (high - low) / (over - under)


def _factor(db: float | Floats) -> Floats:
    return np.asarray(10.0 ** (np.asarray(db) / 20.0))


class RangeTops:
    """The tops of some stretches of a sound that comes in blocks.

    Args:
        ranges: Half-open, in frames, in order and without overlaps.
    """

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._ranges = ranges
        self._done: list[Tops] = []
        self._levels = Levels()
        self._position = 0

    def add(self, block: npt.NDArray[np.floating]) -> None:
        """Take the next frames: shape (frames, channels), 1.0 as full scale."""
        mono = block.mean(axis=1)
        first, self._position = self._position, self._position + mono.size
        while len(self._done) < len(self._ranges):
            start, end = self._ranges[len(self._done)]
            self._levels.add(mono[max(0, start - first) : max(0, end - first)])
            if end > self._position:
                break
            self._finish()

    def _finish(self) -> None:
        self._done.append(self._levels.tops())
        self._levels = Levels()

    def read(self) -> list[Tops]:
        """Return the tops of all ranges; of one that the sound does not reach, those of silence."""
        while len(self._done) < len(self._ranges):
            self._finish()
        return list(self._done)


def has_lost_tops(heard: Tops, made: Tops) -> bool:
    """Tell whether a sound was clipped on its way: it has a pile, and lacks peaks, that it had.

    Args:
        heard: Of the sound as it is now, at whatever level.
        made: Of what it was.

    >>> has_lost_tops(Tops(0.04, 9.1), Tops(0.0, 16.1))
    True
    >>> has_lost_tops(Tops(0.088, 4.6), Tops(0.088, 4.6))    # tones that were meant to be tones
    False
    """
    return (
        heard.pile_share - made.pile_share >= _PILE_SHARE
        and made.crest_db - heard.crest_db >= _CREST_LOSS_DB
    )


def flat_share(samples: npt.NDArray[np.int16]) -> float:
    """Return the share of frames in flat tops: three or more in a row at the highest or lowest.

    Only before any filter, resampling or lossy coding: they bend every top.

    Args:
        samples: Shape (frames,).

    >>> flat_share(np.array([0, 9, 9, 9, 0, -9, -9, 0, 9, 0], np.int16))
    0.3
    """
    if samples.size == 0 or samples.min() == samples.max():
        return 0.0
    flat = 0
    for extreme in (samples.max(), samples.min()):
        edges = np.flatnonzero(np.diff(np.pad(samples == extreme, 1).astype(np.int8)))
        lengths = edges[1::2] - edges[::2]
        flat += int(lengths[lengths >= _FLAT_FRAMES].sum())
    return flat / samples.size
