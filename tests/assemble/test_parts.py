"""Stings and a bed in a whole episode: the same bytes warm and cold, speech where it should be."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from audiobrief.assemble.master import aim_of, master
from audiobrief.assemble.part import ClipPart, Music, StingPart, StretchPart, parts_of
from audiobrief.assemble.probe import decoded_frame_count, measure
from audiobrief.assemble.render import assemble
from audiobrief.errors import AudioError
from audiobrief.model.audio import MusicSpec, SoundSpec
from audiobrief.workspace.music import SHIPPED_STING
from tests.assemble.sources import Clips, Kept

SPEC = SoundSpec()


@pytest.fixture(scope="module")
def clips(make_clip):
    """Return six clips of two voices."""
    return {
        f"s{n}": make_clip(7.0 + 0.3 * n, (22050, 44100)[n % 2], -20, n + 1, (110, 190)[n % 2])
        for n in range(6)
    }


@pytest.fixture
def segments(make_segment):
    """Return a segment for each clip, two chapters."""
    return [make_segment(f"s{n}", pause_ms=400, chapter={0: "A", 3: "B"}.get(n)) for n in range(6)]


@pytest.fixture(scope="module")
def bed(tmp_path_factory):
    """Return 12 s of a chord, in stereo."""
    path = tmp_path_factory.mktemp("music") / "bed.wav"
    time_s = np.arange(12 * 48000) / 48000
    chord = sum(np.sin(2 * np.pi * hz * time_s) for hz in (110, 165, 277)) / 6
    soundfile.write(path, np.stack([chord, 0.8 * chord], 1), 48000)
    return str(path)


@pytest.fixture
def run(segments, tmp_path):
    """Assemble an episode with music."""

    def assembled(clips, music, name="out.mp3", kept=None):
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        return assemble(
            segments,
            Clips(clips),
            SPEC,
            tmp_path / name,
            encoded=Kept() if kept is None else kept,
            work=work,
            progress=lambda *_told: None,
            music=music,
            music_folder=tmp_path / "music",
        )

    return assembled


def test_an_edit_costs_the_chapter_it_is_in(run, clips, bed, make_clip, tmp_path):
    """With a bed the clips of a chapter are one part; stings and the other chapter stay."""
    music = MusicSpec(str(SHIPPED_STING), str(SHIPPED_STING), bed)
    kept = Kept()
    assert run(clips, music, kept=kept).encoded_count == 4
    # Both stings are the same sound: made at once, kept once.
    assert len(kept) == 3
    changed = {**clips, "s4": make_clip(6.9, 22050, -20, 9, 140)}
    assert run(changed, music, "warm.mp3", kept).encoded_count == 1
    assert run(changed, music, "cold.mp3").encoded_count == 4
    assert (tmp_path / "warm.mp3").read_bytes() == (tmp_path / "cold.mp3").read_bytes()
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize("has_bed", [True, False])
def test_speech_is_heard_at_its_cues_and_on_target(run, clips, segments, bed, has_bed, tmp_path):
    """Under music, too; the chapters' marks are whole seconds, the first one at 0."""
    result = run(clips, MusicSpec(str(SHIPPED_STING), None, bed if has_bed else None))
    sound, _ = soundfile.read(tmp_path / "out.mp3")
    aim = aim_of(SPEC)
    for cue in result.timeline.cues:
        made = np.frombuffer(master(clips[cue.segment_id], aim).clip.pcm, "<i2") / 32768
        heard = sound[cue.start_frame : cue.end_frame]
        assert heard.size == made.size
        assert heard @ made / np.sqrt((heard @ heard) * (made @ made)) > 0.97
    assert decoded_frame_count(tmp_path / "out.mp3") == result.timeline.frame_count
    assert [(c.title, c.start_ms % 1000) for c in result.chapters] == [("A", 0), ("B", 0)]
    assert result.chapters[0].start_ms == 0
    assert result.timeline.cues[0].start_frame > 2 * 44100  # after the sting
    told, measured = result.loudness, measure(tmp_path / "out.mp3")
    assert told.integrated_lufs == pytest.approx(-16.0, abs=0.3)
    assert told.integrated_lufs == pytest.approx(measured.integrated_lufs, abs=0.03)
    assert measured.true_peak_dbtp <= -1.0


