"""What was heard held against what was to be said, word by word; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two rows of words with the fewest differences between them."""

    #: For each expected word, whether it was heard at its place.
    hits: tuple[bool, ...]
    #: Words put in, left out or replaced.
    error_count: int

    @property
    def recall(self) -> float:
        """The share of the expected words that was heard, 0..1; of none, 1."""
        return sum(self.hits) / len(self.hits) if self.hits else 1.0

    @property
    def error_rate(self) -> float:
        """The word error rate: errors per expected word, 0 or more."""
        return self.error_count / max(len(self.hits), 1)


def align(expected: Sequence[str], heard: Sequence[str]) -> Alignment:
    """Align two rows of words (edit distance; a replaced word is one error).

    >>> found = align("the pier is open".split(), "the deer is".split())
    >>> found.hits, found.error_count, found.recall
    ((True, False, True, False), 2, 0.5)
    """
    width = len(heard) + 1
    rows = [list(range(width))]
    for i, word in enumerate(expected, 1):
        above = rows[-1]
        row = [i]
        for j in range(1, width):
            change = above[j - 1] + (word != heard[j - 1])
            row.append(min(change, above[j] + 1, row[j - 1] + 1))
        rows.append(row)
    hits = [False] * len(expected)
    i, j = len(expected), len(heard)
    while i and j:
        is_same = expected[i - 1] == heard[j - 1]
        if rows[i][j] == rows[i - 1][j - 1] + (not is_same):
            hits[i - 1] = is_same
            i, j = i - 1, j - 1
        elif rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1
    return Alignment(tuple(hits), rows[-1][-1])
