"""The two engines on the embedded library know what they said: every word is timed, none lost."""

from dataclasses import replace

import pytest

from audiobrief.errors import SpeechError
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw, uncovered_words
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine

ENGINES = {"espeak": EspeakEngine, "pyttsx3": Pyttsx3Engine}
VOICE = Voice("anchor", "", "en-us+f2")


@pytest.fixture(scope="module", params=sorted(ENGINES))
def spoken(request):
    """Return a function that speaks a text with one of the engines."""
    with ENGINES[request.param]().open() as session:
        yield lambda text: session.speak(text, replace(VOICE, engine=request.param))


def marked(clip, text):
    """Return what is marked of a text."""
    return [text[mark.start_char : mark.end_char] for mark in clip.words]


@pytest.mark.parametrize("text", ["x. x. x. x. x. x. x. x.", "A. A. A. A. A. A.", "z z z z z z"])
def test_equal_letters_in_a_row_are_all_spoken(spoken, text):
    """espeak-ng drops the fourth and all that follow; nothing else shows it."""
    clip = spoken(text)
    assert marked(clip, text) == text.replace(".", "").split()
    assert find_flaw(clip, text, VOICE) == ""


@pytest.mark.parametrize("word", ["C어", "C你어한본국你"])
def test_a_word_of_two_scripts_is_spoken_in_parts(spoken, word):
    """As a whole it is silent; it has one mark all the same."""
    text = f"One {word} two."
    clip = spoken(text)
    assert uncovered_words(text, clip) == ()
    assert marked(clip, text)[0::2] == ["One", "two"]


def test_a_word_without_sound_is_refused_by_name(spoken):
    """Nothing is given of a text with a word that no way of dividing makes heard."""
    with pytest.raises(SpeechError, match="says nothing for") as caught:
        spoken("One \u13b5 two")
    assert "\u13b5" in caught.value.problem


def test_digits_of_other_scripts_are_spoken(spoken):
    """English voices say nothing for them; they are given as 0 to 9."""
    text = "The year १९८४ was long."
    assert uncovered_words(text, spoken(text)) == ()


def test_words_are_timed_alike():
    """pyttsx3 itself tells no time; its worker hears it from the library, as the other one does."""
    text = "The first boat leaves at 10:30, such as it is. And that was the end of the day."
    frames = {}
    for name, engine in ENGINES.items():
        with engine().open() as session:
            clip = session.speak(text, replace(VOICE, engine=name))
        frames[name] = [mark.start_frame for mark in clip.words]
        assert marked(clip, text)[-2:] == ["of the", "day"]
    assert len(frames["pyttsx3"]) == len(frames["espeak"])
    # The voice's flutter moves a word by a few frames from process to process.
    pairs = zip(frames["pyttsx3"], frames["espeak"], strict=True)
    assert max(abs(a - b) for a, b in pairs) < 220
