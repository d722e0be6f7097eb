"""All that is kept only so that it need not be made again, counted and pruned together."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from audiobrief.store.cache_folder import CacheFolder, Usage, prune
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache
from audiobrief.store.peaks import PeakCache
from audiobrief.workspace.shared import shared_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobrief.model.report import Outcome
    from audiobrief.store.tier import Tier
    from audiobrief.workspace.load import Workspace

#: Where answers of a language model lie in the cache.
WORDING: Final = "wording"
#: Two numbers: the limit of the caches, and how much may still come before they are counted.
_ROOM_NAME: Final = "room.txt"
#: What a millisecond of an episode leaves in the caches at most: 48 kHz as 16 bits, encoded in
#: several formats beside it. Commonly it is a quarter of that.
_MOST_BYTES_A_MS: Final = 200


class Caches(NamedTuple):
    """What is kept."""

    clips: ClipCache
    #: Clips as MP3.
    encoded: EncodedCache
    #: Answers of a language model.
    wording: CacheFolder
    #: Waveforms of finished sounds.
    peaks: PeakCache

    def prune(self, limit_bytes: int, *, dry_run: bool = False) -> Usage:
        """Remove what was not used for longest, whatever it is, until the rest fits.

        Raises:
            StoreError: A file cannot be removed.
        """
        return prune(self, limit_bytes, dry_run=dry_run)


def caches_in(folder: Path) -> Caches:
    """Return the caches of a workspace; nothing is made or read.

    Args:
        folder: ``Workspace.cache``.
    """
    return Caches(
        *(ClipCache(folder / "clips"), EncodedCache(folder / "encoded")),
        *(wording_in(folder), PeakCache(folder)),
    )


def tier_of(workspace: Workspace) -> Tier | None:
    """Return the shared store as what is behind the caches of this program; see `shared_store`."""
    store = shared_store(workspace)
    if store is None:
        return None
    from audiobrief.store.tier import Tier  # noqa: PLC0415 - only where there is one

    return Tier(store)


def take_room(folder: Path, limit_bytes: int) -> int | None:
    """Return how much may still be kept before the limit may be reached, and forget it.

    Args:
        folder: ``Workspace.cache``.
        limit_bytes: Of all caches together.

    Returns:
        ``None``: nobody knows, since a run was cut off, or the limit is another one now.
    """
    path = folder / _ROOM_NAME
    try:
        noted_limit, room_bytes = map(int, path.read_text("ascii").split())
        path.unlink()
    except (OSError, ValueError):
        return None
    return room_bytes if noted_limit == limit_bytes else None


def keep_limit(
    folder: Path, limit_bytes: int, room_bytes: int | None, outcomes: Sequence[Outcome]
) -> None:
    """Count and prune the caches of a workspace if they may have grown beyond their limit.

    To count them takes a look at each of some ten thousand files, after each episode; so it is
    noted how much may still come.

    Args:
        folder: ``Workspace.cache``.
        limit_bytes: Of all caches together.
        room_bytes: As `take_room` has returned it at the start of the run.
        outcomes: Of the run.

    Raises:
        StoreError: A file cannot be removed.
    """
    left = None if any(outcome.error for outcome in outcomes) else room_bytes
    if left is not None:
        left -= sum(o.duration_ms for o in outcomes if o.synthesized) * _MOST_BYTES_A_MS
    if left is None or left < 0:
        caches = caches_in(folder)
        left = limit_bytes - sum(cache.usage().bytes for cache in caches)
        if left < 0:
            left += caches.prune(limit_bytes).bytes
    with suppress(OSError):  # without it, the next run counts
        (folder / _ROOM_NAME).write_text(f"{limit_bytes} {left}", "ascii")


def swept_in(folder: Path) -> tuple[Path, ...]:
    """Return the folders of a cache in which a killed build may leave half a file.

    Args:
        folder: ``Workspace.cache``.
    """
    return folder / "clips", folder / "encoded", folder / WORDING, folder / "peaks"


def wording_in(folder: Path) -> CacheFolder:
    """Return where answers of a language model are kept."""
    return CacheFolder(folder / WORDING, ".json")
