"""The meter, held to the tone cases of EBU Tech 3341 and to ffmpeg."""

import shutil
import struct
import subprocess
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.sound.loudness import Meter, measure, slice_frames, weighted_envelope

#: EBU Tech 3341, cases 1 to 5: stereo tones of 1 kHz as (dBFS, seconds), and what they must read.
CASES_3341 = {
    1: ([(-23, 20)], -23.0),
    2: ([(-33, 20)], -33.0),
    3: ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
    4: ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
    5: ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
}
#: Cases 15 to 19: divisor of the sample rate, phase in degrees, amplitude, what must be read.
PEAKS_3341 = {
    15: (4, 0.0, 0.5, -6.0),
    16: (4, 45.0, 0.5, -6.0),
    17: (6, 60.0, 0.5, -6.0),
    18: (8, 67.5, 0.5, -6.0),
    19: (4, 45.0, 1.41, 3.0),
}


def tone(parts, rate_hz):
    frames = [
        10 ** (db / 20) * np.sin(2 * np.pi * 1000 * np.arange(round(s * rate_hz)) / rate_hz)
        for db, s in parts
    ]
    return np.concatenate(frames)


def noise_bursts(rate_hz, seconds=8.0, seed=7):
    """Noise of a falling spectrum in syllables and pauses, as loud and uneven as speech."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    rough = np.cumsum(random.standard_normal(count)) * 0.02
    voiced = np.diff(rough - np.convolve(rough, np.ones(64) / 64, "same"), append=0.0)
    time_s = np.arange(count) / rate_hz
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time_s), 0, 1) * (np.sin(0.9 * time_s) > -0.6)
    return 0.5 * voiced * syllables / np.abs(voiced).max()


@pytest.mark.parametrize("rate_hz", [44100, 48000])
@pytest.mark.parametrize("case", CASES_3341)
def test_integrated_loudness_of_the_ebu_cases(case, rate_hz):
    """The five tone cases of EBU Tech 3341 read right within 0.1 LU."""
    parts, expected = CASES_3341[case]
    samples = tone(parts, rate_hz)

    stereo = measure(np.stack([samples, samples], axis=1), rate_hz).integrated_lufs

    assert stereo == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("case", PEAKS_3341)
def test_true_peak_of_the_ebu_cases(case):
    """The tones whose peaks lie between samples read right within +0.2/-0.4 dB."""
    divisor, degrees, amplitude, expected = PEAKS_3341[case]
    samples = amplitude * np.sin(2 * np.pi * np.arange(96000) / divisor + np.radians(degrees))
    faded = samples * np.minimum(1.0, np.minimum(np.arange(96000), np.arange(96000)[::-1]) / 480)

    peak = measure(faded, 48000).true_peak_dbtp

    assert expected - 0.4 <= peak <= expected + 0.2


def test_mono_is_measured_as_heard():
    """A mono file reads what its copy on two channels reads."""
    samples = noise_bursts(44100)

    mono = measure(samples, 44100)
    stereo = measure(np.stack([samples, samples], axis=1), 44100)

    assert mono.integrated_lufs == pytest.approx(stereo.integrated_lufs, abs=1e-9)
    assert mono.true_peak_dbtp == stereo.true_peak_dbtp


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
    """Nothing and silence have no loudness and no peak."""
    loudness = measure(samples, 44100)

    assert (loudness.integrated_lufs, loudness.true_peak_dbtp) == (-inf, -inf)


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


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is a second opinion only")
@pytest.mark.parametrize(("rate_hz", "seed"), [(44100, 1), (48000, 2), (22050, 3)])
def test_reads_what_ffmpeg_reads(rate_hz, seed, tmp_path):
    """On speech-like noise, loudness agrees within 0.1 LU and the true peak within 0.2 dB."""
    frames = np.rint(32767 * noise_bursts(rate_hz, seed=seed)).astype("<i2")
    path = tmp_path / "noise.wav"
    head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + 2 * frames.size, b"WAVEfmt ", 16, 1, 1,
                       rate_hz, 2 * rate_hz, 2, 16, b"data", 2 * frames.size)  # fmt: skip
    path.write_bytes(head + frames.tobytes())
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af",
               "ebur128=dualmono=true:peak=true", "-f", "null", "-"]  # fmt: skip
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = log[log.rindex("Summary:") :].split()

    loudness = measure(frames / 32768.0, rate_hz)

    assert loudness.integrated_lufs == pytest.approx(
        float(summary[summary.index("I:") + 1]), abs=0.1
    )
    assert loudness.true_peak_dbtp == pytest.approx(
        float(summary[summary.index("Peak:") + 1]), abs=0.2
    )
