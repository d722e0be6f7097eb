"""``audiobrief lexicon import`` and ``export``: W3C Pronunciation Lexicons (PLS 1.0)."""

from __future__ import annotations

from pathlib import Path

import click

from audiobrief.cli.lexicon_files import lexicon_path, refuse_existing, write_file, writes
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.errors import StoreError, WorkspaceError

EXCHANGE = "audiobrief lexicon {0} words.pls"


@click.command("import", cls=Command, examples=EXCHANGE.format("import"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.pls")
@click.option("--file", "name", metavar="NAME", help="voices/lexicon/NAME.toml; default: FILE.")
@writes
@common_flags()
def import_pls(file: Path, *, name: str | None, dry_run: bool, force: bool, common: Common) -> int:
    """Take over a W3C Pronunciation Lexicon (PLS 1.0) as a lexicon file of the workspace."""
    from audiobrief.workspace.lexicon_file import render_word_list  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415
    from audiobrief.workspace.pls import parse_pls  # noqa: PLC0415

    try:
        content = file.read_bytes()
    except OSError as error:
        raise WorkspaceError(
            f"cannot read: {error.strerror or error}", str(file), remedy="name a PLS file"
        ) from error
    read = parse_pls(content, where=str(file))
    if not read.entries:
        remedy = "; ".join(read.notes[:3]) or "name a file with <lexeme> elements in it"
        raise WorkspaceError("no word of it can be taken over", str(file), remedy=remedy)
    path = lexicon_path(load_workspace(common.root), name or file.stem)
    refuse_existing(path, force=force)
    write_file(path, render_word_list(read.entries, read.language), dry_run=dry_run)
    for note in read.notes:
        click.echo(f"note: {note}", err=True)
    return _report(f"voices/lexicon/{path.name}", len(read.entries), dry_run, common)


@click.command("export", cls=Command, examples=EXCHANGE.format("export"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.pls")
@click.option("--language", metavar="TAG", help="Whose words; default: the show's language.")
@click.option("--all", "shipped", is_flag=True, help="The shipped words, too.")
@writes
@common_flags()
def export_pls(
    file: Path,
    *,
    language: str | None,
    shipped: bool,
    dry_run: bool,
    force: bool,
    common: Common,
) -> int:
    """Write your words of a language as a W3C Pronunciation Lexicon.

    The shipped words stay out: imported elsewhere, they would hide the ones shipped there.
    """
    from audiobrief.workspace.lexicons import lexicon_of  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415
    from audiobrief.workspace.pls import render_pls  # noqa: PLC0415

    workspace = load_workspace(common.root)
    tag = language or workspace.settings.show.language
    lexicon = workspace.lexicon_for(tag) if shipped else lexicon_of(workspace.word_lists[0], tag)
    if not lexicon:
        whose = "" if shipped else "your own "
        raise WorkspaceError(
            f'there are no {whose}words for the language "{tag}"',
            "voices/lexicon/",
            remedy="name another with --language" + ("" if shipped else ", or add --all"),
        )
    refuse_existing(file, force=force)
    if not file.absolute().parent.is_dir():
        raise StoreError("there is no such folder", str(file.parent), remedy="make it first")
    write_file(file, render_pls(lexicon.entries, tag).decode(), dry_run=dry_run)
    return _report(str(file), len(lexicon.entries), dry_run, common)


def _report(file: str, count: int, dry_run: bool, common: Common) -> int:
    if common.json:
        print_json({"file": file, "words": count, "written": not dry_run})
    elif not common.quiet:
        click.echo(f"{file}  {count} words{'  (not written)' if dry_run else ''}")
    return 0
