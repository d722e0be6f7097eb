"""``audiobrief review``: a page in the browser to hear episodes, mend and approve them."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Final

import click

from audiobrief.cli.ends import stopped_by_signals
from audiobrief.cli.episodes import by_option, find_on, reviewer
from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, common_flags

if TYPE_CHECKING:
    import socket

    from audiobrief.review.guard import Guard
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief review                          the queue of drafts, in your browser
audiobrief review ferry-returns            one episode: its folder's name, or a part of its title
audiobrief review --no-open --port 9000    over SSH: ssh -L 9000:localhost:9000, then open it there
"""
_DEFAULT_HOST: Final = "127.0.0.1"
_DEFAULT_PORT: Final = 8765
#: Ports that are tried from the default on.
_MOST_TRIES: Final = 20


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("episode", required=False)
@click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")
@click.option(
    "--port", metavar="NUMBER", type=click.IntRange(0, 65535),
    help="Instead of 8765 or the next that is free; 0 is any.",
)  # fmt: skip
@click.option(
    "--host", metavar="NAME", default=_DEFAULT_HOST,
    help="Listen at this address of the machine; then the page's address has a token in it.",
)  # fmt: skip
@by_option
@click.option("--show", metavar="NAME", help="Review this show alone: [shows.NAME].")
@common_flags()
def command(
    episode: str | None,
    no_open: bool,
    port: int | None,
    host: str,
    by: str | None,
    show: str | None,
    common: Common,
) -> int:
    """Hear episodes, mend words, approve and publish, on a page in your browser.

    The page is on this machine alone. A change is spoken and heard at once; the episode is built
    again behind it. Whatever you have done is kept at once: stop it at any time with Ctrl-C.
    """
    from audiobrief.cli.reviewing import Printer, broken_rules  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.review.desk import ReviewDesk  # noqa: PLC0415
    from audiobrief.review.app import App  # noqa: PLC0415
    from audiobrief.review.events import Events  # noqa: PLC0415
    from audiobrief.serve.server import Server  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    shows = (workspace.of_show(show),) if show is not None else workspace.shows
    path = _page_of(shows, episode)
    printer, events = Printer(common), Events()
    listening = _listen(host, port)
    guard = _guard(host)
    desk = ReviewDesk(
        shows,
        by=reviewer(by),
        clock=current_time,
        events=events,
        report=printer.trouble,
        check=broken_rules,
    )
    app = App(desk, events, guard, log=printer.request, report=printer.trouble)
    server = Server(app, listening)
    url = _address(host, listening.getsockname()[1])
    query = f"?token={guard.token}" if guard.token else ""

    def stop() -> None:
        events.close()
        server.stop()

    with stopped_by_signals(stop) as asked:
        printer.reviewing(f"{url}/{query}", f"{url}{path}{query}", is_open_to_all=bool(query))
        if not no_open and _has_screen():
            _open(f"{url}{path}{query}")
        try:
            server.run()
        finally:
            desk.close()
    if asked == [signal.SIGINT]:
        raise KeyboardInterrupt
    return 0


def _page_of(shows: tuple[Workspace, ...], name: str | None) -> str:
    """Return the path of the page to be opened first.

    Raises:
        WorkspaceError: There is no episode of this name.
    """
    if name is None:
        return "/"
    from audiobrief.pipeline.review.rack import id_of  # noqa: PLC0415 - with the server
    from audiobrief.store.library import read_shelf  # noqa: PLC0415

    show, episode = find_on([(show, read_shelf(show.episodes)) for show in shows], name)
    return f"/episode/{id_of(show, episode.directory)}"


def _listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens: at the port that is asked for, else at the next free one.

    Raises:
        ServeError: There is none.
    """
    from audiobrief.errors import ServeError  # noqa: PLC0415 - on the way to an error only
    from audiobrief.serve.server import listen  # noqa: PLC0415 - with the server

    ports = [port] if port is not None else range(_DEFAULT_PORT, _DEFAULT_PORT + _MOST_TRIES)
    for tried in ports:
        try:
            return listen(host, tried)
        except ServeError as error:
            last = error
    remedy = last.remedy.replace("audiobrief serve --port 8001", "audiobrief review --port 0")
    remedy = remedy.replace("audiobrief serve --port 8000", "audiobrief review --port 0")
    raise ServeError(last.problem, last.subject, remedy=remedy) from last


def _guard(host: str) -> Guard:
    """Return who is let in: everybody on this machine, elsewhere whoever has the token."""
    from audiobrief.cli.serving import EVERYWHERE, names_of  # noqa: PLC0415
    from audiobrief.review.guard import Guard  # noqa: PLC0415
    from audiobrief.serve.gate import is_loopback  # noqa: PLC0415

    if is_loopback(host):
        return Guard(frozenset({"localhost", "127.0.0.1", "::1", host.lower()}))
    from secrets import token_urlsafe  # noqa: PLC0415 - only for other addresses

    return Guard(frozenset(names_of(host)), host in EVERYWHERE, token_urlsafe(24))


def _address(host: str, port: int) -> str:
    from audiobrief.cli.serving import reachable  # noqa: PLC0415 - with the server

    shown = reachable(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _has_screen() -> bool:
    """Tell whether a browser can be opened where the user sees it."""
    is_away = any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
    if not sys.stdout.isatty() or is_away:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(url: str) -> None:
    """Open a browser; where there is none, the printed address has to do."""
    import webbrowser  # noqa: PLC0415 - only where there is a screen
    from threading import Thread  # noqa: PLC0415

    # Some browsers return when they are closed.
    Thread(target=webbrowser.open, args=(url,), daemon=True).start()
