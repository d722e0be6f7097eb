"""What ``audiobrief voices`` lists: profiles, engines, and what an engine offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from audiobrief.cli.output import print_json
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from audiobrief.cli.options import Common
    from audiobrief.model.voice import Voice


def list_voices(common: Common) -> int:
    """List the profiles, then the engines: language, terms, installed or how to get it."""
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    cast = workspace.settings.cast
    parts = {cast.narrator: "narrator"} | {n: "quotes" for n in cast.quotes if n != cast.narrator}
    voices = [_voice_row(v, parts.get(v.name)) for v in workspace.voices.values()]
    engines = [_engine_row(name) for name in plugins.engine_names()]
    if common.json:
        print_json({"voices": voices, "engines": engines})
        return 0
    width = max((len(str(row["name"])) for row in voices), default=0)
    for row in voices:
        fix = "" if row["installed"] else f"missing: {row['get']}"
        click.echo(
            f"{row['name']:<{width}}  {row['engine']:<8}  {row['engine_voice']:<14}"
            f"  {row['language']:<6}  {row['rate_wpm']} wpm  {row['part'] or '':<8}"
            f"  {fix or row['license']}".rstrip()
        )
    click.echo("\nengines")
    for row in engines:
        state = "installed" if row["installed"] else f"missing: {row['get']}"
        click.echo(f"  {row['name']:<8}  {state:<10}  {row['license']}".rstrip())
    return 0


def _voice_row(voice: Voice, part: str | None) -> dict[str, object]:
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.speak.engine import LicensedEngine, fingerprint_of  # noqa: PLC0415

    remedy, license_ = None, voice.license
    try:
        engine = plugins.engine(voice.engine)
        if isinstance(engine, LicensedEngine):
            license_ = license_ or engine.license
        fingerprint_of(engine, voice)
    except AudiobriefError as error:
        remedy = error.remedy
    return {
        "name": voice.name,
        "engine": voice.engine,
        "engine_voice": voice.engine_voice,
        "language": voice.language,
        "rate_wpm": voice.rate_wpm,
        "volume": voice.volume,
        "part": part,
        "license": license_,
        "installed": remedy is None,
        "get": remedy,
    }


def _engine_row(name: str) -> dict[str, object]:
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.speak.engine import LicensedEngine  # noqa: PLC0415

    remedy, license_ = None, ""
    try:
        engine = plugins.engine(name)
        license_ = engine.license if isinstance(engine, LicensedEngine) else ""
        engine.fingerprint()
    except AudiobriefError as error:
        remedy = error.remedy
    return {"name": name, "license": license_, "installed": remedy is None, "get": remedy}


def list_offers(name: str, common: Common) -> int:
    """List what a profile's ``engine_voice`` may be."""
    from audiobrief import plugins  # noqa: PLC0415 - keeps --help fast
    from audiobrief.speak.engine import ModelEngine  # noqa: PLC0415

    engine = plugins.engine(name)
    offered = list(engine.voices())
    if isinstance(engine, ModelEngine):
        offered += engine.voices_in(common.root / "voices")
    if common.json:
        rows = [
            {"id": v.id, "name": v.name, "languages": v.languages, "gender": v.gender}
            for v in offered
        ]
        print_json({"voices": rows})
        return 0
    width = max((len(v.id) for v in offered), default=0)
    for v in offered:
        click.echo(f"{v.id:<{width}}  {', '.join(v.languages):<8}  {v.name}".rstrip())
    return 0
