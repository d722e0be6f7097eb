"""espeak-ng in its worker, really: word marks, lost words, settings, plain text, faults."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from audiobrief.errors import (
    EngineUnavailableError,
    SpeechError,
    VoiceNotFoundError,
    WorkspaceError,
)
from audiobrief.model.audio import WordMark
from audiobrief.model.voice import Voice
from audiobrief.speak.bundle import find_bundle
from audiobrief.speak.check import find_flaw, uncovered_words
from audiobrief.speak.contract import BrokenPromiseError, check_engine
from audiobrief.speak.embedded import read_clip
from audiobrief.speak.engine import InspectableEngine, ParallelEngine
from audiobrief.speak.engines.espeak import EspeakEngine, make_engine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.utterance import plain_text
from audiobrief.speak.worker import WorkerFault

VOICE = Voice("anchor", "espeak", "en-us+f2")
TEXT = "The first boat leaves at six in the morning, and tickets cost the same as before."

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
    with EspeakEngine().open() as opened:
        yield opened


def marked(clip, text):
    """Return what each mark of a clip covers."""
    plain = plain_text(text)
    return [plain[mark.start_char : mark.end_char] for mark in clip.words]


def loudest(clip):
    """Return the peak of a clip."""
    return max(memoryview(clip.pcm).cast("h"))


def test_espeak_keeps_the_contract():
    """Markup, phonemes, controls, options: all spoken as text, every word of it."""
    engine = EspeakEngine()
    check_engine(engine, VOICE)
    assert isinstance(engine, ParallelEngine)
    assert isinstance(engine, InspectableEngine)


# Word marks.


def test_every_word_has_its_mark(session):
    """Without the punctuation around it; two words that are said as one share a mark."""
    clip = session.speak(TEXT, VOICE)
    assert marked(clip, TEXT) == [
        *("The", "first", "boat", "leaves", "at", "six", "in the", "morning"),
        *("and", "tickets", "cost", "the", "same", "as", "before"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In 2015, 1,234 left.", ["In", "2015", "1,234", "left"]),
        ("It cost $5.5bn (or so).", ["It", "cost", "$5.5bn", "or", "so"]),
        ("See http://x.org/a_b-c now", ["See", "http://x.org/a_b-c", "now"]),
        ("A well-known café, e.g. I.S.", ["A", "well-known", "café", "e.g", "I.S"]),
        ("😀 laughs — 🎉 & co.", ["😀", "laughs", "🎉", "&", "co"]),
        ("one\x00two\n\n three ", ["one", "two", "three"]),
        ("The مرحبا sign", ["The", "مرحبا", "sign"]),
        ("\u202eabc\u202c def", ["\u202eabc\u202c", "def"]),
        ("one of the best out of the many", ["one", "of the", "best", "out of", "the", "many"]),
    ],
)
def test_a_word_with_many_events_or_none_has_one_mark(session, text, words):
    """Figures, addresses, emoji, other scripts: positions count characters of the plain text."""
    assert marked(session.speak(text, VOICE), text) == words


def test_marks_are_where_the_words_are_heard(session):
    """A long pause in front of a word moves its mark, and no other."""
    clip = session.speak("No. One; two.", replace(VOICE, rate_wpm=80))
    frames = [mark.start_frame for mark in clip.words]
    assert frames == sorted(frames)
    assert frames[0] < 2_000
    assert frames[-1] < clip.frame_count
    samples = memoryview(clip.pcm).cast("h")
    for frame in frames[1:]:
        before, after = samples[frame - 1_100 : frame], samples[frame : frame + 4_400]
        assert max(before) < max(after) / 4


def test_marks_of_a_text_in_several_runs_lead_on(session):
    """5,000 characters: the marks of the second run count from the beginning of the text."""
    text = " ".join([TEXT] * 62)
    assert len(text) > 5_000
    clip = session.speak(text, replace(VOICE, rate_wpm=449))
    assert uncovered_words(text, clip) == ()
    assert clip.words[-1].end_char == len(text) - 1
    frames = [mark.start_frame for mark in clip.words]
    assert frames == sorted(frames)
    assert frames[-1] > 0.9 * clip.frame_count


# Lost words.


@pytest.mark.parametrize(
    "text",
    [
        "x. " * 50,
        "b b b b b b b and so on",
        "He wrote x x x x x x x, then y y y y y.",
        "J. J. J. J. J. J. Abrams",
        "-b -b -b -b -b",
    ],
)
def test_equal_letters_in_a_row_are_all_spoken(session, text):
    """espeak-ng drops the fourth and all that follow."""
    clip = session.speak(text, VOICE)
    assert find_flaw(clip, text, VOICE) == ""
    assert len(clip.words) == len(text.split())


def test_a_list_of_letters_is_spoken_in_its_order(session):
    """Each third letter a loss: what follows is spoken in lines, and the marks fit."""
    text = "x. y. y. y. y. y. z. " * 60
    clip = session.speak(text, VOICE)
    assert find_flaw(clip, text, VOICE) == ""
    assert marked(clip, text) == text.replace(".", "").split()
    frames = [mark.start_frame for mark in clip.words]
    assert frames == sorted(frames)


@pytest.mark.parametrize("text", ["١٢٣", "The year १९८४ was long."])
def test_digits_of_other_scripts_are_spoken(session, text):
    """English voices say nothing for them; they are given as 0 to 9."""
    clip = session.speak(text, VOICE)
    assert uncovered_words(text, clip) == ()
    assert clip.duration_ms > 1_500


def test_a_word_without_sound_is_refused_by_name(session):
    """Of a text with a word that no way of dividing makes heard, nothing is given."""
    with pytest.raises(SpeechError, match="says nothing for") as caught:
        session.speak("One \u13b5 two", VOICE)
    assert "\u13b5" in caught.value.problem
    assert caught.value.subject == "One \u13b5 two"


@pytest.mark.parametrize("word", ["C어", "ב́", "C你어한본국你"])
def test_a_word_of_two_scripts_is_spoken_in_parts(session, word):
    """espeak-ng says nothing for it as a whole; it has one mark all the same."""
    text = f"One {word} two."
    clip = session.speak(text, VOICE)
    assert uncovered_words(text, clip) == ()
    assert marked(clip, text)[0::2] == ["One", "two"]
    assert clip.words[2].start_frame - clip.words[1].start_frame > 4_000


# Settings.


@pytest.mark.parametrize("option", ["pitch", "range"])
def test_options_take_effect_and_do_not_stay(session, option):
    """The sound is another one; the next voice has the middle again."""
    plain = session.speak(TEXT, VOICE)
    other = session.speak(TEXT, replace(VOICE, options=((option, "0"),)))
    again = session.speak(TEXT, VOICE)
    assert abs(plain.frame_count - again.frame_count) < 100
    same = sum(a == b for a, b in zip(plain.pcm, other.pcm, strict=False)) / len(plain.pcm)
    assert same < 0.5


@pytest.mark.parametrize("value", ["101", "-1", "5.5", "high", "", "٣"])
def test_an_option_out_of_range_is_refused(session, value):
    """The profile is named, and what it may have."""
    voice = replace(VOICE, options=(("pitch", value),))
    with pytest.raises(WorkspaceError, match="pitch of voice 'anchor'"):
        session.speak(TEXT, voice)


def test_rate_volume_and_voice_take_effect_at_once(session):
    """Each text has its own."""
    for _ in range(3):
        fast = session.speak(TEXT, replace(VOICE, rate_wpm=400))
        slow = session.speak(TEXT, replace(VOICE, rate_wpm=100, volume=0.25))
        assert 3.0 < slow.frame_count / fast.frame_count < 5.5
        assert 3.0 < loudest(fast) / loudest(slow) < 5.0


@pytest.mark.parametrize(
    "unknown", ["en-us+f22", "klatt4", "en-us+", "english", "../../x", "", "v+"]
)
def test_an_unknown_voice_is_never_another_one(session, unknown):
    """Not the one before, and not the base voice without its variant."""
    session.speak(TEXT, VOICE)
    with pytest.raises(VoiceNotFoundError) as caught:
        session.speak(TEXT, replace(VOICE, engine_voice=unknown))
    assert caught.value.subject == unknown
    assert find_flaw(session.speak(TEXT, VOICE), TEXT, VOICE) == ""


def test_it_has_the_voices_of_pyttsx3():
    """The same library; a profile needs to change one word."""
    assert make_engine({}).voices() == Pyttsx3Engine().voices()


# What it runs on.


@on_linux
def test_the_bundled_library_is_the_one_in_use(session):
    """The kernel's list of mapped files agrees with what the worker says of itself."""
    session.speak(TEXT, VOICE)
    maps = Path(f"/proc/{session._worker.pid}/maps").read_text("utf-8")
    facts = dict(make_engine({}).facts())
    assert set(re.findall(r"\S*espeak\S*\.so\S*", maps)) == {facts["library"]}
    assert facts["library"] == str(find_bundle().library.resolve())
    assert facts["espeak-ng"] == "1.52.0"


