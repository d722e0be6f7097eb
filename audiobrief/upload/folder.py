"""A folder, of this machine or of another one that is mounted here."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from audiobrief.errors import OvertakenError, StoreError, UploadError
from audiobrief.store.files import (
    commit_file,
    make_lasting_folder,
    mapping_os_errors,
    remove,
    remove_if_there,
    sweep_temporary,
    temporary_beside,
)
from audiobrief.store.lock import locked
from audiobrief.upload.name import is_safe
from audiobrief.upload.target import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobrief.upload.target import Done, Upload

#: In the folder: one publisher at a time writes to it. No web server shows such names.
LOCK_NAME = ".publishing.lock"


class Folder:
    """A folder; links below it are not followed.

    Args:
        path: Absolute. It may be missing, and may be a link itself.
        held: What lasts as long as the target is used.
    """

    def __init__(self, path: Path, held: ExitStack) -> None:
        self._path = path
        self._held = held
        self._is_ours = False

    @property
    def place(self) -> str:
        """The path."""
        return str(self._path)

    def listing(self) -> dict[str, Stored]:
        """Return all regular files but those with a dot in front."""
        found: dict[str, Stored] = {}
        with _told(self._path, "read the folder"):
            if self._path.exists():
                self._list(self._path, "", found)
        return found

    def _list(self, folder: Path, prefix: str, found: dict[str, Stored]) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = f"{prefix}{entry.name}"
                if not is_safe(name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    self._list(folder / entry.name, f"{name}/", found)
                elif entry.is_file(follow_symlinks=False):
                    found[name] = _stored(entry.stat(follow_symlinks=False))

    def read(self, name: str, limit: int) -> bytes:
        """Return the content of a file."""
        path = self._located(name)
        with _told(path, "read"), path.open("rb") as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise UploadError(
                f"the file is longer than {limit} bytes", str(path), remedy="remove it"
            )
        return content

    def send(self, files: Sequence[Upload], done: Done) -> None:
        """Write files one after the other: beside, synced, renamed."""
        self._hold()
        for file in files:
            self._write(file)
            done(file.name)

    def replace(self, file: Upload, expected: Stored | None) -> Stored:
        """Write a file if the old one is still the one that was listed."""
        self._hold()
        path = self._located(file.name)
        if _at(path) != expected:
            raise OvertakenError(
                "another publisher has written here in the meantime",
                str(path),
                remedy="run the same command again",
            )
        self._write(file)
        with _told(path, "read"):
            return _stored(path.lstat())

    def delete(self, names: Sequence[str]) -> None:
        """Remove files, and the folders that are empty then."""
        self._hold()
        for name in names:
            path = self._located(name)
            with _told(path, "remove"):
                if path.is_symlink() or path.is_file():
                    remove(path)
            _remove_empty(path.parent, self._path)

    def _hold(self) -> None:
        """Keep other publishers out from the first change on, and clear what a kill has left."""
        if self._is_ours:
            return
        with _told(self._path, "write"):
            make_lasting_folder(self._path)
            held = "another publisher writes to this folder"
            self._held.enter_context(locked(self._path / LOCK_NAME, held=held))
            sweep_temporary(self._path)
        self._is_ours = True

    def _write(self, file: Upload) -> None:
        path = self._located(file.name)
        temporary = temporary_beside(path)
        try:
            with _told(path, "write"):
                make_lasting_folder(path.parent)
                # Whatever has this name, a link too, is none that we write through.
                temporary.unlink(missing_ok=True)
                with mapping_os_errors("write", path), temporary.open("xb") as stream:
                    _copy(file, stream)
                _require_size(temporary, file)
                commit_file(temporary, path)
        except BaseException:
            remove_if_there(temporary)
            raise

    def _located(self, name: str) -> Path:
        """Return where a file lies; no folder on the way to it may be a link out of here."""
        if not is_safe(name):
            message = f"no name for a target: {name!r}"
            raise ValueError(message)
        folder = self._path
        for part in name.split("/")[:-1]:
            folder /= part
            if folder.is_symlink():
                raise UploadError(
                    "a link stands where a folder should be",
                    str(folder),
                    remedy="remove the link, or publish to another folder",
                )
        return self._path / name


def _copy(file: Upload, stream: IO[bytes]) -> None:
    if isinstance(file.source, bytes):
        stream.write(file.source)
        return
    with file.source.open("rb") as source:
        shutil.copyfileobj(source, stream, 1 << 20)


def _require_size(path: Path, file: Upload) -> None:
    if path.stat().st_size != file.size_bytes:
        raise UploadError(
            "the file has changed while it was sent",
            file.name,
            remedy="run the same command again",
        )


def _stored(facts: os.stat_result) -> Stored:
    return Stored(facts.st_size, f"{facts.st_mtime_ns}-{facts.st_ino}")


def _at(path: Path) -> Stored | None:
    with _told(path, "read"):
        try:
            return _stored(path.lstat())
        except FileNotFoundError:
            return None


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders that have nothing in them any more, up to the root."""
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            # Something is in it, or it is gone: either is fine.
            return
        folder = folder.parent


@contextmanager
def _told(path: Path, doing: str) -> Iterator[None]:
    """Name the place and what mends it, whatever goes wrong."""
    try:
        with mapping_os_errors(doing, path):
            yield
    except StoreError as error:
        if error.exit_code != StoreError.exit_code:
            raise
        remedy = error.remedy
        if isinstance(error.__cause__, PermissionError):
            remedy = "let the user who runs audiobrief write there, or set [publish] to otherwise"
        raise UploadError(error.problem, error.subject, remedy=remedy) from error.__cause__
