"""``audiobrief cache``: how much room what can be made again takes, and less of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from audiobrief.pipeline.caches import Caches
    from audiobrief.store.shared import BlobStore
    from audiobrief.workspace.load import Workspace

PRUNE = """
audiobrief cache prune                 down to max_mb of the settings
audiobrief cache prune --max-mb 0      all of them
audiobrief cache prune --store-max-mb 1000   what several machines share
"""
SHARE = """
audiobrief cache share                 what was made before there was a shared store
"""
EXAMPLES = f"""
audiobrief cache                       how much there is
{PRUNE.strip()}
{SHARE.strip()}
"""


@click.group(cls=Group, examples=EXAMPLES, invoke_without_command=True)
@common_flags()
@click.pass_context
def command(ctx: click.Context, common: Common) -> int | None:
    """Show how much room the spoken clips take; each build keeps it below the limit.

    The answers of a language model are counted with them. A shared store, if the settings name
    one, is counted by itself.
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
                "store": _shared(workspace),
            }
        )
    else:
        answers = f", {wording.count} answers of a model, {wording.bytes / 1e6:.1f} MB"
        click.echo(
            f"{clips.count} clips, {clips.bytes / 1e6:.1f} MB, and {encoded.count} of them encoded,"
            f" {encoded.bytes / 1e6:.1f} MB{answers if wording.count else ''},"
            f" of at most {limit_mb} MB, in .audiobrief"
        )
        if (shared := _shared(workspace)) is not None:
            click.echo(
                f"{shared['files']} files, {shared['bytes'] / 1e6:.1f} MB,"
                f" of at most {shared['max_mb']} MB, in {shared['place']}"
            )
    return 0


@command.command(cls=Command, examples=PRUNE)
@click.option("--max-mb", type=click.IntRange(min=0), metavar="MB", help="How much may stay.")
@click.option(
    "--store-max-mb",
    type=click.IntRange(min=0),
    metavar="MB",
    help="How much may stay in the shared store.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@common_flags()
def prune(max_mb: int | None, store_max_mb: int | None, dry_run: bool, common: Common) -> int:
    """Remove what was not used for longest; no episode changes.

    A clip that is needed again is spoken again, and a language model is asked again. In a shared
    store, what workers have made in the last seven days stays in any case.
    """
    from audiobrief.store.eviction import evict  # noqa: PLC0415
    from audiobrief.store.lock import locked  # noqa: PLC0415
    from audiobrief.workspace.shared import shared_store  # noqa: PLC0415 - keeps --help fast

    workspace, caches = _caches(common)
    limit_mb = workspace.settings.cache.max_mb if max_mb is None else max_mb
    store = shared_store(workspace)
    _require_store(store, store_max_mb)
    with locked(workspace.cache / "lock"):
        removed = caches.prune(limit_mb * 1_000_000, dry_run=dry_run)
    done = "would be removed" if dry_run else "removed"
    is_told = not common.json and not common.quiet
    if is_told:
        click.echo(f"{removed.count} files {done}, {removed.bytes / 1e6:.1f} MB")
    shared: dict[str, object] | None = None
    if store is not None:
        limit_mb = workspace.settings.store.max_mb if store_max_mb is None else store_max_mb
        gone, left = evict(store, limit_mb * 1_000_000, dry_run=dry_run)
        shared = {"removed": gone.count, "bytes": gone.bytes, "left_bytes": left.bytes}
        if is_told:
            click.echo(
                f"{gone.count} files {done} from {store.place}, {gone.bytes / 1e6:.1f} MB;"
                f" {left.bytes / 1e6:.1f} MB stay"
            )
    if common.json:
        told = {"removed": removed.count, "bytes": removed.bytes, "dry_run": dry_run}
        print_json({**told, "store": shared})
    return 0


@command.command(cls=Command, examples=SHARE)
@common_flags()
def share(common: Common) -> int:
    """Let the shared store have all clips that are here.

    Builds do so with what they make; this is for what was made before the settings named a store,
    and while it was out of reach.
    """
    from audiobrief.pipeline.caches import tier_of  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.events import Event, Stage  # noqa: PLC0415
    from audiobrief.store.clips import ClipCache  # noqa: PLC0415
    from audiobrief.store.encoded import EncodedCache  # noqa: PLC0415

    workspace, _ = _caches(common)
    tier = tier_of(workspace)
    if tier is None:
        raise _no_store("audiobrief cache share")
    place = tier.store.place
    with telling(common) as tell, tier:
        clips = ClipCache(workspace.cache / "clips", tier).share_all()
        encoded = EncodedCache(workspace.cache / "encoded", tier).share_all()
        tier.close(tell=lambda done, total: tell(Event(Stage.SHARE, place, done, total)))
    warnings = tier.warnings()
    if common.json:
        told = {"clips": clips, "encoded": encoded, "place": place, "warnings": list(warnings)}
        print_json(told)
    elif not common.quiet:
        click.echo(f"{clips} clips and {encoded} of them encoded went to {place}")
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    return 1 if warnings else 0


def _no_store(where: str) -> WorkspaceError:
    return WorkspaceError(
        "there is no shared store", where, remedy="name one as [store] url of audiobrief.toml"
    )


def _require_store(store: BlobStore | None, wanted_mb: int | None) -> None:
    if store is None and wanted_mb is not None:
        raise _no_store("--store-max-mb")


def _shared(workspace: Workspace) -> dict[str, Any] | None:
    """Return how much lies in the shared store; ``None``: there is none."""
    from audiobrief.workspace.shared import shared_store  # noqa: PLC0415 - keeps --help fast

    store = shared_store(workspace)
    if store is None:
        return None
    from audiobrief.store.eviction import usage_of  # noqa: PLC0415 - only where there is one

    kinds = usage_of(store)
    return {
        "place": store.place,
        "files": sum(usage.count for usage in kinds.values()),
        "bytes": sum(usage.bytes for usage in kinds.values()),
        "max_mb": workspace.settings.store.max_mb,
        "kinds": {
            kind: {"files": usage.count, "bytes": usage.bytes}
            for kind, usage in sorted(kinds.items())
        },
    }


def _caches(common: Common) -> tuple[Workspace, Caches]:
    from audiobrief.pipeline.caches import caches_in  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    return workspace, caches_in(workspace.cache)
