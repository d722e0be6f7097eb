"""What the recognizer is asked to judge at once."""

from audiobrief.model.episode import TimedSegment
from audiobrief.model.script import Role
from audiobrief.pipeline.hear import passages_of


def segments(*told):
    """Return segments, each of a voice and a number of words, a second long."""
    return [
        TimedSegment(
            str(n), Role.NARRATOR, None, voice, "word " * count, "word " * count,
            1000 * n, 1000 * n + 900, (0, 1), 0,
        )
        for n, (voice, count) in enumerate(told)
    ]  # fmt: skip


def shape(*told):
    """Return voice, place and word count of each passage."""
    return [(p.voice, p.place_ms, len(p.expected)) for p in passages_of(segments(*told), str.split)]


def test_a_long_segment_is_a_passage_of_its_own():
    """Then a wrong one is named exactly."""
    assert shape(("a", 6), ("a", 20)) == [("a", (0, 900), 6), ("a", (1000, 1900), 20)]


def test_short_segments_are_joined_to_what_follows_in_the_same_voice():
    """Chance hears too many of few words."""
    assert shape(("a", 2), ("a", 3), ("a", 9)) == [("a", (0, 2900), 14)]


def test_a_short_segment_between_other_voices_is_not_judged():
    """Nor is one at the end."""
    assert shape(("a", 6), ("b", 2), ("a", 7), ("a", 1)) == [
        ("a", (0, 900), 6),
        ("a", (2000, 2900), 7),
    ]
