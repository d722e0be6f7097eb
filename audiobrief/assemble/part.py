"""What an episode is joined of: clips, stings, and stretches of speech on a bed of music.

Each is a pure function of what it is made of, and has a key of that; see `encoded`.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from audiobrief.assemble.bed import mixed
from audiobrief.assemble.encoded import EncodedPart, Spoken, encode_part
from audiobrief.assemble.lame import QUALITY
from audiobrief.assemble.master import MASTER_VERSION, master
from audiobrief.assemble.timeline import frames_of
from audiobrief.errors import AudioError
from audiobrief.sound.ducking import TAIL_MS, lead_frames, stretch_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from audiobrief.assemble.bed import Bed
    from audiobrief.assemble.lame import Frames
    from audiobrief.assemble.master import Aim, Mastered
    from audiobrief.assemble.music import Sting
    from audiobrief.model.audio import Clip, SoundSpec
    from audiobrief.model.script import Segment

#: Raised when a part is made otherwise of the same ingredients, or kept in another form.
_VERSION = 3
#: What decides the bytes besides our own code.
_PACKAGES = ("lameenc", "numpy", "pydub", "soundfile", "soxr")
#: About three minutes. Then, at the end of a paragraph, the bed fades out and begins anew:
#: what an edit costs, and the memory that it takes, have a bound.
_LONG_STRETCH_LETTERS = 2500
#: Around a sting.
STING_PAUSE_MS = 300


class ClipSource(Protocol):
    """Where the sound of the segments comes from; may be asked from several threads."""

    def digest(self, segment_id: str) -> str:
        """Return the digest of a segment's clip, without reading its sound."""
        ...

    def clip(self, segment_id: str) -> Clip:
        """Return a segment's clip; its digest may have become another one."""
        ...


class Part(Protocol):
    """A piece of the episode between two silences."""

    @property
    def segments(self) -> Sequence[Segment]:
        """What is spoken in it, in order."""
        ...

    @property
    def pause_after_ms(self) -> int:
        """Silence after it."""
        ...

    def key(self, clips: ClipSource, aim: Aim, spec: SoundSpec) -> str:
        """Return the key of what it is made of, 64 hex digits."""
        ...

    def sound(self, clips: ClipSource, aim: Aim, work: Path) -> Iterator[Frames]:
        """Yield its sound as it is encoded: mono frames."""
        ...

    def encode(self, clips: ClipSource, aim: Aim, spec: SoundSpec, work: Path) -> EncodedPart:
        """Make it; in any thread.

        Raises:
            AudioError: A segment cannot be mastered or encoded; it is named.
        """
        ...


def _key(aim: Aim, spec: SoundSpec, *ingredients: object) -> str:
    parts = (
        *(_VERSION, MASTER_VERSION, QUALITY, _versions()),
        *(aim.loudness_lufs, aim.ceiling_dbtp, aim.sample_rate_hz),
        *(spec.bitrate_kbps, spec.sample_rate_hz, spec.channels),
        *ingredients,
    )
    return sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    return tuple(version(name) for name in _PACKAGES)


