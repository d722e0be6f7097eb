"""A card: what the index knows of an episode, without opening its manifest."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from audiobrief.model.episode import Enclosure, Episode, State

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

#: Told by the digest of what an episode was made of, and slow to hash: half a millisecond each.
#: The state is not told: of what a feed names, it is the same.
_UNTOLD = frozenset(
    {"segments", "ledger", "added", "generated", "build", "state", "cover_file", "number", "season"}
)


@dataclass(frozen=True, slots=True)
class ArticleKey:
    """By what an article is found again: its text, its page, its file."""

    id: str
    url: str
    locator: str


@dataclass(frozen=True, slots=True)
class Card:
    """What lists, feeds and builds ask of every episode; the manifest has the rest.

    No field is ever left empty to be filled in later: whoever needs more reads the `Episode`.
    """

    guid: str
    title: str
    #: Aware, UTC, whole seconds.
    published: datetime
    state: State
    #: Name of its folder below ``episodes/``.
    directory: str
    enclosure: Enclosure
    #: The sound in other formats: file name and SHA-256.
    deliveries: tuple[tuple[str, str], ...]
    #: Digest of all that decides its bytes.
    digest: str
    #: Digest of all that feed and list tell of it, but for number and cover.
    told: str
    #: Digest of what listeners get of it: whoever is told of news is told of these.
    heard: str
    integrated_lufs: float
    segment_count: int
    #: Who speaks in which voice; of one speaker with several, the last one heard is the last.
    speakers: tuple[tuple[str, str], ...]
    #: ``None``: it is a programme, or made of several articles.
    article: ArticleKey | None = None
    #: Day of a programme; empty: it is none.
    day: str = ""
    number: int | None = None
    season: int | None = None
    #: As in `Episode`.
    cover_file: str = ""

    def voices_among(self, guests: Container[str]) -> dict[str, str]:
        """Return which of these voices each speaker has here."""
        return {speaker: voice for speaker, voice in self.speakers if voice in guests}


#: What is done with episodes in the same way, whether they are whole or known by their cards.
Listed = TypeVar("Listed", Episode, Card)


def card_of(episode: Episode) -> Card:
    """Return the card of an episode."""
    heard = {(s.speaker or "", s.voice): n for n, s in enumerate(episode.segments) if s.speaker}
    speakers = sorted(heard, key=lambda pair: heard[pair])
    return Card(
        guid=episode.guid,
        title=episode.title,
        published=episode.published,
        state=episode.state,
        directory=episode.directory,
        enclosure=episode.enclosure,
        deliveries=tuple((sound.file, sound.sha256) for sound in episode.deliveries),
        digest=episode.build.digest,
        told=_told(episode),
        heard=_heard(episode),
        integrated_lufs=episode.loudness.integrated_lufs,
        segment_count=len(episode.segments),
        speakers=tuple(speakers),
        article=key_of(episode),
        day=episode.programme.day if episode.programme else "",
        number=episode.number,
        season=episode.season,
        cover_file=episode.cover_file,
    )


def _told(episode: Episode) -> str:
    told = [getattr(episode, f.name) for f in fields(episode) if f.name not in _UNTOLD]
    return sha256(repr((told, episode.build.digest)).encode()).hexdigest()


def _heard(episode: Episode) -> str:
    told = (episode.title, episode.published, episode.enclosure.sha256, episode.files)
    return sha256(repr(told).encode()).hexdigest()


def key_of(episode: Episode) -> ArticleKey | None:
    """Return by what an article finds its episode; ``None``: it is not that of a single one."""
    if len(episode.articles) != 1 or episode.programme is not None:
        return None
    (ref,) = episode.articles
    return ArticleKey(ref.id, ref.url or "", ref.locator)
