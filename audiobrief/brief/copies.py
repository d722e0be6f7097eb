"""Which texts are copies of each other: cut, in another order, or reworded; exact."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import TYPE_CHECKING

from audiobrief.brief.round_up import is_round_up_of
from audiobrief.brief.series import has_standing_text_alone
from audiobrief.text.facts import find_facts
from audiobrief.text.shingles import (
    COPY,
    Likeness,
    Trigram,
    likeness_of,
    share_of_facts,
    trigrams,
)
from audiobrief.text.terms import matter_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.terms import Vector

#: Two parts of one text have words of its matter in common, two stories of a round-up have not.
#: Of 150 articles, 1 in 100 has a first and a last third with a cosine below this; of such thirds
#: of two articles, 96 in 100. Chosen on those very articles: others may do worse.
_RELATED_COSINE = 0.095
_RELATED_SHARE = 0.05
#: Of a text that is more than another and its copy, the other has less than this.
_WHOLE = 0.7


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is compared of each text."""

    grams: list[frozenset[Trigram]]
    facts: list[frozenset[str]]

    def likeness(self, a: int, b: int) -> Likeness:
        common = len(self.grams[a] & self.grams[b])
        facts = share_of_facts(self.facts[a], self.facts[b])
        return likeness_of(common, len(self.grams[a]), len(self.grams[b]), facts)


@dataclass(frozen=True, slots=True)
class _Matter:
    """What texts are about, for those of which some pair is a copy."""

    read: _Texts
    vectors: dict[int, Vector]

    def is_related(self, a: int, b: int) -> bool:
        """Tell whether two texts may be parts of one."""
        if self.vectors[a].cosine(self.vectors[b]) >= _RELATED_COSINE:
            return True
        alike = self.read.likeness(a, b)
        return max(alike.first_in_second, alike.second_in_first) >= _RELATED_SHARE


def compare(first: str, second: str) -> Likeness:
    """Return how much two texts share: an update shares much both ways, a part one way.

    >>> compare("It rained in Rye all day long.", "It rained in Rye all day.").relation.value
    'the same text, some of it changed'
    """
    return _read([first, second]).likeness(0, 1)


def find_copies(texts: Sequence[str], titles: Sequence[str] = ()) -> list[list[int]]:
    """Return groups of texts of which each is a copy of another.

    A text that holds two others which have nothing to do with each other (a round-up) joins
    neither, as far as words tell what they are about: of 200 round-ups of two real articles, 11 did
    join them, and more of short reports with the same places and people in them.

    Every pair with `COPY` of the shorter text's word trigrams in common is looked at: exact, and
    for hundreds of texts; thousands are for `Fingerprints`.

    Args:
        texts: The spoken bodies, without headlines.
        titles: Of all of them, if known: they help to tell a round-up.

    Returns:
        Groups of two or more indices, each in order, the groups by their first.

    >>> day = "The ferry to Ems was late on Monday and nobody in the harbor knew why at all."
    >>> find_copies([day, "It rained.", day.replace("Monday", "Sunday")])
    [[0, 2]]
    """
    read = _read(texts)
    pairs = {(a, b): read.likeness(a, b) for a, b in _near_pairs(read.grams)}
    titles = titles or [""] * len(texts)
    copies = {
        (a, b): alike
        for (a, b), alike in pairs.items()
        if alike.is_copy
        and not (_one_way(alike) and _is_of_several((texts[a], titles[a]), (texts[b], titles[b])))
    }
    matter = _Matter(read, {i: matter_of(texts[i]) for pair in copies for i in pair})
    for holder in _round_ups(matter, copies):
        for pair in [p for p, alike in copies.items() if holder in p and _one_way(alike)]:
            del copies[pair]
    return _joined(matter, copies)


def _read(texts: Sequence[str]) -> _Texts:
    return _Texts([trigrams(t) for t in texts], [find_facts(t) for t in texts])


def _is_of_several(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Tell whether two texts, with titles, are a round-up and a part of it, or of a series."""
    return (
        is_round_up_of(first[0], second[0], first[1])
        or is_round_up_of(second[0], first[0], second[1])
        or has_standing_text_alone(first[0], second[0])
    )


def _one_way(alike: Likeness) -> bool:
    return min(alike.first_in_second, alike.second_in_first) < _WHOLE


def _near_pairs(grams: Sequence[frozenset[Trigram]]) -> list[tuple[int, int]]:
    """Return the pairs of which the smaller has `COPY` of its trigrams in the larger.

    Prefix filtering (Bayardo et al. 2007, "Scaling up all pairs similarity search"): without its
    most frequent trigrams, a text still has half of what it must have in common, so those are never
    looked up.
    """
    holders: defaultdict[Trigram, list[int]] = defaultdict(list)
    for i, own in enumerate(grams):
        for gram in own:
            holders[gram].append(i)
    pairs: set[tuple[int, int]] = set()
    for i, own in enumerate(grams):
        needed = max(1, ceil(COPY * len(own)))
        least = ceil(needed / 2)
        inside = sorted((holders[gram] for gram in own), key=len)
        common = Counter(chain.from_iterable(inside[: len(own) - needed + least]))
        for j, count in common.items():
            smaller = (len(own), i) < (len(grams[j]), j)
            if smaller and count >= least and len(own & grams[j]) >= needed:
                pairs.add((min(i, j), max(i, j)))
    return sorted(pairs)


def _round_ups(matter: _Matter, copies: dict[tuple[int, int], Likeness]) -> list[int]:
    """Return the texts that hold two others which are not related."""
    held: defaultdict[int, list[int]] = defaultdict(list)
    for (a, b), alike in copies.items():
        if _one_way(alike):
            whole, part = (b, a) if alike.first_in_second > alike.second_in_first else (a, b)
            held[whole].append(part)
    return [
        whole
        for whole, parts in held.items()
        if any(not matter.is_related(a, b) for n, a in enumerate(parts) for b in parts[:n])
    ]


def _joined(matter: _Matter, copies: dict[tuple[int, int], Likeness]) -> list[list[int]]:
    """Join pairs to groups, the surest first; texts that are not related never share one."""
    group_of: dict[int, list[int]] = {}
    surest = sorted(
        copies.items(),
        key=lambda row: (-max(row[1].first_in_second, row[1].second_in_first), row[0]),
    )
    for (a, b), _ in surest:
        first, second = group_of.get(a, [a]), group_of.get(b, [b])
        if first is second:
            continue
        if all(matter.is_related(x, y) for x in first for y in second):
            joined = sorted(first + second)
            group_of.update(dict.fromkeys(joined, joined))
    groups = {id(g): g for g in group_of.values()}.values()
    return sorted(groups)
