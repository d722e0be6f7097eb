"""Divide the lines of a page into the article and the furniture around it, each with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.model.article import Block, BlockKind, Fact
from audiobrief.text.page.amid import drop_amid
from audiobrief.text.page.byline import find_byline
from audiobrief.text.page.cues import heads_paid_section
from audiobrief.text.page.headline import HEADLINE_CHARACTERS, shorten, words_of
from audiobrief.text.page.lines import is_date_alone
from audiobrief.text.page.masthead import Masthead, read_masthead
from audiobrief.text.page.neighbors import describe_page
from audiobrief.text.page.region import PAGE, TEXT, Region, find_regions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from audiobrief.text.page.lines import LineFacts
    from audiobrief.text.page.markup import Markup
    from audiobrief.text.page.region import Model

#: Lines that repeat an earlier one are dropped from four words on: "Yes, he said." may recur.
_REPEAT_WORDS = 4
#: Longer lines do not recur on purpose; with up to so many words, form A of the training pages
#: gains .003 word F1.
_RECURRING_WORDS = 30
#: What recurs within a line on purpose is shorter ("Ha ha ha").
_COPY_CHARACTERS = 12
_BESIDE_LINES = 2
_BULLET = re.compile(r"^(?:[*\u2022\u25cf\u25e6\u00b7\u2013-]|\(?\d{1,3}[.)])\s+(?=\S)")
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ",", '"', "\u201d", "\u2019", "\u2026", ")")
_WHERE = {
    Region.BEFORE: "page furniture: above the article",
    Region.GAP: "page furniture: between the paragraphs",
    Region.AFTER: "page furniture: below the article",
}

#: What the markup says of lines outside the article, in the words of the ledger.
_SIGN_REASONS = {
    "in a navigation element": "navigation",
    "named like comments": "comments",
    "in a footer": "footer",
    "in a form": "form",
    "in a button": "button",
    "in an aside": "side column",
    "in a header": "page head",
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
    #: Of a line of a web page.
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A page after cleaning: every line is in ``blocks``, in order."""

    headline: str
    blocks: tuple[Block, ...]
    byline: str | None
    outlet: str | None
    published: datetime | None
    #: All that was read off the lines around the text, also what is not certain.
    facts: tuple[Fact, ...] = ()


def split_copies(text: str) -> list[str]:
    """Return the copies of a line that is one string two to six times over, else the line alone.

    >>> split_copies("Rain is on its wayRain is on its way")
    ['Rain is on its way', 'Rain is on its way']
    """
    # Nearly no line has its beginning in it again: a tenth of the time for all the others.
    start = text[:_COPY_CHARACTERS]
    if text.find(start, _COPY_CHARACTERS) < 0 or not any(map(str.isalnum, start)):
        return [text]
    for count in range(6, 1, -1):
        for gap in ("", " "):
            size, rest = divmod(len(text) - len(gap) * (count - 1), count)
            copy = text[:size]
            if rest == 0 and size >= _COPY_CHARACTERS and text == gap.join([copy] * count):
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
    lines = [_copy(line, text) for line in lines for text in split_copies(line.text)]
    live, facts, model = describe_lines(lines)
    regions = dict(zip(live, find_regions(facts, trust=trust, model=model), strict=True))
    fact_of = dict(zip(live, facts, strict=True))
    repeats = _find_repeats(lines, regions, fact_of)
    texts = [line.text for line in lines]
    masthead = read_masthead(texts, fact_of, regions, headline=headline)
    title = words_of(masthead.headline or "")
    markup = [line.markup for line in lines]
    body = [i for i in live if regions[i] is Region.BODY]
    paid = _paid_section(lines, body)
    page = _Page(masthead, title, repeats, regions, fact_of, paid)
    blocks = drop_amid([_block(i, line, page) for i, line in enumerate(lines)], markup)
    _mark_headings(blocks, markup)
    heard = (b.text for b in blocks if b.dropped is None and b.kind is not BlockKind.BYLINE)
    first = next(heard, texts[live[0]])
    return Cleaned(
        headline=masthead.headline or shorten(first),
        blocks=tuple(blocks),
        byline=masthead.byline,
        outlet=masthead.outlet,
        published=masthead.published,
        facts=masthead.facts,
    )


