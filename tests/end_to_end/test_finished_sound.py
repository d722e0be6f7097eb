"""Finished episodes, read from outside by other programs: meters, checkers, a podcast client."""

import json
import re
import shutil
import subprocess
from itertools import pairwise

import feedparser
import mutagen.mp3
import pytest

from tests.support import ARTICLE_NAME, run_audiobrief, tool


@pytest.fixture(scope="module", params=["shipped", "scraped"])
def built(request):
    """Return a workspace in which an article has been built with defaults."""
    names = {"shipped": "built_shipped", "scraped": "built_sample"}
    return request.getfixturevalue(names[request.param])


@pytest.fixture
def built_copy(tmp_path, built):
    """Return a copy that a test may change; the show is called as before."""
    folder = tmp_path / built[0].name
    shutil.copytree(built[0], folder)
    return folder


@pytest.fixture
def episode(built):
    """Return the manifest."""
    (path,) = built[0].glob("episodes/*/episode.json")
    return json.loads(path.read_bytes())


@pytest.fixture
def sound(built):
    """Return the finished MP3."""
    (path,) = built[0].glob("episodes/*/*.mp3")
    return path


def test_ffmpeg_measures_the_loudness_that_was_asked_for(sound, episode):
    """-16 LUFS as heard, -1 dBTP at most, and the manifest says the same."""
    command = [tool("ffmpeg"), "-hide_banner", "-nostats", "-i", str(sound)]
    command += ["-af", "ebur128=dualmono=true:peak=true", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    summary = done.stderr.rpartition("Summary:")[2]
    integrated = float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1])
    peak = float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1])
    assert abs(integrated - -16.0) <= 0.5
    assert peak <= -1.0
    assert abs(episode["loudness"]["integrated_lufs"] - integrated) <= 0.1
    assert abs(episode["loudness"]["true_peak_dbtp"] - peak) <= 0.2


def test_all_agree_on_the_length(built, sound, episode):
    """Manifest, feed, ffprobe and mutagen within 50 ms; the feed has whole seconds.

    ffprobe does not take the encoder's padding off: 1152 frames, 26.1 ms.
    """
    length_ms = episode["enclosure"]["duration_ms"]
    command = [tool("ffprobe"), "-v", "error", "-show_entries", "format=duration"]
    command += ["-of", "csv=p=0", str(sound)]
    probed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert abs(float(probed) * 1000 - length_ms) <= 27
    assert abs(mutagen.mp3.MP3(sound).info.length * 1000 - length_ms) <= 1
    (entry,) = feedparser.parse((built[0] / "episodes" / "feed.xml").read_bytes()).entries
    assert abs(int(entry.itunes_duration) - length_ms / 1000) <= 0.5
    assert int(entry.enclosures[0].length) == sound.stat().st_size


@pytest.mark.parametrize(
    "command",
    [
        ["ffmpeg", "-v", "error", "-i", "{}", "-f", "null", "-"],
        ["mp3check", "-e", "-S", "{}"],
        ["mp3val", "{}"],
    ],
    ids=lambda c: c[0],
)
def test_mp3_checkers_find_nothing(sound, command):
    """Feed rule A1."""
    filled = [tool(command[0]), *(part.format(sound) for part in command[1:])]
    done = subprocess.run(filled, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if command[0] == "mp3val":
        assert "WARNING" not in said
        assert "ERROR" not in said
    else:
        assert (done.returncode, said) == (0, "")


def test_our_own_check_finds_no_broken_must(built):
    """The rule book holds for what the defaults make."""
    done = run_audiobrief("check", "--json", cwd=built[0])
    assert [f for f in done.json["findings"] if f["level"] == "must"] == []
    assert done.code == 0


def test_every_cue_lies_on_sound_and_every_pause_is_silent(sound, episode):
    """Decoded, the file is loud inside the cues and silent between them."""
    command = [tool("ffmpeg"), "-v", "error", "-i", str(sound), "-f", "s16le", "-ac", "1", "-"]
    pcm = subprocess.run(command, capture_output=True, check=True).stdout
    samples = memoryview(pcm).cast("h")

    def peak(start_ms, end_ms):
        return max(map(abs, samples[round(start_ms * 44.1) : round(end_ms * 44.1)]), default=0)

    segments = episode["segments"]
    for one, following in pairwise(segments):
        assert peak(one["start_ms"], one["end_ms"]) > 3000
        assert peak(one["end_ms"] + 30, following["start_ms"] - 30) < 100


def test_gpodder_subscribes_and_downloads(built_copy, sound, episode, tmp_path, file_server):
    """A real podcast client takes the feed and gets the very bytes."""
    gpo = tool("gpo")
    base_url = file_server(built_copy / "episodes")
    settings = f'[show]\nbase_url = "{base_url}"\n'
    (built_copy / "audiobrief.toml").write_text(settings, encoding="utf-8")
    assert run_audiobrief("build", ARTICLE_NAME, cwd=built_copy).code == 0

    def run(*arguments):
        done = subprocess.run(
            [gpo, *arguments],
            env={"GPODDER_HOME": str(tmp_path / "gpodder"), "HOME": str(tmp_path), "LANG": "C"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout + done.stderr

    run("subscribe", f"{base_url}feed.xml")
    run("update")
    assert episode["title"] in run("pending")
    run("download")
    downloads = (tmp_path / "gpodder").rglob("*.mp3")
    assert [p.read_bytes() == sound.read_bytes() for p in downloads] == [True]
