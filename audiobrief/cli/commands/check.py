"""``audiobrief check``: feed and episodes against the numbered rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import PublishError

if TYPE_CHECKING:
    from audiobrief.check.rule import Finding

EXAMPLES = """
audiobrief check                       the workspace's episodes/
audiobrief check path/to/episodes
audiobrief check --json
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@common_flags()
def command(path: Path | None, common: Common) -> int:
    """Hold the feed and every episode against the rules that podcast apps enforce.

    Each finding names its rule; a broken "must" rule gives exit code 1.
    """
    from audiobrief.check.folder import check_folder  # noqa: PLC0415 - lxml, mutagen, numpy
    from audiobrief.pipeline.events import Event, Stage  # noqa: PLC0415

    folder = path or common.root / "episodes"
    folders = [folder] if path else _shows_below(folder)
    if not folder.is_dir():
        raise PublishError(
            "there is no folder of episodes",
            str(folder),
            remedy='build one first: "audiobrief build article.txt"',
        )
    findings: list[Finding] = []
    with telling(common) as tell:
        for one in folders:
            found = check_folder(
                one,
                progress=lambda done, total, title: tell(Event(Stage.CHECK, title, done, total)),
            )
            below = "" if one == folder else f"{one.name}/"
            findings += [replace(f, where=f"{below}{f.where}") for f in found]
    broken = [f for f in findings if f.level == "must"]
    if common.json:
        rows = [
            {"rule": f.rule, "level": f.level, "where": f.where, "message": f.message}
            for f in findings
        ]
        print_json({"findings": rows})
    elif not common.quiet:
        for finding in findings:
            click.echo(f"{finding.rule:<4} {finding.level:<6} {finding.where}: {finding.message}")
        names = ", ".join(map(str, folders))
        click.echo(f"{len(broken)} must, {len(findings) - len(broken)} should: {names}")
    return 1 if broken else 0


def _shows_below(folder: Path) -> list[Path]:
    """Return the folders with a feed: of the first show, and of those below it."""
    others = sorted(feed.parent for feed in folder.glob("*/feed.xml"))
    # Without any, the first one is asked, and says what is missing.
    return [folder, *others] if not others or (folder / "feed.xml").exists() else others
