"""The pace of a voice is learned from its clips, few or many, and never absurd."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.brief.pace import Pace, Spoken, default_pace, fit_pace
from tests.brief.writing import TOPICS, article

#: A slow voice with long pauses.
SLOW = Pace(letter_s=0.09, end_s=0.6, comma_s=0.4, digit_s=0.35, clip_s=0.15)


def sentences(count, seed=1):
    """Return sentences of all topics."""
    rows = [
        line
        for t in TOPICS
        for line in article(t, seed, 45).replace("\n", " ").split(". ")
        if any(map(str.isalnum, line))
    ]
    return [f"{s.rstrip('.')}." for s in random.Random(seed).sample(rows, count)]


def samples(pace, texts, noise=0.0, seed=1):
    """Return clips of a voice that has exactly this pace, or nearly."""
    rng = random.Random(seed)
    return [Spoken(t, pace.seconds(t) * (1 + rng.gauss(0, noise))) for t in texts]


def test_many_clips_tell_the_pace_of_a_voice() -> None:
    """What it says next is known within 4 %, noise and all; in total within 2 %."""
    fitted = fit_pace(samples(SLOW, sentences(80), noise=0.08))
    test = sentences(60, seed=2)
    ratios = [fitted.seconds(t) / SLOW.seconds(t) for t in test]
    assert sum(abs(r - 1) for r in ratios) / len(ratios) < 0.04
    assert sum(map(fitted.seconds, test)) == pytest.approx(sum(map(SLOW.seconds, test)), rel=0.02)


def test_three_clips_tell_the_speed() -> None:
    """The default would be off by a quarter."""
    fitted = fit_pace(samples(SLOW, sentences(3)))
    test = sentences(60, seed=2)
    real = sum(map(SLOW.seconds, test))
    assert sum(map(default_pace().seconds, test)) < 0.8 * real
    assert sum(map(fitted.seconds, test)) == pytest.approx(real, rel=0.08)


def test_what_the_clips_do_not_hold_stays_plausible() -> None:
    """Digits, where none was spoken, follow the speed of the voice."""
    fitted = fit_pace(samples(SLOW, ["The pier is open again at last."] * 30))
    assert 0.2 < fitted.digit_s < 0.6


def test_a_clip_that_was_cut_is_no_teacher() -> None:
    """Nor one that stalled."""
    clips = samples(SLOW, sentences(30))
    wrong = [Spoken(sentences(1)[0], 0.05), Spoken("No.", 60.0), Spoken("...", 1.0)]
    assert fit_pace([*clips, *wrong]) == fit_pace(clips)


def test_a_voice_that_nobody_heard_has_the_rate_of_its_profile() -> None:
    """Twice as fast, half as long."""
    text = sentences(1)[0]
    slow, fast = default_pace(100).seconds(text), default_pace(200).seconds(text)
    assert slow == pytest.approx(2 * fast)
    assert fit_pace([], rate_wpm=200) == default_pace(200)


@settings(deadline=None)
@given(st.lists(st.builds(Spoken, st.text(max_size=60), st.floats(-1, 1e4)), max_size=12))
def test_no_number_is_ever_below_zero(clips) -> None:
    """Whatever was heard."""
    fitted = fit_pace(clips)
    numbers = [fitted.letter_s, fitted.end_s, fitted.comma_s, fitted.digit_s, fitted.clip_s]
    assert all(0.0 <= n < 1e6 for n in numbers)
