"""Recursive filters without a loop over the frames: blocks of frames as matrix products."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi, sqrt, tan

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

#: Frames filtered as one row. 4.2 ns a frame; convolution with the impulse response by FFT took 55.
BLOCK_FRAMES = 64
#: Rows multiplied at once. So small a product stays in the calling thread and is summed in one
#: order, whatever the number of cores (OpenBLAS wakes other threads from 2**18 products on).
_ROWS = 32
#: Blocks whose states are found together; no product is larger for it.
_SECTION = 512
#: What is left of a state when nothing is left: far below rounding, far above what slows a
#: processor down.
_NOTHING = 1e-20


@dataclass(frozen=True, slots=True)
class Filter:
    """A recursive filter of some order, as matrices that take it on by a block of frames."""

    #: What the frames of a block give in it: shape (BLOCK_FRAMES, BLOCK_FRAMES).
    direct: Samples
    #: What the state before a block gives in it: shape (order, BLOCK_FRAMES).
    echo: Samples
    #: What the frames of a block leave in the state after it: shape (BLOCK_FRAMES, order).
    charge: Samples
    #: What is left of a state after 1, 2, 4 ... blocks: shape (order, order) each.
    decay: tuple[Samples, ...]

    @property
    def at_rest(self) -> Samples:
        """The state before the first frame of a signal: shape (order,)."""
        return np.zeros(len(self.echo))

    def run(
        self, samples: npt.NDArray[np.floating], state: Samples | None = None
    ) -> tuple[Samples, Samples]:
        """Filter a signal, or the next piece of one.

        Args:
            samples: Shape (frames,); a piece with another one to come is whole blocks.
            state: What the piece before it left, ``None`` at the start.

        Returns:
            Shape (frames,), and the state for the next piece, shape (order,).
        """
        state = self.at_rest if state is None else state
        filtered = np.empty(samples.size)
        section = _SECTION * BLOCK_FRAMES
        whole = samples.size - samples.size % BLOCK_FRAMES
        for start in range(0, whole, section):
            place = slice(start, min(start + section, whole))
            blocks = samples[place].reshape(-1, BLOCK_FRAMES)
            state = self._run_blocks(blocks, state, filtered[place].reshape(-1, BLOCK_FRAMES))
        rest = samples.size - whole
        if rest:
            last = np.zeros((1, BLOCK_FRAMES))
            last[0, :rest] = samples[whole:]
            state = self._run_blocks(last, state, last := np.empty_like(last))
            filtered[whole:] = last[0, :rest]
        return filtered, state

    def _run_blocks(self, blocks: Samples, state: Samples, filtered: Samples) -> Samples:
        """Write the filtered blocks, return the state after them."""
        states = np.empty((len(blocks) + 1, state.size))
        states[0] = state
        states[1:] = blocks @ self.charge
        # The state after a block: what its own frames leave and what is left of the one before. By
        # doubling: once the last 1, 2, 4 ... blocks are in, as many more come at one stroke.
        for power, left in enumerate(self.decay):
            distance = 1 << power
            if distance >= len(states):
                break
            states[distance:] += states[:-distance] @ left
        for first in range(0, len(blocks), _ROWS):
            rows = slice(first, first + _ROWS)
            np.matmul(blocks[rows], self.direct, out=filtered[rows])
        filtered += states[:-1] @ self.echo
        return np.asarray(states[-1])


def filter_of(b: Samples, a: Samples) -> Filter:
    """Return the filter ``b(z) / a(z)``.

    Args:
        b: Numerator, powers of z^-1 rising.
        a: Denominator, likewise and as long; ``a[0]`` is 1.

    >>> filter_of(np.array([1.0, 0.0]), np.array([1.0, -0.5])).run(np.array([8.0, 0.0, 0.0]))[0]
    array([8., 4., 2.])
    """
    order = a.size - 1
    # One frame: value = state[0] + b[0] * frame; state = step @ state + inlet * frame.
    step = np.eye(order, k=1)
    step[:, 0] = -a[1:]
    inlet = b[1:] - a[1:] * b[0]
    powers = [np.eye(order)]
    for _ in range(BLOCK_FRAMES):
        powers.append(step @ powers[-1])
    echo = np.array([power[0] for power in powers[:-1]])
    impulse = np.concatenate([b[:1], echo[:-1] @ inlet])
    lag = np.arange(BLOCK_FRAMES)[None, :] - np.arange(BLOCK_FRAMES)[:, None]
    direct = np.where(lag >= 0, impulse[np.abs(lag)], 0.0)
    charge = np.array([power @ inlet for power in powers[-2::-1]])
    decay = [powers[-1].T]
    while np.abs(decay[-1]).max() > _NOTHING and (1 << len(decay)) < _SECTION:
        decay.append(decay[-1] @ decay[-1])
    return Filter(direct, echo.T.copy(), charge, tuple(decay))


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
    return _high_pass(sample_rate_hz, cutoff_hz).run(samples)[0]


@lru_cache(maxsize=8)
def _high_pass(sample_rate_hz: int, cutoff_hz: float) -> Filter:
    return filter_of(*_second_order_high_pass(sample_rate_hz, cutoff_hz, sqrt(0.5)))


def _second_order_high_pass(rate_hz: int, cutoff_hz: float, q: float) -> tuple[Samples, Samples]:
    """Return numerator and denominator of an analog high-pass under the bilinear transform."""
    k = tan(pi * cutoff_hz / rate_hz)
    a0 = 1.0 + k / q + k * k
    b = np.array([1.0, -2.0, 1.0]) / a0
    a = np.array([1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0])
    return b, a


@lru_cache(maxsize=8)
def k_weighting(sample_rate_hz: int) -> Filter:
    """Return the K-weighting of BS.1770 for any sample rate.

    The recommendation tabulates its two sections at 48 kHz only. The analog prototypes below
    give that table back to 1e-9 (tested), so other rates get the same curve.

    Args:
        sample_rate_hz: 8000 or more.

    """
    head_b, head_a = head_shelf(sample_rate_hz)
    low_b, low_a = low_cut(sample_rate_hz)
    return filter_of(np.convolve(head_b, low_b), np.convolve(head_a, low_a))


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
