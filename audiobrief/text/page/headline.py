"""Find the headline among the lines of a page."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from audiobrief.text.page.headline_weights import NO_HEADLINE, WEIGHTS
from audiobrief.text.page.region import Region
from audiobrief.text.plain_words import MONTHS, STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiobrief.text.page.lines import LineFacts

#: Nobody reads a longer line as a headline (the longest of 150 news pages has 165 characters).
HEADLINE_CHARACTERS = 200
_WORD = re.compile(r"[^\W_]+")
#: Between a headline and the name of its site, in what browsers show as a page's title.
_SEPARATOR = re.compile(r"(?<=\s)(?:[|\u2013\u2014\u00bb\u203a\u00b7\u2022:-]|::|\|\|)\s")
#: Nobody writes these within a headline.
_BAR = re.compile(r"\s(?:[|\u00bb\u203a]|::)\s")
_NUMBERED = re.compile(r"(?:step |no\.? ?|#)\d{1,2}\b|\d{1,2}[.):] ", re.IGNORECASE)
_SIGNATURE = re.compile(
    rf"\b(?:{MONTHS})\b.{{0,12}}\d{{4}}|\b(?:19|20)\d\d-\d\d-\d\d\b|\bmin(?:ute)?s?\.? read\b"
    r"|^(?:written )?by\b|\b(?:published|updated|posted)\b|\b(?:hours?|days?|weeks?) ago\b"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
    re.IGNORECASE,
)
#: So much of a paragraph tells which words the text is about.
_LINE_CHARACTERS = 2000
#: Below, the beginning of the text is the better title. Of 101 pages in cross-validation, 87 reach
#: it and 81 of these are right; without its headline, a page gets a wrong one in a quarter.
MIN_CONFIDENCE = 0.3
#: How many lines beside a candidate tell whether it stands in a menu or a list of stories.
_NEIGHBORS = 4
#: What speaks for a candidate when it holds of one of its copies.
_GOOD_PLACE = frozenset(("signed below", "text below", "text right below", "at the beginning"))
#: How many lines below a headline its date, byline or first paragraph are looked for.
_BELOW = 4


@dataclass(frozen=True, slots=True)
class Headline:
    """A line, or the beginning of the first line, taken for the headline."""

    text: str
    #: The line that it is, or that it is a part of.
    index: int
    #: It is only the beginning of that line: what follows is the name of a site.
    is_part: bool
    #: 0..1: how often lines of this score were the headline of the pages the weights come from.
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be the headline, and what speaks for and against it."""

    text: str
    index: int
    is_part: bool
    features: Mapping[str, float]

    @property
    def score(self) -> float:
        """Log-odds against any other candidate, but for a constant."""
        return sum(WEIGHTS.get(name, 0.0) * value for name, value in self.features.items())


