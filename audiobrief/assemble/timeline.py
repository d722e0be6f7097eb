"""Lay the parts of an episode one after another (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.assemble.passage import GRID_FRAMES, LEAST_SILENCE_FRAMES
from audiobrief.model.audio import Cue
from audiobrief.model.episode import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.model.script import Segment

#: Silence before the first sound and at least after the last one: some players swallow the first
#: and the last half second (feed rule A6).
EDGE_MS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """What lies between two silences."""

    #: What is spoken in it, in order; none: music alone.
    segments: Sequence[Segment]
    #: Where each is heard, in frames from its beginning, half-open.
    spoken: Sequence[tuple[int, int]]
    frame_count: int
    #: Silence after it.
    pause_after_ms: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item lies in the episode."""

    start_frame: int
    end_frame: int
    #: One for each of its segments.
    cues: tuple[Cue, ...]
    #: The chapter that begins with it.
    chapter: Chapter | None


def place(items: Iterable[Item], sample_rate_hz: int) -> Iterator[Place]:
    """Yield the place of each item as soon as it is known.

    Every part is encoded by itself and begins with an MP3 frame, every 26 ms: a pause errs by 13 ms
    at most, and no error is carried on. An item that begins a chapter starts on a whole second, or
    as shortly after it as an MP3 frame can: the pause before it grows (feed rule C4). The first
    item starts after `EDGE_MS`; the mark of the first chapter is at 0, since whatever is heard
    before belongs to it (feed rules C1 and C2).

    Args:
        items: In order; their first segments tell of chapters.
        sample_rate_hz: Frames a second.
    """
    position = frames_of(EDGE_MS, sample_rate_hz)
    least = -(-position // GRID_FRAMES)
    has_chapter = is_later = False
    for item in items:
        start = max(least, round(position / GRID_FRAMES))
        title = item.segments[0].chapter if item.segments else None
        chapter = None
        if title is not None:
            second = 0
            if is_later:
                second = -(-max(position, least * GRID_FRAMES) // sample_rate_hz)
                start = -(-second * sample_rate_hz // GRID_FRAMES)
            chapter = Chapter(title, 1000 * second if has_chapter else 0)
            has_chapter = True
        first_frame = start * GRID_FRAMES
        end_frame = first_frame + item.frame_count
        cues = tuple(
            Cue(segment.id, first_frame + begin, first_frame + end)
            for segment, (begin, end) in zip(item.segments, item.spoken, strict=True)
        )
        yield Place(first_frame, end_frame, cues, chapter)
        position = end_frame + frames_of(item.pause_after_ms, sample_rate_hz)
        least = -(-(end_frame + LEAST_SILENCE_FRAMES) // GRID_FRAMES)
        is_later = True


def length_of(last: Place, pause_after_ms: int, sample_rate_hz: int) -> int:
    """Return the length of an episode in PCM frames, whole MP3 frames, by its last item."""
    pause = frames_of(max(pause_after_ms, EDGE_MS), sample_rate_hz)
    return -(-(last.end_frame + pause) // GRID_FRAMES) * GRID_FRAMES


def frames_of(ms: int, sample_rate_hz: int) -> int:
    """Return a length in frames, rounded to the nearest.

    >>> frames_of(250, 44100)
    11025
    """
    return round(ms * sample_rate_hz / 1000)
