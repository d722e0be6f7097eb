"""``audiobrief init``: a workspace to start from."""

from __future__ import annotations

from pathlib import Path

import click

from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json

EXAMPLES = """
audiobrief init morning-brief
cd morning-brief && audiobrief build
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("root", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@common_flags()
def command(root: Path | None, common: Common) -> int:
    """Write commented settings, the folders and a sample article; never overwrite anything."""
    from audiobrief.workspace.start import start_workspace  # noqa: PLC0415 - keeps --help fast

    root = root or common.root
    made, kept = start_workspace(root)
    if common.json:
        print_json({"directory": str(root), "made": made, "kept": kept})
    elif not common.quiet:
        for name in made:
            click.echo(f"made  {root / name}")
        for name in kept:
            click.echo(f"kept  {root / name}")
        here = "" if root == Path() else f" -C {root}"
        click.echo(f"next: audiobrief{here} build")
    return 0
