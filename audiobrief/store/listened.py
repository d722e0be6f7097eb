"""``.audiobrief/listened.json``: how often listeners came, as numbers; not when, nor for what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from audiobrief.store.files import make_folder, write_if_changed
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

LISTENED_NAME: Final = "listened.json"
_LOCK_NAME: Final = "listened.lock"


@dataclass(frozen=True, slots=True)
class Heard:
    """What one listener's apps have asked for."""

    #: The feed, whether or not it was new to them.
    feeds: int = 0
    #: Sound that came to its end, or by half.
    downloads: int = 0

    def plus(self, other: Heard) -> Heard:
        """Return both together."""
        return Heard(self.feeds + other.feeds, self.downloads + other.downloads)


def read_listened(path: Path) -> dict[str, Heard]:
    """Return the counts by digest of the token; missing or damaged, they begin anew."""
    try:
        data = json.loads(path.read_bytes())
        return {str(digest): _heard(row) for digest, row in data.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _heard(row: Any) -> Heard:
    return Heard(int(row["feeds"]), int(row["downloads"]))


def add_listened(path: Path, more: Mapping[str, Heard], known: Collection[str]) -> None:
    """Add to the counts.

    Args:
        path: Of the file.
        more: What has come since, by digest.
        known: Digests of all listeners; others are forgotten, so that the file stays small.

    Raises:
        LockedError: Another server writes at this moment.
        StoreError: It cannot be written.
    """
    make_folder(path.parent)
    with locked(path.parent / _LOCK_NAME, held="another server is writing its counts"):
        counts = read_listened(path)
        for digest, heard in more.items():
            counts[digest] = counts.get(digest, Heard()).plus(heard)
        rows = {
            digest: {"feeds": counts[digest].feeds, "downloads": counts[digest].downloads}
            for digest in sorted(counts.keys() & set(known))
        }
        write_if_changed(path, (json.dumps(rows, indent=1) + "\n").encode())
