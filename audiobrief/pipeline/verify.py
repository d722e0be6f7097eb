"""Prove from outside that a finished episode holds all that it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import file_digest
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.script import Segment
from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.pipeline.hear import hear
from audiobrief.pipeline.voices import fingerprints
from audiobrief.speak.key import clip_key
from audiobrief.speak.utterance import shortened
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from audiobrief.assemble.proof import Expected, Presence
    from audiobrief.model.audio import Loudness
    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.pipeline.clipped import Clipping
    from audiobrief.pipeline.hear import Heard
    from audiobrief.store.clips import ClipCache
    from audiobrief.workspace.load import Workspace

#: What the finished file may be off: players seek by the manifest's length.
_LENGTH_MS = 50
_LOUDNESS_LU = 0.5
#: The build measured the same file with the same meter.
_PEAK_DB = 0.1
#: Clips are leveled one by one; more is heard as another speaker.
_LEVEL_DB = 3.0
#: Added to the longest pause of the script: trimmed clips keep 0.12 s of their own silence.
_SILENCE_MS = 700


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one episode."""

    episode: Episode
    #: In words for the user; none: the episode is whole.
    problems: tuple[str, ...]
    #: As measured now.
    loudness: Loudness
    duration_ms: int
    #: The score of the segment that was found worst, 0..1.
    lowest_score: float
    #: Segments whose clips are no longer in the cache: they were spoken again, now or since the
    #: build.
    spoken_again: int
    #: Segments that nothing can be compared with: their clips are gone, and their voices are not
    #: what they were.
    unproven: int
    #: What the recognizer made of it, where it was asked.
    heard: Heard | None = None


def verify(
    workspace: Workspace, episode: Episode, clips: ClipCache, tell: Tell, *, asr: bool = False
) -> Verdict:
    """Decode an episode's MP3 and look for every segment in it.

    Args:
        workspace: Where its voices are.
        episode: The episode.
        clips: Where its clips are looked for.
        tell: Told of the progress.
        asr: Let the recognizer hear it as well.

    Raises:
        StoreError: The sound is not there, or cannot be read.
        AudioError: It cannot be decoded.
        SpeechError: A clip had to be spoken again and could not be.
        EngineUnavailableError: The recognizer was asked for and is not installed.
    """
    path = workspace.episodes / episode.directory / episode.enclosure.file
    problems = [*_changed(path, episode)]
    loudness, duration_ms, clipping, found = _facts(path, episode, workspace)
    problems += found
    expected = _Clips(workspace, episode, clips, clipping)
    from audiobrief.assemble.proof import find_segments  # noqa: PLC0415 - numpy, soxr

    presences = find_segments(path, _counted(expected.each(), episode, tell))
    problems += _judged(episode.segments, presences)
    problems += _clipped(episode.segments, clipping, presences)
    lowest = min((presence.score for presence in presences), default=1.0)
    heard = hear(workspace, episode, tell) if asr else None
    problems += heard.problems if heard else ()
    again, lost = len(expected.again), len(expected.lost)
    return Verdict(
        episode, tuple(problems), loudness, duration_ms, lowest, again - lost, lost, heard
    )


