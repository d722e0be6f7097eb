"""wrk: so many connections that ask one thing of a server, over and over."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM: Final = "wrk"
#: A request that is not answered for so long counts as an error.
_PATIENCE_S: Final = 10
_DONE = re.compile(r"(\d+) requests in ")
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_SOCKETS = re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")
_REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@dataclass(frozen=True, slots=True)
class Load:
    """What one thing asked for is."""

    url: str
    #: Headers of the request.
    fields: Mapping[str, str]
    connections: int
    #: Whole seconds, at least one.
    seconds: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it."""

    count: int
    per_s: float
    #: Connections that failed, and answers from 400 on.
    error_count: int


def is_here() -> bool:
    """Tell whether wrk is installed."""
    return shutil.which(PROGRAM) is not None


def ask(load: Load) -> Answered:
    """Ask for so many seconds.

    Raises:
        AudiobriefError: wrk cannot.
    """
    command = [PROGRAM, "-t1", f"-c{load.connections}", f"-d{load.seconds}"]
    command += [f"--timeout={_PATIENCE_S}"]
    for name, value in load.fields.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(  # noqa: S603 - no shell; the address is our own
        [*command, load.url], capture_output=True, text=True, check=False
    )
    answered = parse(done.stdout)
    if done.returncode or answered is None:
        said = (done.stderr or done.stdout).strip().splitlines() or ["without a word"]
        raise AudiobriefError(
            f"wrk has failed: {said[-1]}", load.url, remedy="see whether it runs by itself"
        )
    return answered


def parse(report: str) -> Answered | None:
    r"""Return what a report of wrk's says; ``None``: it is none.

    >>> parse('  90 requests in 1.00s, 2MB read\n  Socket errors: connect 0, read 1, '
    ...       'write 0, timeout 2\nRequests/sec:     89.50\n')
    Answered(count=90, per_s=89.5, error_count=3)
    """
    done, rate = _DONE.search(report), _RATE.search(report)
    if done is None or rate is None:
        return None
    failed, refused = _SOCKETS.search(report), _REFUSED.search(report)
    error_count = sum(map(int, failed.groups())) if failed else 0
    error_count += int(refused[1]) if refused else 0
    return Answered(int(done[1]), float(rate[1]), error_count)
