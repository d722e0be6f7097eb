"""Encode the parts, lay them out, join them, and hold the finished file to its specification."""

from __future__ import annotations

import os
import shutil
from array import array
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiobrief.assemble.bed import load_bed
from audiobrief.assemble.encode import Mp3Writer, check_format
from audiobrief.assemble.encoded import EncodedPart, EncodedStore, parse_encoded, render_encoded
from audiobrief.assemble.master import Aim, aim_of
from audiobrief.assemble.music import load_sting
from audiobrief.assemble.part import ClipSource, Music, Part, parts_of
from audiobrief.assemble.passage import GRID_FRAMES, LEAD_MP3_FRAMES, Placed, join
from audiobrief.assemble.timeline import Item, Place, length_of, place
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import Curve, MusicSpec, Timeline, WordMark
from audiobrief.sound.curve import loudness_of_curve
from audiobrief.sound.loudness import decibels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiobrief.model.audio import Cue, Loudness, SoundSpec
    from audiobrief.model.episode import Chapter
    from audiobrief.model.script import Segment

#: Parts in the making for each core: mastering, encoding and measuring leave Python's lock.
_AHEAD = 3
#: How far the finished file may be off before it is made again; promised to users: 0.5.
_TOLERANCE_LU = 0.3
_TRIES = 3
_NO_MUSIC = MusicSpec()


@dataclass(frozen=True, slots=True)
class Assembled:
    """A finished sound file, measured."""

    timeline: Timeline
    #: At least one second apart, the first one at 0.
    chapters: tuple[Chapter, ...]
    #: Of the decoded MP3, as heard.
    loudness: Loudness
    #: How loud it is along its length.
    curve: Curve
    #: Parts that were encoded now; the others were there.
    encoded_count: int
    #: What was done other than asked, in words for the user.
    notes: tuple[str, ...] = ()


def assemble(  # noqa: PLR0913 - by keyword, each of another kind
    segments: Sequence[Segment],
    clips: ClipSource,
    spec: SoundSpec,
    target: Path,
    *,
    encoded: EncodedStore,
    work: Path,
    progress: Callable[[int, int, str], None],
    music: MusicSpec = _NO_MUSIC,
    music_folder: Path | None = None,
) -> Assembled:
    """Make the MP3 of an episode.

    The same clips and specification give the same bytes, on any number of cores, whatever was kept
    before. Memory holds a few parts, whatever the length of the episode.

    Args:
        segments: In the order of the script.
        clips: Gives their sound; what is encoded already is not read.
        spec: Levels and format.
        target: The MP3 to write, without tags. It appears when it is whole and on target, and stays
            as it was if anything fails.
        encoded: Where parts are kept as they are encoded.
        work: An existing folder for the file in the making; left as it was found.
        progress: Called with segments done, all segments and what is being done (``encode``).
        music: Stings and bed.
        music_folder: Keeps the prepared bed; ``None``: it is prepared anew in ``work``.

    Raises:
        AudioError: No segment, a format that is no MP3's, a silent clip, music that cannot be used,
            levels out of reach.
        StoreError: The disk is full or cannot be written.
    """
    check_format(spec)
    if not segments:
        raise AudioError("nothing to assemble", "no segments", remedy="give it a script with words")
    made = work / f"{target.name}.making"
    bench = _Bench(clips, spec, encoded, work, progress)
    try:
        load = partial(_prepared, music, folder=music_folder or work)
        assembled = _assembled(bench, segments, load, spec, made)
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


