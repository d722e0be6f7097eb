"""Errors for people, in three lines: what, where, how to mend it; and for scripts, as JSON."""

from __future__ import annotations

import json
import sys
import traceback

import click

from audiobrief.cli.options import wants_json
from audiobrief.errors import AudiobriefError, StoreError

INTERRUPTED = 130


def report_failure(error: BaseException) -> int:
    """Print an error to stderr and return the exit code it stands for."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        click.echo("interrupted: what was finished is kept", err=True)
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # The reader went away (a pager, head): not our error, and nothing more can be said.
        sys.stdout = None
        return 0
    if isinstance(error, OSError) and error.filename is None:
        # Our own files are named by their errors: this is the stream that we print to.
        print_error(
            StoreError(f"cannot print: {error.strerror}", "output", remedy="check where it goes")
        )
        return 1
    if isinstance(error, click.UsageError):
        print_error(_usage(error))
        return 2
    if isinstance(error, AudiobriefError):
        if wants_json():
            click.echo(json.dumps({"error": as_json(error)}, ensure_ascii=False))
        print_error(error)
        _trace(error)
        return error.exit_code
    print_error(
        AudiobriefError(
            f"a defect in audiobrief: {type(error).__name__}: {error}",
            _place(error),
            remedy="run the same command with -vv and report what it prints",
        )
    )
    _trace(error)
    return 1


def print_error(error: AudiobriefError) -> None:
    """Print one error in its three lines, and those that came with it."""
    one_line = " ".join(error.problem.split())
    click.echo(f"error: {one_line}\n  {error.subject}\n  fix: {error.remedy}", err=True)
    for other in getattr(error, "others", ()):
        print_error(other)


def as_json(error: AudiobriefError) -> dict[str, str]:
    """Return an error's three parts."""
    return {"problem": error.problem, "subject": error.subject, "remedy": error.remedy}


def _usage(error: click.UsageError) -> AudiobriefError:
    path = error.ctx.command_path if error.ctx else "audiobrief"
    message = error.format_message().rstrip(".")
    return AudiobriefError(
        message[:1].lower() + message[1:], path, remedy=f'run "{path} --help" to see what it takes'
    )


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "unknown"


def _trace(error: BaseException) -> None:
    """Print the traceback where ``-vv`` asked for it."""
    flags = [a for a in sys.argv[1:] if a.startswith("-v")]
    if sum(a.count("v") for a in flags) >= 2:
        traceback.print_exception(error)
