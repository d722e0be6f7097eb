"""A rule from print to speech, and how a table of them is applied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiobrief.text.tracked import Tracked

_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of printed forms and its words."""

    name: str
    #: Bounded, so that no text costs more than linear time.
    pattern: re.Pattern[str]
    words: str | Callable[[re.Match[str]], str]
    #: Characters of which a text has at least one where the rule applies; none: it is always
    #: tried. With ``digit`` it is what makes a plain sentence cheap: nearly no rule is tried on it.
    signs: frozenset[str] = frozenset()
    #: Without a figure in the text it cannot match.
    digit: bool = True


def rule(
    name: str,
    pattern: str,
    words: str | Callable[[re.Match[str]], str],
    signs: Iterable[str] = "",
    *,
    digit: bool = True,
    flags: int = 0,
) -> Rule:
    """Return a rule; without a word on what it needs, it is one for figures."""
    return Rule(name, re.compile(pattern, flags), words, frozenset(signs), digit)


def apply(rules: Iterable[Rule], text: Tracked) -> None:
    """Apply rules in their order to a text; what one has written, the next ones see."""
    chars = set(text.text)
    has_digit = _DIGITS.search(text.text) is not None
    for each in rules:
        if (each.digit and not has_digit) or (each.signs and each.signs.isdisjoint(chars)):
            continue
        if text.substitute(each.pattern, each.words):
            chars = set(text.text)
            has_digit = _DIGITS.search(text.text) is not None


def longest_first(words: Iterable[str]) -> str:
    """Return an alternation in which no word hides a longer one."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
