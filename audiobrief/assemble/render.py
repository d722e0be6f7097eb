"""Encode the parts, lay them out, join them, and hold the finished file to its specification."""

from __future__ import annotations

import os
import shutil
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from audiobrief.assemble.bed import load_bed
from audiobrief.assemble.encode import Mp3Writer, check_format
from audiobrief.assemble.encoded import (
    EncodedPart,
    EncodedStore,
    SharedEncodedStore,
    parse_encoded,
    render_encoded,
)
from audiobrief.assemble.heap import give_back_memory, keep_freed_memory
from audiobrief.assemble.layout import Layout
from audiobrief.assemble.master import Aim, aim_of
from audiobrief.assemble.music import load_sting
from audiobrief.assemble.part import ClipSource, Music, Part, parts_of
from audiobrief.assemble.passage import join
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import Curve, MusicSpec, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from audiobrief.assemble.lame import Frames
    from audiobrief.model.audio import Loudness, SoundSpec
    from audiobrief.model.episode import Chapter
    from audiobrief.model.script import Segment

#: Parts in the making for each core: mastering, encoding and measuring leave Python's lock.
_AHEAD = 3
#: While one is made, parts that were kept are read on, up to so many bytes: a quarter of an
#: hour.
_AHEAD_BYTES = 10 << 20
#: How far the finished file may be off before it is made again; promised to users: 0.5.
_TOLERANCE_LU = 0.3
_TRIES = 3
_BLOCK_FRAMES = 1 << 17
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
    #: What its clips are mastered to.
    aim: Aim
    #: First frame of each part.
    starts: tuple[int, ...]
    #: What was done other than asked, in words for the user.
    notes: tuple[str, ...] = ()
    #: Loudness of the clip of each cue as its voice gave it, as heard; ``None``: not known.
    before_lufs: tuple[float | None, ...] = ()


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
    share: float = 1.0,
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
        share: How much of the cores it may use: 0..1.

    Raises:
        AudioError: No segment, a format that is no MP3's, a silent clip, music that cannot be used,
            levels out of reach.
        StoreError: The disk is full or cannot be written.
    """
    keep_freed_memory()
    check_format(spec)
    if not segments:
        raise AudioError("nothing to assemble", "no segments", remedy="give it a script with words")
    made = work / f"{target.name}.making"
    bench = _Bench(clips, spec, encoded, work, progress, max(1, round(share * _core_count())))
    try:
        load = partial(_prepared, music, folder=music_folder or work)
        with _telling_of(made):
            assembled = _assembled(bench, segments, load, spec, made)
        with _telling_of(target):
            # Not a rename: the folders may lie on two file systems.
            shutil.move(made, target)
    finally:
        made.unlink(missing_ok=True)
    return assembled


@contextmanager
def _telling_of(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` into an error that names its file; of a write it has no name itself."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"reading or writing the sound failed ({error.strerror or error})",
            str(error.filename or path),
            remedy="make room on the disk, or see to it that the folder can be written",
        ) from error


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
        layout = Layout(spec)
        # Closed here: what is left to the garbage collector may end in a thread of its own pool.
        with made.open("wb") as file, closing(bench.encoded(parts, aim)) as encoded:
            writer = Mp3Writer(file)
            placed = layout.placed(zip(parts, encoded, strict=True))
            for content in join(placed, layout.mp3_frame_count, spec):
                writer.write(content)
            writer.close(layout.frame_count)
        give_back_memory()
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
                aim,
                tuple(layout.starts),
                tuple(notes),
                tuple(layout.before_lufs),
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


def sound_of(
    assembled: Assembled,
    segments: Sequence[Segment],
    clips: ClipSource,
    *,
    work: Path,
    music: MusicSpec = _NO_MUSIC,
    music_folder: Path | None = None,
) -> Iterator[Frames]:
    """Yield the sound of a whole episode before it was encoded.

    Args:
        assembled: What `assemble` returned.
        segments: As given to it.
        clips: The same.
        work: An existing folder.
        music: The same.
        music_folder: The same.

    Yields:
        Mono frames, shape (frames,): together as long as the timeline.

    Raises:
        AudioError: As for `assemble`.
    """
    prepared = _prepared(music, assembled.aim, music_folder or work)
    position = 0
    for part, start in zip(parts_of(segments, prepared), assembled.starts, strict=True):
        yield from _silence(start - position)
        position = start
        for block in part.sound(clips, assembled.aim, work):
            yield block
            position += block.size
    yield from _silence(assembled.timeline.frame_count - position)


def _silence(frame_count: int) -> Iterator[Frames]:
    while frame_count > 0:
        count = min(frame_count, _BLOCK_FRAMES)
        yield np.zeros(count, np.int16)
        frame_count -= count


def _prepared(music: MusicSpec, aim: Aim, folder: Path) -> Music:
    """Read the music, at the levels that go with the speech."""
    return Music(
        load_sting(Path(music.intro), aim) if music.intro else None,
        load_sting(Path(music.outro), aim) if music.outro else None,
        load_bed(Path(music.bed), aim.sample_rate_hz, folder) if music.bed else None,
        load_sting(Path(music.between), aim) if music.between else None,
    )


def _notes_of(music: Music) -> list[str]:
    return [
        note
        for one in (music.intro, music.bed, music.between, music.outro)
        if one
        for note in one.notes
    ]


class _Bench:
    """Where parts are encoded, a few of them at a time, unless they were before."""

    def __init__(
        self,
        clips: ClipSource,
        spec: SoundSpec,
        store: EncodedStore,
        work: Path,
        progress: Callable[[int, int, str], None],
        cores: int,
    ) -> None:
        self._clips = clips
        self._spec = spec
        self._store = store
        self._work = work
        self._progress = progress
        self._cores = cores
        self.encoded_count = 0

    def encoded(self, parts: Sequence[Part], aim: Aim) -> Generator[EncodedPart, None, None]:
        """Yield the parts in order."""
        total = sum(len(part.segments) for part in parts)
        done = 0
        queue = _Queue(_AHEAD * self._cores)
        if isinstance(self._store, SharedEncodedStore):
            self._store.expect([part.key(self._clips, aim, self._spec) for part in parts])
        with TemporaryDirectory(dir=self._work) as folder, ThreadPoolExecutor(self._cores) as pool:
            work = Path(folder)
            try:
                for part in parts:
                    queue.add(part, self._ordered(part, aim, pool, work))
                    while queue.is_due():
                        yield self._finished(*queue.take(), aim)
                    done += len(part.segments)
                    self._progress(done, total, "encode")
                while queue:
                    yield self._finished(*queue.take(), aim)
            finally:
                pool.shutdown(cancel_futures=True)

    def _ordered(
        self, part: Part, aim: Aim, pool: ThreadPoolExecutor, work: Path
    ) -> Future[EncodedPart] | EncodedPart:
        kept = self._store.get(part.key(self._clips, aim, self._spec))
        there = None if kept is None else parse_encoded(kept)
        if there is not None:
            return there
        return pool.submit(part.encode, self._clips, aim, self._spec, work)

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


class _Queue:
    """Parts in order, some of them in the making, until they are taken.

    Args:
        most: So many may be in the making.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: deque[tuple[Part, Future[EncodedPart] | EncodedPart]] = deque()
        self._made_count = 0
        self._kept_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, part: Part, one: Future[EncodedPart] | EncodedPart) -> None:
        """Put a part behind the others."""
        self._parts.append((part, one))
        self._count(one, 1)

    def take(self) -> tuple[Part, Future[EncodedPart] | EncodedPart]:
        """Return the first part."""
        part, one = self._parts.popleft()
        self._count(one, -1)
        return part, one

    def _count(self, one: Future[EncodedPart] | EncodedPart, sign: int) -> None:
        if isinstance(one, EncodedPart):
            self._kept_bytes += sign * len(one.mp3)
        else:
            self._made_count += sign

    def is_due(self) -> bool:
        """Tell whether the first part is to be taken before another one is added.

        Not by what is finished by now: what is encoded must not depend on the time that it takes.
        """
        if not self._parts:
            return False
        is_kept = isinstance(self._parts[0][1], EncodedPart)
        return is_kept or self._made_count > self._most or self._kept_bytes > _AHEAD_BYTES


def _core_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
