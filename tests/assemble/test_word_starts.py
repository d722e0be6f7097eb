"""Printed words and the moment each is heard."""

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.assemble.words import word_start_frames
from audiobrief.model.audio import WordMark
from audiobrief.model.script import Role, Segment
from audiobrief.text.speech.spoken import speak_out


def segment_of(text):
    """Return a segment as the script stage makes it."""
    form = speak_out(text)
    spans = tuple((a, b, c, d) for a, b, c, d in form.spans)
    return Segment("s", Role.NARRATOR, text, form.text, "anchor", 0, (0, 1), 0, spans=spans)


def marks_of(spoken):
    """Return a mark for each spoken word, its frame a hundred times its place in the text."""
    marks = []
    position = 0
    for word in spoken.split():
        start = spoken.index(word, position)
        position = start + len(word)
        marks.append(WordMark(start, position, 100 * start))
    return tuple(marks)


def test_plain_words_begin_where_they_are_spoken():
    """Spoken as printed: one mark a word."""
    segment = segment_of("Rain came to town.")
    assert word_start_frames(segment, marks_of(segment.spoken)) == (0, 500, 1000, 1300)


def test_a_figure_begins_with_the_first_of_its_words():
    """Several words are said for one that is printed."""
    segment = segment_of("It cost $5.5bn in 2015.")
    starts = word_start_frames(segment, marks_of(segment.spoken))
    said = f"{segment.spoken} "
    assert starts == tuple(
        100 * said.index(f"{word} ") for word in ("It", "cost", "five", "in", "twenty")
    )


def test_without_marks_nothing_is_known():
    """Engines that tell nothing of words."""
    assert word_start_frames(segment_of("Rain came."), ()) == ()


@given(
    st.lists(
        st.sampled_from(
            ["Rain", "$5", "3.5%", "Mr.", "IS", "(on)", "--", "10/11/2015", "\u00e9t\u00e9", "8-3"]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_starts_of_any_text_never_fall(words):
    """One for each printed word, known or not."""
    segment = segment_of(" ".join(words))
    starts = word_start_frames(segment, marks_of(segment.spoken))
    known = [frame for frame in starts if frame is not None]
    assert len(starts) in (0, len(words))
    assert known == sorted(known)
