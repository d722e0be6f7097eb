"""Prove from outside that a finished episode holds all that it says."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.model.script import Segment
from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.pipeline.hear import hear
from audiobrief.pipeline.recipe import fingerprints
from audiobrief.speak.key import clip_key
from audiobrief.speak.utterance import shortened
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobrief.assemble.proof import Expected, Presence
    from audiobrief.model.audio import Loudness
    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.pipeline.hear import Heard
    from audiobrief.store.clips import ClipCache
    from audiobrief.workspace.load import Workspace

#: What the finished file may be off: players seek by the manifest's length.
_LENGTH_MS = 50
_LOUDNESS_LU = 0.5
#: The encoder moves single peaks; the build measures the same file, so nothing is granted here.
_PEAK_DB = 0.0
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
    #: Segments whose clips were not in the cache and were spoken again for the comparison.
    spoken_again: int
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
        WorkspaceError: A voice of the episode is gone.
        SpeechError: A clip had to be spoken again and could not be.
        EngineUnavailableError: The recognizer was asked for and is not installed.
    """
    path = workspace.episodes / episode.directory / episode.enclosure.file
    problems = [*_changed(path, episode)]
    loudness, duration_ms, found = _facts(path, episode, workspace)
    problems += found
    expected = _Clips(workspace, episode, clips)
    presences = []
    from audiobrief.assemble.proof import find_segments  # noqa: PLC0415 - numpy, soxr

    for presence in find_segments(path, expected.each()):
        presences.append(presence)
        tell(Event(Stage.CHECK, episode.directory, len(presences), len(episode.segments), "verify"))
    problems += _judged(episode.segments, presences)
    lowest = min((presence.score for presence in presences), default=1.0)
    heard = hear(workspace, episode, tell) if asr else None
    problems += heard.problems if heard else ()
    again = len(expected.again)
    return Verdict(episode, tuple(problems), loudness, duration_ms, lowest, again, heard)


class _Clips:
    """The clips of an episode as they went into its sound."""

    def __init__(self, workspace: Workspace, episode: Episode, clips: ClipCache) -> None:
        from audiobrief.speak.run import speak  # noqa: PLC0415 - engines

        self._workspace = workspace
        self._episode = episode
        self._clips = clips
        names = {segment.voice for segment in episode.segments}
        voices = {n: workspace.voice(n, wanted_by=episode.directory) for n in sorted(names)}
        known = fingerprints(voices.values())
        keys = {s.id: clip_key(s.spoken, voices[s.voice], known[s.voice]) for s in episode.segments}
        #: Ids of the segments whose clips had to be made.
        self.again = {i for i, key in keys.items() if not clips.path_of(key).is_file()}
        spoken = speak(
            [_as_segment(s) for s in episode.segments], voices, plugins.engine, clips, _nothing
        )
        self._keys = spoken.keys

    def each(self) -> Iterator[Expected]:
        """Yield what is expected of each segment, mastered as the build masters it."""
        from audiobrief.assemble.master import aim_of, master  # noqa: PLC0415 - numpy, soxr
        from audiobrief.assemble.proof import Expected  # noqa: PLC0415

        aim = aim_of(self._workspace.sound)
        for segment in self._episode.segments:
            clip = self._clips.get(self._keys[segment.id])
            assert clip is not None  # noqa: S101 - `speak` has just made sure
            mastered = master(clip, aim).clip
            yield Expected(segment.id, segment.start_ms, mastered, segment.id in self.again)


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
    )


def _changed(path: Path, episode: Episode) -> Iterator[str]:
    with mapping_os_errors("read", path), path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if digest != episode.enclosure.sha256:
        yield "the file was changed after the build: its digest is not the manifest's"


def _facts(path: Path, episode: Episode, workspace: Workspace) -> tuple[Loudness, int, list[str]]:
    """Return loudness and length of the file, and what is wrong with them."""
    from audiobrief.assemble.probe import measure, probe  # noqa: PLC0415 - soundfile
    from audiobrief.sound.silence import LongestSilence  # noqa: PLC0415 - numpy

    facts = probe(path)
    silence = LongestSilence()
    loudness = measure(path, silence.add)
    spec = workspace.sound
    silent_ms = round(1000 * silence.frame_count / facts.sample_rate_hz)
    longest_ms = _longest_pause_ms(episode.segments, episode.enclosure.duration_ms)
    problems = []
    if abs(facts.duration_ms - episode.enclosure.duration_ms) > _LENGTH_MS:
        problems.append(
            f"it is {facts.duration_ms / 1000:.2f} s long, the manifest says"
            f" {episode.enclosure.duration_ms / 1000:.2f} s"
        )
    if abs(loudness.integrated_lufs - spec.loudness_lufs) > _LOUDNESS_LU:
        problems.append(
            f"{loudness.integrated_lufs:.1f} LUFS, asked for are {spec.loudness_lufs:.1f}"
        )
    if loudness.true_peak_dbtp > spec.true_peak_dbtp + _PEAK_DB:
        problems.append(
            f"a true peak of {loudness.true_peak_dbtp:.1f} dBTP, allowed are"
            f" {spec.true_peak_dbtp:.1f}"
        )
    if silent_ms > longest_ms + _SILENCE_MS:
        problems.append(
            f"{silent_ms / 1000:.1f} s of silence, the longest pause has {longest_ms / 1000:.1f} s"
        )
    return loudness, facts.duration_ms, problems


def _longest_pause_ms(segments: Sequence[TimedSegment], duration_ms: int) -> int:
    """Return the longest time between two segments, or before the first or after the last."""
    edges = [0, *(ms for s in segments for ms in (s.start_ms, s.end_ms)), duration_ms]
    return max(b - a for a, b in list(pairwise(edges))[::2])


def _judged(segments: Sequence[TimedSegment], presences: Sequence[Presence]) -> Iterator[str]:
    """Name the segments that are not where and as they should be."""
    from audiobrief.assemble.proof import MOVED_MS  # noqa: PLC0415 - numpy, soxr

    moved = 0.0
    for number, (segment, presence) in enumerate(zip(segments, presences, strict=True), 1):
        name = f"segment {number} at {segment.start_ms / 1000:.2f} s"
        text = f'"{shortened(segment.text)}"'
        if not presence.is_present:
            yield f"{name} is missing (it matches to {presence.score:.2f}): {text}"
            continue
        if abs(presence.level_db) > _LEVEL_DB:
            yield f"{name} is {presence.level_db:+.1f} dB off its level: {text}"
        # Whatever moved one segment moves all that follow: told once.
        if abs(presence.moved_ms - moved) > MOVED_MS:
            moved = presence.moved_ms
            off = f"{moved / 1000:+.2f} s off its place"
            yield f"{name} begins {off}, and what follows with it: {text}"
