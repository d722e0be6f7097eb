"""Lay the clips of an episode one after another (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.assemble.passage import GRID_FRAMES, LEAST_SILENCE_FRAMES
from audiobrief.errors import AudioError
from audiobrief.model.audio import Cue, Timeline
from audiobrief.model.episode import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.model.script import Segment

#: Silence before the first word and at least after the last one: some players swallow the first
#: and the last half second (feed rule A6).
EDGE_MS = 500


def lay_out(
    segments: Sequence[Segment], frame_counts: Sequence[int], sample_rate_hz: int
) -> Timeline:
    """Place the clips of the segments with their pauses.

    Every clip is encoded by itself and begins with an MP3 frame, every 26 ms: a pause errs by 13 ms
    at most, and no error is carried on. A segment that begins a chapter starts on a whole second,
    or as shortly after it as an MP3 frame can: the pause before it grows (feed rule C4). The first
    one starts after `EDGE_MS`, whether it begins a chapter or not; `chapters_of` puts that
    chapter's mark at 0.

    Args:
        segments: In the order of the script, at least one.
        frame_counts: Length of the clip of each, at the sample rate of the episode.
        sample_rate_hz: Frames a second.

    Returns:
        Cues without overlaps; the pause after the last segment is kept, and grows until the
        whole fills its last MP3 frame.

    Raises:
        AudioError: There is no segment.
    """
    cues = tuple(place(segments, frame_counts, sample_rate_hz))
    return Timeline(cues, length_of(segments, cues, sample_rate_hz), sample_rate_hz)


def length_of(segments: Sequence[Segment], cues: Sequence[Cue], sample_rate_hz: int) -> int:
    """Return the length of an episode in PCM frames: whole MP3 frames.

    Raises:
        AudioError: There is no segment.
    """
    if not segments:
        raise AudioError("nothing to assemble", "no segments", remedy="give it a script with words")
    last_pause = frames_of(max(segments[-1].pause_after_ms, EDGE_MS), sample_rate_hz)
    return -(-(cues[-1].end_frame + last_pause) // GRID_FRAMES) * GRID_FRAMES


def place(
    segments: Iterable[Segment], frame_counts: Iterable[int], sample_rate_hz: int
) -> Iterator[Cue]:
    """Yield the cue of each segment as soon as the length of its clip is known (see `lay_out`)."""
    position = frames_of(EDGE_MS, sample_rate_hz)
    least = -(-position // GRID_FRAMES)
    for index, (segment, count) in enumerate(zip(segments, frame_counts, strict=True)):
        start = max(least, round(position / GRID_FRAMES))
        if segment.chapter is not None and index:
            second = -(-max(position, least * GRID_FRAMES) // sample_rate_hz)
            start = -(-second * sample_rate_hz // GRID_FRAMES)
        first_frame = start * GRID_FRAMES
        yield Cue(segment.id, first_frame, first_frame + count)
        position = first_frame + count + frames_of(segment.pause_after_ms, sample_rate_hz)
        least = -(-(first_frame + count + LEAST_SILENCE_FRAMES) // GRID_FRAMES)


def frames_of(ms: int, sample_rate_hz: int) -> int:
    """Return a length in frames, rounded to the nearest.

    >>> frames_of(250, 44100)
    11025
    """
    return round(ms * sample_rate_hz / 1000)


def chapters_of(segments: Sequence[Segment], timeline: Timeline) -> tuple[Chapter, ...]:
    """Return the chapters at their places: whole seconds, the first one at 0.

    Whatever is said before the first chapter belongs to it (feed rules C1, C2 and C4).

    Args:
        segments: As given to `lay_out`.
        timeline: What it returned.
    """
    marks = [
        (segment.chapter, 1000 * (cue.start_frame // timeline.sample_rate_hz))
        for segment, cue in zip(segments, timeline.cues, strict=True)
        if segment.chapter is not None
    ]
    return tuple(
        Chapter(title, start_ms if index else 0) for index, (title, start_ms) in enumerate(marks)
    )
