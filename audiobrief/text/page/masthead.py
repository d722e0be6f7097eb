"""Read headline, byline, outlet and date off the lines of a page, each with a confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.model.article import Fact
from audiobrief.text.page.byline import Byline, choose_byline
from audiobrief.text.page.dateline import find_published
from audiobrief.text.page.headline import (
    HEADLINE_CHARACTERS,
    MIN_CONFIDENCE,
    Headline,
    find_headline,
    is_signature,
    words_of,
)
from audiobrief.text.page.outlet import find_outlet
from audiobrief.text.page.region import Region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from audiobrief.text.page.lines import LineFacts

#: From here on a byline is read aloud. Of 150 pages, see ``tests/eval/metadata.py``.
BYLINE_CONFIDENCE = 0.8
_OUTLET_CONFIDENCE = 0.8
#: So far above the text a headline that is printed twice may stand.
_TWICE_LINES = 20


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands around the text of an article."""

    headline: str | None = None
    #: The line that is the headline.
    headline_line: int | None = None
    #: The line that only begins with the headline; a site's name follows.
    title_line: int | None = None
    byline: str | None = None
    #: The line that is the byline.
    byline_line: int | None = None
    outlet: str | None = None
    published: datetime | None = None
    facts: tuple[Fact, ...] = ()


def read_masthead(
    lines: Sequence[str],
    facts: Mapping[int, LineFacts],
    regions: Mapping[int, Region],
    *,
    headline: str | None = None,
) -> Masthead:
    """Read the lines around an article's text.

    Args:
        lines: All lines of the page.
        facts: Descriptions of those that may be article text; later copies of a line are absent.
        regions: Where these lie; at least one is ``BODY``.
        headline: The headline, where the source names it; else it is looked for.
    """
    found = _find_headline(lines, facts, regions) if headline is None and len(facts) > 1 else None
    words = words_of(headline or "")
    named = next((i for i, x in enumerate(lines) if words_of(x) == words), None) if words else None
    whole = found.index if found and not found.is_part else named
    text = headline or (found.text if found else None)
    inside = [i for i, region in regions.items() if region is Region.BODY and i != whole]
    start = min(inside, default=whole or 0)
    body = frozenset(i for i in inside if facts[i].is_prose)
    top = _last_copy(lines, words_of(text or ""), start)
    byline = choose_byline(lines, top, start, body)
    outside = [i for i in range(len(lines)) if i not in body]
    dated = find_published(lines, outside, start, top)
    outlet = find_outlet(lines[i] for i in outside)
    spoken = byline if byline and byline.confidence >= BYLINE_CONFIDENCE else None
    return Masthead(
        headline=text,
        headline_line=whole,
        title_line=found.index if found and found.is_part else None,
        byline=spoken.names if spoken else None,
        byline_line=spoken.index if spoken else None,
        outlet=outlet,
        published=dated,
        facts=_facts(found, byline, dated, outlet),
    )


def _find_headline(
    lines: Sequence[str], facts: Mapping[int, LineFacts], regions: Mapping[int, Region]
) -> Headline | None:
    """Look for the headline among the live lines and the copies of them."""
    first: dict[tuple[str, ...], int] = {}
    seen, original = [], []
    for i, line in enumerate(lines):
        words = words_of(line) if len(line) <= HEADLINE_CHARACTERS else ()
        if i in facts:
            first.setdefault(words, i)
        if i in facts or (words and words in first):
            seen.append(i)
            original.append(i if i in facts else first[words])
    places: list[Region] = []
    for i in seen:
        places.append(regions[i] if i in regions else places[-1] if places else Region.BEFORE)
    texts, described = [lines[i] for i in seen], [facts[i] for i in original]
    found = find_headline(texts, described, places) or _printed_twice(
        texts, described, places.index(Region.BODY)
    )
    if found is None:
        return None
    return Headline(found.text, original[found.index], found.is_part, found.confidence)


def _printed_twice(lines: Sequence[str], facts: Sequence[LineFacts], start: int) -> Headline | None:
    """Return the one line that stands twice in a row above the text: a tab's title, and a page's.

    Menus repeat as well, but not right below themselves.
    """
    found = {
        words_of(lines[i]): i
        for i in range(max(0, start - _TWICE_LINES), start)
        if lines[i] == lines[i - 1] and i and len(lines[i]) <= HEADLINE_CHARACTERS
        if facts[i].word_count > 1 and not facts[i].cues and not is_signature(lines[i])
    }
    if len(found) != 1:
        return None
    index = lines.index(lines[next(iter(found.values()))])
    return Headline(lines[index], index, is_part=False, confidence=MIN_CONFIDENCE)


def _last_copy(lines: Sequence[str], words: tuple[str, ...], start: int) -> int | None:
    """Return the last line above or at the beginning of the text that says the headline."""
    if not words:
        return None
    near = range(min(len(lines) - 1, start + 2), -1, -1)
    return next((i for i in near if words_of(lines[i][:400])[: len(words)] == words), None)


def _facts(
    headline: Headline | None, byline: Byline | None, dated: datetime | None, outlet: str | None
) -> tuple[Fact, ...]:
    found = []
    if headline:
        found.append(Fact("title", headline.text, headline.confidence, "a line of the text"))
    if byline:
        found.append(Fact("author", byline.names, byline.confidence, byline.source))
    if dated:
        found.append(Fact("date", dated.isoformat(), 0.9, "a line of the text"))
    if outlet:
        found.append(Fact("outlet", outlet, _OUTLET_CONFIDENCE, "the furniture of the page"))
    return tuple(found)
