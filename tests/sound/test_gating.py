"""Gates and percentiles."""

from math import inf, log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.sound.gating import block_powers, gated_lufs, range_lu, range_powers


def listing(loudness):
    """The range as section 5 of Tech 3342 computes it, in decibels and lists."""
    heard = [level for level in loudness if level >= -70.0]
    if not heard:
        return 0.0
    mean = 10 * log10(sum(10 ** (level / 10) for level in heard) / len(heard))
    loud = sorted(level for level in heard if level >= mean - 20.0)
    low, high = (loud[int((len(loud) - 1) * share + 0.5)] for share in (0.10, 0.95))
    return high - low


@given(st.lists(st.floats(-90.0, 0.0).map(lambda level: round(level, 3)), max_size=60))
def test_the_range_is_that_of_the_listing(loudness):
    """Whatever the levels, gates and ranks are those of Tech 3342."""
    # A thousandth above: no level lies on a gate to the last bit.
    powers = 10 ** ((np.array(loudness) + 0.691 + 0.00037) / 10)

    assert range_lu(powers) == pytest.approx(listing([x + 0.00037 for x in loudness]), abs=1e-9)


@given(st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=60), st.floats(1.0, 100.0))
def test_the_range_does_not_depend_on_the_level(powers, factor):
    """A louder copy has the same range, as long as nothing crosses the absolute gate."""
    louder = np.array(powers) * factor + 1e-6

    assert range_lu(louder * 4.0) == pytest.approx(range_lu(louder), abs=1e-9)


def test_what_is_shorter_than_a_window_has_no_range():
    """29 steps of 100 ms are no window; 30 are one, whose range is none."""
    energies = np.ones(30)

    assert range_powers(energies[:29], 29 * 4410, 4410).size == 0
    assert range_powers(energies, 30 * 4410, 4410).size == 1
    assert range_lu(np.array([0.1])) == 0.0


def test_a_step_begun_is_not_counted():
    """The last step counts only where it is full; below 400 ms all there is counts."""
    energies = np.ones(5)

    assert block_powers(energies, 5 * 100 - 1, 100).size == 1
    assert block_powers(energies, 5 * 100, 100).size == 2
    assert block_powers(np.ones(2), 150, 100) == pytest.approx([2.0 / 150.0])


def test_silence_has_no_loudness():
    """What is below the absolute gate everywhere reads minus infinity."""
    assert gated_lufs(np.full(10, 1e-8)) == -inf
