"""Find the one region of a page that is the article: line scores and the cheapest path."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from audiobrief.text.page import weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobrief.text.page.lines import LineFacts


@dataclass(frozen=True, slots=True)
class Model:
    """What speaks for a line being article text, in log-odds."""

    #: Of a line of which nothing is known.
    bias: float
    #: Of each feature; one without a weight says nothing.
    weights: Mapping[str, float]


#: For lines of which only the text is known, and for lines of a web page.
TEXT = Model(weights.TEXT_BIAS, weights.TEXT)
PAGE = Model(weights.PAGE_BIAS, weights.PAGE)
#: One line alone, however odd, never outweighs its neighbors: scores end at odds of 55 to 1.
_SCORE_LIMIT = 4.0
#: A page that holds an article has a line that surely belongs to it: the scores of a page are
#: raised until the best has this one. Short articles amid much furniture gain by it (word F1
#: .792 to .817 on the same pages with their articles cut short), long ones lose nothing.
_BEST_SCORE = 2.0


#: What the markup says of lines that no caller can be sure of; see ``markup.describe_markup``.
_APART = frozenset(
    (
        "in a footer",
        "in a navigation element",
        "in a form",
        "in an aside",
        "named like comments",
        "named like furniture",
    )
)
#: Furniture that stands between the paragraphs of a text as often as around it.
_BETWEEN = frozenset(
    ("picture credit", "newsletter sign-up", "advertising", "date line", "sharing")
)
#: So many lines of it in a row: the form of a newsletter has three to five.
_STEPPED_OVER = 6
#: Words are the same that begin with so many of the same letters.
_STEM = 4
_SENTENCE_WORDS = 4


class Region(StrEnum):
    """Where a line lies."""

    BEFORE = "before"
    BODY = "body"
    GAP = "gap"
    AFTER = "after"


_REGIONS = tuple(Region)
#: Cost of going from the region of one line to that of the next; what is absent is impossible.
_STEPS = {
    (Region.BEFORE, Region.BEFORE): 0.0,
    (Region.BEFORE, Region.BODY): 2.0,
    (Region.BODY, Region.BODY): 0.0,
    (Region.BODY, Region.GAP): 2.0,
    (Region.GAP, Region.GAP): 0.4,
    (Region.GAP, Region.BODY): 1.0,
    (Region.BODY, Region.AFTER): 2.0,
    (Region.AFTER, Region.AFTER): 0.0,
}


def score(facts: LineFacts, model: Model = TEXT) -> float:
    """Return the log-odds that a line is article text, -4..4."""
    weight = model.weights.get
    total = model.bias + sum([weight(name, 0.0) * v for name, v in facts.features.items()])
    return max(-_SCORE_LIMIT, min(_SCORE_LIMIT, total))


def find_regions(
    facts: Sequence[LineFacts], *, trust: float = 0.0, model: Model = TEXT
) -> list[Region]:
    """Divide the lines of a page into before, body (with gaps) and after.

    The path with the least cost over all lines (Viterbi): a line in the body costs what its score
    speaks against it, a line outside what speaks for it, long lines more than short ones. A path
    must pass through the body, so that something is always found.

    Args:
        facts: The lines in order, at least one.
        trust: Added to each score: how sure the caller is, in log-odds, that a line is text. Not
            to that of a line whose markup says that it is none.
        model: ``TEXT``, or ``PAGE`` when the facts hold markup.

    Returns:
        As long as ``facts``; at least one line is ``BODY``.
    """
    infinite = math.inf
    best = dict.fromkeys(_REGIONS, infinite) | {Region.BEFORE: 0.0}
    steps: list[dict[Region, Region]] = []
    scores = [score(fact, model) for fact in facts]
    raised = max(0.0, _BEST_SCORE - max(scores))
    for fact, line_score in zip(facts, scores, strict=True):
        given = trust if _APART.isdisjoint(fact.features) else -trust
        value = max(-_SCORE_LIMIT, min(_SCORE_LIMIT, line_score + raised + given))
        weight = math.log1p(fact.word_count) / 2
        inside, outside = (
            math.log1p(math.exp(-value)) * weight,
            math.log1p(math.exp(value)) * weight,
        )
        reached = dict.fromkeys(_REGIONS, infinite)
        step: dict[Region, Region] = {}
        for (old, new), cost in _STEPS.items():
            total = best[old] + cost + (inside if new is Region.BODY else outside)
            if total < reached[new]:
                reached[new], step[new] = total, old
        best = reached
        steps.append(step)
    last = min((Region.BODY, Region.AFTER), key=lambda region: best[region])
    return _with_sentences_beside(_walk_back(steps, last), facts)


def _with_sentences_beside(path: list[Region], facts: Sequence[LineFacts]) -> list[Region]:
    """Let the body grow over whole sentences right beside it that speak of no furniture.

    A short last paragraph before a newsletter form scores low; to lose it is worse than to keep
    a blurb. Pictures and forms stand between paragraphs, so a few of their lines are stepped over
    to a sentence that shares a word with the text.
    """
    inside = [i for i, region in enumerate(path) if region is Region.BODY]
    topic = {word[:_STEM] for i in inside for word in facts[i].content}
    for step, edge in ((-1, inside[0]), (1, inside[-1])):
        while (i := _next_sentence(facts, edge, step, topic)) is not None:
            for j in range(edge + step, i, step):
                path[j] = Region.GAP
            path[i] = Region.BODY
            topic |= {word[:_STEM] for word in facts[i].content}
            edge = i  # noqa: PLW2901 - walking on while sentences stand there
    return path


def _next_sentence(facts: Sequence[LineFacts], edge: int, step: int, topic: set[str]) -> int | None:
    """Return the line to which the body may grow; ``None``: what follows is not of the text."""
    i = edge + step
    over = 0
    while 0 <= i < len(facts) and over <= _STEPPED_OVER:
        fact = facts[i]
        if not fact.cues and (fact.is_prose or _is_short_sentence(fact)):
            return i if not over or not topic.isdisjoint(w[:_STEM] for w in fact.content) else None
        if not fact.cues or not _BETWEEN.issuperset(fact.cues):
            return None
        i += step
        over += 1
    return None


def _is_short_sentence(fact: LineFacts) -> bool:
    """Tell whether a line is a sentence of a few words: "The ship hit a rock at about 3am."."""
    features = fact.features
    return (
        fact.word_count >= _SENTENCE_WORDS
        and "ends a sentence" in features
        and "has a verb" in features
        and "starts in lower case" not in features
        and "speaks to the reader" not in features
    )


def _walk_back(steps: Sequence[dict[Region, Region]], last: Region) -> list[Region]:
    path = [last]
    for step in reversed(steps):
        path.append(step[path[-1]])
    path.pop()  # where the first line was come from
    return path[::-1]
