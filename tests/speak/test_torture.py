"""Whatever the text, an engine speaks it or refuses it by name; it neither hangs nor crashes."""

from importlib.util import find_spec

import pytest

from audiobrief.errors import EngineUnavailableError
from audiobrief.speak.flite_program import find_program
from tests.speak.torture import ENGINES, fates_in_processes

#: ``python -m tests.speak.torture ENGINE`` takes 500.
COUNT = 60


def _is_here(engine):
    """Tell whether an engine that audiobrief does not bring along is installed."""
    if engine == "flite":
        try:
            find_program().version()
        except EngineUnavailableError:
            return False
        return True
    package = {"piper": "piper", "kokoro": "kokoro_onnx"}.get(engine)
    return package is None or find_spec(package) is not None


def _unless_absent(engine):
    absent = pytest.mark.skipif(not _is_here(engine), reason=f"{engine} is not installed")
    return pytest.param(engine, marks=absent)


@pytest.mark.parametrize("engine", [_unless_absent(engine) for engine in ENGINES])
def test_every_text_is_spoken_or_refused_by_name(engine):
    """Controls, markup, phonemes, options, scripts, lengths, in four processes at once.

    No text kills its worker: a refusal comes before the worker, or from it.
    """
    fates = fates_in_processes(engine, COUNT, seed=20)
    assert len(fates) == COUNT
    assert [fate for fate in fates if "failed twice" in fate or "NOT NAMED" in fate] == []
    assert fates.count("spoken") >= COUNT // 2
