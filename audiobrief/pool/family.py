"""All processes that a worker has started, its engines among them: none outlives it."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Set for a worker, inherited by whatever it starts, however far that has moved away from it.
MARK: Final = "AUDIOBRIEF_WORKER"
_PROC: Final = Path("/proc")


def kill_family(mark: str, *, without: int | None = None) -> None:
    """Kill every process that carries a mark, and the group that the worker leads.

    On Linux all are found. Elsewhere, what has left the group of the worker ends when its pipe
    does, as engines of ours do.

    Args:
        mark: Value of the variable `MARK`.
        without: A process that is left alone.
    """
    if sys.platform == "win32" or not mark:
        return
    # What is being started while we look is found by looking again.
    for _ in range(3):
        found = [pid for pid in _marked(mark) if pid != without]
        for pid in found:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return


def _marked(mark: str) -> list[int]:
    entry = f"{MARK}={mark}".encode()
    found = []
    for folder in _PROC.glob("[0-9]*"):
        # Of another user, or gone meanwhile.
        with suppress(OSError):
            if entry in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def resident_bytes(pid: int) -> int | None:
    """Return how much memory a process holds now; ``None``: this system does not say."""
    try:
        pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def total_bytes() -> int | None:
    """Return how much memory the machine has; ``None``: this system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None
