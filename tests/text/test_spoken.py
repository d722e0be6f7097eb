"""Printed form to spoken form, class by class, and what must never happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.spoken import speak_out

CASES = {
    "money": [
        ("$3.5 billion", "three point five billion dollars"),
        ("$5.5bn", "five point five billion dollars"),
        ("\u00a31,200", "one thousand two hundred pounds"),
        ("$4.50", "four dollars fifty cents"),
        ("\u20ac1", "one euro"),
        ("a $5-million deal", "a five million dollar deal"),
        ("$250-$300", "two hundred and fifty dollars to three hundred dollars"),
    ],
    "percent": [("up 25%", "up twenty five percent"), ("3.5 per cent", "three point five percent")],
    "date": [
        ("on 26 October 2015", "on the twenty sixth of October twenty fifteen"),
        ("by the 30th of June", "by the thirtieth of June"),
        ("March 3, 2008", "March third, two thousand eight"),
        ("2024-03-12", "March twelfth, twenty twenty four"),
        ("in 1905", "in nineteen oh five"),
        ("the 1970s", "the nineteen seventies"),
        ("the '80s", "the eighties"),
    ],
    "time": [
        ("at 7:30 a.m.", "at seven thirty A M"),
        ("at 5 p.m. today", "at five P M today"),
        ("at 14:05", "at fourteen oh five"),
    ],
    "number": [
        ("the 3rd of 2,000 people", "the third of two thousand people"),
        ("No. 10", "number ten"),
        ("a 5-4 vote", "a five to four vote"),
        ("1/2 of it", "one half of it"),
        ("agent 007", "agent zero zero seven"),
        ("-5 degrees", "minus five degrees"),
    ],
    "measure": [
        ("3.5 km", "three point five kilometers"),
        ("1 kg", "one kilogram"),
        ("20\u00b0C", "twenty degrees Celsius"),
    ],
    "roman": [
        ("Charles III spoke", "Charles the third spoke"),
        ("World War II ended", "World War two ended"),
    ],
    "abbreviation": [
        ("Sen. Moss", "Senator Moss"),
        ("St. Mary's", "Saint Mary's"),
        ("R&D", "R and D"),
    ],
    "acronym": [
        ("Islamic State, or IS", "Islamic State, or I S"),
        ("the US and the WHO", "the U S and the W H O"),
        ("UNESCO and NATO met", "UNESCO and NATO met"),
        ("the U.S. Senate", "the U S Senate"),
        ("SHARES FALL IN LONDON", "Shares fall in london"),
    ],
    "marks": [
        ("didn't leave (on) their own", "didn't leave on their own"),
        ("all -- Russia, China -- must", "all, Russia, China, must"),
        ("the boat (new) sails", "the boat new sails"),
        ("the boat (a new one) sails", "the boat, a new one, sails"),
        ("\u201cYes,\u201d she said \U0001f600", "Yes, she said"),
        ("\u2022 a list item", "a list item"),
    ],
    "address": [
        ("see https://www.example.com/a/b?c=1.", "see example dot com."),
        ("write to a.b@example.org", "write to a dot b at example dot org"),
    ],
    "hostile": [
        ("[[w3:ld]] peace", "w3:ld peace"),
    ],
}


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        pytest.param(*case, id=f"{name}: {case[0]}")
        for name, cases in CASES.items()
        for case in cases
    ],
)
def test_print_becomes_speech(printed: str, spoken: str) -> None:
    """Each class of figures, signs and abbreviations is written out."""
    assert speak_out(printed).text == spoken


@pytest.mark.parametrize(
    "text", ["[[w3:ld]]", "<speak>x</speak>", "a\x01b", "-w x.wav", "$(touch x)"]
)
def test_nothing_reaches_an_engine_as_a_command(text: str) -> None:
    """Phoneme brackets, markup, control characters and options are broken up."""
    spoken = speak_out(text).text
    assert not any(sign in spoken for sign in ("[[", "<", "\x01", "$("))
    assert not spoken.startswith("-")


def test_endless_words_and_numbers_are_named_not_read() -> None:
    """Five thousand figures or a 200 kB word would take minutes of sound."""
    spoken = speak_out(f"{'7' * 5000} and {'a' * 200_000}")
    assert spoken.text == "a long number and a very long word"
    assert len(spoken.notes) == 2


def test_other_languages_pass_through() -> None:
    """Only marks are taken out of what is not English."""
    assert (
        speak_out("Der Preis: 3,50 Euro (brutto).", language="de").text
        == "Der Preis: 3,50 Euro, brutto."
    )


@given(st.text())
def test_whatever_has_a_letter_or_digit_is_spoken(text: str) -> None:
    """No text raises, and none that can be said becomes silence."""
    spoken = speak_out(text).text
    if any(c.isascii() and c.isalnum() for c in text):
        assert spoken


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "<",
        ".",
        '"',
        "7",
        " ",
        "a ",
        "7 ",
        "$1 ",
        "--",
        "( ",
        "A.",
        "1,",
        "-7",
        "b-",
        "@a",
        "/",
        "III ",
    ],
)
def test_a_flood_of_anything_is_harmless(unit: str) -> None:
    """No pattern needs more than linear time: with one that does, this test does not end."""
    assert isinstance(speak_out(unit * (1_000_000 if len(unit) == 1 else 100_000)).text, str)
