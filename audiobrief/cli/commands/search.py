"""``audiobrief search``: what was said, in which episode, and when in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling

if TYPE_CHECKING:
    from audiobrief.pipeline.search import Found

EXAMPLES = """
audiobrief search ferry                what was said of it, the newest first
audiobrief search Ana Ruiz pier        lines that have all of these words
audiobrief search ferry --limit 5 --json
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, metavar="N", help="So many at most; 20."
)
@common_flags()
def command(words: tuple[str, ...], limit: int, common: Common) -> int:
    """Find lines of all episodes that have all of these words: titles, speakers, what is said.

    Each is shown with its episode and its time. New episodes are taken in first; nothing leaves
    this machine. Exit code 1: a manifest cannot be read, so that something may be missing.
    """
    from audiobrief.pipeline.search import search  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    apart = [word for given in words for word in given.split()]
    if not apart:
        raise click.BadArgumentUsage("the words are empty")
    workspace = load_workspace(common.root)
    with telling(common) as tell:
        found, damaged = search(workspace, apart, limit=limit, tell=tell)
    if common.json:
        errors = [as_json(error) for error in damaged]
        print_json({"found": [_row(each) for each in found], "damaged": errors})
    else:
        if not found:
            click.echo(f"nothing is said of {' '.join(apart)}", err=True)
        for each in found:
            click.echo(_line(each))
    for error in damaged:
        print_error(error)
    return 1 if damaged else 0


def _row(found: Found) -> dict[str, Any]:
    return {
        "show": found.show.show or None,
        "guid": found.episode.guid,
        "title": found.episode.title,
        "directory": found.show.directory_of(found.episode),
        "start_ms": found.start_ms,
        "speaker": found.speaker,
        "text": found.text,
    }


def _line(found: Found) -> str:
    from audiobrief.cli.commands.status import clock  # noqa: PLC0415 - with the review

    who = f"{found.speaker}: " if found.speaker else ""
    name = found.show.directory_of(found.episode).removeprefix("episodes/")
    return f"{name}  {clock(found.start_ms)}  {who}{found.text}"
