"""May an episode be published? By what was said of its segments, and of it (pure but for reading).

What counts is the review: the manifest's state follows it as soon as no build holds the workspace.
Only a state that a person has written into a manifest by hand has nothing in the review.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiobrief.errors import ApprovalMissingError
from audiobrief.model.episode import State
from audiobrief.model.review import Approval, Progress, Review, Verdict
from audiobrief.store.review import REVIEW_NAME, read_review

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.workspace.load import Workspace


def review_of(show: Workspace, episode: Episode) -> Review:
    """Read what is kept of an episode's review.

    Raises:
        StoreError: It is damaged.
    """
    return read_review(show.episodes / episode.directory / REVIEW_NAME)


def progress(episode: Episode, review: Review) -> Progress:
    """Return how far an episode has come, and why it cannot be published (pure)."""
    counts = _counts(review, episode.segments)
    approval = approval_of(review, episode.segments, episode.enclosure.sha256)
    state = state_by(review, episode.segments, episode.enclosure.sha256, episode.state)
    is_approved = state is not State.DRAFT
    return Progress(
        counts={verdict: counts[verdict] for verdict in Verdict},
        reasons=() if is_approved else tuple(_reasons(counts)),
        approval=approval if is_approved else None,
        is_approved=is_approved,
    )


def unheard(segment_count: int) -> Progress:
    """Return how far a published episode has come of which nothing was ever said (pure)."""
    counts = Counter({Verdict.NOT_HEARD: segment_count})
    return Progress({verdict: counts[verdict] for verdict in Verdict}, (), None, is_approved=True)


def state_by(review: Review, segments: Sequence[TimedSegment], sound: str, written: State) -> State:
    """Return how far an episode has come by its review (pure).

    Args:
        review: Of the episode.
        segments: As they sound.
        sound: SHA-256 of the sound file.
        written: What the manifest says.
    """
    if written is State.PUBLISHED:
        return written  # it is out already: only a change of its sound takes it back
    if _counts(review, segments)[Verdict.NEEDS_FIX]:
        return State.DRAFT
    told = review.approvals.get(sound)
    if told is not None and told.is_withdrawn:
        return State.DRAFT
    if written is State.APPROVED or approval_of(review, segments, sound) is not None:
        return State.APPROVED
    return State.DRAFT


def approval_of(review: Review, segments: Sequence[TimedSegment], sound: str) -> Approval | None:
    """Return who has approved a sound, and when; ``None``: nobody (pure).

    The last segment may have been approved before the sound that holds it was made: this is the
    approval of that sound. Where all segments were approved as parts of an earlier one, something
    else has changed, such as the music, which nobody has heard.
    """
    told = review.approvals.get(sound)
    if told is not None:
        return None if told.is_withdrawn else told
    if not review.marks:
        return None
    marks = [review.mark_of(segment) for segment in segments]
    approved = [mark for mark in marks if mark is not None and mark.verdict is Verdict.APPROVED]
    if not approved or len(approved) < len(marks):
        return None
    last = max(approved, key=lambda mark: mark.at)
    if any(last.at <= other.at for other in review.approvals.values()):
        return None
    return Approval(last.by, last.at)


def require_approval(show: Workspace, episodes: Iterable[Episode]) -> None:
    """Refuse what is not approved.

    Raises:
        ApprovalMissingError: An episode waits; each one, with all reasons.
        StoreError: A review is damaged.
    """
    if not show.settings.publish.require_approval:
        return
    errors = [
        _missing(show, episode, found.reasons)
        for episode in episodes
        if episode.state is not State.PUBLISHED
        if not (found := progress(episode, review_of(show, episode))).is_approved
    ]
    if errors:
        errors[0].others = tuple(errors[1:])
        raise errors[0]


def approved_ones(show: Workspace, episodes: Iterable[Episode]) -> list[Episode]:
    """Return the episodes that are approved and not published yet.

    Raises:
        StoreError: A review is damaged.
    """
    return [
        episode
        for episode in episodes
        if episode.state is not State.PUBLISHED
        if progress(episode, review_of(show, episode)).is_approved
    ]


def _counts(review: Review, segments: Sequence[TimedSegment]) -> Counter[Verdict]:
    """Return how many segments have each verdict; at once where nothing was said of any."""
    if not review.marks and not review.played:
        return Counter({Verdict.NOT_HEARD: len(segments)})
    return Counter(map(review.verdict, segments))


def _missing(show: Workspace, episode: Episode, reasons: Sequence[str]) -> ApprovalMissingError:
    name = show.directory_of(episode).removeprefix("episodes/")
    error = ApprovalMissingError(
        f'"{episode.title}" is not approved: {", ".join(reasons)}',
        show.directory_of(episode),
        remedy=f'hear it with "audiobrief review {name}", then run "audiobrief approve {name}"',
    )
    error.reasons = tuple(reasons)
    return error


def _reasons(counts: Counter[Verdict]) -> Iterator[str]:
    waiting = counts[Verdict.NOT_HEARD] + counts[Verdict.HEARD]
    broken = counts[Verdict.NEEDS_FIX]
    if waiting:
        yield (
            f"{waiting} segments still need approval"
            if waiting > 1
            else "1 segment still needs approval"
        )
    if broken:
        yield f"{broken} segments need a fix" if broken > 1 else "1 segment needs a fix"
    if not waiting and not broken:
        yield "its sound has changed since it was approved"