@dataclass(frozen=True, slots=True)
class _Page:
    """What the candidates of one page are compared with."""

    lines: Sequence[str]
    facts: Sequence[LineFacts]
    start: int
    #: Distinct words of the prose, and in how many of its lines each stands.
    text: Counter[str]
    #: Words of prose above each line; one more than lines.
    prose: Sequence[int]
    top: frozenset[str]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a line in lower case, for comparing lines with one another."""
    # A page's lines are compared five times over, by several modules; paragraphs are not kept.
    return _words_of_line(text) if len(text) <= HEADLINE_CHARACTERS else _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


_words_of_line = lru_cache(maxsize=1024)(_words)


def _content(words: Sequence[str]) -> list[str]:
    return [w for w in words if w not in STOP_WORDS and len(w) > 2]


def find_headline(
    lines: Sequence[str], facts: Sequence[LineFacts], regions: Sequence[Region]
) -> Headline | None:
    """Return the headline of a page, or ``None`` when no line is likely enough to be it.

    Every line that could be said in one breath is compared with all others: with the first line,
    where browsers put the page's title, with the words of the text, with what stands around it.
    Among them is "none of these", so that a text without a headline gets none.

    Args:
        lines: The lines of the page in order.
        facts: Their descriptions, as long as ``lines``.
        regions: Where they lie; at least one is ``BODY``.
    """
    found = candidates(lines, facts, regions)
    if not found:
        return None
    scores = [candidate.score for candidate in found]
    best = max(range(len(found)), key=lambda i: (scores[i], -i))
    total = sum(math.exp(min(50.0, s - scores[best])) for s in (*scores, WEIGHTS[NO_HEADLINE]))
    if 1.0 / total < MIN_CONFIDENCE:
        return None
    chosen = found[best]
    return Headline(chosen.text, chosen.index, chosen.is_part, round(1.0 / total, 3))


def candidates(
    lines: Sequence[str], facts: Sequence[LineFacts], regions: Sequence[Region]
) -> list[Candidate]:
    """Return whatever on a page may be its headline, each wording once, with its features."""
    start = next(i for i, region in enumerate(regions) if region is Region.BODY)
    page = _describe(lines, facts, start)
    places: dict[tuple[str, ...], list[int]] = {}
    for i in range(_end_of_head(facts, regions, start)):
        line = lines[i]
        is_sentence = facts[i].is_prose and line.endswith((".", ".\u201d", '."'))
        if len(line) <= HEADLINE_CHARACTERS and not is_sentence and (words := words_of(line)):
            places.setdefault(words, []).append(i)
    parts = dict(_parts(lines[0])) if len(lines[0]) <= 2 * HEADLINE_CHARACTERS else {}
    found = []
    for words, where in places.items():
        if content := _content(words):
            i = _place(where, start)
            features = _of_words(words, content, lines[i], page)
            features |= _of_title(words, content, where, parts, page) | _of_places(
                where, start, page
            )
            found.append(Candidate(lines[i], where[0], is_part=False, features=features))
    for words, part in parts.items():
        if words not in places and (content := _content(words)):
            features = _of_words(words, content, part, page)
            features |= _of_title(words, content, (), parts, page) | _of_place(0, page)
            found.append(Candidate(part, 0, is_part=True, features=features))
    return found


def _describe(lines: Sequence[str], facts: Sequence[LineFacts], start: int) -> _Page:
    text: Counter[str] = Counter()
    for line, fact in zip(lines, facts, strict=True):
        if fact.is_prose:
            text.update(set(words_of(line[:_LINE_CHARACTERS])))
    prose = (0, *accumulate(f.word_count if f.is_prose else 0 for f in facts))
    top = frozenset(_content(words_of(lines[0][: 2 * HEADLINE_CHARACTERS])))
    return _Page(lines, facts, start, text, prose, top)


def _end_of_head(facts: Sequence[LineFacts], regions: Sequence[Region], start: int) -> int:
    """Return the first line that has a paragraph of the article above it: headings follow."""
    rows = range(start, len(facts))
    first = next((i for i in rows if facts[i].is_prose and regions[i] is Region.BODY), len(facts))
    return min(len(facts), first + 1)


def _parts(line: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the beginnings of a line that end before a separator."""
    for match in list(_SEPARATOR.finditer(line))[:6]:
        part = line[: match.start()].strip()
        if words := words_of(part):
            yield words, part


def _place(where: Sequence[int], start: int) -> int:
    """Return the occurrence that counts: the last above the text, else the first."""
    above = [i for i in where if i <= start]
    return above[-1] if above else where[0]


def _of_words(
    words: tuple[str, ...], content: Sequence[str], line: str, page: _Page
) -> dict[str, float]:
    """Return what the wording of a candidate tells, and how much of it the text says again."""
    shared = [page.text[w] for w in content if w in page.text]
    yes = {
        "one word": len(words) == 1,
        "two or three words": 2 <= len(words) <= 3,
        "four to six words": 4 <= len(words) <= 6,
        "over fifteen words": len(words) > 15,
        "ends in a period": line.endswith((".", "\u2026", "!")),
        "ends in a colon or comma": line.endswith((":", ",", ";")),
        "question": line.endswith("?"),
        "starts in lower case": line[:1].islower(),
        "numbered": _NUMBERED.match(line) is not None,
        "signature": _SIGNATURE.search(line[:HEADLINE_CHARACTERS]) is not None,
        "all capitals": line.isupper(),
    }
    features = {name: 1.0 for name, value in yes.items() if value}
    features["words in the text"] = len(shared) / len(content)
    features["rare words in the text"] = sum(1.0 / math.sqrt(n) for n in shared) / len(content)
    features["frequent words"] = sum(map(math.log1p, shared)) / len(content)
    return features


