"""``audiobrief verify``: what is cut, moved or softened in a finished MP3 is named."""

import json
import shutil
from pathlib import Path
from random import Random

import numpy as np
import pytest
import soundfile

from audiobrief.model.audio import Clip, SoundSpec
from audiobrief.store.clips import ClipCache
from tests.mp3 import encode
from tests.support import run_audiobrief

NOUNS = ("ferry", "bakery", "council", "bridge", "orchard", "harbor", "school", "museum", "choir")
DEEDS = ("opened on Monday", "will close for the winter", "has sold its oldest bell", "won a prize")
ENDS = (
    "after forty years of work.",
    "and nobody was surprised.",
    "said the mayor of the town.",
    "with help from its neighbors.",
    "although it rained all day long.",
)


def article(number):
    """Return a short article of its own."""
    random = Random(number)
    sentences = [
        f"The {random.choice(NOUNS)} of town number {random.randrange(20, 90)}"
        f" {random.choice(DEEDS)} {random.choice(ENDS)}"
        for _ in range(random.randrange(3, 7))
    ]
    return f"A short report, number {number}\n\n{' '.join(sentences)}\n"


@pytest.fixture(scope="module")
def episodes(tmp_path_factory):
    """Return a workspace with 20 built episodes, in the default voice."""
    folder = tmp_path_factory.mktemp("verify")
    (folder / "articles").mkdir()
    for number in range(20):
        (folder / "articles" / f"{number:02}.txt").write_text(article(number), encoding="utf-8")
    run = run_audiobrief("build", "--json", cwd=folder, limit_s=300)
    assert run.code == 0, run.stderr
    return folder


@pytest.fixture
def copy(episodes, tmp_path):
    """Return a copy of one episode's workspace, all others left out, and its manifest's path."""

    def make(number=0):
        manifest = sorted((episodes / "episodes").glob("*/episode.json"))[number]
        folder = tmp_path / episodes.name
        target = folder / "episodes" / manifest.parent.name
        shutil.copytree(manifest.parent, target)
        shutil.copytree(episodes / ".audiobrief", folder / ".audiobrief", dirs_exist_ok=True)
        return folder, target / "episode.json"

    return make


def change(manifest: Path, edit):
    """Decode the sound, let ``edit`` have the samples, and encode what it returns."""
    data = json.loads(manifest.read_text("utf-8"))
    path = manifest.parent / data["enclosure"]["file"]
    samples, _ = soundfile.read(path, dtype="int16")
    with path.open("wb") as file:
        encode(iter([edit(samples.copy(), data["segments"])]), SoundSpec(), file)
    return data["segments"]


def frames(segment):
    """Return where a segment begins and ends, in frames."""
    return (round(segment[key] * 44.1) for key in ("start_ms", "end_ms"))


def problems(folder):
    """Return what verify says of the one episode."""
    run = run_audiobrief("verify", "--json", cwd=folder)
    (row,) = run.json["episodes"]
    assert run.code == (1 if row["problems"] else 0)
    return row["problems"]


def test_whole_episodes_give_no_alarm(episodes):
    """All 20, each segment almost as it went in."""
    run = run_audiobrief("verify", "--json", cwd=episodes, limit_s=300)
    rows = run.json["episodes"]
    assert run.code == 0, run.stderr
    assert [row["problems"] for row in rows] == [[]] * 20
    assert min(row["lowest_score"] for row in rows) > 0.9


def test_a_segment_cut_out_of_any_episode_is_named(episodes, tmp_path):
    """In each of the 20 another one; the others are found, although the cut moved them."""
    folder = tmp_path / episodes.name
    shutil.copytree(episodes, folder)
    cut = {}
    for number, manifest in enumerate(sorted((folder / "episodes").glob("*/episode.json"))):
        removed = 1 + number % (len(json.loads(manifest.read_text("utf-8"))["segments"]) - 1)

        def edit(samples, segments, removed=removed):
            return np.delete(samples, slice(*frames(segments[removed])))

        segments = change(manifest, edit)
        cut[manifest.parent.name] = (removed + 1, segments[removed]["text"])
    rows = run_audiobrief("verify", "--json", cwd=folder, limit_s=300).json["episodes"]
    for row in rows:
        missing = [p for p in row["problems"] if "is missing" in p]
        number, text = cut[row["directory"]]
        assert len(missing) == 1, (row, cut[row["directory"]])
        assert missing[0].startswith(f"segment {number} at ")
        assert text in missing[0]


