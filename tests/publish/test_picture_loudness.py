"""The curve of the loudness in a picture: true to the sound that it was measured of."""

from array import array
from math import log10

import numpy as np
import pytest

from audiobrief.model.audio import Curve
from audiobrief.publish.canvas import COLUMNS, at_ms
from audiobrief.publish.column import readings
from audiobrief.sound.filters import k_weighting
from audiobrief.sound.loudness import energy_of_rows
from tests.publish.pictures import (
    RATE_HZ,
    STEP_FRAMES,
    draw,
    flat_curve,
    loudness_line,
    parsed,
    y_of,
)


@pytest.mark.parametrize("level_lufs", [-10.0, -16.0, -22.0, -28.0])
def test_a_tone_lies_at_its_loudness(level_lufs):
    """A sine at 997 Hz, as the meter weights it, on the line of the scale that is labelled so."""
    seconds = 10
    # 0 dBFS at 997 Hz is -3.01 LUFS in one channel, and 3.01 more from two loudspeakers.
    samples = 10 ** (level_lufs / 20) * np.sin(
        2 * np.pi * 997 / RATE_HZ * np.arange(seconds * RATE_HZ)
    )
    weighted, _ = k_weighting(RATE_HZ).run(samples)
    whole = weighted.size - weighted.size % STEP_FRAMES
    energies = 2.0 * energy_of_rows(weighted[:whole].reshape(-1, STEP_FRAMES))
    curve = Curve(STEP_FRAMES, RATE_HZ, bytes([80]) * energies.size, array("f", energies.tolist()))
    root = parsed(draw(curve, duration_ms=seconds * 1000))
    label = f"{'target ' * (level_lufs == -16)}\u2212{-level_lufs:g}"
    (run,) = loudness_line(root)
    assert len(run) >= COLUMNS - 1
    assert [y for _, y in run] == pytest.approx([y_of(root, label)] * len(run), abs=0.3)


def test_loudness_beyond_the_scale_lies_at_its_edge():
    """Louder than the target by more than 9 LU, softer by more than 18, yet no silence."""
    for lufs, above_bottom in ((5.0, 108), (-60.0, 0)):
        root = parsed(draw(flat_curve(12_000, lufs=lufs)))
        bottom = y_of(root, "\u221234")
        (run,) = loudness_line(root)
        assert {bottom - y for _, y in run} == {above_bottom}


def test_silence_is_a_gap_in_the_loudness():
    """Ten seconds of it in the middle: the windows are 3 s long."""
    curve = flat_curve(30_000)
    per_s = RATE_HZ / STEP_FRAMES
    for step in range(round(10 * per_s), round(20 * per_s)):
        curve.energies[step] = 0.0
    before, after = loudness_line(parsed(draw(curve, duration_ms=30_000)))
    assert before[-1][0] == pytest.approx(at_ms(11_500, 30_000), abs=3)
    assert after[0][0] == pytest.approx(at_ms(18_500, 30_000), abs=3)
    silent = draw(flat_curve(12_000, lufs=-80.0))
    assert loudness_line(parsed(silent)) == []
    assert "Nothing is to be heard." in silent


def test_a_long_column_shows_the_softest_and_the_loudest_window():
    """Of two hours, one window of 3 s is softer: the band goes down to it, the line does not."""
    curve = flat_curve(7_200_000)
    per_s = RATE_HZ / STEP_FRAMES
    for step in range(round(3600 * per_s), round(3609 * per_s)):
        curve.energies[step] /= 10
    found = readings(curve, COLUMNS, duration_ms=7_200_000)
    assert min(r.low for r in found) == pytest.approx(-26, abs=0.1)
    assert {round(r.middle, 1) for r in found} == {-16.0}
    assert {round(r.high, 1) for r in found} == {-16.0}


def test_windows_read_what_a_plain_sum_reads():
    """Against the definition, at the places of a curve that is never the same."""
    noise = np.random.default_rng(2).uniform(1, 100, 2000)
    duration_ms = round(2000 * STEP_FRAMES / RATE_HZ * 1000)
    curve = Curve(STEP_FRAMES, RATE_HZ, bytes(2000), array("f", noise.tolist()))
    size = round(3 * RATE_HZ / STEP_FRAMES)
    for column, reading in enumerate(readings(curve, 50, duration_ms=duration_ms)):
        first = round(min(max((column + 0.5) * 40 - size / 2, 0), 2000 - size))
        power = noise[first : first + size].sum() / size / STEP_FRAMES
        assert reading.middle == pytest.approx(-0.691 + 10 * log10(power), abs=0.2)
