"""Other formats than MP3: length, level, chapters and bytes, judged by other programs; faults."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.assemble import ffmpeg_program, lossy
from audiobrief.assemble.delivery import deliver, encoder_of
from audiobrief.assemble.lossless import refuse_too_long
from audiobrief.assemble.master import aim_of, master
from audiobrief.errors import AudioError, EncoderUnavailableError, StoreError
from audiobrief.model.audio import Clip, Format, SoundSpec
from audiobrief.model.episode import Chapter
from audiobrief.publish.cover import draw_cover, thumbnail
from audiobrief.sound.limiter import limit
from audiobrief.sound.peak import true_peak
from audiobrief.tag.delivery import write_delivery_tags
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


@pytest.fixture(params=["PyAV", "ffmpeg"])
def road(request, monkeypatch):
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


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("channels", [1, 2])
def test_flac_and_wav_hold_every_frame(kind, channels, tmp_path):
    """Decoded, they are the PCM, in every channel, with tags too."""
    made(kind, tmp_path, spec=SoundSpec(channels=channels))
    write_delivery_tags(tmp_path / f"sound.{kind}", kind, TAGS)

    sound, rate_hz = soundfile.read(tmp_path / f"sound.{kind}", dtype="int16", always_2d=True)

    assert rate_hz == RATE_HZ
    assert sound.shape[1] == channels
    for channel in sound.T:
        assert np.array_equal(channel, SPEECH)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("extra", [0, 1, 1023])
def test_an_m4a_begins_and_ends_with_the_sound(road, channels, extra, tmp_path):
    """The header tells the length of the PCM; a decoder gives every frame at its place."""
    frames = SPEECH[: 2 * RATE_HZ + extra]
    path = made(Format.M4A, tmp_path, frames, SoundSpec(channels=channels), ()).path
    facts = probed(path)
    sound = decoded(path)

    length_s = frames.size / RATE_HZ
    # The header counts milliseconds in its film, frames in its track.
    assert float(facts["format"]["duration"]) == pytest.approx(length_s, abs=0.0011)
    assert float(facts["streams"][0]["duration"]) == pytest.approx(length_s, abs=0.001)
    assert facts["streams"][0]["profile"] == "LC"
    # ffmpeg 5.1 gives the last frame of AAC whole.
    assert 0 <= len(sound) - frames.size < 1024
    middle = sound[20_000:60_000, 0] * 32768.0
    assert lag(frames[20_000:60_000], middle) == 0
    assert snr_db(frames[20_000:60_000], middle) > 20.0


@pytest.mark.parametrize("rate_hz", [44100, 48000])
@pytest.mark.parametrize("extra", [1, 959])
def test_an_opus_file_has_exactly_the_length_of_the_sound(road, rate_hz, extra, tmp_path):
    """Pre-skip and the last granule position cut off what the encoder has added."""
    frames = SPEECH[: 2 * RATE_HZ + extra]
    path = made(Format.OPUS, tmp_path, frames, SoundSpec(sample_rate_hz=rate_hz), ()).path

    wanted = round(frames.size * 48000 / rate_hz)
    assert len(decoded(path)) == soundfile.info(path).frames == wanted


@pytest.mark.parametrize("kind", LOSSY)
def test_mutagen_reads_the_length_within_a_frame(road, kind, tmp_path):
    """An M4A's includes the 1024 frames of AAC before the sound; Opus is exact."""
    import mutagen  # noqa: PLC0415 - its own import is slow

    path = made(kind, tmp_path).path
    off_s = mutagen.File(path).info.length - SPEECH.size / RATE_HZ

    assert 0.0 <= off_s <= (1024 / RATE_HZ + 1e-6 if kind is Format.M4A else 0.001)


def lag(wanted, found):
    """Return by how many frames the second lies later."""
    spectrum = np.fft.rfft(found) * np.conj(np.fft.rfft(wanted.astype(float)))
    peak = int(np.argmax(np.fft.irfft(spectrum)))
    return peak if peak < wanted.size // 2 else peak - wanted.size


def snr_db(wanted, found):
    wanted = wanted.astype(float)
    return 10 * np.log10(np.sum(wanted**2) / np.sum((wanted - found) ** 2))


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("channels", [1, 2])
def test_levels_are_kept_by_every_format(road, kind, channels, tmp_path):
    """-16 LUFS as heard, within 0.3; at most -1 dBTP."""
    frames = np.concatenate([speech(10.0, seed=seed) for seed in (1, 2)])
    path = made(kind, tmp_path, frames, SoundSpec(channels=channels), ()).path
    reference = made(Format.WAV, tmp_path / "..", frames, SoundSpec(channels=channels)).path

    loudness_lufs, peak_dbtp = levels(path)

    assert loudness_lufs == pytest.approx(levels(reference)[0], abs=0.3)
    assert peak_dbtp <= -1.0


