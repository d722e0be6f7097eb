"""What is to be sent, what stays, what goes (pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from audiobrief.upload.name import is_hash_named
from audiobrief.upload.state import STATE_NAME, Published, Sent
from audiobrief.upload.target import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from audiobrief.upload.target import Stored


class Step(IntEnum):
    """In which order files are sent: what is named comes before what names it."""

    SOUND = 0
    TEXT = 1
    PAGE = 2
    OLDER_FEED = 3
    FEED = 4


@dataclass(frozen=True, slots=True)
class Local:
    """A file that listeners are to get."""

    name: str
    path: Path
    step: Step
    content_type: str
    #: ``Cache-Control`` of HTTP.
    cache: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done at a target."""

    #: By step; every step but the last.
    groups: tuple[tuple[Upload, ...], ...]
    #: ``None``: the one that is there is the same.
    feed: Upload | None
    #: Names of files that listeners had long enough.
    removed: tuple[str, ...]
    #: Names of files that are there as they should be.
    unchanged: tuple[str, ...]
    #: Names of files that left the feed and are kept for a while.
    kept: tuple[str, ...]
    before: Published
    after: Published
    #: The feed and the state as they were listed.
    feed_before: Stored | None
    state_before: Stored | None

    @property
    def sent(self) -> tuple[Upload, ...]:
        """Everything that is sent, in order."""
        first = tuple(upload for group in self.groups for upload in group)
        return first if self.feed is None else (*first, self.feed)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to be done, and nothing to be noted."""
        return not self.sent and not self.removed and self.after == self.before


def make_plan(
    files: Sequence[Local],
    listing: Mapping[str, Stored],
    state: Published,
    *,
    now: datetime,
    keep: timedelta,
) -> Plan:
    """Compare what listeners are to get with what is there.

    A file goes when neither the feed that is there nor the new one has it, and it left longer ago
    than ``keep``: apps hold on to an old feed for a while. What is not in the state is not ours,
    and is never touched.

    Args:
        files: What is to be there; one of them is the feed.
        listing: What is there.
        state: What was sent.
        now: Aware.
        keep: How long a file stays after it left the feed.
    """
    wanted = {file.name for file in files}
    unchanged = [f for f in files if _is_there(f, listing, state)]
    same = {f.name for f in unchanged}
    sent = [f for f in files if f.name not in same]
    others = {n: s for n, s in state.files.items() if n not in wanted and n in listing}
    removed = tuple(n for n, s in others.items() if s.left is not None and s.left + keep <= now)
    kept = {n: replace(s, left=s.left or now) for n, s in others.items() if n not in removed}
    now_there = {f.name: Sent(f.size_bytes, f.sha256) for f in files}
    after = Published({**now_there, **kept}, state.show)
    return Plan(
        groups=tuple(_group(sent, step, listing) for step in Step if step is not Step.FEED),
        feed=next(iter(_group(sent, Step.FEED, listing)), None),
        removed=removed,
        unchanged=tuple(f.name for f in unchanged),
        kept=tuple(kept),
        before=state,
        after=after,
        feed_before=next((listing.get(f.name) for f in files if f.step is Step.FEED), None),
        state_before=listing.get(STATE_NAME),
    )


def _is_there(file: Local, listing: Mapping[str, Stored], state: Published) -> bool:
    """Tell whether a file is at the target as it should be."""
    there, sent = listing.get(file.name), state.files.get(file.name)
    if there is None or there.size_bytes != file.size_bytes:
        return False
    if sent is not None and sent.sha256:
        return sent.sha256 == file.sha256
    # Left behind by a run that was killed, or by a lost state: the name tells what is in it.
    return is_hash_named(file.name)


def _group(files: Sequence[Local], step: Step, listing: Mapping[str, Stored]) -> tuple[Upload, ...]:
    chosen = sorted((f for f in files if f.step is step), key=lambda f: f.name)
    return tuple(
        Upload(
            name=f.name,
            content_type=f.content_type,
            cache=f.cache,
            size_bytes=f.size_bytes,
            source=f.path,
            is_new=is_hash_named(f.name) and f.name not in listing,
        )
        for f in chosen
    )
