"""The meter, held to the tone cases of EBU Tech 3341 and 3342, and to ffmpeg."""

import numpy as np
import pytest

from audiobrief.sound.loudness import measure
from tests.sound.tones import (
    LOUDNESS_3341,
    NO_FFMPEG,
    OFFSETS_3341,
    PEAKS_3341,
    RANGE_3342,
    ffmpeg_levels,
    noise_bursts,
    peak_tone,
    peak_within,
    stereo,
    tone,
)

RATES = [44100, 48000]


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", LOUDNESS_3341)
def test_integrated_loudness_of_the_cases(case, rate_hz):
    """Tech 3341, 1 to 5, 9, 12: within 0.1 LU."""
    parts, expected = LOUDNESS_3341[case]

    loudness = measure(stereo(tone(parts, rate_hz)), rate_hz)

    assert loudness.integrated_lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate_hz", RATES)
def test_windows_of_three_seconds_over_one_period_are_constant(rate_hz):
    """Tech 3341, 9: the short-term loudness stays at -23, so that its range is none."""
    parts, _ = LOUDNESS_3341[9]

    assert measure(stereo(tone(parts, rate_hz)), rate_hz).range_lu <= 0.1


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", PEAKS_3341)
def test_true_peak_of_the_tones(case, rate_hz):
    """Tech 3341, 15 to 19, whose peaks lie between samples: within +0.2/-0.4 dB."""
    expected = PEAKS_3341[case][3]

    peak = measure(stereo(peak_tone(case, rate_hz)), rate_hz).true_peak_dbtp

    assert expected - 0.4 <= peak <= expected + 0.2


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", OFFSETS_3341)
def test_true_peak_of_one_period(case, rate_hz):
    """Tech 3341, 20 to 23: one period of full scale, wherever the samples meet it."""
    peak = measure(stereo(peak_within(case)), rate_hz).true_peak_dbtp

    assert -0.4 <= peak <= 0.2


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("case", RANGE_3342)
def test_loudness_range_of_the_cases(case, times, rate_hz):
    """Tech 3342, 1 to 4, once and repeated: the tones are this far apart, within 1 LU."""
    parts, expected = RANGE_3342[case]

    loudness = measure(stereo(tone(parts * times, rate_hz)), rate_hz)

    assert loudness.range_lu == pytest.approx(expected, abs=1.0)


@pytest.mark.skipif(NO_FFMPEG, reason="ffmpeg is a second opinion only")
@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", RANGE_3342)
def test_reads_the_tones_as_ffmpeg_does(case, rate_hz, tmp_path):
    """On the cases of Tech 3342 all three figures agree within ffmpeg's one decimal."""
    samples = stereo(tone(RANGE_3342[case][0], rate_hz))

    lufs, lu, dbtp = ffmpeg_levels(samples, rate_hz, tmp_path / "tones.wav")

    ours = measure(samples, rate_hz)
    assert ours.integrated_lufs == pytest.approx(lufs, abs=0.07)
    assert ours.range_lu == pytest.approx(lu, abs=0.15)
    assert ours.true_peak_dbtp == pytest.approx(dbtp, abs=0.07)


@pytest.mark.skipif(NO_FFMPEG, reason="ffmpeg is a second opinion only")
@pytest.mark.parametrize("case", [*PEAKS_3341, *OFFSETS_3341])
def test_reads_peaks_as_ffmpeg_does(case, tmp_path):
    """On the cases 15 to 23 the true peaks agree within 0.1 dB."""
    samples = peak_tone(case, 48000) if case in PEAKS_3341 else peak_within(case)

    *_, dbtp = ffmpeg_levels(samples, 48000, tmp_path / "peak.wav")

    assert measure(samples, 48000).true_peak_dbtp == pytest.approx(dbtp, abs=0.1)


@pytest.mark.skipif(NO_FFMPEG, reason="ffmpeg is a second opinion only")
@pytest.mark.parametrize(("rate_hz", "seed"), [(44100, 1), (48000, 2), (22050, 3)])
def test_reads_what_ffmpeg_reads(rate_hz, seed, tmp_path):
    """On speech-like noise: loudness within 0.1 LU, range within 0.5 LU, true peak within 0.2 dB.

    ffmpeg counts windows of the range that the sound has only begun to fill.
    """
    swelling = np.linspace(0.2, 1.0, 40 * rate_hz)
    samples = swelling * noise_bursts(rate_hz, seconds=40.0, seed=seed)

    lufs, lu, dbtp = ffmpeg_levels(samples, rate_hz, tmp_path / "noise.wav")

    ours = measure(samples, rate_hz)
    assert ours.integrated_lufs == pytest.approx(lufs, abs=0.1)
    assert ours.range_lu == pytest.approx(lu, abs=0.5)
    assert ours.true_peak_dbtp == pytest.approx(dbtp, abs=0.2)
