"""``audiobrief lexicon``: how names and acronyms are said; hear them before the listeners do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json
from audiobrief.errors import StoreError, WorkspaceError

if TYPE_CHECKING:
    from audiobrief.text.speech.lexicon import Entry, Lexicon
    from audiobrief.workspace.load import Workspace

ADD = """
audiobrief lexicon add Dyett "DYE-it"              what to say instead
audiobrief lexicon add IS --letters                letter by letter
audiobrief lexicon add Siobhan shiv-AWN --ipa ʃɪˈvɔːn
"""  # noqa: RUF001 - IPA is meant
TEST = """
audiobrief lexicon test Dyett                      writes hear-dyett.wav
audiobrief lexicon test "the al-Reis plan" -v guest-1 -o reis.wav
"""
EXCHANGE = "audiobrief lexicon {0} words.pls"
EXAMPLES = f"""
{ADD.strip().splitlines()[0]}
{TEST.strip().splitlines()[0]}
audiobrief lexicon list
audiobrief lexicon import words.pls                W3C Pronunciation Lexicon
"""
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WRITE_FLAGS = (
    click.option("--dry-run", is_flag=True, help="Only say what would be written."),
    click.option("--force", is_flag=True, help="Replace what is there."),
)


def _writes(function: Any) -> Any:
    for flag in _WRITE_FLAGS:
        function = flag(function)
    return function


@click.group(cls=Group, examples=EXAMPLES, invoke_without_command=True)
@common_flags()
@click.pass_context
def command(ctx: click.Context, common: Common) -> int | None:
    """Say how names and acronyms are said, and hear them."""
    ctx.obj = common
    return None if ctx.invoked_subcommand is not None else _list(common)


# -- add -----------------------------------------------------------------------------------------


@command.command(cls=Command, examples=ADD)
@click.argument("word")
@click.argument("say", required=False)
@click.option("--letters", is_flag=True, help="It is said letter by letter.")
@click.option(
    "--ipa", metavar="IPA", help="For engines that take phonemes; add SAY for the others."
)
@click.option("--exact", is_flag=True, help="Only where it is written exactly so.")
@click.option("--file", "name", default="words", metavar="NAME", help="voices/lexicon/NAME.toml.")
@_writes
@common_flags()
def add(  # noqa: PLR0913 - one argument an option
    word: str,
    say: str | None,
    *,
    letters: bool,
    ipa: str | None,
    exact: bool,
    name: str,
    dry_run: bool,
    force: bool,
    common: Common,
) -> int:
    """Write what to SAY for WORD into voices/lexicon/.

    WORD may be a phrase. Capitals in it must be capitals in the text, small letters may be.
    Capitals in SAY mark the stress for you; voices get small letters.
    """
    from audiobrief.text.speech.lexicon import Entry  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.lexicon_file import render_entry, with_entry  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    try:
        entry = Entry(word, say, ipa, letters, match_case=True if exact else None)
    except ValueError as error:
        raise WorkspaceError(
            str(error), word, remedy='audiobrief lexicon add Dyett "DYE-it"'
        ) from error
    workspace = load_workspace(common.root)
    path = _lexicon_path(workspace, name)
    _refuse_taken(workspace, entry, path, force=force)
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    _write(path, with_entry(text, entry), dry_run=dry_run)
    line = render_entry(entry)
    file = f"voices/lexicon/{path.name}"
    if common.json:
        print_json({"file": file, "line": line, "written": not dry_run})
    elif not common.quiet:
        click.echo(f"{file}  {line}{'  (not written)' if dry_run else ''}")
        click.echo(f'hear it: audiobrief lexicon test "{entry.word}"')
    return 0


def _lexicon_path(workspace: Workspace, name: str) -> Path:
    stem = name.removesuffix(".toml")
    if not _FILE_NAME.fullmatch(stem):
        raise WorkspaceError(
            "no name for a lexicon file", name, remedy="use letters, digits, - and _"
        )
    return workspace.lexicon_folder / f"{stem}.toml"


def _refuse_taken(workspace: Workspace, entry: Entry, path: Path, *, force: bool) -> None:
    """Refuse a word that stands there already, or in a file of the workspace that would win."""
    own = workspace.word_lists[0]
    for words in own:
        there = next((e for e in words.entries if e.word == entry.word), None)
        if there is None or (words.path == path and (force or there == entry)):
            continue
        if words.path == path:
            remedy = "add --force to replace it"
        elif words.path.name < path.name:
            remedy = f"replace it there: --file {words.path.stem} --force"
        else:
            continue
        raise WorkspaceError(f'"{entry.word}" has an entry already', there.origin, remedy=remedy)


def _write(path: Path, text: str, *, dry_run: bool) -> None:
    from audiobrief.store.files import atomic_write, make_folder  # noqa: PLC0415

    if not dry_run:
        make_folder(path.parent)
        atomic_write(path, text.encode())


# -- list ----------------------------------------------------------------------------------------


@command.command("list", cls=Command, examples="audiobrief lexicon list --json")
@common_flags()
def list_words(common: Common) -> int:
    """List the words of all lexicons, and which of two entries wins."""
    return _list(common)


def _list(common: Common) -> int:
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    scopes = load_workspace(common.root).word_lists
    rows: list[dict[str, Any]] = []
    taken: set[tuple[str | None, str]] = set()
    for words in (words for scope in scopes for words in scope):
        for entry in words.entries:
            key = (words.language, entry.word)
            hidden = key in taken or (None, entry.word) in taken
            taken.add(key)
            rows.append(_as_row(entry, words.language) | {"overridden": hidden})
    rows.sort(key=lambda row: (row["word"].casefold(), row["overridden"]))
    if common.json:
        print_json({"words": rows})
        return 0
    width = max((len(r["word"]) for r in rows), default=0)
    ways = [_way(r) for r in rows]
    way_width = max(map(len, ways), default=0)
    for row, way in zip(rows, ways, strict=True):
        mark = "  (overridden)" if row["overridden"] else ""
        click.echo(f"{row['word']:<{width}}  {way:<{way_width}}  {row['origin']}{mark}")
    return 0


def _as_row(entry: Entry, language: str | None) -> dict[str, Any]:
    return {
        "word": entry.word,
        "say": entry.say,
        "ipa": entry.ipa,
        "letters": entry.letters,
        "case": entry.match_case,
        "language": language,
        "origin": entry.origin,
    }


def _way(row: dict[str, Any]) -> str:
    ipa = f"/{row['ipa']}/" if row["ipa"] else ""
    return "letter by letter" if row["letters"] else " ".join(filter(None, (row["say"], ipa)))


# -- test ----------------------------------------------------------------------------------------


@command.command(cls=Command, examples=TEST)
@click.argument("word")
@click.option("-v", "--voice", "name", metavar="NAME", help="The voice; default: the narrator.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.wav",
    help="The WAV file to write; default: hear-WORD.wav here.",
)
@click.option("--no-sound", is_flag=True, help="Only say what the voice would get.")
@common_flags(without="verbose")
def test(word: str, name: str | None, output: Path | None, no_sound: bool, common: Common) -> int:
    """Say which entry applies to WORD, and write it, spoken, to a WAV file.

    WORD may be a whole sentence.
    """
    from audiobrief.text.speech.spoken import speak_out  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    voice = workspace.voice(name or workspace.settings.cast.narrator, wanted_by="--voice")
    lexicon = workspace.lexicon_for(voice.language)
    spoken = speak_out(word, language=voice.language, lexicon=lexicon).text
    found = tuple(dict.fromkeys(hit.entry for hit in lexicon.find(word)))
    answer: dict[str, Any] = {
        "word": word,
        "entries": [_as_row(entry, None) for entry in found],
        "spoken": spoken,
        "voice": voice.name,
        "file": None,
    }
    if not no_sound:
        target = output or Path(f"hear-{_slug(word)}.wav")
        answer["file"] = str(target)
        answer["duration_ms"] = _speak(spoken, voice, target)
    if common.json:
        print_json(answer)
    elif not common.quiet:
        _print_test(answer, found)
    return 0


def _print_test(answer: dict[str, Any], found: tuple[Entry, ...]) -> None:
    for entry in found:
        click.echo(f"{entry.word}: {_way(_as_row(entry, None))}  {entry.origin}")
        if entry.ipa and not entry.say:
            click.echo("note: this voice takes no IPA and gets the word as printed: add SAY")
    if not found:
        click.echo(f'no entry: audiobrief lexicon add "{answer["word"]}" "…"')
    click.echo(f"the voice gets: {answer['spoken']}")
    if answer["file"]:
        click.echo(f"{answer['file']}  {answer['duration_ms'] / 1000:.1f} s, {answer['voice']}")


def _speak(text: str, voice: Any, target: Path) -> int:
    """Write a text, spoken, to a WAV file; return its length in milliseconds."""
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.cli.commands.voices import refuse_unusable  # noqa: PLC0415
    from audiobrief.speak.run import speak_one  # noqa: PLC0415
    from audiobrief.store.clips import render_clip  # noqa: PLC0415
    from audiobrief.store.files import atomic_write  # noqa: PLC0415

    refuse_unusable(text, target)
    clip = speak_one(text, voice, plugins.engine(voice.engine))
    atomic_write(target, render_clip(clip))
    return clip.duration_ms


def _slug(word: str) -> str:
    from audiobrief.store.library import slug  # noqa: PLC0415 - keeps --help fast

    return slug(word, limit=40)


# -- PLS -----------------------------------------------------------------------------------------


@command.command("import", cls=Command, examples=EXCHANGE.format("import"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.pls")
@click.option("--file", "name", metavar="NAME", help="voices/lexicon/NAME.toml; default: FILE.")
@_writes
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
    path = _lexicon_path(load_workspace(common.root), name or file.stem)
    _refuse_existing(path, force=force)
    _write(path, render_word_list(read.entries, read.language), dry_run=dry_run)
    for note in read.notes:
        click.echo(f"note: {note}", err=True)
    return _report(f"voices/lexicon/{path.name}", len(read.entries), dry_run, common)


@command.command("export", cls=Command, examples=EXCHANGE.format("export"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.pls")
@click.option("--language", metavar="TAG", help="Whose words; default: the show's language.")
@_writes
@common_flags()
def export_pls(
    file: Path, *, language: str | None, dry_run: bool, force: bool, common: Common
) -> int:
    """Write all words of a language, own and shipped, as a W3C Pronunciation Lexicon."""
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415
    from audiobrief.workspace.pls import render_pls  # noqa: PLC0415

    workspace = load_workspace(common.root)
    tag = language or workspace.settings.show.language
    lexicon: Lexicon = workspace.lexicon_for(tag)
    _refuse_existing(file, force=force)
    if not file.absolute().parent.is_dir():
        raise StoreError("there is no such folder", str(file.parent), remedy="make it first")
    _write(file, render_pls(lexicon.entries, tag).decode(), dry_run=dry_run)
    return _report(str(file), len(lexicon.entries), dry_run, common)


def _refuse_existing(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise WorkspaceError(
            "the file is there already", str(path), remedy="add --force to replace it"
        )


def _report(file: str, count: int, dry_run: bool, common: Common) -> int:
    if common.json:
        print_json({"file": file, "words": count, "written": not dry_run})
    elif not common.quiet:
        click.echo(f"{file}  {count} words{'  (not written)' if dry_run else ''}")
    return 0
