"""The rule book: every rule of the feed reference in one table (pure)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from audiobrief.check.advice_rules import ADVICE_RULES, ITEM_ADVICE_RULES
from audiobrief.check.chapter_rules import CHAPTER_RULES
from audiobrief.check.feed_rules import DOCUMENT_RULES, FEED_RULES
from audiobrief.check.item_rules import ITEM_RULES
from audiobrief.check.podcast_rules import PODCAST_RULES
from audiobrief.check.rule import Entry, Finding, Level, Needs, Owned, Rule
from audiobrief.check.server_rules import SERVED_RULES
from audiobrief.check.sound_rules import SOUND_RULES
from audiobrief.check.transcript_rules import TRANSCRIPT_RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.check.facts import FeedFacts, ItemFacts

#: Asked once for the whole feed, when it can be read.
RULES_OF_FEED: tuple[Rule[FeedFacts], ...] = (*FEED_RULES, *PODCAST_RULES, *ADVICE_RULES)
_RULES_OF_ELEMENTS: tuple[Rule[ItemFacts], ...] = (
    *ITEM_RULES,
    *PODCAST_RULES,
    *ITEM_ADVICE_RULES,
)
_RULES_OF_FILES: tuple[Rule[ItemFacts], ...] = (
    *TRANSCRIPT_RULES,
    *CHAPTER_RULES,
    *SOUND_RULES,
)
#: Asked for every item.
RULES_OF_ITEM = (*_RULES_OF_ELEMENTS, *_RULES_OF_FILES)
_UNCHECKED = (
    Entry(
        "S10",
        Level.SHOULD,
        "a new address for a new cover (no feed tells what was there before)",
        "apps cache",
        Needs.NOTHING,
    ),
    Entry(
        "S11",
        Level.SHOULD,
        "files are written atomically (a finished file does not tell)",
        "ours",
        Needs.NOTHING,
    ),
)
_LETTERS = "FIPTCAHS"

#: How many findings of a rule are told one by one; the others are counted.
MOST_OF_A_RULE = 200

_Facts = TypeVar("_Facts", bound=Owned)


def entries() -> list[Entry]:
    """Return the lines of the book in the order of the reference."""
    tables: tuple[tuple[Rule[Any], ...], ...] = (
        DOCUMENT_RULES,
        RULES_OF_FEED,
        RULES_OF_ITEM,
        SERVED_RULES,
    )
    checked = [rule.entry for table in tables for rule in table]
    unique = dict.fromkeys((*checked, *_UNCHECKED))
    return sorted(unique, key=lambda entry: order_of(entry.number))


def order_of(number: str) -> tuple[int, int]:
    """Return where a number stands: F2 before F10, and both before I1.

    >>> sorted(["I1", "F10", "F2"], key=order_of)
    ['F2', 'F10', 'I1']
    """
    return _LETTERS.find(number[0]), int(re.sub(r"\D", "", number) or 0)


class Findings:
    """What was found, with an end: a feed of 50,000 items breaks a rule 50,000 times."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._counts: Counter[tuple[str, Level]] = Counter()

    def ask(self, rules: Sequence[Rule[_Facts]], facts: _Facts, where: str) -> None:
        """Hold facts against rules."""
        for rule in rules:
            for finding in rule.findings(facts, where):
                self.add(finding)

    def ask_item(self, item: ItemFacts, where: str) -> None:
        """Hold an item against the rules that are about something that it has."""
        names = item.node.names
        asked = [r for r in _RULES_OF_ELEMENTS if not r.about or not r.about.isdisjoint(names)]
        self.ask(asked, item, where)
        if item.has_files:
            self.ask(_RULES_OF_FILES, item, where)

    @property
    def must_count(self) -> int:
        """How often rules were broken that apps insist on."""
        return sum(n for (_, level), n in self._counts.items() if level is Level.MUST)

    def add(self, finding: Finding) -> None:
        """Keep a finding, or count it where there are many of its rule."""
        self._counts[finding.rule, finding.level] += 1
        if self._counts[finding.rule, finding.level] <= MOST_OF_A_RULE:
            self._found.append(finding)

    def as_list(self, where: str) -> list[Finding]:
        """Return all, and for each rule with more than are told, how many more.

        Args:
            where: Named for what was only counted.
        """
        more = [
            Finding(
                number,
                level,
                where,
                f"{count - MOST_OF_A_RULE} more of the same kind: mend those that are told first",
                count=count - MOST_OF_A_RULE,
            )
            for (number, level), count in self._counts.items()
            if count > MOST_OF_A_RULE
        ]
        return [*self._found, *more]
