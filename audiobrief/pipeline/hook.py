"""A program of the user's: no shell, a text to read, and an end when it takes too long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from audiobrief.errors import AnnounceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

#: A first upload of hundreds of episodes over a slow line takes minutes.
LIMIT_S = 600.0
#: How often the waiting looks up: whoever asks us to stop is heard then.
_LOOK_S = 0.25
#: What an upload gets to leave in order, before it is killed.
_GRACE_S = 5.0
#: The last words of a program say why it failed.
_SHOWN_BYTES = 4000


def run_hook(
    command: Sequence[str],
    folder: Path,
    *,
    given: bytes,
    environment: Mapping[str, str],
    look: Callable[[], None],
    limit_s: float = LIMIT_S,
) -> None:
    """Run a program to its end.

    Files, not pipes, are its streams: one that reads nothing, says much, or leaves something
    running in the background blocks nobody.

    Args:
        command: The program and its arguments. A relative path with a slash is below ``folder``.
        folder: Where it runs.
        given: What it reads from standard input.
        environment: Variables besides ours.
        look: Called while it runs; what this raises ends the program, too.
        limit_s: After which it is ended.

    Raises:
        AnnounceError: It could not be started, took too long, or failed.
    """
    shown = subprocess.list2cmdline(command)
    with TemporaryFile() as written, TemporaryFile() as said:
        written.write(given)
        written.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's program, no shell
                [_located(command[0], folder), *command[1:]],
                cwd=folder,
                env={**os.environ, **environment},
                stdin=written,
                stdout=said,
                stderr=subprocess.STDOUT,
                **_own_group(),
            )
        except OSError as error:
            raise AnnounceError(
                f"the hook cannot be started: {error.strerror or error}",
                shown,
                remedy="install the program, or mend [publish] hook in audiobrief.toml",
            ) from error
        try:
            in_time = _wait(process, look, limit_s)
        finally:
            _end(process)
        words = _last_words(said)
    if not in_time:
        raise AnnounceError(
            f"the hook took more than {limit_s:.0f} s and was ended{words}",
            shown,
            remedy="run it by hand in the workspace to see what it waits for",
        )
    if process.returncode != 0:
        raise AnnounceError(
            f"the hook failed with exit code {process.returncode}{words}",
            shown,
            remedy="run it by hand in the workspace; the next run of audiobrief tries again",
        )


def _located(program: str, folder: Path) -> str:
    """Return the program; where a relative path leads depends on the system otherwise."""
    has_folder = os.sep in program or "/" in program
    return str(folder / program) if has_folder else program


def _own_group() -> dict[str, Any]:
    """Keep a Ctrl-C in the terminal from it: who stops it is its parent."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}


def _wait(process: subprocess.Popen[bytes], look: Callable[[], None], limit_s: float) -> bool:
    """Wait for the end; say whether it came in time."""
    end_s = monotonic() + limit_s
    while monotonic() < end_s:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_S)
            return True
        look()
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, and what it has started."""
    if process.poll() is not None:
        return
    _signal(process, hard=False)
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        _signal(process, hard=True)
        process.wait()


def _signal(process: subprocess.Popen[bytes], *, hard: bool) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL if hard else signal.SIGTERM)


def _last_words(said: IO[bytes]) -> str:
    """Return the last line that the program wrote, to stand behind a problem."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - _SHOWN_BYTES))
    lines = said.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last[:200]}" if last else ""
