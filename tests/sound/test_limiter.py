"""The limiter: never above the ceiling, never a step, nothing touched without need."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.sound.limiter import limit, limiting_gain, slice_peaks
from audiobrief.sound.peak import true_peak


@settings(max_examples=40, deadline=None)
@given(
    frames=st.integers(1, 20_000),
    seed=st.integers(0, 999),
    gain=st.floats(0.1, 20.0),
    rate_hz=st.sampled_from([8000, 22050, 44100, 48000]),
    ceiling=st.floats(0.05, 1.0),
)
def test_nothing_exceeds_the_ceiling(frames, seed, gain, rate_hz, ceiling):
    """Whatever the signal, its true peak after the limiter is at most the ceiling."""
    random = np.random.default_rng(seed)
    samples = gain * random.standard_normal(frames) * random.random(frames) ** 6

    limited = limit(samples, rate_hz, ceiling)

    assert limited.shape == samples.shape
    assert true_peak(limited) <= ceiling * (1 + 1e-6)


@pytest.mark.parametrize("frequency", [0.003, 0.25, 0.49])
def test_a_square_wave_at_full_scale_is_held(frequency):
    """The worst of signals, too, is held: a square wave 12 dB above the ceiling."""
    samples = np.sign(np.sin(2 * np.pi * frequency * np.arange(30_000) + 0.1))

    assert true_peak(limit(samples, 44100, 0.25)) <= 0.25 * (1 + 1e-6)


def test_a_signal_below_the_ceiling_comes_back_itself():
    """Where nothing is to be done, not even a copy is made."""
    samples = 0.1 * np.sin(np.arange(5000))

    assert limit(samples, 44100, 0.5) is samples


def test_only_the_neighborhood_of_a_peak_is_touched():
    """A peak moves the gain 5 ms before it, and after it until the release has ended."""
    rate_hz = 44100
    samples = 0.1 * np.sin(0.05 * np.arange(rate_hz) + 0.01)
    samples[20_000:20_020] *= 10.0

    change = np.abs(limit(samples, rate_hz, 0.5) / samples - 1.0) > 1e-6
    change &= np.abs(samples) > 1e-3

    assert np.flatnonzero(change)[0] >= 20_000 - 0.006 * rate_hz
    assert np.flatnonzero(change)[-1] <= 20_020 + 0.075 * rate_hz


def test_the_gain_has_no_step():
    """From one slice to the next (0.2 ms) the gain moves by less than a tenth of its way."""
    samples = 0.1 * np.sin(0.05 * np.arange(44100))
    samples[20_000:20_020] = 1.0
    peaks = slice_peaks(samples, 44100, 0.0)

    gain_db = 20 * np.log10(limiting_gain(peaks, 44100, 0.25))

    assert gain_db.min() <= -12.0
    assert np.abs(np.diff(gain_db)).max() < 1.6
