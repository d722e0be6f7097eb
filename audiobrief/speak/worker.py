"""A child process that answers requests, one JSON line each, and can die without harm.

The C libraries behind speech engines call ``exit(1)``, overrun buffers and wait forever. In a
process of their own that costs a restart. The process is spawned, never forked: a forked
espeak-ng has lost its synthesis thread and hangs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Longest line that is taken for an answer; the longest real one, a list of voices, has 15 kB.
_LONGEST_ANSWER_BYTES = 1_000_000


class WorkerFault(Exception):  # noqa: N818 - a fault is mended by a new worker, it is no error yet
    """A worker that died, hung, or answered nonsense; it must be replaced."""


class Worker:
    """One process with a private temporary folder, which goes when the process goes.

    Args:
        command: Program and arguments; the path of the temporary folder is added as the last.
        environment: Variables set for the process besides our own.
        cwd: Working directory of the process.
    """

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], cwd: Path
    ) -> None:
        self._temporary = TemporaryDirectory(prefix="audiobrief-", ignore_cleanup_errors=True)
        #: Where the worker puts what is too long for an answer.
        self.folder = Path(self._temporary.name)
        try:
            self._process = self._spawn(command, environment, cwd)
        except OSError as error:
            self._temporary.cleanup()
            raise WorkerFault(f"the process cannot be started: {error}") from error
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        # A thread, because a pipe cannot be read with a time limit on every platform.
        self._reader = Thread(target=self._read_answers, daemon=True)
        self._reader.start()
        self._asked = 0

    def _spawn(
        self, command: Sequence[str], environment: Mapping[str, str], cwd: Path
    ) -> subprocess.Popen[bytes]:
        with (self.folder / "stderr.txt").open("wb") as complaints:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and file, no shell
                [*command, str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, **environment},
                cwd=cwd,
                **_own_group(),
            )

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def greet(self, limit_s: float) -> None:
        """Wait until the process says that it is ready, by an answer to nothing.

        Raises:
            WorkerFault: It is not ready in time, or not at all.
        """
        self._answer(limit_s)

    def ask(self, request: Mapping[str, object], limit_s: float) -> dict[str, Any]:
        """Send a request and return the answer, ``{"ok": ...}`` or ``{"error": ...}``.

        Raises:
            WorkerFault: No answer in time, or none that can be understood.
        """
        self._asked += 1
        line = json.dumps({**request, "id": self._asked}, ensure_ascii=False)
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe, tell the type checker
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:  # ValueError: closed by another thread
            raise WorkerFault(self._obituary()) from error
        return self._answer(limit_s)

    def _answer(self, limit_s: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=limit_s)
        except Empty:
            raise WorkerFault(f"no answer within {limit_s:.0f} s") from None
        if line is None:
            raise WorkerFault(self._obituary())
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise WorkerFault(f"an answer that cannot be read: {line[:60]!r}") from error
        if not isinstance(answer, dict) or answer.get("id") != self._asked:
            raise WorkerFault(f"an answer to another question: {line[:60]!r}")
        return answer

    def _read_answers(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe, tell the type checker
        with suppress(OSError, ValueError):  # closed by `kill` while it waits: the end as well
            while line := self._process.stdout.readline(_LONGEST_ANSWER_BYTES):
                self._answers.put(line)
        self._answers.put(None)

    def _obituary(self) -> str:
        """Say how the process ended, with the last thing it complained of."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        text = f"the process ended with exit status {self._process.returncode}"
        try:
            complaints = (self.folder / "stderr.txt").read_text("utf-8", errors="replace")
        except OSError:
            return text
        lines = complaints.split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"{text}: {last[:200]}" if last else text

    def kill(self) -> None:
        """End the process at once, without leaving a zombie or a file. Any number of times."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None  # noqa: S101 - they are pipes, tell the type checker
            with suppress(OSError):  # what could not be flushed to the dead is not missed
                pipe.close()
        self._temporary.cleanup()


def _own_group() -> dict[str, Any]:
    """Keep a Ctrl-C in the terminal from the worker: who stops it is its parent."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}
