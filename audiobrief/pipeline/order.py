"""All that decides how an episode becomes, as a value that crosses borders between machines."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import audiobrief
from audiobrief.model import article, audio, episode, report, script, show, voice
from audiobrief.model.audio import MusicSpec
from audiobrief.model.codec import Codec
from audiobrief.pipeline.ingredients import RECIPE_VERSION, Recipe
from audiobrief.pipeline.workshop import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.audio import Format, SoundSpec
    from audiobrief.model.episode import Episode, Programme
    from audiobrief.model.report import Made, Step
    from audiobrief.model.show import Show

#: Raised by one whenever the same order is made otherwise: pages, transcripts, tags.
_MAKING_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Order:
    """What is made, in full."""

    recipe: Recipe
    #: Without the episode of before: what of it counts is settled where it lies.
    slot: Slot
    show: Show
    sound: SoundSpec
    #: In which else it is delivered.
    formats: tuple[Format, ...]
    #: SHA-256 of the show's cover.
    cover: str
    programme: Programme | None = None
    #: Of an episode of a serial show that is made again.
    number: int | None = None
    season: int | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An order as it is sent."""

    order: Order
    #: Of the program that has decided it.
    version: str
    #: What each voice is made of besides its profile, by name.
    fingerprints: Mapping[str, str]
    #: SHA-256 of each file of music, in the order of the fields of `MusicSpec`; "": none.
    music: tuple[str, ...]
    #: The release may want a cover of the episode's own: it is drawn beside the sound.
    wants_cover: bool


@dataclass(frozen=True, slots=True)
class MadeEpisode:
    """An episode as it was made: no draft and not published, and nobody has edited its script."""

    episode: Episode
    #: On the making, for the user; those on the script are told by whoever has it.
    notes: tuple[str, ...]
    #: Highest sample of each step of its sound, see `audiobrief.model.audio.Curve`.
    peaks: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """What comes back of an order, but for the sound."""

    made: MadeEpisode
    #: The files beside the sound: name and content.
    texts: tuple[tuple[str, bytes], ...]
    figures: Made | None
    times_s: tuple[tuple[Step, float], ...]


CODEC: Final = Codec(
    (
        *(Recipe, Slot, Order, Sealed, MadeEpisode, Parcel),
        *(article.Article, article.Block, article.BlockKind, article.Fact),
        *(audio.SoundSpec, audio.MusicSpec, audio.Format, audio.Loudness),
        *(script.Script, script.Segment, script.Role, script.LedgerRow, script.Addition),
        *(script.Generated, script.GeneratedLine),
        *(episode.Episode, episode.State, episode.ArticleRef, episode.Enclosure, episode.Chapter),
        *(episode.TimedSegment, episode.BuildRecord, episode.Programme),
        *(report.Made, report.Levels, report.VoiceLevel, report.Step),
        *(show.Show, voice.Voice),
    )
)


def seal(
    order: Order,
    fingerprints: Mapping[str, str],
    music: tuple[str, ...],
    *,
    wants_cover: bool,
) -> Sealed:
    """Return an order as it is sent.

    Args:
        order: What is made.
        fingerprints: Of its voices, by name.
        music: SHA-256 of its files of music, see `Sealed`.
        wants_cover: Draw a cover of its own.
    """
    order = replace(order, slot=replace(order.slot, before=None))
    return Sealed(order, version(), dict(fingerprints), music, wants_cover)


def key_of(sealed: Sealed) -> str:
    """Return the key of an order: 64 hex digits.

    Where files of voices and music lie is no part of it, what is in them is: two machines give an
    order the same key. Nor is what a build has done with a person's edits: its script says it. Nor
    is whether a cover is drawn beside it: that can be done at any time.
    """
    recipe = sealed.order.recipe
    voices = {name: replace(v, folder="") for name, v in recipe.voices.items()}
    script = replace(recipe.script, news=())
    recipe = replace(recipe, voices=voices, script=script, music=MusicSpec(), script_file=None)
    plain = replace(sealed, order=replace(sealed.order, recipe=recipe), wants_cover=False)
    return sha256(CODEC.encode(plain)).hexdigest()


def version() -> str:
    """Return what changes with the program: another one might make the same order otherwise."""
    return f"{audiobrief.__version__}+{RECIPE_VERSION}.{_MAKING_VERSION}"


def music_paths(music: MusicSpec) -> tuple[str | None, ...]:
    """Return the files of music, in the order of the fields."""
    return tuple(getattr(music, field.name) for field in fields(music))
