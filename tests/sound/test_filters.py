"""The filters: the K-weighting at any rate, and recursion by blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.sound.filters import (
    BLOCK_FRAMES,
    filter_of,
    head_shelf,
    high_pass,
    k_weighting,
    low_cut,
)


def recursion(b, a, samples):
    """Filter one frame after the other, as the definition says."""
    values, inputs, outputs = [], [0.0] * len(b), [0.0] * (len(a) - 1)
    for sample in samples:
        inputs = [sample, *inputs[:-1]]
        value = np.dot(b, inputs) - np.dot(a[1:], outputs)
        outputs = [value, *outputs[:-1]]
        values.append(value)
    return np.array(values)


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 32000, 44100, 48000, 96000])
def test_blocks_equal_the_recursion(rate_hz):
    """At every rate an impulse comes out as from the definition, far past the last block too."""
    sections = head_shelf(rate_hz), low_cut(rate_hz)
    samples = np.zeros(12_000)
    samples[[0, 100]] = 1.0, -0.5

    filtered, _ = filter_of(*sections).run(samples)

    expected = recursion(*sections[1], recursion(*sections[0], samples))
    assert np.abs(filtered - expected).max() < 1e-12


@settings(max_examples=25, deadline=None)
@given(
    frames=st.integers(0, 1500),
    poles=st.lists(st.tuples(st.floats(0.0, 0.995), st.floats(0.1, 3.0)), min_size=1, max_size=3),
    seed=st.integers(0, 99),
)
def test_any_filter_equals_its_recursion(frames, poles, seed):
    """With any number of sections, at any length, also where nothing fills the last block."""
    random = np.random.default_rng(seed)
    samples = expected = random.standard_normal(frames)
    sections = [
        (random.standard_normal(3), np.array([1.0, -2 * radius * np.cos(angle), radius**2]))
        for radius, angle in poles
    ]

    filtered, _ = filter_of(*sections).run(samples)

    for section in sections:
        expected = recursion(*section, expected)
    scale = max(1.0, np.abs(expected).max(initial=0.0))
    assert np.abs(filtered - expected).max(initial=0.0) < 1e-9 * scale


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 1500), max_size=5))
def test_the_state_carries_a_signal_on(cuts):
    """Pieces of whole blocks, one after another, give what the whole gives."""
    samples = np.random.default_rng(3).standard_normal(1500 * BLOCK_FRAMES + 7)
    weighting = k_weighting(44100)
    state, pieces = None, []
    for piece in np.split(samples, sorted(BLOCK_FRAMES * cut for cut in cuts)):
        filtered, state = weighting.run(piece, state)
        pieces.append(filtered)

    assert np.abs(np.concatenate(pieces) - weighting.run(samples)[0]).max() < 1e-11


@pytest.mark.parametrize("rate_hz", [8000, 22050, 44100, 48000])
@pytest.mark.parametrize("offset", [0.0, 0.9])
def test_four_byte_floats_come_out_the_same(rate_hz, offset):
    """The width is kept, and less than a millionth is lost, even where a constant is filtered."""
    samples = offset + np.random.default_rng(5).uniform(-0.1, 0.1, 100_001)
    for weighting in (k_weighting(rate_hz).run, lambda x: (high_pass(x, rate_hz, 70.0), None)):
        exact, _ = weighting(samples.astype(np.float32).astype(np.float64))
        single, _ = weighting(samples.astype(np.float32))

        assert single.dtype == np.float32
        assert np.abs(single - exact).max() < 1e-6


def test_silence_after_a_sound_becomes_exact():
    """A state decays to nothing at all: no tail of numbers too small to be fast."""
    samples = np.zeros(44100 * 4)
    samples[0] = 1.0

    assert np.all(k_weighting(44100).run(samples)[0][44100 * 3 :] == 0.0)


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
