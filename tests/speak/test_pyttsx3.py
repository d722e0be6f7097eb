"""pyttsx3 in its worker, really: the defects of pyttsx3 2.99, voices, processes, faults."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from audiobrief.errors import (
    EngineUnavailableError,
    SpeechError,
    VoiceNotFoundError,
    WorkspaceError,
)
from audiobrief.model.voice import Voice
from audiobrief.speak.bundle import Bundle, find_bundle
from audiobrief.speak.check import find_flaw
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine, make_engine
from audiobrief.speak.session import Limits
from audiobrief.speak.workers import pyttsx3_program, serve

VOICE = Voice("anchor", "pyttsx3", "en-us+f2")
GUEST = Voice("guest", "pyttsx3", "en-us+klatt4", volume=0.5)
TEXT = "The first boat leaves at six in the morning, and tickets cost the same as before."
WORKER_SOURCE = Path(pyttsx3_program.__file__).read_text("utf-8")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Return where the workers' folders are made, a place of the test's own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def session():
    """Return an open session."""
    with Pyttsx3Engine().open() as opened:
        yield opened


def pid_of(session):
    """Return the id of the session's worker."""
    return session._worker.pid


# The twelve defects, in the order of their numbers.


@pytest.mark.parametrize("text", [TEXT, "No.", " ".join([TEXT] * 8)])
def test_the_first_text_of_a_worker_is_not_lost(session, text):
    """Defect 1: the first run after init does not wait."""
    assert find_flaw(session.speak(text, VOICE), text, VOICE) == ""


def test_texts_in_a_row_are_each_their_own(session):
    """Defects 2 and 11: only the last file is written; an engine collected cuts it off."""
    texts = [" ".join(["harbor"] * n) + "." for n in (1, 30, 2, 20, 3, 10)]
    frames = [session.speak(text, VOICE).frame_count for text in texts]
    by_length = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    assert sorted(range(len(texts)), key=lambda n: frames[n]) == by_length


@pytest.mark.parametrize("blank", ["", "  \n", "\x00", "\ud800"])
def test_blank_text_is_refused_before_a_worker_is_started(session, blank):
    """Defect 3: an empty run hangs, or makes the previous file once more."""
    with pytest.raises(SpeechError, match="nothing to speak"):
        session.speak(blank, VOICE)
    assert session._worker is None


def test_a_path_that_cannot_be_written_is_an_answer_not_a_hang(session):
    """Defect 4: an error in the callback is swallowed, and the run never ends."""
    session.speak(TEXT, VOICE)
    worker = session._worker
    shutil.rmtree(worker.folder)
    request = {"do": "speak", "text": TEXT, "voice": "en-us", "rate": 170, "volume": 1.0}
    answer = worker.ask(request | {"path": "x.pcm"}, 20)
    assert answer["error"] == "fault"
    assert "No such file" in answer["message"]


def test_settings_made_right_before_a_text_take_effect(session):
    """Defect 5: without Synchronize() 8 of 12 are lost."""
    fast, slow = replace(VOICE, rate_wpm=400), replace(GUEST, rate_wpm=100)
    for _ in range(12):
        lengths = [session.speak(TEXT, voice).duration_ms for voice in (fast, slow)]
        assert 3.0 < lengths[1] / lengths[0] < 5.5


def test_volume_takes_effect(session):
    """Defect 5 again, with the setting that does not show in the length."""
    clips = [session.speak(TEXT, replace(VOICE, volume=volume)) for volume in (1.0, 0.25)]
    loud, soft = (max(memoryview(clip.pcm).cast("h")) for clip in clips)
    assert 3.0 < loud / soft < 5.0


def test_no_setting_is_read_back():
    """Defect 6: getProperty gives the same rate and volume whatever was set."""
    assert re.findall(r"getProperty\((.*?)\)", WORKER_SOURCE) == ['"voices"']


