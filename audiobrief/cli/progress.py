"""Progress on stderr: a bar on a terminal, plain lines in a pipe, events with ``--json``."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from audiobrief.text.printable import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from audiobrief.cli.options import Common
    from audiobrief.pipeline.events import Event, Tell

#: A pipe or a log gets a line at most this often.
LINE_EVERY_S = 5.0
#: Stages in which several episodes may be at once, and of how many a terminal shows it.
_OF_AN_EPISODE = frozenset({"speaking", "assembling"})
_MOST_ROWS = 12


@contextmanager
def telling(common: Common) -> Iterator[Tell]:
    """Give the function that a build tells its steps."""
    if common.quiet:
        yield _ignore
    elif common.json:
        yield _as_json
    elif sys.stderr.isatty():
        with _bar(color=common.color) as tell:
            yield tell
    else:
        yield _Lines()


def _ignore(_event: Event) -> None:
    pass


def _as_json(event: Event) -> None:
    fields = {
        "stage": event.stage,
        "locator": event.locator,
        "done": event.done,
        "total": event.total,
    }
    click.echo(json.dumps(fields, ensure_ascii=False), err=True)


class _Lines:
    """Plain lines, at most one every few seconds."""

    def __init__(self) -> None:
        self._last_s = time.monotonic()

    def __call__(self, event: Event) -> None:
        now_s = time.monotonic()
        if now_s - self._last_s >= LINE_EVERY_S:
            self._last_s = now_s
            counted = f" {event.done}/{event.total}" if event.total > 1 else ""
            line = f"{event.stage}{counted}  {plain_line(event.locator)}"
            click.echo(line.rstrip(), err=True)


@contextmanager
def _bar(*, color: bool) -> Iterator[Tell]:
    # rich takes 60 ms to import: only where a person watches.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
    )

    console = Console(stderr=True, no_color=not color or None)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Rows(progress)


class _Rows:
    """A row for what is done of the whole, and one for each episode in the making.

    Args:
        progress: Shows them.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._whole = progress.add_task("reading", total=None)
        self._rows: dict[str, TaskID] = {}

    def __call__(self, event: Event) -> None:
        if event.stage == "made":
            row = self._rows.pop(event.locator, None)
            if row is not None:
                self._progress.remove_task(row)
            return
        row = self._whole
        if event.stage in _OF_AN_EPISODE:
            row = self._row_of(event.locator)
        description = f"{event.stage}  {plain_line(event.locator)}".rstrip()
        self._progress.update(row, description=description, completed=event.done, total=event.total)

    def _row_of(self, locator: str) -> TaskID:
        """Return the row of an episode; what does not fit on the screen has that of the whole."""
        if locator in self._rows:
            return self._rows[locator]
        if len(self._rows) >= _MOST_ROWS:
            return self._whole
        return self._rows.setdefault(locator, self._progress.add_task("", total=None))
