"""File operations on a drive that several machines use: what vanishes meanwhile is no error."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_BLOCK_BYTES: Final = 1_000_000


def size_of(path: Path) -> int | None:
    """Return how long a file is, ``None``: it is not there."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.stat().st_size
    return None


def write_new(path: Path, blob: bytes) -> None:
    """Write a file of a name that nobody has."""
    with path.open("xb") as stream:
        stream.write(blob)


def copy_digested(source: BinaryIO, target: Path) -> str:
    """Copy an open file, and return the digest of what was copied."""
    digest = sha256()
    with target.open("xb") as stream:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
            stream.write(block)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable; Windows has no handle for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
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
