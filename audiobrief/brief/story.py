"""What a programme chooses from: articles that may be told, and those of one event together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be told."""

    #: The article's id; different for each.
    key: str
    title: str
    #: The spoken body; paragraphs are lines.
    text: str
    outlet: str | None = None
    #: Aware; ``None``: nobody knows.
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    #: How much its source is preferred, 0..1; 1: the first of the user's list.
    priority: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what could not be compared."""
        if self.published is not None and self.published.tzinfo is None:
            message = "published must be aware"
            raise ValueError(message)
        if not 0.0 <= self.priority <= 1.0:
            message = f"a priority lies between 0 and 1: {self.priority}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Story:
    """Articles of one event: the one to tell first, then its copies, then its relatives."""

    articles: tuple[Candidate, ...]
    #: How many of them, from the second on, are copies of the first.
    copies: int = 0
    #: 0 or more; set by `rank`.
    score: float = 0.0
    #: Why it is told, and why here, in words for the user, the weightiest first.
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a story without an article."""
        if not 0 <= self.copies < max(1, len(self.articles)) or not self.articles:
            message = "a story has an article, and copies of it are among its articles"
            raise ValueError(message)

    @property
    def told(self) -> Candidate:
        """The article to tell."""
        return self.articles[0]

    @property
    def also_reported_by(self) -> tuple[str, ...]:
        """The other outlets, each once, in the order of the articles."""
        outlets = dict.fromkeys(a.outlet for a in self.articles[1:] if a.outlet)
        return tuple(o for o in outlets if o != self.told.outlet)