def _assembled(
    bench: _Bench,
    segments: Sequence[Segment],
    load_music: Callable[[Aim], Music],
    spec: SoundSpec,
    made: Path,
) -> Assembled:
    """Try until the finished file is what the specification asks for."""
    aim = aim_of(spec)
    notes: list[str] = []
    for _ in range(_TRIES):
        music = load_music(aim)
        parts = list(parts_of(segments, music))
        layout = _Layout(spec)
        with made.open("wb") as file:
            writer = Mp3Writer(file)
            placed = layout.placed(zip(parts, bench.encoded(parts, aim), strict=True))
            for content in join(placed, layout.mp3_frame_count, spec):
                writer.write(content)
            writer.close(layout.frame_count)
        loudness = layout.loudness()
        change = correction(loudness, spec)
        if change is None:
            notes = [*_notes_of(music), *layout.remarks, *notes]
            return Assembled(
                layout.timeline(),
                tuple(layout.chapters),
                loudness,
                layout.curve(),
                bench.encoded_count,
                tuple(notes),
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


def _prepared(music: MusicSpec, aim: Aim, folder: Path) -> Music:
    """Read the music, at the levels that go with the speech."""
    return Music(
        load_sting(Path(music.intro), aim) if music.intro else None,
        load_sting(Path(music.outro), aim) if music.outro else None,
        load_bed(Path(music.bed), aim.sample_rate_hz, folder) if music.bed else None,
    )


def _notes_of(music: Music) -> list[str]:
    return [note for one in (music.intro, music.bed, music.outro) if one for note in one.notes]


class _Bench:
    """Where parts are encoded, a few of them at a time, unless they were before."""

    def __init__(
        self,
        clips: ClipSource,
        spec: SoundSpec,
        store: EncodedStore,
        work: Path,
        progress: Callable[[int, int, str], None],
    ) -> None:
        self._clips = clips
        self._spec = spec
        self._store = store
        self._work = work
        self._progress = progress
        self.encoded_count = 0

    def encoded(self, parts: Sequence[Part], aim: Aim) -> Iterator[EncodedPart]:
        """Yield the parts in order."""
        cores = _core_count()
        total = sum(len(part.segments) for part in parts)
        done = 0
        waiting: deque[tuple[Part, Future[EncodedPart] | EncodedPart]] = deque()
        with ThreadPoolExecutor(cores) as pool:
            try:
                for part in parts:
                    waiting.append((part, self._ordered(part, aim, pool)))
                    if len(waiting) > _AHEAD * cores:
                        yield self._finished(*waiting.popleft(), aim)
                    done += len(part.segments)
                    self._progress(done, total, "encode")
                while waiting:
                    yield self._finished(*waiting.popleft(), aim)
            finally:
                pool.shutdown(cancel_futures=True)

    def _ordered(
        self, part: Part, aim: Aim, pool: ThreadPoolExecutor
    ) -> Future[EncodedPart] | EncodedPart:
        kept = self._store.get(part.key(self._clips, aim, self._spec))
        there = None if kept is None else parse_encoded(kept)
        if there is not None:
            return there
        return pool.submit(part.encode, self._clips, aim, self._spec, self._work)

    def _finished(
        self, part: Part, one: Future[EncodedPart] | EncodedPart, aim: Aim
    ) -> EncodedPart:
        if isinstance(one, EncodedPart):
            return one
        encoded = one.result()
        # The key anew: a damaged clip was spoken again, and is another one now.
        self._store.put(part.key(self._clips, aim, self._spec), render_encoded(encoded))
        self.encoded_count += 1
        return encoded


def _core_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Layout:
    """Puts the encoded parts where they belong, while they come, and sums up what they measure."""

    def __init__(self, spec: SoundSpec) -> None:
        self._spec = spec
        self._cues: list[Cue] = []
        self.chapters: list[Chapter] = []
        self._true_peak = 0.0
        #: First step, peaks and energies of each part.
        self._curves: list[tuple[int, bytes, array[float]]] = []
        #: What the user should know of single segments.
        self.remarks: list[str] = []
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
            if spoken.missing_db:
                self.remarks.append(
                    f"segment {cue.segment_id} stays {spoken.missing_db:.0f} dB below the others: "
                    "its sound is so soft that more gain would lift noise"
                )
        if where.chapter is not None:
            self.chapters.append(where.chapter)
        first = where.start_frame // GRID_FRAMES - LEAD_MP3_FRAMES
        self._curves.append((first, encoded.peaks, encoded.energies))
        self._true_peak = max(self._true_peak, encoded.true_peak)
        self.frame_count = length_of(where, part.pause_after_ms, self._spec.sample_rate_hz)

    def timeline(self) -> Timeline:
        """Return where everything lies, once the last part was taken."""
        return Timeline(tuple(self._cues), self.frame_count, self._spec.sample_rate_hz)

    def mp3_frame_count(self) -> int:
        """Return the length of the stream: the decoder's delay makes it one MP3 frame longer."""
        return self.frame_count // GRID_FRAMES + 1

    def curve(self) -> Curve:
        """Return how loud the episode is along its length."""
        steps = self.frame_count // GRID_FRAMES
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
        """Return the levels of the whole, from what was measured of its parts."""
        return loudness_of_curve(self.curve(), decibels(self._true_peak))


def _with_words(cue: Cue, words: Sequence[WordMark]) -> Cue:
    """Return a cue with the word marks of its clip, counted from the beginning of the episode."""
    first = cue.start_frame
    moved = tuple(WordMark(w.start_char, w.end_char, first + w.start_frame) for w in words)
    return replace(cue, words=moved)
