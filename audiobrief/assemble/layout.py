"""Put the encoded parts where they belong, and sum up what they measure."""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiobrief.assemble.passage import GRID_FRAMES, LEAD_MP3_FRAMES, Placed
from audiobrief.assemble.timeline import Item, Place, length_of, place
from audiobrief.model.audio import Curve, Timeline, WordMark
from audiobrief.sound.curve import loudness_of_curve
from audiobrief.sound.loudness import decibels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.assemble.encoded import EncodedPart
    from audiobrief.assemble.part import Part
    from audiobrief.model.audio import Cue, Loudness, SoundSpec
    from audiobrief.model.episode import Chapter


class Layout:
    """Puts the encoded parts where they belong, while they come, and sums up what they measure."""

    def __init__(self, spec: SoundSpec) -> None:
        self._spec = spec
        self._cues: list[Cue] = []
        self.chapters: list[Chapter] = []
        self._true_peak = 0.0
        #: By MP3 frame, zeros behind the last one. In one piece each: what is kept of every part by
        #: itself lies between what the next ones use for a moment, and holds that memory (8 MB an
        #: hour). Never resized in place: whoever looks at our frames (a profiler, as in workers of
        #: Dask) keeps views of them for a moment.
        self._peaks = np.zeros(0, np.uint8)
        self._energies = np.zeros(0, np.float32)
        #: First frame of each part.
        self.starts: list[int] = []
        #: What the user should know of single segments.
        self.remarks: list[str] = []
        #: Loudness of each cue's clip as the voice gave it; ``None``: not known.
        self.before_lufs: list[float | None] = []
        #: Length of the episode, once the last part was taken.
        self.frame_count = 0

    def placed(self, parts: Iterable[tuple[Part, EncodedPart]]) -> Iterator[Placed]:
        """Yield every part with its place."""
        coming: deque[tuple[Part, EncodedPart]] = deque()
        for where in place(self._items(parts, coming), self._spec.sample_rate_hz):
            part, encoded = coming.popleft()
            self._take(part, encoded, where)
            yield Placed(where.start_frame // GRID_FRAMES, encoded.mp3)

    @staticmethod
    def _items(
        parts: Iterable[tuple[Part, EncodedPart]], coming: deque[tuple[Part, EncodedPart]]
    ) -> Iterator[Item]:
        for part, encoded in parts:
            coming.append((part, encoded))
            places = [(one.start_frame, one.end_frame) for one in encoded.spoken]
            yield Item(part.segments, places, encoded.frame_count, part.pause_after_ms)

    def _take(self, part: Part, encoded: EncodedPart, where: Place) -> None:
        for cue, spoken in zip(where.cues, encoded.spoken, strict=True):
            self._cues.append(_with_words(cue, spoken.words))
            self.before_lufs.append(spoken.before_lufs)
            if spoken.missing_db:
                self.remarks.append(
                    f"segment {cue.segment_id} stays {spoken.missing_db:.0f} dB below the others: "
                    "its sound is so soft that more gain would lift noise"
                )
        if where.chapter is not None:
            self.chapters.append(where.chapter)
        self.starts.append(where.start_frame)
        first = where.start_frame // GRID_FRAMES - LEAD_MP3_FRAMES
        self._add_levels(first, encoded)
        self._true_peak = max(self._true_peak, encoded.true_peak)
        self.frame_count = length_of(where, part.pause_after_ms, self._spec.sample_rate_hz)

    def _add_levels(self, first: int, encoded: EncodedPart) -> None:
        """Lay the levels of a part over those before it: the end of one may reach into the next."""
        where = slice(first, first + len(encoded.peaks))
        self._lengthen(where.stop)
        peaks = self._peaks[where]
        np.maximum(peaks, np.frombuffer(encoded.peaks, np.uint8), out=peaks)
        self._energies[where] += np.frombuffer(encoded.energies, np.float32)

    def timeline(self) -> Timeline:
        """Return where everything lies, once the last part was taken."""
        return Timeline(tuple(self._cues), self.frame_count, self._spec.sample_rate_hz)

    def mp3_frame_count(self) -> int:
        """Return the length of the stream: the decoder's delay makes it one MP3 frame longer."""
        return self.frame_count // GRID_FRAMES + 1

    def curve(self) -> Curve:
        """Return how loud the episode is along its length."""
        steps = self.frame_count // GRID_FRAMES
        self._lengthen(steps)
        rate_hz = self._spec.sample_rate_hz
        energies = array("f", self._energies[:steps].tobytes())
        return Curve(GRID_FRAMES, rate_hz, self._peaks[:steps].tobytes(), energies)

    def _lengthen(self, steps: int) -> None:
        if steps <= len(self._peaks):
            return
        # Twice as long at once: else every part would be copied with every later one.
        more = max(steps, 2 * len(self._peaks)) - len(self._peaks)
        self._peaks = np.concatenate([self._peaks, np.zeros(more, np.uint8)])
        self._energies = np.concatenate([self._energies, np.zeros(more, np.float32)])

    def loudness(self) -> Loudness:
        """Return the levels of the whole, from what was measured of its parts."""
        return loudness_of_curve(self.curve(), decibels(self._true_peak))


def _with_words(cue: Cue, words: Sequence[WordMark]) -> Cue:
    """Return a cue with the word marks of its clip, counted from the beginning of the episode."""
    first = cue.start_frame
    moved = tuple(WordMark(w.start_char, w.end_char, first + w.start_frame) for w in words)
    return replace(cue, words=moved)
