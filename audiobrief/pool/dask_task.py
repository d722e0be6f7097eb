"""What a worker of Dask runs: a job as text in, its outcome as text out."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final, Self

from audiobrief import __version__, errors
from audiobrief.errors import AudiobriefError, PoolUnavailableError, defect
from audiobrief.model.job import EpisodeJob, JobManifest

if TYPE_CHECKING:
    from audiobrief.model.job import JobProgress
    from audiobrief.pool.seam import Perform

#: A worker without a sign of life for so long has come to a halt: it is ended, and its nanny starts
#: another one.
STALL_S: Final = 600.0
#: As what such a worker ends (EX_TEMPFAIL of sysexits.h).
_STALLED: Final = 75


def run(perform: str, version: str, job: str, stall_s: float = STALL_S) -> str:
    """Do a job; whatever comes of it is text, so that no worker's pickle is needed.

    Args:
        perform: Dotted name of what does it.
        version: Of the audiobrief that asks.
        job: Of `EpisodeJob.to_json`.
        stall_s: Without a sign of life for so long this process ends.

    Returns:
        JSON: ``manifest``, or ``error`` with its kind and its three parts.
    """
    os.environ.setdefault("AUDIOBRIEF_CORES", "1")
    try:
        _require_version(version)
        return json.dumps({"manifest": _done(perform, job, stall_s).to_json().decode()})
    except AudiobriefError as error:
        return json.dumps({"error": _as_parts(error)})
    except Exception as error:  # noqa: BLE001 - a defect costs one article, and is told as one
        return json.dumps({"error": _as_parts(defect(error))})


def _require_version(version: str) -> None:
    if version != __version__:
        raise PoolUnavailableError(
            f"this worker has audiobrief {__version__}, and is asked by {version}",
            _here(),
            remedy=f'install the same there: pip install "audiobrief[dask]=={version}"',
        )


def _here() -> str:
    from distributed import get_worker  # noqa: PLC0415 - an extra; it is what has called

    try:
        return str(get_worker().address)
    except ValueError:
        return "this process"


def _done(name: str, job: str, stall_s: float) -> JobManifest:
    module, _, function = name.partition(":")
    perform: Perform = getattr(import_module(module), function)
    with _Watch(stall_s) as watch:
        return perform(EpisodeJob.from_json(job.encode()), watch.tell)


class _Watch:
    """Ends this process when nothing happens any more: a thread that hangs cannot be ended."""

    def __init__(self, stall_s: float) -> None:
        self._stall_s = stall_s
        self._sign = Event()
        self._is_over = False

    def __enter__(self) -> Self:
        Thread(target=self._watch, daemon=True, name="audiobrief-watch").start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over = True
        self._sign.set()

    def tell(self, _step: JobProgress) -> None:
        """Take a sign of life."""
        self._sign.set()

    def _watch(self) -> None:
        while self._sign.wait(self._stall_s):
            self._sign.clear()
            if self._is_over:
                return
        text = f"audiobrief: no sign of life for {self._stall_s:.0f} s, this worker ends\n"
        sys.stderr.write(text)
        sys.stderr.flush()
        os._exit(_STALLED)


def _as_parts(error: AudiobriefError) -> dict[str, str]:
    kind = type(error).__name__
    return {
        "kind": kind,
        "problem": error.problem,
        "subject": error.subject,
        "remedy": error.remedy,
    }


def outcome(text: str) -> JobManifest | AudiobriefError:
    """Return what a worker has told.

    Raises:
        ValueError: It is nothing that `run` returns.
    """
    told: Any = json.loads(text)
    if not isinstance(told, dict):
        message = f"no outcome: {text[:80]!r}"
        raise ValueError(message)  # noqa: TRY004 - what came is wrong, not the program
    if "manifest" in told:
        return JobManifest.from_json(str(told["manifest"]).encode())
    parts = told.get("error")
    if not isinstance(parts, dict):
        message = f"no outcome: {text[:80]!r}"
        raise ValueError(message)  # noqa: TRY004 - as above
    kind = getattr(errors, str(parts.get("kind")), AudiobriefError)
    if not (isinstance(kind, type) and issubclass(kind, AudiobriefError)):
        kind = AudiobriefError
    problem, subject, remedy = (str(parts.get(n, "")) for n in ("problem", "subject", "remedy"))
    try:
        return kind(problem, subject, remedy=remedy)
    except TypeError:
        # A kind that wants more than three parts; its exit code is lost.
        return AudiobriefError(problem, subject, remedy=remedy)
