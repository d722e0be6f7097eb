"""flite: texts as files, voices by name, processes that end."""

import os
import shutil
import subprocess
import sys
import wave
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from audiobrief.errors import EngineUnavailableError, SpeechError, VoiceNotFoundError
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.contract import check_engine
from audiobrief.speak.engine import InspectableEngine, ParallelEngine, TellingEngine
from audiobrief.speak.engines.flite import FliteEngine
from audiobrief.speak.flite_program import FliteProgram, find_program
from audiobrief.speak.session import Limits

TEXT = "The pier will hold, and the ferry sails again from Monday."
VOICE = Voice("anchor", "flite", "slt")

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="the scripted programs are shell scripts"
)


def _installed():
    """Return what runs flite on this machine, every kind of it."""
    found = []
    for name, is_ffmpeg in (("flite", False), ("ffmpeg", True)):
        path = shutil.which(name)
        if path is None:
            continue
        program = FliteProgram(Path(path), is_ffmpeg=is_ffmpeg)
        with suppress(EngineUnavailableError):
            program.version()
            found.append(pytest.param(program, id=name))
    return found or [
        pytest.param(None, marks=pytest.mark.skip("neither flite nor an ffmpeg with it is here"))
    ]


@pytest.fixture(params=_installed())
def engine(request):
    """Return an engine on each program that is installed."""
    return FliteEngine(lambda: request.param)


@pytest.fixture
def scripted(tmp_path, monkeypatch):
    """Return an engine whose program is a shell script of the test's own."""
    # Asked for its version a script runs here, and some write files.
    monkeypatch.chdir(tmp_path)

    def make(script, *, limit_s=15.0):
        path = tmp_path / "bin with 'quotes', [brackets]" / "flite"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)
        program = FliteProgram(path, is_ffmpeg=False)
        return FliteEngine(lambda: program, limits=Limits(speak_s=limit_s, slowest=1000))

    return make


def test_it_keeps_the_contract(engine):
    """Markup, phonemes, controls, options: all spoken as text."""
    check_engine(engine, Voice("anchor", "flite", "kal16"))
    assert isinstance(engine, ParallelEngine)
    assert isinstance(engine, InspectableEngine)
    assert isinstance(engine, TellingEngine)


@pytest.mark.parametrize("rate_wpm", [80, 130, 260, 449])
def test_the_rate_is_followed(engine, rate_wpm):
    """Over the whole range that a profile may have; the length goes with 1 / rate."""
    with engine.open() as session:
        usual = session.speak(TEXT, Voice("anchor", "flite", "kal16", rate_wpm=164))
        clip = session.speak(TEXT, Voice("anchor", "flite", "kal16", rate_wpm=rate_wpm))
    voice = Voice("anchor", "flite", "kal16", rate_wpm=rate_wpm)
    assert find_flaw(clip, TEXT, voice) == ""
    ratio = clip.frame_count / usual.frame_count
    assert ratio == pytest.approx(164 / rate_wpm, rel=0.12)


def test_the_volume_is_followed(engine):
    """Half of it is half the peak."""
    with engine.open() as session:
        loud = memoryview(session.speak(TEXT, Voice("a", "flite", "kal16")).pcm).cast("h")
        soft = memoryview(session.speak(TEXT, Voice("a", "flite", "kal16", volume=0.5)).pcm)
    assert max(soft.cast("h")) == pytest.approx(max(loud) / 2, abs=1)


def test_the_same_text_is_the_same_sound(engine):
    """Fresh process, same bytes."""
    with engine.open() as session:
        assert session.speak(TEXT, VOICE) == session.speak(TEXT, VOICE)


def test_a_folder_with_any_name_is_no_part_of_the_filter(engine, tmp_path, monkeypatch):
    """Colons, quotes, brackets and commas in the path of temporary files."""
    place = tmp_path / "a:b'c[d],e;f\\g %s=1"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with engine.open() as session:
        assert session.speak(TEXT, VOICE).frame_count > 0
    assert list(place.iterdir()) == []


def test_letters_with_marks_are_spoken_without_them(engine):
    """And what cannot be said at all is told."""
    notes = []
    engine.listen(notes.append)
    with engine.open() as session:
        plain = session.speak("The cafe in Lodz - yes.", VOICE)
        assert session.speak("The café in Łódź — yes.", VOICE) == plain
        assert notes == []
        session.speak("The paper Правда wrote so.", VOICE)
    assert notes == ["flite leaves out 'Правд' in: The paper Правда wrote so."]


def test_a_text_of_which_nothing_is_left_is_refused_by_name(engine):
    """Not silence, and no process."""
    with engine.open() as session:
        with pytest.raises(SpeechError, match="knows no character") as caught:
            session.speak("Правда.", VOICE)
        with pytest.raises(SpeechError, match="nothing to speak"):
            session.speak("...", VOICE)
    assert caught.value.subject == "Правда."


def test_an_unknown_voice_is_refused(engine):
    """The program itself would take its first one."""
    with engine.open() as session, pytest.raises(VoiceNotFoundError, match="awb, kal, kal16"):
        session.speak(TEXT, Voice("anchor", "flite", "rms:text=x"))