def test_a_text_that_would_overrun_a_buffer_is_spoken_whole(session):
    """Defect 7: from 29,400 characters on the library crashes."""
    text = " ".join([TEXT] * 370)
    assert len(text) > 30_000
    fast = replace(VOICE, rate_wpm=449)
    assert find_flaw(session.speak(text, fast), text, fast) == ""


def test_nothing_of_it_is_loaded_in_the_process_of_the_user(session):
    """Defect 8: a fork after init hangs; there is no init here to fork after."""
    session.speak(TEXT, VOICE)
    assert "pyttsx3" not in sys.modules


def test_two_sessions_speak_at_once_in_a_process_each():
    """Defect 9: two engines in one process kill it."""
    engine = Pyttsx3Engine()

    def work(voice):
        with engine.open() as session:
            flaws = [find_flaw(session.speak(TEXT, voice), TEXT, voice) for _ in range(5)]
            return pid_of(session), flaws

    with ThreadPoolExecutor(2) as pool:
        (first, one), (second, other) = pool.map(work, (VOICE, GUEST))
    assert first != second
    assert one == other == [""] * 5


def test_nothing_is_said_aloud():
    """Defect 10: say() after save_to_file() writes over that file."""
    assert ".say(" not in WORKER_SOURCE


def test_a_wish_to_stop_ends_no_later_run(tmp_path):
    """Defect 13: what one run leaves behind cancels the next one before its sound."""
    begin = "        self._events = []\n"
    assert WORKER_SOURCE.count(begin) == 1
    left = begin + "        self._driver._stopping = True\n"
    place = "str(Path(__file__).parents[3])"
    assert place in WORKER_SOURCE
    worker = tmp_path / "worker.py"
    program = WORKER_SOURCE.replace(begin, left)
    program = program.replace(place, repr(str(Path(pyttsx3_program.__file__).parents[3])))
    worker.write_text(program, "utf-8")
    text = "It will close for the winter."
    with Pyttsx3Engine(worker=worker).open() as session:
        clip = session.speak(text, VOICE)
    assert [text[m.start_char : m.end_char] for m in clip.words][-2:] == ["for the", "winter"]


def test_nothing_is_printed_by_pyttsx3():
    """Defect 12: "Audio saved to ..." on stdout would break --json."""
    code = (
        "from audiobrief.speak.engines.pyttsx3 import make_engine\n"
        "from audiobrief.model.voice import Voice\n"
        "with make_engine({}).open() as s:\n"
        "    s.speak('Hello there.', Voice('a', 'pyttsx3', 'en-us'))\n"
        "print('{}')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{}\n", "")


def test_only_answers_leave_the_worker():
    """Defect 12 again: whatever Python or C prints in the worker does not mix with its answers."""
    code = (
        "import os, runpy, sys\n"
        "channel = runpy.run_path(sys.argv[1])['Channel']()\n"
        "print('Audio saved to x.wav', flush=True)\n"
        "os.write(1, b'noise of a library')\n"
        "channel.answer(ok=None)\n"
    )
    command = [sys.executable, "-c", code, serve.__file__]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == '{"id": 0, "ok": null}\n'


# Voices.


@pytest.mark.parametrize(
    ("unknown", "guess"),
    [
        ("en-us+f22", "en-us+f2"),
        ("en-us+klat4", "en-us+klatt4"),
        ("klatt4", "en-us+klatt4"),
        ("en-us+nothing-like-it", None),
        ("en-us+", "en-us"),
        ("english", None),
        ("../../../../etc/passwd", None),
        ("en-us+../../x", None),
        ("", None),
    ],
)
def test_an_unknown_voice_is_never_another_one(session, unknown, guess):
    """espeak-ng keeps the previous voice, or leaves the variant out, and says nothing."""
    session.speak(TEXT, VOICE)
    with pytest.raises(VoiceNotFoundError) as caught:
        session.speak(TEXT, replace(VOICE, engine_voice=unknown))
    assert caught.value.subject == unknown
    if guess:
        assert f"did you mean {guess!r}" in caught.value.remedy
    assert find_flaw(session.speak(TEXT, VOICE), TEXT, VOICE) == ""


