"""``audiobrief listeners``: who may hear a private show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from audiobrief.pipeline.private import Counted
    from audiobrief.workspace.load import Workspace

ADD = """
audiobrief listeners add "Ana Ruiz"            an address for Ana's podcast app
audiobrief listeners add Ben --show long-read  of another show
audiobrief listeners add Cleo --static         and a folder of files, for plain web space
"""
LIST = """
audiobrief listeners list                      names, dates, and how often they came
"""
REVOKE = """
audiobrief listeners revoke "Ana Ruiz"         Ana's address opens nothing any more
"""
EXAMPLES = f"{ADD.strip()}\n{LIST.strip()}\n{REVOKE.strip()}\n"

_show_option = click.option(
    "--show", metavar="NAME", help="Of this show: [shows.NAME]; default: the first one."
)


@click.group(cls=Group, examples=EXAMPLES)
@common_flags()
@click.pass_context
def command(ctx: click.Context, common: Common) -> None:
    """Give people private feeds of their own, and take them away.

    A show with [publish] private = true is heard by listeners alone. Each has a token in the
    address of the feed and of everything in it; it is shown once, and kept as its digest.
    """
    ctx.obj = common


@command.command(cls=Command, examples=ADD)
@click.argument("name")
@_show_option
@click.option("--static", is_flag=True, help="Also make a folder for web space that runs nothing.")
@common_flags()
def add(name: str, show: str | None, static: bool, common: Common) -> int:
    """Add a listener; show the address of their feed, which is shown only now."""
    from audiobrief.pipeline.private import add as add_listener  # noqa: PLC0415 - keeps --help fast

    workspace = _show(common, show)
    added = add_listener(workspace, name, current_time(), is_static=static)
    folder = f"{workspace.episodes_name}/l/{added.token}/" if static else None
    if common.json:
        print_json(
            {
                "name": added.listener.name,
                "show": workspace.show or None,
                "address": added.address,
                "password": added.token,
                "folder": folder,
            }
        )
        return 0
    click.echo(added.address)
    if not common.quiet:
        click.echo(
            f'for {added.listener.name}: in a podcast app, choose "add by URL" and paste it; '
            "it is not shown again"
        )
        click.echo(
            f'or the feed\'s own address, with the name "{added.listener.name}" and the password '
            f"{added.token}"
        )
        if folder is not None:
            click.echo(f"for plain web space: {folder}, which each build keeps up to date")
    return 0


@command.command("list", cls=Command, examples=LIST)
@_show_option
@common_flags()
def list_all(show: str | None, common: Common) -> int:
    """List the listeners: since when, until when, and what their apps have asked for.

    A download is sound that was sent to its end, or at least half of it at once. A server that
    runs writes its counts once a minute.
    """
    from audiobrief.pipeline.private import count_listeners  # noqa: PLC0415 - keeps --help fast

    workspace = _show(common, show)
    counted = [
        each
        for each in count_listeners(workspace)
        if show is None or each.listener.show == workspace.show
    ]
    if common.json:
        print_json({"listeners": [_row(each) for each in counted]})
        return 0
    if not counted:
        click.echo('no listeners yet: "audiobrief listeners add NAME" makes an address for one')
    for each in counted:
        who, heard = each.listener, each.heard
        until = f"to {who.revoked:%Y-%m-%d}" if who.revoked else "active"
        of_show = f"  [{who.show}]" if who.show else ""
        click.echo(
            f"{who.added:%Y-%m-%d}  {until:<13}  {heard.feeds:>6} feeds  "
            f"{heard.downloads:>6} downloads  {who.name}{of_show}"
        )
    return 0


@command.command(cls=Command, examples=REVOKE)
@click.argument("name")
@_show_option
@common_flags()
def revoke(name: str, show: str | None, common: Common) -> int:
    """Take a listener's address away; all others stay as they are."""
    from audiobrief.pipeline.private import revoke as revoke_listener  # noqa: PLC0415 - see above

    workspace = _show(common, show)
    revoked = revoke_listener(workspace, name, current_time())
    if common.json:
        print_json({"name": revoked.name, "show": workspace.show or None, "revoked": True})
    elif not common.quiet:
        click.echo(f"the address of {revoked.name} opens nothing any more")
    return 0


def _show(common: Common, name: str | None) -> Workspace:
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415 - keeps --help fast

    workspace = load_workspace(common.root)
    return workspace if name is None else workspace.of_show(name)


def _row(each: Counted) -> dict[str, Any]:
    who = each.listener
    return {
        "name": who.name,
        "show": who.show or None,
        "added": rfc3339(who.added),
        "revoked": rfc3339(who.revoked) if who.revoked else None,
        "static": who.is_static,
        "feeds": each.heard.feeds,
        "downloads": each.heard.downloads,
    }
