"""An episode: what its manifest says, which is the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from audiobrief.model.script import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from audiobrief.model.article import BlockKind
    from audiobrief.model.audio import Loudness
    from audiobrief.model.script import Addition, Generated, LedgerRow


class State(StrEnum):
    """How far an episode has come; only published ones are in the feed."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """Which article an episode was made of."""

    id: str
    locator: str
    headline: str
    byline: str | None = None
    outlet: str | None = None
    url: str | None = None
    #: How it says that words are said, in its front matter.
    lexicon: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The sound file, as the feed names it."""

    #: File name inside the episode's directory.
    file: str
    bytes: int
    mime_type: str
    duration_ms: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter; it ends where the next one or the episode does."""

    title: str
    #: A whole second (feed reference C4).
    start_ms: int


@dataclass(frozen=True, slots=True)
class TimedSegment:
    """A segment at its place in the finished file."""

    id: str
    role: Role
    speaker: str | None
    voice: str
    #: As printed.
    text: str
    #: As sent to the engine.
    spoken: str
    start_ms: int
    end_ms: int
    #: Half-open range of ledger rows.
    source: tuple[int, int]
    #: Segments with the same number make one paragraph.
    paragraph: int
    #: Title of the chapter that begins here.
    chapter: str | None = None
    #: When each word of ``text`` begins (white space divides words), where that is known; empty:
    #: the engine tells nothing of words.
    word_starts_ms: tuple[int | None, ...] = ()
    #: Key of the clip that was put in; empty in manifests of before.
    clip: str = ""
    #: Digest of that clip: another one may have its key by now. Empty in manifests of before.
    clip_digest: str = ""
    #: Words whose sounds the voice was told: start and end in ``spoken``, and IPA, in order.
    phonemes: tuple[tuple[int, int, str], ...] = ()
    #: What it is in its article; ``None`` in manifests of before.
    kind: BlockKind | None = None


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """How the episode came about."""

    synthesized: int
    cached: int
    #: Engine name to its fingerprint; sorted by name.
    engine_versions: tuple[tuple[str, str], ...]
    #: Digest of all that decides the bytes; the same digest: nothing to do.
    digest: str


@dataclass(frozen=True, slots=True)
class Programme:
    """What a programme of several articles is, beside its articles."""

    #: Of the briefing in the settings.
    name: str
    #: The day that it is of: YYYY-MM-DD.
    day: str
    #: Digest of all that it was decided from: the same digest, the same programme.
    decided: str


@dataclass(frozen=True, slots=True)
class Episode:
    """All that feed, pages, tags and the next build need to know of an episode."""

    #: Assigned once, never changes.
    guid: str
    title: str
    #: Aware, UTC, whole seconds.
    published: datetime
    state: State
    #: Name of its directory below ``episodes/``; assigned once.
    directory: str
    #: RFC 5646.
    language: str
    articles: tuple[ArticleRef, ...]
    enclosure: Enclosure
    loudness: Loudness
    segments: tuple[TimedSegment, ...]
    ledger: tuple[LedgerRow, ...]
    chapters: tuple[Chapter, ...]
    build: BuildRecord
    #: Transcripts and chapters beside the sound: name and SHA-256, sorted by name.
    files: tuple[tuple[str, str], ...] = ()
    #: What is said besides the source.
    added: tuple[Addition, ...] = ()
    #: The script without a person's edits; ``None``: the segments are it.
    generated: Generated | None = None
    #: The sound in other formats, beside the one that the feed names.
    deliveries: tuple[Enclosure, ...] = ()
    #: ``None``: it is one article.
    programme: Programme | None = None
    #: In a serial show: counted once, from 1, in its season if there are seasons; then kept.
    number: int | None = None
    season: int | None = None
    #: File name of its own cover in its directory, which is never in the manifest: it is drawn
    #: from titles, and is there or not. Empty: the show's is shown.
    cover_file: str = ""

    @property
    def summary(self) -> str:
        """The first sentences of the body, for descriptions."""
        return summarize(self.segments)


def summarize(segments: Iterable[TimedSegment], *, limit: int = 300) -> str:
    """Return the first whole sentences of the body that fit; the first one is cut if it must be."""
    text = ""
    for sentence in _sentences(segments):
        if text and len(text) + len(sentence) >= limit:
            break
        text = f"{text} {sentence}".strip()
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"


def _sentences(segments: Iterable[TimedSegment]) -> Iterator[str]:
    """Yield the sentences of the body, each with all who speak in it: they share its rows."""
    parts: list[str] = []
    end = 0
    for segment in segments:
        first, last = segment.source
        if segment.role is Role.HOST or first == last:
            continue
        if parts and first >= end:
            yield " ".join(parts)
            parts = []
        parts.append(segment.text)
        end = last
    if parts:
        yield " ".join(parts)
