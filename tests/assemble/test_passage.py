"""Passages: the same bytes however they are made, and as good as one stream when joined."""

import io
import random
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile

from audiobrief.assemble import passage
from audiobrief.assemble.lame import interleaved, make_encoder
from audiobrief.assemble.mp3frame import BITRATES_OF_RATE
from audiobrief.assemble.passage import (
    GRID_FRAMES,
    LEAD_MP3_FRAMES,
    LEAST_SILENCE_FRAMES,
    Placed,
    encode_passage,
    join,
)
from audiobrief.assemble.probe import probe
from audiobrief.errors import AudioError
from audiobrief.model.audio import SoundSpec

#: What LAME and every decoder put in front: 576 + 529 PCM frames. Nothing takes them off here,
#: since there is no Info frame.
DELAY_FRAMES = 1105


def noise(frame_count, seed=1, level=3000):
    """Return sound without an edge fade, hard to encode."""
    shape = np.random.default_rng(seed).standard_normal(frame_count)
    return np.clip(level * shape, -32768, 32767).astype(np.int16)


def placed_at_least_silence(sounds):
    """Return where each sound starts, as close together as is allowed, and the whole's length."""
    starts, position = [], LEAD_MP3_FRAMES * GRID_FRAMES
    for sound in sounds:
        starts.append(-(-position // GRID_FRAMES))
        position = starts[-1] * GRID_FRAMES + sound.size + LEAST_SILENCE_FRAMES
    return starts, -(-position // GRID_FRAMES) + 1


def joined(sounds, starts, mp3_frame_count, spec):
    passages = [encode_passage([sound], spec) for sound in sounds]
    placed = map(Placed, starts, passages)
    return b"".join(join(placed, lambda: mp3_frame_count, spec))


def pcm_of(sounds, starts, mp3_frame_count):
    pcm = np.zeros(mp3_frame_count * GRID_FRAMES, np.int16)
    for sound, start in zip(sounds, starts, strict=True):
        pcm[start * GRID_FRAMES :][: sound.size] = sound
    return pcm


def in_one_stream(pcm, spec):
    encoder = make_encoder(spec)
    return bytes(encoder.encode(interleaved(pcm, spec)) + encoder.flush())


def errors_of(content, pcm):
    """Return the difference to the PCM, sample by sample."""
    decoded, _ = soundfile.read(io.BytesIO(content), always_2d=True)
    heard = 32768 * decoded[DELAY_FRAMES:, 0]
    count = min(heard.size, pcm.size)
    return heard[:count] - pcm[:count]


def power_db(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=float)))


@pytest.mark.parametrize("rate_hz", BITRATES_OF_RATE)
@pytest.mark.parametrize("bitrate_kbps", [96, 128, 320])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_alignment_of_a_sound_ends_before_the_next_may_start(rate_hz, bitrate_kbps, channels):
    """At the least silence passages never overlap, and what is decoded between them is silence."""
    spec = SoundSpec(bitrate_kbps=bitrate_kbps, sample_rate_hz=rate_hz, channels=channels)
    sounds = [noise(6000 + 97 * n, seed=n, level=9000) for n in range(13)]
    starts, count = placed_at_least_silence(sounds)
    pcm = pcm_of(sounds, starts, count)

    decoded, _ = soundfile.read(io.BytesIO(joined(sounds, starts, count, spec)), always_2d=True)

    assert decoded.shape == (count * GRID_FRAMES, channels)
    heard = decoded[DELAY_FRAMES:]
    for sound, start in zip(sounds, starts, strict=True):
        end = start * GRID_FRAMES + sound.size
        # Windows spread a sound over what is beside it, this far; -120 dBFS is rounding.
        assert np.abs(heard[end + 1152 : end + LEAST_SILENCE_FRAMES - 1152]).max() < 1e-6
        lags = np.correlate(
            heard[start * GRID_FRAMES :][:4040, 0], pcm[start * GRID_FRAMES + 20 :][:4000], "full"
        )
        assert np.argmax(lags) == 3999 + 20


def test_joined_passages_are_as_good_as_one_stream(make_clip):
    """Within half a decibel over the whole, and in the MP3 frames beside the joins."""
    spec = SoundSpec()
    sounds = [
        np.frombuffer(make_clip(2.0 + 0.1 * n, 44100, seed=n, pitch_hz=90 + 20 * n).pcm, "<i2")
        for n in range(8)
    ]
    sounds = [sound[np.flatnonzero(sound)[0] : np.flatnonzero(sound)[-1] + 1] for sound in sounds]
    starts, count = placed_at_least_silence(sounds)
    pcm = pcm_of(sounds, starts, count)

    found = errors_of(joined(sounds, starts, count, spec), pcm)
    expected = errors_of(in_one_stream(pcm, spec), pcm)[: found.size]

    assert power_db(found) <= power_db(expected) + 0.5
    beside = np.zeros(found.size, bool)
    for sound, start in zip(sounds, starts, strict=True):
        first, last = start * GRID_FRAMES, start * GRID_FRAMES + sound.size
        beside[first - 576 : first + 2304] = beside[last - 2304 : last + 576] = True
    assert power_db(found[beside]) <= power_db(expected[beside]) + 0.5


@pytest.mark.parametrize("bitrate_kbps", BITRATES_OF_RATE[44100])
def test_the_bit_rate_is_kept(bitrate_kbps, tmp_path):
    """However many passages there are, the bytes are those of the exact bit rate, within two."""
    spec = SoundSpec(bitrate_kbps=bitrate_kbps)
    sounds = [noise(4000 + 1000 * (n % 12), seed=n) for n in range(60)]
    starts, count = placed_at_least_silence(sounds)
    path = tmp_path / "joined.mp3"
    path.write_bytes(joined(sounds, starts, count, spec))

    facts = probe(path)

    assert (facts.frame_count, facts.is_constant, facts.bitrate_kbps) == (count, True, bitrate_kbps)
    exact_bytes = count * GRID_FRAMES * bitrate_kbps * 125 / 44100
    assert abs(path.stat().st_size - exact_bytes) < 2


@pytest.mark.parametrize("bitrate_kbps", [64, 96])
def test_a_passage_sounds_the_same_wherever_it_stands(bitrate_kbps):
    """With or without padding in its first MP3 frame, to the bit, after the same or another one."""
    spec = SoundSpec(bitrate_kbps=bitrate_kbps)
    sounds = [noise(9000), *(noise(3000 + 500 * n, seed=n) for n in range(12)), noise(9000)] * 5
    starts, count = placed_at_least_silence(sounds)
    content = joined(sounds, starts, count, spec)

    decoded, _ = soundfile.read(io.BytesIO(content))

    first = decoded[starts[0] * GRID_FRAMES :][: 9000 + LEAST_SILENCE_FRAMES]
    assert first.any()
    for sound, start in zip(sounds, starts, strict=True):
        if sound.size == 9000 and np.array_equal(sound, sounds[0]):
            np.testing.assert_array_equal(decoded[start * GRID_FRAMES :][: first.size], first)
    kept = encode_passage([sounds[0]], spec)
    padded = content.count(kept[4:21] + b"\0" + kept[21:])
    assert padded > 0
    assert padded + content.count(kept) == 10


@pytest.mark.parametrize("program", [["mp3val"], ["mp3check", "-e", "-S"]])
def test_other_programs_find_nothing_wrong(program, tmp_path):
    """The checkers that know frames, bit rates and stream errors are content."""
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    sounds = [noise(9000 + 500 * n, seed=n) for n in range(5)]
    starts, count = placed_at_least_silence(sounds)
    path = tmp_path / "joined.mp3"
    path.write_bytes(joined(sounds, starts, count, SoundSpec()))

    done = subprocess.run(
        [*program, path], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )

    found = [line for line in done.stdout.splitlines() if "WARNING" in line or "ERROR" in line]
    assert [line for line in found if "No supported tags" not in line] == []
    assert "warning" not in done.stderr.lower()
    if program[0] == "mp3check":
        assert done.stdout == ""


def test_a_passage_depends_on_nothing_but_its_sound():
    """Any order, any thread, any blocks, whatever was encoded before: the same bytes."""
    sounds = [noise(20_000 + 100 * n, seed=n) for n in range(12)]
    spec = SoundSpec()
    expected = [encode_passage([sound], spec) for sound in sounds]
    order = list(range(len(sounds)))
    random.Random(5).shuffle(order)

    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda n: encode_passage(np.array_split(sounds[n], n + 1), spec), order)
        assert [expected[n] for n in order] == list(found)


