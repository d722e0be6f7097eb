"""What ``audiobrief serve`` prints: where everything is, and what happens."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from audiobrief.cli.commands.fetch import in_words
from audiobrief.cli.failure import as_json, print_error
from audiobrief.serve.gate import is_loopback

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from audiobrief.cli.options import Common
    from audiobrief.errors import AudiobriefError
    from audiobrief.model.report import SourceOutcome
    from audiobrief.serve.metrics import Served
    from audiobrief.workspace.load import Workspace

#: Listening at one of these is listening at all addresses of the machine.
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - to warn of them


class Printer:
    """Prints what happens: a line each, with ``--json`` a document a line."""

    def __init__(self, common: Common) -> None:
        self._common = common

    def serving(self, workspace: Workspace, host: str, port: int, *, has_inbox: bool) -> None:
        """Print where everything is."""
        shown = "127.0.0.1" if host in EVERYWHERE else host
        base = urlsplit(workspace.settings.show.base_url)
        url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{base.path}"
        self._line("serving", url, url=url, inbox=f"{url}inbox/" if has_inbox else None)
        for show in workspace.shows:
            feed = f"{show.settings.show.base_url}feed.xml"
            has_feed = (show.episodes / "feed.xml").is_file()
            is_private = show.settings.publish.private
            words = f"{feed}  (private: audiobrief listeners add NAME)" if is_private else feed
            if not has_feed:
                words = f"{feed}  (none yet: run audiobrief build)"
            self._line(
                "feed", words, show=show.show or None, url=feed, exists=has_feed,
                private=is_private,
            )  # fmt: skip
        if has_inbox:
            self._line("inbox", f"{url}inbox/", url=f"{url}inbox/")
        if not self._common.json and not self._common.quiet:
            click.echo("subscribe  in a podcast app, add the feed by its address; Ctrl-C stops")
        self._warn_of(host, port, base)

    def _warn_of(self, host: str, port: int, base: SplitResult) -> None:
        """Say what stands in the way of listeners, or of nobody."""
        is_base_here = is_loopback(base.hostname or "")
        if is_loopback(host):
            if is_base_here and base.scheme == "http" and (base.port or 80) != port:
                self._warn(
                    f"the feed names sound at {base.netloc}, and is served at port {port}: "
                    f'set [show] base_url = "http://{base.hostname}:{port}/" and build again'
                )
            return
        self._warn(
            "everybody in this network can read what is served; "
            "to the internet, put a web server with TLS in front"
        )
        if is_base_here:
            self._warn(
                f"the feed names sound at {base.netloc}, where no other machine finds it: set "
                f'[show] base_url = "http://{reachable(host)}:{port}/" and build again'
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


def reachable(host: str) -> str:
    """Return an address of this machine that others in its network reach."""
    if host not in EVERYWHERE:
        return host
    # Nothing is sent: it only asks the system which address it would use (RFC 5737: nobody's).
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return socket.gethostname()
        address: str = probe.getsockname()[0]
        return address


def names_of(host: str) -> set[str]:
    """Return by which names this machine is asked in its network."""
    names = {"localhost", "127.0.0.1", "::1", host.lower()}
    if host in EVERYWHERE:
        own = socket.gethostname().lower()
        names |= {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}
    return names
