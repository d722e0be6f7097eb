"""The filters: the K-weighting at any rate, and fast convolution."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.sound.filters import (
    FFT_LENGTH,
    convolve,
    head_shelf,
    high_pass,
    impulse_response,
    k_weighting,
    low_cut,
    response_of,
)


def test_prototypes_give_back_the_table_of_bs1770_at_48_khz():
    """The coefficients that the recommendation prints for 48 kHz come out of the prototypes."""
    shelf_b, shelf_a = head_shelf(48000)
    cut_b, cut_a = low_cut(48000)

    assert shelf_b == pytest.approx([1.53512485958697, -2.69169618940638, 1.19839281085285])
    assert shelf_a == pytest.approx([1.0, -1.69065929318241, 0.73248077421585])
    assert cut_b == pytest.approx([1.0, -2.0, 1.0])
    assert cut_a == pytest.approx([1.0, -1.99004745483398, 0.99007225036621])


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 32000, 44100, 48000, 96000])
def test_impulse_response_equals_the_recursion(rate_hz):
    """The taps are those of the recursive filter, and what is cut off is negligible."""
    b, a = low_cut(rate_hz)
    taps = impulse_response(b, a)

    expected, state = [], [0.0, 0.0]
    for n in range(taps.size + 500):
        value = (b[n] if n < 3 else 0.0) - a[1] * state[0] - a[2] * state[1]
        expected.append(value)
        state = [value, state[0]]
    assert taps == pytest.approx(expected[: taps.size], abs=1e-13)
    assert np.abs(expected[taps.size :]).max() < 1e-11
    assert taps.size <= FFT_LENGTH // 2


@settings(max_examples=15, deadline=None)
@given(frames=st.integers(0, 3 * FFT_LENGTH), taps=st.integers(1, 40), seed=st.integers(0, 99))
def test_convolution_equals_the_definition(frames, taps, seed):
    """Overlap-add gives what the sum of products gives, at any length."""
    random = np.random.default_rng(seed)
    samples, response = random.standard_normal(frames), random.standard_normal(taps)

    actual = convolve(samples, response_of(response))

    expected = np.convolve(samples, response)[:frames] if frames else samples
    assert actual == pytest.approx(expected, abs=1e-9)


def test_high_pass_takes_out_rumble_and_keeps_the_voice():
    """10 Hz and an offset are gone, 3 dB are lost at the cut-off, nothing at 300 Hz."""
    time_s = np.arange(44100) / 22050

    def level_db(hz):
        filtered = high_pass(np.cos(2 * np.pi * hz * time_s), 22050, 70.0)[22050:]
        return 10 * np.log10(2 * np.mean(filtered**2))

    assert level_db(0.0) < -100
    assert level_db(10.0) < -33
    assert level_db(70.0) == pytest.approx(-3.01, abs=0.05)
    assert level_db(300.0) == pytest.approx(0.0, abs=0.05)


def test_responses_are_made_once():
    """The K-weighting of a rate is kept, since every clip needs it."""
    assert k_weighting(44100) is k_weighting(44100)
