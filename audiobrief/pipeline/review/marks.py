"""Mark what was heard, what needs a fix and what is approved; from any process, at any time."""

from __future__ import annotations

import re
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from audiobrief.errors import ConflictError, LockedError, SourceError
from audiobrief.model.episode import State
from audiobrief.model.review import (
    Approval,
    Mark,
    Played,
    Progress,
    Review,
    Verdict,
    merged,
)
from audiobrief.pipeline.review.gate import progress, review_of, state_by
from audiobrief.pipeline.review.verdicts import (
    bounded,
    concluded,
    is_approvable,
    marked,
    without_approval,
    without_withdrawal,
)
from audiobrief.store.files import atomic_write
from audiobrief.store.lock import locked
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest, render_manifest
from audiobrief.store.review import REVIEW_NAME, change_review

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.workspace.load import Workspace

_CLIP: Final = re.compile(r"[0-9a-f]{64}")
#: No clip is longer; what a client says of a clip that is not in the episode yet ends here.
_LONGEST_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of approving an episode."""

    #: How many segments were approved now.
    segments: int
    progress: Progress
    #: How far the episode has come.
    state: State


def progress_of(show: Workspace, episode: Episode) -> Progress:
    """Return how far an episode has come, and why it cannot be published.

    Raises:
        StoreError: Its review is damaged.
    """
    return progress(episode, review_of(show, episode))


def verdict_of(review: Review, segment: TimedSegment) -> Verdict:
    """Return how far a segment has come (pure)."""
    return review.verdict(segment)


def mark(  # noqa: PLR0913 - one call says who has said what of which segments, and when
    show: Workspace,
    episode: Episode,
    marks: Sequence[tuple[str, str]],
    verdict: Verdict,
    *,
    by: str,
    now: datetime,
    note: str = "",
    coming: Collection[tuple[str, str]] = (),
) -> Review:
    """Say what becomes of segments; saying it twice is as good as once.

    Args:
        show: Of the episode.
        episode: As it was read once: it is held against its manifest as that is now.
        marks: Segment ids, each with the key of the clip that was heard.
        verdict: ``HEARD`` takes back what was said: it is heard if it was played. ``NOT_HEARD``
            forgets what was played, too.
        by: Who says so.
        now: Aware.
        note: What needs to be mended.
        coming: Segments and clips that a build under way puts in.

    Raises:
        ConflictError: A segment is gone, or sounds otherwise by now; nothing is marked.
        StoreError: Manifest or review cannot be read or written.
        LockedError: The review could not be had for ten seconds.
    """
    current = _current(show, episode)
    known = {segment.id: segment for segment in current.segments}

    def change(review: Review) -> Review:
        for segment_id, clip in marks:
            if (segment_id, clip) not in coming:
                _require_same(show, current, known.get(segment_id), clip, verdict)
        return marked(review, marks, verdict, Mark("", verdict, by, now, note))

    return _changed(show, current, change, Approval(by, now))


def played(
    show: Workspace,
    episode: Episode,
    clip: str,
    ranges_ms: Sequence[tuple[int, int]],
    *,
    by: str,
    now: datetime,
) -> Review:
    """Keep what was really played of a clip; 90 % of it make its segments heard.

    It may be of a clip that a build is about to put in. What is beyond the clip's end is cut off.

    Args:
        show: Of the episode.
        episode: As it was read once.
        clip: Its key.
        ranges_ms: Half-open stretches from the clip's beginning.
        by: Who has heard it.
        now: Aware.

    Raises:
        SourceError: This is no key of a clip.
        StoreError: Manifest or review cannot be read or written.
        LockedError: The review could not be had for ten seconds.
    """
    if not _CLIP.fullmatch(clip):
        remedy = "build the episode again: earlier versions did not note the clips"
        raise SourceError("this is no key of a clip", clip[:80], remedy=remedy)
    current = _current(show, episode)
    lengths = (s.end_ms - s.start_ms for s in current.segments if s.clip == clip)
    longest_ms = max(lengths, default=_LONGEST_MS)

    def change(review: Review) -> Review:
        before = review.played.get(clip)
        old = before.ranges_ms if before else ()
        new = merged((*old, *((max(0, a), min(b, longest_ms)) for a, b in ranges_ms)))
        if new == old:
            return review
        found = replace(before, ranges_ms=new, by=by, at=now) if before else Played(new, by, now)
        return replace(review, played={**review.played, clip: found})

    return _changed(show, current, change, None)


def approve(
    show: Workspace,
    episode: Episode,
    *,
    by: str,
    now: datetime,
    only_heard: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> Approved:
    """Approve all segments of an episode, or those that were heard; and with all, the episode.

    Segments that need a fix are left as they are.

    Args:
        show: Of the episode.
        episode: As it was read once.
        by: Who approves.
        now: Aware.
        only_heard: Leave what was not played.
        force: Also those that need a fix.
        dry_run: Change nothing; return what would come of it.

    Raises:
        StoreError: Manifest or review cannot be read or written.
        LockedError: The review could not be had for ten seconds.
    """
    current = _current(show, episode)
    count = 0

    def change(review: Review) -> Review:
        nonlocal count
        wanted = [s for s in current.segments if is_approvable(review, s, only_heard, force)]
        count = len(wanted)
        pairs = [(segment.id, segment.clip) for segment in wanted]
        return marked(review, pairs, Verdict.APPROVED, Mark("", Verdict.APPROVED, by, now))

    approval = Approval(by, now)
    if dry_run:
        before = review_of(show, current)
        review = concluded(before, change(before), current, approval)
    else:
        review = _changed(show, current, change, approval)
    return _approved(current, review, count)


def withdraw(show: Workspace, episode: Episode, *, dry_run: bool = False) -> Approved:
    """Take the approval of an episode back, and of all of its segments: it is a draft again.

    One that is published leaves the feed with the next build, if approval is required.

    Args:
        show: Of the episode.
        episode: As it was read once.
        dry_run: Change nothing; return what would come of it.

    Raises:
        LockedError: A build holds the workspace.
        StoreError: Manifest or review cannot be read or written.
    """
    with nullcontext() if dry_run else locked(show.cache / "lock"):
        current = _current(show, episode)
        folder = show.episodes / current.directory
        before = review_of(show, current)
        if dry_run:
            review = without_approval(before, current)
        else:
            before, review = change_review(
                folder / REVIEW_NAME, show.cache, lambda now: without_approval(now, current)
            )
        is_required = show.settings.publish.require_approval
        if current.state is State.APPROVED or (current.state is State.PUBLISHED and is_required):
            current = replace(current, state=State.DRAFT)
            if not dry_run:
                atomic_write(folder / MANIFEST_NAME, render_manifest(current))
    return _approved(current, review, len(before.marks) - len(review.marks))


def _current(show: Workspace, episode: Episode) -> Episode:
    return read_manifest(show.episodes / episode.directory / MANIFEST_NAME)


def _approved(episode: Episode, review: Review, count: int) -> Approved:
    sound = episode.enclosure.sha256
    state = state_by(review, episode.segments, sound, episode.state)
    return Approved(count, progress(episode, review), state)


def _require_same(
    show: Workspace, episode: Episode, segment: TimedSegment | None, clip: str, verdict: Verdict
) -> None:
    if segment is not None and segment.clip == clip:
        return
    raise ConflictError(
        "the segment sounds otherwise by now" if segment else "the segment is gone",
        show.directory_of(episode),
        mine=verdict,
        theirs=segment.text if segment else "",
        remedy="hear it as it is now, and say it again",
    )


def _changed(
    show: Workspace,
    episode: Episode,
    change: Callable[[Review], Review],
    approval: Approval | None,
) -> Review:
    """Change a review; with its last segment the episode is approved, and with one less it is not.

    Args:
        show: Of the episode.
        episode: As its manifest is now.
        change: Of the marks.
        approval: By whom and when; ``None``: nothing is said of any segment.
    """

    def whole_change(review: Review) -> Review:
        after = change(review)
        if approval is not None:
            after = concluded(review, after, episode, approval)
        return after if after == review else bounded(after, episode)

    path = show.episodes / episode.directory / REVIEW_NAME
    _, review = change_review(path, show.cache, whole_change)
    settle(show, episode, review)
    return review


def settle(show: Workspace, episode: Episode, review: Review | None = None) -> None:
    """Have the manifest say what the review says, unless a build holds the workspace.

    The build then asks the review itself; until it has, the review is what counts.

    Args:
        show: Of the episode.
        episode: As it was read once.
        review: Of the episode, if it is at hand: saves reading it where nothing is to be done.

    Raises:
        StoreError: Manifest or review cannot be read or written.
    """
    if review is not None and not _is_behind(episode, review):
        return
    folder = show.episodes / episode.directory
    with suppress(LockedError), locked(show.cache / "lock"):
        current = read_manifest(folder / MANIFEST_NAME)
        review = review_of(show, current)
        sound = current.enclosure.sha256
        state = state_by(review, current.segments, sound, current.state)
        if state is not current.state:
            atomic_write(folder / MANIFEST_NAME, render_manifest(replace(current, state=state)))
        change_review(folder / REVIEW_NAME, show.cache, lambda now: without_withdrawal(now, sound))


def _is_behind(episode: Episode, review: Review) -> bool:
    sound = episode.enclosure.sha256
    told = review.approvals.get(sound)
    is_withdrawn = told is not None and told.is_withdrawn
    return is_withdrawn or state_by(review, episode.segments, sound, episode.state) != episode.state
