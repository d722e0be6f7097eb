"""Is every segment in the finished MP3, at its place and level? Judged from the decoded sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soxr

from audiobrief.assemble.probe import decoded_blocks
from audiobrief.sound.correlate import (
    COMPARED_HZ,
    Match,
    emphasized,
    find,
    find_in_pieces,
    worst_piece,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    from audiobrief.model.audio import Clip

#: Of 38 segments of the sample, decoded at 96 kbps: present ones score .98 or more, cut out ones
#: .17 or less.
PRESENT = 0.7
#: The same where the clip had to be spoken again: .65 or more, .30 or less.
PRESENT_AGAIN = 0.5
#: How much of the file is searched at once for what is not at its place.
_STRETCH_S = 20
#: Around the expected place.
_NEAR_S = 1.0
#: A segment that lies so far off its place is reported.
MOVED_MS = 50.0
_PIECE_S = 0.3
_SLACK_S = 0.06


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be heard, and where."""

    segment_id: str
    start_ms: int
    #: Mastered, as it went into the file.
    clip: Clip
    #: Spoken again by an engine that never says the same thing twice alike.
    again: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """What became of a segment in the file."""

    segment_id: str
    #: 0..1; see `PRESENT`.
    score: float
    is_present: bool = False
    #: How much later it is than expected.
    moved_ms: float = 0.0
    #: How much louder than expected.
    level_db: float = 0.0
    #: Where a part of it is lost or replaced, from its beginning; ``None``: nowhere.
    damaged_ms: float | None = None


def find_segments(path: Path, expected: Iterable[Expected]) -> list[Presence]:
    """Look for every segment in a file, each after the one before.

    A segment that is not at its place waits until one that follows is found: then only the stretch
    between is searched. So a cut names what was cut, although all that follows has moved, and
    another segment of the same words is not taken for it.

    Args:
        path: The MP3.
        expected: In the order of the episode; clips are asked for one by one.

    Returns:
        As many as were expected, in their order.

    Raises:
        AudioError: It cannot be decoded.
        StoreError: It cannot be read.
    """
    search = _Search(emphasized(_compared(path)))
    for one in expected:
        search.take(one)
    return search.results()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A segment as it is compared."""

    number: int
    expected: Expected
    clip: npt.NDArray[np.float64]

    @property
    def place(self) -> int:
        """Where it should begin, in samples."""
        return round(self.expected.start_ms * COMPARED_HZ / 1000)


class _Search:
    """What was found so far, and what still waits."""

    def __init__(self, sound: npt.NDArray[np.float64]) -> None:
        self._sound = sound
        self._found: dict[int, Presence] = {}
        self._waiting: list[_Wanted] = []
        self._count = 0
        #: How much later than expected the last found segment lies, and where it ends.
        self._moved = 0
        self._end = 0

    def take(self, expected: Expected) -> None:
        """Look for the next segment."""
        wanted = _Wanted(self._count, expected, emphasized(_resampled(expected.clip)))
        self._count += 1
        if expected.again:
            self._take_again(wanted)
            return
        place = wanted.place + self._moved
        near = round(_NEAR_S * COMPARED_HZ)
        match = find(self._sound, wanted.clip, place - near, place + near)
        if match.score < PRESENT and self._waiting:
            match = self._forward(wanted, self._sound.size) or match
        if match.score < PRESENT:
            self._waiting.append(wanted)
        else:
            self._settle(round(match.start))
            self._accept(wanted, match)

    def results(self) -> list[Presence]:
        """Search the rest for what still waits, and return all in order."""
        self._settle(self._sound.size)
        return [self._found[number] for number in range(self._count)]

    def _settle(self, end: int) -> None:
        """Decide of what waits: it lies before ``end``, or nowhere."""
        for wanted in self._waiting:
            match = self._forward(wanted, end)
            if match is not None:
                self._accept(wanted, match)
            else:
                place = wanted.place + self._moved
                here = find(self._sound, wanted.clip, place - COMPARED_HZ, place + COMPARED_HZ)
                score = min(here.score, PRESENT - 0.01)
                self._found[wanted.number] = Presence(wanted.expected.segment_id, score)
        self._waiting.clear()

    def _forward(self, wanted: _Wanted, end: int) -> Match | None:
        """Return the first place after what was found where a segment is."""
        size = wanted.clip.size
        step = max(_STRETCH_S * COMPARED_HZ, size)
        for start in range(self._end, max(self._end + 1, end - size + 1), step):
            last = min(start + step, end - size)
            match = find(self._sound, wanted.clip, start, last)
            if match.score >= PRESENT:
                return match
        return None

    def _accept(self, wanted: _Wanted, match: Match) -> None:
        off = match.start - wanted.place
        self._moved = round(off)
        # The margins of two clips may overlap by a little.
        self._end = round(match.start) + wanted.clip.size - round(_SLACK_S * COMPARED_HZ)
        piece = round(_PIECE_S * COMPARED_HZ)
        damaged = worst_piece(self._sound, wanted.clip, match.start, piece)
        self._found[wanted.number] = Presence(
            wanted.expected.segment_id,
            match.score,
            is_present=True,
            moved_ms=1000.0 * off / COMPARED_HZ,
            level_db=match.level_db,
            damaged_ms=None if damaged is None else 1000.0 * damaged / COMPARED_HZ,
        )

    def _take_again(self, wanted: _Wanted) -> None:
        """Look for a segment of which only another synthesis is there."""
        place = wanted.place + self._moved
        score = _again(self._sound, wanted.clip, place)
        is_present = score >= PRESENT_AGAIN
        self._found[wanted.number] = Presence(wanted.expected.segment_id, score, is_present)
        if is_present:
            self._end = max(self._end, place + wanted.clip.size // 2)


def _again(sound: npt.NDArray[np.float64], clip: npt.NDArray[np.float64], place: int) -> float:
    piece, slack = round(_PIECE_S * COMPARED_HZ), round(_SLACK_S * COMPARED_HZ)
    return find_in_pieces(sound, clip, place, piece, slack)


def _compared(path: Path) -> npt.NDArray[np.float64]:
    """Return a decoded file as it is compared: shape (frames,), mono, at `COMPARED_HZ`."""
    parts: list[npt.NDArray[np.float32]] = []
    stream: soxr.ResampleStream | None = None
    for rate_hz, block in decoded_blocks(path):
        if stream is None:
            stream = soxr.ResampleStream(rate_hz, COMPARED_HZ, 1, dtype="float32", quality="HQ")
        parts.append(stream.resample_chunk(np.ascontiguousarray(block.mean(axis=1))))
    if stream is None:
        return np.zeros(0)
    parts.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    return np.concatenate(parts).astype(np.float64)


def _resampled(clip: Clip) -> npt.NDArray[np.float64]:
    samples = np.frombuffer(clip.pcm, np.dtype("<i2")) / 32768.0
    resampled: npt.NDArray[np.float64] = soxr.resample(
        samples, clip.sample_rate_hz, COMPARED_HZ, quality="HQ"
    )
    return resampled
