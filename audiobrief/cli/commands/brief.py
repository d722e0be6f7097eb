"""``audiobrief brief``: the day's articles become one programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.commands.fetch import require_sources
from audiobrief.cli.commands.status import clock
from audiobrief.cli.inputs import current_time, show_option
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.cli.report import (
    Made,
    Written,
    as_document,
    exit_code,
    keep_report,
    print_report,
    report_option,
)
from audiobrief.cli.span import Span

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.report import BriefReport
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief brief                       what is new today, in ten minutes
audiobrief brief --minutes 5 --dry-run what would be told
audiobrief brief --since 7d --query "harbor ferry"
audiobrief brief --full --most 3       three articles, whole
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--minutes",
    metavar="N",
    type=click.FloatRange(min=0, min_open=True, max=600),
    help="How long it shall be.",
)
@click.option("--since", metavar="SPAN", type=Span(), help="How old articles may be: 12h, 2d, 1w.")
@click.option("--most", metavar="N", type=click.IntRange(1, 100), help="Stories at most.")
@click.option("--source", "sources", metavar="NAME", multiple=True, help="Only of this source.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Only with this tag.")
@click.option("--query", metavar="WORDS", help="Only what has these words, the best first.")
@click.option("--full", is_flag=True, default=None, help="Read whole articles.")
@show_option
@click.option("--voice", metavar="NAME", help="This voice narrates, for this run.")
@click.option("--engine", metavar="NAME", help="This engine speaks all voices, for this run.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be told.")
@click.option("--force", is_flag=True, help="Make it again even if nothing has changed.")
@click.option("--keep-script", is_flag=True, help="Follow an edited script.md where both changed.")
@report_option
@common_flags()
def command(  # noqa: PLR0913, PLR0917 - one for each flag
    minutes: float | None,
    since: float | None,
    most: int | None,
    sources: tuple[str, ...],
    tags: tuple[str, ...],
    query: str | None,
    full: bool | None,
    show: str | None,
    voice: str | None,
    engine: str | None,
    dry_run: bool,
    force: bool,
    keep_script: bool,
    report_file: Path | None,
    common: Common,
) -> int:
    """Make one programme of the articles in the inbox, within a time.

    Stories that several sources tell are told once; long ones are shortened by whole sentences, and
    what is left out is listed. Every sentence of a story is one of its source. Made again on the
    same day, it is the same episode, with what has come in since. With several shows in the
    settings, each that makes a programme today has its own. What was done is told in a page in
    .audiobrief/reports/.
    """
    from audiobrief.pipeline.brief import brief  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.briefing import BriefOptions  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    if sources:
        require_sources(workspace, sources)
    options = BriefOptions(
        *(voice, engine, force, keep_script, dry_run),
        minutes=minutes,
        most=most,
        since_hours=since,
        sources=sources or None,
        tags=tags or None,
        query=query,
        full=full,
    )
    now = current_time()
    made = []
    for one in _chosen(workspace, show, now):
        with telling(common) as tell:
            made.append(Made(one, brief(one, now=now, options=options, tell=tell)))
        if not (common.quiet or common.json):
            _print_stories(made[-1].report, common)
        print_report(made[-1], common, dry_run=dry_run)
    written = Written()
    if not dry_run:
        written = keep_report(made, "brief", common, now=now, target=report_file)
    if common.json:
        rows = {"stories": _story_rows(made), "report": written.path}
        print_json({**as_document(made), **rows})
    elif not made and not common.quiet:
        click.echo("nothing    no show is made today: --show NAME makes one")
    return exit_code(made) or int(written.error is not None)


def _chosen(workspace: Workspace, name: str | None, now: datetime) -> list[Workspace]:
    """Return the shows that have a programme today; without any in the settings, the first one."""
    from audiobrief.pipeline.shows import is_due  # noqa: PLC0415 - keeps --help fast

    if name is not None:
        return [workspace.of_show(name)]
    programmes = [one for one in workspace.shows if one.settings.show.makes == "brief"]
    if not programmes:
        return [workspace]
    # The first one's page names the others.
    return [one for one in reversed(programmes) if is_due(one, now, at_once=True)]


def _print_stories(report: BriefReport, common: Common) -> None:
    for story in report.stories:
        part = "" if story.told_sentences == story.all_sentences else ", shortened"
        click.echo(f"{clock(round(1000 * story.seconds)):>8}   {story.headline}{part}")
        if common.verbose:
            click.echo(f"           {'; '.join(story.reasons)}")


def _story_rows(made: list[Made[BriefReport]]) -> list[dict[str, Any]]:
    return [
        {
            "show": show.show or None,
            "headline": s.headline,
            "locator": s.locator,
            "seconds": s.seconds,
            "told_sentences": s.told_sentences,
            "all_sentences": s.all_sentences,
            "others": list(s.others),
            "reasons": list(s.reasons),
        }
        for show, report in made
        for s in report.stories
    ]
