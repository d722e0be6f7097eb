"""What ``audiobrief review`` prints: where the page is, and what happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.cli.options import Common
    from audiobrief.errors import AudiobriefError
    from audiobrief.serve.metrics import Served


class Printer:
    """Prints what happens: a line each, with ``--json`` a document a line."""

    def __init__(self, common: Common) -> None:
        self._common = common

    def reviewing(self, url: str, page: str, *, is_open_to_all: bool) -> None:
        """Print where the page is."""
        self._line("reviewing", page, url=url, page=page)
        if not self._common.json and not self._common.quiet:
            click.echo("           in a browser; Ctrl-C stops, and everything is kept")
        if is_open_to_all:
            click.echo(
                "warning: whoever in this network has the address, with its token, can change "
                "and publish episodes; others on the way can read it, since it is not encrypted",
                err=True,
            )

    def request(self, served: Served) -> None:
        """Print a request, with -v."""
        if self._common.verbose and not self._common.quiet:
            words = (
                f"{served.client} {served.method} {served.target} {served.status} "
                f"{served.sent_bytes} B {1000 * served.elapsed_s:.0f} ms"
            )
            self._line(
                "request", words, client=served.client, method=served.method,
                target=served.target, status=served.status, sent_bytes=served.sent_bytes,
                elapsed_s=round(served.elapsed_s, 4),
            )  # fmt: skip

    def trouble(self, error: AudiobriefError) -> None:
        """Print what went wrong; the server goes on."""
        self._line("failed", None, error=as_json(error))
        print_error(error)

    def _line(self, event: str, words: str | None, **fields: Any) -> None:
        """Print a line; with ``--json`` also that for which there are no words on stdout."""
        if self._common.json:
            click.echo(json.dumps({"event": event, **fields}))
        elif words is not None and not self._common.quiet:
            click.echo(f"{event:<10} {words}")


def broken_rules(folder: Path) -> list[str]:
    """Return which rules a folder breaks that podcast apps insist on, one a line."""
    from audiobrief.check.folder import check_folder  # noqa: PLC0415 - lxml, mutagen, numpy

    found = check_folder(folder)
    return [f"{f.rule} {f.where}: {f.message}" for f in found if f.level == "must"]
