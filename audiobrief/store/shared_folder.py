"""A shared store in a folder: of this machine, or of a network drive that several machines mount.

Nothing needs a lock, since network drives may have none: a blob is written beside its place, under
a name that nobody else uses, and renamed. Two writers of one name write the same.
"""

from __future__ import annotations

import errno
import os
import platform
import time
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audiobrief.errors import SharedStoreError
from audiobrief.store.drive import copy_digested, naming, size_of, sync, unlink, walk, write_new
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.private_name import own_part, private_beside
from audiobrief.store.shared import REFRESH_S, Entry, require_name, sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Unfinished files end so; they begin with a dot, as no blob does.
_UNFINISHED: Final = ".part"
#: Another machine may still write one that is younger.
_ABANDONED_S: Final = 86_400
#: What is made again at little cost need not outlive a power cut: a torn one is found damaged.
_UNSYNCED: Final = ("clips/", "encoded/")
_HEX_DIGITS: Final = frozenset("0123456789abcdef")
#: Removed or replaced by another machine between two steps of ours: an error of network drives.
_GONE: Final = (errno.ENOENT, getattr(errno, "ESTALE", errno.ENOENT))


class FolderStore:
    """A shared store in a folder. It must be there: a drive that is not mounted is not made.

    Args:
        folder: Absolute.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._host = "".join(c for c in platform.node() if c.isalnum() or c == "-")[:40]
        #: Names of blobs that were found damaged.
        self.damaged: list[str] = []

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def get(self, name: str) -> bytes | None:
        """Return what was put; ``None``: it is not there, or damaged."""
        path = self._path_of(name)
        blob = self._read(path)
        if blob is None:
            return None
        content = unsealed(name, blob)
        if content is None:
            self._discard(name, path)
            return None
        self._mark_used(path)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Keep a blob; one of that name stays, unless it is not even as long."""
        path, blob = self._path_of(name), sealed(name, content)
        with self._told("write", path):
            if size_of(path) == len(blob):
                self._mark_used(path)
            else:
                self._write(path, blob, name)

    def replace(self, name: str, content: bytes) -> None:
        """Keep a blob instead of the one that has the name."""
        path = self._path_of(name)
        with self._told("write", path):
            self._write(path, sealed(name, content), name)

    def has(self, name: str) -> bool:
        """Tell whether there is a blob of that name."""
        path = self._path_of(name)
        with self._told("read", path):
            if size_of(path) is not None:
                self._mark_used(path)
                return True
            self._require_folder()
        return False

    def put_file(self, name: str, path: Path, *, spare: bool = False) -> None:
        """Keep a file as a blob; a spare one is moved where that can be done."""
        target = self._path_of(name)
        with self._told("write", target):
            if size_of(target) == path.stat().st_size:
                self._mark_used(target)
                return
            if spare:
                self._make_parent(target)
                sync(path)
                with suppress(OSError):  # on another drive
                    path.replace(target)
                if not path.exists():
                    sync(target.parent)
                    return
            self._copy(path, target, name)

    def fetch_file(self, name: str, target: Path, *, sha256: str, last: bool = False) -> bool:
        """Write a blob that was a file to a file, whole or not at all."""
        path = self._path_of(name)
        temporary = private_beside(target)
        try:
            with self._told("read", path):
                try:
                    found = _digest_of(path) if last else copy_digested(path, temporary)
                except FileNotFoundError:
                    if not target.parent.is_dir():
                        raise
                    self._require_folder()
                    return False
                if found != sha256:
                    self._discard(name, path)
                    return False
                self._hand_over(path, temporary, target, last=last)
        finally:
            unlink(temporary)
        return True

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin so."""
        return (entry.name for entry in self.entries(prefix))

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Yield the blobs whose names begin so; one that vanishes meanwhile is none."""
        top = self._folder
        for part in prefix.rstrip("/").split("/") if prefix else ():
            top /= require_name(part)
        with self._told("read", top):
            self._require_folder()
            for path, facts in walk(top):
                if not path.name.startswith("."):
                    yield Entry(self._name_of(path), facts.st_size, facts.st_mtime)

    def remove(self, name: str) -> None:
        """Remove a blob; one that is not there is fine."""
        path = self._path_of(name)
        with self._told("remove", path), suppress(FileNotFoundError):
            path.unlink()

    def sweep(self) -> int:
        """Remove unfinished files that are older than a day by the clock of the drive itself."""
        count = 0
        with self._told("write", self._folder):
            probe = self._beside(self._folder / "clock")
            probe.touch()
            try:
                now_s = probe.stat().st_mtime
            finally:
                unlink(probe)
            for path, facts in walk(self._folder):
                is_ours = path.name.startswith(".") and path.name.endswith(_UNFINISHED)
                if is_ours and now_s - facts.st_mtime > _ABANDONED_S:
                    unlink(path)
                    count += 1
        return count

    def _path_of(self, name: str) -> Path:
        """Return where a blob lies: folders of a hundred thousand files are slow on drives."""
        parts = require_name(name).split("/")
        if _is_digest(parts[-1]):
            parts.insert(-1, parts[-1][:2])
        return self._folder.joinpath(*parts)

    def _name_of(self, path: Path) -> str:
        parts = list(path.relative_to(self._folder).parts)
        if _is_digest(parts[-1]):
            del parts[-2]
        return "/".join(parts)

    def _read(self, path: Path) -> bytes | None:
        with self._told("read", path):
            try:
                return path.read_bytes()
            except OSError as error:
                if error.errno not in _GONE:
                    raise
            self._require_folder()
        return None

    def _write(self, path: Path, blob: bytes, name: str) -> None:
        temporary = self._beside(path)
        try:
            try:
                write_new(temporary, blob)
            except FileNotFoundError:
                # Seldom: to look for the folder each time would cost a round trip.
                self._make_parent(path)
                write_new(temporary, blob)
            self._commit(temporary, path, name)
        except BaseException:
            unlink(temporary)
            raise

    def _copy(self, source: Path, target: Path, name: str) -> None:
        temporary = self._beside(target)
        self._make_parent(target)
        try:
            copy_digested(source, temporary)
            self._commit(temporary, target, name)
        except BaseException:
            unlink(temporary)
            raise

    def _commit(self, temporary: Path, path: Path, name: str) -> None:
        is_synced = not name.startswith(_UNSYNCED)
        if is_synced:
            sync(temporary)
        temporary.replace(path)
        if is_synced:
            sync(path.parent)

    def _hand_over(self, path: Path, temporary: Path, target: Path, *, last: bool) -> None:
        """Give the target what was proven to be right."""
        if last:
            try:
                path.replace(target)
            except OSError:
                # On another drive.
                copy_digested(path, temporary)
                unlink(path)
            else:
                return
        sync(temporary)
        temporary.replace(target)
        sync(target.parent)
        if not last:
            self._mark_used(path)

    def _beside(self, path: Path) -> Path:
        """Return a name beside a file that no thread, process or machine uses meanwhile."""
        return path.with_name(f".{path.name[:100]}.{self._host}-{own_part()}{_UNFINISHED}")

    def _make_parent(self, path: Path) -> None:
        self._require_folder()
        path.parent.mkdir(parents=True, exist_ok=True)

    def _require_folder(self) -> None:
        if not self._folder.is_dir():
            raise SharedStoreError(
                "the folder of the shared store is not there",
                self.place,
                remedy="mount the drive that it is on; the first time, make the folder",
            )

    def _discard(self, name: str, path: Path) -> None:
        """Take a damaged blob out of the way; where that is not allowed, it is never used."""
        self.damaged.append(name)
        unlink(path)

    def _mark_used(self, path: Path) -> None:
        """Mark a blob as used, once a day: what was not used for longest goes first."""
        # A store that may only be read serves all the same.
        with suppress(OSError):
            # By this machine's clock: one that goes wrong marks too often, or a day late.
            if abs(time.time() - path.stat().st_mtime) > REFRESH_S:
                os.utime(path)

    @contextmanager
    def _told(self, doing: str, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = str(error.filename or path)
            if not Path(where).is_relative_to(self._folder):
                # The other end of a copy.
                with mapping_os_errors("copy", Path(where)):
                    raise
            raise SharedStoreError(
                f"cannot {doing} in the shared store: {error.strerror or error}",
                where,
                remedy=_remedy(error),
            ) from error


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return 'free some space there, or run "audiobrief cache prune --store-max-mb MB"'
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "let this user read and write below the folder of [store] url"
    return "check the drive of [store] url, then run the same command again"


def _digest_of(path: Path) -> str:
    with naming(path), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _is_digest(part: str) -> bool:
    return len(part) == 64 and _HEX_DIGITS.issuperset(part)
