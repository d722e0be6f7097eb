"""``audiobrief lexicon``: how names and acronyms are said; hear them before the listeners do."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from audiobrief.cli.commands.lexicon_pls import export_pls, import_pls
from audiobrief.cli.lexicon_files import lexicon_path, write_file, writes
from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json
from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from audiobrief.model.voice import Voice
    from audiobrief.speak.engine import Session
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
EXAMPLES = f"""
{ADD.strip().splitlines()[0]}
{TEST.strip().splitlines()[0]}
audiobrief lexicon list
audiobrief lexicon import words.pls                W3C Pronunciation Lexicon
"""


@click.group(cls=Group, examples=EXAMPLES, invoke_without_command=True)
@common_flags()
@click.pass_context
def command(ctx: click.Context, common: Common) -> int | None:
    """Say how names and acronyms are said, and hear them."""
    ctx.obj = common
    return None if ctx.invoked_subcommand is not None else _list(common)


command.add_command(import_pls)
command.add_command(export_pls)


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
@writes
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
        place = f'"{word[:60]}"' if word.strip() else "WORD"
        remedy = _remedy(word, say, ipa, letters=letters)
        raise WorkspaceError(str(error), place, remedy=remedy) from error
    workspace = load_workspace(common.root)
    path = lexicon_path(workspace, name)
    _refuse_taken(workspace, entry, path, force=force)
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    write_file(path, with_entry(text, entry), dry_run=dry_run)
    line = render_entry(entry)
    file = f"voices/lexicon/{path.name}"
    if common.json:
        print_json({"file": file, "line": line, "written": not dry_run})
    elif not common.quiet:
        click.echo(f"{file}  {line}{'  (not written)' if dry_run else ''}")
        click.echo(f'hear it: audiobrief lexicon test "{entry.word}"')
    return 0


def _remedy(word: str, say: str | None, ipa: str | None, *, letters: bool) -> str:
    """Return the command that would have been right."""
    from audiobrief.text.speech.lexicon import LONGEST_WORD  # noqa: PLC0415 - keeps --help fast

    if not any(map(str.isalnum, word)) or not word.isprintable() or len(word) > LONGEST_WORD:
        return 'name a word of the text: audiobrief lexicon add Dyett "DYE-it"'
    start = f'audiobrief lexicon add "{" ".join(word.split())}"'
    if letters and (say is not None or ipa is not None):
        return f"{start} --letters, or SAY without --letters"
    if say is None and ipa is None:
        return f'add what to say: {start} "…", or {start} --letters'
    plain = " ".join("".join(c if c.isalnum() or c in " -'" else " " for c in say or "").split())
    return f'{start} "{plain or "…"}"'


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


# -- list ----------------------------------------------------------------------------------------


@command.command("list", cls=Command, examples="audiobrief lexicon list --json")
@common_flags()
def list_words(common: Common) -> int:
    """List the words of all lexicons, and which of two entries wins."""
    return _list(common)


def _list(common: Common) -> int:
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    show = workspace.settings.show.language
    rows: list[dict[str, Any]] = []
    for words in (words for scope in workspace.word_lists for words in scope):
        # One without a language counts in all: what it is in the show's is what people ask.
        winning = workspace.lexicon_for(words.language or show).entries
        origins = {entry.origin for entry in winning}
        for entry in words.entries:
            hidden = entry.origin not in origins
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
    from audiobrief.cli.commands.voices import refuse_unusable  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    voice = workspace.voice(name or workspace.settings.cast.narrator, wanted_by="--voice")
    lexicon = workspace.lexicon_for(voice.language)
    with ExitStack() as stack:
        session = None if no_sound else stack.enter_context(_started(voice))
        target = output or Path(f"hear-{_slug(word)}.wav")
        if session is not None:
            refuse_unusable(word, target)
        said = _said(word, voice, lexicon)
        found = tuple(dict.fromkeys(hit.entry for hit in lexicon.find(word)))
        answer: dict[str, Any] = {
            "word": word,
            "entries": [_as_row(entry, None) for entry in found],
            "spoken": said.text,
            "phonemes": [list(one) for one in said.phonemes],
            "voice": voice.name,
            "file": None,
        }
        if session is not None:
            answer["file"] = str(target)
            answer["duration_ms"] = _speak(said, voice, session, target)
    if common.json:
        print_json(answer)
    elif not common.quiet:
        _print_test(answer, found)
    return 0


class _Said(NamedTuple):
    """What a voice gets."""

    text: str
    phonemes: tuple[tuple[int, int, str], ...]


def _said(word: str, voice: Voice, lexicon: Lexicon) -> _Said:
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.speak.engine import can_say  # noqa: PLC0415
    from audiobrief.text.speech.spoken import speak_out  # noqa: PLC0415

    form = speak_out(word, language=voice.language, lexicon=lexicon)
    engine = plugins.engine(voice.engine)
    told = (s for s in form.phonemes if can_say(engine, voice, s.ipa))
    return _Said(form.text, tuple((s.start, s.end, s.ipa) for s in told))


def _print_test(answer: dict[str, Any], found: tuple[Entry, ...]) -> None:
    told = {ipa for _start, _end, ipa in answer["phonemes"]}
    for entry in found:
        click.echo(f"{entry.word}: {_way(_as_row(entry, None))}  {entry.origin}")
        if entry.ipa and not entry.say and entry.ipa not in told:
            click.echo(
                "note: this voice cannot be told this IPA, it gets the word as printed: add SAY"
            )
    if not found:
        click.echo(f'no entry: audiobrief lexicon add "{answer["word"]}" "…"')
    gets = answer["spoken"]
    for start, end, ipa in reversed(answer["phonemes"]):
        gets = f"{gets[:start]}/{ipa}/{gets[end:]}"
    click.echo(f"the voice gets: {gets}")
    if answer["file"]:
        click.echo(f"{answer['file']}  {answer['duration_ms'] / 1000:.1f} s, {answer['voice']}")


def _started(voice: Voice) -> Session:
    """Start what speaks: its process gets ready while the rules of speech are loaded."""
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.speak.run import ready_session  # noqa: PLC0415

    return ready_session(plugins.engine(voice.engine))


def _speak(said: _Said, voice: Voice, session: Session, target: Path) -> int:
    """Write a text, spoken, to a WAV file; return its length in milliseconds."""
    from audiobrief.speak.run import speak_one  # noqa: PLC0415 - keeps --help fast
    from audiobrief.store.clips import render_clip  # noqa: PLC0415
    from audiobrief.store.files import atomic_write  # noqa: PLC0415

    clip = speak_one(said.text, voice, session, said.phonemes)
    atomic_write(target, render_clip(clip))
    return clip.duration_ms


def _slug(word: str) -> str:
    from audiobrief.store.library import slug  # noqa: PLC0415 - keeps --help fast

    return slug(word, limit=40)
