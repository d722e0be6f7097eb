"""Sketches of texts: the same everywhere, and near the truth."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.brief.copies import compare
from audiobrief.text.shingles import Relation, likeness_of
from audiobrief.text.sketch import likeness, read_sketch, sketch
from tests.brief.writing import TOPICS, article, cut, reordered, reworded


def test_the_bytes_never_change() -> None:
    """A catalogue keeps them for years and takes them to other machines."""
    content = sketch("The ferry to Ems left at 7.")
    assert content.hex() == (
        "01ffffffff050000000200000014f33c07e3f64c210cf9d626d01be55b34f1f5f411220a3a6678d253"
    )


@pytest.mark.parametrize("size", [6, 24, 120])
@pytest.mark.parametrize("change", [cut, reordered, reworded])
def test_an_estimate_is_near_the_truth(size, change) -> None:
    """Of short texts it is exact, of long ones within four standard errors."""
    text = article("harbor", size, size)
    other = change(text, random.Random(size))
    exact, guessed = compare(other, text), likeness(sketch(other), sketch(text))
    assert (guessed.error == 0.0) == (size == 6)
    for name in ("first_in_second", "second_in_first", "shared"):
        assert abs(getattr(exact, name) - getattr(guessed, name)) <= 4 * guessed.error + 1e-9
    assert guessed.is_copy == exact.is_copy


def test_a_correction_an_extract_and_another_article_are_told_apart() -> None:
    """By how much each holds of the other."""
    text = article("clinic", 1)
    lines = text.split("\n")
    corrected = "\n".join([*lines[:-1], article("clinic", 2).split("\n")[0]])
    first, whole = sketch(text), sketch("\n".join(lines[:3]))
    assert likeness(first, first).relation is Relation.SAME
    assert likeness(first, sketch(corrected)).relation is Relation.UPDATE
    assert likeness(whole, first).relation is Relation.PART
    assert likeness(first, sketch(article("clinic", 2))).relation is Relation.INDEPENDENT


def test_two_of_a_series_are_no_copies() -> None:
    """The same words with other names and numbers: the weather of two days."""
    text = "Rain of {} millimeters fell in {} and {} while winds of {} knots blew over {} and {}."
    one = text.format(12, "Rye", "Hythe", 30, "Dover", "Deal")
    two = text.format(3, "Wick", "Thurso", 45, "Tain", "Nairn")
    frame = " The weather office said that nothing much would change before the end of the week."
    assert not likeness(sketch(one + frame), sketch(two + frame)).is_copy
    assert likeness(sketch(one + frame), sketch(one + frame)).is_copy


def test_texts_without_words_are_like_nothing() -> None:
    """Not even like each other."""
    assert likeness(sketch(""), sketch("...")).shared == 0.0
    assert not likeness_of(0, 0, 5).is_copy


def test_scripts_without_spaces_are_compared_too() -> None:
    """A letter is a word there."""
    text = "\u6771\u4eac\u3067\u6628\u65e5\u5927\u304d\u306a\u706b\u4e8b\u3042"
    assert likeness(sketch(text[:9]), sketch(text)).first_in_second == 1.0


@pytest.mark.parametrize("content", [b"", b"\x02" + bytes(12), sketch("a b c d")[:-1]])
def test_what_is_no_sketch_is_refused(content) -> None:
    """Cut, empty, or of another version."""
    with pytest.raises(ValueError, match="no sketch"):
        read_sketch(content)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_a_sketch_and_shares_lie_between_0_and_1(one, other) -> None:
    """Lone surrogates, marks and all scripts included."""
    alike = likeness(sketch(one), sketch(other))
    assert all(
        0.0 <= share <= 1.0
        for share in (alike.first_in_second, alike.second_in_first, alike.shared, alike.facts)
    )


def test_a_long_text_has_a_small_sketch() -> None:
    """Every second hash."""
    text = "\n".join(article(topic, n, 40) for topic in TOPICS for n in range(2))
    assert len(sketch(text)) < 4 * (len(text.split()) * 0.55 + 64) + 13
