"""``audiobrief cache``: how much the spoken clips take, and fewer of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json

if TYPE_CHECKING:
    from audiobrief.store.clips import ClipCache
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
    """Show how much room the spoken clips take; each build keeps it below the limit."""
    ctx.obj = common
    if ctx.invoked_subcommand is not None:
        return None
    workspace, clips = _clips(common)
    usage = clips.usage()
    limit_mb = workspace.settings.cache.max_mb
    if common.json:
        print_json(
            {
                "clips": usage.count,
                "bytes": usage.bytes,
                "max_mb": limit_mb,
                "folder": ".audiobrief/clips",
            }
        )
    else:
        click.echo(
            f"{usage.count} clips, {usage.bytes / 1e6:.1f} MB of at most {limit_mb} MB,"
            " in .audiobrief/clips"
        )
    return 0


@command.command(cls=Command, examples=PRUNE)
@click.option("--max-mb", type=click.IntRange(min=0), metavar="MB", help="How much may stay.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@common_flags()
def prune(max_mb: int | None, dry_run: bool, common: Common) -> int:
    """Remove the clips that were not used for longest; no episode changes.

    A clip that is needed again is spoken again.
    """
    from audiobrief.store.lock import locked  # noqa: PLC0415 - keeps --help fast

    workspace, clips = _clips(common)
    limit_mb = workspace.settings.cache.max_mb if max_mb is None else max_mb
    with locked(workspace.cache / "lock"):
        removed = clips.prune(limit_mb * 1_000_000, dry_run=dry_run)
    if common.json:
        print_json({"removed": removed.count, "bytes": removed.bytes, "dry_run": dry_run})
    elif not common.quiet:
        done = "would be removed" if dry_run else "removed"
        click.echo(f"{removed.count} clips {done}, {removed.bytes / 1e6:.1f} MB")
    return 0


def _clips(common: Common) -> tuple[Workspace, ClipCache]:
    from audiobrief.store.clips import ClipCache  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    return workspace, ClipCache(workspace.cache / "clips")
