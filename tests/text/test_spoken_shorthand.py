"""Ranges, clocks, recipes, sport, small ads and lexicon words at the ends of sentences."""

from __future__ import annotations

import pytest

from audiobrief.text.speech.acronyms import find_introduced
from audiobrief.text.speech.british import is_british
from audiobrief.text.speech.lexicon import Entry, Lexicon
from audiobrief.text.speech.spoken import speak_out
from audiobrief.text.speech.unknown import find_unknown

CASES = {
    "state or word": [
        ("Well, OK, she came.", "Well, OK, she came."),
        ("Sorry, ME neither.", "Sorry, ME neither."),
        ("Dr Ann Lee, MD, agreed", "Doctor Ann Lee, MD, agreed"),
        ("a farm near Enid, OK, burned", "a farm near Enid, Oklahoma, burned"),
        ("of Dallas, TX, and", "of Dallas, Texas, and"),
        ("to Salem, OR 97301", "to Salem, Oregon nine seven three zero one"),
    ],
    "sentence end": [
        ("It closed on 7 July. He wept.", "It closed on the seventh of July. He wept."),
        ("on 7 Nov. and again", "on the seventh of November and again"),
        ("Rest 5\u20136 min., then stir.", "Rest five to six minutes, then stir."),
    ],
    "range": [
        ("March 3-April 9", "March third to April ninth"),
        ("3 March\u20139 April", "the third of March to the ninth of April"),
        ("Nov. 1930-Jan. 1931", "November nineteen thirty to January nineteen thirty one"),
        ("the 2021-2 season", "the twenty twenty one to twenty two season"),
        ("8:30-12:15", "eight thirty to twelve fifteen"),
        ("6.15 am \u2013 8 am", "six fifteen AM to eight AM"),
        ("Between 20-30 cars", "Between twenty and thirty cars"),
        ("0.5-1.5 kg", "zero point five to one point five kilograms"),
    ],
    "duration and clock": [
        ("in 1h 5m", "in one hour five minutes"),
        ("in 4h09m", "in four hours nine minutes"),
        ("won in 7m02s", "won in seven minutes two seconds"),
        ("a lap of 58.1s", "a lap of fifty eight point one seconds"),
        ("within 48h", "within forty eight hours"),
        ("21:00 GMT", "twenty one hundred GMT"),
        ("at 00:00", "at midnight"),
        ("the 7.45 train", "the seven forty five train"),
        ("2023-11-02T09:30", "November second, twenty twenty three, nine thirty"),
    ],
    "meters": [
        ("It is 120m long and draws 8m.", ("It is one hundred and twenty meters long and draws"
         " eight meters.")),
        ("2m x 5m", "two meters by five meters"),
        ("Depth: 9m", "Depth: nine meters"),
        ("earned \u00a39m on a ship 80m long", ("earned nine million pounds on a ship eighty meters"
         " long")),
    ],
    "recipe": [
        ("2 tsp salt, 1 Tbsp. oil", "two teaspoons salt, one tablespoon oil"),
        ("1/4 lb. of ham", "a quarter of a pound of ham"),
        ("2\u00bd tsp sugar", "two and a half teaspoons sugar"),
        ("200\u00b0C/400\u00b0F/gas mark 6", ("two hundred degrees Celsius, four hundred degrees"
         " Fahrenheit, gas mark six")),
        ("3/4 in favor", "three quarters in favor"),
    ],
    "small ad": [
        ("\u00a325pp", "twenty five pounds per person"),
        ("\u00a3450 pcm", "four hundred and fifty pounds per calendar month"),
        ("up 2pp", "up two percentage points"),
        ("500 trucks/week", "five hundred trucks per week"),
        ("c. 1620", "circa sixteen twenty"),
        ("est. 1888; est. 7 guests", "established eighteen eighty eight; estimated seven guests"),
        ("Cllr Ann Lee", "Councillor Ann Lee"),
        ("Maj. Lee (ret.), 60", "Major Lee, retired, sixty"),
        ("without it, w/o; so", "without it, without; so"),
        ("11st 7lb", "eleven stone seven"),
    ],
    "sport and works": [
        ("87-3 at stumps", "eighty seven for three at stumps"),
        ("the 1st XV", "the first fifteen"),
        ("2-2 a.e.t.", "two two after extra time"),
        ("odds of 20/1", "odds of twenty to one"),
        ("WWI and WWII", "World War one and World War two"),
        ("Vol. IV, scene iii", "Volume four, scene three"),
        ("a 777-300", "a seven seventy seven three hundred"),
        ("the M6 and A1(M)", "the M six and A-one M"),
    ],
    "number": [
        ("2 500 000 people", "two million five hundred thousand people"),
        ("\u20ac12 500", "twelve thousand five hundred euros"),
        ("On May 5 200 people came", "On May fifth two hundred people came"),
        ("1,000s of fans", "thousands of fans"),
        ("10^9 cells", "ten to the nine cells"),
        ("3 Dec '31", "the third of December twenty thirty one"),
        ("(0117) 496 0123", "zero one one seven, four nine six, zero one two three"),
        ("ring 116 123", "ring one one six, one two three"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        pytest.param(*case, id=f"{name}: {case[0]}")
        for name, cases in CASES.items()
        for case in cases
    ],
)
def test_shorthand_becomes_words(printed: str, spoken: str) -> None:
    """What print shortens is said in full, and no word is taken for shorthand."""
    assert speak_out(printed).text == spoken


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("WHAT IS IT THEY GAVE US AND WHY", "What is it they gave us and why"),
        ("WHO IS IT?", "who is it?"),
        ("They say IS is gone.", "They say I S is gone."),
    ],
)
def test_a_function_word_in_capitals_is_no_acronym(printed: str, spoken: str) -> None:
    """An acronym that an article introduces does not spell the words of shouted sentences."""
    spelled = find_introduced(["Islamic State, or IS", "the United States (US)"])
    assert spelled == {"IS", "US"}
    assert speak_out(printed, spelled=spelled).text == spoken


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("en-GB", "at nine forty five to ten thirty"), ("en-US", "at nine point four five to ten")],
)
def test_a_clock_with_a_point_is_british(language: str, spoken: str) -> None:
    """Americans print no time with a point."""
    assert speak_out("at 9.45 to 10.30", language=language).text.startswith(spoken)


