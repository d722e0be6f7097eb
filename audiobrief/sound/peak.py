"""Find the true peak: the largest value between the samples, by interpolating them four times."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from audiobrief.sound.filters import Width, padded

#: 4- or 8-byte floats; the result is of the same.
Samples = npt.NDArray[Width]

#: Frames that an interpolated value reaches back and ahead.
_LOOK_BACK, _LOOK_AHEAD = 11, 12
_TAPS = _LOOK_BACK + 1 + _LOOK_AHEAD
#: Frames judged together are at least so many: more than the reach, so that one neighbor on each
#: side is enough.
_LEAST_BLOCK = 24
#: Blocks interpolated at once. So small a product stays in the calling thread and is summed in one
#: order, whatever the number of cores (OpenBLAS wakes other threads from 2**18 products on).
_ROWS = 96
#: Blocks that are judged together before any of them is interpolated.
_GROUP = 4
#: Groups looked at together, about 60,000 frames: what is made of them on the way is small enough
#: to stay in the cache and in memory that was used before (fresh memory took a quarter of the
#: time).
_GROUPS = 512
#: The slice where only the highest peak of all is wanted.
PEAK_SLICE = 32


def _interpolator() -> npt.NDArray[np.float64]:
    """Return a windowed sinc at 1/4, 1/2 and 3/4 of a frame: shape (3, taps).

    Kaiser window, beta 7; each phase sums to 1, so a constant stays one. Flat within 0.02 dB up to
    0.48 of the sample rate; what a reading lacks beyond (0.43 dB at most, at 0.4) is due to looking
    at four points only.
    """
    distance = np.arange(-_LOOK_BACK, _LOOK_AHEAD + 1) - np.array([[0.25], [0.5], [0.75]])
    window = np.i0(7.0 * np.sqrt(1.0 - (distance / (_LOOK_AHEAD + 0.5)) ** 2)) / np.i0(7.0)
    taps = np.sinc(distance) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True))


_PHASES = _interpolator()


def _bend() -> float:
    """Return how far a value can lie off the straight line between its neighbors.

    In units of the largest second difference in reach: an interpolation is a point on that line
    and a weighted sum of second differences, since it keeps a constant and a slope.
    """
    places = np.arange(-_LOOK_BACK, _LOOK_AHEAD + 1)
    off = _PHASES.copy()
    point = _PHASES @ places
    off[:, _LOOK_BACK] -= 1.0 - point
    off[:, _LOOK_BACK + 1] -= point
    return float(np.abs(np.cumsum(np.cumsum(off, axis=1), axis=1)).sum(axis=1).max())


#: A value between two samples exceeds the larger of them by no more than this many times the
#: largest second difference in reach: 0.41, and a little for rounding, of 4-byte floats too. In
#: speech, which bends little where it is loud, that is a few percent of it.
_BEND = 1.001 * _bend()


def interval_peaks(samples: Samples[Width], length: int, above: float) -> Samples[Width]:
    """Return the largest magnitude in each slice of a signal, and up to the next one.

    Only where a value may exceed ``above`` at all is anything computed: in speech, where the
    limiter asks, for one frame in fifteen. The bound is exact, so nothing is missed.

    Args:
        samples: Shape (frames,); silence is assumed before and after it.
        length: Frames of a slice.
        above: Magnitudes up to this one need not be exact.

    Returns:
        Shape (slices,), the last one filled with silence; where at most ``above``, anything from
        0.0 to ``above``.
    """
    block = _block_frames(length)
    section = _GROUPS * _GROUP * block
    sections = [
        _peaks_inside(
            _excerpt(samples, first, min(section, samples.size - first), block), length, above
        )
        for first in range(0, samples.size, section)
    ]
    peaks = np.concatenate(sections) if sections else np.zeros(0, samples.dtype)
    return peaks[: -(-samples.size // length)]


def _block_frames(length: int) -> int:
    """Return how many frames are judged together, a multiple of the slice."""
    return -(-_LEAST_BLOCK // length) * length


def _excerpt(samples: Samples[Width], first: int, frame_count: int, block: int) -> Samples[Width]:
    """Return whole blocks of a signal and one on either side, filled with silence."""
    start, end = first - block, first + frame_count - frame_count % -block + block
    inside = samples[max(0, start) : end]
    before, after = max(0, -start), max(0, end - samples.size)
    return padded(inside, before, after) if before or after else inside


def _peaks_inside(context: Samples[Width], length: int, above: float) -> Samples[Width]:
    """Return what `interval_peaks` does for whole blocks; the first and the last surround them."""
    block = _block_frames(length)
    count = context.size // block - 2
    peaks = np.zeros((count, block // length), context.dtype)
    groups = np.flatnonzero(_may_exceed(context, block, above))
    candidates = (groups[:, None] * _GROUP + np.arange(_GROUP)).reshape(-1)
    candidates = candidates[candidates < count]
    inside = np.arange(block - _LOOK_BACK, 2 * block + _LOOK_AHEAD)
    matrices = _matrices(block).astype(context.dtype, copy=False)
    for first in range(0, candidates.size, _ROWS):
        chosen = candidates[first : first + _ROWS]
        rows = context[chosen[:, None] * block + inside]
        values = np.abs(np.matmul(rows, matrices)).max(axis=0)
        np.maximum(values, np.abs(rows[:, _LOOK_BACK : _LOOK_BACK + block]), out=values)
        peaks[chosen] = values.reshape(-1, block // length, length).max(axis=2)
    return peaks.reshape(-1)


def _may_exceed(context: Samples[Width], block: int, above: float) -> npt.NDArray[np.bool_]:
    """Tell where a value may exceed a magnitude: shape (groups of `_GROUP` blocks,)."""
    edges = np.arange(block, context.size - block, _GROUP * block)
    edges = np.concatenate([[0], edges, [context.size - block]])
    magnitudes = np.abs(context)
    tops = np.maximum.reduceat(magnitudes, edges)[1:-1]
    # A peak may lie between the last frame of a group and the first one of the next.
    np.maximum(tops, magnitudes[edges[2:]], out=tops)
    slopes = np.diff(context)
    bends = np.abs(np.subtract(slopes[1:], slopes[:-1], out=magnitudes[2:]), out=magnitudes[2:])
    most = np.maximum.reduceat(bends, np.maximum(edges - 1, 0))
    reach = np.maximum(np.maximum(most[:-2], most[1:-1]), most[2:])
    return np.asarray(tops + _BEND * reach > above)


@lru_cache(maxsize=8)
def _matrices(block: int) -> npt.NDArray[np.float64]:
    """Return what makes of a block and its surroundings the values at the three phases.

    Shape (3, block + taps - 1, block): one product takes the place of a sum tap by tap, at a
    quarter of the time.
    """
    matrices = np.zeros((len(_PHASES), block + _TAPS - 1, block))
    for frame in range(block):
        matrices[:, frame : frame + _TAPS, frame] = _PHASES
    return matrices


def true_peak(samples: Samples[Width], *, at_least: float = 0.0) -> float:
    """Return the true peak of a whole signal, silence assumed before and after it.

    Args:
        samples: Shape (frames,).
        at_least: A peak known already; nothing below it is looked for.

    Returns:
        The peak as a magnitude, 1.0 being full scale; not below ``at_least``.

    >>> tone = np.sin(np.pi / 4 + np.pi / 2 * np.arange(2000))    # sampled off its peaks
    >>> bool(abs(tone).max() < 0.7072), bool(0.99 < true_peak(tone) < 1.06)
    (True, True)
    """
    known = _highest(samples, at_least)
    return max(known, float(interval_peaks(samples, PEAK_SLICE, known).max(initial=0.0)))


def highest_peak(context: Samples[Width], at_least: float) -> float:
    """Return the true peak of frames in their surroundings, or ``at_least`` if it is larger.

    Args:
        context: Whole slices of `PEAK_SLICE`; the first and the last only surround the others.
        at_least: A peak known already; nothing below it is looked for.
    """
    known = _highest(context, at_least)
    return max(known, float(_peaks_inside(context, PEAK_SLICE, known).max(initial=0.0)))


def _highest(samples: Samples[Width], at_least: float) -> float:
    highest, lowest = samples.max(initial=0.0), samples.min(initial=0.0)
    return max(at_least, float(highest), -float(lowest))
