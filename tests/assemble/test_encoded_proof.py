"""An encoder that loses or spoils a part of a passage is found out before the part is kept."""

import errno
import sys

import numpy as np
import pytest

from audiobrief.assemble import encoded
from audiobrief.assemble.encoded import encode_part
from audiobrief.assemble.passage import encode_passage
from audiobrief.errors import AudioError
from audiobrief.model.audio import SoundSpec

SPEC = SoundSpec()
SECONDS = 4
RATE_HZ = SPEC.sample_rate_hz


def voice_like(seed=1):
    """Return sound that rises and falls like speech, down to silence at its ends."""
    rng = np.random.default_rng(seed)
    frame_count = SECONDS * RATE_HZ
    time_s = np.arange(frame_count) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * f * time_s + seed) for f in (120, 240, 480, 960, 1900))
    loudness = 0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 1.5 * time_s))
    fade = np.minimum(1, np.minimum(time_s, SECONDS - time_s) / 0.02)
    return (2500 * fade * loudness * (tone + 0.3 * rng.standard_normal(frame_count))).astype(
        np.int16
    )


def spoiled(how):
    """Return an encoder that is given something else than it was asked for."""

    def encode(blocks, spec):
        return encode_passage([how(np.concatenate(list(blocks)))], spec)

    return encode


def without(first_s, last_s):
    def how(sound):
        sound = sound.copy()
        sound[round(first_s * RATE_HZ) : round(last_s * RATE_HZ)] = 0
        return sound

    return how


def test_what_an_encoder_keeps_is_kept(tmp_path):
    """The sound as it went in passes."""
    part = encode_part([voice_like()], [], SPEC, tmp_path)
    assert part.frame_count == SECONDS * RATE_HZ


@pytest.mark.parametrize(
    "how",
    [
        without(0.0, 1.0),
        without(1.5, 2.25),
        without(3.2, 4.0),
        lambda sound: np.roll(sound, 300),
        lambda _sound: voice_like(seed=2),
        lambda sound: np.concatenate((sound[: sound.size // 2], -sound[sound.size // 2 :])),
    ],
    ids=["no beginning", "a hole", "no end", "shifted", "another", "half of it inverted"],
)
def test_what_an_encoder_spoils_is_refused(how, tmp_path, monkeypatch):
    """A beginning, an end, a stretch of three quarters of a second: none can go missing."""
    monkeypatch.setattr(encoded, "encode_passage", spoiled(how))
    with pytest.raises(AudioError, match="not whole in the encoded sound"):
        encode_part([voice_like()], [], SPEC, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's length")
def test_a_disk_that_takes_but_half_of_it_is_no_fault_of_the_encoder(tmp_path):
    """The system writes what there is room for, and tells the fault only when asked again."""
    import resource  # noqa: PLC0415 - Unix

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(OSError, match=r"part\.mp3") as told:
            encode_part([voice_like()], [], SPEC, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert told.value.errno == errno.EFBIG
