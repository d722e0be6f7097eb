"""What each sentence of an article is worth to who hears no more than a part of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.text.facts import facts_of
from audiobrief.text.terms import Vector, rarity_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiobrief.brief.sentence import Sentence

#: How much counts what: names and numbers not heard yet, being near to what the article is about,
#: standing early.
_FACTS, _CENTRAL, _EARLY = 1.0, 0.5, 0.5
#: How much less of what was heard already (MMR, Carbonell and Goldstein 1998).
_REPEATED = 0.8
#: A heading tells less than its words.
_HEADING = 0.3
#: After this share of the article a sentence counts half as early.
_HALF_EARLY = 0.15
#: The title counts as so many sentences in what the article is about.
_TITLE = 3.0


@dataclass(frozen=True, slots=True)
class Worth:
    """The worth of an article's sentences; all together 2."""

    facts: tuple[frozenset[str], ...]
    #: Share of the article's names and numbers that each is, by how often it is named.
    fact_weights: Mapping[str, float]
    vectors: tuple[Vector, ...]
    #: What a sentence is worth besides its names and numbers.
    central: tuple[float, ...]
    early: tuple[float, ...]

    def of_facts(self, facts: Iterable[str]) -> float:
        """Return what names and numbers are worth that were not heard before."""
        return _FACTS * sum(self.fact_weights[f] for f in sorted(facts))

    def of_words(self, index: int, heard: float) -> float:
        """Return what a sentence is worth besides.

        Args:
            index: Which sentence.
            heard: How like the likest of those that are heard already, 0..1.
        """
        return (self.central[index] + self.early[index]) * (1 - _REPEATED * heard)


def worth_of(sentences: Sequence[Sentence], title: str = "") -> Worth:
    """Weigh the sentences of an article.

    Args:
        sentences: All of it, in order.
        title: Its headline: what it is about.
    """
    texts = [s.text for s in sentences]
    # Capitals of a heading may name nothing.
    facts = facts_of(["" if s.kind is BlockKind.HEADING else s.text for s in sentences])
    # Sorted: sums of floats must not depend on the order of a set.
    counts = Counter(f for own in facts for f in sorted(own))
    weights = {f: 1 + log(n) for f, n in counts.items()}
    total = sum(weights.values()) or 1.0
    terms = [Counter(terms_of(t)) for t in texts]
    rarity = rarity_of(terms)
    vectors = [rarity.vector(t) for t in terms]
    about = _about(vectors, rarity.vector(Counter(terms_of(title))))
    scale = [_HEADING if s.kind is BlockKind.HEADING else 1.0 for s in sentences]
    central = [k * v.cosine(about) for k, v in zip(scale, vectors, strict=True)]
    step = max(1.0, _HALF_EARLY * len(sentences))
    early = [k / (1 + n / step) for n, k in enumerate(scale)]
    return Worth(
        tuple(facts),
        {f: w / total for f, w in weights.items()},
        tuple(vectors),
        tuple(_shared_out(central, _CENTRAL)),
        tuple(_shared_out(early, _EARLY)),
    )


def _about(vectors: Sequence[Vector], title: Vector) -> Vector:
    """Return the middle of an article."""
    total: defaultdict[str, float] = defaultdict(float)
    for vector, times in [*((v, 1.0) for v in vectors), (title, _TITLE)]:
        for term, weight in vector.weights.items():
            total[term] += times * weight
    length = sum(w * w for w in total.values()) ** 0.5
    return Vector({t: w / length for t, w in total.items()} if length else {})


def _shared_out(values: Sequence[float], total: float) -> list[float]:
    whole = sum(values)
    return [total * v / whole for v in values] if whole else [0.0 for _ in values]
