"""Encode the clips, lay them out, join them, and hold the finished file to its specification."""

from __future__ import annotations

import os
import shutil
from array import array
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from audiobrief.assemble.encode import Mp3Writer, check_format
from audiobrief.assemble.encoded import (
    EncodedClip,
    EncodedStore,
    encode_clip,
    encoded_key,
    parse_encoded,
    render_encoded,
)
from audiobrief.assemble.master import Aim, aim_of
from audiobrief.assemble.passage import GRID_FRAMES, LEAD_MP3_FRAMES, Placed, join
from audiobrief.assemble.timeline import length_of, place
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import Curve, Timeline
from audiobrief.sound.curve import loudness_of_curve
from audiobrief.sound.loudness import decibels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobrief.model.audio import Clip, Cue, Loudness, SoundSpec, WordMark
    from audiobrief.model.script import Segment

#: Clips in the making for each core: mastering, encoding and measuring leave Python's lock.
_AHEAD = 3
#: How far the finished file may be off before it is made again; promised to users: 0.5.
_TOLERANCE_LU = 0.3
_TRIES = 3


class ClipSource(Protocol):
    """Where the sound of the segments comes from; asked from one thread."""

    def digest(self, segment_id: str) -> str:
        """Return the digest of a segment's clip, without reading its sound."""
        ...

    def clip(self, segment_id: str) -> Clip:
        """Return a segment's clip; its digest may have become another one."""
        ...


@dataclass(frozen=True, slots=True)
class Assembled:
    """A finished sound file, measured."""

    timeline: Timeline
    #: Of the decoded MP3, as heard.
    loudness: Loudness
    #: How loud it is along its length.
    curve: Curve
    #: Clips that were encoded now; the others were there.
    encoded_count: int
    #: What was done other than asked, in words for the user.
    notes: tuple[str, ...] = ()


def assemble(
    segments: Sequence[Segment],
    clips: ClipSource,
    spec: SoundSpec,
    target: Path,
    *,
    encoded: EncodedStore,
    work: Path,
    progress: Callable[[int, int, str], None],
) -> Assembled:
    """Make the MP3 of an episode.

    The same clips and specification give the same bytes, on any number of cores, whatever was kept
    before. Memory holds a few clips, whatever the length of the episode.

    Args:
        segments: In the order of the script.
        clips: Gives their sound; what is encoded already is not read.
        spec: Levels and format.
        target: The MP3 to write, without tags. It appears when it is whole and on target, and stays
            as it was if anything fails.
        encoded: Where clips are kept as they are encoded.
        work: An existing folder for the file in the making; left as it was found.
        progress: Called with clips done, clips in all and what is being done (``encode``).

    Raises:
        AudioError: No segment, a format that is no MP3's, a silent clip, levels out of reach.
        StoreError: The disk is full or cannot be written.
    """
    check_format(spec)
    made = work / f"{target.name}.making"
    bench = _Bench(segments, clips, spec, encoded, progress)
    try:
        assembled = _assembled(bench, spec, made)
        # Not a rename: the folders may lie on two file systems.
        shutil.move(made, target)
    except OSError as error:
        raise StoreError(
            f"reading or writing the sound failed ({error.strerror or error})",
            str(error.filename or target),
            remedy="make room on the disk, or see to it that the folder can be written",
        ) from error
    finally:
        made.unlink(missing_ok=True)
    return assembled


def _assembled(bench: _Bench, spec: SoundSpec, made: Path) -> Assembled:
    """Try until the finished file is what the specification asks for."""
    aim = aim_of(spec)
    notes: list[str] = []
    for _ in range(_TRIES):
        layout = _Layout(bench.segments, spec)
        with made.open("wb") as file:
            writer = Mp3Writer(file)
            # The decoder's delay makes the stream one MP3 frame longer than the sound.
            for content in join(layout.placed(bench.encoded(aim)), layout.mp3_frame_count, spec):
                writer.write(content)
            writer.close(layout.timeline.frame_count)
        loudness = layout.loudness()
        change = correction(loudness, spec)
        if change is None:
            notes = [*layout.remarks, *notes]
            return Assembled(
                layout.timeline, loudness, layout.curve(), bench.encoded_count, tuple(notes)
            )
        aim = aim.moved(*change)
        notes.append(
            f"encoded again: the file measured {loudness.integrated_lufs:.1f} LUFS and "
            f"{loudness.true_peak_dbtp:.1f} dBTP"
        )
    raise AudioError(
        f"the levels cannot be reached: {loudness.integrated_lufs:.1f} LUFS and "
        f"{loudness.true_peak_dbtp:.1f} dBTP after {_TRIES} tries",
        f"loudness_lufs = {spec.loudness_lufs}, true_peak_dbtp = {spec.true_peak_dbtp}",
        remedy="lower loudness_lufs in [sound]",
    )


def correction(loudness: Loudness, spec: SoundSpec) -> tuple[float, float] | None:
    """Return how to move the aim, in LU and decibels; ``None``: the file is as it must be.

    In steps of a tenth: after an edit the same move is found, and what was encoded for it.

    >>> from audiobrief.model.audio import Loudness, SoundSpec
    >>> correction(Loudness(-16.1, -1.4), SoundSpec()) is None
    True
    >>> correction(Loudness(-16.52, -1.4), SoundSpec())
    (0.5, 0.0)
    """
    off_lu = spec.loudness_lufs - loudness.integrated_lufs
    over_db = loudness.true_peak_dbtp - spec.true_peak_dbtp
    if abs(off_lu) <= _TOLERANCE_LU and over_db <= 0.0:
        return None
    # A tenth more: another encoding moves the peaks a little.
    return round(off_lu, 1), round(-over_db - 0.15, 1) if over_db > 0.0 else 0.0


