"""The header of an MP3 frame: what its four bytes say (pure)."""

from __future__ import annotations

from dataclasses import dataclass

#: kbit/s by the index in the header, layer III; index 0 ("free") and 15 are refused.
BITRATES_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
BITRATES_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
#: By the two version bits: MPEG-2.5, reserved, MPEG-2, MPEG-1.
_SAMPLE_RATES = {0: (11025, 12000, 8000), 2: (22050, 24000, 16000), 3: (44100, 48000, 32000)}
#: What an episode may have: MPEG-1 alone. Apps ask for 44.1 or 48 kHz (feed rule A3), and of LAME's
#: frames at 22.05 kHz libmpg123 complains on stderr ("part2_3_length too large").
BITRATES_OF_RATE = dict.fromkeys(_SAMPLE_RATES[3], BITRATES_MPEG1[1:])


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """One frame of layer III."""

    raw: bytes
    is_mpeg1: bool
    bitrate_kbps: int
    sample_rate_hz: int
    channels: int
    has_padding: bool

    @property
    def frames_per_frame(self) -> int:
        """PCM frames that one MP3 frame holds."""
        return 1152 if self.is_mpeg1 else 576

    @property
    def length_bytes(self) -> int:
        """Length of the frame, header included."""
        bytes_per_second = self.bitrate_kbps * 125
        return self.frames_per_frame * bytes_per_second // self.sample_rate_hz + self.has_padding

    @property
    def side_info_bytes(self) -> int:
        """Length of what stands between header and main data."""
        if self.is_mpeg1:
            return 17 if self.channels == 1 else 32
        return 9 if self.channels == 1 else 17


def parse_header(raw: bytes) -> FrameHeader:
    """Return what the first four bytes of a frame say.

    Raises:
        ValueError: They are no header of a layer III frame.

    >>> header = parse_header(bytes.fromhex("fffb70c4"))
    >>> header.bitrate_kbps, header.sample_rate_hz, header.channels, header.length_bytes
    (96, 44100, 1, 313)
    """
    version, layer = raw[1] >> 3 & 3, raw[1] >> 1 & 3
    bitrate_index, rate_index = raw[2] >> 4, raw[2] >> 2 & 3
    is_sync = raw[0] == 0xFF and raw[1] >= 0xE0
    if not is_sync or layer != 1 or version == 1 or bitrate_index in {0, 15} or rate_index == 3:
        message = f"no header of an MP3 frame: {raw[:4].hex()}"
        raise ValueError(message)
    return FrameHeader(
        raw=bytes(raw[:4]),
        is_mpeg1=version == 3,
        bitrate_kbps=(BITRATES_MPEG1 if version == 3 else BITRATES_MPEG2)[bitrate_index],
        sample_rate_hz=_SAMPLE_RATES[version][rate_index],
        channels=1 if raw[3] >> 6 == 3 else 2,
        has_padding=bool(raw[2] & 2),
    )
