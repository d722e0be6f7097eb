"""A whole episode: on target by outside meters, the same bytes each time, nothing half done."""

import re
import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from audiobrief.assemble import render
from audiobrief.assemble.master import aim_of
from audiobrief.assemble.probe import decoded_frame_count
from audiobrief.assemble.render import assemble
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import Clip, SoundSpec

DEFAULT = SoundSpec()


def silently(done, count, what):
    """Take progress and show nothing."""


@pytest.fixture(scope="module")
def clips(make_clip):
    """Six clips of three voices, 13 dB and more apart, one of a single syllable."""
    shapes = [(3.0, -14, 110), (2.4, -27, 200), (0.2, -20, 110), (3.3, -14, 110), (2, -33, 150),
              (2.7, -14, 110)]  # fmt: skip
    return {
        f"s{n}": make_clip(seconds, (22050, 24000, 44100)[n % 3], level, n + 1, pitch)
        for n, (seconds, level, pitch) in enumerate(shapes)
    }


@pytest.fixture
def segments(clips, make_segment):
    """A segment for each clip, two chapters."""
    return [
        make_segment(name, pause_ms=(250, 550)[n % 2], chapter={0: "A", 3: "B"}.get(n))
        for n, name in enumerate(clips)
    ]


@pytest.fixture
def run(clips, segments, tmp_path):
    """Assemble the episode into a file of its own folder."""

    def assembled(spec=DEFAULT, clip_of=clips.__getitem__, target=tmp_path / "out.mp3"):
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        return assemble(segments, clip_of, spec, target, work=work, progress=silently)

    return assembled


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the outside meter is ffmpeg")
@pytest.mark.parametrize(
    "spec",
    [
        SoundSpec(),
        SoundSpec(channels=2, bitrate_kbps=128),
        SoundSpec(loudness_lufs=-18.0, true_peak_dbtp=-3.0, bitrate_kbps=64),
        SoundSpec(sample_rate_hz=48000, bitrate_kbps=192),
    ],
    ids=["default", "stereo", "soft", "48 kHz"],
)
def test_the_finished_file_is_on_target_by_an_outside_meter(spec, run, tmp_path):
    """An outside meter reads the loudness within 0.5 LU, and a true peak within the limit."""
    result = run(spec)

    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", tmp_path / "out.mp3", "-af",
               f"ebur128=dualmono={spec.channels == 1}:peak=true", "-f", "null", "-"]  # fmt: skip
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = log[log.rindex("Summary:") :]
    lufs = float(re.search(r"I: +(\S+) LUFS", summary).group(1))
    dbtp = float(re.search(r"Peak: +(\S+) dBFS", summary).group(1))
    assert lufs == pytest.approx(spec.loudness_lufs, abs=0.5)
    assert dbtp <= spec.true_peak_dbtp
    assert result.loudness.integrated_lufs == pytest.approx(lufs, abs=0.15)
    assert result.loudness.true_peak_dbtp == pytest.approx(dbtp, abs=0.25)


def test_the_file_is_as_long_as_the_timeline_says(run, tmp_path):
    """Timeline and decoder agree to the frame."""
    timeline = run().timeline

    assert decoded_frame_count(tmp_path / "out.mp3") == timeline.frame_count


def test_every_cue_has_sound_and_every_pause_is_silent(run, tmp_path):
    """Words lie where the timeline says; pauses are below -60 dBFS."""
    timeline = run().timeline
    sound, _ = soundfile.read(tmp_path / "out.mp3")

    def level_db(start, end):
        return 10 * np.log10(np.mean(sound[start:end] ** 2) + 1e-12)

    # The codec smears an edge over one block.
    guard = 1200
    for cue, following in zip(timeline.cues[:-1], timeline.cues[1:], strict=True):
        assert level_db(cue.start_frame, cue.end_frame) > -30.0
        assert level_db(cue.end_frame + guard, following.start_frame - guard) < -60.0
    assert level_db(0, timeline.cues[0].start_frame - guard) < -60.0


