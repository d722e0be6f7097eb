"""Speech in every format, and what other programs say of it: for the tests of delivery."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from audiobrief.assemble.delivery import deliver, encoder_of
from audiobrief.assemble.master import aim_of, master
from audiobrief.model.audio import Clip, Format, SoundSpec
from audiobrief.model.episode import Chapter
from audiobrief.publish.cover import draw_cover, thumbnail
from audiobrief.tag.id3 import Tags

RATE_HZ = 44100
LOSSY = [Format.M4A, Format.OPUS]
LOSSLESS = [Format.FLAC, Format.WAV]
CHAPTERS = (Chapter("Introduction", 0), Chapter("Größe = 1; #2 \\ 3", 2000), Chapter("End", 5000))
TAGS = Tags(
    title="Ferry returns to Tarrow Harbor",
    artist="Jo Example",
    album="Morning Brief",
    published=datetime(2026, 3, 14, 5, 30, tzinfo=UTC),
    language="en",
    duration_ms=7000,
    chapters=CHAPTERS,
    cover=thumbnail(draw_cover("Morning Brief", "Jo Example")),
    lyrics="Words.\nMore words.",
    comment="A ferry.",
    guid="1a2b",
    publisher="Tarrow Gazette",
    ai_disclosure="Read by a synthetic voice.",
)


def speech(seconds=7.0, seed=3, rate_hz=RATE_HZ):
    """Return something like speech, mastered: harmonics under syllables, breath, pauses."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    pitch = np.cumsum(120 + 25 * np.sin(2 * np.pi * 0.7 * time_s)) / rate_hz
    voice = sum(np.sin(2 * np.pi * n * pitch) / n for n in range(1, 24))
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * time_s), 0, None) ** 0.5
    breath = np.convolve(rng.normal(size=time_s.size), np.hanning(12) / 6, "same")
    sound = (voice + 0.3 * breath) * syllables
    pcm = np.rint(3000 * sound).clip(-32768, 32767).astype("<i2").tobytes()
    mastered = master(Clip(pcm, rate_hz), aim_of(SoundSpec(sample_rate_hz=rate_hz))).clip.pcm
    frames = np.frombuffer(mastered, "<i2")
    return np.pad(frames, (0, round(seconds * rate_hz) - frames.size))


SPEECH = speech()


def blocks(frames, length=5000):
    return (frames[n : n + length] for n in range(0, frames.size, length))


@pytest.fixture(name="road", params=["PyAV", "ffmpeg"])
def road_fixture(request, monkeypatch):
    """Encode by each of the two."""
    if request.param == "PyAV":
        pytest.importorskip("av", reason="the extra formats is not installed")
    else:
        if not shutil.which("ffmpeg"):
            pytest.skip("ffmpeg is not installed")
        monkeypatch.setitem(sys.modules, "audiobrief.assemble.libav", None)
    assert encoder_of(Format.M4A).startswith(request.param)
    return request.param


def made(kind, path, frames=SPEECH, spec=SoundSpec(), chapters=CHAPTERS):  # noqa: B008 - frozen
    target = path / f"sound.{kind}"
    return deliver(
        blocks(frames), frames.size, spec, kind, target, chapters=chapters, language="eng"
    )


def probed(path):
    if not shutil.which("ffprobe"):
        pytest.skip("ffprobe is not installed")
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    done = subprocess.run([*command, "-show_chapters", path], capture_output=True, check=True)
    assert done.stderr == b""
    return json.loads(done.stdout)


def decoded(path):
    """Return what ffmpeg makes of a file: shape (frames, channels)."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    channels = probed(path)["streams"][0]["channels"]
    command = ["ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "f32le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, "<f4").reshape(-1, channels)


def levels(path):
    """Return loudness and true peak as heard, by ffmpeg's meter."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-f", "null"]
    meter = ["-map", "0:a", "-af", "ebur128=dualmono=true:peak=true", "-"]
    done = subprocess.run([*command, *meter], capture_output=True, text=True, check=True)
    summary = done.stderr[done.stderr.rindex("Summary") :]
    found = [re.search(rf"{name}:\s+(\S+)", summary)[1] for name in ("I", "Peak")]
    return tuple(map(float, found))


def boxes(path):
    """Return the names of the outermost boxes of an MP4."""
    content, start, names = path.read_bytes(), 0, []
    while start < len(content):
        names.append(content[start + 4 : start + 8].decode())
        start += int.from_bytes(content[start : start + 4], "big")
    return names


def lag(wanted, found):
    """Return by how many frames the second lies later."""
    spectrum = np.fft.rfft(found) * np.conj(np.fft.rfft(wanted.astype(float)))
    peak = int(np.argmax(np.fft.irfft(spectrum)))
    return peak if peak < wanted.size // 2 else peak - wanted.size


def snr_db(wanted, found):
    wanted = wanted.astype(float)
    return 10 * np.log10(np.sum(wanted**2) / np.sum((wanted - found) ** 2))
