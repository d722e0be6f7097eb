"""Who has heard and approved what. A mark is about a clip: what is spoken anew is unheard."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from audiobrief.model.episode import TimedSegment

#: So much of a clip must have been played to count as heard.
HEARD_SHARE = 0.9


class Verdict(StrEnum):
    """How far a segment has come."""

    NOT_HEARD = "not heard"
    HEARD = "heard"
    NEEDS_FIX = "needs fix"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says of a segment as it sounds."""

    #: Key of the clip that it is about.
    clip: str
    #: ``APPROVED`` or ``NEEDS_FIX``: heard is what was played, and needs no mark.
    verdict: Verdict
    by: str
    #: Aware.
    at: datetime
    #: What is to be mended.
    note: str = ""
    #: Fields of later versions, left alone.
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Played:
    """What was really played of a clip."""

    #: Half-open stretches in milliseconds from its beginning, in order, apart from each other.
    ranges_ms: tuple[tuple[int, int], ...]
    #: Who has played the last of it, and when (aware).
    by: str
    at: datetime
    more: Mapping[str, object] = field(default_factory=dict)

    def share(self, length_ms: int) -> float:
        """Return how much of a clip of this length was played: 0.0..1.0."""
        if length_ms <= 0:
            return 0.0
        played_ms = sum(
            max(0, min(end, length_ms) - min(start, length_ms)) for start, end in self.ranges_ms
        )
        return min(1.0, played_ms / length_ms)


@dataclass(frozen=True, slots=True)
class Approval:
    """That an episode may be published as it sounds, or that this was taken back."""

    by: str
    #: Aware.
    at: datetime
    #: It was taken back while a build held the workspace: the manifest does not know it yet.
    is_withdrawn: bool = False
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """What is kept of an episode's review: ``review.json``."""

    #: By segment id and clip key; those of clips that were replaced are kept for undo.
    marks: Mapping[tuple[str, str], Mark] = field(default_factory=dict)
    #: By clip key.
    played: Mapping[str, Played] = field(default_factory=dict)
    #: By SHA-256 of the sound file.
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)

    def mark_of(self, segment: TimedSegment) -> Mark | None:
        """Return what is said of a segment as it sounds now; ``None``: nothing."""
        return self.marks.get((segment.id, segment.clip))

    def heard(self, segment: TimedSegment) -> float:
        """Return how much of a segment as it sounds now was played: 0.0..1.0."""
        played = self.played.get(segment.clip) if segment.clip else None
        return played.share(segment.end_ms - segment.start_ms) if played else 0.0

    def verdict(self, segment: TimedSegment) -> Verdict:
        """Return how far a segment has come."""
        mark = self.mark_of(segment)
        if mark is not None:
            return mark.verdict
        return Verdict.HEARD if self.heard(segment) >= HEARD_SHARE else Verdict.NOT_HEARD

    def told_by(self, segment: TimedSegment) -> Mark | None:
        """Return who has said it, or heard it whole; ``None``: nobody."""
        mark = self.mark_of(segment)
        if mark is not None or self.verdict(segment) is Verdict.NOT_HEARD:
            return mark
        played = self.played[segment.clip]
        return Mark(segment.clip, Verdict.HEARD, played.by, played.at)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an episode's review has come."""

    #: How many segments have each verdict; all four are there.
    counts: Mapping[Verdict, int]
    #: Why the episode cannot be published, in words for the user; empty: it can.
    reasons: tuple[str, ...] = ()
    #: Who has approved the episode as it sounds, and when; ``None``: nobody, or by hand.
    approval: Approval | None = None
    #: It is approved or published as it sounds now.
    is_approved: bool = False

    @property
    def total(self) -> int:
        """How many segments there are."""
        return sum(self.counts.values())


def merged(ranges_ms: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return stretches in order and joined where they touch; empty ones are left out.

    >>> merged([(500, 900), (0, 300), (250, 500), (7, 7)])
    ((0, 900),)
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges_ms):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
