"""Which story comes first, and why, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import log, log2
from typing import TYPE_CHECKING

from audiobrief.text.terms import rarity_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from audiobrief.brief.story import Story

#: What a question of the user counts, and what the rest: a story that answers the question always
#: comes before one that does not.
_WEIGHTS = {
    "query": 4.0,
    "tags": 1.5,
    "recency": 1.0,
    "sources": 1.0,
    "priority": 1.0,
    "length": 0.3,
}
#: A story of this age counts half as recent.
_HALF_LIFE_S = 24 * 3600
#: Of a story without a date nobody knows whether it is new.
_UNDATED = 0.25
#: So many outlets are all that counts.
_MANY_SOURCES = 6
#: A story of so many words is a long one; there is no prize for more.
_LONG_WORDS = 800
#: A part of the score that is less than this is no reason.
_LEAST_REASON = 0.1
#: BM25 (Robertson and Zaragoza 2009): how soon repeats stop to count, and how much length does.
_K1, _B = 1.2, 0.75
#: A word of the title counts so many times.
_TITLE = 3


@dataclass(frozen=True, slots=True)
class Interest:
    """What the listener asked for; empty: nothing in particular."""

    #: Words, in any order: "bridge Kelby".
    query: str = ""
    #: Tags that are preferred, in any case.
    tags: tuple[str, ...] = ()


def rank(stories: Sequence[Story], now: datetime, interest: Interest | None = None) -> list[Story]:
    """Put the stories in the order in which they are told.

    Recency, number of outlets, preference of the source, length, the listener's query and tags each
    give points; ties keep the given order.

    Args:
        stories: Stories in the order of their sources.
        now: The moment from which age is counted; aware.
        interest: What the listener asked for.

    Returns:
        The same stories with score and reasons, best first. Those that have nothing of a query
        stand behind all others with the reason "no word of the query"; the caller may leave them.
    """
    wanted = interest or Interest()
    matches = _matches(stories, wanted.query)
    scored = [
        _scored(story, now, wanted, match) for story, match in zip(stories, matches, strict=True)
    ]
    return sorted(scored, key=lambda s: -s.score)


def _scored(story: Story, now: datetime, interest: Interest, match: float) -> Story:
    parts: dict[str, tuple[float, str]] = {
        "recency": _recency(story, now),
        "sources": _sources(story),
        "priority": (max(a.priority for a in story.articles), _source(story)),
        "length": _length(story),
    }
    if interest.query.strip():
        parts["query"] = (match, f'matches "{" ".join(interest.query.split())}"')
    if interest.tags:
        parts["tags"] = _tags(story, interest.tags)
    points = {name: _WEIGHTS[name] * share for name, (share, _) in parts.items()}
    order = sorted(points, key=lambda name: (-points[name], name))
    reasons = [parts[n][1] for n in order if points[n] >= _LEAST_REASON and parts[n][1]]
    score = sum(points.values())
    if "query" in parts and not match:
        reasons, score = ["no word of the query", *reasons], 0.0
    elif "query" in parts:
        score += sum(_WEIGHTS.values())
    return replace(story, score=score, reasons=tuple(reasons))


def _recency(story: Story, now: datetime) -> tuple[float, str]:
    moments = [a.published for a in story.articles if a.published]
    if not moments:
        return _UNDATED, "without a date"
    age_s = max(0.0, (now - max(moments)).total_seconds())
    return 0.5 ** (age_s / _HALF_LIFE_S), f"published {_age(age_s)}"


def _age(age_s: float) -> str:
    """Return an age in words.

    >>> _age(50), _age(5400), _age(200000)
    ('within the hour', '1 hour ago', '2 days ago')
    """
    hours = int(age_s // 3600)
    if hours < 1:
        return "within the hour"
    count, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _sources(story: Story) -> tuple[float, str]:
    outlets = {a.outlet for a in story.articles if a.outlet}
    count = max(1, len(outlets))
    share = min(1.0, log2(count) / log2(_MANY_SOURCES))
    return share, f"reported by {count} outlets" if count > 1 else ""


def _source(story: Story) -> str:
    best = max(story.articles, key=lambda a: a.priority)
    return f"from {best.outlet}" if best.outlet else ""


def _length(story: Story) -> tuple[float, str]:
    words = len(story.told.text.split())
    share = min(1.0, log(1 + words) / log(1 + _LONG_WORDS))
    return share, f"{words} words"


def _tags(story: Story, wanted: Sequence[str]) -> tuple[float, str]:
    own = {t.casefold() for a in story.articles for t in a.tags}
    common = [t for t in dict.fromkeys(wanted) if t.casefold() in own]
    return len(common) / len(dict.fromkeys(wanted)), f"tagged {', '.join(common)}" if common else ""


def _matches(stories: Sequence[Story], query: str) -> list[float]:
    """Return how well each story answers a query: BM25 over title and text, the best is 1."""
    asked = dict.fromkeys(terms_of(query))
    if not asked or not stories:
        return [0.0] * len(stories)
    counts = [_terms(story) for story in stories]
    rarity = rarity_of(counts)
    middle = sum(c.total() for c in counts) / len(counts) or 1.0
    scores = [
        sum(
            rarity.of(t) * c[t] * (_K1 + 1) / (c[t] + _K1 * (1 - _B + _B * c.total() / middle))
            for t in asked
        )
        for c in counts
    ]
    best = max(scores)
    return [s / best if best else 0.0 for s in scores]


def _terms(story: Story) -> Counter[str]:
    """Return the terms of a story: the told article's, and the titles of the others."""
    counts = Counter(terms_of(story.told.text))
    for article in story.articles:
        for term in terms_of(article.title):
            counts[term] += _TITLE
    return counts
