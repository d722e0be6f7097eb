"""``audiobrief build``: articles to episodes and feed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

from audiobrief.cli.inputs import current_time, gather_inputs, is_address, show_option
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
from audiobrief.errors import WorkspaceError
from audiobrief.model.shard import Shard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.report import BuildReport, FetchReport
    from audiobrief.pipeline.decide import Input
    from audiobrief.pipeline.events import Tell
    from audiobrief.pipeline.options import BuildOptions
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief build article.txt
audiobrief build                       what the sources have, and everything in articles/
audiobrief build news/ --dry-run       what would be done
audiobrief build https://post.example/ferry
pbpaste | audiobrief build -           from standard input
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("paths", nargs=-1, metavar="[PATH | -]...")
@show_option
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
@click.option(
    "--pool",
    metavar="POOL",
    default="auto",
    help="Who makes the episodes: auto, here, local[:COUNT], dask://HOST:PORT.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 1024),
    help="Make so many episodes at once; 1: one after the other, without workers.",
)
@click.option(
    "--shard",
    metavar="I/N",
    help="Make only this share of the episodes, the first being 0/N, into the shared store; "
    '"audiobrief publish --shards N" takes them all.',
)
@report_option
@common_flags()
def command(  # noqa: PLR0913, PLR0917 - one for each flag
    paths: tuple[str, ...],
    show: str | None,
    voice: str | None,
    engine: str | None,
    dry_run: bool,
    force: bool,
    keep_script: bool,
    no_fetch: bool,
    pool: str,
    jobs: int | None,
    shard: str | None,
    report_file: Path | None,
    common: Common,
) -> int:
    """Turn articles into episodes and a podcast feed.

    PATH is a text, Markdown, HTML, EPUB, Word or PDF file, a folder of them, the address of a page,
    or - for standard input; without any, what the sources of the settings have and the folder
    articles/ of the workspace, for every show that is made today. Only what has changed is done
    again. What was done is told in a page in .audiobrief/reports/.
    """
    from audiobrief.pipeline.options import BuildOptions  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    share = None if shard is None else Shard.parse(shard)
    if share is not None and (voice or engine):
        _refuse_cast("--voice" if voice else "--engine")
    workspace = load_workspace(common.root)
    if pool not in {"auto", "here"}:
        from audiobrief.pipeline.by_workers import require_pool  # noqa: PLC0415 - most name none

        require_pool(pool, jobs, workspace.pool_options)
    now = current_time()
    chosen = _chosen(workspace, show, is_named=bool(paths), now=now)
    options = BuildOptions(voice, engine, force, keep_script, dry_run, pool, jobs)
    # Each machine would find something else at the sources.
    is_closed = no_fetch or dry_run or share is not None
    if share is not None:
        chosen = [one for one in chosen if one.settings.show.makes == "episodes" or paths]
    fetched = None if is_closed else _fetched(workspace, paths, common)
    made = []
    for one in chosen:
        with telling(common) as tell:
            if share is None:
                report = _made(one, paths, now, options, tell)
            else:
                inputs = gather_inputs(paths, one)
                report = _shared(one, inputs, now, options, tell, share)
                _print_share(share, len(report.outcomes), len(inputs), common)
        made.append(Made(one, report))
        print_report(made[-1], common, dry_run=dry_run)
    if not chosen and not (common.quiet or common.json):
        click.echo("nothing    no show is made at this time: --show NAME makes one")
    written = Written()
    if not dry_run:
        written = keep_report(made, "build", common, now=now, target=report_file)
    if common.json:
        from audiobrief.cli.commands.fetch import as_row  # noqa: PLC0415 - it needs this module

        rows = {} if fetched is None else {"sources": [as_row(o) for o in fetched.sources]}
        print_json({**as_document(made), **rows, "report": written.path})
    failed = fetched is not None and any(outcome.error for outcome in fetched.sources)
    failed = failed or written.error is not None
    return exit_code(made) or int(failed)


def _refuse_cast(flag: str) -> NoReturn:
    """Refuse what ``publish --shards`` could not know: it decides by the settings alone."""
    problem = f"shards are published by the settings, and {flag} is for one run"
    raise WorkspaceError(
        problem,
        flag,
        remedy="set [cast] narrator in audiobrief.toml, and its engine in voices/NAME.toml",
    )


def _fetched(workspace: Workspace, paths: tuple[str, ...], common: Common) -> FetchReport | None:
    """Take what the sources have, or what lies at the addresses among the paths, and say so."""
    from audiobrief.pipeline.links import sources_of  # noqa: PLC0415 - keeps --help fast

    addresses = [path for path in paths if is_address(path)]
    if not addresses and (paths or not sources_of(workspace)):
        return None
    from audiobrief.cli.commands.fetch import print_outcomes  # noqa: PLC0415 - it needs this module
    from audiobrief.pipeline.fetch import fetch  # noqa: PLC0415 - httpx
    from audiobrief.pipeline.named import list_addresses  # noqa: PLC0415

    # Why others are not listed is told where each is to be read.
    listed = list_addresses(workspace, addresses)
    if addresses and listed.source is None:
        return None
    only = [listed.source] if listed.source else []
    with telling(common) as tell:
        report = fetch(workspace, now=current_time(), only=only, tell=tell)
    print_outcomes(report, common)
    return report


def _chosen(
    workspace: Workspace, name: str | None, *, is_named: bool, now: datetime
) -> Sequence[Workspace]:
    """Return the shows that are to be made: what a person names goes into one alone."""
    if name is not None:
        return (workspace.of_show(name),)
    if is_named:
        return (workspace,)
    from audiobrief.pipeline.shows import todays  # noqa: PLC0415 - keeps --help fast

    return todays(workspace, now)


def _shared(
    show: Workspace,
    inputs: Sequence[Input],
    now: datetime,
    options: BuildOptions,
    tell: Tell,
    share: Shard,
) -> BuildReport:
    """Make the episodes of one share."""
    from audiobrief.pipeline.shard_build import build_shard  # noqa: PLC0415 - most builds have none

    return build_shard(show, inputs, share, now=now, options=options, tell=tell)


def _print_share(share: Shard, own: int, count: int, common: Common) -> None:
    if not (common.quiet or common.json):
        click.echo(f"share      {share}: {own} of {count} article{'s' if count != 1 else ''}")


def _made(
    show: Workspace, paths: tuple[str, ...], now: datetime, options: BuildOptions, tell: Tell
) -> BuildReport:
    """Make the episodes of a show, or its programme."""
    if show.settings.show.makes == "brief" and not paths:
        from audiobrief.pipeline.brief import brief  # noqa: PLC0415 - most shows have none
        from audiobrief.pipeline.briefing import BriefOptions  # noqa: PLC0415

        flags = (options.voice, options.engine, options.force, options.keep_script, options.dry_run)
        return brief(show, now=now, options=BriefOptions(*flags), tell=tell)
    if not paths:
        from audiobrief.pipeline.build_inbox import build_inbox  # noqa: PLC0415 - keeps --help fast

        gather = partial(gather_inputs, paths, show)
        return build_inbox(show, gather, now=now, options=options, tell=tell)
    from audiobrief.pipeline.build import build  # noqa: PLC0415 - keeps --help fast

    return build(show, gather_inputs(paths, show), now=now, options=options, tell=tell)
