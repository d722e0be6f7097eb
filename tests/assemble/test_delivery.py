"""Other formats than MP3: length, level, chapters and bytes, judged by other programs."""

import hashlib
import json

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.assemble import lossy
from audiobrief.assemble.delivery import deliver
from audiobrief.model.audio import Format, SoundSpec
from audiobrief.sound.limiter import limit
from audiobrief.sound.peak import true_peak
from audiobrief.tag.delivery import write_delivery_tags
from tests.assemble.delivered import (
    CHAPTERS,
    LOSSLESS,
    LOSSY,
    RATE_HZ,
    SPEECH,
    TAGS,
    blocks,
    boxes,
    decoded,
    lag,
    levels,
    made,
    probed,
    road_fixture,  # noqa: F401 - `road`
    snr_db,
    speech,
)


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