def test_silence_is_no_passage():
    """Exact silence needs no MP3 frame of its own; an episode of nothing else can be made."""
    spec = SoundSpec()
    nothing = encode_passage([np.zeros(5000, np.int16)], spec)

    content = b"".join(join([Placed(10, nothing)], lambda: 20, spec))

    assert nothing == b""
    decoded, _ = soundfile.read(io.BytesIO(content))
    assert decoded.size == 20 * GRID_FRAMES
    assert not decoded.any()


def test_passages_that_overlap_are_refused():
    """Both in the middle and at the end."""
    spec = SoundSpec()
    one = encode_passage([noise(10 * GRID_FRAMES)], spec)

    with pytest.raises(ValueError, match="a passage ends at MP3 frame 13, what follows starts at"):
        list(join([Placed(2, one), Placed(14, one)], lambda: 40, spec))
    with pytest.raises(ValueError, match="what follows starts at 12"):
        list(join([Placed(2, one)], lambda: 12, spec))


def test_an_encoder_that_gives_silence_bits_is_refused_by_name():
    """Then no passage ends, and joining would tear sound."""
    spec = SoundSpec()
    stream = in_one_stream(noise(40 * GRID_FRAMES), spec)
    with pytest.raises(AudioError, match="does not keep silence apart") as error:
        passage._end_of_sound(stream, passage._starts(stream)[:21])
    assert "lameenc" in error.value.remedy
