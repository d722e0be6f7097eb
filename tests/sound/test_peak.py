"""The true peak: interpolation, and the bound that spares most of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.sound.peak import interval_peaks, true_peak


@settings(max_examples=40, deadline=None)
@given(
    frames=st.integers(1, 3000),
    length=st.integers(1, 40),
    seed=st.integers(0, 999),
    above=st.floats(0.0, 2.0),
)
def test_the_bound_misses_nothing(frames, length, seed, above):
    """What lies above the threshold is the same whether the rest is computed or not."""
    random = np.random.default_rng(seed)
    samples = random.standard_normal(frames) * random.random(frames) ** 4

    everything, spared = (interval_peaks(samples, length, level) for level in (0.0, above))

    exceeding = everything > above
    assert spared[exceeding] == pytest.approx(everything[exceeding], abs=1e-6)
    assert np.all(spared[~exceeding] <= max(above, 0.0) + 1e-6)


@settings(max_examples=40, deadline=None)
@given(frames=st.integers(1, 2000), length=st.integers(1, 40), seed=st.integers(0, 999))
def test_slices_hold_the_peaks_of_their_intervals(frames, length, seed):
    """Longer slices tell the largest of the shortest ones, wherever they are cut."""
    samples = np.random.default_rng(seed).standard_normal(frames)

    shortest = interval_peaks(samples, 1, 0.0)
    slices = interval_peaks(samples, length, 0.0)

    shortest = np.pad(shortest[:frames], (0, -frames % length))
    inside = shortest.reshape(-1, length).max(axis=1)
    assert slices[:-1] == pytest.approx(inside[:-1], abs=1e-12)
    assert slices[-1] >= inside[-1] - 1e-12


@pytest.mark.parametrize("frequency", [0.01, 0.1, 0.2, 0.25, 0.35, 0.45])
def test_a_tone_reads_its_amplitude(frequency):
    """Whatever its phase, a tone reads its amplitude less what four points can miss."""
    time = np.arange(4000)
    fade = np.minimum(1.0, np.minimum(time, time[::-1]) / 400)
    missed_db = 20 * np.log10(np.cos(np.pi * frequency / 4))
    for phase in np.linspace(0, np.pi, 13):
        level_db = 20 * np.log10(true_peak(fade * np.sin(2 * np.pi * frequency * time + phase)))
        assert missed_db - 0.03 <= level_db <= 0.03


def test_the_peak_is_never_below_the_samples():
    """A single frame reads at least itself, and nothing is an empty signal's peak."""
    assert true_peak(np.array([0.5])) >= 0.5
    assert true_peak(np.zeros(0)) == 0.0
    assert true_peak(np.zeros(9), at_least=0.25) == 0.25