def test_the_bed_is_silent_between_chapters_and_soft_in_pauses(run, clips, bed, tmp_path):
    """Chapters are cut at exact silence; within them a pause is not silent."""
    cues = run(clips, MusicSpec(bed=bed)).timeline.cues
    sound, _ = soundfile.read(tmp_path / "out.mp3")

    def level_db(start, end):
        return 10 * np.log10(np.mean(sound[start:end] ** 2) + 1e-12)

    for before, after in pairwise(cues[:3]):
        assert -60.0 < level_db(before.end_frame + 2000, after.start_frame - 2000) < -30.0
    quiet = [level_db(n, n + 1152) for n in range(cues[2].end_frame, cues[3].start_frame, 1152)]
    assert min(quiet) < -90.0


def test_a_failing_clip_in_a_chapter_is_named(run, clips, bed):
    """As one that stands by itself."""
    spoiled = {**clips, "s4": type(clips["s4"])(bytes(40_000), 22050)}
    with pytest.raises(AudioError, match="silent") as error:
        run(spoiled, MusicSpec(bed=bed))
    assert error.value.subject == "s4: Text of s4."


def test_what_an_episode_is_made_of(segments):
    """Clips by themselves, chapters on a bed; music around."""
    kinds = [type(part) for part in parts_of(segments, Music())]
    assert kinds == [ClipPart] * 6
    music = Music("intro", "outro", "bed")
    parts = list(parts_of(segments, music))
    assert [type(part) for part in parts] == [StingPart, StretchPart, StretchPart, StingPart]
    assert [len(part.segments) for part in parts] == [0, 3, 3, 0]
    assert [s for part in parts for s in part.segments] == segments


@pytest.mark.parametrize("has_bed", [True, False])
def test_a_sting_parts_the_chapters(segments, has_bed):
    """Before each but the first, close to the words before it."""
    parts = list(parts_of(segments, Music(between="sting", bed="bed" if has_bed else None)))
    chapters = [part.segments[0].chapter for part in parts if part.segments]
    assert [c for c in chapters if c] == ["A", "B"]
    places = [n for n, part in enumerate(parts) if isinstance(part, StingPart)]
    assert [parts[n + 1].segments[0].chapter for n in places] == ["B"]
    if not has_bed:
        assert parts[places[0] - 1].pause_after_ms == parts[places[0]].pause_after_ms == 300
    assert [s for part in parts for s in part.segments] == segments


def test_a_sting_between_chapters_is_heard(run, clips, tmp_path):
    """And leaves the words where the cues say."""
    plain = run(clips, MusicSpec(), "plain.mp3").timeline
    parted = run(clips, MusicSpec(between=str(SHIPPED_STING))).timeline
    assert parted.frame_count > plain.frame_count + 44100
    assert parted.cues[2] == plain.cues[2]
    sound, _ = soundfile.read(tmp_path / "out.mp3")
    between = sound[parted.cues[2].end_frame : parted.cues[3].start_frame]
    assert np.abs(between).max() > 0.05


def test_a_long_chapter_is_divided_at_the_end_of_a_paragraph(make_segment):
    """After about three minutes; never within a paragraph."""
    segments = [
        replace(make_segment(f"s{n}"), spoken="x" * 100, paragraph=n // 7) for n in range(90)
    ]
    parts = list(parts_of(segments, Music(bed="bed")))
    assert [len(part.segments) for part in parts] == [28, 28, 28, 6]
    assert all(part.segments[0].paragraph * 7 == int(part.segments[0].id[1:]) for part in parts)
