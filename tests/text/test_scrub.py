"""What nobody can read or speak is taken out, and nothing else."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.scrub import scrub


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x0b\x1bc", "ab\nc"),
        ("a\ud800b\ufffec", "abc"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("e\u0301", "\u00e9"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("x" + "\u0301" * 10_000, "x" + "\u0301" * 4),
    ],
)
def test_unspeakable_characters_are_removed(dirty: str, clean: str) -> None:
    """Controls, surrogates, direction marks, zero-width characters and floods of accents go."""
    assert scrub(dirty)[0] == clean


def test_good_typography_stays() -> None:
    """Curly quotation marks, dashes, ellipses and joined emoji are no faults."""
    text = (
        "\u201cYes\u201d \u2013 \u2018no\u2019\u2026 \U0001f468\u200d\U0001f469 \u0646\u200c\u0645"
    )
    assert scrub(text) == (text, ())


def test_what_was_removed_is_told() -> None:
    """Each class of characters that was removed gives one note with its number."""
    assert scrub("a\x00\x01b")[1] == ("removed 2 of control characters",)


@given(st.text())
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    """A scrubbed text is clean."""
    once, _ = scrub(text)
    assert scrub(once) == (once, ())


@given(st.text(st.characters(categories=("L", "N", "P"), exclude_characters="\u061c"), max_size=60))
def test_no_visible_character_is_lost(text: str) -> None:
    """Letters, digits and punctuation survive, apart from composition and stray joiners."""
    kept = scrub(text)[0]
    assert [c for c in kept if c.isalnum()] == [c for c in normalize("NFC", text) if c.isalnum()]
