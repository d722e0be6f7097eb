"""Sentences of one article while they are being chosen: groups come and go whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.brief.ties import needs_of
from audiobrief.brief.worth import worth_of
from audiobrief.model.article import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from audiobrief.brief.sentence import Sentence

#: What a sentence is worth is divided by its length to this power: 1 takes the most names and
#: numbers a second, and makes a text of short pieces.
_LENGTH_POWER = 0.6
#: How much more a sentence is worth that goes on with what is heard: a text of pieces tires.
_GOES_ON = 1.0
#: Lengths are sums of floats.
_EPSILON_S = 1e-6

STANDFIRST = "the first sentence is always told"
NEEDED = "another sentence needs it"
FACTS = "for its names and numbers"
CENTRAL = "for what the article is about"
WHOLE = "the whole article is told"
HEADING = "heads what is told"


@dataclass(frozen=True, slots=True)
class Option:
    """A sentence that may be told, or told no more, with those that come and go with it."""

    #: What they are worth by their length.
    density: float
    #: Of all of them together.
    seconds: float
    index: int


class Choice:
    """Which sentences of an article are told.

    Whatever is added brings what it needs, whatever is removed takes along what needs it, and the
    first sentence stays: so at any time no sentence is left hanging.

    Args:
        sentences: All of the article, in order; one at least.
        title: Its headline.
        language: RFC 5646.
        kept: What is told already, with the reasons: sentences that were told together before.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        *,
        title: str = "",
        language: str = "en",
        kept: Mapping[int, str] | None = None,
    ) -> None:
        self.sentences = sentences
        self._needs = needs_of(sentences, language)
        self._worth = worth_of(sentences, title)
        #: All that can be told: a heading only with text behind it.
        self.open = [i for i in range(len(sentences)) if self._has_text(i)]
        self._heard = [0.0] * len(sentences)
        #: What is told, and why each sentence is, in words for the user.
        self.reasons: dict[int, str] = {}
        self._facts: Counter[str] = Counter()
        # What may come and go, until something does.
        self._additions: list[Option] | None = None
        self._removals: list[Option] | None = None
        self.base = self._base()
        for i in self.base:
            self._take(i, STANDFIRST if i == min(self.base) else NEEDED)
        for i, why in sorted((kept or {}).items()):
            if i not in self.reasons:
                self._take(i, self._why(i) if why == WHOLE else why)

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
        return len(self.reasons) >= len(self.open)

    def seconds_of(self, indices: Collection[int]) -> float:
        """Return how long some sentences are."""
        return sum(self.sentences[i].seconds for i in indices)

    def best_addition(self, most_s: float, least_s: float = 0.0) -> Option | None:
        """Return the worthiest sentence to add, by its length.

        Args:
            most_s: It and what it brings along last so long at most.
            least_s: And so long at least.
        """
        if self._additions is None:
            self._additions = [
                self._option(i, self.group_of(i), self._gain)
                for i in self.open
                if i not in self.reasons
            ]
        fitting = _within(self._additions, least_s, most_s)
        return max(fitting, key=lambda option: (option.density, -option.index), default=None)

    def best_removal(self, most_s: float, least_s: float = 0.0) -> Option | None:
        """Return the sentence that is missed least, by its length.

        Args:
            most_s: It and what needs it last so long at most.
            least_s: And so long at least.
        """
        fitting = _within(self.removals(), least_s, most_s)
        return min(fitting, key=lambda option: (option.density, -option.index), default=None)

    def removals(self) -> list[Option]:
        """Return what may be told no more: each told sentence, with what needs it."""
        if self._removals is None:
            groups = {i: self.dependents(i) for i in sorted(self.reasons.keys() - self.base)}
            self._removals = [
                self._option(i, group, self._loss)
                for i, group in groups.items()
                if not group & self.base
            ]
        return self._removals

    def _option(
        self, index: int, group: frozenset[int], worth: Callable[[Collection[int]], float]
    ) -> Option:
        seconds = self.seconds_of(group)
        return Option(worth(group) / max(seconds, 0.1) ** _LENGTH_POWER, seconds, index)

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

    def reset(self, told: Mapping[int, str]) -> None:
        """Tell just these, which were told together before, for the same reasons."""
        self.remove(self.reasons.keys() - told.keys())
        for i in sorted(told.keys() - self.reasons.keys()):
            self._take(i, told[i])
        self.reasons = dict(told)

    def remove(self, group: Collection[int]) -> None:
        """Tell some sentences no more."""
        self._additions = self._removals = None
        for i in list(group):
            del self.reasons[i]
            self._facts.subtract(self._worth.facts[i])
        told = list(self.reasons)
        for i in range(len(self.sentences)):
            self._heard[i] = self._likest(i, told)

    def _take(self, index: int, why: str) -> None:
        self._additions = self._removals = None
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
        joined = sum(self._goes_on(i, group) for i in group) / len(group)
        return (self._worth.of_facts(facts) + words) * (1 + _GOES_ON * joined)

    def _goes_on(self, index: int, group: Collection[int]) -> bool:
        """Tell whether a sentence is heard right behind the one before it in its paragraph."""
        before = index - 1
        if before < 0 or self.sentences[before].paragraph != self.sentences[index].paragraph:
            return False
        return before in self.reasons or before in group

    def _loss(self, group: Collection[int]) -> float:
        gone = Counter(f for i in group for f in self._worth.facts[i])
        words = sum(self._worth.of_words(i, 0.0) for i in group)
        return self._worth.of_facts([f for f, n in gone.items() if n >= self._facts[f]]) + words


def _within(options: Sequence[Option], least_s: float, most_s: float) -> Iterator[Option]:
    return (o for o in options if least_s - _EPSILON_S <= o.seconds <= most_s + _EPSILON_S)
