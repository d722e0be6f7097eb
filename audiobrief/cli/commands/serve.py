"""``audiobrief serve``: feed, episodes and pages over HTTP, and an inbox to send to."""

from __future__ import annotations

import json
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from audiobrief.cli.commands.fetch import in_words
from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, common_flags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobrief.errors import AudiobriefError
    from audiobrief.model.report import SourceOutcome
    from audiobrief.pipeline.share import Sharing
    from audiobrief.serve.inbox import InboxRoute
    from audiobrief.serve.metrics import Served
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief serve                          for podcast apps on this machine
audiobrief serve --host 0.0.0.0           for the phones in your network, too
audiobrief serve --port 8001 -v           at another port; a line for each request
"""
DEFAULT_PORT = 8000
_DEFAULT_HOST = "127.0.0.1"
#: Listening at one of these is listening at all addresses of the machine.
_ALL = frozenset({"0.0.0.0", "::"})  # noqa: S104 - to warn of them
#: Besides Ctrl-C: what systemd and shutdowns send, a terminal that is closed, Ctrl-Break.
_ENDS = ("SIGTERM", "SIGHUP", "SIGBREAK")


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
    [serve] inbox_token_env, what phones and browsers send to /inbox comes into the inbox.
    """
    from audiobrief.serve.app import App  # noqa: PLC0415 - keeps --help fast
    from audiobrief.serve.server import Server, listen  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    printer = _Printer(common)
    token = _token(workspace)
    base = urlsplit(workspace.settings.show.base_url)
    host, port = _place(workspace, host, port)
    listening = listen(host, port)
    bound = listening.getsockname()[1]
    sharing, inbox = _inbox(workspace, host, token, printer) if token else (None, None)
    app = App(
        workspace.episodes,
        inbox=inbox,
        prefix=base.path.rstrip("/"),
        log=printer.request,
        report=printer.trouble,
    )
    server = Server(app, listening)
    with _stopping(server.stop) as asked:
        printer.serving(workspace, host, bound, has_inbox=bool(token))
        server.run()
    for each in (inbox, sharing):
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
    if len(token) < LEAST_TOKEN or not is_sendable:
        problem = "has letters in it that no header can have" if token else "is not set"
        if 0 < len(token) < LEAST_TOKEN:
            problem = f"is too short: it has {len(token)} characters"
        raise WorkspaceError(
            f"the token of the inbox cannot be used: the variable {name} {problem}", place,
            remedy=f"set it to {LEAST_TOKEN} or more that nobody can guess, as in: "
            f'export {name}="$(openssl rand -hex 16)"',
        )  # fmt: skip
    return token


#: Letters and digits that nobody guesses, even without a limit of tries.
LEAST_TOKEN = 16


def _place(workspace: Workspace, host: str | None, port: int | None) -> tuple[str, int]:
    """Return where to listen: as asked for, else where the feed says that it is."""
    from audiobrief.serve.gate import is_loopback  # noqa: PLC0415 - with the server

    base = urlsplit(workspace.settings.show.base_url)
    is_here = base.scheme == "http" and is_loopback(base.hostname or "")
    default_host = (base.hostname or _DEFAULT_HOST) if is_here else _DEFAULT_HOST
    default_port = DEFAULT_PORT
    with suppress(ValueError):
        default_port = (base.port or 80) if is_here else DEFAULT_PORT
    return host or default_host, default_port if port is None else port


def _inbox(
    workspace: Workspace, host: str, token: str, printer: _Printer
) -> tuple[Sharing, InboxRoute]:
    """Return who keeps what is shared, and the route to it."""
    from time import monotonic  # noqa: PLC0415 - only with an inbox

    from audiobrief.pipeline.share import Sharing  # noqa: PLC0415
    from audiobrief.serve.gate import Gate, Guesses  # noqa: PLC0415
    from audiobrief.serve.inbox import InboxRoute  # noqa: PLC0415

    bases = [urlsplit(show.settings.show.base_url) for show in workspace.shows]
    gate = Gate(
        token,
        frozenset(_names(host) | {base.hostname or "" for base in bases}) - {""},
        frozenset(f"{base.scheme}://{base.netloc.lower()}" for base in bases),
        Guesses(monotonic),
        takes_addresses=host in _ALL,
    )
    sharing = Sharing(
        workspace.root, now=current_time, report=printer.trouble, fetched=printer.fetched
    )
    return sharing, InboxRoute(sharing, gate, printer.trouble)


