"""Sentences and articles of any length, to be spoken: own ones, no two alike (pure)."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The numbers of parts have no common divisor, so sentences repeat after 13 * 17 * 11 * 19 * 16
# (739,024) at the earliest.
_WHEN = (
    *("On Monday morning", "Late on Tuesday", "Before noon", "Two days later", "In early spring"),
    *("After the storm", "On the first weekend", "By the end of May", "Shortly after dawn"),
    *("Last winter", "During the fair", "At the next meeting", "Once the ice had gone"),
)
_WHO = (
    *("the harbor master", "a retired teacher", "the crew of the ferry", "the town clerk"),
    *("a young carpenter", "the baker on Mill Street", "two nurses", "the museum's director"),
    *("a group of students", "the keeper of the lighthouse", "the fire brigade", "a local farmer"),
    *("the choir", "an engineer from the valley", "the night watchman", "the postmaster"),
    "a visiting painter",
)
_DID = (
    *("counted", "repaired", "carried", "sold", "washed", "collected", "sorted", "painted"),
    *("delivered", "measured", "stored"),
)
_WHAT = (
    *("crates of apples", "wooden chairs", "fishing nets", "old lanterns", "bags of flour"),
    *("garden gates", "letters", "sails", "bricks", "oak planks", "copper bells", "ladders"),
    *("blankets", "milk cans", "window frames", "wheels", "street signs", "flower pots", "benches"),
)
_WHERE = (
    *("beside the old customs house", "near the north pier", "in the yard of the school"),
    *("behind the market hall", "along the river", "at the foot of the hill", "in the town hall"),
    *(
        "under the stone bridge",
        "on the village green",
        "next to the mill",
        "at the railway station",
    ),
    *("in the boat shed", "by the chapel", "on the upper road", "outside the library"),
    "in the cellar of the inn",
)
#: What the edit of a round changes one word to.
_EDITS = (
    *("patiently", "quickly", "calmly", "proudly", "gladly", "quietly", "slowly", "bravely"),
    *("eagerly", "gently", "happily", "neatly", "politely", "rapidly", "secretly", "silently"),
    *("steadily", "wearily", "willingly", "wisely"),
)
MOST_TURNS = len(_EDITS)
_SPEAKERS = ("Ana Ruiz", "Peter Holm", "Maria Keller", "Tom Barrow", "Grace Odum")
#: Sentences in a paragraph, in turns.
_PARAGRAPHS = (3, 5, 4, 6)
#: Every so many paragraphs one is a quotation.
_QUOTED = 4


def sentence(number: int) -> str:
    """Return the sentence of a number, of 13 to 20 words.

    >>> sentence(0)
    'On Monday morning the harbor master carefully counted 3 crates of apples beside the old \
customs house.'
    """
    return _sentence(number, "carefully")


def edited_sentence(number: int, turn: int) -> str:
    """Return the sentence with one word changed, to another one at each of `MOST_TURNS` turns.

    >>> edited_sentence(0, 1).split()[6]
    'quickly'
    """
    return _sentence(number, _EDITS[turn])


def _sentence(number: int, how: str) -> str:
    when, who, did, what, where = (
        parts[number % len(parts)] for parts in (_WHEN, _WHO, _DID, _WHAT, _WHERE)
    )
    return f"{when} {who} {how} {did} {3 + number * 37 % 89} {what} {where}."


def article(sentences: int, *, edit: tuple[int, int] | None = None) -> str:
    """Return an article: a headline, and paragraphs of narration and quotations.

    Args:
        sentences: How many.
        edit: Number of the sentence in which one word is changed, and the turn of that.
    """
    texts = [sentence(number) for number in range(sentences)]
    if edit is not None:
        texts[edit[0]] = edited_sentence(*edit)
    left = iter(texts)
    paragraphs = (_paragraph(number, left) for number in count())
    body = "\n\n".join(iter(lambda: next(paragraphs), ""))
    return f"What the harbor towns did in a year\n\n{body}\n"


def _paragraph(number: int, left: Iterator[str]) -> str:
    """Return the next paragraph, empty at the end."""
    texts = list(islice(left, _PARAGRAPHS[number % len(_PARAGRAPHS)]))
    if number % _QUOTED == _QUOTED - 1 and texts:
        speaker = _SPEAKERS[number // _QUOTED % len(_SPEAKERS)]
        words = texts[0].removesuffix(".")
        texts[0] = f'"{words}," {speaker}, {31 + number % 40}, said.'
    return " ".join(texts)
