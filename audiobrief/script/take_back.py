"""Take a change of a script file back, wherever its rows stand by now; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.script.sheet import (
    LINE_END,
    Revision,
    Sheet,
    apart,
    bare,
    conflict,
    filled_above,
    filled_below,
    read_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.change import Change, Hunk


def undo(sheet: Sheet, hunks: Sequence[Hunk], *, mine: str = "") -> Sheet:
    """Take a change back: put the rows of before where those of after stand.

    Args:
        sheet: The file as it is now.
        hunks: Of the change, in the order of the file.
        mine: The words that come back, for errors.

    Raises:
        ConflictError: The rows are not there any more.
    """
    rows = list(sheet.rows)
    for hunk in reversed(hunks):
        place = _place_of(rows, hunk)
        if place is None:
            raise conflict(sheet.where, mine, _between(rows, hunk))
        start, end, new = place
        ending = LINE_END if any(row.endswith(LINE_END) for row in rows) else ""
        rows[start:end] = [f"{row}{ending}" for row in new]
    return read_sheet("\n".join(rows), where=sheet.where)


def difference(old: Sheet, new: Sheet, change: Change) -> Revision:
    """Return what has become of a file by which a change was taken back."""
    before = [old.spot(name) for name in change.segments_after]
    ids = {spot.id for spot in old.spots}
    fresh = [spot for spot in new.spots if spot.id not in ids]
    after = fresh or [s for n in change.segments_before if (s := new.spot(n)) is not None]
    return Revision(
        text=new.text,
        before=change.segments_after,
        after=tuple(spot.id for spot in after),
        lines_before=tuple(spot.line.text for spot in before if spot is not None),
        lines_after=tuple(spot.line.text for spot in after),
        hunks=(),
    )


def _place_of(rows: Sequence[str], hunk: Hunk) -> tuple[int, int, tuple[str, ...]] | None:
    """Return which rows are to be replaced by which."""
    for before, after in ((hunk.before, hunk.after), (_trimmed(hunk.before), _trimmed(hunk.after))):
        size = len(after)
        starts = [
            n
            for n in range(len(rows) - size + 1)
            if all(bare(rows[n + i]) == after[i] for i in range(size))
        ]
        scored = [(*_fits(rows, n, n + size, hunk), -abs(n - hunk.at), n) for n in starts]
        if not after:
            # Where nothing stands the neighbors alone tell the place.
            scored = [one for one in scored if one[0]]
        if scored:
            start = max(scored)[-1]
            return start, start + size, before
    return None


def _trimmed(rows: tuple[str, ...]) -> tuple[str, ...]:
    filled = [n for n, row in enumerate(rows) if row.strip()]
    return rows[filled[0] : filled[-1] + 1] if filled else ()


def _fits(rows: Sequence[str], start: int, end: int, hunk: Hunk) -> tuple[int, int]:
    """Return how many of the neighbors are those of then, and how many are as far away."""
    above, below = apart(rows, start, end)
    return (
        (filled_above(rows, start) == hunk.above) + (filled_below(rows, end) == hunk.below),
        (above == hunk.is_apart[0]) + (below == hunk.is_apart[1]),
    )


def _between(rows: Sequence[str], hunk: Hunk) -> str:
    """Return the words that stand between the neighbors of then, if both are there."""
    now = [bare(row) for row in rows]
    if hunk.above not in now or hunk.below not in now:
        return ""
    inside = now[now.index(hunk.above) + 1 : now.index(hunk.below)]
    return " ".join(row.partition("] ")[2] or row for row in inside if row.strip())
