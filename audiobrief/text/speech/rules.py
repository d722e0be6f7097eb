"""A rule from print to speech, and a table of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiobrief.text.speech.tracked import Tracked

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of printed forms and its words."""

    name: str
    #: Bounded, so that no text costs more than linear time. As text with its flags it is compiled
    #: where it is looked for first: half of the rules never are.
    pattern: re.Pattern[str] | tuple[str, int]
    words: str | Callable[[re.Match[str]], str]
    #: Characters of which a text has at least one where the rule applies; none: it is always
    #: tried. With ``digit`` it is what makes a plain sentence cheap: nearly no rule is tried on it.
    signs: frozenset[str] = frozenset()
    #: Without a figure in the text it cannot match.
    digit: bool = True
    #: Cheap to look for, and found wherever ``pattern`` is; rules that share one are passed over
    #: together.
    needs: re.Pattern[str] | None = None


def rule(
    name: str,
    pattern: str,
    words: str | Callable[[re.Match[str]], str],
    signs: Iterable[str] = "",
    *,
    digit: bool = True,
    flags: int = 0,
    needs: re.Pattern[str] | None = None,
) -> Rule:
    """Return a rule; without a word on what it needs, it is one for figures."""
    return Rule(name, (pattern, flags), words, frozenset(signs), digit, needs)


@dataclass(slots=True)
class _Row:
    """What is looked at of a rule for every text."""

    signs: frozenset[str]
    needs: re.Pattern[str] | None
    pattern: re.Pattern[str] | tuple[str, int]
    words: str | Callable[[re.Match[str]], str]


class RuleTable:
    """Rules in the order in which they apply."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Part the rules that need a figure from those that do not."""
        rules = tuple(rules)
        rows = [_Row(rule.signs, rule.needs, rule.pattern, rule.words) for rule in rules]
        self._rules = tuple(rows)
        self._without_digit = tuple(
            row for rule, row in zip(rules, rows, strict=True) if not rule.digit
        )

    def apply(self, text: Tracked) -> None:
        """Apply the rules to a text; what one has written, the next ones see.

        No rule writes a figure where there was none before.
        """
        rules = self._rules if _DIGIT.search(text.text) else self._without_digit
        present = text.text
        chars = _telling_characters(present)
        found: dict[re.Pattern[str], bool] = {}
        for row in rules:
            if row.signs and row.signs.isdisjoint(chars):
                continue
            needs = row.needs
            if needs is not None:
                if needs not in found:
                    found[needs] = needs.search(present) is not None
                if not found[needs]:
                    continue
            # Of 25 rules that a sentence has signs for, two find something: a search for the
            # others takes half the time of a substitution.
            pattern = row.pattern
            if isinstance(pattern, tuple):
                pattern = row.pattern = re.compile(*pattern)
            if pattern.search(present) is not None and text.substitute(pattern, row.words):
                present = text.text
                chars = _telling_characters(present)
                found.clear()


def _telling_characters(text: str) -> set[str]:
    """Return the characters of a text, without a full stop that is nothing else.

    A third of the rules is for abbreviations, and nearly every sentence ends in a point.
    """
    chars = set(text)
    if "." in chars and text.find(".") == len(text) - 1 and _PLAIN_END.search(text, len(text) - 8):
        chars.discard(".")
    return chars


_PLAIN_END = re.compile(
    r"(?<=[a-z]{4})(?<!Calif)(?<!Minn)(?<!Mass)(?<!Mich)(?<!Miss)(?<!Mont)(?<!Tenn)\.$"
)


def longest_first(words: Iterable[str]) -> str:
    """Return an alternation in which no word hides a longer one."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
