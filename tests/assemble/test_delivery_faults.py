"""Other formats than MP3 where something fails: nothing is left, and it is told what to do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from audiobrief.assemble import ffmpeg_program
from audiobrief.assemble.delivery import deliver, encoder_of
from audiobrief.assemble.lossless import refuse_too_long
from audiobrief.errors import AudioError, EncoderUnavailableError, StoreError
from audiobrief.model.audio import Format, SoundSpec
from tests.assemble.delivered import (
    CHAPTERS,
    LOSSY,
    RATE_HZ,
    SPEECH,
    blocks,
    made,
    road_fixture,  # noqa: F401 - `road`
)


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("fault", [KeyboardInterrupt, ZeroDivisionError, GeneratorExit])
def test_stopped_halfway_nothing_is_left(road, kind, fault, tmp_path):
    """What was there stays as it was, and what was begun is gone."""
    target = tmp_path / f"sound.{kind}"
    target.write_bytes(b"as it was")

    def interrupted():
        yield SPEECH[:200_000]
        raise fault

    with pytest.raises(fault):
        deliver(interrupted(), SPEECH.size, SoundSpec(), kind, target, chapters=CHAPTERS)

    assert [p.name for p in tmp_path.iterdir()] == [target.name]
    assert target.read_bytes() == b"as it was"


@pytest.mark.parametrize("kind", list(Format))
def test_fewer_frames_than_announced_are_no_episode(kind, tmp_path):
    """Whoever calls it has made a mistake."""
    pytest.importorskip("av", reason="the extra formats is not installed")
    with pytest.raises(ValueError, match="were announced"):
        deliver(blocks(SPEECH), SPEECH.size + 5, SoundSpec(), kind, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
import numpy as np
from pathlib import Path
from audiobrief.assemble.delivery import deliver
from audiobrief.errors import StoreError
from audiobrief.model.audio import Format, SoundSpec
frames = np.random.default_rng(1).integers(-5000, 5000, 20 * 44100).astype(np.int16)
try:
    deliver([frames[:400000], frames[400000:]], frames.size, SoundSpec(), Format(sys.argv[1]),
            Path(sys.argv[2]))
except StoreError as error:
    print(error.subject)
"""


@pytest.mark.parametrize("kind", list(Format))
def test_a_disk_that_takes_no_more_is_an_error_with_its_path(kind, tmp_path):
    """A limit of the system stands for a full disk."""
    pytest.importorskip("av", reason="the extra formats is not installed")
    pytest.importorskip("resource", reason="Windows has no such limit")
    target = tmp_path / f"sound.{kind}"
    command = [sys.executable, "-c", FULL, kind, target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == (f"{target}\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def scripted(monkeypatch, tmp_path):
    """Put an ffmpeg that fails before all others on the PATH, and hide PyAV."""
    if os.name == "nt":
        pytest.skip("the scripted program is for POSIX")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "ffmpeg"
    script = Path(__file__).with_name("scripted_ffmpeg.py").read_text(encoding="utf-8")
    program.write_text(f"#!{sys.executable} -IS\n{script}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(sys.modules, "audiobrief.assemble.libav", None)
    monkeypatch.setattr(ffmpeg_program, "STALL_S", 0.5)
    monkeypatch.setattr(ffmpeg_program, "FINISH_S", 0.5)

    def fail(fault):
        monkeypatch.setenv("SCRIPTED_FAULT", fault)

    return fail


@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        ("fails", AudioError, "ffmpeg cannot encode: Error initializing output stream"),
        ("closes", AudioError, "ffmpeg cannot encode: I want no more"),
        ("hangs", AudioError, "ffmpeg hangs"),
        ("hangs at the end", AudioError, "ffmpeg hangs"),
        ("cuts", AudioError, "the encoder lost sound"),
        ("is full", StoreError, "No space left on device"),
    ],
)
def test_an_ffmpeg_that_fails_is_told_with_its_last_line(scripted, fault, kind, message, tmp_path):
    """It is ended, and nothing of it is left."""
    scripted(fault)
    target = tmp_path / "out" / "sound.m4a"
    target.parent.mkdir()

    with pytest.raises(kind, match=re.escape(message)) as caught:
        deliver(blocks(SPEECH), SPEECH.size, SoundSpec(), Format.M4A, target, chapters=CHAPTERS)

    assert caught.value.remedy
    assert list(target.parent.iterdir()) == []


def test_an_opus_file_that_is_none_is_refused(scripted, tmp_path):
    """An exit code of 0 is not believed."""
    scripted("cuts")
    with pytest.raises(AudioError, match="0 frames in the file"):
        deliver(blocks(SPEECH), SPEECH.size, SoundSpec(), Format.OPUS, tmp_path / "x")
    assert [p.name for p in tmp_path.iterdir()] == ["bin"]


@pytest.mark.parametrize("kind", LOSSY)
def test_without_pyav_and_ffmpeg_the_error_says_what_to_install(kind, monkeypatch, tmp_path):
    """What, where, how to mend it; exit code 4, before any sound is asked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "audiobrief.assemble.libav", None)

    with pytest.raises(EncoderUnavailableError) as caught:
        deliver(iter(()), 0, SoundSpec(), kind, tmp_path / "x")

    assert caught.value.exit_code == 4
    assert kind in caught.value.subject
    assert "pip install 'audiobrief[formats]'" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_flac_and_wav_need_nothing_more(monkeypatch, tmp_path):
    """They are made where neither PyAV nor ffmpeg is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "audiobrief.assemble.libav", None)

    assert made(Format.FLAC, tmp_path).encoder.startswith("libsndfile")


def test_an_ffmpeg_without_the_encoder_is_none(monkeypatch, scripted, tmp_path):
    """An experimental Opus encoder does not count."""
    program = tmp_path / "bin" / "ffmpeg"
    lines = program.read_text(encoding="utf-8").replace(" A....D libopus ", " A..X.. opus ")
    program.write_text(lines, encoding="utf-8")

    assert encoder_of(Format.M4A) == "ffmpeg 0-scripted"
    with pytest.raises(EncoderUnavailableError, match="libopus"):
        encoder_of(Format.OPUS)


def test_a_wav_file_beyond_4_gb_is_refused_by_name():
    """Its header could not tell the length; FLAC can."""
    hours_13 = 13 * 3600 * RATE_HZ
    refuse_too_long(hours_13, SoundSpec(), Format.WAV)
    refuse_too_long(2 * hours_13, SoundSpec(channels=2), Format.FLAC)

    with pytest.raises(AudioError, match="4 GB") as caught:
        refuse_too_long(hours_13, SoundSpec(channels=2), Format.WAV)
    assert "flac" in caught.value.remedy
