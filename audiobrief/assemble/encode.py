"""Encode a stream of PCM into an MP3 file with the header that gives players its exact length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.assemble.infotag import Stream, crc16, info_frame, info_frame_length
from audiobrief.assemble.lame import Frames, interleaved, make_encoder
from audiobrief.assemble.mp3frame import BITRATES_OF_RATE
from audiobrief.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from audiobrief.model.audio import SoundSpec

_WRITE_BYTES = 1 << 20


def check_format(spec: SoundSpec) -> None:
    """Refuse what an MP3 cannot have.

    Raises:
        AudioError: The sample rate, the bit rate with it, or the number of channels.
    """
    bitrates = BITRATES_OF_RATE.get(spec.sample_rate_hz)
    if bitrates is None:
        allowed = ", ".join(str(rate) for rate in sorted(BITRATES_OF_RATE))
        raise AudioError(
            "no sample rate of an MP3",
            f"sample_rate_hz = {spec.sample_rate_hz}",
            remedy=f"use one of {allowed}",
        )
    if spec.bitrate_kbps not in bitrates:
        raise AudioError(
            f"no bit rate of an MP3 at {spec.sample_rate_hz} Hz",
            f"bitrate_kbps = {spec.bitrate_kbps}",
            remedy=f"use one of {', '.join(map(str, bitrates))}",
        )
    if spec.channels not in {1, 2}:
        raise AudioError(
            "neither mono nor stereo", f"channels = {spec.channels}", remedy="use 1 or 2"
        )


def encode(blocks: Iterable[Frames], spec: SoundSpec, target: BinaryIO) -> None:
    """Write an MP3 of constant bit rate that decodes to the level and length of the PCM.

    Args:
        blocks: Mono PCM, shape (frames,) each.
        spec: Bit rate, sample rate and channels; two channels carry the same sound.
        target: Opened for writing, able to seek; written from its start.

    Raises:
        AudioError: The specification is none of an MP3, or the encoder gave no sound back.
        OSError: The target cannot be written.
    """
    check_format(spec)
    encoder = make_encoder(spec)
    sink = _Sink(target)
    pcm_frame_count = 0
    for block in blocks:
        pcm_frame_count += block.size
        sink.write(encoder.encode(interleaved(block, spec)))
    sink.write(encoder.flush())
    sink.close(pcm_frame_count)


class _Sink:
    """Collects frames into large writes, counts and sums them, puts the Info frame before them."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._buffer = bytearray()
        self._first_header = b""
        self._byte_count = 0
        self._crc = 0

    def write(self, content: bytes | bytearray) -> None:
        self._buffer += content
        if len(self._buffer) >= _WRITE_BYTES:
            self._flush()

    def _flush(self) -> None:
        content = bytes(self._buffer)
        if not self._first_header:
            self._first_header = content[:4]
            self._target.write(bytes(info_frame_length(self._first_header)))
        self._target.write(content)
        self._byte_count += len(content)
        self._crc = crc16(content, self._crc)
        self._buffer.clear()

    def close(self, pcm_frame_count: int) -> None:
        self._flush()
        stream = Stream(
            header=self._first_header,
            byte_count=self._byte_count,
            pcm_frame_count=pcm_frame_count,
            crc=self._crc,
        )
        self._target.seek(0)
        self._target.write(info_frame(stream))
