"""What a run over shows did, for people and as JSON."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.output import doubtful_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.cli.options import Common
    from audiobrief.errors import AudiobriefError
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


def other_errors(report: BuildReport) -> tuple[AudiobriefError, ...]:
    """Return what went wrong that is of no single article."""
    return (*report.damaged, *(e for e in (report.error, report.unannounced) if e))


def exit_code(made: Sequence[Made[BuildReport]]) -> int:
    """Return the code of the gravest failure: engine (4), settings (2), any other (1), none (0)."""
    errors = [*chain.from_iterable(other_errors(one.report) for one in made)]
    errors += [o.error for one in made for o in one.report.outcomes if o.error]
    codes = {error.exit_code for error in errors}
    return next((code for code in (4, 2) if code in codes), 1 if codes else 0)
