"""Hold the true peak below a ceiling, without a step in the gain."""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

from audiobrief.sound.peak import LOOK_AHEAD, LOOK_BACK, interval_peaks, true_peak

Samples = npt.NDArray[np.float64]

#: The gain moves over twice this: long enough to be no click, short enough not to be heard before
#: the peak.
_LOOK_AHEAD_S = 0.0025
#: How fast the gain comes back. 100 dB a second lets a limited syllable recover before the next.
_RELEASE_DB_PER_S = 100.0
#: The peaks of a product are not the product of the peaks: the gain aims this much lower, which
#: suffices for nearly all speech (overshoot 0.00 to 0.06 dB) and saves a second round.
_HEADROOM = 10.0 ** (-0.07 / 20.0)
_ROUNDS = 4
_NEPER_PER_DB = log(10.0) / 20.0


def limit(
    samples: Samples, sample_rate_hz: int, ceiling: float, *, peaks: Samples | None = None
) -> Samples:
    """Return the signal with its true peak at most at the ceiling.

    Args:
        samples: Shape (frames,).
        sample_rate_hz: Frames a second.
        ceiling: Magnitude, 0.0 < ceiling.
        peaks: What `frame_peaks` says of the samples, where the caller knows it already.

    Returns:
        Shape (frames,): the very same array when nothing exceeds the ceiling.
    """
    known = frame_peaks(samples, _HEADROOM * ceiling) if peaks is None else peaks
    if known.max(initial=0.0) <= ceiling:
        return samples
    aim = _HEADROOM * ceiling
    limited = samples
    for _ in range(_ROUNDS):
        limited = samples * limiting_gain(known, sample_rate_hz, aim)
        peak = true_peak(limited, at_least=ceiling)
        if peak <= ceiling:
            return limited
        aim *= 0.999 * ceiling / peak
    return limited * (ceiling / true_peak(limited))


def frame_peaks(samples: Samples, above: float) -> Samples:
    """Return the true peak around every frame: from the one before it to the one after it.

    Args:
        samples: Shape (frames,).
        above: Magnitudes up to this one need not be exact.

    Returns:
        Shape (frames,); the peaks of a louder copy are these times its gain.
    """
    peaks = interval_peaks(np.pad(samples, (LOOK_BACK + 1, LOOK_AHEAD)), above)
    return np.asarray(np.maximum(peaks[:-1], peaks[1:]))


def limiting_gain(peaks: Samples, sample_rate_hz: float, ceiling: float) -> Samples:
    """Return a smooth gain that holds every peak at the ceiling.

    The gain sees the peaks ahead (the whole signal is known, so nothing is delayed), is held over
    the look-ahead, comes back by a constant number of decibels a second, and is smoothed over no
    more than the hold: that is why it never lies above what a peak needs.

    Args:
        peaks: Of `frame_peaks`, shape (frames,).
        sample_rate_hz: Frames (or slices) a second.
        ceiling: Magnitude.

    Returns:
        Factors, shape (frames,), each 0.0..1.0.
    """
    needed_db = np.zeros(peaks.size)
    over = np.flatnonzero(peaks > ceiling)
    needed_db[over] = -20.0 * np.log10(peaks[over] / ceiling)
    reach = max(1, round(_LOOK_AHEAD_S * sample_rate_hz))
    held_db = _sliding_minimum(_released(needed_db, _RELEASE_DB_PER_S / sample_rate_hz), reach)
    smooth_db = _mean(_mean(held_db, reach + 1), reach + 1)
    return np.exp(np.minimum(smooth_db, 0.0) * _NEPER_PER_DB)


def sliced_peaks(peaks: Samples, slice_frames: int) -> Samples:
    """Return the largest of every ``slice_frames`` peaks, for trying a gain at a lower rate."""
    padded = np.pad(peaks, (0, -peaks.size % slice_frames))
    return np.asarray(padded.reshape(-1, slice_frames).max(axis=1))


def _mean(values: Samples, count: int) -> Samples:
    """Return the mean of every ``count`` neighbors; twice makes a triangular window."""
    sums = np.cumsum(np.pad(values, (1, 0)))
    return np.asarray((sums[count:] - sums[:-count]) / count)


def _released(needed_db: Samples, db_per_frame: float) -> Samples:
    """Return the gain in decibels rising by at most ``db_per_frame``, never above the needed.

    The lowest of all earlier needs, each risen since: a running minimum, without a loop.

    >>> _released(np.array([0.0, -3.0, 0.0, 0.0, -1.5]), 1.0)
    array([ 0. , -3. , -2. , -1. , -1.5])
    """
    ramp = db_per_frame * np.arange(needed_db.size)
    return np.asarray(np.minimum.accumulate(needed_db - ramp) + ramp)


def _sliding_minimum(values: Samples, reach: int) -> Samples:
    """Return the lowest value within ``2 * reach`` on either side, as the smoothing needs it.

    Shape (frames + 2 * reach,): entry ``n`` covers the values ``n - 2 * reach`` to ``n``. By
    doubling, so that the work grows with the logarithm of the reach.

    >>> _sliding_minimum(np.array([0.0, -1.0, 0.0, 0.0]), 1)
    array([ 0., -1., -1., -1.,  0.,  0.])
    """
    window = 2 * reach + 1
    lowest = np.pad(values, 2 * reach)
    done = 1
    while done < window:
        shift = min(done, window - done)
        lowest = np.minimum(lowest[: lowest.size - shift], lowest[shift:])
        done += shift
    return lowest
