"""Recursive filters as long impulse responses, applied by fast convolution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi, sqrt, tan

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

#: Of 2**13 to 2**17 the fastest per frame with the longest response used here (4800 taps).
FFT_LENGTH = 65536


def impulse_response(b: Samples, a: Samples, *, length: int = FFT_LENGTH) -> Samples:
    """Return the impulse response of ``b(z) / a(z)`` up to where rounding hides it.

    Sampling the response in frequency folds what is longer than ``length`` back; the filters of
    this module have decayed far below rounding by then.

    Args:
        b: Numerator, powers of z^-1 rising.
        a: Denominator, likewise; ``a[0]`` is 1.
        length: Points in frequency.

    Returns:
        Shape (taps,), ``taps <= length // 2``.

    >>> impulse_response(np.array([1.0]), np.array([1.0, -0.5]))[:4]
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    response = np.fft.irfft(np.fft.rfft(b, length) / np.fft.rfft(a, length), length)
    magnitude = np.abs(response)
    # The second half holds nothing but the rounding of the transform.
    noise = 8.0 * float(magnitude[length // 2 :].max())
    last = np.flatnonzero(magnitude[: length // 2] > noise)[-1]
    return np.asarray(response[: last + 1])


@dataclass(frozen=True, slots=True)
class Response:
    """A filter ready for fast convolution."""

    #: Frames of the past that reach into a new one: its taps but one.
    overlap: int
    #: Of the taps, shape (FFT_LENGTH // 2 + 1,).
    spectrum: npt.NDArray[np.complex128]


def response_of(taps: Samples) -> Response:
    """Return a filter of at most half of `FFT_LENGTH` taps, ready for use."""
    return Response(taps.size - 1, np.fft.rfft(taps, FFT_LENGTH))


def convolve(samples: Samples, response: Response) -> Samples:
    """Return ``samples`` filtered, as long as they are (overlap-add).

    Args:
        samples: Shape (frames,).
        response: The filter.

    Returns:
        Shape (frames,); the filter starts from silence, its tail is cut.
    """
    hop = FFT_LENGTH - response.overlap
    filtered = np.zeros(samples.size + FFT_LENGTH)
    for start in range(0, samples.size, hop):
        block = np.fft.rfft(samples[start : start + hop], FFT_LENGTH)
        filtered[start : start + FFT_LENGTH] += np.fft.irfft(block * response.spectrum, FFT_LENGTH)
    return filtered[: samples.size]


def high_pass(samples: Samples, sample_rate_hz: int, cutoff_hz: float) -> Samples:
    """Take out what lies below speech: hum, rumble, breath, a constant offset.

    A Butterworth filter of second order (12 dB an octave, -3 dB at the cut-off).

    Args:
        samples: Shape (frames,).
        sample_rate_hz: Frames a second.
        cutoff_hz: Below half the sample rate.

    Returns:
        Shape (frames,).
    """
    return convolve(samples, _high_pass_response(sample_rate_hz, cutoff_hz))


@lru_cache(maxsize=8)
def _high_pass_response(sample_rate_hz: int, cutoff_hz: float) -> Response:
    section = _second_order_high_pass(sample_rate_hz, cutoff_hz, sqrt(0.5))
    return response_of(impulse_response(*section))


def _second_order_high_pass(rate_hz: int, cutoff_hz: float, q: float) -> tuple[Samples, Samples]:
    """Return numerator and denominator of an analog high-pass under the bilinear transform."""
    k = tan(pi * cutoff_hz / rate_hz)
    a0 = 1.0 + k / q + k * k
    b = np.array([1.0, -2.0, 1.0]) / a0
    a = np.array([1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0])
    return b, a


@lru_cache(maxsize=8)
def k_weighting(sample_rate_hz: int) -> Response:
    """Return the K-weighting of BS.1770 for any sample rate.

    The recommendation tabulates its two sections at 48 kHz only. The analog prototypes below
    give that table back to 1e-9 (tested), so other rates get the same curve.

    Args:
        sample_rate_hz: 8000 or more.

    """
    head_b, head_a = head_shelf(sample_rate_hz)
    low_b, low_a = low_cut(sample_rate_hz)
    taps = impulse_response(np.convolve(head_b, low_b), np.convolve(head_a, low_a))
    return response_of(taps)


def head_shelf(sample_rate_hz: int) -> tuple[Samples, Samples]:
    """Return the first section of the K-weighting: +4 dB from about 1.7 kHz up."""
    k = tan(pi * 1681.974450955533 / sample_rate_hz)
    q = 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    a0 = 1.0 + k / q + k * k
    b = np.array([high + band * k / q + k * k, 2.0 * (k * k - high), high - band * k / q + k * k])
    a = np.array([a0, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k])
    return b / a0, a / a0


def low_cut(sample_rate_hz: int) -> tuple[Samples, Samples]:
    """Return the second section of the K-weighting: a high-pass at 38 Hz.

    Its numerator is 1, -2, 1 as in the recommendation, not scaled to unity at the top.
    """
    _, a = _second_order_high_pass(sample_rate_hz, 38.13547087602444, 0.5003270373238773)
    return np.array([1.0, -2.0, 1.0]), a
