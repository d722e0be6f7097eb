"""Printed words find their heard ones."""

from audiobrief.speak.word_marks import HeardWord, mark_words


def heard(*words):
    """Return words that begin 100 frames after each other."""
    return [HeardWord(word, 100 * number) for number, word in enumerate(words)]


def starts(text, alone, *words):
    """Return the text and the first frame of each mark."""
    marks = mark_words(text, alone, heard(*words), 100 * len(words))
    return [(text[mark.start_char : mark.end_char], mark.start_frame) for mark in marks]


def test_one_printed_word_may_be_several_heard_ones():
    """A figure, and what follows it is still right."""
    found = starts(
        "In 1984 they", ["en", "naentin eeɾi foɹ", "ðee"], "en", "naentin", "eeɾi", "foɹ", "ðee"
    )
    assert found == [("In", 0), ("1984", 100), ("they", 400)]


def test_several_printed_words_may_be_one_heard():
    """They share its time by their length."""
    found = starts("out of the car", ["aʊt", "ʌv", "ðə", "koɹ"], "aʊɾʌvðə", "koɹ")
    assert found == [("out", 0), ("of", 43), ("the", 71), ("car", 100)]


def test_a_dash_has_no_time():
    """It is not heard."""
    assert starts("one — two", ["wʌn", "", "tu"], "wʌn", "tu") == [("one", 0), ("two", 100)]


def test_what_does_not_fit_has_no_times():
    """Rather none than wrong ones."""
    assert starts("one two", ["wʌn", "tu"], "sɛvən", "hʌndɹəd") == []
    assert starts("one two", ["wʌn"], "wʌn", "tu") == []
    assert mark_words("one", ["wʌn"], [], 100) == ()


def test_a_long_text_is_aligned_in_order():
    """A thousand words, every fourth joined to the next."""
    words = ["ðə", "kaʊnsəl", "mɛt", "æt", "noʊn"] * 200
    groups = ["ðəkaʊnsəl", "mɛt", "æt", "noʊn"] * 200
    text = " ".join(["the council met at noon"] * 200)
    found = starts(text, words, *groups)
    assert len(found) == 1000
    assert found[-1] == ("noon", 79_900)
