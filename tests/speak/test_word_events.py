"""Words, marks, and what has none (pure)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.audio import Clip, WordMark
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw, uncovered_words
from audiobrief.speak.utterance import plain_text, without_mark, words_of
from audiobrief.speak.workers.word_events import marks_of

VOICE = Voice("anchor", "tone", "tone-1")
TEXTS = st.text(st.sampled_from('ab1."— \t😀ب\x00'), max_size=40).map(plain_text)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([(1, 0), (5, 9)], [(0, 3, 0), (4, 7, 9)]),
        ([(1, 0), (2, 4), (2, 6), (5, 9)], [(0, 3, 0), (4, 7, 9)]),  # a figure
        ([(1, 0), (4, 9)], [(0, 3, 0), (4, 7, 9)]),  # at the space before the word
        ([(1, 0), (4, 5), (5, 9)], [(0, 3, 0), (4, 7, 9)]),  # the end of the word before it
        ([(5, 9), (1, 12)], [(0, 3, 12), (4, 7, 12)]),  # backwards: frames never fall
        ([(1, 0), (99, 9)], [(0, 3, 0), (4, 7, 9)]),
        ([], []),
    ],
)
def test_each_word_gets_its_first_event(events, expected):
    """As espeak-ng was seen to count."""
    marks = marks_of(words_of("one two"), events)
    assert [(mark.start, mark.end, mark.frame) for mark in marks] == expected


@given(TEXTS, st.lists(st.tuples(st.integers(-3, 50), st.integers(0, 9_000)), max_size=20))
def test_marks_are_in_order_and_inside(text, events):
    """Whatever the events are, words are marked once, and frames never fall."""
    words = words_of(text)
    marks = marks_of(words, events if words else [])
    assert [mark.start for mark in marks] == sorted({mark.start for mark in marks})
    assert [mark.frame for mark in marks] == sorted(mark.frame for mark in marks)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)


@given(TEXTS, st.data())
def test_what_is_not_marked_is_missing(text, data):
    """Exactly the words with a letter or digit whose mark was left out, and no other."""
    words = words_of(text)
    kept = [word for word in words if data.draw(st.booleans())]
    missing = without_mark(words, [(word.start, word.end) for word in kept])
    assert missing == [n for n, word in enumerate(words) if word.is_spoken and word not in kept]


def test_a_mark_over_two_words_covers_both():
    """As "of the", which some engines say as one word."""
    clip = Clip(b"", 22050, (WordMark(0, 3, 0), WordMark(4, 10, 5)))
    assert uncovered_words("out of the box", clip) == ("box",)


def test_a_clip_that_lacks_words_is_refused_with_their_names():
    """Its length would have been plausible."""
    clip = Clip(b"\x00\x20\x00\xe0" * 22_050, 22050, (WordMark(0, 3, 0),))
    assert find_flaw(clip, "One, two, three.", VOICE) == "it lacks words: two three"


def test_a_clip_without_marks_is_judged_by_its_sound():
    """Most engines give none."""
    assert uncovered_words("One, two.", Clip(b"", 22050)) == ()
