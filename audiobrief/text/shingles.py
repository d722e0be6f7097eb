"""What two texts have in common: their three-word sequences, and how to read the shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Trigram: TypeAlias = tuple[str, ...]

#: A letter of a script without spaces (Thai, Lao, Burmese, Khmer, kana, Han) is a word here.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff"
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)+|[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['\u2019][^\W_{_UNSPACED}]+)*"
)

#: From this share of its three-word sequences on a text is a copy of the other, cut or reworded.
#: Perturbed copies of 120 articles have 0.4 or more, unrelated pairs at most 0.24.
COPY = 0.4
#: A copy keeps the names and numbers; two of a series (the weather of two days) share its words.
_COPY_FACTS = 0.5
#: Fewer names, or numbers, prove nothing.
_FEW_NAMES, _FEW_NUMBERS = 4, 2
#: From these shares of both texts on they are one, and nothing or little was changed.
_SAME = 0.97
_UPDATE = 0.55
#: What only one word in twelve changes keeps three quarters: more than one direction has below
#: this, and the other above ``COPY``, is a part.


class Relation(StrEnum):
    """What a text is to another."""

    SAME = "the same text"
    UPDATE = "the same text, some of it changed"
    PART = "a part of the other"
    INDEPENDENT = "another text"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two texts share, 0..1 each."""

    #: Share of the first one's three-word sequences that the second has.
    first_in_second: float
    second_in_first: float
    #: Of all that either has, what both have (Jaccard).
    shared: float
    #: Of the names of the one that has fewer, those that both have; or of the numbers, if less.
    facts: float = 1.0
    #: Standard error of the shares; 0: they are exact.
    error: float = 0.0

    @property
    def is_copy(self) -> bool:
        """One is the other: whole, cut, in another order, or lightly reworded."""
        share = max(self.first_in_second, self.second_in_first) - self.error
        return share >= COPY and self.facts >= _COPY_FACTS

    @property
    def relation(self) -> Relation:
        """Say what they are to each other: an update shares much both ways, a part one way."""
        least = min(self.first_in_second, self.second_in_first)
        if not self.is_copy:
            return Relation.INDEPENDENT
        if least >= _SAME:
            return Relation.SAME
        return Relation.UPDATE if least >= _UPDATE else Relation.PART


def words_of(text: str) -> list[str]:
    """Return the words of a text as texts are compared: without marks, in lower case.

    >>> words_of("The mayor's 1,200 boats - at last!")
    ['the', "mayor's", '1200', 'boats', 'at', 'last']
    """
    words: list[str] = _WORD.findall(text.lower().replace("\u2019", "'"))
    return [word.replace(",", "") for word in words] if "," in text else words


def trigrams(text: str) -> frozenset[Trigram]:
    """Return all sequences of three words; of a shorter text, all its words as one.

    >>> sorted(trigrams("Rain is on its way"))
    [('is', 'on', 'its'), ('on', 'its', 'way'), ('rain', 'is', 'on')]
    """
    words = words_of(text)
    if len(words) < 3:
        return frozenset([tuple(words)] if words else [])
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def likeness_of(
    common: int, first: int, second: int, facts: float = 1.0, *, is_sample: bool = False
) -> Likeness:
    """Return the likeness of two texts by the number of their sequences.

    Args:
        common: Sequences that both have.
        first: Sequences of the first; 0: it has no words, and is like nothing.
        second: Sequences of the second.
        facts: Share of names and numbers that both have.
        is_sample: The numbers are of samples, so that shares are estimates.
    """
    if not first or not second:
        return Likeness(0.0, 0.0, 0.0, facts)
    error = 0.5 / sqrt(min(first, second)) if is_sample else 0.0
    shared = common / (first + second - common)
    return Likeness(common / first, common / second, shared, facts, error)


def share_of_facts(first: Iterable[str], second: Iterable[str]) -> float:
    """Return how much of the smaller set of names the other has, or of numbers, if that is less.

    Returns:
        0..1; what there are too few of does not count.

    >>> share_of_facts(["ada", "moss", "rye", "kelby"], ["ada", "moss", "ems", "kelby", "7"])
    0.75
    """
    shares = [1.0]
    for is_number, few in ((False, _FEW_NAMES), (True, _FEW_NUMBERS)):
        one, other = ({f for f in s if f[:1].isdigit() is is_number} for s in (first, second))
        least = min(len(one), len(other))
        if least >= few:
            shares.append(len(one & other) / least)
    return min(shares)
