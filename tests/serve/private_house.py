"""A workspace with a private show and a public one, and who may hear the private one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hmac import compare_digest

from audiobrief.serve.doors import POLL_S, Doors, Hosted
from audiobrief.serve.gate import Guesses
from audiobrief.serve.roll import Roll
from audiobrief.serve.tally import Tally
from audiobrief.store.listened import add_listened
from audiobrief.store.listeners import (
    LISTENERS_NAME,
    Listener,
    digest_of,
    read_listeners,
    write_listeners,
)
from tests.publish.shows import make_episode, make_show, write_folder
from tests.serve.house import running

NOW = datetime(2024, 5, 17, 6, 30, tzinfo=UTC)
ANA, BEN, GONE, NOBODY = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)
BASE = "https://pod.example/"
OPEN = f"{BASE}open/"
#: As a text can be that is made to be taken for an address, or for markup.
TRAP = (
    f'Hear it at {BASE}feed.xml, <a href="{BASE}x.mp3">here</a> & '
    f'<code>{BASE}feed.xml</code> url="{BASE}y" ]]> <link>{BASE}z</link>'
)
EPISODE = make_episode(title=f"Ferry {BASE}feed.xml", directory="2024-05-17-ferry")


def listeners():
    """Return who may hear the private show: Ana and Ben, and once there was Cleo."""
    gone = Listener("Cleo", digest_of(GONE), NOW, revoked=NOW)
    return (Listener("Ana", digest_of(ANA), NOW), Listener("Ben", digest_of(BEN), NOW), gone)


def put_workspace(root):
    """Write a workspace; return the private show's episode."""
    show = make_show(title="Harbor", description=TRAP, base_url=BASE, is_private=True)
    (episode,) = write_folder(root / "episodes", show, [EPISODE])
    other = make_show(title="Open", base_url=OPEN)
    write_folder(root / "episodes" / "open", other, [replace(EPISODE, title="Open water")])
    (root / "episodes" / "open" / "show.json").write_text('{"guid": "x"}', encoding="utf-8")
    write_listeners(root / LISTENERS_NAME, listeners())
    return episode


class Clock:
    """Time that passes when a test says so."""

    now_s = 0.0

    def __call__(self):
        """Return the seconds."""
        return self.now_s


class Compared:
    """Compares, and counts how often."""

    count = 0

    def __call__(self, one, other):
        """Tell whether both are equal."""
        self.count += 1
        return compare_digest(one, other)


@contextmanager
def hosting(root, *, first_private=True, open_private=False, asks=False):
    """Serve a workspace; yield the server with its clock and what it compared."""
    clock, compared, troubles = Clock(), Compared(), []
    roll = Roll(root / LISTENERS_NAME, report=troubles.append, compare=compared)
    shows = [
        Hosted("", BASE, is_private=first_private, asks=asks),
        Hosted("open", OPEN, is_private=open_private, asks=asks),
    ]
    doors = Doors(shows, roll, Guesses(clock), Guesses(clock, refill_s=POLL_S))

    def keep(new):
        known = {each.sha256 for each in read_listeners(root / LISTENERS_NAME)}
        add_listened(root / ".audiobrief" / "listened.json", new, known)

    tally = Tally(keep, troubles.append)
    with running(root / "episodes", doors=doors, tally=tally) as run:
        run.clock, run.compared, run.told, run.tally = clock, compared, troubles, tally
        yield run
