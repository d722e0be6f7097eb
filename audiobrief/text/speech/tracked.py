"""A text under revision that still knows where each of its characters was printed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WORD = re.compile(r"\S+")


class Span(NamedTuple):
    """Words as spoken and the words they were printed as; half-open ranges of characters.

    A named tuple, since an article has a thousand: a frozen dataclass takes twice the time.
    """

    spoken_start: int
    spoken_end: int
    printed_start: int
    printed_end: int


class Tracked:
    r"""A printed text and its present wording.

    Every present character carries the printed range that it came from; both ends of these
    ranges never fall from left to right, since nothing is ever moved. Until the first change
    nothing is carried, so that a text which no rule touches costs nothing.

    >>> text = Tracked("a $5 fee, now")
    >>> text.substitute(re.compile(r"[$](\d)"), lambda m: "five dollar")
    True
    >>> text.text, text.spans()[1]
    ('a five dollar fee, now', Span(spoken_start=2, spoken_end=13, printed_start=2, printed_end=4))
    """

    def __init__(self, printed: str, protected: Sequence[tuple[int, int]] = ()) -> None:
        """Begin with the printed text.

        Args:
            printed: What offsets refer to.
            protected: Printed ranges, in order and apart, that no substitution may touch.
        """
        self.printed = printed
        self.text = printed
        self._protected_starts = [start for start, _ in protected]
        self._protected_ends = [end for _, end in protected]
        self._starts: list[int] = []
        self._ends: list[int] = []

    def substitute(
        self, pattern: re.Pattern[str], words: str | Callable[[re.Match[str]], str]
    ) -> bool:
        """Replace what matches, as ``re.sub`` does, save where a protected range would change.

        Only the words that differ count as changed: what a pattern takes in to look at its
        neighborhood stays as it was.

        Returns:
            Whether anything changed.
        """
        text = self.text
        edits: list[tuple[int, int, str]] = []
        for match in pattern.finditer(text):
            if not isinstance(words, str):
                new = words(match)
            else:  # Without a group in it there is nothing to expand: 1 us instead of 30.
                new = match.expand(words) if "\\" in words else words
            old = match[0]
            if new == old:
                continue
            lead, trail = _same_ends(old, new)
            start, end = match.start() + lead, match.end() - trail
            if not (self._protected_ends and self._touches_protected(start, end)):
                edits.append((start, end, new[lead : len(new) - trail]))
        if edits:
            self._apply(edits)
        return bool(edits)

    def replace(self, start: int, end: int, words: str) -> int:
        """Replace a range of the present text, protected or not.

        Returns:
            Where the words end now.
        """
        self._apply([(start, end, words)])
        return start + len(words)

    def present(self, start: int, end: int) -> tuple[int, int]:
        """Return the present range of what was printed in a range."""
        if not self._starts and self.text == self.printed:
            return start, end
        return bisect_left(self._starts, start), bisect_left(self._starts, end)

    def spans(self) -> tuple[Span, ...]:
        """Return the spans of all present words, in order.

        Words that share a printed word are one span; printed ranges are whole printed words.
        """
        if self.text == self.printed and not self._starts:
            words = [m.span() for m in _WORD.finditer(self.text)]
            return tuple([Span(start, end, start, end) for start, end in words])
        printed_words = [m.span() for m in _WORD.finditer(self.printed)]
        if not printed_words:
            return ()
        starts = [start for start, _ in printed_words]
        ends = [end for _, end in printed_words]
        final = len(starts) - 1
        found: list[list[int]] = []
        for match in _WORD.finditer(self.text):
            low, high = self._starts[match.start()], self._ends[match.end() - 1]
            # The first printed word that ends behind the beginning, the last that begins before
            # the end; what was put in between two words belongs to the one before it.
            first = bisect_left(ends, low + 1, 0, final)
            last = bisect_left(starts, high, 1) - 1
            a, b = starts[min(first, last)], ends[last]
            if found and a < found[-1][3]:
                found[-1][1] = match.end()
                found[-1][3] = max(found[-1][3], b)
            else:
                found.append([match.start(), match.end(), a, b])
        return tuple(map(Span._make, found))

    def _touches_protected(self, start: int, end: int) -> bool:
        if self._starts:
            size = len(self._starts)
            low = self._starts[start] if start < size else len(self.printed)
            high = self._ends[end - 1] if end > start else low
        else:
            low, high = start, end
        after = bisect_right(self._protected_ends, low)
        return after < len(self._protected_starts) and self._protected_starts[after] < high

    def _apply(self, edits: list[tuple[int, int, str]]) -> None:
        if not self._starts:
            self._starts = list(range(len(self.text)))
            self._ends = list(range(1, len(self.text) + 1))
        text, starts, ends = self.text, self._starts, self._ends
        pieces: list[str] = []
        new_starts: list[int] = []
        new_ends: list[int] = []
        position = 0
        for start, end, words in edits:
            pieces += (text[position:start], words)
            new_starts += starts[position:start]
            new_ends += ends[position:start]
            if start < end:
                low, high = starts[start], ends[end - 1]
            else:  # put in between: it stands at the end of what is before it
                low = high = ends[start - 1] if start else 0
            new_starts += [low] * len(words)
            new_ends += [high] * len(words)
            position = end
        pieces.append(text[position:])
        self._starts = new_starts + starts[position:]
        self._ends = new_ends + ends[position:]
        self.text = "".join(pieces)


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """Return how many characters of whole words are the same at the beginning and at the end."""
    limit = min(len(old), len(new))
    lead = 0
    while lead < limit and old[lead] == new[lead]:
        lead += 1
    while lead and not _between(old, new, lead):
        lead -= 1
    trail = 0
    limit -= lead
    while trail < limit and old[-1 - trail] == new[-1 - trail]:
        trail += 1
    while trail and not _between(old, new, -trail):
        trail -= 1
    return lead, trail


def _between(old: str, new: str, position: int) -> bool:
    """Tell whether a position is a border of words in both texts."""
    return all(
        not (text[position - 1].isalnum() and text[position : position + 1 or None][:1].isalnum())
        for text in (old, new)
        if 0 < (position if position > 0 else len(text) + position) < len(text)
    )