@pytest.mark.parametrize("rate", [79, 450, 0, -170, 170.5, True])
def test_a_rate_that_would_be_cut_is_refused(session, rate):
    """espeak-ng cuts to 80..449; a float only fires an event, and the old rate stays."""
    with pytest.raises(WorkspaceError, match="rate"):
        session.speak(TEXT, replace(VOICE, rate_wpm=rate))


@pytest.mark.parametrize("volume", [-0.1, 1.01, float("nan")])
def test_a_volume_that_would_clip_is_refused(session, volume):
    """Above 1.0 the sound is clipped."""
    with pytest.raises(WorkspaceError, match="volume"):
        session.speak(TEXT, replace(VOICE, volume=volume))


@pytest.mark.parametrize("rate", [80, 449])
def test_the_ends_of_the_range_are_spoken(session, rate):
    """80 and 449 are rates like others."""
    voice = replace(VOICE, rate_wpm=rate)
    assert find_flaw(session.speak(TEXT, voice), TEXT, voice) == ""


def test_voices_are_listed_with_languages():
    """Base voices as espeak-ng has them, and the variants that profiles use."""
    voices = {voice.id: voice for voice in make_engine({}).voices()}
    assert voices["gmw/en-us"].languages == ("en-us",)
    assert {"en-us+f2", "en-us+klatt4"} <= set(voices)


# What it runs on.


@on_linux
def test_the_bundled_library_is_the_one_in_use(session):
    """The kernel's list of mapped files agrees with what the worker says of itself."""
    session.speak(TEXT, VOICE)
    maps = Path(f"/proc/{pid_of(session)}/maps").read_text("utf-8")
    mapped = set(re.findall(r"\S*espeak\S*\.so\S*", maps))
    facts = dict(make_engine({}).facts())
    assert mapped == {facts["library"]} == {str(find_bundle().library.resolve())}
    assert facts["espeak-ng"] == "1.52.0"


