"""A whole episode: on target by outside meters, the same bytes each time, nothing half done."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from audiobrief.assemble import render
from audiobrief.assemble.encode import Mp3Writer
from audiobrief.assemble.master import aim_of
from audiobrief.assemble.probe import decoded_frame_count, measure
from audiobrief.assemble.render import assemble
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import Clip, SoundSpec
from tests.assemble.sources import Clips, Kept

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

    def assembled(spec=DEFAULT, source=None, target=tmp_path / "out.mp3", kept=None, script=None):
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        return assemble(
            segments if script is None else script,
            Clips(clips) if source is None else source,
            spec,
            target,
            encoded=Kept() if kept is None else kept,
            work=work,
            progress=silently,
        )

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
    monkeypatch.setattr(render, "_core_count", lambda: threads)

    run(target=tmp_path / "second.mp3")

    assert (tmp_path / "first.mp3").read_bytes() == (tmp_path / "second.mp3").read_bytes()


def test_whoever_looks_at_our_frames_changes_nothing(run, tmp_path):
    """A profiler, as in workers of Dask, keeps what functions have worked on a moment longer."""
    seen = []

    def keep(frame, event, argument):
        if "/audiobrief/assemble/" in frame.f_code.co_filename.replace("\\", "/"):
            seen.append(frame)

    run(target=tmp_path / "plain.mp3")
    sys.setprofile(keep)
    try:
        run(target=tmp_path / "seen.mp3")
    finally:
        sys.setprofile(None)
    assert seen
    assert (tmp_path / "seen.mp3").read_bytes() == (tmp_path / "plain.mp3").read_bytes()


def test_nothing_but_the_target_is_left(run, tmp_path):
    """The file in the making is gone afterwards."""
    run()

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out.mp3", "work"]


def test_the_folder_of_the_target_may_be_the_one_to_work_in(clips, segments, tmp_path):
    """The file in the making has a name of its own, so that the target stays."""
    target = tmp_path / "out.mp3"

    assemble(
        segments,
        Clips(clips),
        SoundSpec(),
        target,
        encoded=Kept(),
        work=tmp_path,
        progress=silently,
    )

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
        run(source=Clips(spoiled))

    assert error.value.subject == "s3: Text of s3."
    assert list(tmp_path.rglob("*.mp3")) == []


def test_a_soft_clip_is_reported(run, clips):
    """A clip that stays soft, since it is but noise, is noted with its segment."""
    hiss = np.rint(np.random.default_rng(3).standard_normal(22050) * 6.0).astype("<i2")
    notes = run(source=Clips({**clips, "s2": Clip(hiss.tobytes(), 22050)})).notes

    assert [note for note in notes if "segment s2 stays" in note] == list(notes)


def test_a_missing_folder_is_an_error_with_its_path(run, tmp_path):
    """A target that cannot be written is named."""
    with pytest.raises(StoreError, match=r"nowhere.+out\.mp3"):
        run(target=tmp_path / "nowhere" / "out.mp3")


def test_a_full_disk_is_an_error_with_its_path(run, tmp_path, monkeypatch):
    """When writing fails half way, the error names the file; what was there before stays.

    That is the one in the making: it may lie on another disk than the episode.
    """
    monkeypatch.setattr(Mp3Writer, "write", full_disk)

    (tmp_path / "out.mp3").write_bytes(b"what was there")

    with pytest.raises(StoreError, match="No space left") as error:
        run()

    assert error.value.subject == str(tmp_path / "work" / "out.mp3.making")
    assert (tmp_path / "out.mp3").read_bytes() == b"what was there"
    assert list((tmp_path / "work").iterdir()) == []


def full_disk(writer, content):
    """Fail like a full disk does."""
    raise OSError(28, "No space left on device")


def test_a_failing_clip_store_leaves_nothing_behind(run, tmp_path):
    """Whatever the caller's function raises comes through, the files are gone."""

    class Broken(Clips):
        def clip(self, segment_id):
            raise RuntimeError(segment_id)

    with pytest.raises(RuntimeError, match="s0"):
        run(source=Broken({}))

    assert list(tmp_path.rglob("*.mp3")) == []


def test_progress_counts_every_clip(clips, segments, tmp_path):
    """Progress goes from the first clip to the last."""
    calls = []
    assemble(
        segments, Clips(clips), SoundSpec(), tmp_path / "out.mp3", encoded=Kept(), work=tmp_path,
        progress=lambda *call: calls.append(call),
    )  # fmt: skip

    assert calls == [(n, 6, "encode") for n in range(1, 7)]


def test_an_edit_encodes_what_is_new_and_gives_the_bytes_of_a_build_from_nothing(
    run, clips, segments, make_clip, tmp_path
):
    """One clip is another one, one is left out, one pause is longer: one clip is encoded."""
    kept = Kept()
    first = run(kept=kept)
    assert first.encoded_count == len(segments)
    changed = Clips({**clips, "s2": make_clip(1.7, 22050, -20, 9, 140)})
    script = [replace(s, pause_after_ms=700) if s.id == "s4" else s for s in segments[1:]]
    warm = run(source=changed, kept=kept, script=script, target=tmp_path / "warm.mp3")
    cold = run(source=changed, script=script, target=tmp_path / "cold.mp3")
    assert (warm.encoded_count, cold.encoded_count) == (1, len(script))
    assert changed.read == ["s2", *(s.id for s in script)]
    assert (tmp_path / "warm.mp3").read_bytes() == (tmp_path / "cold.mp3").read_bytes()
    assert warm.loudness == cold.loudness
    assert warm.curve == cold.curve
    assert warm.timeline == cold.timeline


def test_the_levels_summed_up_are_those_of_the_file(run, tmp_path):
    """Clip by clip, and measured from the decoded whole."""
    for spec in (SoundSpec(), SoundSpec(sample_rate_hz=48000, channels=2, bitrate_kbps=128)):
        told = run(spec).loudness
        heard = measure(tmp_path / "out.mp3")
        assert told.integrated_lufs == pytest.approx(heard.integrated_lufs, abs=0.03)
        assert told.true_peak_dbtp == pytest.approx(heard.true_peak_dbtp, abs=0.01)
        assert told.range_lu == pytest.approx(heard.range_lu, abs=0.3)


def test_the_curve_is_that_of_the_file(run, tmp_path):
    """Peaks by MP3 frame, as a decoder has them."""
    result = run()
    sound, _ = soundfile.read(tmp_path / "out.mp3")
    steps = np.abs(sound).reshape(-1, 1152).max(axis=1)
    told = np.frombuffer(result.curve.peaks, np.uint8) / 255.0
    assert told.size == steps.size == len(result.curve.energies)
    assert np.abs(told - steps).max() < 0.006


def test_what_was_kept_damaged_is_made_again(run, clips, tmp_path):
    """Bytes of another kind count as nothing."""
    kept = Kept()
    run(kept=kept, target=tmp_path / "first.mp3")
    for key in list(kept):
        kept[key] = b"something else"
    assert run(kept=kept).encoded_count == len(clips)
    assert (tmp_path / "out.mp3").read_bytes() == (tmp_path / "first.mp3").read_bytes()


def test_settings_that_sound_alike_share_nothing(run, clips):
    """Another rate, level or bit rate is another clip; another pause is none."""
    kept = Kept()
    for spec in (SoundSpec(), SoundSpec(bitrate_kbps=128), SoundSpec(loudness_lufs=-18.0)):
        assert run(spec, kept=kept).encoded_count == len(clips)
