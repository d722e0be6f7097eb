"""All that is kept only so that it need not be made again, counted and pruned together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from audiobrief.store.cache_folder import CacheFolder, Usage, prune
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache
from audiobrief.store.peaks import PeakCache
from audiobrief.workspace.shared import shared_store

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.store.tier import Tier
    from audiobrief.workspace.load import Workspace

#: Where answers of a language model lie in the cache.
WORDING: Final = "wording"


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


def swept_in(folder: Path) -> tuple[Path, ...]:
    """Return the folders of a cache in which a killed build may leave half a file.

    Args:
        folder: ``Workspace.cache``.
    """
    return folder / "clips", folder / "encoded", folder / WORDING, folder / "peaks"


def wording_in(folder: Path) -> CacheFolder:
    """Return where answers of a language model are kept."""
    return CacheFolder(folder / WORDING, ".json")
