"""What programs take, with all that they start: CPU, wall time, memory.

CPU is counted by the system for every process of the tree (user and system), also for those that
lost their parent. Memory is told twice: the peak of the largest process, from the system, and the
peak of all together, by looking every 20 ms, where pages that processes share count in each. What
a system does not tell is ``None``: memory of the tree outside Linux, and on Windows all but wall
time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.bench import programs
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WARDEN = Path(programs.__file__).with_name("warden.py")
_MB = 1e6


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took."""

    wall_s: float
    #: ``None``: this system does not tell; so for the next two.
    cpu_s: float | None
    #: Peak of the largest process, in millions of bytes.
    largest_mb: float | None
    #: Peak of all processes together.
    tree_mb: float | None
    #: Why there is no result: what the programs complained of, or the time limit.
    failure: str | None = None
    #: Length of the MP3 that was made.
    sound_s: float | None = None


def run_tree(
    pipeline: Sequence[Sequence[str]],
    folder: Path,
    *,
    limit_s: float | None = None,
    cores: int | None = None,
    errors: Path | None = None,
) -> Taken:
    """Run programs and return what they took.

    Args:
        pipeline: Programs with arguments; each reads what the one before writes.
        folder: Where they run.
        limit_s: They are killed after so long.
        cores: They may use so many (Linux).
        errors: Where their complaints and the output of the last one go; default: a file in the
            folder.
    """
    errors = errors or folder / "errors.txt"
    order = {
        "pipeline": [list(command) for command in pipeline],
        "folder": str(folder),
        "errors": str(errors),
        "limit_s": limit_s,
        "cores": cores,
    }
    answer = _carried_out(order)
    failure = None
    if answer["is_late"]:
        failure = f"not finished in {limit_s:g} s"
    elif any(answer["codes"]):
        failure = f"failed: {_complaint(errors) or answer['codes']}"
    return Taken(
        answer["wall_s"],
        answer["cpu_s"],
        _in_mb(answer["largest_bytes"]),
        _in_mb(answer["tree_bytes"]),
        failure,
    )


def _carried_out(order: dict[str, Any]) -> dict[str, Any]:
    """Give the order to a warden and return its answer."""
    # The standard library alone; UTF-8, whatever the system's language is.
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(_WARDEN), json.dumps(order)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and file, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as warden:
        assert warden.stdout is not None  # noqa: S101 - they are pipes, tell the type checker
        assert warden.stderr is not None  # noqa: S101 - as above
        told, complaint = warden.stdout.read(), warden.stderr.read()
    if not told:
        lines = complaint.decode(errors="replace").strip().splitlines() or ["without a word"]
        first = order["pipeline"][0][0]
        raise AudiobriefError(
            f"a measured program cannot be run: {lines[-1]}",
            first,
            remedy="see whether it starts by itself",
        )
    answer: dict[str, Any] = json.loads(told)
    return answer


def _complaint(path: Path) -> str:
    """Return the line that tells most: ours that says error, else the last one."""
    lines = path.read_text("utf-8", errors="replace").strip().splitlines()
    told = next((line for line in lines if line.startswith("error: ")), lines[-1] if lines else "")
    return told.removeprefix("error: ")[:200]


def _in_mb(count: int | None) -> float | None:
    return None if count is None else count / _MB


def one_after_another(first: Taken, second: Taken) -> Taken:
    """Return what two runs took together, the second begun when the first had ended."""
    return Taken(
        first.wall_s + second.wall_s,
        _sum(first.cpu_s, second.cpu_s),
        _larger(first.largest_mb, second.largest_mb),
        _larger(first.tree_mb, second.tree_mb),
        first.failure or second.failure,
        second.sound_s,
    )


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second


def _larger(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else max(first, second)
