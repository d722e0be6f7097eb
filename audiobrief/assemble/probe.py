"""Read back what was written: the frames of an MP3 and the levels of its decoded sound."""

from __future__ import annotations

import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import soundfile

from audiobrief.assemble.mp3frame import FrameHeader, parse_header
from audiobrief.errors import AudioError, StoreError
from audiobrief.sound.loudness import Meter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from audiobrief.model.audio import Loudness

_READ_BYTES = 1 << 20
#: About six seconds: decoding one block while the one before it is measured.
_DECODE_FRAMES = 1 << 18


@dataclass(frozen=True, slots=True)
class InfoTag:
    """What the frame in front of the sound says about it."""

    #: ``Info``, ``Xing`` or ``VBRI``.
    kind: str
    frame_count: int
    byte_count: int
    #: Of the encoder, in PCM frames; 0 where the tag does not tell.
    delay_frames: int = 0
    padding_frames: int = 0


@dataclass(frozen=True, slots=True)
class Mp3Facts:
    """What the frames of an MP3 say."""

    #: MP3 frames with sound; the Info frame is none.
    frame_count: int
    sample_rate_hz: int
    channels: int
    #: Of all frames with sound, their average where they differ.
    bitrate_kbps: int
    is_constant: bool
    info: InfoTag | None
    #: Bytes of frames, the Info frame included, other tags not.
    byte_count: int
    #: Length in PCM frames, delay and padding taken off where the Info tag tells them.
    pcm_frame_count: int

    @property
    def duration_ms(self) -> int:
        """Length, rounded to the nearest millisecond."""
        return round(1000 * self.pcm_frame_count / self.sample_rate_hz)


