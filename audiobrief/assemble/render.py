"""Master the clips, lay them out, encode them, and hold the finished file to its specification."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import numpy.typing as npt

from audiobrief.assemble.encode import check_format, encode
from audiobrief.assemble.master import Aim, Mastered, aim_of, master
from audiobrief.assemble.probe import measure
from audiobrief.assemble.timeline import lay_out
from audiobrief.errors import AudioError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobrief.model.audio import Clip, Loudness, SoundSpec, Timeline
    from audiobrief.model.script import Segment

#: Two threads master 1.7 times as fast as one on two cores: numpy leaves Python's lock during the
#: long steps. Each holds one clip, so more would only cost memory.
_THREADS = 2
_BLOCK_FRAMES = 1 << 17
#: How far the finished file may be off before it is made again; promised to users: 0.5.
_TOLERANCE_LU = 0.3
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Assembled:
    """A finished sound file, measured."""

    timeline: Timeline
    #: Of the decoded MP3, as heard.
    loudness: Loudness
    #: What was done other than asked, in words for the user.
    notes: tuple[str, ...] = ()


def assemble(
    segments: Sequence[Segment],
    clip_of: Callable[[str], Clip],
    spec: SoundSpec,
    target: Path,
    *,
    work: Path,
    progress: Callable[[int, int, str], None],
) -> Assembled:
    """Make the MP3 of an episode.

    The same clips and specification give the same bytes, on any number of cores. Memory holds a few
    clips, whatever the length of the episode.

    Args:
        segments: In the order of the script.
        clip_of: Gives the clip of a segment by the segment's id; may be called several times, from
            one thread.
        spec: Levels and format.
        target: The MP3 to write, without tags; deleted again if anything fails.
        work: An existing folder for the mastered sound, 5 MB a minute; left as it was found.
        progress: Called with clips done, clips in all and what is being done.

    Raises:
        AudioError: A format that is no MP3's, a silent clip, levels that cannot be reached.
        StoreError: The disk is full or cannot be written.
    """
    check_format(spec)
    spool = work / f"{target.name}.pcm"
    try:
        return _assembled(segments, clip_of, spec, _Files(target, spool), progress)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise StoreError(
            f"the sound cannot be written ({error.strerror or error})",
            str(error.filename or target),
            remedy="make room on the disk, or see to it that the folder can be written",
        ) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        spool.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Files:
    target: Path
    spool: Path


def _assembled(
    segments: Sequence[Segment],
    clip_of: Callable[[str], Clip],
    spec: SoundSpec,
    files: _Files,
    progress: Callable[[int, int, str], None],
) -> Assembled:
    """Try until the finished file is what the specification asks for."""
    aim = aim_of(spec)
    notes: list[str] = []
    for _ in range(_TRIES):
        frame_counts, remarks = _spool(segments, clip_of, aim, files.spool, progress)
        timeline = lay_out(segments, frame_counts, spec.sample_rate_hz)
        progress(len(segments), len(segments), "encode")
        with files.target.open("wb") as target, files.spool.open("rb") as spool:
            encode(pcm_blocks(timeline, spool), spec, target)
        progress(len(segments), len(segments), "measure")
        loudness = measure(files.target)
        change = correction(loudness, spec)
        if change is None:
            return Assembled(timeline, loudness, (*remarks, *notes))
        aim = aim.moved(*change)
        notes.append(
            f"encoded again: the file measured {loudness.integrated_lufs:.1f} LUFS and "
            f"{loudness.true_peak_dbtp:.1f} dBTP"
        )
    raise AudioError(
        f"the levels cannot be reached: {loudness.integrated_lufs:.1f} LUFS and "
        f"{loudness.true_peak_dbtp:.1f} dBTP after {_TRIES} tries",
        str(files.target),
        remedy="lower loudness_lufs or true_peak_dbtp in [sound]",
    )


def correction(loudness: Loudness, spec: SoundSpec) -> tuple[float, float] | None:
    """Return how to move the aim, in LU and decibels; ``None``: the file is as it must be.

    >>> from audiobrief.model.audio import Loudness, SoundSpec
    >>> correction(Loudness(-16.1, -1.4), SoundSpec()) is None
    True
    >>> correction(Loudness(-16.5, -1.4), SoundSpec())
    (0.5, 0.0)
    """
    off_lu = spec.loudness_lufs - loudness.integrated_lufs
    over_db = loudness.true_peak_dbtp - spec.true_peak_dbtp
    if abs(off_lu) <= _TOLERANCE_LU and over_db <= 0.0:
        return None
    # A tenth more: another encoding moves the peaks a little.
    return off_lu, min(0.0, -over_db - 0.1) if over_db > 0.0 else 0.0


def _spool(
    segments: Sequence[Segment],
    clip_of: Callable[[str], Clip],
    aim: Aim,
    path: Path,
    progress: Callable[[int, int, str], None],
) -> tuple[list[int], list[str]]:
    """Write the mastered clips one after another; return their lengths, and remarks."""
    frame_counts: list[int] = []
    remarks: list[str] = []
    with path.open("wb") as file:
        for segment, mastered in zip(segments, _mastered(segments, clip_of, aim), strict=True):
            file.write(mastered.clip.pcm)
            frame_counts.append(mastered.clip.frame_count)
            if mastered.missing_db:
                remarks.append(
                    f"segment {segment.id} stays {mastered.missing_db:.0f} dB below the others: "
                    "its sound is so soft that more gain would lift noise"
                )
            progress(len(frame_counts), len(segments), "master")
    return frame_counts, remarks


def _mastered(
    segments: Sequence[Segment], clip_of: Callable[[str], Clip], aim: Aim
) -> Iterator[Mastered]:
    """Yield the mastered clips in order, a few of them in the making at a time."""
    waiting: deque[tuple[Segment, Future[Mastered]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for segment in segments:
                waiting.append((segment, pool.submit(master, clip_of(segment.id), aim)))
                if len(waiting) > _THREADS:
                    yield _result_of(*waiting.popleft())
            while waiting:
                yield _result_of(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)


def _result_of(segment: Segment, future: Future[Mastered]) -> Mastered:
    """Return the mastered clip, or say which segment could not be mastered."""
    try:
        return future.result()
    except AudioError as error:
        raise AudioError(
            f"{error.problem} ({error.subject})",
            f"{segment.id}: {segment.text}",
            remedy=error.remedy,
        ) from error


def pcm_blocks(timeline: Timeline, spool: BinaryIO) -> Iterator[npt.NDArray[np.int16]]:
    """Yield the whole episode: the clips from the spool, exact silence between them.

    Args:
        timeline: Where each clip lies.
        spool: The clips' frames one after another, from its present position on.

    Yields:
        Mono frames, shape (frames,), a few seconds at most.
    """
    position = 0
    for cue in timeline.cues:
        yield from _silence(cue.start_frame - position)
        position = cue.start_frame
        while position < cue.end_frame:
            count = min(cue.end_frame - position, _BLOCK_FRAMES)
            yield np.frombuffer(spool.read(2 * count), np.dtype("<i2"))
            position += count
    yield from _silence(timeline.frame_count - position)


def _silence(frames: int) -> Iterator[npt.NDArray[np.int16]]:
    while frames > 0:
        count = min(frames, _BLOCK_FRAMES)
        yield np.zeros(count, np.int16)
        frames -= count
