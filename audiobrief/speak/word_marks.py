"""Which printed word is heard when, from what a neural voice says of its phonemes (pure).

espeak-ng, which makes the phonemes, does not keep printed words: "of the" is heard as one word,
"1984" as three. So every printed word is also asked for alone, and the two rows are aligned:
each printed word gets some of the heard ones, or a share of one, so that the phonemes differ least.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from audiobrief.model.audio import WordMark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: At most so many printed words are heard as one ("out of the").
_MOST_JOINED = 3

#: Heard words by which an alignment may be ahead or behind: what keeps it fast.
_MOST_AHEAD = 6

#: Where this share of the phonemes or less is found again, the marks would be guesses.
_LEAST_FOUND = 0.6


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A run of phonemes without a blank."""

    phonemes: str
    start_frame: int


@dataclass(frozen=True, slots=True)
class _Path:
    """An alignment of the first printed words with the first heard ones."""

    #: Phonemes that agree.
    found: float
    #: Steps, from last to first: printed words, heard words.
    steps: tuple[tuple[int, int], ...]


def mark_words(
    text: str, alone: Sequence[str], heard: Sequence[HeardWord], frame_count: int
) -> tuple[WordMark, ...]:
    """Return where the words of a text begin; none where that cannot be told.

    Args:
        text: As given to the voice.
        alone: The phonemes of each of ``text.split()``, spoken alone; empty: it is silent.
        heard: What the voice said, in order.
        frame_count: Length of the sound.

    >>> heard = [HeardWord("step", 0), HeardWord("ʌvðə", 500), HeardWord("tren", 900)]
    >>> marks = mark_words("Step of the train.", ["step", "ʌv", "ðə", "tren"], heard, 1400)
    >>> [(mark.start_char, mark.start_frame) for mark in marks]
    [(0, 0), (5, 500), (8, 700), (12, 900)]
    """
    places = [m.span() for m in re.finditer(r"\S+", text)]
    if len(places) != len(alone) or not heard:
        return ()
    spoken = [(place, word) for place, word in zip(places, alone, strict=True) if word]
    path = _best_path([word for _, word in spoken], [word.phonemes for word in heard])
    total = sum(len(word.replace(" ", "")) for _, word in spoken)
    if path is None or path.found < _LEAST_FOUND * total:
        return ()
    ends = [*(word.start_frame for word in heard[1:]), frame_count]
    return tuple(_marks(spoken, heard, ends, path))


def _best_path(printed: Sequence[str], heard: Sequence[str]) -> _Path | None:
    """Find the alignment of both rows in which most phonemes agree."""
    expected = list(accumulate((len(word.split()) for word in printed), initial=0))
    scale = len(heard) / max(1, expected[-1])
    # By printed words that are done: heard words that are done, and how.
    rows: list[dict[int, _Path]] = [{0: _Path(0.0, ())}, *({} for _ in printed)]
    for i, row in enumerate(rows[:-1]):
        for j, path in row.items():
            for words, groups in _steps(printed[i : i + _MOST_JOINED], len(heard) - j):
                if abs(j + groups - scale * expected[i + words]) > _MOST_AHEAD:
                    continue
                wanted = "".join(printed[i : i + words]).replace(" ", "")
                found = path.found + _agreement(wanted, "".join(heard[j : j + groups]))
                known = rows[i + words].get(j + groups)
                if known is None or known.found < found:
                    rows[i + words][j + groups] = _Path(found, ((words, groups), *path.steps))
    return rows[-1].get(len(heard))


def _steps(printed: Sequence[str], left: int) -> Iterator[tuple[int, int]]:
    """Yield how many printed words may be how many heard ones."""
    count = len(printed[0].split())
    yield from ((1, n) for n in range(max(1, count - 1), min(count + 1, left) + 1))
    for words in range(2, len(printed) + 1):
        count += len(printed[words - 1].split()) - 1
        if count <= left:
            yield words, count


@lru_cache(maxsize=4096)
def _agreement(wanted: str, given: str) -> float:
    """Return how many phonemes of two words agree, less a quarter of those that do not."""
    if wanted == given:
        return float(len(wanted))
    blocks = SequenceMatcher(None, wanted, given, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return same - 0.25 * (len(wanted) + len(given) - 2 * same)


def _marks(
    spoken: Sequence[tuple[tuple[int, int], str]],
    heard: Sequence[HeardWord],
    ends: Sequence[int],
    path: _Path,
) -> Iterator[WordMark]:
    i = j = 0
    for words, groups in reversed(path.steps):
        start, end = heard[j].start_frame, ends[j + groups - 1]
        step = spoken[i : i + words]
        lengths = [len(word) for _, word in step]
        for number, (place, _) in enumerate(step):
            share = sum(lengths[:number]) / sum(lengths)
            yield WordMark(*place, start + round(share * (end - start)))
        i, j = i + words, j + groups
