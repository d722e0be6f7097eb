"""Find the sound in a clip, and give it soft edges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audiobrief.sound.filters import Width
from audiobrief.sound.loudness import energy_of_rows

#: 4- or 8-byte floats; the result is of the same.
Samples = npt.NDArray[Width]

_WINDOW_S = 0.010
#: Below the loud parts of the clip by this much there is no speech: the softest consonants
#: (f, th) lie 25 to 40 dB below the vowels.
_RANGE_DB = 50.0
#: What is kept before and after, for what is softer still: breath, a fading n.
_MARGIN_BEFORE_S = 0.040
_MARGIN_AFTER_S = 0.080
#: One step of 16 bits, as RMS of the first difference: below this there is only dither.
_FLOOR = 2.0 / 32768.0


def find_sound(samples: Samples[Width], sample_rate_hz: int) -> tuple[int, int]:
    """Return where the sound of a clip begins and ends, with a margin.

    Judged by the energy of the first difference in windows of 10 ms: it rises with frequency, so
    that an "s" counts like a vowel, and neither an offset nor rumble counts at all.

    Args:
        samples: Shape (frames,); 1.0 is full scale.
        sample_rate_hz: Frames a second.

    Returns:
        The half-open range of frames to keep; ``(0, 0)`` when there is no sound.
    """
    window = max(1, round(_WINDOW_S * sample_rate_hz))
    steps = np.zeros(-(-samples.size // window) * window, samples.dtype)
    np.subtract(samples[1:], samples[:-1], out=steps[1 : max(1, samples.size)])
    rows = steps.reshape(-1, window)
    levels = np.sqrt(energy_of_rows(rows) / window)
    if levels.max(initial=0.0) < _FLOOR:
        return 0, 0
    # The level of the loud parts, not the one loudest window: a click must not set it.
    # (Not by `np.quantile`, whose first call imports half a numpy more.)
    ranked = np.sort(levels[levels >= _FLOOR])
    loud = float(np.interp(0.9 * (ranked.size - 1), np.arange(ranked.size), ranked))
    heard = np.flatnonzero(levels >= max(_FLOOR, loud * 10.0 ** (-_RANGE_DB / 20.0)))
    start = int(heard[0]) * window - round(_MARGIN_BEFORE_S * sample_rate_hz)
    end = (int(heard[-1]) + 1) * window + round(_MARGIN_AFTER_S * sample_rate_hz)
    return max(0, start), min(samples.size, end)


def faded_edges(samples: Samples[Width], frames: int) -> Samples[Width]:
    """Return the signal rising from silence and falling back to it (raised cosine).

    Args:
        samples: Shape (frames,).
        frames: Length of each fade; a signal shorter than two of them gets shorter ones.

    Returns:
        A new array, shape (frames,); the first and last frames are close to 0.

    >>> faded_edges(np.ones(6), 2)
    array([0.25, 0.75, 1.  , 1.  , 0.75, 0.25])
    """
    faded = samples.copy()
    fade_edges(faded, frames)
    return faded


def fade_edges(samples: Samples[Width], frames: int) -> None:
    """Do in place what `faded_edges` does."""
    count = min(frames, samples.size // 2)
    ramp = np.sin(0.5 * np.pi * np.arange(1, count + 1) / (count + 1)) ** 2
    samples[:count] *= ramp
    samples[samples.size - count :] *= ramp[::-1]
