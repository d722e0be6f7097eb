"""Names and numbers of a text: what a listener would miss first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.plain_words import MONTHS, STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_](?:[\w'\u2019-]*\w)?")
#: What stands before the first word of a sentence, quotation marks and brackets left out.
_ENDS = re.compile(
    r"(?:^|[.!?\u2026:\n\u2022|])[\"'\u201c\u201d\u2018\u2019\u00ab\u00bb()\[\]\s-]*$"
)
#: "Dr. Moss", "St. Ives", "J. Moss": no sentence ends there.
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mrs?|Ms|Drs?|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Rev)\.\s*$"
)
_CALENDAR = re.compile(rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|{MONTHS})", re.IGNORECASE)
_COURTESY = frozenset(("mr", "mrs", "ms", "miss", "dr", "sir"))
#: So much before a word tells whether it begins a sentence.
_REACH = 12


def facts_of(sentences: Sequence[str]) -> list[frozenset[str]]:
    """Return the names and numbers of each sentence of a text, in lower case, word by word.

    A capital at the beginning of a sentence shows nothing; such a word counts when the text writes
    it with a capital elsewhere. Names of days and months do not count.

    Args:
        sentences: All of a text, in order.

    >>> [sorted(f) for f in facts_of(["Moss sold 1,200 boats.", "Buyers of Mr. Moss paid."])]
    [['1200', 'moss'], ['moss']]
    """
    tokens = [list(_tokens(sentence)) for sentence in sentences]
    known = {word.lower() for row in tokens for word, opens in row if _is_name(word) and not opens}
    return [
        frozenset(
            _plain(word)
            for word, _ in row
            if word[0].isdigit() or (_is_name(word) and word.lower() in known)
        )
        for row in tokens
    ]


def find_facts(text: str) -> frozenset[str]:
    """Return the names and numbers of a whole text, as `facts_of` does."""
    return facts_of([text])[0]


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield words and numbers, and whether each begins a sentence."""
    for match in _TOKEN.finditer(text):
        word = match[0]
        if not (word[0].isdigit() or word[0].isupper()):
            continue
        before = text[max(0, match.start() - _REACH) : match.start()]
        opens = match.start() == 0 or (
            _ENDS.search(before) is not None and _ABBREVIATION.search(before) is None
        )
        yield word.removesuffix("'s").removesuffix("\u2019s"), opens


def _is_name(word: str) -> bool:
    lower = word.lower()
    common = lower in STOP_WORDS or lower in _COURTESY or _CALENDAR.fullmatch(lower)
    return word[0].isupper() and not common


def _plain(word: str) -> str:
    return word.replace(",", "") if word[0].isdigit() else word.lower()
