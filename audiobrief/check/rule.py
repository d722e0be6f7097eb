"""What a rule is, and what it finds (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Level(StrEnum):
    """What happens when a rule is broken."""

    #: Apps or directories refuse the feed, or lose a part of it.
    MUST = "must"
    #: Some apps show less than they could.
    SHOULD = "should"


class Needs(StrEnum):
    """What must be there for a rule to be asked."""

    FEED = "the feed"
    FILES = "the files that the feed names"
    SOUND = "the MP3 on disk"
    MANIFEST = "the manifest of a build"
    SERVER = "the server: check URL"
    #: In the book, so that nobody takes it for checked.
    NOTHING = "cannot be checked"


class Owned(Protocol):
    """Facts that know whose they are."""

    @property
    def is_ours(self) -> bool:
        """Whether audiobrief made the feed."""


Facts = TypeVar("Facts", bound=Owned)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken somewhere."""

    #: Number of the rule: ``I3``.
    rule: str
    level: Level
    #: A file, an address, or the title of an episode.
    where: str
    #: What is wrong, and what mends it.
    message: str
    #: Who asks for it.
    source: str = ""
    #: How often, where not every place is told.
    count: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the book, as it is printed."""

    number: str
    level: Level
    #: What it asks for, in a line.
    title: str
    #: Who asks for it.
    source: str
    needs: Needs = Needs.FEED
    #: In feeds of others a "should": what we promise, and apps put up with.
    is_lenient: bool = False


@dataclass(frozen=True, slots=True)
class Rule(Generic[Facts]):
    """One rule of the book."""

    entry: Entry
    #: Returns a message for each place where the facts break the rule.
    check: Callable[[Facts], Iterable[str]]
    #: Names of the elements that it is about; where there is none of them, it need not be asked.
    about: frozenset[str] = frozenset()

    @property
    def number(self) -> str:
        """As the reference counts."""
        return self.entry.number

    def level_for(self, facts: Facts) -> Level:
        """Return what breaking it means for these facts."""
        is_eased = self.entry.is_lenient and not facts.is_ours
        return Level.SHOULD if is_eased else self.entry.level

    def findings(self, facts: Facts, where: str) -> list[Finding]:
        """Return what the facts break."""
        messages = list(self.check(facts))
        if not messages:
            return []
        level = self.level_for(facts)
        return [
            Finding(self.number, level, where, message, self.entry.source) for message in messages
        ]