def test_a_cut_segment_scores_below_three_tenths(copy):
    """Far from the limit, which lies at seven tenths."""
    folder, manifest = copy(1)
    change(manifest, lambda samples, segments: np.delete(samples, slice(*frames(segments[2]))))
    row = run_audiobrief("verify", "--json", cwd=folder).json["episodes"][0]
    assert row["lowest_score"] < 0.3


def test_what_begins_late_is_told_once(copy):
    """Two seconds of silence put in: one message for all that follows, one for the length."""
    folder, manifest = copy(2)

    def edit(samples, segments):
        start, _ = frames(segments[2])
        return np.insert(samples, start - 2000, np.zeros(2 * 44100, np.int16))

    change(manifest, edit)
    found = problems(folder)
    assert ["+2.00 s off" in p for p in found].count(True) == 1
    assert any("s long, the manifest says" in p for p in found)
    assert any("s of silence" in p for p in found)


def test_a_segment_at_another_level_is_named(copy):
    """Half as loud is another speaker to the ear."""
    folder, manifest = copy(3)

    def edit(samples, segments):
        start, end = frames(segments[1])
        samples[start:end] //= 2
        return samples

    change(manifest, edit)
    found = problems(folder)
    assert any(p.startswith("segment 2 at ") and "dB off its level" in p for p in found), found


def test_without_the_cache_the_clips_are_spoken_again(copy):
    """Another synthesis of the same text is recognized, and a missing one still noticed."""
    folder, manifest = copy(4)
    shutil.rmtree(folder / ".audiobrief")
    run = run_audiobrief("verify", "--json", cwd=folder)
    row = run.json["episodes"][0]
    assert row["problems"] == []
    assert row["spoken_again"] == row["segments"]
    shutil.rmtree(folder / ".audiobrief")
    change(manifest, lambda samples, segments: np.delete(samples, slice(*frames(segments[1]))))
    assert any(p.startswith("segment 2 at ") and "missing" in p for p in problems(folder))


