"""What ingest hands to script: one article, with every line of its source accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class BlockKind(StrEnum):
    """What a block of the source is to the listener."""

    HEADLINE = "headline"
    BYLINE = "byline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or line of the source."""

    kind: BlockKind
    #: As printed, runs of white space made one space; never empty.
    text: str
    #: Why it is not spoken, in words for the user; ``None``: it is spoken.
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a source says of its article, and how far it is to be trusted."""

    #: ``title``, ``author``, ``date``, ``outlet``, ``language``, ``picture`` or ``url``.
    name: str
    value: str
    #: 0..1; what a person wrote for us, as front matter, is 1.
    confidence: float
    #: Where it was read, in words for the user.
    source: str

    def __post_init__(self) -> None:
        """Refuse a confidence that is none."""
        if not 0.0 <= self.confidence <= 1.0:
            message = f"a confidence lies between 0 and 1: {self.confidence}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    ``blocks`` holds the whole source text in order: what is spoken, and what is not with its
    reason. Joined and with white space taken out, they equal the repaired source.
    """

    headline: str
    blocks: tuple[Block, ...]
    #: Where it came from: a path relative to the workspace, POSIX separators; ``stdin`` for
    #: standard input.
    locator: str
    #: Only when it is certain enough to be read aloud.
    byline: str | None = None
    outlet: str | None = None
    #: Aware, UTC; ``None`` when the source does not say.
    published: datetime | None = None
    #: RFC 5646.
    language: str = "en"
    url: str | None = None
    #: What was repaired or left out on the way in, in words for the user.
    notes: tuple[str, ...] = ()
    #: Words and what to say for them, as the article's own front matter has it; ``letters`` for
    #: what is said letter by letter.
    lexicon: tuple[tuple[str, str], ...] = ()
    #: What was read of title, author, date and so on, used or not, the surest of each name first.
    facts: tuple[Fact, ...] = ()
    #: The day of ``published`` where the article appeared, when that is another than in UTC.
    local_day: date | None = None
    #: What its source files it under, as the source writes it.
    tags: tuple[str, ...] = ()
    #: What it came in with: the name of a feed or list, the title of a book.
    source: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no later stage could handle."""
        if not self.headline.strip() or not any(b.text.strip() for b in self.body):
            message = "an article has a headline and at least one spoken block"
            raise ValueError(message)
        if self.published is not None and self.published.tzinfo is None:
            message = "published must be aware"
            raise ValueError(message)

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks that are spoken after the opening, in order."""
        opening = (BlockKind.HEADLINE, BlockKind.BYLINE)
        return tuple(b for b in self.blocks if b.dropped is None and b.kind not in opening)

    @property
    def id(self) -> str:
        """SHA-256 of headline and body: page furniture around them does not count."""
        text = "\n\n".join((self.headline, *(b.text for b in self.body)))
        return sha256(text.encode()).hexdigest()

    @property
    def word_count(self) -> int:
        """Words of the body, as white space separates them."""
        return sum(len(b.text.split()) for b in self.body)
