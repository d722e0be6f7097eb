"""A clip is what was put in, or not there."""

import io
import os
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.audio import Clip, WordMark
from audiobrief.store.cache_folder import Usage, prune
from audiobrief.store.clips import ClipCache, parse_clip, render_clip
from audiobrief.store.encoded import EncodedCache

clips = st.builds(
    Clip,
    pcm=st.binary(max_size=400).map(lambda b: b[: len(b) // 2 * 2]),
    sample_rate_hz=st.sampled_from([8000, 22050, 44100, 48000]),
    words=st.lists(st.builds(WordMark, *[st.integers(0, 2**32 - 1)] * 3), max_size=4).map(tuple),
)
KEY = "ab" * 32


@given(clips)
def test_every_clip_comes_back_as_it_was(clip):
    """Rendering and parsing are inverse."""
    assert parse_clip(render_clip(clip)) == clip


@given(clips, st.data())
def test_no_damaged_file_is_taken_for_a_clip(clip, data):
    """A flipped bit or a cut anywhere is noticed."""
    content = bytearray(render_clip(clip))
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        damaged = bytes(content[:place])
    else:
        content[place] ^= 1 << data.draw(st.integers(0, 7))
        damaged = bytes(content)
    assert parse_clip(damaged) is None


def test_the_file_is_a_wav_that_others_read():
    """Python's own reader sees rate, width and sound."""
    clip = Clip(b"\x01\x00\x02\x00", 22050, (WordMark(0, 2, 1),))
    with wave.open(io.BytesIO(render_clip(clip))) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (22050, 2, 1)
        assert sound.readframes(9) == b"\x01\x00\x02\x00"


def test_a_clip_that_was_never_put_is_missing(tmp_path):
    """Nothing is there, and nothing is called damaged."""
    cache = ClipCache(tmp_path)
    assert cache.get(KEY) is None
    assert cache.damaged == []


def test_the_first_of_two_clips_stays(tmp_path):
    """Who speaks the same text at the same time makes the episode of it, too."""
    cache, first, second = ClipCache(tmp_path), Clip(b"\1\0", 22050), Clip(b"\2\0", 22050)
    cache.put(KEY, first)
    ClipCache(tmp_path).put(KEY, second)
    assert cache.get(KEY) == first
    cache.discard(KEY)
    cache.put(KEY, second)
    assert cache.get(KEY) == second


def test_a_damaged_clip_is_discarded_and_counted(tmp_path):
    """It is spoken again, and the user is told."""
    cache = ClipCache(tmp_path)
    cache.put(KEY, Clip(bytes(100), 22050))
    path = cache.path_of(KEY)
    path.write_bytes(path.read_bytes()[:-2])
    assert cache.get(KEY) is None
    assert cache.damaged == [KEY]
    assert not path.exists()


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_clip_takes_the_place_of_one_that_a_power_cut_left_torn(tmp_path, is_looked_at):
    """Whatever is left of it: most often a name without a single byte."""
    cache, clip = ClipCache(tmp_path), Clip(bytes(range(60)), 22050, (WordMark(0, 2, 1),))
    cache.put(KEY, clip)
    path = cache.path_of(KEY)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        if is_looked_at:
            assert cache.glance(KEY) is None
        cache.put(KEY, clip)
        assert cache.glance(KEY) is not None
        assert cache.get(KEY) == clip


@pytest.mark.parametrize(
    "clip",
    [
        Clip(b"\x01\x00", 8000),
        Clip(bytes(range(200)), 22050, (WordMark(0, 2, 1),)),
        Clip(bytes(1000), 48000, (WordMark(0, 2, 1), WordMark(3, 5, 99))),
    ],
)
def test_a_glance_tells_length_rate_and_digest(tmp_path, clip):
    """Without reading the sound; equal digests, equal clips."""
    cache = ClipCache(tmp_path)
    cache.put(KEY, clip)
    facts = cache.glance(KEY)
    assert (facts.frame_count, facts.sample_rate_hz) == (clip.frame_count, clip.sample_rate_hz)
    other = "cd" * 32
    cache.put(other, Clip(clip.pcm, clip.sample_rate_hz + 1, clip.words))
    assert facts.digest != cache.glance(other).digest
    path = cache.path_of(KEY)
    path.write_bytes(path.read_bytes()[:-2])
    assert cache.glance(KEY) is None
    assert cache.damaged == [KEY]
    assert not path.exists()
    assert cache.glance("ef" * 32) is None


def test_encoded_clips_come_back_whole_or_not_at_all(tmp_path):
    """A flipped bit is noticed, and counts as nothing there."""
    cache = EncodedCache(tmp_path)
    assert cache.get(KEY) is None
    cache.put(KEY, b"some bytes")
    assert cache.get(KEY) == b"some bytes"
    path = cache.path_of(KEY)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    assert cache.get(KEY) is None
    assert (cache.damaged, path.exists()) == ([KEY], False)


def test_what_was_not_used_for_longest_is_pruned_first(tmp_path):
    """A clip that was asked for counts as used, one that was only made long ago does not."""
    cache = ClipCache(tmp_path)
    keys = [f"{n:02x}" * 32 for n in range(4)]
    for n, key in enumerate(keys):
        cache.put(key, Clip(bytes(1000), 22050))
        os.utime(cache.path_of(key), (1000 + n, 1000 + n))
    size = cache.path_of(keys[0]).stat().st_size
    assert cache.usage() == Usage(4, 4 * size)
    assert cache.get(keys[0]) is not None
    assert prune([cache], 2 * size, dry_run=True) == Usage(2, 2 * size)
    assert cache.usage().count == 4
    assert prune([cache], 2 * size) == Usage(2, 2 * size)
    assert [cache.path_of(key).is_file() for key in keys] == [True, False, False, True]
    assert prune([cache], 2 * size) == Usage(0, 0)
