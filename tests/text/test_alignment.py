"""Expected and heard words, aligned with the fewest differences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.alignment import align

WORDS = st.lists(st.sampled_from(["the", "pier", "is", "open"]), max_size=8)


@pytest.mark.parametrize(
    ("expected", "heard", "errors", "hits"),
    [
        ("a b c", "a b c", 0, 3),
        ("a b c", "", 3, 0),
        ("a b c", "a x c", 1, 2),
        ("a b c", "a c", 1, 2),
        ("a b c", "a b x c", 1, 3),
        ("", "a", 1, 0),
    ],
)
def test_words_left_out_put_in_and_replaced_are_counted(
    expected: str, heard: str, errors: int, hits: int
) -> None:
    """Each is one error."""
    found = align(expected.split(), heard.split())
    assert (found.error_count, sum(found.hits)) == (errors, hits)


def test_of_no_words_all_were_heard() -> None:
    """Nothing is missing, and nothing is divided by nothing."""
    found = align([], [])
    assert (found.recall, found.error_rate) == (1.0, 0.0)


@given(WORDS, WORDS)
def test_errors_are_no_more_than_replacing_everything(said: list[str], heard: list[str]) -> None:
    """And they are the same in both directions."""
    found = align(said, heard)
    assert len(said) - sum(found.hits) <= found.error_count <= max(len(said), len(heard))
    assert found.error_count == align(heard, said).error_count
