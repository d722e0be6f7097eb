"""What a worker does wrong costs one restart; twice, an error that names the text."""

import tempfile
from pathlib import Path

import pytest

from audiobrief.errors import SpeechError
from audiobrief.model.voice import Voice
from audiobrief.speak.bundle import Bundle, find_bundle
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.session import Limits
from audiobrief.speak.worker import Worker, WorkerFault

VOICE = Voice("anchor", "pyttsx3", "en-us+f2")
TEXT = "The pier will hold."
SCRIPTED = Path(__file__).with_name("scripted_worker.py")

FAULTS = {
    "never ready": "no answer within",
    "dies at start": "exit status 1: phontab: No such file",
    "hangs": "no answer within",
    "exits": "exit status 1",
    "garbage": "cannot be read",
    "wrong id": "another question",
    "no object": "another question",
    "no figures": "an answer that cannot be read",
    "odd figures": "an answer that cannot be read",
    "half a file": "damaged sound",
    "no file": "no readable sound",
    "other file": "damaged sound",
    "empty file": "damaged sound: 0 bytes",
    "fault": "disk full",
}


@pytest.fixture
def engine_with(tmp_path):
    """Return an engine whose workers do what the script says, one line a worker."""

    def make(*deeds):
        real = find_bundle()
        (tmp_path / "script.txt").write_text("\n".join(deeds) + "\n", "utf-8")
        library = tmp_path / "library"
        library.touch()
        quick = Limits(start_s=0.5, speak_s=0.3, slowest=1000)
        if not {"hangs", "never ready"} & set(deeds):
            quick = Limits()
        return Pyttsx3Engine(
            Bundle(library, real.data, real.packages), limits=quick, worker=SCRIPTED
        )

    return make


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Return where the workers' folders are made, a place of the test's own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.mark.parametrize("deed", [deed for deed in FAULTS if deed not in {"hangs", "never ready"}])
def test_one_fault_costs_one_restart(engine_with, deed):
    """A fresh worker speaks the text that the first one failed at."""
    with engine_with(deed, "good").open() as session:
        clip = session.speak(TEXT, VOICE)
    assert clip.frame_count == 1500 * len(TEXT)


@pytest.mark.parametrize("deed", FAULTS)
def test_two_faults_name_the_text_and_the_cause(engine_with, temporary, deed):
    """The second fault ends it; nothing is left behind."""
    with (
        engine_with(deed, deed, "good").open() as session,
        pytest.raises(SpeechError, match=FAULTS[deed]) as caught,
    ):
        session.speak(TEXT, VOICE)
    assert caught.value.subject == TEXT
    assert list(temporary.iterdir()) == []


def test_the_session_goes_on_after_an_error(engine_with):
    """The next text gets a worker of its own."""
    with engine_with("exits", "exits", "good").open() as session:
        with pytest.raises(SpeechError):
            session.speak(TEXT, VOICE)
        assert session.speak(TEXT, VOICE).frame_count > 0


def test_a_worker_that_cannot_be_started_is_a_fault(tmp_path, temporary):
    """No program, no folder left."""
    with pytest.raises(WorkerFault, match="cannot be started"):
        Worker([str(tmp_path / "absent")], environment={}, cwd=tmp_path)
    assert list(temporary.iterdir()) == []


def test_a_closed_session_refuses(engine_with):
    """No worker is started for it."""
    session = engine_with("good").open()
    session.close()
    with pytest.raises(SpeechError, match="closed"):
        session.speak(TEXT, VOICE)
