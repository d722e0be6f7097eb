"""The meter: mono as heard, any rate, any division, silence, short sounds, the envelope."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.model.audio import Loudness
from audiobrief.sound.loudness import Meter, measure, slice_frames, weighted_envelope
from tests.sound.tones import noise_bursts, stereo, tone


def test_mono_is_measured_as_heard():
    """A mono file reads what its copy on two channels reads."""
    samples = noise_bursts(44100)

    mono = measure(samples, 44100)
    both = measure(stereo(samples), 44100)

    assert mono.integrated_lufs == pytest.approx(both.integrated_lufs, abs=1e-9)
    assert mono.true_peak_dbtp == both.true_peak_dbtp
    assert mono.range_lu == pytest.approx(both.range_lu, abs=1e-9)


@pytest.mark.parametrize("rate_hz", [16000, 22050, 32000, 44100, 48000])
def test_readings_do_not_depend_on_the_rate(rate_hz):
    """The same tone reads the same at every rate but for 0.05 dB of bending."""
    assert measure(tone([(-20, 5)], rate_hz), rate_hz).integrated_lufs == pytest.approx(
        -20.0, abs=0.05
    )


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 200_000), max_size=12), channels=st.sampled_from([1, 2]))
def test_any_division_into_blocks_reads_the_same(cuts, channels):
    """However the signal is cut, the result is the same to the last bit."""
    samples = noise_bursts(22050, seconds=9.0)
    if channels == 2:
        samples = np.stack([samples, -0.5 * samples], axis=1)
    whole, pieces = Meter(22050, channels), Meter(22050, channels)

    whole.add(samples)
    for piece in np.split(samples, sorted(cuts)):
        pieces.add(piece)

    assert pieces.read() == whole.read()


def test_reading_leaves_the_meter_as_it_was():
    """A reading in between changes nothing in the next one."""
    samples = noise_bursts(44100)
    read_twice, read_once = Meter(44100), Meter(44100)
    for meter in (read_twice, read_once):
        meter.add(samples[:100_001])
        if meter is read_twice:
            meter.read()
        meter.add(samples[100_001:])

    assert read_twice.read() == read_once.read()


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(100), np.zeros(100_000)])
def test_silence_reads_minus_infinity(samples):
    """Nothing and silence have no loudness, no peak and no range."""
    assert measure(samples, 44100) == Loudness(-inf, -inf, 0.0)


def test_a_sound_shorter_than_a_block_reads_its_own_level():
    """A tone of 100 ms reads as one of 10 s does, not as one in silence."""
    assert measure(tone([(-20, 0.1)], 48000), 48000).integrated_lufs == pytest.approx(-20, abs=0.3)


def test_a_peak_in_the_very_last_frame_is_seen():
    """A single full-scale frame at the end is a peak."""
    samples = np.zeros(70_000)
    samples[-1] = 1.0

    assert measure(samples, 44100).true_peak_dbtp >= 0.0


@pytest.mark.parametrize("rate_hz", [16000, 22050, 44100, 48000])
def test_envelope_reads_like_the_meter_under_any_factor(rate_hz):
    """The slices tell the loudness of the signal and of a louder copy."""
    samples = noise_bursts(rate_hz)
    envelope = weighted_envelope(samples, rate_hz)

    assert envelope.lufs() == pytest.approx(measure(samples, rate_hz).integrated_lufs, abs=1e-6)
    assert envelope.lufs(2.0) == pytest.approx(envelope.lufs() + 6.0206, abs=1e-3)
    assert round(rate_hz / 10) % slice_frames(rate_hz) == 0
