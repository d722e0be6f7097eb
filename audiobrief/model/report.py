"""What a build did, article by article: results are values, not log lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from audiobrief.errors import AudiobriefError
    from audiobrief.model.audio import Loudness
    from audiobrief.model.script import LedgerRow


class Result(StrEnum):
    """What became of an article."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    #: There was nothing to make it of.
    NOTHING = "nothing"


class Step(StrEnum):
    """Where the time goes that an article takes."""

    READ = "read"
    SCRIPT = "script"
    SPEAK = "speak"
    ASSEMBLE = "assemble"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class VoiceLevel:
    """How loud a voice gave its clips; LUFS, as heard."""

    voice: str
    clip_count: int
    #: All of them together, by their energy.
    mean_lufs: float
    softest_lufs: float
    loudest_lufs: float


@dataclass(frozen=True, slots=True)
class Levels:
    """The sound of an episode, before mastering and after."""

    #: In the order in which they are heard; empty: not known of every clip.
    before: tuple[VoiceLevel, ...]
    after: Loudness
    #: The mean of the peaks in each of some columns along the episode, 0..255 for 0..full scale.
    wave: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """What an episode has become, as a report tells of it."""

    title: str
    #: RFC 5646.
    language: str
    duration_ms: int
    #: Of what is said.
    word_count: int
    #: Headline of each article.
    articles: tuple[str, ...]
    #: Of the sources, in sentences and in words.
    source_sentence_count: int
    source_word_count: int
    dropped: tuple[LedgerRow, ...]
    #: What is said besides the source, and why.
    added: tuple[tuple[str, str], ...]
    levels: Levels
    #: Pieces of the sound that were encoded now, and all of them.
    encoded_count: int
    part_count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One article of a build."""

    locator: str
    result: Result
    guid: str | None = None
    #: Path of the episode relative to the workspace, POSIX separators.
    directory: str | None = None
    synthesized: int = 0
    cached: int = 0
    error: AudiobriefError | None = None
    #: What was repaired, left out or uncertain.
    notes: tuple[str, ...] = ()
    #: Names and acronyms that no dictionary has: their reading is a guess.
    doubtful_words: tuple[str, ...] = ()
    #: Of the episode, where it is known without reading anything.
    title: str = ""
    duration_ms: int = 0
    #: Seconds by step, where something was done.
    times_s: tuple[tuple[Step, float], ...] = ()
    #: What was made now; ``None``: nothing was.
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A whole build."""

    outcomes: tuple[Outcome, ...]
    #: Path of the feed relative to the workspace; ``None`` when nothing is published.
    feed: str | None
    elapsed_s: float
    #: What was found damaged, and what was done instead.
    warnings: tuple[str, ...] = ()
    #: Why the feed could not be written; the episodes are kept.
    error: AudiobriefError | None = None
    #: Episodes whose manifest could not be read; they are left out of the feed.
    damaged: tuple[AudiobriefError, ...] = ()
    #: Why hook or webhook could not be told; the next run tries again.
    unannounced: AudiobriefError | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What came of one source."""

    name: str
    #: Files that are new in the inbox, and those that have changed.
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    #: Articles that were there already, and those whose text another source had.
    known: int = 0
    copies: int = 0
    #: Articles that could not be taken now; the next run tries again.
    postponed: int = 0
    #: What was left out or uncertain, in words for the user.
    notes: tuple[str, ...] = ()
    error: AudiobriefError | None = None
    #: Aware: it is not asked before; without an error, it was not asked now.
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FetchReport:
    """A run over all sources."""

    sources: tuple[SourceOutcome, ...]


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story of a programme."""

    headline: str
    locator: str
    #: How long it is heard, as far as is known.
    seconds: float
    told_sentences: int
    all_sentences: int
    #: Other outlets that tell it.
    others: tuple[str, ...] = ()
    #: Why it is told, and why here.
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefReport(BuildReport):
    """A programme, or why there is none."""

    #: In the order of telling; none where nothing was decided anew.
    stories: tuple[ToldStory, ...] = ()
