"""The engine of the tests can be relied upon."""

from dataclasses import replace

import numpy as np
import pytest

from audiobrief.errors import SpeechError, VoiceNotFoundError
from audiobrief.model.voice import Voice
from audiobrief.speak.engines.tone import make_engine

VOICE = Voice("anchor", "tone", "tone-1")


def speak(text, voice=VOICE):
    """Return the clip of a text."""
    with make_engine({}).open() as session:
        return session.speak(text, voice)


def test_the_same_text_and_voice_make_the_same_bytes():
    """From one session to another."""
    assert speak("One pier.") == speak("One pier.")


def test_the_length_grows_with_the_letters_and_falls_with_the_rate():
    """Exactly, up to the rounding of a letter to frames."""
    long, short = speak("abcdefgh " * 10), speak("abcdefgh " * 5)
    assert long.frame_count == 2 * short.frame_count
    fast = speak("abcdefgh " * 10, replace(VOICE, rate_wpm=340))
    assert long.frame_count / fast.frame_count == pytest.approx(2.0, abs=0.01)


def test_words_are_bursts_with_silence_between():
    """As many bursts as words."""
    samples = np.abs(np.frombuffer(speak("one two three four").pcm, "<i2"))
    loud = samples[: samples.size // 100 * 100].reshape(-1, 100).max(axis=1) > 1000
    assert np.count_nonzero(loud[1:] & ~loud[:-1]) + loud[0] == 4


def test_each_voice_has_its_pitch():
    """Two names, two strongest frequencies."""

    def pitch(name):
        samples = np.frombuffer(speak("a" * 60, replace(VOICE, engine_voice=name)).pcm, "<i2")
        return np.abs(np.fft.rfft(samples)).argmax() * 22050 / samples.size

    assert len({round(pitch(f"tone-{n}")) for n in range(1, 5)}) == 4


@pytest.mark.parametrize("name", ["missing", "", "en-us+f2"])
def test_other_names_are_not_found(name):
    """So that unknown voices can be tested."""
    with pytest.raises(VoiceNotFoundError):
        speak("Hello.", replace(VOICE, engine_voice=name))


@pytest.mark.parametrize("text", ["", " ", "...", "—"])
def test_a_text_without_a_letter_is_refused(text):
    """There is never a clip of silence only."""
    with pytest.raises(SpeechError, match="nothing to speak"):
        speak(text)
