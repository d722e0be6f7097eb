"""A folder of files by key that can all be made again, and its limit.

Nothing here is synced to disk: a file torn by a power cut fails its digest and is made again, which
costs little, where syncing would cost every build.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.store.files import make_folder, mapping_os_errors, remove_if_there
from audiobrief.store.private_name import private_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Usage:
    """Some files, and how much room they take."""

    count: int
    bytes: int


class CacheFolder:
    """Files in a folder, each under its key (64 hex digits).

    Several threads and processes may share a folder.

    Args:
        folder: Where they lie; made with the first one.
        suffix: What their names end in, with its dot.
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        #: Keys of files that were there, but damaged, and were therefore removed.
        self.damaged: list[str] = []

    def path_of(self, key: str) -> Path:
        """Return where the file of a key lies or would lie."""
        # In one piece: joined part by part it takes as long as reading a small file.
        return Path(self._name_of(key))

    def _name_of(self, key: str) -> str:
        return f"{self._folder}/{key[:2]}/{key}{self._suffix}"

    def read(self, key: str) -> bytes | None:
        """Return what a file holds, ``None``: it is not there.

        Raises:
            StoreError: It cannot be read.
        """
        path = self.path_of(key)
        with mapping_os_errors("read", path), suppress(FileNotFoundError):
            return path.read_bytes()
        return None

    def write(self, key: str, content: bytes) -> None:
        """Keep a file; a kill at any moment leaves it whole or not there.

        Raises:
            StoreError: It cannot be written.
        """
        path = self.path_of(key)
        temporary = private_beside(path)
        try:
            with mapping_os_errors("write", path):
                for tries_left in (2, 1, 0):
                    try:
                        temporary.write_bytes(content)
                        temporary.replace(path)
                        break
                    except FileNotFoundError:
                        if not tries_left:
                            raise
                        # Seldom: to look for the folder each time would take as long as to write.
                        # Or a new driver has swept, while this process still works for one that
                        # was killed.
                        make_folder(path.parent)
        except BaseException:
            remove_if_there(temporary)
            raise

    def touch(self, key: str) -> None:
        """Note that a file is used: what was not used for longest goes first.

        A folder that may only be read serves all the same.
        """
        with suppress(OSError):
            os.utime(self._name_of(key))

    def discard(self, key: str) -> None:
        """Remove a file, if it is there."""
        remove_if_there(self.path_of(key))

    def discard_damaged(self, key: str) -> None:
        """Remove a file that is not what it was."""
        self.damaged.append(key)
        self.discard(key)

    def usage(self) -> Usage:
        """Return how much lies there."""
        sizes = [size for _, size, _ in self.files()]
        return Usage(len(sizes), sum(sizes))

    def keys(self) -> Iterator[str]:
        """Yield the keys of all files."""
        return (path.stem for path in self._folder.glob(f"??/[!.]*{self._suffix}"))

    def files(self) -> Iterator[tuple[int, int, Path]]:
        """Yield last use, size and path of every file; one that vanishes meanwhile is none."""
        for path in self._folder.glob(f"??/*{self._suffix}"):
            with suppress(FileNotFoundError):
                facts = path.stat()
                yield facts.st_mtime_ns, facts.st_size, path


def prune(folders: Sequence[CacheFolder], limit_bytes: int, *, dry_run: bool = False) -> Usage:
    """Remove the files that were not used for longest, until the rest of all folders fits.

    What is removed is made again when it is needed; no episode changes.

    Args:
        folders: What is counted together.
        limit_bytes: How much may stay.
        dry_run: Only count.

    Returns:
        What was removed.

    Raises:
        StoreError: A file cannot be removed.
    """
    files = sorted(file for folder in folders for file in folder.files())
    over = sum(size for _, size, _ in files) - limit_bytes
    count = removed = 0
    for _, size, path in files:
        if removed >= over:
            break
        if not dry_run:
            remove_if_there(path)
        count, removed = count + 1, removed + size
    return Usage(count, removed)