@pytest.mark.parametrize("kind", list(Format))
def test_ffprobe_shows_chapters_and_tags(road, kind, tmp_path):
    """Titles with any character, in order, the last one up to the end; text and cover."""
    path = made(kind, tmp_path).path
    write_delivery_tags(path, kind, TAGS)
    facts = probed(path)

    tags = {k.lower(): v for k, v in facts["format"].get("tags", {}).items()}
    tags |= {k.lower(): v for k, v in facts["streams"][0].get("tags", {}).items()}
    found = [(c["tags"]["title"], round(1000 * float(c["start_time"]))) for c in facts["chapters"]]
    assert found == [(c.title, c.start_ms) for c in CHAPTERS]
    assert tags["title"] == TAGS.title
    assert tags["artist"] == TAGS.artist
    assert tags["album"] == TAGS.album
    assert "2026" in json.dumps(tags)
    assert "encoder" not in tags or "Lav" not in tags["encoder"]
    pictures = [s for s in facts["streams"] if s["disposition"]["attached_pic"]]
    assert len(pictures) == 1
    if kind is Format.M4A:
        assert float(facts["chapters"][-1]["end_time"]) == pytest.approx(7.0, abs=0.002)


@pytest.mark.parametrize("kind", list(Format))
def test_tags_leave_the_sound_alone_and_are_replaced_whole(kind, tmp_path):
    """Tagged twice, the bytes are the same; what is decoded is what was encoded."""
    pytest.importorskip("av", reason="the extra formats is not installed")
    path = made(kind, tmp_path).path
    before = decoded(path)
    write_delivery_tags(path, kind, TAGS)
    once = path.read_bytes()
    write_delivery_tags(path, kind, TAGS)

    assert path.read_bytes() == once
    assert np.array_equal(decoded(path), before)


def test_the_index_of_an_m4a_lies_before_the_sound(road, tmp_path):
    """A player starts before it has the whole file, also after tagging."""
    path = made(Format.M4A, tmp_path).path
    write_delivery_tags(path, Format.M4A, TAGS)

    names = boxes(path)
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")


def test_an_m4a_has_chapters_of_both_kinds(road, tmp_path):
    """QuickTime's text track for Apple, Nero's list for others."""
    path = made(Format.M4A, tmp_path).path
    write_delivery_tags(path, Format.M4A, TAGS)
    head = path.read_bytes().partition(b"mdat")[0]

    assert b"chap" in head
    assert b"chpl" in head
    assert b"text" in head


@pytest.mark.parametrize("kind", list(Format))
def test_the_same_sound_gives_the_same_bytes(road, kind, tmp_path):
    """However it is divided into blocks; no date, serial number or version slips in."""
    digests = set()
    for length in (1000, 44_100, SPEECH.size):
        path = tmp_path / f"{length}.{kind}"
        deliver(blocks(SPEECH, length), SPEECH.size, SoundSpec(), kind, path, chapters=CHAPTERS)
        write_delivery_tags(path, kind, TAGS)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())

    assert len(digests) == 1
    assert b"Lavf" not in path.read_bytes()


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_limiting_in_windows_is_limiting_the_whole(data):
    """Wherever a peak lies, no step shows where two windows meet."""
    size = data.draw(st.integers(1, 400_000))
    sound = 0.5 * np.sin(np.arange(size) * 0.05)
    for place in data.draw(st.lists(st.integers(0, size - 1), max_size=8)):
        sound[place : place + 300] *= data.draw(st.floats(0.5, 2.0))
    length = data.draw(st.integers(3000, 500_000))

    pieces = list(lossy._limited(blocks(sound, length), RATE_HZ, 0.6))
    found = np.concatenate(pieces)

    assert found.size == size
    assert true_peak(found) <= 0.6001
    assert np.abs(found - limit(sound, RATE_HZ, 0.6)).max() < 2e-3


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


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("count", [1, 1000])
def test_a_sound_of_one_frame_can_be_delivered(road, kind, count, tmp_path):
    """As short as it may be, it has its length."""
    frames = np.full(count, 1000, np.int16)
    assert made(kind, tmp_path, frames, chapters=()).duration_ms == round(1000 * count / RATE_HZ)


@pytest.mark.parametrize("kind", list(Format))
def test_nothing_is_printed(road, kind, tmp_path, capfd):
    """Libraries and programs keep their reports to themselves."""
    made(kind, tmp_path)

    assert capfd.readouterr() == ("", "")
