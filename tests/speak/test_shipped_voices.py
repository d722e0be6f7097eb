"""The voices that come with audiobrief exist, are whole, and do not clip."""

import numpy as np
import pytest

from audiobrief import plugins
from audiobrief.speak.check import find_flaw
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace
from audiobrief.workspace.settings import CastSettings

FOLDER = SHIPPED_VOICES
VOICES = load_workspace(FOLDER).voices
NAMES = list(VOICES)
TEXTS = (
    "Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday.",
    '"We tested every plank and every bolt of the new pier, and we are sure that it will hold."',
    "The first boat leaves at six in the morning, and tickets cost the same as before.",
)


def test_there_is_an_anchor_and_six_guests():
    """The cast of the default settings, women and men."""
    cast = CastSettings()
    assert [cast.narrator, *cast.quotes] == NAMES
    assert len(NAMES) == 7
    assert {VOICES[name].gender for name in cast.quotes} == {"female", "male"}


def test_no_two_are_the_same_voice():
    """A listener shall hear who speaks."""
    assert len({(v.engine_voice, v.options) for v in VOICES.values()}) == len(NAMES)


def test_each_is_on_the_list_of_its_engine():
    """As `audiobrief voices` shows it."""
    for name in ("pyttsx3", "espeak"):
        offered = {voice.id for voice in plugins.engine(name).voices()}
        assert {v.engine_voice for v in VOICES.values() if v.engine == name} <= offered


@pytest.mark.parametrize("name", NAMES)
def test_each_speaks_whole_sentences_without_clipping(name):
    """Not one frame at full scale."""
    voice = VOICES[name]
    with plugins.engine(voice.engine).open() as session:
        for text in TEXTS:
            clip = session.speak(text, voice)
            assert find_flaw(clip, text, voice) == ""
            peak = np.abs(np.frombuffer(clip.pcm, "<i2").astype(int)).max()
            assert peak < 32767


@pytest.mark.parametrize("name", NAMES)
def test_each_is_in_the_table_of_the_readme(name):
    """The page beside them lists all."""
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert f"| `{name}` | `{VOICES[name].engine_voice}` |" in readme
