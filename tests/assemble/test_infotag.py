"""The Info frame: its checksum and what it says."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.assemble.infotag import Stream, crc16, info_frame, info_frame_length
from audiobrief.assemble.mp3frame import parse_header
from audiobrief.assemble.probe import InfoTag, parse_info

MONO_96 = bytes.fromhex("fffb70c4")
MONO_32 = bytes.fromhex("fffb10c4")


def plain_crc16(content, crc=0):
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


@given(content=st.binary(max_size=2000), cut=st.integers(0, 2000))
def test_checksum_by_rows_equals_bit_by_bit(content, cut):
    """Side by side or one by one, in one piece or two: the same sum."""
    expected = plain_crc16(content)

    assert crc16(content) == expected
    assert crc16(content[cut:], crc16(content[:cut])) == expected


@pytest.mark.parametrize("size", [32766, 32767, 32768, 65534, 65535, 98303])
def test_checksum_of_what_is_folded_equals_bit_by_bit(size):
    """Around one cycle of the CRC and several, alone or after other bytes."""
    content = random.Random(size).randbytes(size)

    assert crc16(content) == plain_crc16(content)
    assert crc16(content, 0xBEEF) == plain_crc16(content, 0xBEEF)


@pytest.mark.parametrize("header", [MONO_96, MONO_32, bytes.fromhex("fffb9064")])
@given(frames=st.integers(3, 10**6), missing=st.integers(0, 1100), crc=st.integers(0, 65535))
def test_frame_tells_its_reader_what_it_was_told(header, frames, missing, crc):
    """Counts, delay and padding come back from the bytes."""
    frame = parse_header(header)
    stream = Stream(
        header=header,
        byte_count=round(frames * 144 * frame.bitrate_kbps * 1000 / 44100),
        pcm_frame_count=frames * 1152 - 576 - missing,
        crc=crc,
    )

    content = info_frame(stream)

    assert len(content) == info_frame_length(header) == parse_header(content[:4]).length_bytes
    assert parse_info(parse_header(content[:4]), content) == InfoTag(
        "Info",
        frame_count=frames,
        byte_count=stream.byte_count + len(content),
        delay_frames=576,
        padding_frames=missing,
    )


def test_frame_of_32_kbit_stays_at_32_kbit():
    """A small frame leaves the table of contents out, so that the bit rate never switches."""
    content = info_frame(Stream(MONO_32, 104_490, 1_151_000, 0))

    assert parse_header(content[:4]).bitrate_kbps == 32


def test_tag_holds_its_own_checksum():
    """The last field is the CRC of all before it."""
    content = info_frame(Stream(MONO_96, 313_469, 1_151_000, 7))
    end = 4 + 17 + 120 + 34

    assert int.from_bytes(content[end : end + 2], "big") == plain_crc16(content[:end])
