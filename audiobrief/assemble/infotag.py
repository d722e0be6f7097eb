"""The Info frame in front of an MP3: exact length, delay and padding for players (pure).

A frame of silence by its header, in which Xing's and LAME's fields stand where the sound would be.
LAME writes it into a finished file; lameenc, which hands out a stream, cannot.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiobrief.assemble.mp3frame import FrameHeader, parse_header

#: What LAME's encoder puts before the first frame of sound.
ENCODER_DELAY_FRAMES = 576
#: Frame and byte count; with table of contents and quality besides.
_COUNTS, _ALL_FIELDS = 0x03, 0x0F
#: LAME's part, its CRC included.
_LAME_BYTES = 36
#: CRC rows of this many bytes are computed side by side; even.
_ROW_BYTES = 128
#: The polynomial of the CRC is x + 1 times x^15 + x + 1, which is primitive: x^32767 leaves 1.
_CYCLE_BYTES = 32767


@dataclass(frozen=True, slots=True)
class Stream:
    """What the tag says about the frames that follow it."""

    #: Of its first frame: four bytes.
    header: bytes
    byte_count: int
    #: Of the PCM that was encoded.
    pcm_frame_count: int
    #: Of all its bytes.
    crc: int

    @property
    def frame_count(self) -> int:
        """Frames of the stream.

        At a constant bit rate padding bytes keep the sum of the lengths within a byte of the exact
        one, so the quotient needs only rounding.
        """
        frame = parse_header(self.header)
        exact_bytes = frame.frames_per_frame * frame.bitrate_kbps * 125 / frame.sample_rate_hz
        return round(self.byte_count / exact_bytes)


def info_frame_length(header: bytes) -> int:
    """Return how many bytes the Info frame takes in front of a stream with such frames."""
    return _carrier(header)[0].length_bytes


def _carrier(header: bytes) -> tuple[FrameHeader, int]:
    """Return the frame that holds the tag, and the flags of the fields it has room for.

    A frame like those of the stream, without the table of contents where it is too small for it
    (at a constant bit rate the table tells nothing new); below 32 kbit/s a larger one.
    """
    first, second, third, fourth = header
    for index in range(third >> 4, 15):
        # Bit 0 of the second byte set: no CRC follows; bit 1 of the third cleared: no padding.
        frame = parse_header(bytes((first, second | 1, index << 4 | third & 0x0C, fourth)))
        room = frame.length_bytes - 4 - frame.side_info_bytes - _LAME_BYTES
        for flags, needed in ((_ALL_FIELDS, 120), (_COUNTS, 16)):
            if room >= needed:
                return frame, flags
    message = f"no frame of this kind holds an Info tag: {header.hex()}"
    raise ValueError(message)


def info_frame(stream: Stream) -> bytes:
    """Return the whole Info frame.

    The layout is LAME's; ffprobe, mutagen, mp3val, mp3check and libsndfile read it back (tested).
    """
    carrier, flags = _carrier(stream.header)
    total_bytes = stream.byte_count + carrier.length_bytes
    padding = (
        stream.frame_count * carrier.frames_per_frame
        - ENCODER_DELAY_FRAMES
        - stream.pcm_frame_count
    )
    xing = struct.pack(">4sIII", b"Info", flags, stream.frame_count, total_bytes)
    if flags == _ALL_FIELDS:
        # Constant bit rate: a hundredth of the time is a hundredth of the bytes.
        xing += struct.pack(">100sI", bytes(256 * percent // 100 for percent in range(100)), 0)
    lame = struct.pack(
        ">9sBB8xBB3sBBHIH",
        b"LAME3.100",  # the version inside lameenc; decoders trust the delay of LAME's own tags
        0x01,  # revision 0 of the tag, constant bit rate
        0,  # low-pass: not told
        0,  # encoder flags
        min(parse_header(stream.header).bitrate_kbps, 255),
        (ENCODER_DELAY_FRAMES << 12 | min(padding, 0xFFF)).to_bytes(3, "big"),
        0,  # noise shaping, stereo mode: not told
        0,  # gain applied afterwards
        0,  # preset
        total_bytes,
        stream.crc,
    )
    frame = carrier.raw + bytes(carrier.side_info_bytes) + xing + lame
    frame += crc16(frame).to_bytes(2, "big")
    return frame.ljust(carrier.length_bytes, b"\0")


def _crc_table() -> npt.NDArray[np.uint16]:
    """Return the table of CRC-16 (polynomial 0x8005, reflected) for one byte."""
    values = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        values = np.where(values & 1, values >> 1 ^ 0xA001, values >> 1).astype(np.uint16)
    return values


_CRC_TABLE = _crc_table()


def _advanced(crc: npt.NDArray[np.uint16], zero_bytes: int) -> npt.NDArray[np.uint16]:
    for _ in range(zero_bytes):
        crc = _CRC_TABLE[crc & 0xFF] ^ crc >> 8
    return crc


#: What becomes of a CRC, two bytes already added to it, when these two have passed.
_PAIR_TABLE = _advanced(np.arange(65536, dtype=np.uint16), 2)
#: What becomes of each half of a CRC when a whole row follows.
_ROW_LOW = _advanced(np.arange(256, dtype=np.uint16), _ROW_BYTES).tolist()
_ROW_HIGH = _advanced(np.arange(0, 65536, 256, dtype=np.uint16), _ROW_BYTES).tolist()


def crc16(content: bytes, crc: int = 0) -> int:
    """Return LAME's CRC of some bytes, or go on with it.

    A CRC is linear, and after `_CYCLE_BYTES` of zeros this one is what it was: bytes so far apart
    count alike, and all that follow are folded into the first ones. What is left is computed in
    rows side by side, two bytes at a time, which are then joined one by one.

    Args:
        content: The bytes that follow.
        crc: Of the bytes before.

    >>> hex(crc16(b"123456789"))    # the check value of CRC-16/ARC
    '0xbb3d'
    """
    if len(content) < 2:
        return _advanced_by(content, crc)
    rest = len(content) % _CYCLE_BYTES
    # A zero in front makes whole rows.
    folded = np.zeros(_CYCLE_BYTES + 1, np.uint8)
    last, octets = folded[1:], np.frombuffer(content, np.uint8)
    np.bitwise_xor.reduce(octets[rest:].reshape(-1, _CYCLE_BYTES), axis=0, out=last)
    last[_CYCLE_BYTES - rest :] ^= octets[:rest]
    for place, part in enumerate((crc & 0xFF, crc >> 8)):
        last[(place - len(content)) % _CYCLE_BYTES] ^= part
    rows = folded.view("<u2").reshape(-1, _ROW_BYTES // 2)
    sums = np.zeros(rows.shape[0], np.uint16)
    for column in np.ascontiguousarray(rows.T):
        sums = _PAIR_TABLE[sums ^ column]
    joined = 0
    for row in sums.tolist():
        joined = _ROW_LOW[joined & 0xFF] ^ _ROW_HIGH[joined >> 8] ^ row
    return joined


def _advanced_by(content: bytes, crc: int) -> int:
    for byte in content:
        crc = int(_CRC_TABLE[(crc ^ byte) & 0xFF]) ^ crc >> 8
    return crc