def test_a_value_is_no_clock() -> None:
    """Near rates and shares a number with two decimals stays one."""
    spoken = speak_out("Shares closed at 10.30 on Friday.", language="en-GB").text
    assert spoken == "Shares closed at ten point three zero on Friday."


@pytest.mark.parametrize(
    ("word", "say", "printed", "spoken"),
    [
        ("E.U.", "ee you", "They quit the E.U. They came back.", ("They quit the ee you. They came"
         " back.")),
        ("E.U.", "ee you", "the E.U. trade", "the ee you trade"),
        ("9", "niner", "$9 and 9", "nine dollars and niner"),
        ("Siobhan", "shivawn", "SIOBHAN'S", "shivawn's"),
    ],
)  # fmt: skip
def test_a_lexicon_word_leaves_what_stands_around_it(
    word: str, say: str, printed: str, spoken: str
) -> None:
    """The end of a sentence, an amount's sign and a possessive are no part of the word."""
    lexicon = Lexicon((Entry(word, say=say),))
    assert speak_out(printed, lexicon=lexicon).text == spoken


@pytest.mark.parametrize(
    ("text", "british"),
    [
        ("The centre in York cost \u00a32m.", True),
        ("It realised a profit of two per cent.", True),
        ("Seen on 23/09/2022.", True),
        ("Seen on 09/23/2022 in a centre for labour.", False),
        ("The theater center is gray.", False),
        ("A Labour politician spoke.", False),
        ("", False),
    ],
)
def test_spelling_and_dates_tell_where_a_text_is_from(text: str, *, british: bool) -> None:
    """One sign alone tells nothing; a date with one reading tells all."""
    assert is_british(text) is british


def test_what_tables_write_out_is_no_guess() -> None:
    """A title that is said in full needs no check by a person."""
    text = "He met Supt Lee, Col Lee and Prof Lee of Covid fame; she saw Nos 3 and Zorbik."
    assert find_unknown([text], {"lee", "fame"}) == ("Zorbik",)
