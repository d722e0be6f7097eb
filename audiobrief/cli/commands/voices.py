"""``audiobrief voices``: list the profiles; ``voices say`` lets one be heard."""

from __future__ import annotations

from pathlib import Path

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json
from audiobrief.errors import StoreError, WorkspaceError

SAY = """
audiobrief voices say "Good morning." -v anchor -o hello.wav
"""
EXAMPLES = f"""
audiobrief voices
audiobrief voices --engine pyttsx3     what engine_voice may be
{SAY.strip()}
"""


@click.group(cls=Group, examples=EXAMPLES, invoke_without_command=True)
@click.option("--engine", metavar="NAME", help="List what this engine offers instead.")
@common_flags()
@click.pass_context
def command(ctx: click.Context, engine: str | None, common: Common) -> int | None:
    """List the voices, or let one be heard."""
    ctx.obj = common
    if ctx.invoked_subcommand is not None:
        return None
    if engine is not None:
        return _list_offers(engine, common)
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415 - keeps --help fast

    workspace = load_workspace(common.root)
    cast = workspace.settings.cast
    parts = {cast.narrator: "narrator"} | {n: "quotes" for n in cast.quotes if n != cast.narrator}
    voices = workspace.voices.values()
    if common.json:
        rows = [
            {
                "name": v.name,
                "engine": v.engine,
                "engine_voice": v.engine_voice,
                "language": v.language,
                "rate_wpm": v.rate_wpm,
                "volume": v.volume,
                "part": parts.get(v.name),
            }
            for v in voices
        ]
        print_json({"voices": rows})
        return 0
    width = max((len(v.name) for v in voices), default=0)
    for v in voices:
        part = parts.get(v.name, "")
        click.echo(
            f"{v.name:<{width}}  {v.engine:<8}  {v.engine_voice:<14}  {v.language:<6}"
            f"  {v.rate_wpm} wpm  {part}".rstrip()
        )
    return 0


def _list_offers(name: str, common: Common) -> int:
    """List what a profile's ``engine_voice`` may be."""
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast

    offered = plugins.engine(name).voices()
    if common.json:
        print_json(
            {
                "voices": [
                    {"id": v.id, "name": v.name, "languages": v.languages, "gender": v.gender}
                    for v in offered
                ]
            }
        )
        return 0
    width = max((len(v.id) for v in offered), default=0)
    for v in offered:
        click.echo(f"{v.id:<{width}}  {', '.join(v.languages):<8}  {v.name}".rstrip())
    return 0


@command.command(cls=Command, examples=SAY)
@click.argument("text")
@click.option("-v", "--voice", "name", metavar="NAME", help="The voice; default: the narrator.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.wav",
    help="The WAV file to write.",
)
@common_flags(without="verbose")
def say(text: str, name: str | None, output: Path, common: Common) -> int:
    """Write TEXT, spoken, to a WAV file."""
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.speak.run import speak_one  # noqa: PLC0415
    from audiobrief.store.clips import render_clip  # noqa: PLC0415
    from audiobrief.store.files import atomic_write  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    refuse_unusable(text, output)
    workspace = load_workspace(common.root)
    voice = workspace.voice(name or workspace.settings.cast.narrator, wanted_by="--voice")
    clip = speak_one(text, voice, plugins.engine(voice.engine))
    atomic_write(output, render_clip(clip))
    if common.json:
        said = {"file": str(output), "duration_ms": clip.duration_ms, "voice": voice.name}
        print_json(said)
    elif not common.quiet:
        click.echo(f"{output}  {clip.duration_ms / 1000:.1f} s, {voice.name}")
    return 0


def refuse_unusable(text: str, output: Path) -> None:
    """Refuse a text or a file name that no sample can be made of.

    Raises:
        WorkspaceError: There is nothing to say, or the file is no WAV file.
        StoreError: The file's folder is missing.
    """
    if not text.strip():
        raise WorkspaceError("there is nothing to say", "TEXT", remedy='say "Good morning."')
    if output.suffix.lower() != ".wav":
        raise WorkspaceError(
            "a voice sample is a WAV file", str(output), remedy="let the name end in .wav"
        )
    if not output.parent.is_dir():
        raise StoreError(
            "there is no such folder", str(output.parent), remedy="make it, or choose another one"
        )
