"""Refuse what is no article: logins, error pages, cookie notices; tell where a paywall cuts one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.article import BlockKind
from audiobrief.text.language import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.article import Block

#: The shortest news brief of 612 English pages has 50 words; a notice or a menu has fewer than 20.
MIN_WORDS = 20
#: What pages say to a reader who is to do something first. Only short pages are asked.
_GATE_WORDS = 120
_GATES = {
    name: re.compile(pattern)
    for name, pattern in {
        "a login page": r"(?:log|sign) ?in to (?:continue|read|view|your|access)"
        r"|must be logged in|forgot(?:ten)? (?:your )?password|enter your (?:password|username)",
        "a paywall": r"subscribe to (?:continue|read|keep|unlock)|to continue reading"
        r"|(?:article|content|story) is (?:only )?(?:for|available to) (?:subscribers|members)",
        "an error page": r"page (?:could )?not (?:be )?found|\b404\b.{0,40}(?:error|not found|page)"
        r"|(?:error|not found).{0,10}\b404\b|page you (?:are|were) looking for|access denied"
        r"|internal server error|don['\u2019]t have permission",
        "a cookie notice": r"accept (?:all|cookies)|manage (?:cookie|your) (?:preferences|choices)"
        r"|we (?:and our partners )?use cookies(?:[.!]| (?:to|on|and|for|in order)\b)",
        "a robot check": r"verify (?:that )?you are (?:a )?human|are (?:you )?(?:not )?a robot"
        r"|captcha|(?:enable|requires) javascript",
    }.items()
}
_SENTENCE = re.compile(r"[^.!?\n]{1,2000}")
#: A short page that calls itself so is no article, whatever else it says.
_GATE_HEADLINE = re.compile(
    r"(?:please )?(?:log|sign)[ -]?in(?: (?:to|or)\b.{0,60})?|(?:log|sign) ?in required"
    r"|members only|subscribers only|subscription required"
)
#: A text of which so much speaks of the gate is one; an article may tell of it in a sentence.
_GATE_SHARE = 0.4
#: A line of so few words, half of them the gate's own, is its heading.
_HEADING_WORDS = 8
#: A page that ends at a paywall shows no more than its beginning.
_CUT_WORDS = 250
_CUT = re.compile(
    r"(?:subscribe|sign ?up|sign ?in|log ?in|register|become a member).{0,30} to"
    r" (?:continue|keep|read|unlock)"
    r"|to (?:continue|keep) reading|(?:article|content|story) is (?:exclusive|only|available)"
    r".{0,20} (?:subscribers|members)|already a (?:subscriber|member)\?"
)


def refuse_non_article(blocks: Sequence[Block], locator: str) -> None:
    """Raise ``SourceError`` for a page that only asks for something, and for a few words."""
    kept = [b.text for b in blocks if b.dropped is None and b.kind is not BlockKind.BYLINE]
    count = _words_of_body(blocks)
    remedy = "save the page of the article itself, opened and readable"
    if count < _GATE_WORDS:
        # What the page asks is furniture, unless there is nothing else.
        asked = [*kept, *(b.text for b in blocks if b.dropped)] if count < MIN_WORDS else kept
        headlines = (b.text for b in blocks if b.kind is BlockKind.HEADLINE)
        headed = any(_GATE_HEADLINE.fullmatch(text.strip(" .!").lower()) for text in headlines)
        for name, pattern in _GATES.items():
            if _is_gate(asked, pattern) or (headed and pattern.search(" ".join(asked).lower())):
                raise SourceError(f"this looks like {name}, not an article", locator, remedy=remedy)
    if count < MIN_WORDS:
        words = "1 word" if count == 1 else f"{count} words"
        raise SourceError(
            f"no article found: {words} of text, an article has {MIN_WORDS} or more",
            locator,
            remedy=remedy,
        )


def tell_cut(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return what to say of an article that ends at a paywall; nothing of a whole one."""
    if _words_of_body(blocks) > _CUT_WORDS:
        return ()
    last = max((i for i, b in enumerate(blocks) if b.dropped is None), default=0)
    below = (b.text for b in blocks[last:] if len(b.text) <= 300)
    if any(_CUT.search(text.lower()) for text in below):
        return ("the page ends at a paywall: only the beginning of the article is there",)
    return ()


def _words_of_body(blocks: Sequence[Block]) -> int:
    opening = (BlockKind.HEADLINE, BlockKind.BYLINE)
    return sum(count_words(b.text) for b in blocks if b.dropped is None and b.kind not in opening)


def _is_gate(lines: Sequence[str], pattern: re.Pattern[str]) -> bool:
    """Tell whether a gate's words head a text or are most of it."""
    said = total = sentences = 0
    for line in lines:
        lower = line[: _GATE_WORDS * 20].lower()
        match = pattern.search(lower)
        count = len(lower.split())
        if match and 2 * len(match[0].split()) >= count and count <= _HEADING_WORDS:
            return True
        total += count
        for sentence in _SENTENCE.findall(lower) if match else ():
            if pattern.search(sentence):
                said += len(sentence.split())
                sentences += 1
    return said >= (_GATE_SHARE if sentences > 1 else 2 * _GATE_SHARE) * total > 0
