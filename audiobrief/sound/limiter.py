"""Hold the true peak below a ceiling, without a step in the gain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audiobrief.sound.filters import convolve
from audiobrief.sound.peak import LOOK_AHEAD, LOOK_BACK, interval_peaks, true_peak

Samples = npt.NDArray[np.float64]

#: The gain moves over twice this: long enough to be no click, short enough not to be heard before
#: the peak, which hides about 5 ms ahead of itself.
_LOOK_AHEAD_S = 0.0025
#: How fast the gain comes back. 100 dB a second lets a limited syllable recover before the next.
_RELEASE_DB_PER_S = 100.0
#: The interpolated peaks of a product are not the product of the peaks; speech needs one to three
#: rounds, each from a lower ceiling.
_ROUNDS = 5


def limit(samples: Samples, sample_rate_hz: int, ceiling: float) -> Samples:
    """Return the signal with its true peak at most at the ceiling.

    The gain sees the peaks ahead (the whole signal is known, so nothing is delayed), is held over
    the look-ahead, comes back by a constant number of decibels a second and is smoothed by a
    raised cosine as long as the hold, which is why it never lies above what a peak needs.

    Args:
        samples: Shape (frames,).
        sample_rate_hz: Frames a second.
        ceiling: Magnitude, 0.0 < ceiling.

    Returns:
        Shape (frames,): the very same array when nothing exceeds the ceiling.
    """
    limited, aim = samples, ceiling
    for _ in range(_ROUNDS):
        peak = true_peak(limited, at_least=ceiling)
        if peak <= ceiling:
            return limited
        if limited is not samples:
            # A thousandth more than needed, or the last decimals would take all the rounds.
            aim *= 0.999 * ceiling / peak
        limited = samples * _gain(samples, sample_rate_hz, aim)
    return limited * (ceiling / true_peak(limited, at_least=ceiling))


def _gain(samples: Samples, sample_rate_hz: int, ceiling: float) -> Samples:
    """Return a smooth gain that holds every interval's peak at the ceiling: shape (frames,)."""
    context = np.pad(samples, (LOOK_BACK + 1, LOOK_AHEAD))
    peaks = interval_peaks(context, ceiling)
    # A frame bears the interval before it and the one after it.
    peaks = np.maximum(peaks[:-1], peaks[1:])
    needed_db = -20.0 * np.log10(np.maximum(peaks / ceiling, 1.0))
    hold = max(1, round(_LOOK_AHEAD_S * sample_rate_hz))
    held = _sliding_minimum(_released(needed_db, _RELEASE_DB_PER_S / sample_rate_hz), hold)
    window = np.hanning(2 * hold + 3)[1:-1]
    smooth_db = convolve(held, window / window.sum())[2 * hold :]
    return np.asarray(10.0 ** (np.minimum(smooth_db, 0.0) / 20.0))


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
