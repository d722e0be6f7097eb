"""When each printed word is heard: word marks of what was spoken, led back to the text (pure)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.audio import WordMark
    from audiobrief.model.script import Segment

_WORD = re.compile(r"\S+")


def word_start_frames(segment: Segment, marks: Sequence[WordMark]) -> tuple[int | None, ...]:
    """Return where each printed word of a segment begins.

    A word that is spoken as several ("$5.5bn") begins with the first of them; where the spoken
    order is another ("$5": "five dollars"), the words that would go back in time have no start.

    Args:
        segment: With the spans that lead from what is spoken to what is printed.
        marks: In the order of the sound; characters count in ``segment.spoken``.

    Returns:
        As many as ``segment.text`` has words between white space, never falling; empty without
        marks.
    """
    if not marks:
        return ()
    words = [match.span() for match in _WORD.finditer(segment.text)]
    word_starts, word_ends = [a for a, _ in words], [b for _, b in words]
    span_ends = [span[1] for span in segment.spans]
    found: list[int | None] = [None] * len(words)
    for mark in marks:
        for number in range(bisect_right(span_ends, mark.start_char), len(segment.spans)):
            start, _, printed_start, printed_end = segment.spans[number]
            if start >= mark.end_char:
                break
            first = bisect_right(word_ends, printed_start)
            for word in range(first, bisect_left(word_starts, printed_end)):
                if found[word] is None:
                    found[word] = mark.start_frame
    return tuple(_rising(found))


def _rising(frames: Sequence[int | None]) -> list[int | None]:
    """Return the frames without those that go back."""
    latest = -1
    rising: list[int | None] = []
    for frame in frames:
        keep = frame is not None and frame >= latest
        rising.append(frame if keep else None)
        latest = frame if frame is not None and keep else latest
    return rising
