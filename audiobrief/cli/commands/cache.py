"""``audiobrief cache``: how much room what can be made again takes, and less of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json

if TYPE_CHECKING:
    from audiobrief.pipeline.caches import Caches
    from audiobrief.workspace.load import Workspace

PRUNE = """
audiobrief cache prune                 down to max_mb of the settings
audiobrief cache prune --max-mb 0      all of them
"""
EXAMPLES = f"""
audiobrief cache                       how much there is
{PRUNE.strip()}
"""


@click.group(cls=Group, examples=EXAMPLES, invoke_without_command=True)
@common_flags()
@click.pass_context
def command(ctx: click.Context, common: Common) -> int | None:
    """Show how much room the spoken clips take; each build keeps it below the limit.

    The answers of a language model are counted with them.
    """
    ctx.obj = common
    if ctx.invoked_subcommand is not None:
        return None
    workspace, caches = _caches(common)
    clips, encoded, wording, waves = (folder.usage() for folder in caches)
    limit_mb = workspace.settings.cache.max_mb
    if common.json:
        print_json(
            {
                "clips": clips.count,
                "encoded": encoded.count,
                "answers": wording.count,
                "waveforms": waves.count,
                "bytes": clips.bytes + encoded.bytes + wording.bytes + waves.bytes,
                "max_mb": limit_mb,
                "folder": ".audiobrief",
            }
        )
    else:
        answers = f", {wording.count} answers of a model, {wording.bytes / 1e6:.1f} MB"
        click.echo(
            f"{clips.count} clips, {clips.bytes / 1e6:.1f} MB, and {encoded.count} of them encoded,"
            f" {encoded.bytes / 1e6:.1f} MB{answers if wording.count else ''},"
            f" of at most {limit_mb} MB, in .audiobrief"
        )
    return 0


@command.command(cls=Command, examples=PRUNE)
@click.option("--max-mb", type=click.IntRange(min=0), metavar="MB", help="How much may stay.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@common_flags()
def prune(max_mb: int | None, dry_run: bool, common: Common) -> int:
    """Remove what was not used for longest; no episode changes.

    A clip that is needed again is spoken again, and a language model is asked again.
    """
    from audiobrief.store.lock import locked  # noqa: PLC0415 - keeps --help fast

    workspace, caches = _caches(common)
    limit_mb = workspace.settings.cache.max_mb if max_mb is None else max_mb
    with locked(workspace.cache / "lock"):
        removed = caches.prune(limit_mb * 1_000_000, dry_run=dry_run)
    if common.json:
        print_json({"removed": removed.count, "bytes": removed.bytes, "dry_run": dry_run})
    elif not common.quiet:
        done = "would be removed" if dry_run else "removed"
        click.echo(f"{removed.count} files {done}, {removed.bytes / 1e6:.1f} MB")
    return 0


def _caches(common: Common) -> tuple[Workspace, Caches]:
    from audiobrief.pipeline.caches import caches_in  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    return workspace, caches_in(workspace.cache)