def test_a_fingerprint_is_cheap_and_stays():
    """It starts no process and imports neither pyttsx3 nor numpy."""
    code = (
        "import sys, subprocess; subprocess.Popen = None\n"
        "from audiobrief.speak.engines.espeak import make_engine\n"
        "print(make_engine().fingerprint(), {'pyttsx3', 'numpy'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{make_engine().fingerprint()} set()\n"


def test_data_that_cannot_be_read_is_an_error(tmp_path):
    """Exit code 4; the library has not ended its process, but said so."""
    (tmp_path / "phontab").touch()
    engine = EspeakEngine(replace(find_bundle(), data=tmp_path))
    with pytest.raises(EngineUnavailableError, match="cannot read its data") as caught:
        engine.facts()
    assert caught.value.exit_code == 4


# Faults.


def test_an_error_of_the_worker_is_told_by_its_name(session):
    """It ends the process without an abort, which would hide it."""
    with pytest.raises(WorkerFault, match=r"exit status 1: TypeError: .*argument"):
        session.ask_once({"do": "speak"})
    assert session.speak(TEXT, VOICE).frame_count > 0


def test_a_killed_worker_costs_a_restart(session):
    """SIGKILL between two texts; the second is spoken by another worker."""
    session.speak(TEXT, VOICE)
    os.kill(session._worker.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert find_flaw(session.speak(TEXT, VOICE), TEXT, VOICE) == ""


@pytest.mark.parametrize("content", [None, b"", b"123", b"12345678"])
def test_sound_that_does_not_fit_the_answer_is_a_fault(tmp_path, content):
    """No file, an empty one, half a frame, more than was told."""
    path = tmp_path / "clip.pcm"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WorkerFault, match="sound"):
        read_clip(path, {"frames": 2, "rate_hz": 22050, "words": []})


def test_sound_that_fits_is_taken_out_of_the_folder(tmp_path):
    """The file goes, the marks come as the worker told them."""
    path = tmp_path / "clip.pcm"
    path.write_bytes(b"1234")
    clip = read_clip(path, {"frames": 2, "rate_hz": 22050, "words": [[0, 1, 1]]})
    assert (clip.frame_count, clip.words) == (2, (WordMark(0, 1, 1),))
    assert not path.exists()


class MarksGoBack:
    """A session whose marks are in the wrong order."""

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._session.close()

    def speak(self, text, voice):
        """Turn the frames of the marks around."""
        clip = self._session.speak(text, voice)
        frames = [mark.start_frame for mark in reversed(clip.words)]
        marks = zip(clip.words, frames, strict=True)
        return replace(clip, words=tuple(replace(m, start_frame=f) for m, f in marks))


def test_marks_that_lead_back_break_the_contract():
    """They would let a transcript jump."""
    engine = EspeakEngine()
    opened = engine.open
    engine.open = lambda: MarksGoBack(opened())
    with pytest.raises(BrokenPromiseError, match="leads back or out"):
        check_engine(engine, VOICE)
