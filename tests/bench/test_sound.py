"""The ways to an MP3 make real ones, of the length of what they were given."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from audiobrief.assemble.probe import probe
from audiobrief.bench import material, sound
from audiobrief.bench.contenders import CONTENDERS, FROM_CLIPS
from audiobrief.bench.material import Clips, lay_out
from audiobrief.bench.parts import Part
from audiobrief.bench.sound import SoundBench
from audiobrief.cli.commands import bench
from audiobrief.errors import StoreError
from tests.support import tool

#: Stands for espeak-ng, which need not be installed: it says the given text by one of the clips.
SPEAKER = """\
#!{python}
import sys, pathlib
folder = pathlib.Path(sys.argv[sys.argv.index("-f") + 1]).resolve().parent
first = (folder / "paths.txt").read_text().splitlines()[0]
sys.stdout.buffer.write(pathlib.Path(first).read_bytes())
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Measure six seconds of sound once, and return the document and the folder."""
    tool("ffmpeg")
    folder = tmp_path_factory.mktemp("bench")
    speaker = folder / "bin" / "espeak-ng"
    speaker.parent.mkdir()
    speaker.write_text(SPEAKER.format(python=sys.executable))
    speaker.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "GROUPS", (bench._sound,))
        patch.setenv("PATH", f"{speaker.parent}{os.pathsep}{os.environ['PATH']}")
        arguments = ["--json", "--sound", "6s:1", "--keep", str(folder / "work")]
        done = CliRunner().invoke(bench.command, arguments, standalone_mode=False)
    assert done.return_value == 0, done.output
    return json.loads(done.stdout), folder / "work"


def test_every_way_was_measured(run):
    """Each once, and compared with ffmpeg's concat."""
    told, _folder = run
    assert [row["failure"] for row in told["sound"]] == [None] * 8
    assert all(row["rounds"] == 1 and row["wall_ratio"]["median"] > 0 for row in told["sound"])
    assert told["left_out"] == []


@pytest.mark.parametrize("name", ["naive", "piped", "concat", "loudnorm", "audiobrief"])
def test_what_comes_of_clips_is_an_mp3_of_one_kind(run, name):
    """The same format for all, and the length of the clips."""
    told, folder = run
    facts = probe(folder / "seconds-6" / f"{name}.mp3")
    assert (facts.sample_rate_hz, facts.channels, facts.bitrate_kbps) == (44100, 1, 96)
    length_s = told["sound"][0]["length_s"]
    assert 6 <= length_s < 13
    # One clip alone speaks for espeak-ng; ours trims silence and adds pauses.
    slack_s = {"piped": length_s, "audiobrief": 3.0}.get(name, 0.2)
    assert facts.duration_ms / 1000 == pytest.approx(length_s, abs=slack_s)


def test_the_length_of_the_sound_is_told(run):
    """From its size: the bit rate is constant."""
    told, folder = run
    facts = probe(folder / "seconds-6" / "concat.mp3")
    concat = next(row for row in told["sound"] if row["contender"] == "concat")
    assert concat["sound_s"]["median"] == pytest.approx(facts.duration_ms / 1000, abs=0.1)


def test_the_command_built_the_edited_article(run):
    """One episode; all of it cached but the sentence with the new word."""
    _told, folder = run
    (manifest,) = folder.glob("seconds-6/show/episodes/*/episode.json")
    build = json.loads(manifest.read_bytes())["build"]
    assert build["synthesized"] == 1
    assert build["cached"] >= 1


def test_ffmpeg_alone_is_named_where_it_is_missing(tmp_path, monkeypatch):
    """What needs nothing else is measured all the same."""
    from_clips = tuple(c for c in CONTENDERS if c.source == FROM_CLIPS or c.needs)
    monkeypatch.setattr(sound, "CONTENDERS", from_clips)
    monkeypatch.setattr(bench, "GROUPS", (bench._sound,))
    monkeypatch.setenv("PATH", str(tmp_path))
    arguments = ["--json", "--sound", "2s:1"]
    done = CliRunner().invoke(bench.command, arguments, standalone_mode=False)
    told = json.loads(done.stdout)
    rows = {row["contender"]: row["failure"] for row in told["sound"]}
    assert rows["concat"] == "ffmpeg: not installed"
    assert rows["piped"] == "espeak-ng and ffmpeg: not installed"
    assert rows["assembly"] is rows["assembly-edit"] is None
    assert "ffmpeg concat, one pass: ffmpeg: not installed" in told["left_out"]


def test_a_disk_that_is_too_small_is_said_before(tmp_path, monkeypatch):
    """Not after an hour."""
    monkeypatch.setattr(material, "_BYTES_PER_SECOND", 1 << 60)
    clips = Clips(tmp_path / "clips")
    with pytest.raises(StoreError, match="the bench needs"):
        lay_out(clips, clips.first(1), tmp_path / "course")


def test_what_has_no_room_is_left_out_and_the_rest_is_measured(tmp_path, monkeypatch):
    """The parts before may have taken hours."""
    bench_of_sound = SoundBench(tmp_path, lambda _doing: None)
    monkeypatch.setattr(material, "_BYTES_PER_SECOND", 1 << 60)
    assert list(bench_of_sound.measure([Part(None, 1, 1), Part(None, 2, 1)])) == []
    assert [told.split(": the bench needs")[0] for told in bench_of_sound.left_out] == [
        "1 s",
        "2 s",
    ]


def test_an_edited_clip_is_another_one_by_the_same_voice(tmp_path):
    """Else nothing would have to be made anew."""
    clips = Clips(tmp_path)
    (first,) = clips.first(1)
    edited = clips.edited(first, 0)
    assert edited.key != first.key
    assert (edited.voice, edited.number) == (first.voice, first.number)
    assert clips.path_of(edited).is_file()


def test_the_files_of_clips_are_waves_for_others_too(tmp_path):
    """What the cache keeps is read by ffmpeg without a complaint."""
    ffmpeg = tool("ffmpeg")
    clips = Clips(tmp_path)
    (first,) = clips.first(1)
    command = [ffmpeg, "-v", "error", "-i", clips.path_of(first), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert len(done.stdout) / 2 / 22050 == pytest.approx(first.seconds, abs=0.001)
    assert done.stderr == b""