class _Clips:
    """The clips of an episode as they went into its sound.

    Which ones they were stands in the manifest: a voice profile may have changed since, and a clip
    that was gone may have been spoken again, for another episode or for an earlier comparison.
    """

    def __init__(
        self, workspace: Workspace, episode: Episode, clips: ClipCache, clipping: Clipping
    ) -> None:
        self._workspace = workspace
        self._clipping = clipping
        self._episode = episode
        self._clips = clips
        clips.expect([segment.clip for segment in episode.segments if segment.clip])
        missing = [s for s in episode.segments if not s.clip or clips.get(s.clip) is None]
        #: Ids of the segments whose clips are not those that were put in.
        self.again = {s.id for s in missing} | {s.id for s in episode.segments if self._is_other(s)}
        #: Ids of those whose voice is not what it was: nothing can be compared.
        self.lost: set[str] = set()
        self._keys = {segment.id: segment.clip for segment in episode.segments}
        if missing:
            self._speak(missing)

    def _is_other(self, segment: TimedSegment) -> bool:
        """Tell whether another clip has the key of the one that was put in."""
        facts = self._clips.glance(segment.clip) if segment.clip_digest else None
        return facts is not None and facts.digest != segment.clip_digest

    def _speak(self, missing: Sequence[TimedSegment]) -> None:
        from audiobrief.speak.run import speak  # noqa: PLC0415 - engines

        names = sorted({segment.voice for segment in missing})
        voices = {n: self._workspace.voices[n] for n in names if n in self._workspace.voices}
        known = fingerprints(voices.values())
        same = []
        for segment in missing:
            voice = voices.get(segment.voice)
            key = voice and clip_key(segment.spoken, voice, known[voice.name], segment.phonemes)
            if key is None or (segment.clip and key != segment.clip):
                self.lost.add(segment.id)
            else:
                same.append(_as_segment(segment))
        self._keys |= speak(same, voices, plugins.engine, self._clips, _nothing).keys

    def each(self) -> Iterator[Expected]:
        """Yield what is expected of each segment, mastered as the build masters it."""
        from audiobrief.assemble.master import aim_of, master  # noqa: PLC0415 - numpy, soxr
        from audiobrief.assemble.proof import Expected  # noqa: PLC0415

        # The settings may have changed since; what was measured then has not.
        loudness_lufs = self._episode.loudness.integrated_lufs
        aim = aim_of(replace(self._workspace.sound, loudness_lufs=loudness_lufs))
        for segment in self._episode.segments:
            if segment.id in self.lost:
                continue
            clip = self._clips.get(self._keys[segment.id])
            if clip is None:
                raise StoreError(
                    "a clip vanished while the episode was verified",
                    str(self._clips.path_of(self._keys[segment.id])),
                    remedy="run the same command again",
                )
            mastered = master(clip, aim).clip
            self._clipping.expect(segment.id, clip, mastered)
            yield Expected(segment.id, segment.start_ms, mastered, segment.id in self.again)


def _counted(each: Iterator[Expected], episode: Episode, tell: Tell) -> Iterator[Expected]:
    """Tell of each segment when it is taken."""
    for number, one in enumerate(each, 1):
        tell(Event(Stage.CHECK, episode.directory, number, len(episode.segments), "verify"))
        yield one


def _nothing(_done: int, _total: int, _text: str) -> None:
    pass


def _as_segment(segment: TimedSegment) -> Segment:
    return Segment(
        id=segment.id,
        role=segment.role,
        text=segment.text,
        spoken=segment.spoken,
        voice=segment.voice,
        pause_after_ms=0,
        source=segment.source,
        paragraph=segment.paragraph,
        phonemes=segment.phonemes,
    )


def _changed(path: Path, episode: Episode) -> Iterator[str]:
    with mapping_os_errors("read", path), path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if digest != episode.enclosure.sha256:
        yield "the file was changed after the build: its digest is not the manifest's"


