"""Write MP3 frames into a file, with the header that gives players its exact length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.assemble.infotag import Stream, crc16, info_frame, info_frame_length
from audiobrief.assemble.mp3frame import BITRATES_OF_RATE
from audiobrief.errors import AudioError

if TYPE_CHECKING:
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


class Mp3Writer:
    """Writes the MP3 frames of an episode, and in front of them what gives players its length.

    Args:
        target: Opened for writing, able to seek; written from its start.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._buffer = bytearray()
        self._first_header = b""
        self._byte_count = 0
        self._crc = 0

    def write(self, content: bytes) -> None:
        """Take whole MP3 frames, collected into large writes."""
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
        """Write the Info frame in front of what was written.

        Args:
            pcm_frame_count: Length of the sound, the encoder's delay and padding not counted.
        """
        self._flush()
        stream = Stream(
            header=self._first_header,
            byte_count=self._byte_count,
            pcm_frame_count=pcm_frame_count,
            crc=self._crc,
        )
        self._target.seek(0)
        self._target.write(info_frame(stream))
