"""The encoder: length, level and format of the MP3, as other programs read it."""

import io
import shutil
import subprocess

import mutagen.mp3
import numpy as np
import pytest
import soundfile

from audiobrief.assemble.mp3frame import BITRATES_OF_RATE
from audiobrief.assemble.probe import decoded_frame_count, probe
from audiobrief.errors import AudioError
from audiobrief.model.audio import SoundSpec
from tests.mp3 import encode


def tone(seconds, rate_hz=44100, level=0.25):
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.rint(32767 * level * np.sin(2 * np.pi * 997 * time_s)).astype(np.int16)


def encoded(frames, spec, piece=5000):
    target = io.BytesIO()
    encode((frames[n : n + piece] for n in range(0, frames.size, piece)), spec, target)
    return target.getvalue()


@pytest.mark.parametrize("bitrate_kbps", BITRATES_OF_RATE[44100])
def test_the_level_of_the_pcm_is_kept(bitrate_kbps):
    """LAME's scale (-0.45 dB up to 160 kbit/s) is undone at every bit rate."""
    frames = tone(2.0)
    sound, _ = soundfile.read(io.BytesIO(encoded(frames, SoundSpec(bitrate_kbps=bitrate_kbps))))

    middle = slice(22050, 66150)
    change_db = 10 * np.log10(np.mean(sound[middle] ** 2) / np.mean((frames[middle] / 32767) ** 2))
    assert change_db == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("rate_hz", [32000, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("extra", [0, 1, 575, 1151])
def test_decoders_give_back_every_frame_at_its_place(rate_hz, channels, extra, tmp_path):
    """The decoded sound has the length of the PCM, and lies where it lay."""
    frames = np.zeros(40_000 + extra, np.int16)
    frames[10_000:10_600] = tone(1.0, rate_hz)[:600]
    path = tmp_path / "short.mp3"
    path.write_bytes(
        encoded(frames, SoundSpec(bitrate_kbps=128, sample_rate_hz=rate_hz, channels=channels))
    )

    sound, _ = soundfile.read(path, always_2d=True)
    lag = np.argmax(np.correlate(sound[9000:12000, 0], frames[10_000:10_600], "valid"))

    assert sound.shape == (frames.size, channels)
    assert 9000 + lag == 10_000
    assert probe(path).pcm_frame_count == decoded_frame_count(path) == frames.size


@pytest.mark.parametrize("bitrate_kbps", [32, 96, 320])
def test_other_programs_read_the_exact_length(bitrate_kbps, tmp_path):
    """Mutagen, ffprobe, ffmpeg, mp3val and mp3check agree and have nothing to say."""
    frames = tone(7.321)
    path = tmp_path / "tone.mp3"
    path.write_bytes(encoded(frames, SoundSpec(bitrate_kbps=bitrate_kbps)))

    info = mutagen.mp3.MP3(path).info

    assert info.length == pytest.approx(frames.size / 44100, abs=0.001)
    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert info.bitrate == bitrate_kbps * 1000
    if shutil.which("ffmpeg"):
        command = ["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-"]
        decoded = subprocess.run(command, capture_output=True, check=True)
        assert (len(decoded.stdout) // 2, decoded.stderr) == (frames.size, b"")
    if shutil.which("mp3val"):
        report = subprocess.run(["mp3val", path], capture_output=True, text=True, check=True).stdout
        warnings = [line for line in report.splitlines() if line.startswith(("WARNING", "ERROR"))]
        assert [line for line in warnings if "No supported tags" not in line] == []
    if shutil.which("mp3check"):
        report = subprocess.run(
            ["mp3check", "-e", "-S", path], capture_output=True, text=True, check=False
        )
        assert (report.stdout + report.stderr).strip() == ""


def test_division_into_blocks_does_not_show():
    """The same PCM in other pieces gives the same bytes."""
    frames = tone(1.0)

    assert encoded(frames, SoundSpec(), 1000) == encoded(frames, SoundSpec(), 44100)


def test_encoder_writes_nothing_to_the_terminal(capfd):
    """LAME's own report does not reach stderr."""
    encoded(tone(0.5), SoundSpec())

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("spec", "subject", "remedy"),
    [
        (SoundSpec(sample_rate_hz=44000), "sample_rate_hz = 44000", "32000, 44100, 48000"),
        (SoundSpec(bitrate_kbps=100), "bitrate_kbps = 100", "80, 96, 112, 128"),
        (SoundSpec(channels=3), "channels = 3", "1 or 2"),
    ],
)
def test_what_an_mp3_cannot_have_is_refused_with_what_it_can(spec, subject, remedy):
    """The error names the setting and the allowed values."""
    with pytest.raises(AudioError) as error:
        encoded(tone(0.1), spec)

    assert error.value.subject == subject
    assert remedy in error.value.remedy
