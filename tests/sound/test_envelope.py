"""Where the sound of a clip lies, and its edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.sound.envelope import faded_edges, find_sound

RATE_HZ = 22050


def vowel(seconds, level=0.3):
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return level * sum(np.sin(2 * np.pi * 140 * k * time_s) / k for k in range(1, 12))


def hiss(seconds, level):
    white = np.random.default_rng(5).standard_normal(round(seconds * RATE_HZ))
    return level * np.diff(white, append=0.0)


def silence(seconds):
    return np.zeros(round(seconds * RATE_HZ))


def test_silence_around_the_sound_is_found():
    """250 ms before and 300 ms after a vowel go, but for the margins."""
    samples = np.concatenate([silence(0.25), vowel(0.5), silence(0.3)])

    start, end = find_sound(samples, RATE_HZ)

    assert 0.19 <= start / RATE_HZ <= 0.22
    assert 0.82 <= end / RATE_HZ <= 0.85


def test_a_soft_consonant_at_either_end_is_kept():
    """An f 40 dB below the vowel is part of the word."""
    soft = hiss(0.12, 0.003)
    samples = np.concatenate([silence(0.2), soft, vowel(0.4), soft, silence(0.3)])

    start, end = find_sound(samples, RATE_HZ)

    assert start <= 0.2 * RATE_HZ
    assert end >= (0.2 + 0.12 + 0.4 + 0.12) * RATE_HZ


def test_offset_and_rumble_are_no_sound():
    """A constant offset and a hum of 20 Hz do not hide where the words begin."""
    samples = np.concatenate([silence(0.5), vowel(0.5), silence(0.5)])
    time_s = np.arange(samples.size) / RATE_HZ

    found = find_sound(samples + 0.1 + 0.0005 * np.sin(2 * np.pi * 20 * time_s), RATE_HZ)

    assert found == pytest.approx(find_sound(samples, RATE_HZ), abs=round(0.02 * RATE_HZ))


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(5000), np.full(5000, 0.5)])
def test_a_clip_without_sound_has_no_range(samples):
    """Nothing, silence and a constant are no sound."""
    assert find_sound(samples, RATE_HZ) == (0, 0)


@given(frames=st.integers(1, 3000), seed=st.integers(0, 99))
def test_the_range_lies_inside_the_clip(frames, seed):
    """Whatever the clip, the range is one of its own."""
    samples = np.random.default_rng(seed).standard_normal(frames) * 0.1

    start, end = find_sound(samples, RATE_HZ)

    assert 0 <= start <= end <= frames


@given(frames=st.integers(0, 600), fade=st.integers(0, 300))
def test_fades_begin_and_end_near_silence(frames, fade):
    """The length stays, nothing grows, the middle is untouched, the argument is not changed."""
    samples = np.ones(frames)

    faded = faded_edges(samples, fade)

    assert faded.size == frames
    assert np.all(samples == 1.0)
    assert np.all((faded >= 0.0) & (faded <= 1.0))
    assert np.all(faded[fade : frames - fade] == 1.0)
    assert np.array_equal(faded, faded[::-1])
