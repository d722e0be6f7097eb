"""What script hands to speak: who says what, and what became of every source sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from audiobrief.model.article import BlockKind


class Role(StrEnum):
    """In which capacity a segment is spoken."""

    #: Words of our own: opening, closing, lead-ins to quotations.
    HOST = "host"
    NARRATOR = "narrator"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Segment:
    """What one voice says in one breath: a sentence, or the quoted or narrated part of one."""

    #: Stable over edits elsewhere: made of role, speaker and text, never of the position.
    id: str
    role: Role
    #: As printed; the transcript shows it.
    text: str
    #: As sent to the engine.
    spoken: str
    #: Name of a voice profile.
    voice: str
    #: Silence after it, before any chapter begins.
    pause_after_ms: int
    #: Half-open range of ledger rows that it speaks; empty (``n, n``) for words of our own.
    source: tuple[int, int]
    #: Counts the paragraphs of the script from 0; the opening is one.
    paragraph: int
    #: Who is quoted; ``None`` for host and narrator, and where nobody is certain.
    speaker: str | None = None
    #: Title of the chapter that begins here.
    chapter: str | None = None
    #: Which part of ``text`` each part of ``spoken`` says: start and end in ``spoken``, start
    #: and end in ``text``, in order.
    spans: tuple[tuple[int, int, int, int], ...] = ()
    #: Words whose sounds the voice is told: start and end in ``spoken``, and IPA, in order.
    phonemes: tuple[tuple[int, int, str], ...] = ()
    #: What it is in its article. What that changes stands in ``spoken`` and the pause, so that no
    #: recipe of before becomes another one.
    kind: BlockKind = field(default=BlockKind.PARAGRAPH, repr=False)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A sentence of the source and what became of it."""

    #: Index of the article in the episode.
    article: int
    text: str
    #: Ids of the segments that speak it; empty: it is not spoken.
    segments: tuple[str, ...]
    #: Why it is not spoken; ``None`` when it is.
    reason: str | None

    def __post_init__(self) -> None:
        """A sentence is either spoken or dropped for a reason, never neither or both."""
        if bool(self.segments) == (self.reason is not None):
            message = f"spoken or dropped, not both and not neither: {self.text!r}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Addition:
    """Words of our own, which no row of the ledger holds."""

    #: Id of the segment that speaks them.
    segment: str
    #: Why they are said: a part of the opening, or a lead-in to a quotation.
    reason: str


@dataclass(frozen=True, slots=True)
class GeneratedLine:
    """A line of a script as it was before a person edited the script file."""

    #: The segment's id without the number of its repeat.
    key: str
    voice: str
    chapter: str | None


@dataclass(frozen=True, slots=True)
class Generated:
    """What a script file was made from: edits are what differs from it."""

    title: str
    lines: tuple[GeneratedLine, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """The words of one episode in order, and the ledger of its sources."""

    title: str
    language: str
    segments: tuple[Segment, ...]
    ledger: tuple[LedgerRow, ...]
    #: What the user should know: uncertain speakers, shortened sentences and the like.
    notes: tuple[str, ...] = ()
    #: What is said besides the source, in order.
    added: tuple[Addition, ...] = ()
    #: The script without a person's edits; ``None``: nobody has edited it.
    generated: Generated | None = None
    #: What this one build has done with a person's edits, in words for the user: no part of what
    #: the episode is.
    news: tuple[str, ...] = ()
