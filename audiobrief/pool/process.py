"""A worker as its supervisor sees it: a process, two pipes, and what it last complained of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, cast

import audiobrief
from audiobrief.pool.family import MARK, kill_family, resident_bytes
from audiobrief.pool.frames import FrameError, read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import BinaryIO

    from audiobrief.model.job import EpisodeJob

#: So much of the last complaints is told.
_MOST_CHARACTERS: Final = 200


class WorkerProcess:
    """A process that does one job at a time. Used by the thread that has made it.

    Args:
        perform: What it does: a dotted name.
        environment: Variables besides our own.
        hear: Told of every message in another thread, and of ``None`` at the end of them.
    """

    def __init__(
        self,
        perform: str,
        environment: Mapping[str, str],
        hear: Callable[[WorkerProcess, dict[str, Any] | None], None],
    ) -> None:
        self._mark = os.urandom(16).hex()
        self._complaints = TemporaryFile()  # noqa: SIM115 - it is read when the process is gone
        #: It has greeted.
        self.is_ready = False
        #: Jobs that it has been given.
        self.job_count = 0
        #: When it last gave a sign of life, by `time.monotonic`.
        self.seen_s = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            # -P: what lies in the folder that we are in is none of ours.
            [sys.executable, "-P", "-X", "faulthandler", "-m", "audiobrief.pool.worker", perform],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**os.environ, **_python_path(), MARK: self._mark, **environment},
            **_own_group(),
        )
        self._input = cast("BinaryIO", self._process.stdin)
        self._output = cast("BinaryIO", self._process.stdout)
        self._reader = Thread(target=self._read, args=(hear,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    @property
    def resident_bytes(self) -> int | None:
        """How much memory it holds; ``None``: that is not known."""
        return resident_bytes(self.pid)

    def give(self, job: EpisodeJob) -> None:
        """Give it a job; one that is dead is heard to be so."""
        self.job_count += 1
        self.seen_s = time.monotonic()
        with suppress(OSError, ValueError):
            write_frame(self._input, {"job": job.to_json().decode()})

    def _read(self, hear: Callable[[WorkerProcess, dict[str, Any] | None], None]) -> None:
        with suppress(OSError, ValueError, FrameError):
            while (message := read_frame(self._output)) is not None:
                hear(self, message)
        hear(self, None)

    def dismiss(self) -> None:
        """Tell it that there is no more for it to do."""
        with suppress(OSError, ValueError):  # what could not be flushed to the dead is not missed
            self._input.close()

    def end(self, patience_s: float = 0.0) -> str:
        """End it with all that it has started, and leave nothing behind. Any number of times.

        Args:
            patience_s: So long it may end by itself.

        Returns:
            How it ended, in words for the user.
        """
        self.dismiss()
        if patience_s:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
        if self._process.poll() is None and sys.platform != "win32":
            with suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        kill_family(self._mark, without=self.pid)
        self._process.wait()
        self._reader.join(1.0)
        if not self._reader.is_alive():
            self._output.close()
        return self._obituary()

    @property
    def was_killed(self) -> bool:
        """Say whether a signal that cannot be caught has ended it: ours, or the system's."""
        return sys.platform != "win32" and self._process.returncode == -signal.SIGKILL

    def wait_briefly(self) -> None:
        """Wait for the end of a process whose pipe has ended, to know how it ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)

    def _obituary(self) -> str:
        code = self._process.returncode
        how = f"exit status {code}"
        if code is not None and code < 0:
            with suppress(ValueError):
                how = f"signal {signal.Signals(-code).name}"
        if self._complaints.closed:
            return how
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - 16_384))
        text = self._complaints.read().decode("utf-8", "replace")
        self._complaints.close()
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        fatal = [line for line in lines if line.startswith("Fatal Python error")]
        last = (fatal or lines or [""])[-1][:_MOST_CHARACTERS]
        return f"{how}: {last}" if last else how


def _python_path() -> dict[str, str]:
    """Let the worker find the same package of ours, if it is not installed."""
    folder = str(Path(audiobrief.__file__).parents[1])
    known = os.environ.get("PYTHONPATH", "")
    if folder.endswith(("site-packages", "dist-packages")):
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, (folder, known)))}


def _own_group() -> dict[str, Any]:
    """Keep a Ctrl-C in the terminal from the worker: who stops it is its supervisor."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}
