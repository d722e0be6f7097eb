"""Run programs, joined by pipes, and tell what they and all their descendants took.

Run as a file in a process of its own, which does nothing else: what the system counts for its
children is then what was measured, and since it is small, the memory that a child has before its
program is loaded is small, too (Linux counts it: 10 MB here, the whole bench otherwise).

The one argument is the order, as JSON; the answer is JSON on stdout. When stdin ends, the one who
gave the order is gone, and the programs are killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from threading import Event, Thread, Timer
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE_S = 0.02
#: How long orphans may take to end by themselves once the programs have ended.
_ORPHANS_S = 5.0
_PR_SET_CHILD_SUBREAPER = 36


class Order(TypedDict):
    """What to run."""

    #: Programs with their arguments; each reads what the one before writes.
    pipeline: list[list[str]]
    folder: str
    #: Where their complaints go.
    errors: str
    limit_s: float | None
    #: How many cores they may use; ``None``: all.
    cores: int | None


class Memory(Thread):
    """Looks every 20 ms at how much memory all descendants hold together (Linux)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        #: Resident sets added up; pages that two processes share count in both.
        self.peak_bytes = 0
        self._seen: set[int] = set()
        self._over = Event()

    def run(self) -> None:
        """Sample until it is over."""
        while not self._over.wait(_SAMPLE_S):
            self._sample()

    def _sample(self) -> None:
        now = set(_descendants(os.getpid()))
        # A process that has just been made may still be its parent's memory under another number.
        total = sum(_resident_bytes(pid) for pid in now & self._seen)
        self.peak_bytes = max(self.peak_bytes, total)
        self._seen = now

    def end(self) -> int | None:
        """Stop, and return the peak; ``None``: it could not be seen."""
        self._over.set()
        self.join()
        return self.peak_bytes or None


def _descendants(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - pathlib costs 10 MB
            with open(f"/proc/{pid}/task/{task}/children") as file:  # noqa: PTH123 - as above
                children = [int(child) for child in file.read().split()]
            for child in children:
                yield child
                yield from _descendants(child)


def _resident_bytes(pid: int) -> int:
    with suppress(OSError), open(f"/proc/{pid}/statm") as file:  # noqa: PTH123 - as above
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _start(order: Order, stack: ExitStack) -> list[subprocess.Popen[bytes]]:
    """Start the programs, each in a group of its own, and return them."""
    log = open(order["errors"], "wb")  # noqa: PTH123, SIM115 - as above; the stack closes it
    stack.callback(log.close)
    processes: list[subprocess.Popen[bytes]] = []
    for count, command in enumerate(order["pipeline"], 1):
        is_last = count == len(order["pipeline"])
        process = subprocess.Popen(  # noqa: S603 - the bench's own commands, no shell
            command,
            stdin=processes[-1].stdout if processes else subprocess.DEVNULL,
            stdout=log if is_last else subprocess.PIPE,
            stderr=log,
            cwd=order["folder"],
            start_new_session=True,
        )
        if processes and processes[-1].stdout:
            processes[-1].stdout.close()
        processes.append(process)
        stack.callback(_kill, process)
    return processes


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program and its group."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _adopt_orphans() -> None:
    """Become the parent of descendants that lose theirs, so that they are counted (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap_orphans() -> None:
    end = time.monotonic() + _ORPHANS_S
    with suppress(ChildProcessError, AttributeError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(_SAMPLE_S)


def _counted() -> tuple[float | None, int | None]:
    """Return CPU seconds of all children and the peak bytes of the largest one."""
    if sys.platform == "win32":
        return None, None
    import resource  # noqa: PLC0415 - not on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Kilobytes, but bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return used.ru_utime + used.ru_stime, used.ru_maxrss * unit


def _on_few_cores(cores: int | None, stack: ExitStack) -> None:
    """Let what is started in the stack's time use some cores only; this process goes back."""
    if cores is not None and sys.platform == "linux":
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, sorted(before)[:cores])
        stack.callback(os.sched_setaffinity, 0, before)


def carry_out(order: Order) -> dict[str, Any]:
    """Run an order to its end."""
    memory, late = Memory(), Event()
    with ExitStack() as stack:
        with ExitStack() as narrow:
            _on_few_cores(order["cores"], narrow)
            begun = time.perf_counter()
            processes = _start(order, stack)

        def stop() -> None:
            late.set()
            for process in processes:
                _kill(process)

        def stop_when_left() -> None:
            sys.stdin.buffer.read()
            stop()

        memory.start()
        Thread(target=stop_when_left, daemon=True).start()
        if order["limit_s"] is not None:
            timer = Timer(order["limit_s"], stop)
            timer.daemon = True
            timer.start()
            stack.callback(timer.cancel)
        codes = [process.wait() for process in processes]
        wall_s = time.perf_counter() - begun
        tree_bytes = memory.end()
    _reap_orphans()
    cpu_s, largest_bytes = _counted()
    return {
        "codes": codes,
        "is_late": late.is_set(),
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "largest_bytes": largest_bytes,
        "tree_bytes": tree_bytes,
    }


if __name__ == "__main__":
    _adopt_orphans()
    sys.stdout.write(json.dumps(carry_out(json.loads(sys.argv[1]))))
    sys.stdout.flush()
    os._exit(0)  # a thread waits for stdin
