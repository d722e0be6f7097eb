"""Find the true peak: the largest value between the samples, by interpolating them four times."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

#: Frames that an interpolated value reaches back and ahead.
_LOOK_BACK, _LOOK_AHEAD = 11, 12
_TAPS = _LOOK_BACK + 1 + _LOOK_AHEAD
#: Frames judged together are at least so many: more than the reach, so that one neighbor on each
#: side is enough.
_LEAST_BLOCK = 24
#: Blocks interpolated at once. So small a product stays in the calling thread and is summed in one
#: order, whatever the number of cores (OpenBLAS wakes other threads from 2**18 products on).
_ROWS = 96
#: Frames whose magnitudes are taken at once: 256 kB stay in a core's cache.
_AT_ONCE = 32768
#: The slice where only the highest peak of all is wanted.
PEAK_SLICE = 32


def _interpolator() -> Samples:
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
#: No value between samples exceeds this many times the largest sample in reach.
_BOUND = float(np.abs(_PHASES).sum(axis=1).max())


def block_frames(length: int) -> int:
    """Return how many frames `interval_peaks` judges together, a multiple of the slice."""
    return -(-_LEAST_BLOCK // length) * length


def surrounded(samples: Samples, length: int) -> Samples:
    """Return a signal with the silence around it that `interval_peaks` asks for."""
    block = block_frames(length)
    return np.pad(samples, (block, block - samples.size % -block))


def interval_peaks(context: Samples, length: int, above: float) -> Samples:
    """Return the largest magnitude in each slice of a signal, and up to the next one.

    Only where the samples are large enough to exceed ``above`` at all is anything computed: in
    mastered speech a fifth of the frames. The bound is exact, so nothing is missed.

    Args:
        context: Whole blocks of `block_frames`; the first and the last only surround the others.
        length: Frames of a slice.
        above: Magnitudes up to this one need not be exact.

    Returns:
        Shape (slices,); where at most ``above``, the largest magnitude of the frames themselves.
    """
    block = block_frames(length)
    tops = _magnitudes(context, length).reshape(-1, block // length)
    largest = tops.max(axis=1)
    reach = np.maximum(np.maximum(largest[:-2], largest[1:-1]), largest[2:])
    peaks = tops[1:-1]
    candidates = np.flatnonzero(reach * _BOUND > above)
    windows = np.lib.stride_tricks.sliding_window_view(context, block + _TAPS - 1)
    windows = windows[block - _LOOK_BACK :: block]
    matrices = _matrices(block)
    for first in range(0, candidates.size, _ROWS):
        chosen = candidates[first : first + _ROWS]
        between = np.abs(np.matmul(windows[chosen], matrices)).max(axis=0)
        between = between.reshape(-1, block // length, length).max(axis=2)
        peaks[chosen] = np.maximum(peaks[chosen], between)
    return peaks.reshape(-1)


def _magnitudes(samples: Samples, length: int) -> Samples:
    """Return the largest magnitude of the frames in each slice."""
    tops = np.empty(samples.size // length)
    slices = _AT_ONCE // length
    for first in range(0, tops.size, slices):
        piece = np.abs(samples[first * length : (first + slices) * length])
        # Not max() over rows: where they are as short as 10, this takes half the time.
        edges = np.arange(0, piece.size, length)
        np.maximum.reduceat(piece, edges, out=tops[first : first + slices])
    return tops


@lru_cache(maxsize=8)
def _matrices(block: int) -> Samples:
    """Return what makes of a block and its surroundings the values at the three phases.

    Shape (3, block + taps - 1, block): one product takes the place of a sum tap by tap, at a
    quarter of the time.
    """
    matrices = np.zeros((len(_PHASES), block + _TAPS - 1, block))
    for frame in range(block):
        matrices[:, frame : frame + _TAPS, frame] = _PHASES
    return matrices


def true_peak(samples: Samples, *, at_least: float = 0.0) -> float:
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
    return highest_peak(surrounded(samples, PEAK_SLICE), at_least)


def highest_peak(context: Samples, at_least: float) -> float:
    """Return the true peak of frames in their surroundings, or ``at_least`` if it is larger.

    Args:
        context: As for `interval_peaks` with slices of `PEAK_SLICE`.
        at_least: A peak known already; nothing below it is looked for.
    """
    known = max(at_least, float(context.max()), -float(context.min()))
    return max(known, float(interval_peaks(context, PEAK_SLICE, known).max(initial=0.0)))
