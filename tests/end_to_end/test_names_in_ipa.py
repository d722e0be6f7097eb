"""A name in IPA: heard by voices that can be told, printed in transcripts, cheap to change."""
# ruff: noqa: RUF001 - IPA is meant

import json
import shutil

import pytest

from tests.support import run_audiobrief

ARTICLE = """Plan of Dyett is put off

The plan of Dyett was put off on Monday. Nobody in the town was surprised by that.

Dyett's wife was at the meeting, too. The council will meet again in the spring.
"""
SETTINGS = '[cast]\nnarrator = "direct"\nquotes = ["direct"]\n'
DIRECT = 'engine = "espeak"\nengine_voice = "en-us+f2"\n'


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace whose narrator is a voice of espeak."""
    (tmp_path / "voices" / "lexicon").mkdir(parents=True)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "dyett.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "audiobrief.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "voices" / "direct.toml").write_text(DIRECT, "utf-8")
    return tmp_path


def built(workspace, ipa):
    """Build with an entry for the name; return the outcome and the manifest."""
    (workspace / "voices" / "lexicon" / "words.toml").write_text(
        f'[words]\n"Dyett" = {{ ipa = "{ipa}" }}\n', "utf-8"
    )
    run = run_audiobrief("build", "--json", cwd=workspace)
    assert run.code == 0, run.stderr
    (manifest,) = workspace.glob("episodes/*/episode.json")
    return run.json["episodes"][0], json.loads(manifest.read_text("utf-8"))


def test_a_name_in_ipa_from_lexicon_to_mp3(workspace):
    """It is told, timed and proven; a change costs the sentences it stands in, and no other."""
    outcome, manifest = built(workspace, "ˈdaɪət")
    told = {s["text"]: s["phonemes"] for s in manifest["segments"] if "phonemes" in s}
    assert len(told) == 3  # the headline and two sentences
    for text, ((start, end, ipa),) in told.items():
        assert (text[start:end], ipa) == ("Dyett", "ˈdaɪət")
    assert all(None not in s["word_starts_ms"] for s in manifest["segments"])
    (transcript,) = workspace.glob("episodes/*/transcript.srt")
    assert "Dyett's wife" in transcript.read_text("utf-8")
    changed, _ = built(workspace, "diˈɛt")
    assert (outcome["synthesized"] - 3, changed["synthesized"]) == (changed["cached"], 3)
    again, _ = built(workspace, "diˈɛt")
    assert again["outcome"] == "unchanged"
    # The clips are gone: they are spoken again with the same sounds, and found in the file.
    shutil.rmtree(workspace / ".audiobrief")
    verified = run_audiobrief("verify", "--json", cwd=workspace)
    assert verified.code == 0, verified.stdout
