"""The contract test passes on our engines, and on no engine that breaks the contract."""

from dataclasses import replace
from itertools import count

import pytest

from audiobrief.errors import EngineUnavailableError, SpeechError, WorkspaceError
from audiobrief.model.audio import Clip
from audiobrief.model.voice import Voice
from audiobrief.speak.bundle import package_version
from audiobrief.speak.contract import BrokenPromiseError, check_engine
from audiobrief.speak.engine import InspectableEngine, ParallelEngine
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.flite import FliteEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.engines.tone import ToneEngine, ToneSession

VOICE = Voice("anchor", "tone", "tone-1")
NUMBERS = count()


def test_tone_keeps_the_contract():
    """The engine of the tests is an engine like others."""
    check_engine(ToneEngine(), VOICE)


def test_pyttsx3_keeps_the_contract():
    """Markup, phonemes, controls, options: all spoken as text."""
    engine = Pyttsx3Engine()
    check_engine(engine, Voice("anchor", "pyttsx3", "en-us+f2"))
    assert isinstance(engine, ParallelEngine)
    assert isinstance(engine, InspectableEngine)


@pytest.mark.parametrize("engine", [ToneEngine(), Pyttsx3Engine(), EspeakEngine(), FliteEngine()])
def test_an_option_that_an_engine_does_not_know_is_refused(engine):
    """It would be ignored; the profile is named, and what was meant."""
    offered = engine.voices()[0].id
    voice = Voice("guest", engine.name, offered, options=(("pich", "50"),))
    with engine.open() as session, pytest.raises(WorkspaceError, match="no such option") as caught:
        session.speak("Hello.", voice)
    assert caught.value.subject == "pich"
    assert "voices/guest.toml" in caught.value.remedy
    assert ("did you mean pitch?" in caught.value.remedy) == (engine.name == "espeak")


def test_a_part_that_is_not_installed_has_a_command():
    """Whoever asks for the version of the embedded voice."""
    with pytest.raises(EngineUnavailableError, match="is not installed") as caught:
        package_version("audiobrief-no-such-part")
    assert caught.value.remedy.startswith("python -m pip install")


class StopsAtNul(ToneSession):
    """As C libraries do."""

    def speak(self, text, voice):
        """Speak up to the first NUL."""
        return super().speak(text.split("\x00")[0] or text, voice)


class ReadsMarkup(ToneSession):
    """As engines do that are given SSML."""

    def speak(self, text, voice):
        """Make the pause that the text asks for."""
        clip = super().speak(text, voice)
        return Clip(clip.pcm + bytes(2 * 22050 * 60), 22050) if "<break" in text else clip


class LosesTheEnd(ToneSession):
    """As engines do that have a limit."""

    def speak(self, text, voice):
        """Speak the first 2,000 characters."""
        return super().speak(text[:2000], voice)


class TakesAnyVoice(ToneSession):
    """As espeak-ng does."""

    def speak(self, text, voice):
        """Speak with the default voice."""
        return super().speak(text, replace(voice, engine_voice="tone"))


class SpeaksBlanks(ToneSession):
    """Makes a clip of nothing."""

    def speak(self, text, voice):
        """Speak a word instead."""
        return super().speak(text if text.strip("\x00 \n\t") else "nothing", voice)


class NeverCloses(ToneSession):
    """Goes on after its end."""

    def close(self):
        """Do nothing."""


class RaisesBareErrors(ToneSession):
    """Lets the errors of its library out."""

    def speak(self, text, voice):
        """Raise what no caller expects."""
        try:
            return super().speak(text, voice)
        except SpeechError as error:
            raise RuntimeError from error


class HalfASample(ToneSession):
    """Hands over an odd number of bytes."""

    def speak(self, text, voice):
        """Lose a byte."""
        clip = super().speak(text, voice)
        return Clip(clip.pcm[:-1], clip.sample_rate_hz)


@pytest.mark.parametrize(
    ("session", "complaint"),
    [
        (StopsAtNul, "is a NUL"),
        (ReadsMarkup, "<break"),
        (LosesTheEnd, "plausible"),
        (TakesAnyVoice, "a voice it does not have"),
        (SpeaksBlanks, "it spoke ''"),
        (NeverCloses, "a closed session spoke"),
        (RaisesBareErrors, "instead of a SpeechError"),
        (HalfASample, "half a sample"),
    ],
)
def test_a_broken_promise_of_a_session_is_named(session, complaint):
    """Each fault that was seen in an engine."""
    engine = ToneEngine()
    engine.open = session
    with pytest.raises(BrokenPromiseError, match=complaint):
        check_engine(engine, VOICE)


def test_an_engine_that_boasts_of_phonemes_is_named():
    """It can say everything, and its sessions take letters alone."""
    engine = ToneEngine()
    engine.can_say = lambda _ipa, _voice: True
    with pytest.raises(BrokenPromiseError, match="its sessions cannot"):
        check_engine(engine, VOICE)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": "other"}, "the engine's name"),
        ({"fingerprint": lambda: " "}, "fingerprint is blank"),
        ({"fingerprint": lambda: f"tone {next(NUMBERS)}"}, "fingerprint changes"),
        ({"voices": lambda: ToneEngine().voices() * 2}, "names one twice"),
    ],
)
def test_a_broken_promise_of_an_engine_is_named(changes, complaint):
    """Names, fingerprints and lists."""
    engine = ToneEngine()
    for name, value in changes.items():
        setattr(engine, name, value)
    with pytest.raises(BrokenPromiseError, match=complaint):
        check_engine(engine, VOICE)
