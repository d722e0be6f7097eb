"""``audiobrief build``: articles to episodes and feed."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import doubtful_lines, print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import SourceError, WorkspaceError

if TYPE_CHECKING:
    from audiobrief.errors import AudiobriefError
    from audiobrief.model.report import BuildReport, FetchReport, Outcome
    from audiobrief.pipeline.build import Input
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief build article.txt
audiobrief build                       what the sources have, and everything in articles/
audiobrief build news/ --dry-run       what would be done
pbpaste | audiobrief build -           from standard input
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("paths", nargs=-1, metavar="[PATH | -]...")
@click.option("--voice", metavar="NAME", help="This voice narrates, for this run.")
@click.option("--engine", metavar="NAME", help="This engine speaks all voices, for this run.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
@click.option("--force", is_flag=True, help="Build even what has not changed; overwrite scripts.")
@click.option(
    "--keep-script",
    is_flag=True,
    help="Follow an edited script.md where the article has changed the same lines.",
)
@click.option("--no-fetch", is_flag=True, help="Do not ask the sources of the settings first.")
@common_flags()
def command(  # noqa: PLR0913, PLR0917 - one for each flag
    paths: tuple[str, ...],
    voice: str | None,
    engine: str | None,
    dry_run: bool,
    force: bool,
    keep_script: bool,
    no_fetch: bool,
    common: Common,
) -> int:
    """Turn articles into episodes and a podcast feed.

    PATH is a text, Markdown, HTML, EPUB, Word or PDF file, a folder of them, or - for standard
    input; without any, what the sources of the settings have and the folder articles/ of the
    workspace. Only what has changed is done again.
    """
    from audiobrief.pipeline.build import build  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.run import BuildOptions  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    options = BuildOptions(voice, engine, force, keep_script, dry_run)
    asks = bool(workspace.settings.sources) and not (paths or no_fetch or dry_run)
    fetched = _fetched(workspace, common) if asks else None
    with telling(common) as tell:
        inputs = gather_inputs(paths, workspace)
        report = build(workspace, inputs, now=current_time(), options=options, tell=tell)
    if common.json:
        from audiobrief.cli.commands.fetch import as_row  # noqa: PLC0415 - it needs this module

        rows = {} if fetched is None else {"sources": [as_row(o) for o in fetched.sources]}
        print_json({**as_document(report), **rows})
    print_report(report, common, dry_run=dry_run)
    failed = fetched is not None and any(outcome.error for outcome in fetched.sources)
    return exit_code(report) or int(failed)


def _fetched(workspace: Workspace, common: Common) -> FetchReport:
    """Take what the sources have, and say what came."""
    from audiobrief.cli.commands.fetch import print_outcomes  # noqa: PLC0415 - it needs this module
    from audiobrief.pipeline.fetch import fetch  # noqa: PLC0415 - httpx

    with telling(common) as tell:
        report = fetch(workspace, now=current_time(), tell=tell)
    print_outcomes(report, common)
    return report


def gather_inputs(paths: tuple[str, ...], workspace: Workspace) -> list[Input]:
    """Return the articles that paths name.

    Raises:
        WorkspaceError: None is named, and there is no inbox.
    """
    from audiobrief.ingest.source import expand, gather, read, read_stream  # noqa: PLC0415
    from audiobrief.pipeline.build import Input  # noqa: PLC0415

    named = list(paths) or [str(workspace.articles)]
    if not paths and not workspace.articles.is_dir():
        raise WorkspaceError(
            "no article is given, and there is no inbox",
            str(workspace.articles),
            remedy='name an article: "audiobrief build article.txt", or run "audiobrief init"',
        )
    inputs: list[Input] = []
    for path in named:
        if path == "-":
            inputs.append(Input("stdin", partial(read_stream, sys.stdin.buffer)))
            continue
        found = gather([_located(path, workspace)], root=workspace.root)
        # A book has an article a chapter; one of them that fails is told when it is read.
        inputs += [Input(c.locator, partial(read, c)) for f in found for c in expand(f)]
        if not found:
            inputs.append(Input(path, partial(_refuse_empty, path)))
    return inputs


def _located(path: str, workspace: Workspace) -> Path:
    """Return where a path leads: from where the user is, else from the workspace (``-C``)."""
    here = Path(path)
    there = workspace.root / path
    return there if not here.exists() and there.exists() else here


def _refuse_empty(path: str) -> NoReturn:
    raise SourceError(
        "there is no article in this folder",
        path,
        remedy="put .txt, .md, .html, .epub, .docx or .pdf files into it",
    )


def current_time() -> datetime:
    """Return the time of this run; SOURCE_DATE_EPOCH sets it (reproducible-builds.org).

    Raises:
        WorkspaceError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise WorkspaceError(
            "SOURCE_DATE_EPOCH is no number of seconds since 1970",
            given,
            remedy="unset it, or set it to a whole number",
        ) from error


def as_document(report: BuildReport) -> dict[str, Any]:
    """Return a report as the JSON that users see."""
    return {
        "episodes": [
            {
                "locator": o.locator,
                "outcome": o.result,
                "guid": o.guid,
                "directory": o.directory,
                "synthesized": o.synthesized,
                "cached": o.cached,
                "error": as_json(o.error) if o.error else None,
                "notes": list(o.notes),
                "doubtful_words": list(o.doubtful_words),
            }
            for o in report.outcomes
        ],
        "feed": report.feed,
        "elapsed_s": round(report.elapsed_s, 3),
        "warnings": list(report.warnings),
        "damaged": [as_json(error) for error in report.damaged],
        "unannounced": as_json(report.unannounced) if report.unannounced else None,
        "error": as_json(report.error) if report.error else None,
    }


def print_report(report: BuildReport, common: Common, *, dry_run: bool) -> None:
    """Print the outcomes: with ``--json`` to stderr, and only what went wrong."""
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


def exit_code(report: BuildReport) -> int:
    """Return the code of the gravest failure: engine (4), settings (2), any other (1), none (0)."""
    codes = {o.error.exit_code for o in report.outcomes if o.error}
    codes |= {e.exit_code for e in other_errors(report)}
    return next((code for code in (4, 2) if code in codes), 1 if codes else 0)
