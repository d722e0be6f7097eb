"""Printed form to spoken form, class by class, and what must never happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.speech.spoken import speak_out

CASES = {
    "minus": [
        ("a \u2212$2m loss", "a minus two million dollars loss"),
        ("\u221240 \u00b0C", "minus forty degrees Celsius"),
        ("it lost -$3m", "it lost minus three million dollars"),
        ("\u2013\u20ac4bn", "minus four billion euros"),
        ("$-3m", "minus three million dollars"),
        ("-12 \u00b0C", "minus twelve degrees Celsius"),
        ("fell \u22120.5%", "fell minus zero point five percent"),
        ("2019\u20132021", "twenty nineteen to twenty twenty one"),
        ("a 5 \u2013 4 win", "a five to four win"),
        ("in 2019 \u2013 40 people", "in twenty nineteen, forty people"),
        ("5%\u201310%", "five percent to ten percent"),
        ("A -- B", "A, B"),
    ],
    "million or meter": [
        ("40m people", "forty million people"),
        ("1.2m cars", "one point two million cars"),
        ("sold for 40m.", "sold for forty million."),
        ("5m votes", "five million votes"),
        ("3k users", "three thousand users"),
        ("5M dollars", "five million dollars"),
        ("a 40 m pool", "a forty meter pool"),
        ("a 100m sprint", "a one hundred meter sprint"),
        ("won the 100m.", "won the one hundred meters."),
        ("10,000m", "ten thousand meters"),
        ("40m away", "forty meters away"),
        ("at a depth of 40m", "at a depth of forty meters"),
        ("a 4K screen", "a four K screen"),
    ],
    "money range": [
        ("$20-30 million", "twenty to thirty million dollars"),
        ("\u20ac5\u201310bn", "five to ten billion euros"),
        ("$20m-$30m", "twenty million to thirty million dollars"),
        ("$20 to $30 million", "twenty to thirty million dollars"),
        ("from $900 to $1 million", "from nine hundred dollars to one million dollars"),
        ("a $1 million grant", "a one million dollar grant"),
        ("a $6,000 sound mix", "a six thousand dollar sound mix"),
        ("the $5 million spent", "the five million dollars spent"),
        ("$5 million in aid", "five million dollars in aid"),
        ("us$5m", "five million US dollars"),
    ],
    "code": [
        ("3/4/2024", "March fourth, twenty twenty four"),
        ("13/4/2024", "the thirteenth of April twenty twenty four"),
        ("9/11", "nine eleven"),
        ("24/7", "twenty four seven"),
        ("555-1234", "five five five, one two three four"),
        ("+44 20 7946 0958", "plus four four, two zero, seven nine four six, zero nine five eight"),
        ("call 911", "call nine one one"),
        ("Flight 370", "Flight three seventy"),
        ("Room 101", "Room one oh one"),
        ("Route 66", "Route sixty six"),
        ("2:03:45", "two hours three minutes and forty five seconds"),
        ("FY25 and H1", "F Y twenty five and H one"),
    ],
    "sign": [
        ("~50", "about fifty"),
        (">100", "more than one hundred"),
        ("<5", "less than five"),
        ("\u00b13", "plus or minus three"),
        ("2x faster", "two times faster"),
        ("4x100m relay", "four by one hundred meters relay"),
        ("3:1", "three to one"),
        ("5'11\" tall", "five foot eleven tall"),
        ("C# and .NET", "C sharp and dot NET"),
        ("10\u00b9\u2075 cells", "ten to the fifteen cells"),
        ("the end\u00b9 of it", "the end of it"),
        ("CO2 and CO\u2082", "C O two and C O two"),
        ("3\u00bd years", "three and a half years"),
        ("\u00bd", "one half"),
        ("2 pp or 50 bps", "two percentage points or fifty basis points"),
        ("\u00a7 5", "section five"),
        ("TL;DR", "TLDR"),
        ("w/ cheese", "with cheese"),
    ],
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
        ("at 7:30 a.m.", "at seven thirty AM."),
        ("at 5 p.m. today", "at five PM today"),
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
        ("Roe v. Wade", "Roe versus Wade"),
        ("on Main St. and", "on Main Street and"),
        ("Mon. morning", "Monday morning"),
        ("Apple Inc. said", "Apple Inc said"),
        ("apples, etc.", "apples, and so on."),
    ],
    "acronym": [
        ("Islamic State, or IS", "Islamic State, or I S"),
        ("the US and the WHO", "the US and the W H O"),
        ("UNESCO and NATO met", "UNESCO and NATO met"),
        ("the U.S. Senate", "the US Senate"),
        ("SHARES FALL IN LONDON", "Shares fall in london"),
        ("BBC SHARES UP IN FY25", "BBC shares up in F Y twenty five"),
    ],
    "marks": [
        ("didn't leave (on) their own", "didn't leave on their own"),
        ("all -- Russia, China -- must", "all, Russia, China, must"),
        ("the boat (new) sails", "the boat new sails"),
        ("the boat (a new one) sails", "the boat (a new one) sails"),
        ("\u201cYes,\u201d she said \U0001f600", "\u201cYes,\u201d she said"),
        ("\u2022 a list item", "a list item"),
    ],
    "address": [
        ("see https://www.example.com/a/b?c=1.", "see example dot com."),
        ("write to a.b@example.org", "write to a dot b at example dot org"),
    ],
    "hostile": [
        ("[[w3:ld]] peace", "[w three:ld] peace"),
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
        == "Der Preis: 3,50 Euro (brutto)."
    )


@pytest.mark.parametrize(
    ("language", "printed", "spoken"),
    [
        ("de", "Am 3. M\u00e4rz kamen 12 Boote.", "Am 3. M\u00e4rz kamen zw\u00f6lf Boote."),
        ("fr-FR", "Il y a 21 chats.", "Il y a vingt et un chats."),
        ("ja", "\u4eca\u65e5\u306f3\u4eba", "\u4eca\u65e5\u306f3\u4eba"),
        ("xx", "abc 12 d", "abc 12 d"),
        ("de", "https://www.example.de/a", "example.de"),
    ],
)
def test_other_languages_keep_their_own_words(language: str, printed: str, spoken: str) -> None:
    """No English word is put into a text that is not English."""
    assert speak_out(printed, language=language).text.removeprefix("www.") == spoken


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
        "5m ",
        "$1-",
        "\u2212",
        "1/",
        "1:",
        "a $1 m",
        "\u00b9",
    ],
)
def test_a_flood_of_anything_is_harmless(unit: str) -> None:
    """No pattern needs more than linear time: with one that does, this test does not end."""
    assert isinstance(speak_out(unit * (1_000_000 if len(unit) == 1 else 100_000)).text, str)
