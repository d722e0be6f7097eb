"""One build at a time in a workspace.

A lock of the operating system, which dies with its process. Own code, because the library
for it (filelock 4.2) takes 115 ms to import and falls back to lock files that survive a kill.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from audiobrief.errors import LockedError
from audiobrief.store.files import make_folder, mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(path: Path, *, held: str = "another build holds this workspace") -> Iterator[None]:
    """Hold the lock file for as long as the block runs.

    Args:
        path: The lock file.
        held: What it means that another process holds it.

    Raises:
        LockedError: Another process holds it; returned at once, without waiting.
        StoreError: The lock file cannot be created.
    """
    make_folder(path.parent)
    with mapping_os_errors("open the lock file", path):
        stream = path.open("a+b")
    with stream:
        with mapping_os_errors("lock", path):
            free = _take(stream)
        if not free:
            raise LockedError(
                held,
                str(path),
                remedy="wait until it is done, then run the same command again",
            )
        yield


#: What is held for some milliseconds is asked for again after so long.
_PAUSE_S = 0.004


@contextmanager
def briefly_locked(path: Path, *, patience_s: float = 10.0) -> Iterator[None]:
    """Hold a lock file that nobody holds for long; wait for it.

    Args:
        path: The lock file.
        patience_s: Who waits so long waits for something that hangs.

    Raises:
        LockedError: Somebody still holds it.
        StoreError: The lock file cannot be created.
    """
    end = time.monotonic() + patience_s
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(path, held="another program changes the same file"))
                break
            except LockedError:
                if time.monotonic() > end:
                    raise
            time.sleep(_PAUSE_S)
        yield


if os.name == "nt":
    import msvcrt

    def _take(stream: IO[bytes]) -> bool:
        """Take the lock; say whether it was free."""
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except PermissionError:
            return False
        return True
else:
    import fcntl

    def _take(stream: IO[bytes]) -> bool:
        """Take the lock; say whether it was free."""
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
