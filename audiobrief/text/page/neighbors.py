"""Describe each line of a page together with the lines around it."""

from __future__ import annotations

import math
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

from audiobrief.text.page.lines import LineFacts, describe
from audiobrief.text.page.markup import describe_markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.text.page.markup import Markup

#: What follows an article is looked for from so many words of prose on.
_ARTICLE_WORDS = 100
#: A line with fewer words of prose behind it stands at the end.
_END_WORDS = 20


def describe_page(lines: Sequence[str], markup: Sequence[Markup] | None = None) -> list[LineFacts]:
    """Return the features of each line, of its neighborhood, and of its markup if there is any.

    Args:
        lines: The texts in order.
        markup: Of a web page: as long as ``lines``.
    """
    facts = [describe(line) for line in lines]
    sums = _Sums(facts)
    pages = [_around(i, facts[i], sums) for i in range(len(facts))]
    _add_copies(pages, lines)
    _add_topic(pages, facts)
    if markup is not None:
        for features, more in zip(pages, describe_markup(facts, markup), strict=True):
            features.update(more)
    for fact, features in zip(facts, pages, strict=True):
        fact.features.update(features)  # They were made above, for nobody else.
    return facts


class _Sums:
    """Running sums over the lines: the sum over ``a..b`` is ``sums[b] - sums[a]``."""

    def __init__(self, facts: Sequence[LineFacts]) -> None:
        self.prose = _sums(f.word_count * f.is_prose for f in facts)
        self.cues = _sums(bool(f.cues) for f in facts)
        self.lengths = _sums(f.features["log words"] for f in facts)
        self.dates = _sums("date in a short line" in f.features for f in facts)
        self.stubs = _sums(_is_stub(f) for f in facts)
        self.closings = _sums("closes the article" in f.features for f in facts)
        self.code = _sums(f.features["code marks"] for f in facts)


def _sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]


def _is_stub(fact: LineFacts) -> bool:
    """Tell whether a line has the shape of a title or of a menu entry."""
    return not fact.is_prose and fact.word_count > 1 and "ends a sentence" not in fact.features


def _around(i: int, fact: LineFacts, sums: _Sums) -> dict[str, float]:
    """Return the features of the lines before and after one line."""
    dates, stubs, code, lengths = sums.dates, sums.stubs, sums.code, sums.lengths
    cues, prose = sums.cues, sums.prose
    n = len(prose) - 1
    # Furniture close by says much of a short line, and little of a whole sentence.
    whose = "prose" if fact.is_prose else "other"
    features: dict[str, float] = {}
    for width in (1, 3, 8):
        sides = (("before", max(0, i - width), i), ("after", i + 1, min(n, i + 1 + width)))
        for side, a, b in sides:
            length = max(1, b - a)
            if width == 3:
                features[f"dates 3 {side} {whose}"] = (dates[b] - dates[a]) / length
                features[f"stubs 3 {side} {whose}"] = (stubs[b] - stubs[a]) / length
                features[f"code 3 {side}"] = (code[b] - code[a]) / length
            else:
                features[f"length {width} {side}"] = (lengths[b] - lengths[a]) / length
                features[f"cues {width} {side} {whose}"] = (cues[b] - cues[a]) / length
            if width > 1:
                features[f"prose {width} {side}"] = math.log1p(prose[b] - prose[a])
    before, after = prose[i], prose[n] - prose[i + 1]
    features["prose before"] = math.log1p(before) / 8
    features["prose after"] = math.log1p(after) / 8
    features["share before"] = before / max(1, prose[n])
    if before > _ARTICLE_WORDS:
        features[f"closed before {whose}"] = math.log1p(sums.closings[i])
        closed = sums.closings[i] - sums.closings[max(0, i - 8)]
        features[f"closed 8 before {whose}"] = min(1.0, closed)
    if after < _END_WORDS:
        features[f"nothing after {whose}"] = 1.0
    return {name: value for name, value in features.items() if value}


def _add_copies(pages: Sequence[dict[str, float]], lines: Sequence[str]) -> None:
    """Mark lines that stand on the page more than once: contents, menus, headings, teasers."""
    keys = [line.lower() for line in lines]
    copies = Counter(keys)
    seen: set[str] = set()
    for features, key in zip(pages, keys, strict=True):
        if copies[key] > 1:
            features["copy above" if key in seen else "copy below"] = 1.0
        if copies[key] > 2:
            features["many copies"] = 1.0
        seen.add(key)


def _add_topic(pages: Sequence[dict[str, float]], facts: Sequence[LineFacts]) -> None:
    """Add how much of what a line is about is spoken of elsewhere in the page's prose."""
    about = Counter(word for fact in facts if fact.is_prose for word in fact.content)
    for features, fact in zip(pages, facts, strict=True):
        if fact.content:
            whose = "prose" if fact.is_prose else "other"
            shared = sum([about[word] > fact.is_prose for word in fact.content])
            features[f"shared words {whose}"] = shared / len(fact.content)