@pytest.mark.parametrize("threads", [1, 3])
def test_the_same_clips_give_the_same_bytes(threads, run, tmp_path, monkeypatch):
    """Twice, and on another number of threads: not a bit differs."""
    run(target=tmp_path / "first.mp3")
    monkeypatch.setattr(render, "_THREADS", threads)

    run(target=tmp_path / "second.mp3")

    assert (tmp_path / "first.mp3").read_bytes() == (tmp_path / "second.mp3").read_bytes()


def test_nothing_but_the_target_is_left(run, tmp_path):
    """The file in the making is gone afterwards."""
    run()

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out.mp3", "work"]


def test_the_folder_of_the_target_may_be_the_one_to_work_in(clips, segments, tmp_path):
    """The file in the making has a name of its own, so that the target stays."""
    target = tmp_path / "out.mp3"

    assemble(segments, clips.__getitem__, SoundSpec(), target, work=tmp_path, progress=silently)

    assert list(tmp_path.iterdir()) == [target]


def test_a_file_off_target_is_encoded_again_and_says_so(run, monkeypatch):
    """When the first file misses, the aim is moved, and a note tells it."""
    monkeypatch.setattr(render, "aim_of", lambda spec: aim_of(spec).moved(-2.0, 0.0))

    result = run()

    assert result.loudness.integrated_lufs == pytest.approx(-16.0, abs=0.3)
    assert any("encoded again" in note for note in result.notes)


def test_levels_out_of_reach_are_an_error(run, tmp_path):
    """A loudness that the peak limit forbids is refused, and no file is left."""
    with pytest.raises(AudioError, match="levels cannot be reached"):
        run(SoundSpec(loudness_lufs=-3.0, true_peak_dbtp=-20.0))

    assert not (tmp_path / "out.mp3").exists()


def test_a_silent_clip_is_named_with_its_sentence(run, clips, tmp_path):
    """The error says which sentence has no sound, and no file is left."""
    spoiled = {**clips, "s3": Clip(bytes(40_000), 22050)}

    with pytest.raises(AudioError, match="silent") as error:
        run(clip_of=spoiled.__getitem__)

    assert error.value.subject == "s3: Text of s3."
    assert list(tmp_path.rglob("*.mp3")) == []


def test_a_soft_clip_is_reported(run, clips):
    """A clip that stays soft, since it is but noise, is noted with its segment."""
    hiss = np.rint(np.random.default_rng(3).standard_normal(22050) * 6.0).astype("<i2")
    notes = run(clip_of={**clips, "s2": Clip(hiss.tobytes(), 22050)}.__getitem__).notes

    assert [note for note in notes if "segment s2 stays" in note] == list(notes)


def test_a_missing_folder_is_an_error_with_its_path(run, tmp_path):
    """A target that cannot be written is named."""
    with pytest.raises(StoreError, match=r"nowhere.+out\.mp3"):
        run(target=tmp_path / "nowhere" / "out.mp3")


def test_a_full_disk_is_an_error_with_its_path(run, tmp_path, monkeypatch):
    """When writing fails half way, the error names the file; what was there before stays."""
    monkeypatch.setattr(render, "encode", full_disk)

    (tmp_path / "out.mp3").write_bytes(b"what was there")

    with pytest.raises(StoreError, match="No space left") as error:
        run()

    assert error.value.subject == str(tmp_path / "out.mp3")
    assert (tmp_path / "out.mp3").read_bytes() == b"what was there"
    assert list((tmp_path / "work").iterdir()) == []


def full_disk(blocks, spec, target):
    """Write a little, then fail like a full disk does."""
    target.write(b"some")
    raise OSError(28, "No space left on device")


def test_a_failing_clip_store_leaves_nothing_behind(run, tmp_path):
    """Whatever the caller's function raises comes through, the files are gone."""

    def broken(name):
        raise RuntimeError(name)

    with pytest.raises(RuntimeError, match="s0"):
        run(clip_of=broken)

    assert list(tmp_path.rglob("*.mp3")) == []


def test_progress_counts_every_clip(clips, segments, tmp_path):
    """Progress goes from the first clip to the last, then names what follows."""
    calls = []
    assemble(
        segments, clips.__getitem__, SoundSpec(), tmp_path / "out.mp3", work=tmp_path,
        progress=lambda *call: calls.append(call),
    )  # fmt: skip

    assert calls == [(n, 6, "encode") for n in range(1, 7)] + [(6, 6, "measure")]
