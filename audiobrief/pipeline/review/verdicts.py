"""What a change of verdicts makes of a review, and of the episode (pure)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from audiobrief.model.episode import State
from audiobrief.model.review import Approval, Mark, Played, Review, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from audiobrief.model.episode import Episode, TimedSegment

#: Of clips that were replaced, marks and what was played are kept for undo: so many at least.
_KEPT: Final = 1000
#: And so many for each segment that there is.
_KEPT_EACH: Final = 4
_KEPT_APPROVALS: Final = 50

_Key = TypeVar("_Key", str, tuple[str, str])
_Row = TypeVar("_Row", Mark, Played, Approval)


def marked(
    review: Review, pairs: Sequence[tuple[str, str]], verdict: Verdict, model: Mark
) -> Review:
    """Return the review with a verdict on segments (pure)."""
    marks, heard = dict(review.marks), dict(review.played)
    for segment_id, clip in pairs:
        before = marks.get((segment_id, clip))
        if verdict in {Verdict.HEARD, Verdict.NOT_HEARD}:
            marks.pop((segment_id, clip), None)
            if verdict is Verdict.NOT_HEARD:
                heard.pop(clip, None)
        elif before is None or (before.verdict, before.note) != (verdict, model.note):
            more = before.more if before else {}
            marks[segment_id, clip] = replace(model, clip=clip, more=more)
    return replace(review, marks=marks, played=heard)


def concluded(before: Review, after: Review, episode: Episode, approval: Approval) -> Review:
    """Return the review with what its marks say of the whole episode (pure)."""
    sound, segments = episode.enclosure.sha256, episode.segments
    told = after.approvals.get(sound)
    approvals = dict(after.approvals)
    were, are = (Counter(map(review.verdict, segments)) for review in (before, after))
    if are[Verdict.APPROVED] == len(segments):
        if told is not None and not told.is_withdrawn:
            return after
        approvals[sound] = approval
    elif are[Verdict.NEEDS_FIX] or are[Verdict.APPROVED] < were[Verdict.APPROVED]:
        approvals.pop(sound, None)
        if episode.state is State.APPROVED:
            approvals[sound] = replace(approval, is_withdrawn=True)
    return replace(after, approvals=approvals)


def bounded(review: Review, episode: Episode) -> Review:
    """Return the review without the oldest of what is about clips that were replaced (pure)."""
    now = {(segment.id, segment.clip) for segment in episode.segments}
    clips = {clip for _id, clip in now}
    most = max(_KEPT, _KEPT_EACH * len(now))
    return replace(
        review,
        marks=_newest(review.marks, now, most),
        played=_newest(review.played, clips, most),
        approvals=_newest(review.approvals, {episode.enclosure.sha256}, _KEPT_APPROVALS),
    )


def _newest(rows: Mapping[_Key, _Row], now: Collection[_Key], most: int) -> Mapping[_Key, _Row]:
    others = [key for key in rows if key not in now]
    if len(others) <= most:
        return rows
    gone = set(sorted(others, key=lambda key: rows[key].at)[: len(others) - most])
    return {key: row for key, row in rows.items() if key not in gone}


def is_approvable(review: Review, segment: TimedSegment, only_heard: bool, force: bool) -> bool:
    """Tell whether a segment is to be approved with the others (pure)."""
    verdict = review.verdict(segment)
    if verdict is Verdict.NEEDS_FIX:
        return force
    return verdict is Verdict.HEARD or (verdict is Verdict.NOT_HEARD and not only_heard)


def without_approval(review: Review, episode: Episode) -> Review:
    """Return the review without any approval of what an episode is now (pure)."""
    gone = {(s.id, s.clip) for s in episode.segments if review.verdict(s) is Verdict.APPROVED}
    sound = episode.enclosure.sha256
    return replace(
        review,
        marks={key: mark for key, mark in review.marks.items() if key not in gone},
        approvals={key: told for key, told in review.approvals.items() if key != sound},
    )


def without_withdrawal(review: Review, sound: str) -> Review:
    """Return the review without a withdrawal that the manifest knows of (pure)."""
    told = review.approvals.get(sound)
    if told is None or not told.is_withdrawn:
        return review
    return replace(review, approvals={k: v for k, v in review.approvals.items() if k != sound})
