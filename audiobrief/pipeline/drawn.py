"""Covers that were drawn beside the sound of their episodes, until the release takes them.

They do not lie with their episodes yet: which episode gets a cover of its own depends on all that a
run has made, and is for the release to say. What nobody takes goes with the run.
"""

from __future__ import annotations

import shutil
from bisect import bisect_left
from hashlib import sha256
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from audiobrief.store.files import make_folder, mapping_os_errors, remove_if_there

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

#: Below the cache.
DRAWN_NAME: Final = "drawn"


class DrawnCovers:
    """Covers by episode; only those of this run, and only as they were drawn.

    Args:
        folder: Its own; made as it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: dict[tuple[str, str], str] = {}

    def place_for(self, directory: str, name: str, digest: str) -> Path:
        """Return where to put a cover, for `take`.

        Args:
            directory: Of its episode.
            name: Of the cover there.
            digest: SHA-256 of its bytes.
        """
        make_folder(self._folder)
        self._digests[directory, name] = digest
        return self._folder / digest

    def take(self, directory: str, name: str) -> bytes | None:
        """Return a cover, once; ``None``: it was not drawn, or is not what was drawn any more.

        Raises:
            StoreError: It cannot be read.
        """
        digest = self._digests.pop((directory, name), "")
        path = self._folder / digest
        if not digest or not path.is_file():
            return None
        with mapping_os_errors("read", path):
            content = path.read_bytes()
        remove_if_there(path)
        return content if sha256(content).hexdigest() == digest else None

    def close(self) -> None:
        """Remove what nobody has taken."""
        self._digests.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


class FirstPage:
    """Which episodes are among the newest so far.

    Args:
        known: Date and GUID of the episodes that there are.
        most: How many the page has.
    """

    def __init__(self, known: Iterable[tuple[datetime, str]], most: int) -> None:
        self._most = most
        self._newest = sorted(nlargest(most, set(known)))

    def takes(self, published: datetime, guid: str) -> bool:
        """Put an episode on the page; say whether it has room there.

        >>> page = FirstPage([], 2)
        >>> [page.takes(date, "guid") for date in (3, 1, 2, 1)]
        [True, True, True, False]
        """
        row = (published, guid)
        place = bisect_left(self._newest, row)
        if self._newest[place : place + 1] == [row]:
            return True
        if len(self._newest) >= self._most:
            if not place:
                return False
            del self._newest[0]
            place -= 1
        self._newest.insert(place, row)
        return True
