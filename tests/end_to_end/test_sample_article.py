"""A real page, scraped badly, built with defaults and read from outside by other programs."""

import json
import re
import shutil
import subprocess
from itertools import pairwise

import feedparser
import mutagen.mp3
import pytest

from tests.support import invariant, run_audiobrief, snapshot

FURNITURE = (
    "Share",
    "4 min read",
    "Published",
    "Updated",
    "Sign up",
    "terms of service",
    "Download our apps",
    "Watch on SBS",
)
QUOTED = ["Sergei Lavrov", "Issam al-Reis", "Sergei Gavrilov", "Issam al-Reis", "Louay Al-Safi"]


@pytest.fixture
def episode(built_sample):
    """Return the manifest of the built page."""
    (path,) = built_sample[0].glob("episodes/*/episode.json")
    return json.loads(path.read_bytes())


@pytest.fixture
def sound(built_sample):
    """Return the finished MP3."""
    (path,) = built_sample[0].glob("episodes/*/*.mp3")
    return path


def tool(name):
    """Return a program that judges from outside, where it is installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def test_one_article_is_one_episode(built_sample):
    """The report names one episode, and the folder is whole."""
    folder, run = built_sample
    (episode,) = run.json["episodes"]
    assert (episode["outcome"], episode["cached"]) == ("built", 0)
    assert invariant(folder / "episodes") == []


def test_the_title_is_spoken_once_and_no_furniture_at_all(episode):
    """Neither what is printed nor what is sent to the engine holds any of it."""
    for field in ("text", "spoken"):
        words = "\n".join(s[field] for s in episode["segments"])
        assert words.count("rejects Russian proposal") == 1
        assert [f for f in FURNITURE if f.lower() in words.lower()] == []


def test_the_body_is_whole(episode):
    """Its first and last sentence, 22 paragraphs, 649 words."""
    body = [s for s in episode["segments"] if s["role"] != "host"]
    assert body[0]["text"].startswith("The Western-backed Free Syrian Army")
    assert body[-1]["text"].endswith("while the political track is being pursued.")
    assert episode["segments"][-1] == body[-1]
    assert len({s["paragraph"] for s in body}) == 22
    assert sum(len(s["text"].split()) for s in body) == 649


def test_the_ledger_is_the_whole_source(episode, shared_sample):
    """Every character of the page stands in the ledger, in order, spoken or with a reason."""
    told = "".join("".join(row["text"].split()) for row in episode["ledger"])
    page = "".join(shared_sample.read_text(encoding="utf-8").split())
    assert told == page
    ids = {s["id"] for s in episode["segments"]}
    for row in episode["ledger"]:
        assert row["spoken"] == bool(row["segments"]) == (row["reason"] is None)
        assert set(row["segments"]) <= ids


def test_the_four_quoted_people_have_voices_of_their_own(episode):
    """Five long quotations by four people, none in the narrator's voice."""
    quotes = [s for s in episode["segments"] if s["role"] == "quote"]
    speakers = [s["speaker"] for n, s in enumerate(quotes) if _begins(quotes, n)]
    assert speakers == QUOTED
    (narrator,) = {s["voice"] for s in episode["segments"] if s["role"] == "narrator"}
    voices = {s["speaker"]: s["voice"] for s in quotes}
    assert narrator not in voices.values()
    assert len(set(voices.values())) == 4


def _begins(quotes, n):
    return n == 0 or quotes[n]["paragraph"] != quotes[n - 1]["paragraph"]


def test_the_byline_and_the_outlet_are_found(episode):
    """They stand at the end of the page, among the furniture."""
    (article,) = episode["articles"]
    assert (article["byline"], article["outlet"]) == ("Greg Dyett", "SBS News")


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


def test_all_agree_on_the_length(built_sample, sound, episode):
    """Manifest, feed, ffprobe and mutagen within 50 ms; the feed has whole seconds."""
    length_ms = episode["enclosure"]["duration_ms"]
    command = [tool("ffprobe"), "-v", "error", "-show_entries", "format=duration"]
    command += ["-of", "csv=p=0", str(sound)]
    probed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert abs(float(probed) * 1000 - length_ms) <= 50
    assert abs(mutagen.mp3.MP3(sound).info.length * 1000 - length_ms) <= 50
    (entry,) = feedparser.parse((built_sample[0] / "episodes" / "feed.xml").read_bytes()).entries
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


def test_our_own_check_finds_no_broken_must(built_sample):
    """The rule book holds for what the defaults make."""
    done = run_audiobrief("check", "--json", cwd=built_sample[0])
    assert [f for f in done.json["findings"] if f["level"] == "must"] == []
    assert done.code == 0


def test_a_second_build_changes_nothing(sample_copy):
    """0 clips, and no file's time of change moves."""
    before = snapshot(sample_copy / "episodes")
    run = run_audiobrief("build", "article.txt", "--json", cwd=sample_copy)
    (episode,) = run.json["episodes"]
    assert (episode["outcome"], episode["synthesized"]) == ("unchanged", 0)
    assert snapshot(sample_copy / "episodes") == before


def test_one_edited_word_costs_one_clip(sample_copy, episode):
    """And the episode keeps its GUID."""
    path = sample_copy / "article.txt"
    text = path.read_text(encoding="utf-8").replace("almost five years", "nearly five years")
    path.write_text(text, encoding="utf-8")
    run = run_audiobrief("build", "article.txt", "--json", cwd=sample_copy)
    (edited,) = run.json["episodes"]
    assert (edited["synthesized"], edited["guid"]) == (1, episode["guid"])
    assert invariant(sample_copy / "episodes") == []


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


def test_gpodder_subscribes_and_downloads(sample_copy, sound, tmp_path, file_server):
    """A real podcast client takes the feed and gets the very bytes."""
    gpo = tool("gpo")
    base_url = file_server(sample_copy / "episodes")
    settings = f'[show]\nbase_url = "{base_url}"\n'
    (sample_copy / "audiobrief.toml").write_text(settings, encoding="utf-8")
    assert run_audiobrief("build", "article.txt", cwd=sample_copy).code == 0

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
    assert "Free Syrian Army rejects Russian proposal to help" in run("pending")
    run("download")
    downloads = (tmp_path / "gpodder").rglob("*.mp3")
    assert [p.read_bytes() == sound.read_bytes() for p in downloads] == [True]
