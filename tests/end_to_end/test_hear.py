"""``audiobrief verify --asr``: a real recognizer hears a wrong text, and no other."""

import json
import shutil
import sys

import numpy as np
import pytest
import soundfile

from audiobrief.errors import EngineUnavailableError
from audiobrief.model.audio import SoundSpec
from audiobrief.speak.recognize import Recognizer
from tests.mp3 import encode
from tests.support import run_audiobrief


def frames(segment):
    """Return where a segment lies, as a slice of frames."""
    return slice(*(round(segment[key] * 44.1) for key in ("start_ms", "end_ms")))


def test_other_words_of_the_same_voice_are_noticed(built_shipped, tmp_path):
    """One sentence replaced by another of the narrator's: that one is named, and no other."""
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed (the extra [asr])")
    folder = tmp_path / built_shipped[0].name
    shutil.copytree(built_shipped[0], folder)
    (manifest,) = folder.glob("episodes/*/episode.json")
    data = json.loads(manifest.read_text("utf-8"))
    path = manifest.parent / data["enclosure"]["file"]
    told = [s for s in data["segments"] if s["voice"] == "anchor"]
    longest, replaced = sorted(told, key=lambda s: s["end_ms"] - s["start_ms"])[-1:-6:-4]
    samples, _ = soundfile.read(path, dtype="int16")
    place = frames(replaced)
    samples[place] = samples[frames(longest)][: place.stop - place.start]
    with path.open("wb") as file:
        encode(iter([samples]), SoundSpec(), file)
    run = run_audiobrief("verify", "--asr", "--json", cwd=folder, limit_s=600)
    assert run.code == 1, run.stderr
    (row,) = run.json["episodes"]
    (heard,) = [problem for problem in row["problems"] if "recognizer" in problem]
    assert replaced["text"][:80] in heard
    assert row["heard"]["lowest_recall"] < 0.4
    assert row["heard"]["passages"] > 20
    assert row["heard"]["strange_voices"] == []
    assert "adeyemi" in row["heard"]["unknown_words"]


def test_without_the_recognizer_the_command_that_brings_it_is_told(monkeypatch):
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(EngineUnavailableError) as caught:
        Recognizer(["The pier is open."], 16_000)
    assert caught.value.remedy == "python -m pip install 'audiobrief[asr]'"


def test_a_text_of_unknown_words_is_heard_as_nothing():
    """No language model can be made of it, and none is needed."""
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed (the extra [asr])")
    recognizer = Recognizer(["Xqvrt zzkpt."], 16_000)
    assert recognizer.known == frozenset()
    assert recognizer.hear(np.zeros(16_000, np.int16).tobytes()) == ()
