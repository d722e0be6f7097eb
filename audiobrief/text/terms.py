"""Words that carry meaning, and how much two texts have of the same ones (TF-IDF)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.shingles import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Endings that a word may have in one text and not in another, the longest first.
_ENDINGS = ("ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "e", "y")
#: What is left of a word has so many letters at least.
_SHORTEST = 3


def terms_of(text: str) -> list[str]:
    """Return the words that carry meaning, endings taken off; numbers as they are.

    >>> terms_of("The 14 council members were voting on it")
    ['14', 'council', 'memb', 'vot']
    """
    return [stem(word) for word in words_of(text) if word not in STOP_WORDS and len(word) > 1]


def stem(word: str) -> str:
    """Return a word without its ending: no root, but the same for most forms of one word.

    >>> stem("resigned") == stem("resigns") == stem("resigning")
    True
    """
    word = word.removesuffix("'s").removesuffix("'")
    if not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class Vector:
    """The weights of a text's terms, of length 1 together."""

    weights: Mapping[str, float]

    def cosine(self, other: Vector) -> float:
        """Return how alike two texts are, 0..1."""
        few, many = sorted((self.weights, other.weights), key=len)
        return sum(weight * many[term] for term, weight in few.items() if term in many)


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare terms are, in a number of texts and in print at large.

    A few texts say little of what is rare: as many texts of other matters are thought beside them,
    where a term stands as often as ``expected`` says.
    """

    texts: int
    counts: Mapping[str, int]
    #: Texts thought beside them.
    others: float = 0.0
    #: In how many of those a term stands.
    expected: float = 1.0

    def of(self, term: str) -> float:
        """Return the inverse document frequency: 0 for what every text has, smoothed."""
        return log(1 + (self.texts + self.others) / (self.counts.get(term, 0) + self.expected))

    def vector(self, terms: Mapping[str, float]) -> Vector:
        """Return the vector of a text.

        Args:
            terms: How often each term stands in it; more than 1 counts by its logarithm.
        """
        weights = {t: (1 + log(n)) * self.of(t) for t, n in terms.items() if n >= 1}
        length = sqrt(sum(w * w for w in weights.values()))
        return Vector({t: w / length for t, w in weights.items()} if length else {})


def rarity_of(
    texts: Iterable[Iterable[str]], *, others: float = 0.0, expected: float = 1.0
) -> Rarity:
    """Count in how many texts each term stands.

    Args:
        texts: The terms of each.
        others: Texts of other matters that are thought beside them.
        expected: In how many of those a term stands.
    """
    counts: Counter[str] = Counter()
    size = 0
    for terms in texts:
        counts.update(set(terms))
        size += 1
    return Rarity(size, counts, others, expected)
