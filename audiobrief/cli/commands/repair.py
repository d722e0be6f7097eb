"""``audiobrief repair``: index, pages and feed from the manifests; what is lost is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling

if TYPE_CHECKING:
    from audiobrief.pipeline.repair import RepairReport
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief repair --dry-run            what is damaged, and what can be mended
audiobrief repair
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
@common_flags()
def command(dry_run: bool, common: Common) -> int:
    """Make the index, the pages and the feed anew from the manifests of the episodes.

    Every file is read and held against its digest. What can be rendered again is; what cannot be
    saved is named, with what helps: exit code 1. Nothing is removed that cannot be made again.
    """
    from audiobrief.pipeline.repair import repair  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    reports = []
    # The first one last: its page names the others.
    for show in reversed(workspace.shows):
        with telling(common) as tell:
            report = repair(show, now=current_time(), dry_run=dry_run, tell=tell)
        reports.append((show, report))
    if common.json:
        print_json({"dry_run": dry_run, "shows": [_row(*each) for each in reports]})
    elif not common.quiet:
        for show, report in reports:
            _print(show, report, dry_run=dry_run)
    lost = [error for _, report in reports for error in report.lost]
    for error in lost:
        print_error(error)
    return 1 if lost else 0


def _row(show: Workspace, report: RepairReport) -> dict[str, Any]:
    return {
        "show": show.show or None,
        "episodes": report.episodes,
        "mended": list(report.mended),
        "lost": [as_json(error) for error in report.lost],
        "feed": report.feed,
    }


def _print(show: Workspace, report: RepairReport, *, dry_run: bool) -> None:
    for line in report.mended:
        click.echo(f"{'would mend' if dry_run else 'mended':<10}  {line}")
    made = f"; index, pages and {report.feed} made anew" if report.feed else ""
    count = f"{report.episodes} episode{'' if report.episodes == 1 else 's'}"
    click.echo(f"{show.show_title}: {count} whole or mended, {len(report.lost)} lost{made}")
