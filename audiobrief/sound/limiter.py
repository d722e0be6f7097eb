"""Hold the true peak below a ceiling, without a step in the gain."""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

from audiobrief.sound.filters import Width, padded
from audiobrief.sound.loudness import slice_frames
from audiobrief.sound.peak import interval_peaks, true_peak

Samples = npt.NDArray[np.float64]
#: Either width.
Signal = npt.NDArray[Width]

#: The gain moves over twice this: long enough to be no click, short enough not to be heard before
#: the peak.
_LOOK_AHEAD_S = 0.0025
#: How fast the gain comes back. 100 dB a second lets a limited syllable recover before the next.
_RELEASE_DB_PER_S = 100.0
#: The peaks of a product are not the product of the peaks. In 268 s of speech the difference was
#: 3e-6 dB: aiming 1e-4 dB lower saves nearly every second round.
_HEADROOM = 10.0 ** (-1e-4 / 20.0)
_ROUNDS = 4
_NEPER_PER_DB = log(10.0) / 20.0
#: Lines drawn by one product: so small a one stays in the calling thread.
_LINES = 64


def limit(
    samples: Signal[Width],
    sample_rate_hz: int,
    ceiling: float,
    *,
    peaks: npt.NDArray[np.floating] | None = None,
    gain: Samples | None = None,
) -> Signal[Width]:
    """Return the signal with its true peak at most at the ceiling.

    Args:
        samples: Shape (frames,).
        sample_rate_hz: Frames a second.
        ceiling: Magnitude, 0.0 < ceiling.
        peaks: What `slice_peaks` says of the samples, where the caller knows it already.
        gain: What `limiting_gain` says of these for `aim_below` the ceiling; as for the peaks.

    Returns:
        Shape (frames,): the very same array when nothing exceeds the ceiling.
    """
    aim = aim_below(ceiling)
    known = slice_peaks(samples, sample_rate_hz, aim) if peaks is None else peaks
    if known.max(initial=0.0) <= ceiling:
        return samples
    limited = samples
    for _ in range(_ROUNDS):
        if gain is None:
            gain = limiting_gain(known, sample_rate_hz, aim)
        limited = _spread(
            gain.astype(samples.dtype, copy=False), slice_frames(sample_rate_hz), samples.size
        )
        limited *= samples
        peak = true_peak(limited, at_least=ceiling)
        if peak <= ceiling:
            return limited
        aim *= 0.999 * ceiling / peak
        gain = None
    return limited * (ceiling / true_peak(limited))


def aim_below(ceiling: float) -> float:
    """Return what peaks are held at, so that none of the product exceeds a ceiling."""
    return _HEADROOM * ceiling


def slice_peaks(samples: Signal[Width], sample_rate_hz: int, above: float) -> Signal[Width]:
    """Return the true peak in every slice of `slice_frames`.

    Args:
        samples: Shape (frames,).
        sample_rate_hz: Frames a second.
        above: Magnitudes up to this one need not be exact.

    Returns:
        Shape (slices,), of the width of the samples; the peaks of a louder copy are these times its
        gain.
    """
    return interval_peaks(samples, slice_frames(sample_rate_hz), above)


def limiting_gain(peaks: npt.NDArray[np.floating], sample_rate_hz: int, ceiling: float) -> Samples:
    """Return a smooth gain that holds every peak at the ceiling.

    The gain sees the peaks ahead (the whole signal is known, so nothing is delayed), is held over
    the look-ahead, comes back by a constant number of decibels a second, and is smoothed over less
    than the hold: that is why neither it nor a line from one slice to the next, drawn through their
    middles, lies above what a peak needs.

    Args:
        peaks: Of `slice_peaks`, shape (slices,).
        sample_rate_hz: Frames a second.
        ceiling: Magnitude.

    Returns:
        Factors, shape (slices,), each 0.0..1.0.
    """
    if peaks.max(initial=0.0) <= ceiling:
        return np.ones(peaks.size)
    slices_per_s = sample_rate_hz / slice_frames(sample_rate_hz)
    # The logarithm only where it is not 0.
    needed_db = np.zeros(peaks.size)
    exceeding = np.flatnonzero(peaks > ceiling)
    needed_db[exceeding] = -20.0 * np.log10(peaks[exceeding] / ceiling)
    smoothing = max(1, round(_LOOK_AHEAD_S * slices_per_s))
    # One slice more: an interval may end in the next one, a line comes from the one before.
    reach = smoothing + 1
    held_db = _sliding_minimum(_released(needed_db, _RELEASE_DB_PER_S / slices_per_s), reach)
    smooth_db = _mean(_mean(held_db, smoothing + 1), smoothing + 1)[1:-1]
    return np.exp(np.minimum(smooth_db, 0.0) * _NEPER_PER_DB)


def _spread(gain: Signal[Width], length: int, frame_count: int) -> Signal[Width]:
    """Return a gain for every frame, on straight lines through the middles of the slices.

    >>> _spread(np.array([1.0, 0.5]), 2, 4)
    array([1.   , 0.875, 0.625, 0.5  ])
    """
    middles = np.concatenate([gain[:1], gain, gain[-1:]])
    # Each line is a start and a rise, and their product with this its frames: as matrices, at a
    # quarter of the time.
    line = np.stack([np.ones(length), (np.arange(length) + 0.5) / length]).astype(gain.dtype)
    lines = np.zeros((-(-(middles.size - 1) // _LINES), _LINES, 2), gain.dtype)
    flat = lines.reshape(-1, 2)
    flat[: middles.size - 1, 0] = middles[:-1]
    flat[: middles.size - 1, 1] = np.diff(middles)
    # From half a slice before the first one on.
    first = (length + 1) // 2
    return np.asarray((lines @ line).reshape(-1)[first : first + frame_count])


def _mean(values: Samples, count: int) -> Samples:
    """Return the mean of every ``count`` neighbors; twice makes a triangular window.

    By doubling, at a quarter of the time of a running sum.

    >>> _mean(np.array([1.0, 2.0, 6.0, 0.0]), 3)
    array([3.        , 2.66666667])
    """
    size = values.size - count + 1
    total = np.zeros(size)
    width, done, sums = 1, 0, values
    while width <= count:
        # Of every 1, 2, 4 ... neighbors: those that add up to the count.
        if count & width:
            total += sums[done : done + size]
            done += width
        if 2 * width <= count:
            sums = sums[:-width] + sums[width:]
        width *= 2
    total /= count
    return total


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
    lowest = padded(values, 2 * reach, 2 * reach)
    done = 1
    while done < window:
        shift = min(done, window - done)
        lowest = np.minimum(lowest[: lowest.size - shift], lowest[shift:])
        done += shift
    return lowest
