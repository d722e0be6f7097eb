"""Deliver an episode in other formats than MP3: M4A and Opus for listeners, FLAC and WAV to keep.

FLAC and WAV always can be made. AAC and Opus take PyAV, or an ``ffmpeg`` on the PATH.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import soundfile

from audiobrief.assemble.ffmpeg_program import encode_by_program, program_name
from audiobrief.assemble.lossless import refuse_too_long, write_lossless
from audiobrief.assemble.lossy import CODECS, Lossy, length_at, prepared
from audiobrief.errors import AudioError, EncoderUnavailableError, StoreError
from audiobrief.model.audio import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from audiobrief.assemble.lame import Frames
    from audiobrief.assemble.lossy import Codec
    from audiobrief.model.audio import SoundSpec
    from audiobrief.model.episode import Chapter

#: As the store names what is unfinished: it sweeps what a killed run has left.
_UNFINISHED = ".audiobrief-tmp"
#: Frames of AAC before the sound: the encoder's delay, which the edit list cuts off.
_AAC_DELAY_FRAMES = 1024


@dataclass(frozen=True, slots=True)
class Delivered:
    """A finished file, without tags."""

    path: Path
    bytes: int
    mime_type: str
    duration_ms: int
    #: What encoded it, with its version.
    encoder: str


def deliver(
    blocks: Iterable[Frames],
    frame_count: int,
    spec: SoundSpec,
    kind: Format,
    target: Path,
    *,
    chapters: Sequence[Chapter] = (),
    language: str = "und",
) -> Delivered:
    """Write an episode in one format.

    The same frames and settings give the same bytes, with the same version of the encoder. Memory
    holds a few seconds of sound, whatever the length, and the index of an M4A.

    Args:
        blocks: The mastered episode, mono; taken one after another, once.
        frame_count: Frames in all of them.
        spec: Rate of the blocks, channels to write, true peak of the decoded file.
        kind: The format.
        target: It appears when it is whole, and stays as it was if anything fails.
        chapters: Written by M4A alone; the other formats carry them in their tags.
        language: ISO 639-2, for the sound track of an M4A.

    Returns:
        What was written. Tags change the bytes: measure after tagging.

    Raises:
        EncoderUnavailableError: Nothing here makes that format.
        AudioError: It cannot hold so much, or the encoder fails or loses sound.
        StoreError: The disk is full or cannot be written.
    """
    name, encode = _maker_of(kind)
    refuse_too_long(frame_count, spec, kind)
    making = target.with_name(f".{target.name}{_UNFINISHED}")
    counted = _Counted(blocks)
    try:
        if encode is None:
            write_lossless(counted, spec, kind, making)
        else:
            job = _job(counted, frame_count, spec, kind, making, chapters, language)
            encode(job)
        if counted.frame_count != frame_count:
            message = f"{counted.frame_count} frames came, {frame_count} were announced"
            raise ValueError(message)
        _require_whole(making, frame_count, spec, kind)
        size = making.stat().st_size
        making.replace(target)
    except OSError as error:
        raise StoreError(
            f"writing the sound failed ({error.strerror or error})",
            str(target),
            remedy="make room on the disk, or see to it that the folder can be written",
        ) from error
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)
    duration_ms = round(1000 * frame_count / spec.sample_rate_hz)
    return Delivered(target, size, kind.mime_type, duration_ms, name)


def encoder_of(kind: Format) -> str:
    """Return what makes a format here, with its version.

    Raises:
        EncoderUnavailableError: Nothing does.
    """
    return _maker_of(kind)[0]


def _maker_of(kind: Format) -> tuple[str, Callable[[Lossy], None] | None]:
    """Return the name of what makes a format, and how it encodes; ``None``: libsndfile."""
    codec = CODECS.get(kind)
    if codec is None:
        return f"libsndfile {soundfile.__libsndfile_version__}", None
    found = _libav_of(codec)
    if found is not None:
        return found
    name = program_name(codec)
    if name is not None:
        return name, encode_by_program
    raise EncoderUnavailableError(
        f"nothing here makes {kind.upper()}: neither PyAV nor an ffmpeg with {codec.encoder}",
        f'formats = ["{kind}"]',
        remedy="pip install 'audiobrief[formats]', or install ffmpeg",
    )


def _libav_of(codec: Codec) -> tuple[str, Callable[[Lossy], None]] | None:
    try:
        from audiobrief.assemble.libav import encode_by_libav, libav_name  # noqa: PLC0415 - PyAV
    except ImportError:
        return None
    name = libav_name(codec)
    return None if name is None else (name, encode_by_libav)


class _Counted:
    """The blocks, and how many frames they had."""

    def __init__(self, blocks: Iterable[Frames]) -> None:
        self._blocks = blocks
        self.frame_count = 0

    def __iter__(self) -> Iterator[Frames]:
        for block in self._blocks:
            self.frame_count += block.size
            yield block


def _job(
    blocks: Iterable[Frames],
    frame_count: int,
    spec: SoundSpec,
    kind: Format,
    making: Path,
    chapters: Sequence[Chapter],
    language: str,
) -> Lossy:
    codec = CODECS[kind]
    return Lossy(
        codec=codec,
        sample_rate_hz=codec.sample_rate_hz or spec.sample_rate_hz,
        channels=spec.channels,
        blocks=prepared(blocks, frame_count, spec, codec),
        chapters=tuple(chapters) if kind is Format.M4A else (),
        duration_ms=round(1000 * frame_count / spec.sample_rate_hz),
        language=language,
        target=making,
    )


def _require_whole(path: Path, frame_count: int, spec: SoundSpec, kind: Format) -> None:
    """Hold a file to its length, as its own header tells it.

    Raises:
        AudioError: It is shorter or longer than the sound that went in.
    """
    if kind is Format.M4A:
        wanted = frame_count + _AAC_DELAY_FRAMES
        with path.open("rb") as stream:
            found = _sound_frames(stream)
    else:
        rate_hz = CODECS[kind].sample_rate_hz if kind in CODECS else None
        wanted = length_at(frame_count, spec.sample_rate_hz, rate_hz or spec.sample_rate_hz)
        try:
            found = soundfile.info(str(path)).frames
        except soundfile.LibsndfileError:
            found = 0
    if found != wanted:
        raise AudioError(
            f"the encoder lost sound: {found} frames in the file, {wanted} went in",
            kind.upper(),
            remedy="build again; if it stays, leave the format out of [sound] formats",
        )


def _sound_frames(stream: BinaryIO) -> int:
    """Return the length of the first track of an MP4 (``moov/trak/mdia/mdhd``); 0: none is there.

    Source: ISO/IEC 14496-12, media header box, as ffmpeg writes it.
    """
    end = stream.seek(0, 2)
    stream.seek(0)
    for wanted in (b"moov", b"trak", b"mdia", b"mdhd"):
        while True:
            start = stream.tell()
            head = stream.read(8)
            if len(head) < 8 or start >= end:
                return 0
            size, kind = struct.unpack(">I4s", head)
            if kind == wanted:
                break
            if size == 1:
                (size,) = struct.unpack(">Q", stream.read(8))
            if size < 8:
                return 0
            stream.seek(start + size)
    content = stream.read(32)
    if len(content) < 32:
        return 0
    # Version 1 has times of 64 bits.
    return int.from_bytes(content[24:32] if content[0] else content[16:20], "big")
