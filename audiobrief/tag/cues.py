"""Segments cut into cues that fit on a screen, each with its time (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import TimedSegment


@dataclass(frozen=True, slots=True)
class CueStyle:
    """What a format allows on the screen."""

    #: Characters a line.
    width: int
    #: Lines at once.
    lines_per_cue: int = 2
    #: Whether a speaker's first cue begins with ``Name: ``.
    names_in_text: bool = False


@dataclass(frozen=True, slots=True)
class CueText:
    """What is on the screen for some seconds."""

    start_ms: int
    end_ms: int
    #: Top to bottom, none empty.
    lines: tuple[str, ...]
    #: Who speaks.
    speaker: str
    #: Whether somebody else spoke before.
    is_change: bool
    #: When each word of ``lines`` begins, where that is known and lies inside the cue, rising;
    #: as many as there are words.
    word_starts_ms: tuple[int | None, ...] = ()


def speaker_of(segment: TimedSegment, narrator: str) -> str:
    """Return the name to show for who speaks; host and narrator are one person to a reader."""
    return segment.speaker or narrator


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Divide a text into as few lines as it takes, of about equal length.

    Only a word longer than a line is cut.

    Args:
        text: Any text; white space counts as one space.
        width: Characters a line, at least 2.

    Returns:
        Lines of 1..``width`` characters; none for a blank text.

    >>> wrap("No army wants a war on two fronts.", 20)
    ('No army wants a', 'war on two fronts.')
    """
    words = [piece for word in text.split() for piece in _pieces(word, width)]
    lengths = [len(word) for word in words]
    count = _line_count(lengths, width)
    # The narrowest width with the same number of lines divides most evenly.
    low, high = max(lengths, default=1), width
    while low < high:
        middle = (low + high) // 2
        if _line_count(lengths, middle) <= count:
            high = middle
        else:
            low = middle + 1
    return tuple(_greedy(words, high))


def _line_count(lengths: Sequence[int], width: int) -> int:
    """Return how many lines `_greedy` makes of words of these lengths."""
    count, room = 0, -1
    for length in lengths:
        room -= length + 1
        if room < 0:
            count += 1
            room = width - length
    return count


def _pieces(word: str, width: int) -> list[str]:
    if len(word) <= width:
        return [word]
    return [word[start : start + width] for start in range(0, len(word), width)]


def _greedy(words: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def lay_out_cues(
    segments: Sequence[TimedSegment], duration_ms: int, *, narrator: str, style: CueStyle
) -> tuple[CueText, ...]:
    """Cut every segment into cues; time goes by words where they are known, else by characters.

    Args:
        segments: In order, without overlaps; blank ones give no cue.
        duration_ms: Length of the episode; no cue ends later.
        narrator: Name to show where a segment has no speaker.
        style: What the format allows.

    Returns:
        Cues in order, each inside its segment, without overlaps.

    Raises:
        ValueError: A segment with a text has no time.
    """
    cues: list[CueText] = []
    before: str | None = None
    for segment in segments:
        speaker = speaker_of(segment, narrator)
        is_change = speaker != before
        name = f"{_shortened(speaker, style.width)}: " if style.names_in_text and is_change else ""
        lines = wrap(name + segment.text, style.width) if segment.text.strip() else ()
        # A million letters without a blank are said in a second: then more lines stand in a cue.
        time_ms = max(1, min(segment.end_ms, duration_ms) - segment.start_ms)
        size = max(style.lines_per_cue, -(-len(lines) // time_ms))
        blocks = [lines[first : first + size] for first in range(0, len(lines), size)]
        weights = [sum(map(len, block)) for block in blocks]
        # The name is read, not spoken.
        weights[:1] = [max(1, weight - len(name)) for weight in weights[:1]]
        starts = _starts_by_block(segment, name, blocks, style.width)
        times = _times_by_words(segment, starts, duration_ms) or _times(
            segment, weights, duration_ms
        )
        for number, (block, (start_ms, end_ms)) in enumerate(zip(blocks, times, strict=True)):
            inside = tuple(
                ms if ms is not None and start_ms <= ms < end_ms else None for ms in starts[number]
            )
            is_first = is_change and number == 0
            cues.append(CueText(start_ms, end_ms, block, speaker, is_first, inside))
        before = speaker if blocks else before
    return tuple(cues)


def _starts_by_block(
    segment: TimedSegment, name: str, blocks: Sequence[tuple[str, ...]], width: int
) -> list[list[int | None]]:
    """Return when the words of each block begin; a name is not spoken."""
    words = segment.text.split()
    known = segment.word_starts_ms
    starts: list[int | None] = [None for word in name.split() for _ in _pieces(word, width)]
    if len(known) == len(words):
        for word, ms in zip(words, known, strict=True):
            starts += [ms, *([None] * (len(_pieces(word, width)) - 1))]
    found = []
    position = 0
    for block in blocks:
        count = sum(len(line.split()) for line in block)
        block_starts = starts[position : position + count]
        found.append(block_starts + [None] * (count - len(block_starts)))
        position += count
    return found


def _times_by_words(
    segment: TimedSegment, starts: Sequence[Sequence[int | None]], duration_ms: int
) -> list[tuple[int, int]] | None:
    """Let each block begin with its first word; ``None``: not all of them are known."""
    firsts = [block[0] for block in starts[1:]]
    end_ms = min(segment.end_ms, duration_ms)
    bounds = [segment.start_ms, *(ms for ms in firsts if ms is not None), end_ms]
    rising = all(a < b for a, b in pairwise(bounds))
    return list(pairwise(bounds)) if None not in firsts and rising and starts else None


def _shortened(name: str, width: int) -> str:
    """Return a name that leaves room for its colon on one line, and holds none itself."""
    name = " ".join(name.replace(":", " ").replace("-->", " ").split())
    return name if len(name) < width else name[: width - 2].rstrip() + "…"


def _times(
    segment: TimedSegment, weights: Sequence[int], duration_ms: int
) -> list[tuple[int, int]]:
    """Divide the segment's time in proportion to the weights, in whole milliseconds."""
    if not weights:
        return []
    end_ms = min(segment.end_ms, duration_ms)
    span_ms = end_ms - segment.start_ms
    if span_ms < len(weights):
        message = f"no time for {len(weights)} cues in {span_ms} ms: segment {segment.id}"
        raise ValueError(message)
    total = sum(weights)
    # The first millisecond of every cue is its own, the rest goes by weight: no cue is empty.
    spare_ms = span_ms - len(weights)
    bounds = [
        segment.start_ms + number + spare_ms * weight // total
        for number, weight in enumerate((0, *accumulate(weights)))
    ]
    return list(pairwise(bounds))
