"""From the word events of espeak-ng to the words of a text (pure, standard library only).

The events count characters well, and words in a way of their own: a figure has one for every word
that it is spoken as, an address one for every name in it; of two words that its dictionary holds
as one ("of the") only the first has one; after an emoji, or a letter with a point, an event points
at the space before the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.speak.utterance import Word


class Mark(NamedTuple):
    """Where the sound of ``text[start:end]`` begins."""

    start: int
    end: int
    frame: int


def marks_of(words: Sequence[Word], events: Iterable[tuple[int, int]]) -> list[Mark]:
    """Give every word the frame of its first event.

    Args:
        words: Of the text that was spoken.
        events: Position (a character index from 1 on, as espeak-ng counts) and frame of each word
            event, as they came.

    Returns:
        At most one mark a word, in the order of the text, frames never falling.
    """
    first: dict[int, int] = {}
    frames = [(_index_of(words, position - 1), frame) for position, frame in events]
    exact = {index for (index, is_exact), _frame in frames if is_exact}
    for (index, is_exact), frame in frames:
        # The space before a word that has an event of its own: the end of what is before it.
        if is_exact or index not in exact:
            first.setdefault(index, frame)
    marks = []
    latest = 0
    for index in sorted(first):
        latest = max(latest, first[index])
        marks.append(Mark(words[index].start, words[index].end, latest))
    return marks


def _index_of(words: Sequence[Word], character: int) -> tuple[int, bool]:
    """Return the word that a character is in, or else comes before; and whether it is in it."""
    low, high = 0, len(words) - 1
    while low < high:
        middle = (low + high) // 2
        if words[middle].stop > character:
            high = middle
        else:
            low = middle + 1
    before = words[low - 1].stop if low else 0
    return low, character > before or low == 0
