"""File operations on a drive that several machines use: what vanishes meanwhile is no error."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK_BYTES: Final = 1_000_000


def size_of(path: Path) -> int | None:
    """Return how long a file is, ``None``: it is not there."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.stat().st_size
    return None


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Have errors name the file: those of writing, reading and syncing name none by themselves."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or os.fspath(path)
        raise


def write_new(path: Path, blob: bytes) -> None:
    """Write a file of a name that nobody has."""
    with naming(path), path.open("xb") as stream:
        stream.write(blob)


def copy_digested(source: Path, target: Path) -> str:
    """Copy a file under a name that nobody has, and return the digest of what was copied."""
    digest = sha256()
    with naming(source), source.open("rb") as stream, naming(target), target.open("xb") as copy:
        while True:
            with naming(source):
                block = stream.read(_BLOCK_BYTES)
            if not block:
                break
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable; Windows has no handle for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(handle)
    finally:
        os.close(handle)


def unlink(path: Path) -> None:
    """Remove a file; one that cannot be removed stays, and is never used."""
    with suppress(OSError):
        path.unlink()


def walk(top: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield all files below a folder; what vanishes meanwhile is none."""
    folders = [top]
    while folders:
        folder = folders.pop()
        with suppress(FileNotFoundError), os.scandir(folder) as there:
            for one in there:
                with suppress(FileNotFoundError):
                    if one.is_dir(follow_symlinks=False):
                        folders.append(Path(one.path))
                    elif one.is_file(follow_symlinks=False):
                        yield Path(one.path), one.stat(follow_symlinks=False)
