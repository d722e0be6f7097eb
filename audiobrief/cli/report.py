"""What a run over shows did, for people and as JSON."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.output import doubtful_lines
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from audiobrief.cli.options import Common
    from audiobrief.model.report import BuildReport, Outcome
    from audiobrief.workspace.load import Workspace


Report_co = TypeVar("Report_co", bound="BuildReport", covariant=True)


class Made(NamedTuple, Generic[Report_co]):
    """What became of a show."""

    show: Workspace
    report: Report_co


def as_document(made: Sequence[Made[BuildReport]]) -> dict[str, Any]:
    """Return reports as the JSON that users see.

    What is said of the whole run is the first show's that has something to say; ``shows`` has it
    apart.
    """
    # The first show is made last, since its page names the others.
    made = sorted(made, key=lambda one: bool(one.show.show))
    shows = [_show_row(one) for one in made]

    def first(key: str) -> Any:
        return next((row[key] for row in shows if row[key] is not None), None)

    return {
        "episodes": [as_row(outcome, one.show) for one in made for outcome in one.report.outcomes],
        "feed": first("feed"),
        "elapsed_s": round(sum(one.report.elapsed_s for one in made), 3),
        "warnings": list(chain.from_iterable(row["warnings"] for row in shows)),
        "damaged": list(chain.from_iterable(row["damaged"] for row in shows)),
        "unannounced": first("unannounced"),
        "error": first("error"),
        "shows": shows,
    }


def as_row(outcome: Outcome, show: Workspace) -> dict[str, Any]:
    """Return what became of an article."""
    return {
        "show": show.show or None,
        "locator": outcome.locator,
        "outcome": outcome.result,
        "guid": outcome.guid,
        "directory": outcome.directory,
        "synthesized": outcome.synthesized,
        "cached": outcome.cached,
        "error": as_json(outcome.error) if outcome.error else None,
        "notes": list(outcome.notes),
        "doubtful_words": list(outcome.doubtful_words),
    }


def _show_row(made: Made[BuildReport]) -> dict[str, Any]:
    show, report = made
    return {
        "show": show.show or None,
        "feed": report.feed,
        "warnings": list(report.warnings),
        "damaged": [as_json(error) for error in report.damaged],
        "unannounced": as_json(report.unannounced) if report.unannounced else None,
        "error": as_json(report.error) if report.error else None,
    }


def print_report(made: Made[BuildReport], common: Common, *, dry_run: bool) -> None:
    """Print the outcomes: with ``--json`` to stderr, and only what went wrong."""
    report = made.report
    if made.show.settings.shows and not (common.quiet or common.json):
        click.echo(f"show       {made.show.show_title}")
    for outcome in report.outcomes:
        if outcome.error is not None:
            print_error(outcome.error, about=outcome.locator)
        elif not common.quiet and not common.json:
            _print_outcome(outcome, common, dry_run=dry_run)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    for error in other_errors(report):
        print_error(error)
    if report.feed and not common.quiet and not common.json:
        click.echo(f"feed       {report.feed}  ({report.elapsed_s:.1f} s)")


def _print_outcome(outcome: Outcome, common: Common, *, dry_run: bool) -> None:
    verb = "would build" if dry_run and outcome.result == "built" else outcome.result
    click.echo(f"{verb:<10} {outcome.locator}")
    if outcome.result == "built":
        if outcome.directory:
            click.echo(f"           {outcome.directory}/")
        count = outcome.synthesized
        spoken = f"{count} clip{'' if count == 1 else 's'} spoken"
        click.echo(f"           {spoken}, {outcome.cached} from the cache")
    elif common.verbose and outcome.directory:
        click.echo(f"           {outcome.directory}/")
    for note in outcome.notes:
        click.echo(f"           note: {note}")
    for line in doubtful_lines(outcome.doubtful_words):
        click.echo(f"           {line}")


report_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "report_file",
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report of this run there, as HTML.",
)


class Written(NamedTuple):
    """Where the report of a run is, or why it is nowhere."""

    #: As the user is told it; ``None``: there was nothing to tell.
    path: str | None = None
    error: AudiobriefError | None = None


def keep_report(
    made: Sequence[Made[BuildReport]],
    kind: Literal["build", "brief"],
    common: Common,
    *,
    now: datetime,
    target: Path | None,
) -> Written:
    """Write the report of a run as a file, and say where.

    That it cannot be written fails a run only where a person has asked for it.
    """
    from audiobrief.pipeline.build_report import ShowBuilt, shown_path, write_report  # noqa: PLC0415

    if not made:
        return Written()
    built = [ShowBuilt(one.show, one.report) for one in made]
    try:
        path = write_report(built, kind, now=now, target=target)
    except AudiobriefError as error:
        print_error(error, about="the report of this run")
        return Written(error=error if target else None)
    if path is None:
        return Written()
    shown = shown_path(path, made[0].show.root)
    if not (common.quiet or common.json):
        click.echo(f"report     {shown}")
    return Written(shown)


def other_errors(report: BuildReport) -> tuple[AudiobriefError, ...]:
    """Return what went wrong that is of no single article."""
    return (*report.damaged, *(e for e in (report.error, report.unannounced) if e))


def exit_code(made: Sequence[Made[BuildReport]]) -> int:
    """Return the code of the gravest failure: engine (4), settings (2), any other (1), none (0)."""
    errors = [*chain.from_iterable(other_errors(one.report) for one in made)]
    errors += [o.error for one in made for o in one.report.outcomes if o.error]
    codes = {error.exit_code for error in errors}
    return next((code for code in (4, 2) if code in codes), 1 if codes else 0)
