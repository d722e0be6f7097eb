"""States of many files, told by size, times and number alone: nothing is opened."""

from __future__ import annotations

import os
from array import array
from hashlib import sha256
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

#: From so many folders on, two threads are faster than one: the system does most of the work.
_WORTH_TWO = 64
#: Numbers of files have up to 128 bits.
_MASK = (1 << 63) - 1


class Stamps:
    """Collects the states of files; equal digests mean that none of them has changed."""

    def __init__(self) -> None:
        self._facts = array("q")
        self._names: list[str] = []
        #: When the latest of them was changed, in nanoseconds since 1970.
        self.latest_ns = 0

    def add(self, path: Path) -> None:
        """Add a file; that it is missing is a state, too."""
        self._names.append(str(path))
        try:
            self._note(path.stat())
        except OSError:
            self._names.append("missing")

    def add_tree(self, folder: Path, *, without: Collection[str] = (), deep: bool = True) -> None:
        """Add all files below a folder.

        A link counts as the file that it leads to; none to a folder is followed.

        Args:
            folder: It may be missing.
            without: Names of folders in it that are passed over.
            deep: Enter the folders in its folders, too; else of those the names count.
        """
        inner = self._level([str(folder)], frozenset(without))
        if not deep:
            self._in_two(inner)
            return
        while inner:
            inner = self._level(inner, frozenset())

    def digest(self) -> str:
        """Return the digest of all that was added."""
        digest = sha256(self._facts.tobytes())
        digest.update("\0".join(self._names).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _in_two(self, folders: list[str]) -> None:
        if len(folders) < _WORTH_TWO:
            self._level(folders, frozenset())
            return
        middle, other = len(folders) // 2, Stamps()
        thread = Thread(target=other._level, args=(folders[middle:], frozenset()))
        thread.start()
        self._level(folders[:middle], frozenset())
        thread.join()
        self._facts.extend(other._facts)
        self._names += other._names
        self.latest_ns = max(self.latest_ns, other.latest_ns)

    def _level(self, folders: Iterable[str], without: frozenset[str]) -> list[str]:
        """Add the files in some folders; return the folders in them, sorted."""
        inner: list[str] = []
        for folder in folders:
            try:
                with os.scandir(folder) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError:
                self._names += (folder, "missing")
                continue
            self._names.append(folder)
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in without:
                        inner.append(entry.path)
                        self._names.append(entry.name)
                    continue
                self._names.append(entry.name)
                try:
                    self._note(entry.stat())
                except OSError:  # a link that leads nowhere
                    self._names.append("missing")
        return inner

    def _note(self, facts: os.stat_result) -> None:
        changed_ns = facts.st_mtime_ns
        self._facts.extend((facts.st_size, changed_ns, facts.st_ino & _MASK, facts.st_ctime_ns))
        self.latest_ns = max(self.latest_ns, changed_ns)
