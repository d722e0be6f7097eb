"""Sentences of one article while they are being chosen: groups come and go whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiobrief.brief.ties import needs_of
from audiobrief.brief.worth import worth_of
from audiobrief.model.article import BlockKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from audiobrief.brief.sentence import Sentence

#: What a sentence is worth is divided by its length to this power: 1 prefers the short ones.
_LENGTH_POWER = 0.9
#: Lengths are sums of floats.
_EPSILON_S = 1e-6

STANDFIRST = "the first sentence is always told"
NEEDED = "another sentence needs it"
FACTS = "for its names and numbers"
CENTRAL = "for what the article is about"
WHOLE = "the whole article is told"
HEADING = "heads what is told"


class Choice:
    """Which sentences of an article are told.

    Whatever is added brings what it needs, whatever is removed takes along what needs it, and the
    first sentence stays: so at any time no sentence is left hanging.

    Args:
        sentences: All of the article, in order; one at least.
        title: Its headline.
        language: RFC 5646.
        kept: What is told already; what these need is added.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        *,
        title: str = "",
        language: str = "en",
        kept: Collection[int] = (),
    ) -> None:
        self.sentences = sentences
        self._needs = needs_of(sentences, language)
        self._worth = worth_of(sentences, title)
        self._open = [i for i in range(len(sentences)) if self._has_text(i)]
        self._heard = [0.0] * len(sentences)
        #: What is told, and why each sentence is, in words for the user.
        self.reasons: dict[int, str] = {}
        self._facts: Counter[str] = Counter()
        self.base = self._base()
        for i in self.base:
            self._take(i, STANDFIRST if i == min(self.base) else NEEDED)
        for i in sorted(kept):
            self.add(self._needs[i] | {i}, i)

    def _base(self) -> frozenset[int]:
        texts = (i for i, s in enumerate(self.sentences) if s.kind is not BlockKind.HEADING)
        first = next(texts, None)
        return frozenset() if first is None else self._needs[first] | {first}

    def _has_text(self, index: int) -> bool:
        group = self._needs[index] | {index}
        return any(self.sentences[i].kind is not BlockKind.HEADING for i in group)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.seconds_of(self.reasons)

    @property
    def is_whole(self) -> bool:
        """Nothing that can be told is left out."""
        return len(self.reasons) >= len(self._open)

    def seconds_of(self, indices: Collection[int]) -> float:
        """Return how long some sentences are."""
        return sum(self.sentences[i].seconds for i in indices)

    def additions(self) -> list[tuple[int, frozenset[int]]]:
        """Return what may be added: each open sentence, with what it brings along."""
        return [
            (i, frozenset(j for j in self._needs[i] if j not in self.reasons) | {i})
            for i in self._open
            if i not in self.reasons
        ]

    def best_addition(self, most_s: float, least_s: float = 0.0) -> tuple[float, int] | None:
        """Return the worthiest sentence to add, with its worth by its length.

        Args:
            most_s: It and what it brings along last so long at most.
            least_s: And so long at least.
        """
        found: tuple[float, int] | None = None
        for i, group in self.additions():
            seconds = self.seconds_of(group)
            if least_s <= seconds <= most_s + _EPSILON_S:
                value = self._gain(group) / max(seconds, 0.1) ** _LENGTH_POWER
                if found is None or value > found[0] + 1e-12:
                    found = (value, i)
        return found

    def best_removal(self, least_s: float, most_s: float) -> tuple[float, int] | None:
        """Return the sentence that is missed least, with its worth by its length.

        Args:
            least_s: It and what needs it last so long at least.
            most_s: And so long at most.
        """
        found: tuple[float, int] | None = None
        for i in sorted(self.reasons.keys() - self.base):
            group = self.dependents(i)
            seconds = self.seconds_of(group)
            if group & self.base or not least_s - _EPSILON_S <= seconds <= most_s + _EPSILON_S:
                continue
            value = self._loss(group) / max(seconds, 0.1) ** _LENGTH_POWER
            if found is None or value < found[0] - 1e-12:
                found = (value, i)
        return found

    def group_of(self, index: int) -> frozenset[int]:
        """Return a sentence and what it would bring along."""
        return frozenset(j for j in self._needs[index] if j not in self.reasons) | {index}

    def dependents(self, index: int) -> frozenset[int]:
        """Return a sentence that is told and those told that need it."""
        return frozenset(i for i in self.reasons if index in self._needs[i]) | {index}

    def add(self, group: Collection[int], chosen: int) -> None:
        """Tell some sentences, of which one was chosen for its own sake."""
        for i in sorted(group):
            if i not in self.reasons:
                self._take(i, self._why(i) if i == chosen else NEEDED)

    def remove(self, group: Collection[int]) -> None:
        """Tell some sentences no more."""
        for i in group:
            del self.reasons[i]
            self._facts.subtract(self._worth.facts[i])
        told = list(self.reasons)
        for i in range(len(self.sentences)):
            self._heard[i] = self._likest(i, told)

    def _take(self, index: int, why: str) -> None:
        self.reasons[index] = why
        self._facts.update(self._worth.facts[index])
        vector = self._worth.vectors[index]
        for i, other in enumerate(self._worth.vectors):
            self._heard[i] = max(self._heard[i], vector.cosine(other))

    def _likest(self, index: int, told: Sequence[int]) -> float:
        vectors = self._worth.vectors
        return max((vectors[index].cosine(vectors[i]) for i in told), default=0.0)

    def _why(self, index: int) -> str:
        if self.sentences[index].kind is BlockKind.HEADING:
            return HEADING
        new = [f for f in self._worth.facts[index] if not self._facts[f]]
        of_words = self._worth.of_words(index, self._heard[index])
        return FACTS if self._worth.of_facts(new) > of_words else CENTRAL

    def _gain(self, group: Collection[int]) -> float:
        facts = {f for i in group for f in self._worth.facts[i] if not self._facts[f]}
        words = sum(self._worth.of_words(i, self._heard[i]) for i in group)
        return self._worth.of_facts(facts) + words

    def _loss(self, group: Collection[int]) -> float:
        gone = Counter(f for i in group for f in self._worth.facts[i])
        words = sum(self._worth.of_words(i, 0.0) for i in group)
        return self._worth.of_facts([f for f, n in gone.items() if n >= self._facts[f]]) + words