@dataclass(frozen=True, slots=True)
class ClipPart:
    """One clip by itself."""

    segment: Segment
    #: Where another one is asked for than the script's.
    pause_ms: int | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The one segment."""
        return (self.segment,)

    @property
    def pause_after_ms(self) -> int:
        """Silence after it."""
        return self.segment.pause_after_ms if self.pause_ms is None else self.pause_ms

    def key(self, clips: ClipSource, aim: Aim, spec: SoundSpec) -> str:
        """Return the key of the clip."""
        return _key(aim, spec, clips.digest(self.segment.id))

    def sound(self, clips: ClipSource, aim: Aim, work: Path) -> Iterator[Frames]:  # noqa: ARG002 - of the seam
        """Yield the mastered clip."""
        with _naming(self.segment):
            yield _frames(master(clips.clip(self.segment.id), aim))

    def encode(self, clips: ClipSource, aim: Aim, spec: SoundSpec, work: Path) -> EncodedPart:
        """Master and encode the clip."""
        with _naming(self.segment):
            made = master(clips.clip(self.segment.id), aim)
            frames = _frames(made)
            spoken = Spoken(0, frames.size, made.clip.words, made.missing_db, made.before_lufs)
            return encode_part([frames], [spoken], spec, work)


@dataclass(frozen=True, slots=True)
class StingPart:
    """Music alone."""

    sting: Sting
    segments: tuple[Segment, ...] = ()
    pause_after_ms: int = STING_PAUSE_MS

    def key(self, clips: ClipSource, aim: Aim, spec: SoundSpec) -> str:  # noqa: ARG002 - of the seam
        """Return the key of the music."""
        return _key(aim, spec, "sting", self.sting.digest)

    def sound(self, clips: ClipSource, aim: Aim, work: Path) -> Iterator[Frames]:  # noqa: ARG002 - of the seam
        """Yield the music."""
        yield np.frombuffer(self.sting.clip.pcm, np.dtype("<i2"))

    def encode(self, clips: ClipSource, aim: Aim, spec: SoundSpec, work: Path) -> EncodedPart:
        """Encode the music."""
        return encode_part(self.sound(clips, aim, work), [], spec, work)


@dataclass(frozen=True, slots=True)
class StretchPart:
    """Clips with music under them, from its fading in to its fading out: a chapter, as a rule."""

    segments: tuple[Segment, ...]
    bed: Bed
    pause_after_ms: int

    def key(self, clips: ClipSource, aim: Aim, spec: SoundSpec) -> str:
        """Return the key of clips, pauses and music."""
        spoken = [(clips.digest(s.id), s.pause_after_ms) for s in self.segments]
        return _key(aim, spec, "stretch", self.bed.digest, spoken)

    def sound(self, clips: ClipSource, aim: Aim, work: Path) -> Iterator[Frames]:
        """Yield the clips with the bed under them."""
        with tempfile.TemporaryFile(dir=work) as file:
            _, blocks = self._mixed(clips, aim, file)
            yield from blocks

    def encode(self, clips: ClipSource, aim: Aim, spec: SoundSpec, work: Path) -> EncodedPart:
        """Master the clips, put the bed under them, and encode the whole."""
        with tempfile.TemporaryFile(dir=work) as file:
            spoken, blocks = self._mixed(clips, aim, file)
            return encode_part(blocks, spoken, spec, work)

    def _mixed(
        self, clips: ClipSource, aim: Aim, file: BinaryIO
    ) -> tuple[list[Spoken], Iterator[Frames]]:
        """Return where each clip is heard, and the sound.

        The mastered clips wait in a file: all of them need not fit into memory.
        """
        spoken = list(self._mastered(clips, aim, file))
        places = [(one.start_frame, one.end_frame) for one in spoken]
        stretch = stretch_around(places, aim.sample_rate_hz)
        file.seek(0)
        blocks = mixed(_clips_in(file, places), stretch, self.bed, aim)
        return [_moved(one, -stretch.start_frame) for one in spoken], blocks

    def _mastered(self, clips: ClipSource, aim: Aim, file: BinaryIO) -> Iterator[Spoken]:
        """Write the mastered clips one after another, and yield where each is heard."""
        position = lead_frames(aim.sample_rate_hz)
        for segment in self.segments:
            with _naming(segment):
                made = master(clips.clip(segment.id), aim)
            file.write(made.clip.pcm)
            end = position + made.clip.frame_count
            yield Spoken(position, end, made.clip.words, made.missing_db, made.before_lufs)
            position = end + frames_of(segment.pause_after_ms, aim.sample_rate_hz)


def _frames(made: Mastered) -> Frames:
    return np.frombuffer(made.clip.pcm, np.dtype("<i2"))


def _clips_in(file: BinaryIO, places: Sequence[tuple[int, int]]) -> Iterator[Frames]:
    for start, end in places:
        yield np.frombuffer(file.read(2 * (end - start)), np.dtype("<i2"))


def _moved(spoken: Spoken, frames: int) -> Spoken:
    return replace(
        spoken,
        start_frame=spoken.start_frame + frames,
        end_frame=spoken.end_frame + frames,
    )


@contextmanager
def _naming(segment: Segment) -> Iterator[None]:
    """Let an error say which segment it is about."""
    try:
        yield
    except AudioError as error:
        raise AudioError(
            f"{error.problem} ({error.subject})",
            f"{segment.id}: {segment.text}",
            remedy=error.remedy,
        ) from error


@dataclass(frozen=True, slots=True)
class Music:
    """What is heard besides speech, prepared for one aim."""

    intro: Sting | None = None
    outro: Sting | None = None
    bed: Bed | None = None
    #: Where a chapter begins, but the first.
    between: Sting | None = None


def parts_of(segments: Sequence[Segment], music: Music) -> Iterator[Part]:
    """Yield what an episode is joined of.

    Args:
        segments: In the order of the script, at least one.
        music: With a bed, the clips of a chapter, or of three minutes of it, are one part.
    """
    if music.intro:
        yield StingPart(music.intro)
    spoken = _spoken_parts(segments, music)
    yield from spoken if music.between is None else _parted(spoken, music.between)
    if music.outro:
        yield StingPart(music.outro)


def _spoken_parts(segments: Sequence[Segment], music: Music) -> Iterator[ClipPart | StretchPart]:
    last_pause_ms = STING_PAUSE_MS if music.outro else None
    stretches = list(_stretches(segments)) if music.bed else []
    if music.bed:
        for stretch in stretches[:-1]:
            # The bed fades out in the pause.
            pause_ms = max(0, stretch[-1].pause_after_ms - TAIL_MS)
            yield StretchPart(tuple(stretch), music.bed, pause_ms)
        yield StretchPart(tuple(stretches[-1]), music.bed, last_pause_ms or 0)
    else:
        for segment in segments[:-1]:
            yield ClipPart(segment)
        yield ClipPart(segments[-1], last_pause_ms)


def _parted(parts: Iterable[ClipPart | StretchPart], sting: Sting) -> Iterator[Part]:
    """Yield the parts, with a sting before each that begins a chapter, but the first."""
    for part, following in pairwise(chain(parts, [None])):
        assert part is not None  # noqa: S101 - only the last one is, tell the type checker
        begins = following is not None and following.segments[0].chapter is not None
        if begins and isinstance(part, ClipPart):
            yield replace(part, pause_ms=STING_PAUSE_MS)
        else:
            yield part
        if begins:
            yield StingPart(sting)


def _stretches(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Yield what one bed lies under: a chapter, or some minutes of a long one."""
    stretch: list[Segment] = []
    letters = 0
    for segment in segments:
        is_long = letters > _LONG_STRETCH_LETTERS and segment.paragraph != stretch[-1].paragraph
        if stretch and (is_long or segment.chapter is not None):
            yield stretch
            stretch, letters = [], 0
        stretch.append(segment)
        letters += len(segment.spoken)
    yield stretch
