"""The voices that come with audiobrief exist, are whole, and do not clip."""

import tomllib

import numpy as np
import pytest

from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.workspace.load import SHIPPED_VOICES

FOLDER = SHIPPED_VOICES
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
TEXTS = (
    "Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday.",
    '"We tested every plank and every bolt of the new pier, and we are sure that it will hold."',
    "The first boat leaves at six in the morning, and tickets cost the same as before.",
)


def shipped(name):
    """Return a shipped profile."""
    return Voice(name, **tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))


def test_there_is_an_anchor_and_four_guests():
    """The cast of the default settings."""
    assert NAMES == ["anchor", "guest-1", "guest-2", "guest-3", "guest-4"]


def test_no_two_are_the_same_voice():
    """A listener shall hear who speaks."""
    assert len({shipped(name).engine_voice for name in NAMES}) == len(NAMES)


def test_each_is_on_the_list_of_its_engine():
    """As `audiobrief voices` shows it."""
    assert {shipped(n).engine_voice for n in NAMES} <= {v.id for v in Pyttsx3Engine().voices()}


@pytest.mark.parametrize("name", NAMES)
def test_each_speaks_whole_sentences_without_clipping(name):
    """Not one frame at full scale."""
    voice = shipped(name)
    with Pyttsx3Engine().open() as session:
        for text in TEXTS:
            clip = session.speak(text, voice)
            assert find_flaw(clip, text, voice) == ""
            peak = np.abs(np.frombuffer(clip.pcm, "<i2").astype(int)).max()
            assert peak < 32767


@pytest.mark.parametrize("name", NAMES)
def test_each_is_in_the_table_of_the_readme(name):
    """The page beside them lists all."""
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert f"| `{name}` | `{shipped(name).engine_voice}` |" in readme
