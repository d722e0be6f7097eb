"""Texts made safe and short enough, without losing a word."""

from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.speak.utterance import divide, plain_text

texts = st.text(
    alphabet=st.one_of(st.sampled_from(" .,;!?\"'abcXYZ019é—"), st.characters()), max_size=300
).map(plain_text)


@settings(deadline=None)
@given(texts, st.integers(1, 60))
def test_dividing_loses_nothing_and_keeps_the_limit(text, limit):
    """Joined without white space, the parts are the text; none is blank or too long."""
    parts = divide(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= limit for part in parts)


@settings(deadline=None)
@given(st.text())
def test_plain_text_has_no_controls_and_stays_as_it_is(text):
    """It can be encoded, holds no control character, and is its own plain text."""
    plain = plain_text(text)
    plain.encode()
    assert not any(ord(c) < 32 or 0x7F <= ord(c) <= 0x9F for c in plain)
    assert plain_text(plain) == plain


def test_a_text_is_divided_at_the_end_of_a_sentence():
    """Else at a comma, else between words, else anywhere."""
    assert divide("He came. She saw, and won.", 20) == ("He came.", "She saw, and won.")
    assert divide('"He came." She left.', 14) == ('"He came."', "She left.")
    assert divide("aaaa bbbb cccc", 10) == ("aaaa bbbb", "cccc")
    assert divide("a" * 25, 10) == ("a" * 10, "a" * 10, "a" * 5)


def test_markup_stays_text():
    """It is the engine's business to read it out."""
    text = "-w [[h@l'oU]] <break time='600s'/> $(true)"
    assert plain_text(text) == text
