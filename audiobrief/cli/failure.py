"""Errors for people, in three lines: what, where, how to mend it; and for scripts, as JSON."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import click

from audiobrief.cli.options import wants_json
from audiobrief.cli.output import print_json
from audiobrief.errors import AudiobriefError, StoreError, defect
from audiobrief.text.printable import plain_line

#: As shells have it: 128 and the number of SIGINT.
INTERRUPTED = 130
USAGE = 2


def report_failure(error: BaseException) -> int:
    """Print an error, with ``--json`` as a document too, and return the exit code it stands for."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, BrokenPipeError):
        # The reader went away (a pager, head): not our error, and nothing more can be said.
        sys.stdout = None
        return 0
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        click.echo("interrupted: what was finished is kept", err=True)
        return INTERRUPTED
    ours, code = _ours(error)
    if wants_json():
        print_json({"error": as_json(ours), "others": [as_json(e) for e in _others(ours)]})
    print_error(ours)
    if code != USAGE or isinstance(error, AudiobriefError):
        _trace(error)
    return code


def _ours(error: BaseException) -> tuple[AudiobriefError, int]:
    """Return an error in our three parts, and its exit code."""
    if isinstance(error, AudiobriefError):
        return error, error.exit_code
    if isinstance(error, click.UsageError):
        return _usage(error), USAGE
    if isinstance(error, OSError) and error.filename is None:
        # Our own files are named by their errors: this is the stream that we print to.
        problem = f"cannot print: {error.strerror}"
        return StoreError(problem, "output", remedy="check where it goes"), 1
    return defect(error), 1


def _others(error: AudiobriefError) -> tuple[AudiobriefError, ...]:
    return getattr(error, "others", ())


def print_error(error: AudiobriefError, *, about: str = "") -> None:
    """Print one error in its three lines, and those that came with it.

    Args:
        error: The error.
        about: The article that it belongs to, where its own subject does not say.
    """
    where = error.subject if about in error.subject else f"{about}: {error.subject}"
    # Names of files and addresses may have line ends in them, and what a terminal obeys.
    problem, place, remedy = map(plain_line, (error.problem, where, error.remedy))
    click.echo(f"error: {problem}\n  {place}\n  fix: {remedy}", err=True)
    for other in _others(error):
        print_error(other, about=about)


def as_json(error: AudiobriefError) -> dict[str, Any]:
    """Return an error's three parts, and all reasons where it has more than one."""
    parts = {"problem": error.problem, "subject": error.subject, "remedy": error.remedy}
    reasons = getattr(error, "reasons", ())
    return parts | ({"reasons": list(reasons)} if reasons else {})


def _usage(error: click.UsageError) -> AudiobriefError:
    path = error.ctx.command_path if error.ctx else "audiobrief"
    message = error.format_message().rstrip(".")
    return AudiobriefError(
        message[:1].lower() + message[1:], path, remedy=f'run "{path} --help" to see what it takes'
    )


def _trace(error: BaseException) -> None:
    """Print the traceback where ``-vv`` asked for it."""
    flags = [a for a in sys.argv[1:] if a.startswith("-v")]
    if sum(a.count("v") for a in flags) >= 2:
        traceback.print_exception(error)