def _names(host: str) -> set[str]:
    """Return by which names this machine is asked in its network."""
    import socket  # noqa: PLC0415 - only with an inbox

    names = {"localhost", "127.0.0.1", "::1", host.lower()}
    if host in _ALL:
        own = socket.gethostname().lower()
        names |= {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}
    return names


def _reachable(host: str) -> str:
    """Return an address of this machine that others in its network reach."""
    import socket  # noqa: PLC0415 - to warn only

    if host not in _ALL:
        return host
    # Nothing is sent: it only asks the system which address it would use (RFC 5737: nobody's).
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return socket.gethostname()
        address: str = probe.getsockname()[0]
        return address


@contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Let signals stop the server; yield which have come."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked[:] = [number]
        stop()

    names = [name for name in ("SIGINT", *_ENDS) if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in names]
    # A shell that puts us into its background, or nohup, wants some to be ignored.
    before = {n: signal.getsignal(n) for n in numbers if signal.getsignal(n) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, ask)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Printer:
    """Prints what happens: a line each, with ``--json`` a document a line."""

    def __init__(self, common: Common) -> None:
        self._common = common

    def serving(self, workspace: Workspace, host: str, port: int, *, has_inbox: bool) -> None:
        """Print where everything is."""
        from audiobrief.serve.gate import is_loopback  # noqa: PLC0415 - loaded by now

        shown = "127.0.0.1" if host in _ALL else host
        base = urlsplit(workspace.settings.show.base_url)
        url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{base.path}"
        self._line("serving", url, url=url, inbox=f"{url}inbox/" if has_inbox else None)
        for show in workspace.shows:
            feed = f"{show.settings.show.base_url}feed.xml"
            has_feed = (show.episodes / "feed.xml").is_file()
            words = feed if has_feed else f"{feed}  (none yet: run audiobrief build)"
            self._line("feed", words, show=show.show or None, url=feed, exists=has_feed)
        if has_inbox:
            self._line("inbox", f"{url}inbox/", url=f"{url}inbox/")
        if not self._common.json and not self._common.quiet:
            click.echo("subscribe  in a podcast app, add the feed by its address; Ctrl-C stops")
        here = is_loopback(base.hostname or "") and (base.port or 80) != port
        if here and base.scheme == "http" and is_loopback(host):
            self._warn(
                f"the feed names sound at {base.netloc}, and is served at port {port}: "
                f'set [show] base_url = "{url}" and build again'
            )
        if not is_loopback(host):
            self._warn(
                "everybody in this network can read what is served; "
                "to the internet, put a web server with TLS in front"
            )
        if not is_loopback(host) and is_loopback(base.hostname or ""):
            self._warn(
                f"the feed names sound at {base.netloc}, where no other machine finds it: set "
                f'[show] base_url = "http://{_reachable(host)}:{port}/" and build again'
            )

    def request(self, served: Served) -> None:
        """Print a request, with -v."""
        if self._common.verbose and not self._common.quiet:
            words = (
                f"{served.client} {served.method} {served.target} {served.status} "
                f"{served.sent_bytes} B {1000 * served.elapsed_s:.0f} ms"
            )
            fields = {
                "client": served.client, "method": served.method, "target": served.target,
                "status": served.status, "sent_bytes": served.sent_bytes,
                "elapsed_s": round(served.elapsed_s, 4),
            }  # fmt: skip
            self._line("request", words, **fields)

    def fetched(self, outcome: SourceOutcome) -> None:
        """Print what became of the list of shared links."""
        if outcome.error is None:
            self._line(
                "fetched", f"{outcome.name}: {in_words(outcome)}", name=outcome.name,
                new=list(outcome.new), updated=list(outcome.updated), notes=list(outcome.notes),
            )  # fmt: skip
            for note in outcome.notes if not (self._common.json or self._common.quiet) else ():
                click.echo(f"           note: {note}")

    def trouble(self, error: AudiobriefError) -> None:
        """Print what went wrong; the server goes on."""
        self._line("failed", None, error=as_json(error))
        print_error(error)

    def _warn(self, words: str) -> None:
        click.echo(f"warning: {words}", err=True)

    def _line(self, event: str, words: str | None, **fields: Any) -> None:
        """Print a line; with ``--json`` also that for which there are no words on stdout."""
        if self._common.json:
            click.echo(json.dumps({"event": event, **fields}))
        elif words is not None and not self._common.quiet:
            click.echo(f"{event:<10} {words}")
