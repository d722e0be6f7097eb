"""A card: what the index knows of an episode, without opening its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from audiobrief.model.episode import Enclosure, Episode, State

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
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


class Card(NamedTuple):
    """What lists, feeds and builds ask of every episode; the manifest has the rest.

    No field is ever left empty to be filled in later: whoever needs more reads the `Episode`. A
    tuple, and what few ask for is taken apart when it is asked for: there are thousands of them.
    """

    guid: str
    title: str
    #: Aware, UTC, whole seconds.
    published: datetime
    state: State
    #: Name of its folder below ``episodes/``.
    directory: str
    #: Of the `enclosure`.
    sound_file: str
    sound_bytes: int
    sound_type: str
    sound_ms: int
    sound_sha256: str
    #: The `deliveries`, as JSON.
    delivered: str
    #: Digest of all that decides its bytes.
    digest: str
    #: Digest of all that feed and list tell of it, but for number and cover.
    told: str
    #: Digest of what listeners get of it: whoever is told of news is told of these.
    heard: str
    integrated_lufs: float
    segment_count: int
    #: The `speakers`, as JSON.
    spoken: str
    #: Of the `article`; empty: there is no single one.
    article_id: str
    article_url: str
    article_locator: str
    #: Day of a programme; empty: it is none.
    day: str
    number: int | None
    season: int | None
    #: As in `Episode`.
    cover_file: str = ""

    @property
    def enclosure(self) -> Enclosure:
        """The sound."""
        return Enclosure(*self[5:10])

    @property
    def deliveries(self) -> tuple[tuple[str, str], ...]:
        """The sound in other formats: file name and SHA-256."""
        return _pairs(self.delivered)

    @property
    def speakers(self) -> tuple[tuple[str, str], ...]:
        """Who speaks in which voice; of one speaker with several, the last one heard is last."""
        return _pairs(self.spoken)

    @property
    def article(self) -> ArticleKey | None:
        """By what it is found again; ``None``: a programme, or made of several articles."""
        return ArticleKey(*self[17:20]) if self.article_id else None

    def voices_among(self, guests: Container[str]) -> dict[str, str]:
        """Return which of these voices each speaker has here."""
        return {speaker: voice for speaker, voice in self.speakers if voice in guests}


def speakers_of(cards: Sequence[Card]) -> Iterable[Sequence[tuple[str, str]]]:
    """Return the speakers of each card; of thousands, in a third of the time."""
    told: list[list[tuple[str, str]]] = json.loads(f"[{','.join(c.spoken or '[]' for c in cards)}]")
    return told


#: What is done with episodes in the same way, whether they are whole or known by their cards.
Listed = TypeVar("Listed", Episode, Card)


def card_of(episode: Episode) -> Card:
    """Return the card of an episode."""
    heard = {(s.speaker or "", s.voice): n for n, s in enumerate(episode.segments) if s.speaker}
    speakers = sorted(heard, key=lambda pair: heard[pair])
    article, sound = key_of(episode) or ArticleKey("", "", ""), episode.enclosure
    return Card(
        guid=episode.guid,
        title=episode.title,
        published=episode.published,
        state=episode.state,
        directory=episode.directory,
        sound_file=sound.file,
        sound_bytes=sound.bytes,
        sound_type=sound.mime_type,
        sound_ms=sound.duration_ms,
        sound_sha256=sound.sha256,
        delivered=_written((sound.file, sound.sha256) for sound in episode.deliveries),
        digest=episode.build.digest,
        told=_told(episode),
        heard=_heard(episode),
        integrated_lufs=episode.loudness.integrated_lufs,
        segment_count=len(episode.segments),
        spoken=_written(speakers),
        article_id=article.id,
        article_url=article.url,
        article_locator=article.locator,
        day=episode.programme.day if episode.programme else "",
        number=episode.number,
        season=episode.season,
        cover_file=episode.cover_file,
    )


def _written(pairs: Iterable[tuple[str, str]]) -> str:
    told = list(pairs)
    return json.dumps(told) if told else ""


def _pairs(written: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in json.loads(written)) if written else ()


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
