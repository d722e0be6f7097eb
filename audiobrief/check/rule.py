"""What a rule is, and what it finds (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Facts = TypeVar("Facts")


class Level(StrEnum):
    """What happens when a rule is broken."""

    #: Apps or directories refuse the feed, or lose a part of it.
    MUST = "must"
    #: Some apps show less than they could.
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken somewhere."""

    #: Number of the rule: ``I3``.
    rule: str
    level: Level
    #: A file, or the title of an episode.
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Rule(Generic[Facts]):
    """One rule of the book."""

    number: str
    level: Level
    #: What it asks for, in a line.
    title: str
    #: Returns a message for each place where the facts break the rule.
    check: Callable[[Facts], Iterable[str]]

    def findings(self, facts: Facts, where: str) -> list[Finding]:
        """Return what the facts break."""
        return [Finding(self.number, self.level, where, message) for message in self.check(facts)]
