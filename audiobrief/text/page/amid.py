"""Drop what is no article text amid the text: lines that say so, and boxes that such lines head."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from audiobrief.model.article import Block, BlockKind
from audiobrief.text.page.cues import find_cues, find_whole_line_cue
from audiobrief.text.page.headline import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.page.markup import Markup

_OPENING = (BlockKind.HEADLINE, BlockKind.BYLINE)
#: A box with more words, or with a larger share of the text, is no box.
_BOX_WORDS = 120
_BOX_SHARE = 0.25
#: Elements that page makers set apart from the text, as their lines' signs say.
_BOXES = frozenset(("in an aside", "named like furniture", "in a form", "in a footer"))
#: Lines that head a box of the page's own; a credit or a date heads nothing.
_HEADS = frozenset(
    ("related articles", "newsletter sign-up", "sharing", "advertising", "comments", "sign-in")
)
_OTHERS = "related articles"
#: A title has no more words, and no period.
_TITLE_WORDS = 15
_FORM = "newsletter sign-up"
_FORM_CHARACTERS = 60
#: A pull quote is set beside the passage that it repeats.
_PULLED_WORDS = (4, 40)
_PULLED_LINES = 8
_QUOTED = re.compile(r"^[\"\u201c\u201e\u00ab\u2018'].{1,400}[\"\u201d\u201c\u00bb\u2019'][.,]?$")
_SET_APART = frozenset(("in an aside", "in a block quotation", "named like a pull quote"))


def drop_amid(blocks: list[Block], markup: Sequence[Markup | None]) -> list[Block]:
    """Drop the lines that are furniture by themselves, unless nothing would be left.

    After the regions are found, which need all cues of a page.

    Args:
        blocks: The lines of a page.
        markup: What the elements around each say; as long as ``blocks``.
    """
    reasons = {i: f"page furniture: {cue}" for i, cue in _cues(blocks).items()}
    boxes = _boxes(blocks, markup, reasons)
    reasons = boxes | reasons
    reasons |= {i: "repeats a passage nearby" for i in _pulled(blocks, markup) if i not in reasons}
    left = any(_is_text(block) and i not in reasons for i, block in enumerate(blocks))
    if not left:
        return blocks
    return [
        Block(BlockKind.FURNITURE, block.text, reasons[i]) if i in reasons else block
        for i, block in enumerate(blocks)
    ]


def _is_text(block: Block) -> bool:
    return block.dropped is None and block.kind not in _OPENING


def _cues(blocks: Sequence[Block]) -> dict[int, str]:
    """Return the spoken lines that are furniture wherever they stand, and what they are."""
    found: dict[int, str] = {}
    for i, block in enumerate(blocks):
        if not _is_text(block):
            continue
        if not any(map(str.isalnum, block.text)):
            found[i] = "a dividing line"
        elif cue := find_whole_line_cue(block.text):
            found[i] = cue
    _add_form_lines(found, blocks)
    _add_last_titles(found, blocks)
    return found


def _add_last_titles(found: dict[int, str], blocks: Sequence[Block]) -> None:
    """Add the titles and tags below the last heading of other stories, if no sentence follows."""
    head = max((i for i, cue in found.items() if cue == _OTHERS), default=len(blocks))
    rest = [i for i in range(head + 1, len(blocks)) if _is_text(blocks[i])]
    if all(len(blocks[i].text.split()) <= _TITLE_WORDS and _is_open(blocks[i]) for i in rest):
        found.update((i, _OTHERS) for i in rest if i not in found)


def _is_open(block: Block) -> bool:
    return not block.text.endswith((".", "!", "?", '"', "\u201d"))


def _add_form_lines(found: dict[int, str], blocks: Sequence[Block]) -> None:
    """Add the short lines of a sign-up form beside those that nothing else can be."""
    for form in [i for i, cue in found.items() if cue == _FORM]:
        for step in (1, -1):
            i = form + step
            while 0 <= i < len(blocks) and _is_form_line(blocks[i]):
                found.setdefault(i, _FORM)
                i += step


def _is_form_line(block: Block) -> bool:
    text = block.text
    short = _is_text(block) and len(text) <= _FORM_CHARACTERS and not text.endswith((".", "!"))
    return short and _FORM in find_cues(text.lower())


def _boxes(
    blocks: Sequence[Block], markup: Sequence[Markup | None], reasons: dict[int, str]
) -> dict[int, str]:
    """Return the lines of the small elements set apart whose first line is such a cue."""
    heads = {i for i, reason in reasons.items() if reason.partition(": ")[2] in _HEADS}
    if not heads:
        return {}
    words: Counter[int] = Counter()
    first: dict[int, int] = {}
    total = 0
    for i, (block, mark) in enumerate(zip(blocks, markup, strict=True)):
        if mark is None or not _is_text(block):
            continue
        count = len(block.text.split())
        total += count
        for element in {e for sign, e in mark.signs if sign in _BOXES}:
            words[element] += count
            first.setdefault(element, i)
    limit = min(_BOX_WORDS, _BOX_SHARE * total)
    box = {e: reasons[i] for e, i in first.items() if i in heads and words[e] <= limit}
    return {
        i: box[element]
        for i, mark in enumerate(markup)
        if mark is not None and _is_text(blocks[i])
        for element in mark.parents
        if element in box
    }


def _pulled(blocks: Sequence[Block], markup: Sequence[Markup | None]) -> list[int]:
    """Return the short quotations that a longer paragraph nearby says as well."""
    spoken = [i for i, block in enumerate(blocks) if _is_text(block)]
    found: list[int] = []
    for place, i in enumerate(spoken):
        text, mark = blocks[i].text, markup[i]
        apart = mark is not None and any(sign in _SET_APART for sign, _ in mark.signs)
        if blocks[i].kind is not BlockKind.PARAGRAPH or not (apart or _QUOTED.match(text)):
            continue
        words = words_of(text)
        if not _PULLED_WORDS[0] <= len(words) <= _PULLED_WORDS[1]:
            continue
        passage = f" {' '.join(words)} "
        near = spoken[max(0, place - _PULLED_LINES) : place + 1 + _PULLED_LINES]
        longer = (j for j in near if j != i and len(blocks[j].text) > len(text))
        if any(passage in f" {' '.join(words_of(blocks[j].text))} " for j in longer):
            found.append(i)
    return found
