"""How far a review has come, for people and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.model.review import Verdict
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from audiobrief.model.review import Progress


def in_words(progress: Progress) -> str:
    """Return a line: how many segments have come how far.

    >>> from audiobrief.model.review import Progress
    >>> in_words(Progress({Verdict.APPROVED: 17, Verdict.HEARD: 4, Verdict.NEEDS_FIX: 2}))
    '17 of 23 approved, 4 heard, 2 need a fix'
    """
    parts = [f"{progress.counts.get(Verdict.APPROVED, 0)} of {progress.total} approved"]
    if heard := progress.counts.get(Verdict.HEARD, 0):
        parts.append(f"{heard} heard")
    if broken := progress.counts.get(Verdict.NEEDS_FIX, 0):
        parts.append(f"{broken} need{'' if broken > 1 else 's'} a fix")
    only_sound = progress.reasons if progress.counts.get(Verdict.APPROVED) == progress.total else ()
    return ", ".join([*parts, *only_sound])


def progress_row(progress: Progress) -> dict[str, Any]:
    """Return what scripts get: counts by verdict, reasons, and who has approved it when."""
    approval = progress.approval
    counts = {str(verdict): progress.counts.get(verdict, 0) for verdict in Verdict}
    return {
        "segments": counts | {"total": progress.total},
        "reasons": list(progress.reasons),
        "approved_by": approval.by if approval else None,
        "approved_at": rfc3339(approval.at) if approval else None,
    }