class _Bench:
    """Where clips are encoded, a few of them at a time, unless they were before."""

    def __init__(
        self,
        segments: Sequence[Segment],
        clips: ClipSource,
        spec: SoundSpec,
        store: EncodedStore,
        progress: Callable[[int, int, str], None],
    ) -> None:
        self.segments = segments
        self._clips = clips
        self._spec = spec
        self._store = store
        self._progress = progress
        self.encoded_count = 0

    def encoded(self, aim: Aim) -> Iterator[EncodedClip]:
        """Yield the clips in order."""
        cores = _core_count()
        waiting: deque[tuple[Segment, Future[EncodedClip] | EncodedClip]] = deque()
        with ThreadPoolExecutor(cores) as pool:
            try:
                for number, segment in enumerate(self.segments, 1):
                    waiting.append((segment, self._ordered(segment, aim, pool)))
                    if len(waiting) > _AHEAD * cores:
                        yield self._finished(*waiting.popleft(), aim)
                    self._progress(number, len(self.segments), "encode")
                while waiting:
                    yield self._finished(*waiting.popleft(), aim)
            finally:
                pool.shutdown(cancel_futures=True)

    def _ordered(
        self, segment: Segment, aim: Aim, pool: ThreadPoolExecutor
    ) -> Future[EncodedClip] | EncodedClip:
        kept = self._store.get(self._key(segment, aim))
        there = None if kept is None else parse_encoded(kept)
        if there is not None:
            return there
        return pool.submit(encode_clip, self._clips.clip(segment.id), aim, self._spec)

    def _finished(
        self, segment: Segment, one: Future[EncodedClip] | EncodedClip, aim: Aim
    ) -> EncodedClip:
        if isinstance(one, EncodedClip):
            return one
        try:
            encoded = one.result()
        except AudioError as error:
            raise AudioError(
                f"{error.problem} ({error.subject})",
                f"{segment.id}: {segment.text}",
                remedy=error.remedy,
            ) from error
        self._store.put(self._key(segment, aim), render_encoded(encoded))
        self.encoded_count += 1
        return encoded

    def _key(self, segment: Segment, aim: Aim) -> str:
        return encoded_key(self._clips.digest(segment.id), aim, self._spec)


def _core_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Layout:
    """Puts the encoded clips where they belong, while they come, and sums up what they measure."""

    def __init__(self, segments: Sequence[Segment], spec: SoundSpec) -> None:
        self._segments = segments
        self._spec = spec
        self._cues: list[Cue] = []
        self._true_peak = 0.0
        #: First step, peaks and energies of each clip.
        self._curves: list[tuple[int, bytes, array[float]]] = []
        #: What the user should know of single clips.
        self.remarks: list[str] = []

    def placed(self, encoded: Iterator[EncodedClip]) -> Iterator[Placed]:
        """Yield every clip with its place."""
        coming: deque[EncodedClip] = deque()
        for cue in place(self._segments, self._counts(encoded, coming), self._spec.sample_rate_hz):
            one = coming.popleft()
            start = cue.start_frame // GRID_FRAMES
            self._cues.append(_with_words(cue, one.words))
            self._curves.append((start - LEAD_MP3_FRAMES, one.peaks, one.energies))
            self._true_peak = max(self._true_peak, one.true_peak)
            yield Placed(start, one.mp3)

    def _counts(self, encoded: Iterator[EncodedClip], coming: deque[EncodedClip]) -> Iterator[int]:
        """Yield the length of each clip, and keep the clip."""
        for segment, one in zip(self._segments, encoded, strict=True):
            if one.missing_db:
                self.remarks.append(
                    f"segment {segment.id} stays {one.missing_db:.0f} dB below the others: "
                    "its sound is so soft that more gain would lift noise"
                )
            coming.append(one)
            yield one.frame_count

    @property
    def timeline(self) -> Timeline:
        """Where everything lies, once the last clip was taken."""
        rate_hz = self._spec.sample_rate_hz
        return Timeline(tuple(self._cues), length_of(self._segments, self._cues, rate_hz), rate_hz)

    def mp3_frame_count(self) -> int:
        """Return the length of the stream, once the last clip was taken."""
        return self.timeline.frame_count // GRID_FRAMES + 1

    def curve(self) -> Curve:
        """Return how loud the episode is along its length."""
        steps = self.timeline.frame_count // GRID_FRAMES
        peaks, energies = np.zeros(steps, np.uint8), np.zeros(steps, np.float32)
        for first, own_peaks, own_energies in self._curves:
            where = slice(first, min(first + len(own_peaks), steps))
            count = where.stop - first
            own = np.frombuffer(own_peaks, np.uint8)[:count]
            np.maximum(peaks[where], own, out=peaks[where])
            energies[where] += np.frombuffer(own_energies, np.float32)[:count]
        rate_hz = self._spec.sample_rate_hz
        return Curve(GRID_FRAMES, rate_hz, peaks.tobytes(), array("f", energies.tobytes()))

    def loudness(self) -> Loudness:
        """Return the levels of the whole, from what was measured of its clips."""
        return loudness_of_curve(self.curve(), decibels(self._true_peak))


def _with_words(cue: Cue, words: Sequence[WordMark]) -> Cue:
    """Return a cue with the word marks of its clip, counted from the beginning of the episode."""
    first = cue.start_frame
    moved = tuple(replace(word, start_frame=first + word.start_frame) for word in words)
    return replace(cue, words=moved)
