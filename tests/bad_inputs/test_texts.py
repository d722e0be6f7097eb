"""Rows of `texts.py`, each through the real command in a process of its own."""

import os

import pytest

from tests.bad_inputs.run import attempted
from tests.bad_inputs.texts import ROWS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and rusage are POSIX's")
TRIES = [
    pytest.param(attempt, id=f"{case.number}-{number}" if number else str(case.number))
    for case in ROWS
    for number, attempt in enumerate(case.tries)
]


@pytest.mark.parametrize("attempt", TRIES)
def test_it_is_as_expected(tmp_path, attempt):
    """What is bad is refused or made harmless; the good article of the same run is published."""
    assert attempted(attempt, tmp_path)[1] == []
