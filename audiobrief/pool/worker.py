"""A worker: ``python -m audiobrief.pool.worker MODULE:FUNCTION`` does jobs that come by its input.

It ends when its input does, at once and with all that it has started: whoever gave it work is gone.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from audiobrief import errors
from audiobrief.errors import AudiobriefError, defect
from audiobrief.model.job import EpisodeJob, JobProgress
from audiobrief.pool.family import MARK, kill_family, resident_bytes
from audiobrief.pool.frames import read_frame, write_frame

if TYPE_CHECKING:
    from typing import BinaryIO

    from audiobrief.pool.seam import Perform

#: Steps of one stage are told at most so often.
_EVERY_S: Final = 0.1
#: Of linux/prctl.h.
_PR_SET_PDEATHSIG: Final = 1


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    jobs, answers = _own_pipes()
    if sys.platform != "win32":
        # Whoever interrupts the work tells its driver, which tells us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    perform = load(arguments[0])
    link = _Link(answers)
    waiting: SimpleQueue[EpisodeJob] = SimpleQueue()
    Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    link.send({"ready": os.getpid()})
    while True:
        job = waiting.get()
        link.send(_answer(perform, job, link))


def load(name: str) -> Perform:
    """Return what a dotted name means, ``module:function``."""
    module, _, function = name.partition(":")
    found: Perform = getattr(import_module(module), function)
    return found


def error_as_row(error: AudiobriefError) -> dict[str, str]:
    """Return an error as plain data."""
    return {
        "kind": type(error).__name__,
        "problem": error.problem,
        "subject": error.subject,
        "remedy": error.remedy,
    }


def error_of_row(row: dict[str, Any]) -> AudiobriefError:
    """Return the error of plain data; of an unknown class, one of the most general."""
    kind = getattr(errors, str(row.get("kind")), AudiobriefError)
    if not (isinstance(kind, type) and issubclass(kind, AudiobriefError)):
        kind = AudiobriefError
    problem, subject, remedy = (str(row.get(n, "")) for n in ("problem", "subject", "remedy"))
    try:
        return kind(problem, subject, remedy=remedy)
    except TypeError:  # a class that wants more than it was told
        return AudiobriefError(problem, subject, remedy=remedy)


class _Link:
    """The way back; from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = Lock()

    def send(self, message: dict[str, Any]) -> None:
        try:
            with self._lock:
                write_frame(self._stream, message)
        except OSError:
            _end()


def _answer(perform: Perform, job: EpisodeJob, link: _Link) -> dict[str, Any]:
    try:
        manifest = perform(job, _Steps(link))
    except AudiobriefError as error:
        return {"failed": error_as_row(error)}
    except MemoryError:
        # Nothing here is as it should be any more.
        sys.stderr.write("MemoryError\n")
        sys.stderr.flush()
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - a defect costs one article, not the worker
        return {"failed": error_as_row(defect(error))}
    return {"done": manifest.to_json().decode(), "bytes": resident_bytes(os.getpid())}


class _Steps:
    """Tells the steps of a job, not too many of them."""

    def __init__(self, link: _Link) -> None:
        self._link = link
        self._stage = ""
        self._next_s = 0.0

    def __call__(self, step: JobProgress) -> None:
        now_s = time.monotonic()
        if step.stage == self._stage and now_s < self._next_s and step.done < step.total:
            return
        self._stage, self._next_s = step.stage, now_s + _EVERY_S
        self._link.send({"step": [step.stage, step.done, step.total, step.detail[:200]]})


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take input and output for ourselves: what a plugin prints goes where errors go."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, answers


def _listen(stream: BinaryIO, waiting: SimpleQueue[EpisodeJob]) -> None:
    with suppress(OSError, ValueError):
        while (message := read_frame(stream)) is not None:
            waiting.put(EpisodeJob.from_json(str(message["job"]).encode()))
    _end()


def _end_with_parent() -> None:
    """Let the system end this process some seconds after its parent, whatever it is doing then.

    `_listen` is faster and takes along what was started here, but cannot run while a library keeps
    Python's lock. So the signal of a parent's death calls the C function ``alarm`` with its own
    number, 10 s, and the alarm ends the process.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - only there

    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        handler = ctypes.cast(libc.alarm, ctypes.c_void_p)
        libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
        libc.signal.restype = ctypes.c_void_p
        libc.signal(signal.SIGUSR1, handler)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGUSR1, 0, 0, 0)


def _end() -> None:
    kill_family(os.environ.get(MARK, ""), without=os.getpid())
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