def _facts(
    path: Path, episode: Episode, workspace: Workspace
) -> tuple[Loudness, int, Clipping, list[str]]:
    """Return loudness and length of the file, its tops, and what is wrong with the former."""
    from audiobrief.assemble.probe import (  # noqa: PLC0415 - soundfile
        decoded_frame_count,
        measure,
        probe,
    )
    from audiobrief.pipeline.clipped import Clipping  # noqa: PLC0415 - numpy
    from audiobrief.sound.silence import LongestSilence  # noqa: PLC0415 - numpy

    problems = []
    rate_hz, duration_ms = workspace.sound.sample_rate_hz, None
    try:
        facts = probe(path)
        rate_hz, duration_ms = facts.sample_rate_hz, facts.duration_ms
    except AudioError as error:
        problems.append(error.problem)
    silence, clipping = LongestSilence(), Clipping(episode.segments, rate_hz)

    def look(block: npt.NDArray[np.float32]) -> None:
        silence.add(block)
        clipping.hear(block)

    loudness = measure(path, look)
    if duration_ms is None:
        duration_ms = round(1000 * decoded_frame_count(path) / rate_hz)
    silent_ms = round(1000 * silence.frame_count / rate_hz)
    longest_ms = _longest_pause_ms(episode.segments, episode.enclosure.duration_ms)
    made = episode.loudness
    if abs(duration_ms - episode.enclosure.duration_ms) > _LENGTH_MS:
        problems.append(
            f"it is {duration_ms / 1000:.2f} s long, the manifest says"
            f" {episode.enclosure.duration_ms / 1000:.2f} s"
        )
    if abs(loudness.integrated_lufs - made.integrated_lufs) > _LOUDNESS_LU:
        problems.append(
            f"{loudness.integrated_lufs:.1f} LUFS, it was built at {made.integrated_lufs:.1f}"
        )
    if loudness.true_peak_dbtp > made.true_peak_dbtp + _PEAK_DB:
        problems.append(
            f"a true peak of {loudness.true_peak_dbtp:.1f} dBTP, it was built with"
            f" {made.true_peak_dbtp:.1f}"
        )
    if silent_ms > longest_ms + _SILENCE_MS:
        problems.append(
            f"{silent_ms / 1000:.1f} s of silence, the longest pause has {longest_ms / 1000:.1f} s"
        )
    return loudness, duration_ms, clipping, problems


def _longest_pause_ms(segments: Sequence[TimedSegment], duration_ms: int) -> int:
    """Return the longest time between two segments, or before the first or after the last."""
    edges = [0, *(ms for s in segments for ms in (s.start_ms, s.end_ms)), duration_ms]
    return max(b - a for a, b in list(pairwise(edges))[::2])


def _judged(segments: Sequence[TimedSegment], presences: Sequence[Presence]) -> Iterator[str]:
    """Name the segments that are not where and as they should be."""
    from audiobrief.assemble.proof import MOVED_MS  # noqa: PLC0415 - numpy, soxr

    moved = 0.0
    found = {presence.segment_id: presence for presence in presences}
    for number, segment in enumerate(segments, 1):
        presence = found.get(segment.id)
        if presence is None:
            continue
        name = _name(number, segment)
        text = f'"{shortened(segment.text)}"'
        if not presence.is_present:
            yield f"{name} is missing (it matches to {presence.score:.2f}): {text}"
            continue
        if presence.damaged_ms is not None:
            where = f"{presence.damaged_ms / 1000:.1f} s after its beginning"
            yield f"{name} is damaged {where}: {text}"
        if abs(presence.level_db) > _LEVEL_DB:
            yield f"{name} is {presence.level_db:+.1f} dB off its level: {text}"
        # Whatever moved one segment moves all that follow: told once. One that was spoken again
        # is found anywhere near.
        if presence.moved_ms and abs(presence.moved_ms - moved) > MOVED_MS:
            moved = presence.moved_ms
            off = f"{moved / 1000:+.2f} s off its place"
            yield f"{name} begins {off}, and what follows with it: {text}"


def _clipped(
    segments: Sequence[TimedSegment], clipping: Clipping, presences: Sequence[Presence]
) -> Iterator[str]:
    """Name the segments that are distorted by flat tops, at whatever level."""
    from audiobrief.assemble.proof import MOVED_MS  # noqa: PLC0415 - numpy, soxr

    moved = {one.segment_id for one in presences if abs(one.moved_ms) > MOVED_MS}
    numbers = {segment.id: number for number, segment in enumerate(segments, 1)}
    for segment_id, how in clipping.found(moved):
        number = numbers[segment_id]
        segment = segments[number - 1]
        yield f'{_name(number, segment)} is clipped ({how}): "{shortened(segment.text)}"'


def _name(number: int, segment: TimedSegment) -> str:
    return f"segment {number} at {segment.start_ms / 1000:.2f} s"
