"""``review.json`` beside a manifest: who has heard and approved what; it outlives the cache."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import StoreError
from audiobrief.model.review import Approval, Mark, Played, Review, Verdict, merged
from audiobrief.store.files import mapping_os_errors, write_beside_builds
from audiobrief.store.lock import briefly_locked
from audiobrief.store.seal import SEAL, opened, sealed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REVIEW_NAME: Final = "review.json"
_LOCK_NAME: Final = "review.lock"
_VERSION: Final = 1
#: Only what a person says of a clip is a mark.
_MARKS: Final = (Verdict.NEEDS_FIX, Verdict.APPROVED)
_REMEDY: Final = "restore it from a backup, or remove it: all segments are then unheard"


def read_review(path: Path) -> Review:
    """Read one ``review.json``; without it, nothing was heard.

    Raises:
        StoreError: It cannot be read, or is damaged: then nothing counts as approved by it.
    """
    try:
        with mapping_os_errors("read the review", path):
            content = path.read_bytes()
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return Review()
        raise
    return parse_review(content, where=str(path))


def parse_review(content: bytes, *, where: str) -> Review:
    """Return what a review file says; fields that are not known are kept (pure).

    Raises:
        StoreError: It is damaged; the field is named.
    """
    try:
        # One flipped bit might approve what nobody has heard.
        return _review(json.loads(opened(content).content))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        cause = f"no field {error}" if isinstance(error, KeyError) else str(error)
        raise StoreError(
            f"the review is damaged: {cause}",
            where,
            remedy=_REMEDY,
        ) from error


def render_review(review: Review) -> bytes:
    """Return the file: the same review, the same bytes (pure)."""
    rows = {
        "marks": [
            {
                "segment": segment,
                "clip": mark.clip,
                "verdict": mark.verdict,
                "by": mark.by,
                "at": _written(mark.at),
                **({"note": mark.note} if mark.note else {}),
                **mark.more,
            }
            for (segment, _clip), mark in sorted(review.marks.items())
        ],
        "played": [
            {
                "clip": clip,
                "ranges_ms": played.ranges_ms,
                "by": played.by,
                "at": _written(played.at),
                **played.more,
            }
            for clip, played in sorted(review.played.items())
        ],
        "approvals": [
            {
                "sound": sound,
                "by": approval.by,
                "at": _written(approval.at),
                **({"is_withdrawn": True} if approval.is_withdrawn else {}),
                **approval.more,
            }
            for sound, approval in sorted(review.approvals.items())
        ],
    }
    lines = [f' "version": {_VERSION}']
    for name, value in rows.items():
        inner = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
        lines.append(f' "{name}": [\n  {inner}\n ]' if value else f' "{name}": []')
    lines += [
        f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in review.more.items()
    ]
    return sealed(("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "surrogatepass"))


def change_review(
    path: Path, locks: Path, change: Callable[[Review], Review]
) -> tuple[Review, Review]:
    """Change a review file while nobody else does: shell and server lose none of their marks.

    Args:
        path: Of the file; its folder is there.
        locks: Where lock files lie: ``.audiobrief/``.
        change: Given what the file says now, returns what it shall say; whatever it raises, the
            file stays as it is.

    Returns:
        What it said before, and what it says now.

    Raises:
        LockedError: Another program has been changing reviews for ten seconds.
        StoreError: It is damaged, or cannot be written; what was there before is untouched.
    """
    with briefly_locked(locks / _LOCK_NAME):
        before = read_review(path)
        after = change(before)
        if after != before:
            write_beside_builds(path, render_review(after))
        return before, after


def mend_review(path: Path, locks: Path) -> str:
    """Write a review file anew where it is not what was written, so that this is told once.

    Args:
        path: Of the file; it may be missing.
        locks: Where lock files lie: ``.audiobrief/``.

    Returns:
        What a person should know, after the name of the file; empty: nothing.

    Raises:
        LockedError: Another program has been changing reviews for ten seconds.
        StoreError: It is damaged beyond that, or cannot be read or written.
    """
    if not _news_of(path):
        return ""
    with briefly_locked(locks / _LOCK_NAME):
        news = _news_of(path)
        if news:
            write_beside_builds(path, render_review(read_review(path)))
        return news


def _news_of(path: Path) -> str:
    with mapping_os_errors("read the review", path), suppress(FileNotFoundError):
        return opened(path.read_bytes()).news
    return ""


def _review(data: Any) -> Review:
    rows = dict(data)
    rows.pop(SEAL, None)
    version = rows.pop("version")
    if version != _VERSION:
        message = f"version {version!r} is not known"
        raise ValueError(message)
    marks = (_mark(dict(row)) for row in rows.pop("marks", ()))
    played = (_played(dict(row)) for row in rows.pop("played", ()))
    approvals = (_approval(dict(row)) for row in rows.pop("approvals", ()))
    return Review(
        marks={(segment, mark.clip): mark for segment, mark in marks},
        played=dict(played),
        approvals=dict(approvals),
        more=rows,
    )


def _mark(row: dict[str, Any]) -> tuple[str, Mark]:
    segment = _text(row, "segment")
    verdict = Verdict(row.pop("verdict"))
    if verdict not in _MARKS:
        message = f"verdict cannot be {verdict.value!r}"
        raise ValueError(message)
    note = _text(row, "note") if "note" in row else ""
    return segment, Mark(
        _text(row, "clip"), verdict, _text(row, "by"), _moment(row), note, more=row
    )


def _played(row: dict[str, Any]) -> tuple[str, Played]:
    clip = _text(row, "clip")
    ranges = tuple((_count(start), _count(end)) for start, end in row.pop("ranges_ms"))
    return clip, Played(merged(ranges), _text(row, "by"), _moment(row), more=row)


def _approval(row: dict[str, Any]) -> tuple[str, Approval]:
    is_withdrawn = row.pop("is_withdrawn", False)
    if not isinstance(is_withdrawn, bool):
        message = f"is_withdrawn cannot be {is_withdrawn!r}"
        raise TypeError(message)
    return _text(row, "sound"), Approval(_text(row, "by"), _moment(row), is_withdrawn, more=row)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.pop(name)
    if not isinstance(value, str):
        message = f"{name} cannot be {value!r}"
        raise TypeError(message)
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        message = f"ranges_ms cannot have {value!r}"
        raise ValueError(message)
    return value


def _moment(row: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(_text(row, "at"))
    if moment.tzinfo is None:
        message = "at has no time zone"
        raise ValueError(message)
    return moment


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
