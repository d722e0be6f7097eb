"""Master the clips, lay them out, encode them, and hold the finished file to its specification."""

from __future__ import annotations

import shutil
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from audiobrief.assemble.encode import check_format, encode
from audiobrief.assemble.master import Aim, Mastered, aim_of, master
from audiobrief.assemble.probe import measure
from audiobrief.assemble.proof import PRESENT, Comparison
from audiobrief.assemble.timeline import lay_out, place
from audiobrief.errors import AudioError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from audiobrief.assemble.lame import Frames
    from audiobrief.model.audio import Clip, Cue, Loudness, SoundSpec, Timeline, WordMark
    from audiobrief.model.script import Segment

#: Mastering takes two thirds of the encoder's time (0.8 against 1.2 s of a core for four minutes)
#: and goes on beside it, since numpy and LAME leave Python's lock: one thread would nearly do, the
#: second one is for clips that are limited a lot.
_THREADS = 2
#: Clips ready or in the making before the encoder asks for them.
_AHEAD = 4
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
        target: The MP3 to write, without tags. It appears when it is whole and on target, and stays
            as it was if anything fails.
        work: An existing folder for the file in the making; left as it was found.
        progress: Called with clips done, clips in all and what is being done (``encode``,
            ``measure``).

    Raises:
        AudioError: No segment, a format that is no MP3's, a silent clip, levels out of reach.
        StoreError: The disk is full or cannot be written.
    """
    check_format(spec)
    made = work / f"{target.name}.making"
    try:
        assembled = _assembled(segments, clip_of, spec, made, progress)
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
        _reference_of(made).unlink(missing_ok=True)
    return assembled


def _reference_of(made: Path) -> Path:
    """Return where the frames lie that the encoder was given."""
    return made.with_suffix(".pcm")


def _kept(blocks: Iterator[Frames], raw: BinaryIO) -> Iterator[Frames]:
    """Pass the blocks on, and write them down for the comparison with what the encoder made."""
    for block in blocks:
        raw.write(block.astype("<i2", copy=False).tobytes())
        yield block


def _require_whole(segments: Sequence[Segment], scores: npt.NDArray[np.float64]) -> None:
    """Stop at a segment that is not heard in the finished file as it went in.

    Raises:
        AudioError: The first such one is named.
    """
    for segment, score in zip(segments, scores, strict=True):
        if score < PRESENT:
            raise AudioError(
                f"a segment is not whole in the encoded sound (it matches to {score:.2f})",
                f"{segment.id}: {segment.text}",
                remedy="build again; if it stays, report it with the article",
            )


def _assembled(
    segments: Sequence[Segment],
    clip_of: Callable[[str], Clip],
    spec: SoundSpec,
    made: Path,
    progress: Callable[[int, int, str], None],
) -> Assembled:
    """Try until the finished file is what the specification asks for."""
    aim = aim_of(spec)
    reference = _reference_of(made)
    notes: list[str] = []
    for _ in range(_TRIES):
        mixdown = _Mixdown(segments, spec.sample_rate_hz)
        with made.open("wb") as file, reference.open("wb") as raw:
            mastered = _mastered(segments, clip_of, aim)
            encode(_kept(mixdown.blocks(mastered, progress), raw), spec, file)
        progress(len(segments), len(segments), "measure")
        comparison = Comparison(reference, mixdown.timeline().cues)
        loudness = measure(made, comparison.add)
        _require_whole(segments, comparison.scores())
        change = correction(loudness, spec)
        if change is None:
            return Assembled(mixdown.timeline(), loudness, (*mixdown.remarks, *notes))
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


def _mastered(
    segments: Sequence[Segment], clip_of: Callable[[str], Clip], aim: Aim
) -> Iterator[Mastered]:
    """Yield the mastered clips in order, a few of them in the making at a time."""
    waiting: deque[tuple[Segment, Future[Mastered]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for segment in segments:
                waiting.append((segment, pool.submit(master, clip_of(segment.id), aim)))
                if len(waiting) > _AHEAD:
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


class _Mixdown:
    """Puts the mastered clips where they belong, while they come."""

    def __init__(self, segments: Sequence[Segment], sample_rate_hz: int) -> None:
        self._segments = segments
        self._sample_rate_hz = sample_rate_hz
        self._frame_counts: list[int] = []
        self._words: list[tuple[WordMark, ...]] = []
        #: What the user should know of single clips.
        self.remarks: list[str] = []

    def timeline(self) -> Timeline:
        """Return where everything lies, once the last block was taken."""
        timeline = lay_out(self._segments, self._frame_counts, self._sample_rate_hz)
        cues = zip(timeline.cues, self._words, strict=True)
        return replace(timeline, cues=tuple(_with_words(cue, words) for cue, words in cues))

    def blocks(
        self, mastered: Iterator[Mastered], progress: Callable[[int, int, str], None]
    ) -> Iterator[Frames]:
        """Yield the whole episode: the clips, and exact silence between them.

        Yields:
            Mono frames, shape (frames,): a clip, or a few seconds of silence at most.
        """
        clips: deque[Clip] = deque()
        position = 0
        for cue in place(self._segments, self._counts(mastered, clips), self._sample_rate_hz):
            yield from _silence(cue.start_frame - position)
            yield np.frombuffer(clips.popleft().pcm, np.dtype("<i2"))
            position = cue.end_frame
            progress(len(self._frame_counts), len(self._segments), "encode")
        yield from _silence(self.timeline().frame_count - position)

    def _counts(self, mastered: Iterator[Mastered], clips: deque[Clip]) -> Iterator[int]:
        """Yield the length of each clip, and keep the clip."""
        for segment, one in zip(self._segments, mastered, strict=True):
            if one.missing_db:
                self.remarks.append(
                    f"segment {segment.id} stays {one.missing_db:.0f} dB below the others: "
                    "its sound is so soft that more gain would lift noise"
                )
            clips.append(one.clip)
            self._frame_counts.append(one.clip.frame_count)
            self._words.append(one.clip.words)
            yield one.clip.frame_count


def _with_words(cue: Cue, words: Sequence[WordMark]) -> Cue:
    """Return a cue with the word marks of its clip, counted from the beginning of the episode."""
    first = cue.start_frame
    moved = tuple(replace(word, start_frame=first + word.start_frame) for word in words)
    return replace(cue, words=moved)


def _silence(frames: int) -> Iterator[Frames]:
    while frames > 0:
        count = min(frames, _BLOCK_FRAMES)
        yield np.zeros(count, np.int16)
        frames -= count
