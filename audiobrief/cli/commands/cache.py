"""``audiobrief cache``: how much the spoken clips take, and fewer of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json

if TYPE_CHECKING:
    from audiobrief.store.clips import ClipCache
    from audiobrief.store.encoded import EncodedCache
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
    workspace, clips, encoded = _caches(common)
    usage, parts = clips.usage(), encoded.usage()
    limit_mb = workspace.settings.cache.max_mb
    if common.json:
        print_json(
            {
                "clips": usage.count,
                "encoded": parts.count,
                "bytes": usage.bytes + parts.bytes,
                "max_mb": limit_mb,
                "folder": ".audiobrief",
            }
        )
    else:
        click.echo(
            f"{usage.count} clips, {usage.bytes / 1e6:.1f} MB, and {parts.count} of them encoded,"
            f" {parts.bytes / 1e6:.1f} MB, of at most {limit_mb} MB, in .audiobrief"
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
    from audiobrief.store.cache_folder import prune as prune_folders  # noqa: PLC0415 - fast --help
    from audiobrief.store.lock import locked  # noqa: PLC0415

    workspace, *folders = _caches(common)
    limit_mb = workspace.settings.cache.max_mb if max_mb is None else max_mb
    with locked(workspace.cache / "lock"):
        removed = prune_folders(folders, limit_mb * 1_000_000, dry_run=dry_run)
    if common.json:
        print_json({"removed": removed.count, "bytes": removed.bytes, "dry_run": dry_run})
    elif not common.quiet:
        done = "would be removed" if dry_run else "removed"
        click.echo(f"{removed.count} files {done}, {removed.bytes / 1e6:.1f} MB")
    return 0


def _caches(common: Common) -> tuple[Workspace, ClipCache, EncodedCache]:
    from audiobrief.store.clips import ClipCache  # noqa: PLC0415 - keeps --help fast
    from audiobrief.store.encoded import EncodedCache  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    return (
        workspace,
        ClipCache(workspace.cache / "clips"),
        EncodedCache(workspace.cache / "encoded"),
    )
