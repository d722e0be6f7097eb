"""The sound in an answer: its bytes decide, and what is not whole is refused."""

import math
import struct

import pytest

from audiobrief.model.audio import Clip
from audiobrief.speak.http_audio import NoSoundError, clip_of
from tests.speak.scripted_server import compressed, wav_of, with_length

#: Four frames, the extremes among them.
FRAMES = (0, 16_384, -32_768, 32_767)
PCM = struct.pack("<4h", *FRAMES)


def riff(tag, bits, sound, *, channels=1, rate_hz=24_000, extra=b"", chunks=b""):
    """Return a WAV file of any format."""
    frame = channels * bits // 8
    layout = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * frame, frame, bits) + extra
    body = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout + chunks
    body += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read(body, content_type="audio/wav", *, headerless=False, rate_hz=24_000):
    """Read an answer as the engine does."""
    return clip_of(body, content_type, headerless=headerless, pcm_rate_hz=rate_hz)


@pytest.mark.parametrize(
    "body",
    [
        riff(1, 16, PCM),
        riff(1, 16, PCM, chunks=b"LIST\x05\x00\x00\x00abcde\x00"),
        riff(0xFFFE, 16, PCM, extra=struct.pack("<HHIH14x", 22, 16, 4, 1)),
        riff(1, 24, b"".join(struct.pack("<i", f << 8)[:3] for f in FRAMES)),
        riff(1, 32, struct.pack("<4i", *(f << 16 for f in FRAMES))),
        riff(3, 32, struct.pack("<4f", *(f / 32_768 for f in FRAMES))),
        riff(1, 16, struct.pack("<8h", *(f for f in FRAMES for _ in range(2))), channels=2),
        with_length(wav_of(PCM, 24_000), 0xFFFFFFFF),
        with_length(wav_of(PCM, 24_000), 2_000_000_000),
        with_length(wav_of(PCM, 24_000), 0),
        wav_of(PCM[:4], 24_000) + wav_of(PCM[4:], 24_000),
    ],
)
def test_a_wav_file_of_any_kind_is_the_same_sound(body):
    """16, 24, 32 bit, floating point, stereo, streamed, one file behind the other."""
    clip = read(body)
    assert (clip.pcm, clip.sample_rate_hz) == (PCM, 24_000)


def test_eight_bits_are_unsigned():
    """Silence is 128."""
    assert read(riff(1, 8, bytes([128, 192, 0]))).pcm == struct.pack("<3h", 0, 16_384, -32_768)


def test_floating_point_beyond_full_scale_is_cut():
    """As a loudspeaker would."""
    sound = struct.pack("<3f", 2.0, 0.0, -2.0)
    assert read(riff(3, 32, sound)).pcm == struct.pack("<3h", 32_767, 0, -32_768)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("broken", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_refused(broken, channels):
    """A single one would be a click, all of them silence."""
    sound = struct.pack("<4f", 0.5, float(broken), 0.5, 0.25)
    with pytest.raises(NoSoundError, match="1 samples are no numbers"):
        read(riff(3, 32, sound, channels=channels))


def test_samples_without_a_header_have_the_rate_that_somebody_says():
    """The content type, else the profile."""
    assert read(PCM, "audio/pcm", rate_hz=16_000).sample_rate_hz == 16_000
    assert read(PCM, "audio/l16; rate=44100; channels=1").sample_rate_hz == 44_100
    assert read(PCM + b"\x01", "application/octet-stream", headerless=True).pcm == PCM


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("channels", [1, 2])
def test_samples_of_either_byte_order_are_the_same_sound(order, channels):
    """The network's, as the standard has it, and the other, as some servers send it."""
    frames = [round(9_000 * math.sin(n / 9)) for n in range(2_000)]
    body = struct.pack(f"{order}{2_000 * channels}h", *(f for f in frames for _ in range(channels)))
    clip = read(body, f"audio/l16; rate=16000; channels={channels}")
    assert (clip.pcm, clip.sample_rate_hz) == (struct.pack("<2000h", *frames), 16_000)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_mp3_of_any_generation_is_decoded(rate_hz):
    """MPEG-2.5, 2 and 1, by the first bytes of their frames."""
    frames = (round(9_000 * math.sin(n / 9)) for n in range(rate_hz))
    body = compressed(Clip(struct.pack(f"<{rate_hz}h", *frames), rate_hz), "mp3")
    assert read(body, "audio/mpeg").sample_rate_hz == rate_hz


def test_samples_that_begin_like_mp3_are_samples_where_samples_were_asked_for():
    """0xFFFB is -1025 as well."""
    assert read(b"\xff\xfb" + PCM, "audio/pcm", headerless=True).frame_count == 5


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "without content"),
        (b'{"error": "worker died"}', "a text instead of sound: .*worker died"),
        (b"\n <html>Log in</html>", "a text instead of sound"),
        (PCM, "8 bytes of an unknown kind, audio/wav"),
        (riff(1, 16, PCM)[:-2], "cut off at 6 of 8 bytes"),
        (riff(1, 24, bytes(24), channels=2)[:-7], "cut off at 17 of 24 bytes"),
        (riff(3, 64, bytes(24)), "format 3 with 64 bits"),
        (riff(1, 16, b""), "a file without sound"),
        (riff(1, 16, PCM, rate_hz=1), "a sample rate of 1 Hz"),
        (riff(1, 16, PCM, rate_hz=400_000), "a sample rate of 400000 Hz"),
        (riff(1, 12, PCM), "format 1 with 12 bits"),
        (riff(85, 16, PCM), "format 85"),
        (riff(1, 16, PCM, channels=0), "0 channels"),
        (b"RIFF\x04\x00\x00\x00WAVE", "does not say what is in it"),
        (b"RIFF\x04\x00\x00\x00WAVEfmt \x02\x00\x00\x00ab", "half a header"),
        (b"ID3 and nothing else", r"cannot be decoded: \w[^<]+$"),
    ],
)
def test_what_is_no_whole_sound_is_named(body, complaint):
    """Errors, pages, rests of files, rates that speech does not have."""
    with pytest.raises(NoSoundError, match=complaint):
        read(body)
