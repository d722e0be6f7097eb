"""The bed under speech: its gain at every frame, its loop, the sum of both below the ceiling."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.sound import mixing
from audiobrief.sound.ducking import (
    ATTACK_MS,
    DUCKED_LU,
    LEAST_PAUSE_MS,
    OPEN_LU,
    RELEASE_MS,
    Stretch,
    duck,
    lead_frames,
    stretch_around,
    tail_frames,
)
from audiobrief.sound.limiter import limit
from audiobrief.sound.mixing import Loop, mix_stretch
from audiobrief.sound.peak import true_peak

RATE_HZ = 8000
DUCKED = 10 ** ((DUCKED_LU - OPEN_LU) / 20)


@st.composite
def stretches(draw):
    """Draw clips with pauses of all lengths, and the stretch around them."""
    position = draw(st.integers(lead_frames(RATE_HZ), 50_000))
    spoken = []
    for _ in range(draw(st.integers(1, 6))):
        length = draw(st.integers(1, 12_000))
        spoken.append((position, position + length))
        position += length + draw(st.integers(0, 4 * RATE_HZ))
    return stretch_around(spoken, RATE_HZ)


def gain_of(stretch):
    """Return the gain of all frames of a stretch."""
    return duck(stretch).part(0, stretch.frame_count)


@settings(max_examples=80, deadline=None)
@given(stretch=stretches())
def test_words_lie_on_a_ducked_bed_and_the_edges_on_none(stretch):
    """Never above the open level, exactly silent at both ends, down wherever a word is spoken."""
    gain = gain_of(stretch)

    assert gain[0] == gain[-1] == 0.0
    assert gain.min() >= 0.0
    assert gain.max() <= 1.0
    for start, end in stretch.spoken:
        assert gain[start:end] == pytest.approx(DUCKED)


@settings(max_examples=80, deadline=None)
@given(stretch=stretches())
def test_it_rises_in_long_pauses_alone(stretch):
    """Up and down once in each, at rest in all others."""
    gain = gain_of(stretch)

    for (_, end), (start, _) in pairwise(stretch.spoken):
        pause = gain[end:start]
        if start - end > LEAST_PAUSE_MS * RATE_HZ / 1000:
            top = round(RELEASE_MS * RATE_HZ / 1000)
            assert pause.max() == pytest.approx(1.0)
            assert (np.diff(pause[: top + 1]) >= -1e-12).all()
            assert (np.diff(pause[top:]) <= 1e-12).all()
        else:
            assert pause == pytest.approx(np.full(pause.size, DUCKED))


@settings(max_examples=80, deadline=None)
@given(stretch=stretches())
def test_its_ramps_are_as_slow_as_they_are_said_to_be(stretch):
    """The steepest place of a raised cosine is pi/2 times its mean slope; nothing is steeper."""
    gain = gain_of(stretch)
    first, last = stretch.spoken[0][0], stretch.spoken[-1][1]
    steps_db = np.diff(20 * np.log10(gain[first:last]))
    depth_db, frames_per_ms = OPEN_LU - DUCKED_LU, RATE_HZ / 1000

    assert steps_db.max(initial=0) <= 1.001 * depth_db * np.pi / 2 / (RELEASE_MS * frames_per_ms)
    assert -steps_db.min(initial=0) <= 1.001 * depth_db * np.pi / 2 / (ATTACK_MS * frames_per_ms)
    # The fades at both ends go to nothing, so they are told in magnitudes.
    fastest = DUCKED * np.pi / 2 / (600 * frames_per_ms)
    assert np.abs(np.diff(np.concatenate([gain[:first], gain[last:]]))).max() <= fastest
    assert (np.diff(gain[:first]) >= 0).all()
    assert (np.diff(gain[last:]) <= 0).all()


@settings(max_examples=40, deadline=None)
@given(stretch=stretches(), cuts=st.lists(st.integers(0, 80_000), max_size=5))
def test_a_part_is_the_same_as_in_the_whole(stretch, cuts):
    """However the stretch is divided."""
    gain = duck(stretch)
    edges = sorted({0, stretch.frame_count, *(c for c in cuts if c < stretch.frame_count)})

    parts = [gain.part(start, end) for start, end in pairwise(edges)]

    np.testing.assert_allclose(np.concatenate(parts), gain_of(stretch), rtol=1e-12)


def test_a_stretch_reaches_around_its_speech():
    """Room for the fades before and after, positions from its own first frame."""
    stretch = stretch_around([(10_000, 12_000), (13_000, 20_000)], RATE_HZ)

    assert stretch.start_frame == 10_000 - lead_frames(RATE_HZ)
    assert stretch.end_frame == 20_000 + tail_frames(RATE_HZ)
    assert [b - a for a, b in stretch.spoken] == [2000, 7000]
    assert stretch.spoken[0][0] == lead_frames(RATE_HZ)


@pytest.mark.parametrize("spoken", [(), ((0, 100),), ((50, 200),)])
def test_without_speech_or_room_there_is_no_bed(spoken):
    """A mistake of the caller, told as such."""
    with pytest.raises(ValueError, match=r"speech|room"):
        duck(Stretch(0, 200, spoken, RATE_HZ))


@settings(max_examples=60, deadline=None)
@given(
    frames=st.integers(2, 4000),
    share=st.floats(0.001, 0.5),
    pitch=st.floats(0.01, 1.5),
    start=st.integers(0, 20_000),
)
def test_a_loop_has_no_step_of_its_own(frames, share, pitch, start):
    """Nowhere does it move faster than the music or its fade, however badly the ends match."""
    music = np.sin(pitch * np.arange(frames) + 1.0)
    fade = max(1, round(share * frames)) if frames > 2 else 1
    loop = Loop(frames, fade)

    looped = loop.read(start, 3 * frames, lambda at, count: music[at : at + count])

    step = np.abs(np.diff(music)).max(initial=0.0)
    assert np.abs(looped).max() <= np.sqrt(2) + 1e-9
    # Both ends move by their own steps, and are moved by the fade.
    assert np.abs(np.diff(looped)).max() <= np.sqrt(2) * (step + 0.5 * np.pi / fade) + 1e-9


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(0, 3000), max_size=6), frames=st.integers(2, 900))
def test_a_loop_is_the_same_however_it_is_read(cuts, frames):
    """Piece by piece as in one."""
    music = np.random.default_rng(frames).standard_normal(frames)
    loop = Loop(frames, frames // 2)

    def sound(at, count):
        assert 0 <= at <= at + count <= frames
        return music[at : at + count]

    edges = sorted({0, 3000, *cuts})
    pieces = [loop.read(a, b - a, sound) for a, b in pairwise(edges)]

    np.testing.assert_allclose(np.concatenate(pieces), loop.read(0, 3000, sound), rtol=1e-12)


def test_the_first_round_begins_with_the_music_itself():
    """A stretch begins where the music begins: nothing of its end is mixed in."""
    music = np.arange(1.0, 101.0)

    looped = Loop(100, 20).read(0, 80, lambda at, count: music[at : at + count])

    assert looped.tolist() == music[:80].tolist()


def loud_clips(stretch, ceiling, seed):
    """Return noise like speech for each place, limited to the ceiling as mastering does it."""
    random = np.random.default_rng(seed)
    for start, end in stretch.spoken:
        samples = random.standard_normal(end - start) * random.random(end - start) ** 3
        limited = limit(samples, stretch.sample_rate_hz, ceiling)
        yield np.rint(np.clip(limited, -1, 1) * 32767).astype(np.int16)


def noise(seed, peak):
    """Return an endless bed with peaks at ``peak``."""
    music = np.random.default_rng(seed).standard_normal(4001)
    music *= peak / true_peak(music) / np.sqrt(2)
    return lambda start, count: Loop(4001, 500).read(start, count, lambda a, n: music[a : a + n])


@settings(max_examples=30, deadline=None)
@given(stretch=stretches(), seed=st.integers(0, 99), ceiling=st.floats(0.1, 0.98))
def test_the_sum_stays_below_the_ceiling(stretch, seed, ceiling):
    """Its true peak, even where the bed's own peaks are as high, and nothing is clipped."""
    clips = loud_clips(stretch, ceiling, seed)

    pieces = list(mix_stretch(clips, stretch, duck(stretch), noise(seed, ceiling), ceiling))

    mix = np.concatenate(pieces)
    assert mix.dtype == np.int16
    assert mix.size == stretch.frame_count
    assert true_peak(mix / 32768.0) <= ceiling
    assert mix[0] == mix[-1] == 0