def _of_title(
    words: tuple[str, ...],
    content: Sequence[str],
    where: Sequence[int],
    parts: Mapping[tuple[str, ...], str],
    page: _Page,
) -> dict[str, float]:
    """Return how a candidate relates to the first line, and how often it stands on the page."""
    first = 0 in where
    common = page.top & set(content)
    yes = {
        "first line": first,
        "first line alone": first and len(where) == 1,
        "first line, then text": first and any(f.is_prose for f in page.facts[1:3]),
        "first line has parts": first and bool(parts),
        "first line has a bar": first and bool(parts) and _BAR.search(page.lines[0]) is not None,
        "part of the first line": words in parts and bool(where),
        "only in the first line": not where,
        "repeated": len(where) > 1,
        "repeated often": len(where) > 3,
    }
    features = {name: 1.0 for name, value in yes.items() if value}
    if common and not first:
        features["covers the first line"] = len(common) / len(page.top)
        if where:
            features["covered by the first line"] = len(common) / len(set(content))
    return features


def _of_places(where: Sequence[int], start: int, page: _Page) -> dict[str, float]:
    """Return the best of what stands around the copies of a candidate above the text."""
    above = [i for i in where if i <= start] or where[:1]
    seen = [_of_place(i, page) for i in dict.fromkeys((*above[:2], above[-1]))]
    return {
        name: max(f[name] for f in seen) if name in _GOOD_PLACE else min(f[name] for f in seen)
        for name in seen[0]
    }


def _of_place(i: int, page: _Page) -> dict[str, float]:
    """Return what stands around a candidate: menus, other titles, a date or byline, the text."""
    facts, prose, n = page.facts, page.prose, len(page.facts)
    rows = (*range(max(0, i - _NEIGHBORS), i), *range(i + 1, min(n, i + 1 + _NEIGHBORS)))
    beside = [facts[j] for j in rows if page.lines[j] != page.lines[i]]
    count = max(1, len(beside))
    below = range(i + 1, min(n, i + 1 + _BELOW))
    signed = any(len(page.lines[j]) <= 120 and is_signature(page.lines[j]) for j in below)
    return {
        "cue": min(2.0, len(facts[i].cues)),
        "whole sentence": float(facts[i].is_prose),
        "titles beside": sum(4 <= f.word_count <= 20 and not f.is_prose for f in beside) / count,
        "menu beside": sum(f.word_count <= 3 for f in beside) / count,
        "signed below": float(signed),
        "text below": math.log1p(prose[min(n, i + 11)] - prose[i + 1]) / 5,
        "text right below": float(any(facts[j].is_prose for j in below)),
        "text above": math.log1p(prose[i]) / 5,
        "no text above": float(prose[i] == 0),
        "far above the text": min(3.0, max(0, page.start - i) / 20),
        "below the beginning": float(i > page.start + 2),
        "at the beginning": float(page.start - 6 <= i <= page.start),
    }


# Each line is asked of for all the candidates above it.
@lru_cache(maxsize=512)
def is_signature(line: str) -> bool:
    """Tell whether a line has what stands below a headline: a byline, a date, a reading time."""
    return _SIGNATURE.search(line) is not None


def shorten(text: str, limit: int = 90) -> str:
    """Return the beginning of a text as a title, whole words, an ellipsis when cut.

    >>> shorten("one two three", 9)
    'one two…'
    """
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.-") + "\u2026"
