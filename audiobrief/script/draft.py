"""The script while it is being made: lines with their voices, and the rows they account for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind

if TYPE_CHECKING:
    from audiobrief.model.script import Generated, Role


@dataclass(frozen=True, slots=True)
class Line:
    """A segment before its id, spoken form and pause are known."""

    role: Role
    #: As printed.
    text: str
    #: Half-open range of rows that it speaks; empty for words of our own.
    source: tuple[int, int]
    #: Counts the paragraphs of the script from 0; the opening is one.
    paragraph: int
    #: Name of a voice profile.
    voice: str
    kind: BlockKind = BlockKind.PARAGRAPH
    speaker: str | None = None
    #: Why we say it, for words of our own; ``None`` for the article's.
    added: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of the source."""

    text: str
    #: Why it is not spoken; ``None``: it is.
    reason: str | None
    #: Index of its article in the episode.
    article: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """All lines of a script in order, and all sentences of its source."""

    title: str
    language: str
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    #: Chapter titles by the index of their first line, where a person has set them.
    chapters: tuple[tuple[int, str], ...] | None = None
    #: The lines without a person's edits; ``None``: there are none.
    generated: Generated | None = None
    #: What this one build has done with a person's edits, in words for the user.
    news: tuple[str, ...] = ()
    #: The rows of the body that can be spoken, in order.
    body_rows: tuple[int, ...] = ()


def key_of(role: Role, speaker: str | None, text: str) -> str:
    """Return the digest by which a line is known wherever it stands: 12 hexadecimal digits.

    >>> key_of("narrator", None, "It rained.")
    '3f289b18c60d'
    """
    return sha256("\0".join((str(role), tag_safe(speaker or ""), text)).encode()).hexdigest()[:12]


_SPACES = re.compile(r"\s+")


def tag_safe(text: str) -> str:
    """Return a name as it can stand in the brackets before a line of the script file."""
    text = _SPACES.sub(" ", text).strip()
    return text.replace("[", "(").replace("]", ")").replace(" \u00b7 ", " - ")
