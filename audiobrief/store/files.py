"""Files that are whole or not there: write beside, sync, rename, sync the folder.

Every file that a feed can name goes through this module, so that faults have one place to strike.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: Unfinished files of ours end so; only the holder of the lock may sweep them.
TEMPORARY_SUFFIX = ".audiobrief-tmp"


@contextmanager
def mapping_os_errors(doing: str, path: Path) -> Iterator[None]:
    """Turn an ``OSError`` into a ``StoreError`` that names the path and what mends it."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or path)
        raise StoreError(
            f"cannot {doing}: {error.strerror or error}", where, remedy=_remedy(error)
        ) from error


def _remedy(error: OSError) -> str:
    import errno  # noqa: PLC0415 - on the way to an error only

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some disk space, then run the same command again: finished work is kept"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "make the folder writable, or choose another workspace with -C DIR"
    if error.errno in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
        return "move what stands in the way"
    return "check the disk, then run the same command again"


def make_folder(path: Path) -> None:
    """Create a folder and its parents."""
    with mapping_os_errors("create the folder", path):
        path.mkdir(parents=True, exist_ok=True)


def make_lasting_folder(path: Path) -> None:
    """Create a folder and its parents, and have the disk keep their names.

    For folders that something will name: whatever lies in one that a power cut takes away is lost
    with it, however well it was synced itself.
    """
    if path.is_dir():
        return
    if path.parent != path:
        make_lasting_folder(path.parent)
    make_folder(path)
    with mapping_os_errors("create the folder", path):
        _sync_folder(path.parent)


def temporary_beside(path: Path) -> Path:
    """Return the name under which a file is written before it takes its own."""
    return path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")


def commit_file(temporary: Path, path: Path) -> None:
    """Give a finished temporary file its name, so that a power cut leaves the old or the new."""
    with mapping_os_errors("write", path):
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)


@contextmanager
def syncing(stream: BinaryIO) -> Iterator[None]:
    """Let the disk take a finished file while it is read: then `commit_file` need not wait.

    Raises:
        StoreError: The disk did not take it. To ask again would not do: a system tells such a fault
            once, and then that all is well.
    """
    faults: list[OSError] = []

    def sync() -> None:
        try:
            os.fsync(stream.fileno())
        except OSError as error:
            faults.append(error)

    thread = Thread(target=sync)
    thread.start()
    try:
        yield
    finally:
        # Before the file is closed, and Windows lets nobody rename an open one.
        thread.join()
    for fault in faults:
        with mapping_os_errors("write", Path(stream.name)):
            raise fault


def atomic_write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and durably.

    Raises:
        StoreError: It could not be written; what was there before is untouched.
    """
    temporary = temporary_beside(path)
    try:
        with mapping_os_errors("write", path):
            temporary.write_bytes(content)
        commit_file(temporary, path)
    except BaseException:
        remove_if_there(temporary)
        raise


def write_beside_builds(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and durably, while another program may begin a build.

    A build sweeps away what killed ones left half written: not files of this name. Two writers of
    one file hold a lock of their own; what a killed one left, the next one overwrites.

    Raises:
        StoreError: It could not be written; what was there before is untouched.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        with mapping_os_errors("write", path):
            temporary.write_bytes(content)
        commit_file(temporary, path)
    except BaseException:
        remove_if_there(temporary)
        raise


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it holds these bytes already; say whether it was written."""
    with mapping_os_errors("read", path), suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    atomic_write(path, content)
    return True


def remove(path: Path) -> None:
    """Remove a file for good.

    Raises:
        StoreError: It cannot be removed.
    """
    with mapping_os_errors("remove", path):
        path.unlink()
        _sync_folder(path.parent)


def remove_if_there(path: Path) -> None:
    """Remove a file; one that is not there is fine, and so is one that cannot be removed.

    Used for files that nothing names any more: the next sweep tries again.
    """
    with suppress(OSError):
        path.unlink()


def is_temporary(name: str) -> bool:
    """Tell whether a file is one that was never finished."""
    return name.startswith(".") and name.endswith(TEMPORARY_SUFFIX)


def names_in(folder: Path) -> list[str]:
    """Return the names of all that is in a folder, in any order; none of one that is not there.

    Raises:
        StoreError: It cannot be read.
    """
    gone = (FileNotFoundError, NotADirectoryError)
    with mapping_os_errors("read the folder", folder), suppress(*gone):
        return os.listdir(folder)  # noqa: PTH208 - names alone: there may be 100,000 of them
    return []


def sweep_temporary(*folders: Path) -> None:
    """Remove what a killed run left unfinished. Only the holder of the lock may call this."""
    for folder in folders:
        # What cannot be read is told by whoever needs it.
        with suppress(StoreError):
            _sweep(folder, is_deep=True)


def _sweep(folder: Path, *, is_deep: bool) -> None:
    for name in names_in(folder):
        if is_temporary(name):
            remove_if_there(folder / name)
        elif is_deep:
            with suppress(StoreError):
                _sweep(folder / name, is_deep=False)


def fresh_folder(path: Path) -> Path:
    """Return an empty folder, for work that no later run needs."""
    with mapping_os_errors("empty the work folder", path):
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
    return path


def _sync_folder(path: Path) -> None:
    """Make a rename durable; Windows has no handle for a folder and needs none."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
