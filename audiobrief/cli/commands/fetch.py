"""``audiobrief fetch``: what sources have that is new goes into the inbox."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import current_time, is_address
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import SourceError, WorkspaceError

if TYPE_CHECKING:
    from audiobrief.model.report import FetchReport, SourceOutcome
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief fetch                       all sources of audiobrief.toml
audiobrief fetch "Harbor Post"         one of them
audiobrief fetch https://post.example/ferry
pbpaste | audiobrief fetch -           the addresses on standard input
audiobrief fetch && audiobrief brief   the day's programme
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("names", nargs=-1, metavar="[SOURCE | ADDRESS | -]...")
@click.option(
    "--force",
    is_flag=True,
    help="Ask sources that rest after a failure, too, and for pages that were refused.",
)
@common_flags()
def command(names: tuple[str, ...], force: bool, common: Common) -> int:
    """Bring new articles from the sources in the settings into the inbox.

    Each article comes once, whichever source has it; one that was changed takes the place of what
    was there. An ADDRESS, or each of those on standard input (-), is written into links.txt beside
    the settings, which is asked like a source.
    """
    from audiobrief.model.report import FetchReport  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.fetch import fetch  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    asked, (names, vain) = names, _listed(workspace, names)
    report = FetchReport(())
    if names or not vain:
        require_sources(workspace, names)
        with telling(common) as tell:
            report = fetch(workspace, now=current_time(), only=names, force=force, tell=tell)
    vain += _without_article(workspace, asked)
    if common.json:
        rows = [as_row(outcome) for outcome in report.sources]
        print_json({"sources": rows, "errors": [as_json(error) for error in vain]})
    print_outcomes(report, common)
    for error in vain:
        print_error(error)
    return 1 if vain or any(outcome.error for outcome in report.sources) else 0


def _listed(
    workspace: Workspace, names: tuple[str, ...]
) -> tuple[tuple[str, ...], list[SourceError]]:
    """Write the addresses among the names into the list of links, which takes their place.

    Returns:
        What is to be asked, and why some addresses never are.
    """
    addresses = [name for name in names if name == "-" or is_address(name)]
    if not addresses:
        return names, []
    from audiobrief.pipeline.named import addresses_in, list_addresses  # noqa: PLC0415 - httpx

    found = [a for a in addresses if a != "-"]
    if "-" in addresses:
        found += addresses_in(sys.stdin.buffer.read())
    listed = list_addresses(workspace, found)
    others = tuple(name for name in names if name not in addresses)
    return others + ((listed.source,) if listed.source else ()), list(listed.refused)


def _without_article(workspace: Workspace, names: tuple[str, ...]) -> list[SourceError]:
    """Return what to say of each address on the command line that was asked in vain.

    An address that was refused before is not asked again: "nothing new" would tell nobody why.
    """
    from audiobrief.pipeline.link_list import refusal_of  # noqa: PLC0415 - httpx
    from audiobrief.pipeline.named import file_of_address  # noqa: PLC0415

    vain = []
    for address in names:
        if not is_address(address) or refusal_of(address):
            continue
        try:
            file_of_address(workspace, address)
        except SourceError as error:
            vain.append(error)
    return vain


def print_outcomes(report: FetchReport, common: Common) -> None:
    """Print what became of each source; with ``--json`` only what failed."""
    for outcome in report.sources:
        if outcome.error is not None:
            print_error(outcome.error, about=outcome.name)
        elif not common.quiet and not common.json:
            _print(outcome, common)


def require_sources(workspace: Workspace, names: tuple[str, ...] = ()) -> None:
    """Refuse to go on without sources, or without one of those that are named.

    Raises:
        WorkspaceError: There is none.
    """
    from audiobrief.pipeline.links import sources_of  # noqa: PLC0415 - keeps --help fast

    known = [source.name for source in sources_of(workspace)]
    if not known:
        raise WorkspaceError(
            "there are no sources",
            workspace.place_of("sources"),
            remedy='add one: [[sources]] with name = "..." and url = "..." of a feed',
        )
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            guess = f'did you mean "{close[0]}"?' if close else f"known: {', '.join(known)}"
            raise WorkspaceError(f'there is no source "{name}"', name, remedy=guess)


def _print(outcome: SourceOutcome, common: Common) -> None:
    if outcome.rests_until is not None:
        until = f"{outcome.rests_until:%Y-%m-%d %H:%M} UTC"
        click.echo(f"rests      {outcome.name}, until {until}; --force asks it now")
        return
    click.echo(f"fetched    {outcome.name}: {in_words(outcome)}")
    for locator in (*outcome.new, *outcome.updated) if common.verbose else ():
        click.echo(f"           {locator}")
    for note in outcome.notes:
        click.echo(f"           note: {note}")


def in_words(outcome: SourceOutcome) -> str:
    """Return in a few words what came of a source."""
    if outcome.rests_until is not None:
        return f"rests until {outcome.rests_until:%Y-%m-%d %H:%M} UTC"
    counts = (
        (len(outcome.new), "new"),
        (len(outcome.updated), "changed"),
        (outcome.copies, "told by another source"),
        (outcome.postponed, "to be tried again"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing new"


def as_row(outcome: SourceOutcome) -> dict[str, Any]:
    """Return what came of a source as the JSON that users see."""
    return {
        "name": outcome.name,
        "new": list(outcome.new),
        "updated": list(outcome.updated),
        "known": outcome.known,
        "copies": outcome.copies,
        "postponed": outcome.postponed,
        "notes": list(outcome.notes),
        "error": as_json(outcome.error) if outcome.error else None,
        "rests_until": outcome.rests_until.isoformat() if outcome.rests_until else None,
    }
