"""``history.json`` of an episode: what was changed in its script, by whom; for versions and undo.

It is written before the script is: a change that a kill has kept from the script is told by the
digest of the file, and forgotten by the next one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from audiobrief.errors import StoreError
from audiobrief.model.change import Change, Hunk
from audiobrief.store.files import mapping_os_errors, write_beside_builds

if TYPE_CHECKING:
    from pathlib import Path

HISTORY_NAME = "history.json"
#: Older ones are forgotten.
_MOST = 1000

History = tuple[Change, ...]


def read_history(path: Path) -> History:
    """Return all changes, the oldest first; none where there is no file.

    Raises:
        StoreError: It cannot be read, or is damaged.
    """
    try:
        with mapping_os_errors("read", path):
            content = path.read_bytes()
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return ()
        raise
    try:
        return tuple(map(_change, json.loads(content)["changes"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise StoreError(
            f"the history of changes is damaged: {error}",
            str(path),
            remedy="move the file away: the script stays as it is, only undo is lost",
        ) from error


def append(path: Path, history: History, change: Change) -> History:
    """Write a change behind the others, durably; return all of them.

    To be called by the holder of the script's lock.

    Raises:
        StoreError: It cannot be written.
    """
    changes = (*history, change)[-_MOST:]
    rows = ",\n ".join(json.dumps(_row(one), ensure_ascii=False) for one in changes)
    write_beside_builds(path, f'{{"changes": [\n {rows}\n]}}\n'.encode())
    return changes


def effective(history: History, digest: str) -> History:
    """Return the changes that have come to the script.

    Args:
        history: As it was written.
        digest: SHA-256 of the script file as it is.
    """
    if history and history[-1].file_before == digest != history[-1].file_after:
        return history[:-1]
    return history


def next_number(history: History) -> int:
    """Return the number of the next change."""
    return history[-1].number + 1 if history else 1


# -- versions -------------------------------------------------------------------------------------


def key_of_id(segment_id: str) -> str:
    """Return a segment's id without the number of its repeat."""
    return segment_id.partition("-")[0]


def literal_keys(history: History) -> frozenset[str]:
    """Return the keys of the lines that were written as they are meant, Markdown or not."""
    return frozenset(key_of_id(one) for change in history for one in change.segments_after)


def standing_changes(history: History) -> History:
    """Return the changes that nobody has taken back."""
    gone = {change.undoes for change in history if change.undoes is not None}
    return tuple(c for c in history if c.undoes is None and c.number not in gone)


def last_change(history: History, segment_id: str) -> Change | None:
    """Return the change to be taken back next of a segment; of one that was left out, that."""
    standing = standing_changes(history)
    key = key_of_id(segment_id)
    for exact in (True, False):
        for change in reversed(standing):
            names = change.segments_after or change.segments_before
            if segment_id in names if exact else key in map(key_of_id, names):
                return change
    return None


def can_undo(history: History, segment_id: str) -> bool:
    """Tell whether a segment that is spoken has come about by a change."""
    change = last_change(history, segment_id)
    return change is not None and bool(change.segments_after)


def versions_of(history: History, segment_id: str) -> int:
    """Return which version of a segment it is: 1 where nobody has changed it."""
    wanted, count = {key_of_id(segment_id)}, 1
    for change in reversed(standing_changes(history)):
        if not wanted.isdisjoint(map(key_of_id, change.segments_after)):
            count += 1
            wanted = set(map(key_of_id, change.segments_before))
    return count


def became(history: History, segment_id: str) -> tuple[str, ...] | None:
    """Return what a segment has become; ``None``: nobody has changed it since it was so."""
    now: tuple[str, ...] | None = None
    for change in history:
        is_first = segment_id in change.segments_before and segment_id not in change.segments_after
        if is_first or (now and set(now) & set(change.segments_before)):
            now = change.segments_after
        if now is not None and segment_id in now:
            now = None
    return now


# -- rows -----------------------------------------------------------------------------------------


def _row(change: Change) -> dict[str, Any]:
    return {**asdict(change), "at": change.at.astimezone(UTC).isoformat(timespec="seconds")}


def _change(row: dict[str, Any]) -> Change:
    at = datetime.fromisoformat(_text(row["at"]))
    if at.tzinfo is None:
        message = "a time has no zone"
        raise ValueError(message)
    undoes = row.get("undoes")
    return Change(
        number=int(row["number"]),
        at=at.astimezone(UTC),
        by=_text(row["by"]),
        what=_text(row["what"]),
        segments_before=_texts(row["segments_before"]),
        segments_after=_texts(row["segments_after"]),
        lines_before=_texts(row["lines_before"]),
        lines_after=_texts(row["lines_after"]),
        hunks=tuple(map(_hunk, row.get("hunks", ()))),
        file_before=_text(row.get("file_before", "")),
        file_after=_text(row.get("file_after", "")),
        undoes=None if undoes is None else int(undoes),
    )


def _hunk(row: dict[str, Any]) -> Hunk:
    return Hunk(
        int(row["at"]),
        _texts(row["before"]),
        _texts(row["after"]),
        _text(row.get("above", "")),
        _text(row.get("below", "")),
        _pair(row.get("is_apart", (False, False))),
    )


def _pair(value: Sequence[object]) -> tuple[bool, bool]:
    above, below = value
    return bool(above), bool(below)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        message = f"{value!r} is no list"
        raise TypeError(message)
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        message = f"{value!r} is no text"
        raise TypeError(message)
    return value
