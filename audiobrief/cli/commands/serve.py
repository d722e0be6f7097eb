"""``audiobrief serve``: feed, episodes and pages over HTTP, and an inbox to send to."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from audiobrief.cli.ends import stopped_by_signals
from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, common_flags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

    from audiobrief.cli.serving import Printer
    from audiobrief.pipeline.share import Sharing
    from audiobrief.serve.doors import Doors
    from audiobrief.serve.inbox import InboxRoute
    from audiobrief.serve.tally import Tally
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief serve                          for podcast apps on this machine
audiobrief serve --host 0.0.0.0           for the phones in your network, too
audiobrief serve --port 8001 -v           at another port; a line for each request
"""
_DEFAULT_PORT = 8000
_DEFAULT_HOST = "127.0.0.1"
#: Letters and digits that nobody guesses, even without a limit of tries.
_LEAST_TOKEN = 16


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--host", metavar="NAME", help="Listen at this address of the machine; 0.0.0.0 is all of them."
)
@click.option(
    "--port", metavar="NUMBER", type=click.IntRange(0, 65535), help="0 is any that is free."
)
@common_flags()
def command(host: str | None, port: int | None, common: Common) -> int:
    """Serve feed, episodes and pages over HTTP, until stopped.

    Host and port are those of base_url if it is on this machine, else 127.0.0.1:8000. With
    [serve] inbox_token_env, what phones and browsers send to /inbox comes into the inbox. Of a
    show with [publish] private, only those have something whom "audiobrief listeners" knows.
    """
    from audiobrief.cli.serving import Printer  # noqa: PLC0415 - keeps --help fast
    from audiobrief.serve.app import App  # noqa: PLC0415
    from audiobrief.serve.memory import hold_little  # noqa: PLC0415
    from audiobrief.serve.server import Server, listen  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    printer = Printer(common)
    token = _token(workspace)
    base = _base(workspace)
    host, port = _place(base, host, port)
    listening = listen(host, port)
    bound = listening.getsockname()[1]
    sharing, inbox = _inbox(workspace, host, token, printer) if token else (None, None)
    doors, tally = _doors(workspace, printer)
    app = App(
        workspace.episodes,
        inbox=inbox,
        doors=doors,
        tally=tally,
        prefix=base.path.rstrip("/"),
        log=printer.request,
        report=printer.trouble,
    )
    server = Server(app, listening)
    with stopped_by_signals(server.stop) as asked:
        printer.serving(workspace, host, bound, has_inbox=bool(token))
        hold_little()
        server.run()
    for each in (inbox, sharing, tally):
        if each is not None:
            each.close()
    if asked == [signal.SIGINT]:
        raise KeyboardInterrupt
    return 0


def _token(workspace: Workspace) -> str:
    """Return the token of the inbox; empty: there is no inbox.

    Raises:
        WorkspaceError: The settings name a variable that is not set, or holds too short a token.
    """
    from audiobrief.errors import WorkspaceError  # noqa: PLC0415 - on the way to an error only

    name = workspace.settings.serve.inbox_token_env
    if name is None:
        return ""
    token = os.environ.get(name, "").strip()
    place = workspace.place_of("serve.inbox_token_env")
    is_sendable = token.isascii() and token.isprintable() and " " not in token
    if len(token) < _LEAST_TOKEN or not is_sendable:
        problem = "has letters in it that no header can have" if token else "is not set"
        if 0 < len(token) < _LEAST_TOKEN:
            problem = f"is too short: it has {len(token)} characters"
        raise WorkspaceError(
            f"the token of the inbox cannot be used: the variable {name} {problem}", place,
            remedy=f"set it to {_LEAST_TOKEN} or more characters that nobody can guess, as in: "
            f'export {name}="$(openssl rand -hex 16)"',
        )  # fmt: skip
    return token


def _base(workspace: Workspace) -> SplitResult:
    """Return the public address.

    Raises:
        WorkspaceError: It is none.
    """
    from audiobrief.errors import WorkspaceError  # noqa: PLC0415 - on the way to an error only

    written = workspace.settings.show.base_url
    try:
        base = urlsplit(written)
        is_address = bool(base.hostname) and base.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise WorkspaceError(
            f'no feed can be served from "{written}"',
            workspace.place_of("show.base_url"),
            remedy='write an address such as "https://example.org/show/"',
        )
    return base


def _place(base: SplitResult, host: str | None, port: int | None) -> tuple[str, int]:
    """Return where to listen: as asked for, else where the feed says that it is."""
    from audiobrief.serve.gate import is_loopback  # noqa: PLC0415 - with the server

    is_here = base.scheme == "http" and is_loopback(base.hostname or "")
    default_host = (base.hostname or _DEFAULT_HOST) if is_here else _DEFAULT_HOST
    default_port = (base.port or 80) if is_here else _DEFAULT_PORT
    return host or default_host, default_port if port is None else port


def _inbox(
    workspace: Workspace, host: str, token: str, printer: Printer
) -> tuple[Sharing, InboxRoute]:
    """Return who keeps what is shared, and the route to it."""
    from time import monotonic  # noqa: PLC0415 - only with an inbox

    from audiobrief.cli.serving import EVERYWHERE, names_of  # noqa: PLC0415
    from audiobrief.pipeline.share import Sharing  # noqa: PLC0415
    from audiobrief.serve.gate import Gate, Guesses  # noqa: PLC0415
    from audiobrief.serve.inbox import InboxRoute  # noqa: PLC0415

    bases = [urlsplit(show.settings.show.base_url) for show in workspace.shows]
    gate = Gate(
        token,
        frozenset(names_of(host) | {base.hostname or "" for base in bases}) - {""},
        frozenset(f"{base.scheme}://{base.netloc.lower()}" for base in bases),
        Guesses(monotonic),
        takes_addresses=host in EVERYWHERE,
    )
    sharing = Sharing(
        workspace.root, now=current_time, report=printer.trouble, fetched=printer.fetched
    )
    return sharing, InboxRoute(sharing, gate, printer.trouble)


def _doors(workspace: Workspace, printer: Printer) -> tuple[Doors, Tally]:
    """Return who lets listeners of private shows in, and who counts what they ask for."""
    from time import monotonic  # noqa: PLC0415 - with the server

    from audiobrief.pipeline.private import base_of  # noqa: PLC0415
    from audiobrief.serve.doors import POLL_S, Doors, Hosted  # noqa: PLC0415
    from audiobrief.serve.gate import Guesses  # noqa: PLC0415
    from audiobrief.serve.roll import Roll  # noqa: PLC0415
    from audiobrief.serve.tally import Tally  # noqa: PLC0415
    from audiobrief.store.listened import LISTENED_NAME, Heard, add_listened  # noqa: PLC0415
    from audiobrief.store.listeners import LISTENERS_NAME, read_listeners  # noqa: PLC0415

    path = workspace.root / LISTENERS_NAME

    def keep(new: Mapping[str, Heard]) -> None:
        known = frozenset(listener.sha256 for listener in read_listeners(path))
        add_listened(workspace.cache / LISTENED_NAME, new, known)

    hosted = [
        Hosted(
            show.show,
            base_of(show),
            is_private=show.settings.publish.private,
            asks=show.settings.publish.basic,
        )
        for show in workspace.shows
    ]
    # A damaged list is told before the first listener stands at the door.
    read_listeners(path)
    roll = Roll(path, report=printer.trouble)
    doors = Doors(hosted, roll, Guesses(monotonic), Guesses(monotonic, refill_s=POLL_S))
    return doors, Tally(keep, printer.trouble)
