"""What the application asks of whoever knows episodes; it knows none of them itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

from audiobrief.errors import StoreError

if TYPE_CHECKING:
    import os
    from pathlib import Path

#: A JSON document, as it is sent.
Json = Mapping[str, Any]
#: How far a word's entry reaches.
Scope = Literal["here", "episode", "show"]


class NotFoundError(StoreError):
    """What a client names is not there; nothing of its name was opened."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """Sound that may be sent, open; whoever sends it closes it."""

    path: Path
    stream: IO[bytes]
    facts: os.stat_result
    #: Digest or key in its address: another sound has another one.
    tag: str
    #: "audio/mpeg" or "audio/wav".
    mime_type: str

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.facts.st_size


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A segment as its editor saw it before the change."""

    text: str
    voice: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class WantedFix:
    """A change of one segment; which fields count is decided by the operation."""

    op: str
    #: Empty with "restore".
    segment: str
    seen: SeenLine | None = None
    text: str | None = None
    voice: str | None = None
    #: Who is quoted, with "speaker"; ``None``: nobody.
    speaker: str | None = None
    #: Of the text's characters, how many stay in front.
    at: int = 0
    #: Id of the segment to stand in front of; ``None``: it goes to the end.
    before: str | None = None
    #: Of the ledger.
    row: int = 0


@dataclass(frozen=True, slots=True)
class WantedWord:
    """How a word is to be said, one of the three."""

    word: str
    say: str | None = None
    ipa: str | None = None
    letters: bool | None = None


@dataclass(frozen=True, slots=True)
class WantedSpeech:
    """A segment to be heard otherwise, without anything being saved."""

    segment: str
    text: str | None = None
    voice: str | None = None
    word: WantedWord | None = None


@dataclass(frozen=True, slots=True)
class WantedMarks:
    """What an editor says of segments, each with the clip that was heard."""

    segments: tuple[tuple[str, str], ...]
    verdict: str
    note: str = ""


class Desk(Protocol):
    """An editor's desk. Its methods may take long, and are called in several threads.

    They raise `NotFoundError` for what is not there, `ConflictError` for what somebody else has
    changed, and any other error of ours for what cannot be done.
    """

    def episodes(self) -> Json:
        """Return the queue."""

    def document(self, identifier: str) -> Json:
        """Return all that a page shows of an episode."""

    def sound(self, identifier: str, sha256: str) -> SoundFile:
        """Open an episode's sound."""

    def clip(self, key: str) -> SoundFile:
        """Open the sound of a segment."""

    def count(self, identifier: str, word: str, segment: str) -> Json:
        """Return in how many places a word is."""

    def say(self, identifier: str, wanted: WantedSpeech) -> Json:
        """Speak something that is not saved."""

    def fix(self, identifier: str, wanted: WantedFix) -> Json:
        """Change a segment, and speak it."""

    def add_word(
        self, identifier: str, word: WantedWord, scope: Scope, segment: str, expected: int
    ) -> Json:
        """Have a word said otherwise, if it is in as many places as the editor was told."""

    def remove_word(self, identifier: str, word: str, scope: Scope, segment: str) -> Json:
        """Have a word said as without its entry."""

    def mark(self, identifier: str, wanted: WantedMarks) -> Json:
        """Keep what an editor says of segments."""

    def played(
        self, identifier: str, segment: str, clip: str, ranges_ms: tuple[tuple[int, int], ...]
    ) -> Json:
        """Keep what was really heard."""

    def approve(self, identifier: str, which: str) -> Json:
        """Approve what was heard, or all."""

    def publish(self, identifier: str) -> Json:
        """Release the show with this episode."""
