"""A sound in another one: found where it is, and not where it is not."""

import numpy as np
import pytest

from audiobrief.sound.correlate import find, find_in_pieces
from audiobrief.sound.silence import LongestSilence

NOISE = np.random.default_rng(3).normal(size=40_000)


@pytest.mark.parametrize("start", [0, 1, 777, 30_000])
@pytest.mark.parametrize("gain", [0.1, 1.0, 3.0])
def test_a_part_is_found_at_its_place_and_level(start, gain):
    """Whatever its level."""
    match = find(gain * NOISE, NOISE[start : start + 10_000], 0, NOISE.size)
    assert match.score == pytest.approx(1.0, abs=1e-6)
    assert match.start == pytest.approx(start, abs=0.01)
    assert match.level_db == pytest.approx(20 * np.log10(gain), abs=0.01)


@pytest.mark.parametrize("fraction", [0.25, 0.5, 0.75])
def test_a_place_between_two_samples_costs_nothing(fraction):
    """Two files are never cut at the same sample."""
    spectrum = np.fft.rfft(NOISE)
    spectrum[-4000:] = 0.0
    limited = np.fft.irfft(spectrum)
    delay = np.exp(-2j * np.pi * fraction * np.arange(spectrum.size) / NOISE.size)
    later = np.fft.irfft(spectrum * delay)
    match = find(later, limited[5000:9000], 4000, 6000)
    assert match.score > 0.98
    assert match.start == pytest.approx(5000 + fraction, abs=0.13)


def test_another_sound_is_not_found():
    """Nor silence, nor what is longer than the signal."""
    other = np.random.default_rng(4).normal(size=8000)
    assert find(NOISE, other, 0, NOISE.size).score < 0.1
    assert find(NOISE, np.zeros(100), 0, 1000).score == 0.0
    assert find(NOISE[:50], NOISE[:100], 0, 1000).score == 0.0
    assert find_in_pieces(NOISE, other, 1000, 2400, 480) < 0.3


def test_pieces_may_move_a_little():
    """As in a text that is spoken again, a little faster here and there."""
    moved = np.concatenate([NOISE[:3000], NOISE[3100:9000]])
    assert find_in_pieces(moved, NOISE[:6000], 0, 1500, 200) > 0.9
    assert find(moved, NOISE[:6000], 0, 0).score < 0.7


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_silence_is_counted_over_blocks(size):
    """However the sound is divided."""
    sound = np.concatenate([np.ones(90), np.zeros(250), np.ones(3), np.zeros(120)])
    silence = LongestSilence()
    for start in range(0, sound.size, size):
        silence.add(sound[start : start + size, None].astype(np.float32))
    assert silence.frame_count == 250
