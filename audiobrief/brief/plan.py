"""What a programme tells: which stories, and which sentences of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.brief.sentence import Sentence
    from audiobrief.brief.shorten import Kept

#: How far a programme may be from the time that was asked for, as a share of it.
TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as it may be told: all its sentences, and what is said around them."""

    #: The id of its article; different for each.
    key: str
    title: str
    #: One at least that is no heading.
    sentences: tuple[Sentence, ...]
    #: What is heard besides whenever it is told: its headline, "also reported by", a sting.
    extra_s: float = 0.0
    #: RFC 5646.
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Part:
    """A story of the programme."""

    telling: Telling
    kept: Kept

    @property
    def seconds(self) -> float:
        """How long it is heard, with what is said around it."""
        return self.telling.extra_s + self.kept.seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme: every story is told in part or whole, or left out for a reason."""

    budget_s: float
    #: What is heard besides the stories: opening, closing, music.
    overhead_s: float
    #: In the order of telling.
    parts: tuple[Part, ...]
    #: Stories that are not told, in their order.
    dropped: tuple[Telling, ...] = ()
    #: Why the time is not met, in words for the user; empty: it is.
    notes: tuple[str, ...] = ()
    #: Real lengths of sentences that were spoken: by the story's key and the sentence's index.
    real_s: Mapping[tuple[str, int], float] = field(default_factory=dict)

    @property
    def total_s(self) -> float:
        """How long the programme is, as far as is known."""
        return self.overhead_s + sum(part.seconds for part in self.parts)

    @property
    def is_met(self) -> bool:
        """The programme is within 5 % of the time that was asked for."""
        return abs(self.total_s - self.budget_s) <= TOLERANCE * self.budget_s