def test_a_part_that_is_silenced_is_named(copy):
    """The last quarter of a sentence: the segment as a whole still matches well."""
    folder, manifest = copy(7)

    def edit(samples, segments):
        start, end = frames(segments[2])
        samples[end - (end - start) // 4 : end] = 0
        return samples

    change(manifest, edit)
    assert any(p.startswith("segment 3 at ") and "is damaged" in p for p in problems(folder))


def test_a_sentence_that_comes_twice_is_missed_where_it_was_cut(tmp_path):
    """The second one is not taken for the first, and those between are found."""
    text = (
        "The refrain\n\nThe ferry of the town opened on Monday after years of work. Nobody came."
        " It rained in the harbor all day long, said the mayor. Some went home by the old bridge."
        " The ferry of the town opened on Monday after years of work. Then the choir sang.\n"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert run_audiobrief("build", "a.txt", cwd=tmp_path).code == 0
    (manifest,) = (tmp_path / "episodes").glob("*/episode.json")
    texts = [s["text"] for s in json.loads(manifest.read_text("utf-8"))["segments"]]
    first = next(n for n, t in enumerate(texts) if t.startswith("The ferry"))
    change(manifest, lambda samples, all_: np.delete(samples, slice(*frames(all_[first]))))
    missing = [p for p in problems(tmp_path) if "is missing" in p]
    assert [p.split(" at ")[0] for p in missing] == [f"segment {first + 1}"]


def test_what_changed_since_the_build_is_no_fault_of_the_episode(copy):
    """Another rate of the voice, another loudness: the clips that were put in are still there."""
    folder, _ = copy(8)
    (folder / "voices").mkdir()
    profile = 'engine = "pyttsx3"\nengine_voice = "en-us+f2"\nrate_wpm = 190\n'
    (folder / "voices" / "anchor.toml").write_text(profile, encoding="utf-8")
    (folder / "audiobrief.toml").write_text("[sound]\nloudness_lufs = -19.0\n", encoding="utf-8")
    assert problems(folder) == []
    shutil.rmtree(folder / ".audiobrief")
    run = run_audiobrief("verify", "--json", cwd=folder)
    row = run.json["episodes"][0]
    assert (run.code, row["problems"], row["unproven"]) == (1, [], row["segments"])


def test_a_damaged_clip_is_no_fault_of_the_episode(copy):
    """It is spoken again, and compared as such."""
    folder, _ = copy(9)
    for clip in (folder / ".audiobrief" / "clips").glob("??/*.wav"):
        content = bytearray(clip.read_bytes())
        content[5000] ^= 255
        clip.write_bytes(content)
    run = run_audiobrief("verify", "--json", cwd=folder)
    row = run.json["episodes"][0]
    assert (run.code, row["problems"], row["spoken_again"]) == (0, [], row["segments"])


def test_clips_that_were_spoken_again_since_are_compared_as_such(copy):
    """By an earlier comparison, or for another episode: the cache has them, the file others."""
    folder, _ = copy(9)
    shutil.rmtree(folder / ".audiobrief")
    for _time in range(3):
        run = run_audiobrief("verify", "--json", cwd=folder)
        row = run.json["episodes"][0]
        assert (run.code, row["problems"], row["spoken_again"]) == (0, [], row["segments"])


def test_an_overdriven_segment_is_named_in_every_episode(episodes, tmp_path):
    """By 12 dB, clipped, and made as loud as before: no peak is high, and all are flat."""
    folder = tmp_path / episodes.name
    shutil.copytree(episodes, folder)
    driven = {}
    for number, manifest in enumerate(sorted((folder / "episodes").glob("*/episode.json"))):
        chosen = number % len(json.loads(manifest.read_text("utf-8"))["segments"])

        def edit(samples, segments, chosen=chosen):
            here = slice(*frames(segments[chosen]))
            sound = samples[here].astype(float)
            clipped = np.clip(4.0 * sound, -32768, 32767)
            samples[here] = clipped * np.sqrt(np.mean(sound**2) / np.mean(clipped**2))
            return samples

        segments = change(manifest, edit)
        driven[manifest.parent.name] = (chosen + 1, segments[chosen]["text"])
    rows = run_audiobrief("verify", "--json", cwd=folder, limit_s=300).json["episodes"]
    for row in rows:
        (problem,) = [p for p in row["problems"] if "is clipped" in p]
        number, text = driven[row["directory"]]
        assert problem.startswith(f"segment {number} at ")
        assert "peaks cut off flat" in problem
        assert text in problem
        assert not any("true peak" in p for p in row["problems"])


def test_a_clip_that_the_voice_spoke_clipped_is_named(copy):
    """It went into the file as it was: the clip itself tells."""
    folder, manifest = copy(10)
    segment = json.loads(manifest.read_text("utf-8"))["segments"][1]
    clips = ClipCache(folder / ".audiobrief" / "clips")
    clip = clips.get(segment["clip"])
    samples = np.frombuffer(clip.pcm, "<i2") / 32768.0
    flat = np.clip(4.0 * samples / np.abs(samples).max(), -1.0, 1.0) * 16000.0
    clips.discard(segment["clip"])
    clips.put(segment["clip"], Clip(flat.astype("<i2").tobytes(), clip.sample_rate_hz))
    (problem,) = [p for p in problems(folder) if "is clipped" in p]
    assert problem.startswith("segment 2 at ")
    assert "as the voice spoke it" in problem


def test_one_episode_is_chosen_by_the_beginning_of_its_folder(copy):
    """An unknown or ambiguous name is an error that says how to see them."""
    folder, manifest = copy(5)
    name = manifest.parent.name
    assert run_audiobrief("verify", name[:20], "-q", cwd=folder).code == 0
    unknown = run_audiobrief("verify", "1999", cwd=folder)
    assert unknown.code == 2
    assert "there is no such episode" in unknown.stderr


def test_a_missing_sound_file_is_an_error_in_three_lines(copy):
    """What, where, how to mend it."""
    folder, manifest = copy(6)
    for path in manifest.parent.glob("*.mp3"):
        path.unlink()
    run = run_audiobrief("verify", cwd=folder)
    assert run.code == 1
    assert len(run.stderr.strip().splitlines()) == 3
