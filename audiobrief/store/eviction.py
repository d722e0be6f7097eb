"""The limit of a shared store: what was not used for longest goes first.

Folders know a last use to a day, since blobs are marked when they are read; buckets, too, since a
blob that is read after a day is put again. Two machines that do this at once do no harm: what one
has removed is no error to the other, and what is needed again is made again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from audiobrief.store.cache_folder import Usage

if TYPE_CHECKING:
    from audiobrief.store.shared import BlobStore, Entry

#: What jobs and shards hand to each other may be needed for so long, by whoever publishes.
KEPT_S: Final = 7 * 86_400
#: Among all machines: to list a bucket takes a request for each thousand blobs.
_EVERY_S: Final = 6 * 3_600
_OWN: Final = "state"
_STAMP: Final = f"{_OWN}/tended"
#: These are caches: they may go at any time.
_CACHES: Final = ("clips/", "encoded/")
#: A manifest goes before what it names.
_MANIFESTS: Final = "manifests/"


class Eviction(NamedTuple):
    """What was removed, and what is there now."""

    removed: Usage
    left: Usage


def usage_of(store: BlobStore) -> dict[str, Usage]:
    """Return how much there is of each kind: the first part of the names."""
    found: dict[str, Usage] = {}
    for entry in store.entries(""):
        kind = entry.name.partition("/")[0]
        if kind == _OWN:
            continue
        before = found.get(kind, Usage(0, 0))
        found[kind] = Usage(before.count + 1, before.bytes + entry.bytes)
    return found


def tend(store: BlobStore, limit_bytes: int) -> Eviction | None:
    """Keep a store below its limit; a few times a day, whichever machine is first.

    Args:
        store: The store.
        limit_bytes: How much may stay.

    Returns:
        ``None``: it was done a short time ago.
    """
    stamps = [entry.used_s for entry in store.entries(f"{_OWN}/") if entry.name == _STAMP]
    if stamps and abs(time.time() - max(stamps)) < _EVERY_S:
        return None
    return evict(store, limit_bytes)


def evict(store: BlobStore, limit_bytes: int, *, dry_run: bool = False) -> Eviction:
    """Remove what was not used for longest, until the rest fits or is needed.

    Args:
        store: The store.
        limit_bytes: How much may stay. What jobs have made in the last days stays in any case.
        dry_run: Only count.
    """
    if not dry_run:
        store.replace(_STAMP, b"")
        store.sweep()
    entries = [entry for entry in store.entries("") if not entry.name.startswith(f"{_OWN}/")]
    now_s = _now_s(store)
    there = sum(entry.bytes for entry in entries)
    count = removed = 0
    for entry in sorted(entries, key=_rank):
        if there - removed <= limit_bytes:
            break
        if not entry.name.startswith(_CACHES) and now_s - entry.used_s < KEPT_S:
            continue
        if not dry_run:
            store.remove(entry.name)
        count, removed = count + 1, removed + entry.bytes
    left = Usage(len(entries) - count, there - removed)
    return Eviction(Usage(count, removed), left)


def _rank(entry: Entry) -> tuple[float, str]:
    """Order blobs by their last use, as well as it is known: to a day."""
    is_manifest = entry.name.startswith(_MANIFESTS)
    return entry.used_s - (2 * 86_400 if is_manifest else 0), entry.name


def _now_s(store: BlobStore) -> float:
    """Return the time by the clock of the store, as far as it has just been told."""
    return max(
        [e.used_s for e in store.entries(f"{_OWN}/") if e.name == _STAMP], default=time.time()
    )
