"""``audiobrief watch``: builds whatever arrives, until stopped."""

from __future__ import annotations

import json
import signal
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import click

from audiobrief.cli.commands.fetch import as_row as source_row
from audiobrief.cli.commands.fetch import in_words, require_sources
from audiobrief.cli.ends import asked_by_signals
from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.progress import telling
from audiobrief.cli.report import as_row, other_errors
from audiobrief.cli.span import Span
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from audiobrief.model.report import BuildReport, FetchReport, Outcome
    from audiobrief.pipeline.happening import Happening
    from audiobrief.pipeline.stop import Stop
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief watch                       what is put into articles/
audiobrief watch --every 30m           what the sources have, too
audiobrief watch --every 1d --brief    the day's programme of it
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--every",
    metavar="SPAN",
    type=Span(least="1m"),
    help="Ask the sources, now and then so often: 30m, 6h, 1d.",
)
@click.option("--brief", "programme", is_flag=True, help="Make the day's programme, not episodes.")
@click.option("--poll", is_flag=True, help="Look again and again: for drives in a network.")
@click.option("--voice", metavar="NAME", help="This voice narrates, for this run.")
@click.option("--engine", metavar="NAME", help="This engine speaks all voices, for this run.")
@common_flags()
def command(
    every: float | None,
    programme: bool,
    poll: bool,
    voice: str | None,
    engine: str | None,
    common: Common,
) -> int:
    """Build what the inbox has that is new, then whatever arrives, until stopped.

    A file is built once it has stood still for two seconds. Errors are told, and the watch goes
    on. With --brief no article becomes an episode of its own: the programme of the day is made
    anew with all that has come in. Ctrl-C stops between two steps; what is finished is kept.
    """
    from audiobrief.pipeline.stop import Stop  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.watch import WatchOptions, watch  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    if every is not None:
        require_sources(workspace)
    every_s = None if every is None else every * 3600
    options = WatchOptions(every_s, programme, poll, voice, engine)
    stop = Stop()
    with _asking(stop):
        watch(
            workspace,
            options=options,
            stop=stop,
            now=current_time,
            report=_Printer(common).print,
            telling=partial(telling, common),
        )
    if stop.signal == signal.SIGINT:
        raise KeyboardInterrupt
    return 0


def _asking(stop: Stop) -> AbstractContextManager[None]:
    """Let signals ask for a stop: the first one between two steps, a second Ctrl-C at once."""

    def ask(number: int) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.ask(number)

    return asked_by_signals(ask)


class _Printer:
    """Prints what happens: a line each, with ``--json`` a document a line."""

    def __init__(self, common: Common) -> None:
        self._common = common
        #: By show: complaints that stay until somebody does something, said once.
        self._standing: dict[str, set[str]] = {}

    def print(self, happening: Happening) -> None:
        """Print one event."""
        from audiobrief.pipeline import happening as what  # noqa: PLC0415 - loaded by now

        match happening:
            case what.Watching(folder):
                self._line("watching", f"{folder}/", folder=folder)
            case what.Waiting():
                self._line("waiting", "another build holds this workspace")
            case what.Fetched(report):
                self._fetched(report)
            case what.Built(show, report):
                self._built(show, report)
            case what.Trouble(error):
                self._line("failed", None, locator=None, error=as_json(error))
                print_error(error)

    def _line(self, event: str, words: str | None, **fields: Any) -> None:
        """Print a line; with ``--json`` also that for which there are no words on stdout."""
        if self._common.json:
            click.echo(json.dumps({"event": event, **fields}))
        elif words is not None and not self._common.quiet:
            click.echo(f"{event:<10} {words}")

    def _fetched(self, report: FetchReport) -> None:
        for outcome in report.sources:
            words = None if outcome.error else f"{outcome.name}: {in_words(outcome)}"
            self._line("fetched", words, **source_row(outcome))
            if outcome.error is not None:
                print_error(outcome.error, about=outcome.name)

    def _built(self, show: Workspace, report: BuildReport) -> None:
        for outcome in report.outcomes:
            row = as_row(outcome, show)
            if outcome.result != "unchanged":
                words = None if outcome.error else _words_of(outcome)
                self._line(outcome.result, words, **row)
            if outcome.error is not None:
                print_error(outcome.error, about=outcome.locator)
        if report.feed and any(outcome.result == "built" for outcome in report.outcomes):
            words = f"{report.feed}  ({report.elapsed_s:.1f} s)"
            self._line("feed", words, feed=report.feed, elapsed_s=round(report.elapsed_s, 3))
        self._complain(show, report)

    def _complain(self, show: Workspace, report: BuildReport) -> None:
        before = self._standing.get(show.show, set())
        standing = {f"warning: {warning}" for warning in report.warnings}
        standing |= set(_unkept(show, report))
        for line in sorted(standing - before):
            click.echo(line, err=True)
        for error in other_errors(report):
            standing.add(str(error))
            if error is report.unannounced or str(error) not in before:
                self._line("failed", None, locator=None, error=as_json(error))
                print_error(error)
        self._standing[show.show] = standing


def _unkept(show: Workspace, report: BuildReport) -> Iterator[str]:
    """Write the report of a build as a file; yield why it could not be written."""
    from audiobrief.model.report import BriefReport  # noqa: PLC0415 - loaded by now
    from audiobrief.pipeline.build_report import ShowBuilt, write_report  # noqa: PLC0415

    kind: Literal["build", "brief"] = "brief" if isinstance(report, BriefReport) else "build"
    began = current_time() - timedelta(seconds=report.elapsed_s)
    try:
        write_report([ShowBuilt(show, report)], kind, now=began)
    except AudiobriefError as error:
        yield f"warning: the report of a build was not written: {error}"


def _words_of(outcome: Outcome) -> str:
    if outcome.result == "nothing":
        return f"{outcome.locator}: {'; '.join(outcome.notes)}"
    spoken = f"{outcome.synthesized} of {outcome.synthesized + outcome.cached} clips spoken"
    return f"{outcome.locator} -> {outcome.directory}/  ({spoken})"