def test_doctor_hears_what_it_is(engine):
    """The path and the version that the program tells."""
    facts = dict(engine.facts())
    assert Path(facts["program"]).exists()
    assert facts["version"] != "unknown"
    assert facts["program"] in facts["fingerprint"]


def test_an_update_changes_the_fingerprint(scripted):
    """Size and date of the program are part of it, and nothing is started."""
    engine = scripted("exit 3")
    before = engine.fingerprint()
    assert before == engine.fingerprint()
    assert before != scripted("exit 3 # newer").fingerprint()


def test_without_a_program_the_command_that_installs_one_is_named(tmp_path):
    """Making the engine is no error, using it is."""
    engine = FliteEngine(lambda: find_program(str(tmp_path)))
    assert [voice.id for voice in engine.voices()] == ["awb", "kal", "kal16", "rms", "slt"]
    with pytest.raises(EngineUnavailableError, match="apt-get install flite"):
        engine.fingerprint()
    with engine.open() as session, pytest.raises(EngineUnavailableError, match="neither"):
        session.speak(TEXT, VOICE)


@posix
def test_an_ffmpeg_without_flite_is_named(scripted, tmp_path):
    """It fails, and then says why."""
    scripted("echo \"Unknown filter 'flite'.\" >&2; exit 1")
    (path,) = tmp_path.glob("*/flite")
    engine = FliteEngine(lambda: FliteProgram(path, is_ffmpeg=True))
    with (
        engine.open() as session,
        pytest.raises(EngineUnavailableError, match="built without flite"),
    ):
        session.speak(TEXT, VOICE)


@posix
def test_an_ffmpeg_without_flite_is_not_installed(scripted, tmp_path):
    """The list of engines says so; asked again after an update."""
    scripted("echo \"Unknown filter 'flite'.\" >&2; exit 1")
    (path,) = tmp_path.glob("*/flite")
    engine = FliteEngine(lambda: FliteProgram(path, is_ffmpeg=True))
    for _ in range(2):
        with pytest.raises(EngineUnavailableError, match="built without flite"):
            engine.fingerprint()
    scripted("echo Filter flite")
    assert engine.fingerprint().startswith("flite-adapter 1, ffmpeg ")


@posix
def test_folders_of_killed_processes_are_swept(scripted, tmp_path, monkeypatch):
    """Those of the living, and of others, stay."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    dead = subprocess.Popen(["true"])
    dead.wait()
    stale = place / f"audiobrief-flite-{dead.pid}-x"
    others = [place / f"audiobrief-flite-{os.getpid()}-x", place / "audiobrief-flite-x"]
    for folder in (stale, *others):
        folder.mkdir()
        (folder / "text.txt").touch()
    scripted("exit 0").open().close()
    assert sorted(place.iterdir()) == sorted(others)


@posix
@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("echo 'out of memory' >&2; exit 3", "exit status 3: out of memory"),
        ("kill -SEGV $$", "exit status -11"),
        ("exit 0", "no readable WAV file"),
        ("echo FORM....AIFF >clip.wav", "no readable WAV file"),
    ],
)
def test_two_failures_name_the_text(scripted, tmp_path, monkeypatch, script, complaint):
    """Nothing is left behind."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with scripted(script).open() as session, pytest.raises(SpeechError, match=complaint) as caught:
        session.speak(TEXT, VOICE)
    assert caught.value.subject == TEXT
    assert list(place.iterdir()) == []


@posix
def test_one_failure_costs_one_process(scripted, tmp_path):
    """The second one speaks."""
    there = tmp_path / "first"
    sound = tmp_path / "sound.wav"
    _write_tone(sound)
    script = f'if [ -e "{there}" ]; then cp "{sound}" clip.wav; else : >"{there}"; exit 1; fi'
    with scripted(script).open() as session:
        assert session.speak(TEXT, VOICE).frame_count == 2205


@posix
def test_a_program_that_hangs_is_killed_with_its_children(scripted, tmp_path):
    """The group dies, not the leader alone."""
    pids = tmp_path / "pids"
    script = f'case $1 in --version) exit 0;; esac; sleep 600 & echo $! >>"{pids}"; wait'
    with (
        scripted(script, limit_s=0.5).open() as session,
        pytest.raises(SpeechError, match="no sound within"),
    ):
        session.speak(TEXT, VOICE)
    assert [pid for pid in pids.read_text().split() if _is_alive(pid)] == []


@posix
def test_closing_ends_a_text_in_hand(scripted, tmp_path):
    """From another thread, while the program works."""
    started = tmp_path / "started"
    subprocess.run(["mkfifo", str(started)], check=True)
    session = scripted(f'echo up >"{started}"; exec sleep 600').open()
    caught, done = [], Event()

    def speak():
        try:
            session.speak(TEXT, VOICE)
        except SpeechError as error:
            caught.append(error.problem)
        done.set()

    thread = Thread(target=speak)
    thread.start()
    assert started.read_text() == "up\n"
    session.close()
    assert done.wait(timeout=10)
    thread.join()
    assert caught == ["the session is closed"]


def _is_alive(pid):
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False
    ).stdout.strip()
    return state not in {"", "Z"} and not state.startswith("Z")


def _write_tone(path):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(b"\x00\x20\x00\xe0" * 1102 + b"\x00\x20")
