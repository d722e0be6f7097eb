"""Describe a line of a page by the elements around it and by what an extractor made of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiobrief.text.page.lines import LineFacts

#: What an element says of the text in it; shown in the ledger where it stands for furniture.
ARTICLE = "in an article element"
TEXT_NAME = "named like text"
HIDDEN = "hidden until a script shows it"
#: Readers see it; mostly it is decoration, or a copy.
QUIET = "hidden from screen readers"
#: These are true of the page's main part as well; the others are not meant for it.
_OF_MAIN_PART = frozenset((ARTICLE, TEXT_NAME, "in the main element", "in the article body"))
#: An element that holds so much of a page's prose is the page, whatever it is called.
_MAIN_PART = 0.4
#: A line is kept by the extractor when so much of it stands in the extracted text.
_KEPT = 0.6
#: The surroundings of a line: the smallest elements with so many other words.
_SURROUNDINGS = (25, 120)


@dataclass(frozen=True, slots=True)
class Markup:
    """What the elements around a line say of it."""

    #: Numbers of the block elements around it, innermost first; the whole page is 0.
    parents: tuple[int, ...]
    #: What an element says, and that element's number.
    signs: tuple[tuple[str, int], ...]
    #: Share of its letters that are links, 0..1.
    linked: float
    #: Share of it that stands in the text an extractor found, 0..1.
    kept: float = 0.0

    def says(self, sign: str) -> bool:
        """Tell whether an element around the line says something of it."""
        return any(said == sign for said, _ in self.signs)


@dataclass(frozen=True, slots=True)
class _Words:
    """Words by element: all, those of prose, those kept by the extractor, those in links."""

    all: Counter[int]
    prose: Counter[int]
    kept: dict[int, float]
    linked: dict[int, float]

    def container(self, of: Mapping[int, float], share: float) -> int:
        """Return the smallest element that holds a share of the page's words of a kind."""
        least = share * max(1.0, of.get(0, 0.0))
        holders = (element for element in self.all if of.get(element, 0.0) >= least)
        return min(holders, key=lambda element: (self.all[element], -element), default=0)


def describe_markup(facts: Sequence[LineFacts], markup: Sequence[Markup]) -> list[dict[str, float]]:
    """Return the features that the elements of a page give to each of its lines, each 0..1.

    Args:
        facts: The lines by themselves.
        markup: As long as ``facts``.
    """
    words = _count(facts, markup)
    containers = {
        "in the smallest element with most of the kept text": words.container(words.kept, 0.6),
        "in the smallest element with nearly all kept text": words.container(words.kept, 0.9),
        "in the smallest element with most of the prose": words.container(words.prose, 0.6),
    }
    articles = {e for mark in markup for sign, e in mark.signs if sign == ARTICLE}
    most = max(1.0, words.kept[0])
    largest = max(articles, key=lambda e: (words.kept[e], -e), default=0)
    largest = largest if words.kept[largest] > _MAIN_PART * most else 0
    pages: list[dict[str, float]] = []
    for fact, mark in zip(facts, markup, strict=True):
        features = {name: 1.0 for name, e in containers.items() if e in mark.parents}
        for sign, e in mark.signs:
            if sign == ARTICLE:
                features["share of its article element"] = words.kept[e] / most
            elif sign in _OF_MAIN_PART or words.prose[e] <= _MAIN_PART * words.prose[0]:
                features[sign] = 1.0
        if largest and largest not in mark.parents:
            features["outside the largest article element"] = 1.0
        features["linked share"] = mark.linked
        features |= _surroundings(fact, mark, words)
        pages.append(features)
    _add_votes(pages, facts, markup)
    return pages


def _count(facts: Sequence[LineFacts], markup: Sequence[Markup]) -> _Words:
    words = _Words(Counter(), Counter(), defaultdict(float), defaultdict(float))
    for fact, mark in zip(facts, markup, strict=True):
        count = fact.word_count
        for e in mark.parents:
            words.all[e] += count
            words.kept[e] += mark.kept * count
            words.linked[e] += mark.linked * count
            if fact.is_prose:
                words.prose[e] += count
    return words


def _surroundings(fact: LineFacts, mark: Markup, words: _Words) -> dict[str, float]:
    """Describe the smallest elements around a line that hold 25, then 120 other words."""
    features: dict[str, float] = {}
    sizes = iter(_SURROUNDINGS)
    size = next(sizes)
    own = fact.word_count
    whose = _whose(fact)
    for e in mark.parents:
        rest = words.all[e] - own
        if rest < size:
            continue
        features[f"kept in {size} {whose}"] = (words.kept[e] - mark.kept * own) / rest
        features[f"prose in {size}"] = (words.prose[e] - own * fact.is_prose) / rest
        features[f"linked in {size}"] = (words.linked[e] - mark.linked * own) / rest
        features[f"share in {size}"] = words.prose[e] / max(1, words.prose[0])
        if (size := next(sizes, 0)) == 0:
            break
    return features


def _add_votes(
    pages: Sequence[dict[str, float]], facts: Sequence[LineFacts], markup: Sequence[Markup]
) -> None:
    """Add what the extractor made of the line and of its neighbors."""
    counts = [fact.word_count for fact in facts]
    total = _sums(counts)
    kept = _sums(mark.kept * n for mark, n in zip(markup, counts, strict=True))
    linked = _sums(mark.linked * n for mark, n in zip(markup, counts, strict=True))
    sure = [i for i, mark in enumerate(markup) if mark.kept >= _KEPT and counts[i] > 4]
    first, last = (sure[0], sure[-1]) if sure else (0, len(facts) - 1)
    for i, features in enumerate(pages):
        whose = _whose(facts[i])
        features[f"kept {whose}"] = markup[i].kept
        for width in (1, 4):
            a, b = max(0, i - width), min(len(facts), i + 1 + width)
            before, after = kept[i] - kept[a], kept[b] - kept[i + 1]
            features[f"kept {width} before {whose}"] = before / max(1, total[i] - total[a])
            features[f"kept {width} after {whose}"] = after / max(1, total[b] - total[i + 1])
        # The width is 4 now.
        features["linked around"] = (linked[b] - linked[a]) / max(1, total[b] - total[a])
        if before > 5 and after > 5:
            features[f"kept around {whose}"] = 1.0
        if first <= i <= last:
            features[f"within the kept lines {whose}"] = 1.0


def _whose(fact: LineFacts) -> str:
    return "prose" if fact.is_prose else "other"


def _sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]