def describe_lines(lines: Sequence[Line]) -> tuple[list[int], list[LineFacts], Model]:
    """Return the indices of the lines that may be text, their features, and who weighs them."""
    live = [i for i, line in enumerate(lines) if line.dropped is None]
    texts = [lines[i].text for i in live]
    markup = [mark for i in live if (mark := lines[i].markup) is not None]
    if len(markup) < len(live):
        return live, describe_page(texts), TEXT
    return live, describe_page(texts, markup), PAGE


def _copy(line: Line, text: str) -> Line:
    return line if text is line.text else Line(text, line.kind, line.dropped, line.markup)


def _find_repeats(
    lines: Sequence[Line], regions: dict[int, Region], facts: dict[int, LineFacts]
) -> dict[int, str]:
    """Return the lines of the article that another one says as well, and the reason for each.

    Of equal paragraphs the first is heard, and of equal lines beside each other. Short ones that
    recur farther on belong to what they stand with ("Weight: 2 kg"). Where one of equal lines
    stands right above a paragraph, it is a heading, and those before are the table of contents.
    """
    copies: dict[tuple[str, ...], list[int]] = {}
    for i, region in regions.items():
        if region is Region.BODY and len(words := words_of(lines[i].text)) >= _REPEAT_WORDS:
            copies.setdefault(words, []).append(i)
    repeats: dict[int, str] = {}
    for words, same in copies.items():
        above = (i for i in same if i + 1 in facts and facts[i + 1].is_prose)
        heard = next(above, same[0])
        for before, i in zip([heard, *same], same, strict=False):
            if i < heard:
                repeats[i] = "repeated as a heading below"
            elif i > heard and (len(words) > _RECURRING_WORDS or i - before <= _BESIDE_LINES):
                repeats[i] = "repeats an earlier line"
    return repeats


@dataclass(frozen=True, slots=True)
class _Page:
    """What is known of the whole page when its lines are judged one by one."""

    masthead: Masthead
    #: The words of the headline.
    title: tuple[str, ...]
    repeats: dict[int, str]
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
    if i == page.masthead.headline_line:
        return Block(BlockKind.HEADLINE, line.text)
    if i == page.masthead.byline_line:
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
    repeated = i == page.masthead.title_line or (
        page.title and _repeats_title(words, page.title, outside=outside)
    )
    if repeated or i in page.repeats:
        return "repeats the headline" if repeated else page.repeats[i]
    if line.dropped is not None:
        return line.dropped
    if page.paid is not None and i >= page.paid:
        return "page furniture: advertising"
    if not outside:
        return "page furniture: date line" if _is_stray_date(i, line, page) else None
    return _why_outside(text, page.facts[i], _WHERE[page.regions[i]])


def _is_stray_date(i: int, line: Line, page: _Page) -> bool:
    """Tell whether a line is only a date; above a sentence it is the heading of a chronicle."""
    following = page.facts.get(i + 1)
    alone = line.kind is None and is_date_alone(line.text) and len(page.facts) > 1
    if not alone or following is None:
        return alone
    ends = "ends a sentence" in following.features and not following.cues
    return not (following.is_prose or (ends and page.regions[i + 1] is Region.BODY))


def _why_outside(text: str, facts: LineFacts, otherwise: str) -> str:
    if find_byline(text):
        return "a byline, but not surely of this article"
    if facts.cues:
        return f"page furniture: {facts.cues[0]}"
    said = (what for sign, what in _SIGN_REASONS.items() if sign in facts.features)
    return f"page furniture: {what}" if (what := next(said, None)) else otherwise


def _repeats_title(words: tuple[str, ...], title: tuple[str, ...], *, outside: bool) -> bool:
    """Tell whether a line is the headline again, outside the text also with a site's name."""
    if words == title:
        return True
    few = len(words) <= len(title) + 5
    return outside and few and len(title) >= _REPEAT_WORDS and words[: len(title)] == title


def _mark_headings(blocks: list[Block], markup: Sequence[Markup | None]) -> None:
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
            and not ((mark := markup[i]) and mark.says("in a figure"))
        ):
            blocks[i] = Block(BlockKind.HEADING, block.text)
