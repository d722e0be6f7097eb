"""Stings, bed, other formats and the picture, as builds make them."""

import json
import shutil

import numpy as np
import pytest
import soundfile
from lxml import etree

from tests.support import ARTICLE, run_audiobrief

SETTINGS = """[sound]
intro = "sting"
outro = "sting"
bed = "music/bed.wav"
formats = ["flac", "wav"]
"""


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace with music and two lossless formats."""
    (tmp_path / "music").mkdir()
    write_bed(tmp_path, 165.0)
    (tmp_path / "audiobrief.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    return tmp_path


def write_bed(workspace, hertz):
    """Write 5 s of a tone that swells."""
    time_s = np.arange(5 * 44100) / 44100
    tone = np.sin(2 * np.pi * hertz * time_s) * (0.3 + 0.2 * np.sin(3 * time_s))
    soundfile.write(workspace / "music" / "bed.wav", tone, 44100)


def built(workspace, *more):
    """Build with tones; return the outcome, the manifest and its folder."""
    run = run_audiobrief("build", "a.txt", "--engine", "tone", "--json", *more, cwd=workspace)
    assert run.code == 0, run.stderr
    (path,) = workspace.glob("episodes/*/episode.json")
    return run.json["episodes"][0], json.loads(path.read_text("utf-8")), path.parent


def test_an_episode_with_music_in_three_formats(workspace):
    """All as long as each other, named in the manifest; what they say is at the same places."""
    _, manifest, folder = built(workspace)
    sounds = [manifest["enclosure"], *manifest["deliveries"]]
    assert [one["mime_type"] for one in sounds] == ["audio/mpeg", "audio/flac", "audio/wav"]
    frames = {soundfile.info(str(folder / one["file"])).frames for one in sounds}
    assert len(frames) == 1
    assert len({one["duration_ms"] for one in sounds}) == 1
    heard = [soundfile.read(folder / one["file"])[0] for one in sounds]
    assert np.array_equal(heard[1], heard[2])
    likeness = heard[0] @ heard[1] / np.sqrt((heard[0] @ heard[0]) * (heard[1] @ heard[1]))
    assert likeness > 0.97
    # The sting is before the first word.
    assert manifest["segments"][0]["start_ms"] > 3_000


def test_nothing_changed_touches_nothing_and_another_bed_under_the_old_name_does(workspace):
    """The content of the music decides; the voices are not asked again."""
    _, first, folder = built(workspace)
    names = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert built(workspace)[0]["outcome"] == "unchanged"
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == names
    write_bed(workspace, 220.0)
    outcome, second, _ = built(workspace)
    assert (outcome["outcome"], outcome["synthesized"]) == ("built", 0)
    assert second["enclosure"]["sha256"] != first["enclosure"]["sha256"]
    kept = {one["file"] for one in (second["enclosure"], *second["deliveries"])}
    assert {p.name for p in folder.iterdir() if p.suffix in {".mp3", ".flac", ".wav"}} == kept


def test_a_format_taken_back_is_removed_and_a_lost_one_is_made_again(workspace):
    """And the MP3 stays what it was."""
    _, first, folder = built(workspace)
    (folder / first["deliveries"][0]["file"]).unlink()
    outcome, again, _ = built(workspace)
    assert (outcome["outcome"], outcome["synthesized"]) == ("built", 0)
    assert again["deliveries"] == first["deliveries"]
    settings = SETTINGS.replace('"flac", "wav"', '"flac"')
    (workspace / "audiobrief.toml").write_text(settings, "utf-8")
    _, fewer, _ = built(workspace)
    assert fewer["enclosure"] == first["enclosure"]
    assert [one["mime_type"] for one in fewer["deliveries"]] == ["audio/flac"]
    assert list(folder.glob("*.wav")) == []


def test_missing_music_is_named_with_its_line_and_nothing_is_built(workspace):
    """Three lines; the article is not to blame."""
    shutil.rmtree(workspace / "music")
    run = run_audiobrief("build", "a.txt", "--engine", "tone", cwd=workspace)
    assert run.code == 2
    assert "audiobrief.toml:4" in run.stderr
    assert "fix:" in run.stderr
    assert not list(workspace.glob("episodes/*/*.mp3"))


def test_the_page_shows_the_picture_of_its_episode(workspace):
    """It is beside the page, in the manifest, and made again when it is lost."""
    _, manifest, folder = built(workspace)
    picture = etree.fromstring((folder / "waveform.svg").read_bytes())
    assert picture.get("role") == "img"
    assert "waveform.svg" in (folder / "index.html").read_text("utf-8")
    assert "waveform.svg" in manifest["files"]
    content = (folder / "waveform.svg").read_bytes()
    (folder / "waveform.svg").unlink()
    outcome, _, _ = built(workspace)
    assert (outcome["synthesized"], (folder / "waveform.svg").read_bytes()) == (0, content)