def test_a_fingerprint_is_cheap_and_stays():
    """It starts no process and imports neither pyttsx3 nor numpy."""
    code = (
        "import sys, subprocess; subprocess.Popen = None\n"
        "from audiobrief.speak.engines.pyttsx3 import make_engine\n"
        "print(make_engine().fingerprint(), {'pyttsx3', 'numpy'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{make_engine().fingerprint()} set()\n"


def test_a_fingerprint_changes_with_the_data(tmp_path):
    """Another dictionary, another sound, another key."""
    data = tmp_path / "espeak-ng-data"
    data.mkdir()
    for name in ("phontab", "phonindex", "phondata", "intonations"):
        (data / name).touch()
    bundle = replace(find_bundle(), data=data)
    before = Pyttsx3Engine(bundle).fingerprint()
    (data / "en_dict").write_bytes(b"x")
    assert Pyttsx3Engine(bundle).fingerprint() != before


def test_the_environment_of_the_user_does_not_reach_the_worker(tmp_path, monkeypatch):
    """Files named like modules, in the current folder and on PYTHONPATH, are not imported."""
    for name in ("pyttsx3", "json", "wave", "queue"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with Pyttsx3Engine().open() as session:
        assert find_flaw(session.speak(TEXT, VOICE), TEXT, VOICE) == ""


def test_data_in_a_deep_folder_is_found(tmp_path):
    """espeak-ng cuts an absolute path of more than 160 bytes, and ends its process."""
    real = find_bundle()
    deep = tmp_path / ("deep" * 40) / ("ünder" * 20)
    deep.parent.mkdir()
    deep.symlink_to(real.data.parent, target_is_directory=True)
    bundle = Bundle(deep / real.library.name, deep / real.data.name, real.packages)
    with Pyttsx3Engine(bundle).open() as session:
        assert find_flaw(session.speak(TEXT, VOICE), TEXT, VOICE) == ""


@pytest.mark.parametrize("part", ["library", "data", "packages"])
def test_a_missing_part_is_named_before_a_worker_is_started(tmp_path, part):
    """Exit code 4 and the command that mends it."""
    bundle = replace(find_bundle(), **{part: tmp_path / "absent"})
    with pytest.raises(EngineUnavailableError, match="pip install") as caught:
        Pyttsx3Engine(bundle).facts()
    assert caught.value.exit_code == 4


def test_a_library_that_ends_its_process_is_an_error(tmp_path):
    """With unusable data the C library calls exit(1); the sentence is named."""
    (tmp_path / "phontab").touch()
    engine = Pyttsx3Engine(replace(find_bundle(), data=tmp_path))
    with pytest.raises(EngineUnavailableError, match="exit status"):
        engine.facts()
    with engine.open() as session, pytest.raises(SpeechError) as caught:
        session.speak(TEXT, VOICE)
    assert caught.value.subject == TEXT


# Processes.


def test_a_killed_worker_costs_a_restart(session):
    """SIGKILL between two texts; the second is spoken by another worker."""
    session.speak(TEXT, VOICE)
    first = pid_of(session)
    os.kill(first, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert find_flaw(session.speak(TEXT, VOICE), TEXT, VOICE) == ""
    assert pid_of(session) != first


@on_linux
def test_a_stopped_worker_costs_the_time_limit_and_a_restart():
    """SIGSTOP: alive, but no answer will come."""
    with Pyttsx3Engine(limits=Limits(speak_s=2.0, slowest=100)).open() as session:
        session.speak("No.", VOICE)
        first = pid_of(session)
        os.kill(first, signal.SIGSTOP)
        assert find_flaw(session.speak("No.", VOICE), "No.", VOICE) == ""
        assert pid_of(session) != first
    assert not Path(f"/proc/{first}").exists()


def test_nothing_is_left_of_a_closed_session(temporary):
    """Neither a process nor a zombie nor a file."""
    session = Pyttsx3Engine().open()
    session.speak(TEXT, VOICE)
    process = session._worker._process
    session.close()
    session.close()
    assert process.returncode is not None
    assert list(temporary.iterdir()) == []


@on_linux
def test_a_worker_goes_with_its_parent(temporary):
    """The parent is killed: the worker sees the end of its input, tidies up and ends."""
    code = (
        "import sys\n"
        "from audiobrief.speak.engines.pyttsx3 import make_engine\n"
        "from audiobrief.model.voice import Voice\n"
        "s = make_engine({}).open()\n"
        "s.speak('Hello there.', Voice('a', 'pyttsx3', 'en-us'))\n"
        "print(s._worker.pid, flush=True); sys.stdin.read()\n"
    )
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as parent:
        worker = os.pidfd_open(int(parent.stdout.readline()))
        assert len(list(temporary.iterdir())) == 1
        parent.kill()
    ended, _, _ = select.select([worker], [], [], 20)
    os.close(worker)
    assert ended
    assert list(temporary.iterdir()) == []


@on_linux
def test_an_interrupt_in_the_terminal_does_not_reach_the_worker(session):
    """It is in a session of its own; who ends it is its parent."""
    session.speak(TEXT, VOICE)
    assert os.getsid(pid_of(session)) != os.getsid(0)


def test_closing_from_another_thread_ends_a_text_in_hand():
    """As when the user interrupts: no restart, an error, no process left."""
    session = Pyttsx3Engine().open()
    session.speak("No.", VOICE)
    os.kill(pid_of(session), getattr(signal, "SIGSTOP", signal.SIGTERM))
    with ThreadPoolExecutor(1) as pool:
        speaking = pool.submit(session.speak, TEXT, VOICE)
        session.close()
        with pytest.raises(SpeechError):
            speaking.result(timeout=20)
    assert session._worker is None