@settings(max_examples=20, deadline=None)
@given(stretch=stretches(), piece=st.integers(100, 50_000))
def test_the_sum_is_the_same_in_pieces_of_any_length(stretch, piece):
    """Frame by frame."""
    bed = noise(1, 0.2)

    def mixed():
        clips = loud_clips(stretch, 0.8, 1)
        return np.concatenate(list(mix_stretch(clips, stretch, duck(stretch), bed, 0.8)))

    usual = mixed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mixing, "_PIECE_FRAMES", piece)
        assert (mixed() == usual).all()


def test_speech_below_the_ceiling_is_added_and_nothing_else():
    """Where nothing exceeds the ceiling, the sum is the sum, and pauses hold the bed alone."""
    stretch = stretch_around([(9000, 12_000), (13_000, 15_000)], RATE_HZ)
    clips = [np.full(3000, 1000, np.int16), np.full(2000, -500, np.int16)]
    bed = noise(3, 0.05)
    gain = duck(stretch)

    mix = np.concatenate(list(mix_stretch(clips, stretch, gain, bed, 0.9)))

    expected = 32768 * bed(0, stretch.frame_count) * gain_of(stretch)
    for clip, (start, end) in zip(clips, stretch.spoken, strict=True):
        expected[start:end] += clip
    assert np.abs(mix - expected).max() <= 0.5 + 1e-6


def test_no_clip_is_asked_for_before_its_turn():
    """The memory that a stretch takes does not grow with it."""
    stretch = stretch_around([(n * 9000, n * 9000 + 8000) for n in range(1, 30)], RATE_HZ)
    asked = []

    def clips():
        for number, (start, end) in enumerate(stretch.spoken):
            asked.append(number)
            yield np.zeros(end - start, np.int16)

    done = 0
    for piece in mix_stretch(clips(), stretch, duck(stretch), noise(1, 0.1), 0.9):
        done += piece.size
        ended = sum(end <= done for _, end in stretch.spoken)
        assert len(asked) <= ended + 1


@pytest.mark.parametrize("lengths", [[], [99], [101], [100, 100]])
def test_clips_that_do_not_fit_are_refused(lengths):
    """Speech that is too long, too short, missing or left over is a mistake of the caller."""
    stretch = stretch_around([(9000, 9100)], RATE_HZ)
    clips = [np.zeros(length, np.int16) for length in lengths]

    with pytest.raises(ValueError, match=r"no clip|more clips"):
        list(mix_stretch(clips, stretch, duck(stretch), noise(1, 0.1), 0.9))
