"""The voices of a run: what settings, casting file and flags ask for, of engines that are there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.errors import EngineUnavailableError, WorkspaceError
from audiobrief.speak.engine import can_say, fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audiobrief.model.script import Script
    from audiobrief.model.voice import Voice
    from audiobrief.workspace.casting import Part
    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class Cast:
    """The voices of a run, with what ``--voice`` and ``--engine`` asked for."""

    narrator: Voice
    quotes: tuple[Voice, ...]
    quote_voices: bool
    #: All profiles of the workspace: a script that a person has edited may name any.
    profiles: Mapping[str, Voice]
    #: Speaker to voice, by the casting file.
    given: Mapping[str, Voice] = field(default_factory=dict)
    #: Speaker to the names of the quote voices of the gender that the casting file asks for.
    fitting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def voices(self) -> dict[str, Voice]:
        """All voices by name."""
        return {v.name: v for v in (self.narrator, *self.quotes, *self.given.values())}

    def can_say(self, name: str, ipa: str) -> bool:
        """Tell whether a voice can be told these sounds."""
        voice = {**self.profiles, **self.voices}[name]
        return can_say(plugins.engine(voice.engine), voice, ipa)

    def used_in(self, script: Script) -> dict[str, Voice]:
        """Return the voices of a script by name."""
        known = {**self.profiles, **self.voices}
        return {name: known[name] for name in sorted({s.voice for s in script.segments})}


def fingerprints(voices: Iterable[Voice]) -> dict[str, str]:
    """Return by name what voices are made of besides their profiles: part of every clip's key."""
    return {
        v.name: fingerprint_of(plugins.engine(v.engine), v)
        for v in sorted(voices, key=lambda voice: voice.name)
    }


def choose_cast(
    workspace: Workspace, *, voice: str | None = None, engine: str | None = None
) -> Cast:
    """Return the voices that the settings and the two flags ask for.

    Args:
        workspace: Where profiles and settings are.
        voice: The narrator for this run.
        engine: The engine of all voices for this run; a profile of another engine takes this
            engine's voices in turn.

    Raises:
        WorkspaceError: A profile is missing or wrong.
        EngineUnavailableError: An engine is missing.
    """
    cast = workspace.settings.cast
    narrator = workspace.voice(
        voice or cast.narrator,
        wanted_by="--voice" if voice else workspace.place_of("cast.narrator"),
    )
    quotes = tuple(
        workspace.voice(name, wanted_by=workspace.place_of("cast.quotes"))
        for name in cast.quotes
        if name != narrator.name
    )
    parts = workspace.parts
    given = {p.speaker: workspace.voice(p.voice, wanted_by=p.place) for p in parts if p.voice}
    fitting = {p.speaker: _fitting(p, quotes) for p in parts if p.gender}
    voices = tuple({v.name: v for v in (narrator, *quotes, *given.values())}.values())
    if engine is not None:
        voices = _with_engine(workspace, voices, engine)
    for one in voices:
        plugins.engine(one.engine)
    by_name = {v.name: v for v in voices}
    return Cast(
        by_name[narrator.name],
        tuple(by_name[v.name] for v in quotes),
        cast.quote_voices and bool(quotes),
        workspace.voices,
        {speaker: by_name[v.name] for speaker, v in given.items()},
        fitting,
    )


def _fitting(part: Part, quotes: Iterable[Voice]) -> tuple[str, ...]:
    """Return the quote voices of the gender that the casting file asks for.

    Raises:
        WorkspaceError: No profile of them says that it is of that gender.
    """
    found = tuple(v.name for v in quotes if v.gender == part.gender)
    if found:
        return found
    raise WorkspaceError(
        f'no voice of [cast] quotes has gender = "{part.gender}"',
        part.place,
        remedy=f'write gender = "{part.gender}" in the profile of one that sounds so,'
        " or name a voice in place of the gender",
    )


def _with_engine(workspace: Workspace, voices: tuple[Voice, ...], name: str) -> tuple[Voice, ...]:
    """Give every voice of another engine one of this engine's: by profile, else by language."""
    engine = plugins.engine(name)
    profiles = [v for v in workspace.voices.values() if v.engine == name and v not in voices]
    language = voices[0].language.partition("-")[0].lower()
    offered = [
        v.id
        for v in engine.voices()
        if not v.languages or any(t.lower().partition("-")[0] == language for t in v.languages)
    ]
    if not profiles and not offered:
        raise EngineUnavailableError(
            f'the engine "{name}" offers no voice for the language "{language}"',
            name,
            remedy=f'write a voice profile with engine = "{name}", see the README',
        )

    def turned(number: int, voice: Voice) -> Voice:
        if voice.engine == name:
            return voice
        if number < len(profiles):
            return replace(profiles[number], name=voice.name)
        if not offered:
            return replace(profiles[number % len(profiles)], name=voice.name)
        engine_voice = offered[(number - len(profiles)) % len(offered)]
        # Its options are those of its own engine.
        return replace(voice, engine=name, engine_voice=engine_voice, options=())

    return tuple(turned(n, v) for n, v in enumerate(voices))
