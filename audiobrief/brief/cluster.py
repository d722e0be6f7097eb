"""Articles of several outlets about one event become one story; careful: rather two than a mix."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.brief.copies import find_copies
from audiobrief.brief.round_up import is_about_more
from audiobrief.brief.series import is_one_event
from audiobrief.brief.story import Story
from audiobrief.text.facts import facts_of
from audiobrief.text.shingles import words_of
from audiobrief.text.terms import Rarity, Vector, rarity_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.brief.story import Candidate

#: What happens later than this is news of its own.
EVENT_S = 72 * 3600
#: So many words of an article tell what happened.
_LEAD_WORDS = 110
#: How alike the heads of two articles are that tell of one event.
_COSINE = 0.4
#: After 72 hours so much more is asked: what comes a day later is mostly the next step.
_LATER_COSINE = 0.1
#: Where no date says that they belong together, more is asked.
_UNDATED_COSINE = 0.5
#: Names and numbers that both have, and their weight among those of the head that has fewer.
_ANCHORS = 3
_ANCHOR_SHARE = 0.4
#: A word of a title counts so many times.
_TITLE_WEIGHT = 3
#: Texts of other matters that are thought beside the candidates: two articles alone do not say
#: which of their words are rare.
_OTHERS, _EXPECTED = 60.0, 1.5
#: A name that more of the candidates have brings no two of them together.
_COMMON_SHARE = 0.2
#: From so many numbers on, two heads of one event have one in common.
_NUMBERS = 2
#: A line with a full stop; a heading may have capitals that name nothing.
_SENTENCE = re.compile(r"[.!?\u2026][\"'\u201d\u2019)]*(?:\s|$)")


@dataclass(frozen=True, slots=True)
class _Head:
    """What an article says of its event: title and first words."""

    title: frozenset[str]
    #: The first words as they are.
    lead: str
    anchors: frozenset[str]
    #: Those of them that are numbers.
    numbers: frozenset[str]
    terms: Counter[str]


@dataclass(frozen=True, slots=True)
class _Field:
    """All heads, and how rare their words are."""

    candidates: Sequence[Candidate]
    heads: Sequence[_Head]
    rarity: Rarity
    vectors: Sequence[Vector]
    #: What all anchors of each head weigh.
    weights: Sequence[float]

    def likeness(self, a: int, b: int) -> float:
        """Return how surely two articles tell of one event, 0: they do not."""
        apart_s = _apart_s(self.candidates[a], self.candidates[b])
        outlets = {self.candidates[i].outlet for i in (a, b)}
        if (apart_s is not None and apart_s > EVENT_S) or (
            len(outlets) == 1 and None not in outlets
        ):
            return 0.0  # what one outlet tells twice is two stories
        first, second = self.heads[a], self.heads[b]
        if not (first.title & second.title and self._share_anchors(a, b)):
            return 0.0
        asked = _UNDATED_COSINE if apart_s is None else _COSINE + _LATER_COSINE * apart_s / EVENT_S
        cosine = self.vectors[a].cosine(self.vectors[b])
        is_one = cosine >= asked and self._is_one_event(a, b) and self._is_no_round_up(a, b)
        return cosine if is_one else 0.0

    def _is_one_event(self, a: int, b: int) -> bool:
        titles = self.candidates[a].title, self.candidates[b].title
        first, second = self.heads[a], self.heads[b]
        leads = first.lead, second.lead
        return is_one_event(titles, leads, first.anchors | second.anchors, self.rarity)

    def _is_no_round_up(self, a: int, b: int) -> bool:
        one, other = self.candidates[a], self.candidates[b]
        return not (
            is_about_more(one.text, other.text, one.title)
            or is_about_more(other.text, one.text, other.title)
        )

    def _share_anchors(self, a: int, b: int) -> bool:
        """Tell whether two heads have enough names and numbers in common."""
        first, second = self.heads[a], self.heads[b]
        if _differ(first.numbers, second.numbers):
            return False
        common = first.anchors & second.anchors
        if len(common) < _ANCHORS:
            return False
        needed = _ANCHOR_SHARE * min(self.weights[a], self.weights[b])
        return _weight(common, self.rarity) >= needed


def _differ(first: frozenset[str], second: frozenset[str]) -> bool:
    """Tell whether two heads have numbers that say that they are of two events."""
    # Scores and counts of one digit are often alike by chance: those that say more are compared.
    for least_digits in (2, 1):
        one, other = ({n for n in each if len(n) >= least_digits} for each in (first, second))
        if min(len(one), len(other)) >= _NUMBERS:
            return one.isdisjoint(other)
    return False


def _weight(anchors: frozenset[str], rarity: Rarity) -> float:
    # Sorted: sums of floats must not depend on the order of a set.
    return sum(map(rarity.of, sorted(anchors)))


def cluster(candidates: Sequence[Candidate]) -> list[Story]:
    """Put together the articles that tell of one event.

    Copies of each other always are. Others are when different outlets have them within 72 hours,
    titles and first words share rare names or numbers, and they are much alike by TF-IDF; every
    article of a story is like every other, so that no chain leads from one event to the next.

    Args:
        candidates: Articles, in the order of their sources.

    Returns:
        Stories in the order of their first candidates. First of each is the one to tell: of the
        most preferred source, else the latest, else the longest; then its copies, then the others.
    """
    copies = find_copies([c.text for c in candidates], [c.title for c in candidates])
    group_of = {i: tuple(group) for group in copies for i in group}
    singles = [group_of.get(i, (i,)) for i in range(len(candidates))]
    groups = _joined(_field_of(candidates), list(dict.fromkeys(singles)))
    return [_story(candidates, group, group_of) for group in sorted(groups)]


def _field_of(candidates: Sequence[Candidate]) -> _Field:
    heads = [_head(c) for c in candidates]
    rarity = rarity_of((h.terms for h in heads), others=_OTHERS, expected=_EXPECTED)
    vectors = [rarity.vector(h.terms) for h in heads]
    return _Field(candidates, heads, rarity, vectors, [_weight(h.anchors, rarity) for h in heads])


def _head(candidate: Candidate) -> _Head:
    lines = candidate.text.split("\n")
    title = terms_of(candidate.title)
    # Not of the title, which may be written with capitals throughout.
    facts = facts_of(lines)
    anchors: set[str] = set()
    lead: list[str] = []
    told: list[str] = []
    left = _LEAD_WORDS
    for line, own in zip(lines, facts, strict=True):
        words = words_of(line)[:left]
        lead += terms_of(" ".join(words))
        if words:
            told.append(line)
        if words and _SENTENCE.search(line):
            anchors |= own
        left -= len(words)
    terms = Counter(lead)
    terms.update(dict.fromkeys(title, _TITLE_WEIGHT))
    # Anchors are looked up among the terms, by the same stems.
    stems = frozenset(t for a in anchors for t in terms_of(a)) & terms.keys()
    numbers = frozenset(t for t in stems if t[0].isdigit())
    return _Head(frozenset(title), "\n".join(told), stems, numbers, terms)


def _apart_s(first: Candidate, second: Candidate) -> float | None:
    if first.published is None or second.published is None:
        return None
    return abs((first.published - second.published).total_seconds())


def _joined(field: _Field, groups: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Join groups, the likest first, of which every article is like every one of the other."""
    owner = {i: n for n, group in enumerate(groups) for i in group}
    members = {n: set(group) for n, group in enumerate(groups)}
    sure = {pair: like for pair in _near(field) if (like := field.likeness(*pair)) > 0.0}
    for (a, b), _ in sorted(sure.items(), key=lambda row: (-row[1], row[0])):
        one, other = owner[a], owner[b]
        if one == other:
            continue
        # Of copies that are joined already, one each is enough.
        if all(any(_key(x, y) in sure for x in xs for y in ys)
               for xs in _families(members[one], groups)
               for ys in _families(members[other], groups)):  # fmt: skip
            members[one] |= members.pop(other)
            owner.update(dict.fromkeys(members[one], one))
    return [tuple(sorted(m)) for m in members.values()]


