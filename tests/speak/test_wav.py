"""WAV files of engines: mono and 16 bit as agreed, or refused by what they are."""

import struct

import pytest

from audiobrief.model.audio import Clip
from audiobrief.speak.wav import read_wav
from audiobrief.speak.worker import WorkerFault
from tests.speak.test_http_audio import riff

PCM = struct.pack("<4h", 0, 16_384, -32_768, 32_767)


def read(body, tmp_path):
    path = tmp_path / "sound.wav"
    path.write_bytes(body)
    return read_wav(path)


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 24000, 32000, 44100, 48000])
def test_what_was_agreed_is_read_and_removed(rate_hz, tmp_path):
    """Any rate; the file is gone afterwards."""
    assert read(riff(1, 16, PCM, rate_hz=rate_hz), tmp_path) == Clip(PCM, rate_hz)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (riff(1, 16, PCM, channels=2), "of 2 x 16 bits a frame"),
        (riff(1, 8, PCM), "of 1 x 8 bits a frame"),
        (riff(1, 24, bytes(12)), "of 1 x 24 bits a frame"),
        (riff(1, 32, bytes(16)), "of 1 x 32 bits a frame"),
        (riff(3, 32, struct.pack("<2f", 0.5, float("nan"))), "no readable WAV file"),
        (riff(1, 16, PCM)[:-3], "a damaged WAV file: 5 bytes for 4 frames"),
        (riff(1, 16, PCM)[:30], "no readable WAV file"),
        (riff(1, 16, b""), "a damaged WAV file: 0 bytes for 0 frames"),
        (riff(1, 16, PCM, rate_hz=0), "a damaged WAV file: .* at 0 Hz"),
        (b"", "no readable WAV file"),
        (b"<html>", "no readable WAV file"),
    ],
)
def test_what_was_not_agreed_is_named(body, complaint, tmp_path):
    """Stereo, other depths, floating point, cut off, empty: none of it reaches the clips."""
    with pytest.raises(WorkerFault, match=complaint):
        read(body, tmp_path)
