"""Words that carry meaning, and how much two texts have of the same ones (TF-IDF)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from audiobrief.text.common_words import COMMON_STEMS
from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.shingles import words_of
from audiobrief.text.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: A word that texts on any matter have counts this much of another.
_COMMON = 0.15


def terms_of(text: str) -> list[str]:
    """Return the words that carry meaning, endings taken off; numbers as they are.

    >>> terms_of("The 14 council members were voting on it")
    ['14', 'council', 'memb', 'vot']
    """
    return [stem(word) for word in words_of(text) if word not in STOP_WORDS and len(word) > 1]


@dataclass(frozen=True, slots=True)
class Vector:
    """The weights of a text's terms, of length 1 together."""

    weights: Mapping[str, float]

    def cosine(self, other: Vector) -> float:
        """Return how alike two texts are, 0..1."""
        few, many = sorted((self.weights, other.weights), key=len)
        return sum(weight * many[term] for term, weight in few.items() if term in many)


def vector_of(weights: Mapping[str, float]) -> Vector:
    """Return weights as a vector of length 1; without any, the empty one."""
    length = sqrt(sum(w * w for w in weights.values()))
    return Vector({t: w / length for t, w in weights.items()} if length else {})


def matter_of(text: str) -> Vector:
    """Return what a text is about, by itself: how often its terms stand in it."""
    counts = Counter(terms_of(text))
    return vector_of({t: n * weight_in_print(t) for t, n in counts.items()})


def weight_in_print(term: str) -> float:
    """Return how much a term tells, 0..1, whatever texts it is compared in."""
    return _COMMON if term in COMMON_STEMS else 1.0


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
        """Return the inverse document frequency, smoothed; less for what is common in print."""
        count = self.counts.get(term, 0) + self.expected
        return log(1 + (self.texts + self.others) / count) * weight_in_print(term)

    def vector(self, terms: Mapping[str, float]) -> Vector:
        """Return the vector of a text.

        Args:
            terms: How often each term stands in it; more than 1 counts by its logarithm.
        """
        return vector_of({t: (1 + log(n)) * self.of(t) for t, n in terms.items() if n >= 1})


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