def probe(path: Path) -> Mp3Facts:
    """Read an MP3 frame by frame, without decoding it.

    Args:
        path: The file, with or without ID3 tags before (v2) and after (v1) the sound.

    Raises:
        AudioError: No frame where one must be, a frame cut off, frames of different kinds.
        StoreError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            _skip_id3v2(file)
            return _facts(_frames(file, path), path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"the file cannot be read ({error.strerror or error})",
        str(path),
        remedy="check that it exists and that you may read it",
    )


def _broken(path: Path, problem: str) -> AudioError:
    return AudioError(problem, str(path), remedy="build the episode again")


def _skip_id3v2(file: BinaryIO) -> None:
    head = file.read(10)
    if len(head) == 10 and head[:3] == b"ID3":
        # Seven bits a byte; bit 4 of the flags announces a footer of another ten bytes.
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        file.seek(10 + size + (10 if head[5] & 0x10 else 0))
    else:
        file.seek(0)


def _frames(file: BinaryIO, path: Path) -> Iterator[tuple[FrameHeader, bytes]]:
    """Yield the header and the content of every frame; stops at an ID3v1 tag."""
    headers: dict[bytes, FrameHeader] = {}
    buffer, start = b"", 0
    while True:
        raw = buffer[start : start + 4]
        header = headers.get(raw)
        if header is None and len(raw) == 4 and raw[:3] != b"TAG":
            try:
                header = headers[raw] = parse_header(raw)
            except ValueError as error:
                place = file.tell() - len(buffer) + start
                raise _broken(path, f"no MP3 frame at byte {place}") from error
        if header is not None and start + header.length_bytes <= len(buffer):
            yield header, buffer[start : start + header.length_bytes]
            start += header.length_bytes
            continue
        more = file.read(_READ_BYTES)
        if not more:
            break
        buffer, start = buffer[start:] + more, 0
    rest = buffer[start:]
    if rest and not (rest[:3] == b"TAG" and len(rest) == 128):
        raise _broken(path, "the last MP3 frame is cut off")


def _facts(frames: Iterator[tuple[FrameHeader, bytes]], path: Path) -> Mp3Facts:
    """Sum the frames up, the Info frame apart."""
    info: InfoTag | None = None
    first: FrameHeader | None = None
    count = byte_count = kbps_sum = info_bytes = 0
    bitrates: set[int] = set()
    for header, content in frames:
        if first is None and info is None:
            info = parse_info(header, content)
            if info is not None:
                info_bytes = header.length_bytes
                continue
        if first is None:
            first = header
        elif (header.sample_rate_hz, header.channels) != (first.sample_rate_hz, first.channels):
            raise _broken(path, "frames of different kinds in one file")
        count += 1
        byte_count += header.length_bytes
        kbps_sum += header.bitrate_kbps
        bitrates.add(header.bitrate_kbps)
    if first is None:
        raise _broken(path, "no MP3 frames in the file")
    pcm_frame_count = count * first.frames_per_frame
    if info is not None:
        pcm_frame_count -= info.delay_frames + info.padding_frames
    return Mp3Facts(
        frame_count=count,
        sample_rate_hz=first.sample_rate_hz,
        channels=first.channels,
        bitrate_kbps=round(kbps_sum / count),
        is_constant=len(bitrates) == 1,
        info=info,
        byte_count=byte_count + info_bytes,
        pcm_frame_count=pcm_frame_count,
    )


def parse_info(header: FrameHeader, content: bytes) -> InfoTag | None:
    """Return the Info, Xing or VBRI tag that a frame carries, if any."""
    if content[36:40] == b"VBRI":
        byte_count, frame_count = struct.unpack_from(">II", content, 46)
        return InfoTag("VBRI", frame_count, byte_count)
    start = 4 + header.side_info_bytes
    kind = content[start : start + 4]
    if kind not in {b"Info", b"Xing"}:
        return None
    flags = int.from_bytes(content[start + 4 : start + 8], "big")
    position = start + 8
    values = []
    # In this order, each only if its flag is set: frames, bytes, contents, quality.
    for bit, length in ((1, 4), (2, 4), (4, 100), (8, 4)):
        present = bool(flags & bit)
        values.append(int.from_bytes(content[position : position + length], "big") * present)
        position += length * present
    delay = int.from_bytes(content[position + 21 : position + 24], "big")
    has_delay = content[position : position + 3] in {b"LAM", b"Lav"}
    return InfoTag(
        kind.decode("ascii"),
        frame_count=values[0],
        byte_count=values[1],
        delay_frames=(delay >> 12) * has_delay,
        padding_frames=(delay & 0xFFF) * has_delay,
    )


def _decoded(path: Path) -> Iterator[tuple[soundfile.SoundFile, npt.NDArray[np.float32]]]:
    """Yield the opened file and its sound, block by block: shape (frames, channels)."""
    try:
        with path.open("rb") as file, soundfile.SoundFile(file) as sound:
            while (block := sound.read(_DECODE_FRAMES, "float32", always_2d=True)).size:
                yield sound, block
    except OSError as error:
        raise _unreadable(path, error) from error
    except soundfile.LibsndfileError as error:
        raise _broken(path, f"the sound cannot be decoded ({error.error_string})") from error


def decoded_blocks(path: Path) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Yield the sound of a file with its sample rate, some seconds at a time.

    Yields:
        Hertz, and frames of shape (frames, channels), 1.0 as full scale.

    Raises:
        AudioError: It cannot be decoded.
        StoreError: It cannot be read.
    """
    for sound, block in _decoded(path):
        yield sound.samplerate, block


def decoded_frame_count(path: Path) -> int:
    """Return how many PCM frames a decoder makes of the file.

    Raises:
        AudioError: It cannot be decoded.
        StoreError: It cannot be read.
    """
    return sum(len(block) for _, block in _decoded(path))


def measure(path: Path, also: Callable[[npt.NDArray[np.float32]], None] | None = None) -> Loudness:
    """Return loudness and true peak of the decoded file, mono as heard.

    The next block is decoded while one is measured: both leave Python's lock.

    Args:
        path: The file.
        also: Gets every block as well, shape (frames, channels): decoding is the most of it.

    Raises:
        AudioError: It cannot be decoded, or holds nothing.
        StoreError: It cannot be read.
    """
    meter: Meter | None = None
    blocks = _decoded(path)
    with ThreadPoolExecutor(1) as decoder:
        following = decoder.submit(next, blocks, None)
        while (decoded := following.result()) is not None:
            following = decoder.submit(next, blocks, None)
            sound, block = decoded
            meter = meter or Meter(sound.samplerate, sound.channels)
            meter.add(block)
            if also is not None:
                also(block)
    if meter is None:
        raise _broken(path, "no sound in the file")
    return meter.read()
