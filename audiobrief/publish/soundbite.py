"""What an app may play to show what an episode is about (podcast:soundbite, pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.model.script import Role
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from audiobrief.model.episode import Episode

#: The namespace recommends 15 to 120 s; a story's beginning is told in one.
MIN_MS = 15_000
MAX_MS = 60_000


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A stretch of an episode's sound."""

    start_ms: int
    duration_ms: int
    #: Empty: the episode's.
    title: str


def find_soundbite(episode: Episode) -> Soundbite | None:
    """Return the beginning of the first story: its first sentences that last long enough.

    It ends with a sentence, and before the next story; only a sentence that is longer alone is cut.

    Returns:
        15 to 60 s; ``None``: the story is shorter, or what makes it long enough is too long.
    """
    first = next((n for n, s in enumerate(episode.segments) if _is_told(s.role, s.source)), None)
    if first is None:
        return None
    start_ms = episode.segments[first].start_ms
    for segment in episode.segments[first:]:
        if segment.chapter and segment is not episode.segments[first]:
            return None
        duration_ms = min(segment.end_ms, episode.enclosure.duration_ms) - start_ms
        is_cut = segment is episode.segments[first] and duration_ms > MAX_MS
        if duration_ms >= MIN_MS:
            if duration_ms > MAX_MS and not is_cut:
                return None
            return Soundbite(start_ms, min(duration_ms, MAX_MS), _title(episode, start_ms))
    return None


def _is_told(role: Role, source: tuple[int, int]) -> bool:
    return role is not Role.HOST and source[0] < source[1]


def _title(episode: Episode, start_ms: int) -> str:
    """Return the headline of a programme's story; an article's is the episode's own."""
    if episode.programme is None:
        return ""
    titles = [chapter.title for chapter in episode.chapters if chapter.start_ms <= start_ms]
    return printable_line(titles[-1]) if titles else ""
