"""Whatever the text, an engine speaks it or refuses it by name; it neither hangs nor crashes."""

import pytest

from tests.speak.torture import ENGINES, fates_in_processes

#: ``python -m tests.speak.torture ENGINE`` takes 500.
COUNT = 60


@pytest.mark.parametrize("engine", ENGINES)
def test_every_text_is_spoken_or_refused_by_name(engine):
    """Controls, markup, phonemes, options, scripts, lengths, in four processes at once.

    No text kills its worker: a refusal comes before the worker, or from it.
    """
    fates = fates_in_processes(engine, COUNT, seed=20)
    assert len(fates) == COUNT
    assert [fate for fate in fates if "failed twice" in fate or "NOT NAMED" in fate] == []
    assert fates.count("spoken") >= COUNT // 2
