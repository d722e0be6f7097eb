"""The pronouncing dictionary: found, and looked up where it lies."""

import pytest

from audiobrief.workspace.dictionary import Dictionary, load_dictionary


def test_words_and_names_are_found_whatever_their_capitals():
    """English is known; what is in no dictionary is not."""
    words = load_dictionary("en-GB")
    assert words is not None
    assert [w in words for w in ("said", "Assad", "NATO", "a", "o'brien")] == [True] * 5
    assert [w in words for w in ("gavrilov", "zyzzyx", "", " ", "caf\u00e9", 3)] == [False] * 6


def test_other_languages_have_none():
    """Their words are in no dictionary of ours."""
    assert load_dictionary("de") is None


def test_every_word_of_a_dictionary_is_found(tmp_path):
    """The first, the last, those with variants, and those a line away from their place."""
    path = tmp_path / "words.dict"
    path.write_text("a AH\na(2) EY\na's EY Z\nbee B IY\nsture S\nstura S\nzoo Z UW\n")
    words = Dictionary(path)
    assert [w for w in ("a", "a's", "bee", "sture", "stura", "zoo") if w not in words] == []
    assert [w for w in ("aa", "be", "b", "zoos", "s", "a(2)x") if w in words] == []


@pytest.mark.parametrize("content", ["", "\n", "no phones", "\n\n\n"])
def test_a_file_without_words_has_none(tmp_path, content):
    """A damaged package is no error of the article."""
    path = tmp_path / "words.dict"
    path.write_text(content)
    assert "word" not in Dictionary(path)
