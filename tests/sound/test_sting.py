"""The shipped sting is what its score says, and sounds from silence to silence."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

import audiobrief
from audiobrief.sound.loudness import measure
from audiobrief.sound.sting import sting

SHIPPED = Path(audiobrief.__file__).parent / "samples" / "sting.flac"


def test_the_shipped_file_is_the_synthesized_sting():
    """``python .ci/sting.py`` made it: no frame differs by more than a step of 16 bits."""
    frames, rate_hz = soundfile.read(SHIPPED, dtype="int16")

    made = np.rint(32768 * sting(rate_hz)).astype(int)

    assert frames.shape == made.shape
    assert np.abs(frames - made).max() <= 1


@pytest.mark.parametrize("rate_hz", [22050, 44100, 48000])
def test_it_rises_from_silence_and_ends_in_silence(rate_hz):
    """Two to three seconds, without a click at either end, without an offset."""
    sound = sting(rate_hz)

    assert 2.0 <= sound.size / rate_hz <= 3.0
    assert sound[0] == sound[-1] == 0.0
    assert np.abs(sound[: rate_hz // 2000]).max() < 0.02
    assert not np.rint(32768 * sound[-rate_hz // 50 :]).any()
    assert abs(sound.mean()) < 1e-4


def test_it_is_the_same_at_every_rate():
    """The rate changes neither loudness nor peak by more than a trifle."""
    low, high = (measure(sting(rate_hz), rate_hz) for rate_hz in (32000, 48000))

    assert low.integrated_lufs == pytest.approx(high.integrated_lufs, abs=0.1)
    assert -7.0 < high.true_peak_dbtp < -5.5


def test_it_has_no_step():
    """Outside the strikes of its notes nothing moves faster than its own partials."""
    sound = sting(44100)
    third = np.abs(np.diff(sound, 3))
    strikes = np.zeros(third.size, bool)
    for start_s in (0.0, 0.19, 0.38, 0.76, 0.80, 0.84):
        strikes[round(start_s * 44100) : round((start_s + 0.08) * 44100)] = True

    assert third.max() < 0.05
    assert third[~strikes].max() < 0.005
