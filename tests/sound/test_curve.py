"""Loudness from parts: their energies are those of the whole, and it reads like the meter."""

from array import array
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.model.audio import Curve, Loudness
from audiobrief.sound.curve import STEP_FRAMES, TAIL_STEPS, energies_of, loudness_of_curve
from audiobrief.sound.loudness import measure
from tests.sound.tones import LOUDNESS_3341, RANGE_3342, noise_bursts, stereo, tone


def curve_of(energies, rate_hz):
    return Curve(
        step_frames=STEP_FRAMES,
        sample_rate_hz=rate_hz,
        peaks=bytes(len(energies)),
        energies=array("f", np.asarray(energies, np.float32).tobytes()),
    )


def read(samples, rate_hz):
    return loudness_of_curve(curve_of(energies_of(samples, rate_hz).energies, rate_hz), -1.0)


@pytest.mark.parametrize("rate_hz", [44100, 48000])
@pytest.mark.parametrize("case", LOUDNESS_3341)
def test_it_reads_the_cases_of_3341(case, rate_hz):
    """Within 0.1 LU of what must be read, and within 0.001 LU of the meter."""
    parts, expected = LOUDNESS_3341[case]
    samples = stereo(tone(parts, rate_hz))

    loudness = read(samples, rate_hz)

    exact = measure(samples, rate_hz)
    assert loudness.integrated_lufs == pytest.approx(expected, abs=0.1)
    assert loudness.integrated_lufs == pytest.approx(exact.integrated_lufs, abs=0.001)
    assert loudness.range_lu == pytest.approx(exact.range_lu, abs=0.02)


@pytest.mark.parametrize("rate_hz", [44100, 48000])
@pytest.mark.parametrize("case", RANGE_3342)
def test_it_reads_the_cases_of_3342(case, rate_hz):
    """Within 1 LU of what must be read, and within 0.001 LU of the meter."""
    parts, expected = RANGE_3342[case]
    samples = stereo(tone(parts, rate_hz))

    loudness = read(samples, rate_hz)

    assert loudness.range_lu == pytest.approx(expected, abs=1.0)
    assert loudness.range_lu == pytest.approx(measure(samples, rate_hz).range_lu, abs=0.001)


@pytest.mark.parametrize("rate_hz", [32000, 44100, 48000])
def test_it_reads_speech_like_the_meter(rate_hz):
    """Syllables and pauses, mono as heard: within 0.02 LU, the range within 0.1 LU."""
    samples = noise_bursts(rate_hz, seconds=60.0)

    loudness, exact = read(samples, rate_hz), measure(samples, rate_hz)

    assert loudness.integrated_lufs == pytest.approx(exact.integrated_lufs, abs=0.02)
    assert loudness.range_lu == pytest.approx(exact.range_lu, abs=0.1)
    assert loudness.true_peak_dbtp == -1.0


@settings(max_examples=25, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 30_000), min_size=1, max_size=4),
    pauses=st.lists(st.integers(4, 20), min_size=4, max_size=4),
    channels=st.sampled_from([1, 2]),
    rate_hz=st.sampled_from([32000, 44100, 48000]),
    seed=st.integers(0, 99),
)
def test_parts_apart_are_the_whole(lengths, pauses, channels, rate_hz, seed):
    """Measured one by one and added where they begin: the energies of one measurement."""
    random = np.random.default_rng(seed)
    # Ending at full level, with an offset: what rings longest.
    parts = [random.uniform(-0.5, 1.0, (length, channels)) for length in lengths]
    starts, place = [], 1
    for part, pause in zip(parts, pauses, strict=False):
        starts.append(place)
        place += -(-len(part) // STEP_FRAMES) + pause
    whole = np.zeros((place * STEP_FRAMES, channels))
    joined = np.zeros(place + TAIL_STEPS)
    for start, part in zip(starts, parts, strict=True):
        frame = start * STEP_FRAMES
        whole[frame : frame + len(part)] = part
        levels = energies_of(part[:, 0] if channels == 1 else part, rate_hz)
        joined[start : start + levels.energies.size] += levels.energies

    expected = energies_of(whole[:, 0] if channels == 1 else whole, rate_hz).energies

    assert np.abs(joined - expected).max() <= 1e-6 * expected.max()


def test_mono_weighs_as_two_channels():
    """The same sound from one channel and from both has the same levels."""
    samples = noise_bursts(44100, seconds=1.0)

    mono, both = energies_of(samples, 44100), energies_of(stereo(samples), 44100)

    assert mono.energies == pytest.approx(both.energies, rel=1e-6)
    assert mono.peaks == both.peaks


@pytest.mark.parametrize(
    ("level", "byte"),
    [(0.0, 0), (1e-9, 1), (1 / 255, 1), (0.5, 128), (254.2 / 255, 255), (1.0, 255), (1.5, 255)],
)
def test_peaks_are_rounded_up(level, byte):
    """Only exact silence is 0; full scale and more are 255."""
    samples = np.zeros((3 * STEP_FRAMES, 2), np.float64)
    samples[STEP_FRAMES, 1] = -level

    assert energies_of(samples, 44100).peaks == bytes([0, byte, 0, *bytes(TAIL_STEPS)])


def test_nothing_has_nothing():
    """An empty sound and an empty curve are silence; a sound of less than a block has its level."""
    assert not energies_of(np.zeros(0), 44100).energies.any()
    assert loudness_of_curve(curve_of([], 44100), -inf) == Loudness(-inf, -inf, 0.0)
    assert loudness_of_curve(curve_of([0.0] * 99, 44100), -inf) == Loudness(-inf, -inf, 0.0)
    assert loudness_of_curve(curve_of([115.2] * 5, 44100), 0.0).integrated_lufs == pytest.approx(
        -10.691, abs=1e-3
    )