def _families(members: Iterable[int], groups: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    inside = set(members)
    return [group for group in groups if inside.issuperset(group)]


def _key(a: int, b: int) -> tuple[int, int]:
    return (min(a, b), max(a, b))


def _near(field: _Field) -> list[tuple[int, int]]:
    """Return the pairs that share so many names and numbers, in order."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for i, head in enumerate(field.heads):
        for anchor in head.anchors:
            holders[anchor].append(i)
    most = max(8, int(_COMMON_SHARE * len(field.heads)))
    pairs: Counter[tuple[int, int]] = Counter()
    for inside in holders.values():
        if len(inside) <= most:
            pairs.update((a, b) for n, b in enumerate(inside) for a in inside[:n])
    return sorted(pairs)


def _story(
    candidates: Sequence[Candidate], group: Sequence[int], group_of: dict[int, tuple[int, ...]]
) -> Story:
    """Return a story with the article to tell first, its copies behind it, then the others."""
    order = sorted(group, key=lambda i: _preference(candidates[i], i))
    first = order[0]
    copies = [i for i in order[1:] if i in group_of.get(first, ())]
    others = [i for i in order[1:] if i not in copies]
    return Story(tuple(candidates[i] for i in (first, *copies, *others)), len(copies))


def _preference(candidate: Candidate, index: int) -> tuple[float, float, int, int]:
    moment = candidate.published
    # Days, not seconds: of two of one day the longer one says more.
    day = moment.timestamp() // 86400 if moment else float("-inf")
    return (-candidate.priority, -day, -len(candidate.text), index)
