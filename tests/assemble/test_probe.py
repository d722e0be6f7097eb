"""Reading MP3 files back: facts, foreign files, broken ones."""

import io

import numpy as np
import pytest
import soundfile

from audiobrief.assemble.probe import measure, probe
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import SoundSpec
from tests.mp3 import encode


@pytest.fixture(scope="module")
def mp3():
    """One second of tone as this package writes it."""
    frames = np.rint(8000 * np.sin(0.1 * np.arange(44100))).astype(np.int16)
    target = io.BytesIO()
    encode([frames], SoundSpec(), target)
    return target.getvalue()


def written(tmp_path, content):
    path = tmp_path / "episode.mp3"
    path.write_bytes(content)
    return path


def test_facts_of_our_own_file(mp3, tmp_path):
    """Rate, channels, bit rate, length and the Info tag, from the frames themselves."""
    facts = probe(written(tmp_path, mp3))

    assert (facts.sample_rate_hz, facts.channels, facts.bitrate_kbps) == (44100, 1, 96)
    assert facts.is_constant
    assert facts.pcm_frame_count == 44100
    assert facts.duration_ms == 1000
    assert facts.byte_count == len(mp3)
    assert facts.info is not None
    assert (facts.info.frame_count, facts.info.byte_count) == (facts.frame_count, len(mp3))


def test_tags_before_and_after_are_skipped(mp3, tmp_path):
    """An ID3v2 tag in front and an ID3v1 tag behind change nothing."""
    id3v2 = b"ID3\x03\x00\x00\x00\x00\x02\x05" + bytes(2 * 128 + 5)
    id3v1 = b"TAG".ljust(128, b"\0")

    plain = probe(written(tmp_path, mp3))
    tagged = probe(written(tmp_path, id3v2 + mp3 + id3v1))

    assert tagged == plain


def test_a_foreign_file_of_varying_bit_rate_is_recognized(tmp_path):
    """What libsndfile writes as VBR is not taken for constant; its Xing tag is read."""
    path = tmp_path / "vbr.mp3"
    random = np.random.default_rng(1)
    loud = random.standard_normal(88200) * np.repeat([0.0, 0.3], 44100)
    with soundfile.SoundFile(
        path, "w", 44100, 1, format="MP3", subtype="MPEG_LAYER_III", bitrate_mode="VARIABLE"
    ) as sound:
        sound.write(loud)

    facts = probe(path)

    assert not facts.is_constant
    assert facts.info is not None
    assert facts.info.frame_count == facts.frame_count
    assert facts.pcm_frame_count == 88200


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda _: b"", "no MP3 frames"),
        (lambda _: b"ID3\x03\x00\x00\x00\x00\x00\x00", "no MP3 frames"),
        (lambda _: b"<html>not found</html>", "no MP3 frame at byte 0"),
        (lambda mp3: mp3[:-10], "cut off"),
        (lambda mp3: mp3[:5000] + bytes(700) + mp3[5700:], "no MP3 frame at byte"),
    ],
)
def test_a_broken_file_is_named(spoil, problem, mp3, tmp_path):
    """Empty, no MP3, cut off, overwritten: each is told with the path."""
    path = written(tmp_path, spoil(mp3))

    with pytest.raises(AudioError, match=problem) as error:
        probe(path)

    assert error.value.subject == str(path)


@pytest.mark.parametrize("read", [probe, measure])
def test_a_missing_file_is_named(read, tmp_path):
    """The error says which file cannot be read."""
    with pytest.raises(StoreError, match=r"gone\.mp3"):
        read(tmp_path / "gone.mp3")


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>"])
def test_what_cannot_be_decoded_is_named(content, tmp_path):
    """The levels of what is no sound cannot be measured."""
    with pytest.raises(AudioError, match=r"episode\.mp3"):
        measure(written(tmp_path, content))
