"""Divide the lines of a page into the article and the furniture around it, each with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.model.article import Block, BlockKind
from audiobrief.text.cues import find_whole_line_cue, heads_paid_section
from audiobrief.text.lines import describe_page, is_date_alone
from audiobrief.text.masthead import (
    HEADLINE_CHARACTERS,
    choose_byline,
    find_byline,
    find_headline,
    find_outlet,
    find_published,
    shorten,
    words_of,
)
from audiobrief.text.region import Region, find_regions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from audiobrief.text.lines import LineFacts

#: Lines that repeat an earlier one are dropped from four words on: "Yes, he said." may recur.
_REPEAT_WORDS = 4
_BULLET = re.compile(r"^(?:[*\u2022\u25cf\u25e6\u00b7\u2013-]|\(?\d{1,3}[.)])\s+(?=\S)")
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ",", '"', "\u201d", "\u2019", "\u2026", ")")
_WHERE = {
    Region.BEFORE: "page furniture: above the article",
    Region.GAP: "page furniture: between the paragraphs",
    Region.AFTER: "page furniture: below the article",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a flattened page."""

    #: White space already made single spaces; never empty.
    text: str
    #: What the source itself marks it as; ``None``: nothing is known.
    kind: BlockKind | None = None
    #: Why it cannot be article text, as found before; ``None``: it may be.
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A page after cleaning: every line is in ``blocks``, in order."""

    headline: str
    blocks: tuple[Block, ...]
    byline: str | None
    outlet: str | None
    published: datetime | None


def split_copies(text: str) -> list[str]:
    """Return the copies of a line that is one string two to six times over, else the line alone.

    >>> split_copies("Rain is on its wayRain is on its way")
    ['Rain is on its way', 'Rain is on its way']
    """
    for count in range(6, 1, -1):
        for gap in ("", " "):
            size, rest = divmod(len(text) - len(gap) * (count - 1), count)
            copy = text[:size]
            if rest == 0 and size >= 12 and text == gap.join([copy] * count):
                return [copy] * count
    return [text]


def clean(lines: Sequence[Line], *, headline: str | None = None, trust: float = 0.0) -> Cleaned:
    """Tell article text and furniture apart, and read headline, byline, outlet and date.

    Args:
        lines: The page in order; at least one line that is not dropped already.
        headline: The headline, where the source names it; else it is looked for.
        trust: How sure the caller is that a line is article text, in log-odds; 0: not at all.

    Returns:
        The blocks of all lines (a line with copies of itself gives one block for each copy).
    """
    lines = [
        Line(copy, line.kind, line.dropped) for line in lines for copy in split_copies(line.text)
    ]
    repeats = _find_repeats(lines)
    live = [i for i, line in enumerate(lines) if i not in repeats and line.dropped is None]
    facts = describe_page([lines[i].text for i in live])
    regions = dict(zip(live, find_regions(facts, trust=trust), strict=True))
    fact_of = dict(zip(live, facts, strict=True))
    top = _headline_index(lines, live, facts, regions, headline)
    title = words_of(headline) if headline else words_of(lines[top].text) if top is not None else ()
    body = [i for i in live if regions[i] is Region.BODY]
    start = next((i for i in body if i != top), body[0])
    texts = [line.text for line in lines]
    byline = choose_byline(
        [(i, names) for i in live if i != top and (names := find_byline(texts[i]))], start
    )
    paid = _paid_section(lines, body)
    page = _Page(top, title, byline[0] if byline else None, repeats, regions, fact_of, paid)
    blocks = _without_whole_lines([_block(i, line, page) for i, line in enumerate(lines)])
    _mark_headings(blocks)
    outside = [i for i, block in enumerate(blocks) if block.dropped is not None]
    heard = (b.text for b in blocks if b.dropped is None and b.kind is not BlockKind.BYLINE)
    first = next(heard, texts[live[0]])
    return Cleaned(
        headline=headline or (texts[top] if top is not None else shorten(first)),
        blocks=tuple(blocks),
        byline=byline[1] if byline else None,
        outlet=find_outlet(texts[i] for i in outside),
        published=find_published(texts, outside, start),
    )


def _without_whole_lines(blocks: list[Block]) -> list[Block]:
    """Drop the lines that are furniture by themselves, unless nothing would be left.

    After the regions are found, which need all cues of a page.
    """
    opening = (BlockKind.HEADLINE, BlockKind.BYLINE)
    marked = [
        Block(BlockKind.FURNITURE, block.text, f"page furniture: {cue}")
        if block.dropped is None
        and block.kind not in opening
        and (cue := find_whole_line_cue(block.text))
        else block
        for block in blocks
    ]
    left = any(block.dropped is None and block.kind not in opening for block in marked)
    return marked if left else blocks


def _find_repeats(lines: Sequence[Line]) -> frozenset[int]:
    """Return the indices of lines that only say again what an earlier line said."""
    seen: set[tuple[str, ...]] = set()
    repeats = set()
    for i, line in enumerate(lines):
        words = words_of(line.text)
        if len(words) < _REPEAT_WORDS:
            continue
        if words in seen:
            repeats.add(i)
        seen.add(words)
    return frozenset(repeats)


def _headline_index(
    lines: Sequence[Line],
    live: Sequence[int],
    facts: Sequence[LineFacts],
    regions: dict[int, Region],
    headline: str | None,
) -> int | None:
    if headline is None:
        found = find_headline([lines[i].text for i in live], facts, [regions[i] for i in live])
        # An article of one line has no headline but its beginning.
        return None if found is None or len(live) == 1 else live[found]
    words = words_of(headline)
    same = (i for i, line in enumerate(lines) if words_of(line.text) == words)
    return next(same, None) if words else None


@dataclass(frozen=True, slots=True)
class _Page:
    """What is known of the whole page when its lines are judged one by one."""

    top: int | None
    title: tuple[str, ...]
    byline: int | None
    repeats: frozenset[int]
    regions: dict[int, Region]
    facts: dict[int, LineFacts]
    #: First line of what others paid for; ``None``: there is no such section.
    paid: int | None


def _paid_section(lines: Sequence[Line], body: Sequence[int]) -> int | None:
    """Return where paid content begins below the text: less than half of the body may be lost."""
    words = {i: len(lines[i].text.split()) for i in body}
    left = total = sum(words.values())
    for i, line in enumerate(lines):
        if heads_paid_section(line.text) and 2 * left < total:
            return i
        left -= words.get(i, 0)
    return None


def _block(i: int, line: Line, page: _Page) -> Block:
    """Decide what one line is."""
    if i == page.top:
        return Block(BlockKind.HEADLINE, line.text)
    if i == page.byline:
        return Block(BlockKind.BYLINE, line.text)
    dropped = _why_dropped(i, line, page)
    if dropped is not None:
        return Block(BlockKind.FURNITURE, line.text, dropped)
    if line.kind is not None:
        return Block(line.kind, line.text)
    return Block(
        BlockKind.LIST_ITEM if _BULLET.match(line.text) else BlockKind.PARAGRAPH, line.text
    )


def _why_dropped(i: int, line: Line, page: _Page) -> str | None:
    """Return why a line is not spoken, or ``None``; the first rule that fits wins."""
    text = line.text
    words = words_of(text) if len(text) <= 2 * HEADLINE_CHARACTERS else ()
    outside = page.regions.get(i) is not Region.BODY
    repeated = page.title and _repeats_title(words, page.title, outside=outside)
    if repeated or i in page.repeats:
        return "repeats the headline" if repeated else "repeats an earlier line"
    if line.dropped is not None:
        return line.dropped
    if page.paid is not None and i >= page.paid:
        return "page furniture: advertising"
    if not outside:
        return "page furniture: date line" if _is_stray_date(i, line, page) else None
    return _why_outside(text, page.facts[i], _WHERE[page.regions[i]])


def _is_stray_date(i: int, line: Line, page: _Page) -> bool:
    """Tell whether a line is only a date; above a paragraph it is the heading of a chronicle."""
    following = page.facts.get(i + 1)
    alone = line.kind is None and is_date_alone(line.text) and len(page.facts) > 1
    return alone and (following is None or not following.is_prose)


def _why_outside(text: str, facts: LineFacts, otherwise: str) -> str:
    if find_byline(text):
        return "a byline, but not surely of this article"
    return f"page furniture: {facts.cues[0]}" if facts.cues else otherwise


def _repeats_title(words: tuple[str, ...], title: tuple[str, ...], *, outside: bool) -> bool:
    """Tell whether a line is the headline again, outside the text also with a site's name."""
    if words == title:
        return True
    few = len(words) <= len(title) + 5
    return outside and few and len(title) >= _REPEAT_WORDS and words[: len(title)] == title


def _mark_headings(blocks: list[Block]) -> None:
    """Make headings of short lines between paragraphs that do not end like a sentence."""
    spoken = [i for i, b in enumerate(blocks) if b.dropped is None]
    after = dict(pairwise(spoken))
    for i in spoken:
        block = blocks[i]
        following = after.get(i)
        if (
            block.kind is BlockKind.PARAGRAPH
            and following is not None
            and blocks[following].kind is BlockKind.PARAGRAPH
            and len(blocks[following].text) > len(block.text)
            and len(block.text.split()) <= 10
            and not block.text.endswith(_SENTENCE_ENDS)
            and block.text[0].isupper()
        ):
            blocks[i] = Block(BlockKind.HEADING, block.text)
