"""``audiobrief voices``: list, ``say`` lets one be heard, ``add`` downloads one."""

from __future__ import annotations

from pathlib import Path

import click

from audiobrief.cli.options import Command, Common, Group, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.voice_lists import list_offers, list_voices
from audiobrief.errors import StoreError, WorkspaceError

SAY = """
audiobrief voices say "Good morning." -v anchor -o hello.wav
"""
ADD = """
audiobrief voices add piper:en_US-ljspeech-medium
audiobrief voices add kokoro:af_heart --as anchor
audiobrief voices add piper:de_DE-thorsten-medium --dry-run     its size and terms
"""
EXAMPLES = f"""
audiobrief voices
audiobrief voices --engine pyttsx3     what engine_voice may be
{SAY.strip()}
{ADD.strip().splitlines()[0]}
"""


@click.group(cls=Group, examples=EXAMPLES, invoke_without_command=True)
@click.option("--engine", metavar="NAME", help="List what this engine offers instead.")
@common_flags()
@click.pass_context
def command(ctx: click.Context, engine: str | None, common: Common) -> int | None:
    """List the voices and engines, let a voice be heard, or add one."""
    ctx.obj = common
    if ctx.invoked_subcommand is not None:
        return None
    if engine is not None:
        return list_offers(engine, common)
    return list_voices(common)


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
    from audiobrief.speak.run import ready_session, speak_one  # noqa: PLC0415
    from audiobrief.store.clips import render_clip  # noqa: PLC0415
    from audiobrief.store.files import atomic_write  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    refuse_unusable(text, output)
    workspace = load_workspace(common.root)
    voice = workspace.voice(name or workspace.settings.cast.narrator, wanted_by="--voice")
    with ready_session(plugins.engine(voice.engine)) as session:
        clip = speak_one(text, voice, session)
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


@command.command(cls=Command, examples=ADD)
@click.argument("voice", metavar="ENGINE:NAME")
@click.option("--as", "name", metavar="NAME", help="Name of the profile; default: the voice's.")
@click.option("--mirror", metavar="URL", help="Fetch from here instead of from the publisher.")
@click.option("--force", is_flag=True, help="Replace files and profile.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched; fetch the index only.")
@common_flags()
def add(
    voice: str, name: str | None, mirror: str | None, force: bool, dry_run: bool, common: Common
) -> int:
    """Download a voice of piper or kokoro, with its checksum, and write its profile."""
    from audiobrief.cli.voice_download import add_voice  # noqa: PLC0415 - keeps --help fast

    return add_voice(voice, name, mirror=mirror, force=force, dry_run=dry_run, common=common)
