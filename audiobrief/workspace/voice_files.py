"""What the files in ``voices/`` may say, and ``words.toml``: names, types, ranges, defaults."""
# ruff: noqa: RUF012 - a table of pydantic's has its own copy of each default

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from audiobrief.workspace.table import Gender, Language, Table, Text, VoiceName


class VoiceProfile(Table):
    """``voices/NAME.toml``."""

    engine: Text
    engine_voice: Text
    language: Language = "en"
    rate_wpm: Annotated[int, Field(ge=80, le=449)] = 170
    volume: Annotated[float, Field(gt=0, le=1)] = 1.0
    # For engines that reach a server or a model file.
    base_url: Text | None = None
    model: Text | None = None
    api_key_env: Text | None = None
    #: Terms of the voice, for people; no part of the sound.
    license: Text | None = None
    #: As what it is heard; casting asks for it only where the casting file does.
    gender: Gender | None = None
    #: Anything else that a plugin's engine wants.
    options: dict[str, str] = {}

    @field_validator("volume", mode="before")
    @classmethod
    def _whole_numbers_too(cls, value: object) -> object:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class PartSettings(Table):
    """What the casting file says of one speaker: one of the two."""

    voice: VoiceName | None = None
    gender: Gender | None = None

    @model_validator(mode="after")
    def _say_one(self) -> Self:
        if (self.voice is None) == (self.gender is None):
            raise PydanticCustomError("one_of_two", 'write "a voice" or {{ gender = "female" }}')
        return self


class CastFile(Table):
    """``voices/cast.toml``."""

    speakers: dict[Text, PartSettings] = {}

    @field_validator("speakers", mode="before")
    @classmethod
    def _names_too(cls, value: object) -> object:
        """Let ``"Ana Ruiz" = "guest-4"`` stand for ``"Ana Ruiz" = { voice = "guest-4" }``."""
        if not isinstance(value, dict):
            return value
        return {k: {"voice": v} if isinstance(v, str) else v for k, v in value.items()}


class WordSettings(Table):
    """How one word of a lexicon is said; which ways go together, `text.lexicon.Entry` decides."""

    say: Text | None = None
    ipa: Text | None = None
    letters: bool = False
    case: bool | None = None


class LexiconSettings(Table):
    """``voices/lexicon/NAME.toml``."""

    #: Only for scripts in this language; ``None``: for all.
    language: Language | None = None
    words: dict[str, WordSettings] = {}

    @field_validator("words", mode="before")
    @classmethod
    def _respellings_too(cls, value: object) -> object:
        """Let ``"Dyett" = "DYE-it"`` stand for ``"Dyett" = { say = "DYE-it" }``."""
        if not isinstance(value, dict):
            return value
        return {k: {"say": v} if isinstance(v, str) else v for k, v in value.items()}


class EpisodeWordSettings(WordSettings):
    """How a word is said in one episode, or in some lines of it."""

    #: Keys of the lines; without any, in the whole episode.
    here: list[str] = []


class EpisodeWordsSettings(Table):
    """``words.toml`` beside a manifest: as a lexicon, where a word may have several entries."""

    language: Language | None = None
    words: dict[str, list[EpisodeWordSettings]] = {}

    @field_validator("words", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        """Let one respelling, or one entry, stand for a list of it."""
        if not isinstance(value, dict):
            return value
        rows = {k: {"say": v} if isinstance(v, str) else v for k, v in value.items()}
        return {k: v if isinstance(v, list) else [v] for k, v in rows.items()}
