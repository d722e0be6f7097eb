"""``audiobrief search`` asked for nothing."""

from tests.support import run_audiobrief


def test_empty_words_are_a_mistake_of_whoever_asks(tmp_path):
    """Not an answer that nothing is said."""
    told = run_audiobrief("-C", tmp_path, "search", " ", cwd=tmp_path)
    assert (told.code, told.stdout) == (2, "")
    assert told.stderr.startswith("error: the words are empty")
    assert told.stderr.count("\n") == 3
