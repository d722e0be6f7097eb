"""What newspapers print, class by class, as a listener wants to hear it."""

from __future__ import annotations

import pytest

from audiobrief.text.speech.spoken import speak_out

CASES = {
    "range": [
        ("won 3-2", "won three to two"),
        ("a 2-2 draw", "a two two draw"),
        ("the 2019-20 season", "the twenty nineteen to twenty season"),
        ("\u00a35-10m", "five to ten million pounds"),
        (
            "$785 \u2013 $1,047",
            "seven hundred and eighty five dollars to one thousand and forty seven dollars",
        ),
        ("$1.2bn-$1.5bn", "one point two billion to one point five billion dollars"),
        ("10am-4pm", "ten AM to four PM"),
        ("7:30-9 p.m. today", "seven thirty to nine PM today"),
        ("Jan. 3-5", "January third to fifth"),
        ("pp. 12-15", "pages twelve to fifteen"),
        ("2 \u2013 10 people", "two to ten people"),
    ],
    "machine": [
        ("Boeing 737-800", "Boeing seven thirty seven eight hundred"),
        ("an F-16 and two F-35s", "an F-sixteen and two F-thirty fives"),
        ("an A320neo", "an A-three twenty neo"),
        ("old 747s", "old seven forty sevens"),
        ("Flight MH370", "Flight MH three seventy"),
        ("COVID-19", "COVID-nineteen"),
        ("A4 and B2B", "A-four and B two B"),
        ("1080p", "ten eighty p"),
        ("version 3.1.2", "version three point one point two"),
        ("PM2.5", "PM two point five"),
    ],
    "people": [
        ("Mr. St. John", "Mister Saint John"),
        ("St. Mary's St. is shut", "Saint Mary's Street is shut"),
        ("Dr Smith and Gen Z", "Doctor Smith and Gen Z"),
        ("1st Lt. Jones", "first Lieutenant Jones"),
        ("Sen. Cruz (R-Texas) spoke", "Senator Cruz, Republican of Texas, spoke"),
        ("Pope John Paul II's trip", "Pope John Paul the second's trip"),
        ("Henry VIII", "Henry the eighth"),
        ("Malcolm X", "Malcolm X"),
        ("George V", "George the fifth"),
        ("Final Fantasy VII", "Final Fantasy seven"),
        ("Super Bowl LVIII", "Super Bowl fifty eight"),
        ("Part I think is", "Part I think is"),
    ],
    "place": [
        ("in Springfield, Ill., and", "in Springfield, Illinois, and"),
        ("in Austin, TX 78701", "in Austin, Texas seven eight seven zero one"),
        ("Washington, D.C. is", "Washington, DC is"),
        ("at 12 S 1st St", "at twelve South first Street"),
        ("at No. 10 Downing Street", "at number ten Downing Street"),
    ],
    "number": [
        ("in 2025 recommendations fell", "in twenty twenty five recommendations fell"),
        ("2000 people", "two thousand people"),
        ("case 3014539", "case three zero one four five three nine"),
        ("13000 people", "thirteen thousand people"),
        ("13000", "one three zero zero zero"),
        ("rated 4.7/5", "rated four point seven out of five"),
        ("a 7.2-magnitude quake", "a seven point two-magnitude quake"),
        ("in her 40s", "in her forties"),
        ("the mid-90s", "the mid-nineties"),
        ("-5\u00b0C", "minus five degrees Celsius"),
        ("1.5C of warming", "one point five degrees Celsius of warming"),
        ("5ft 10in", "five foot ten"),
        ("a $2.5-billion-a-year habit", "a two point five billion dollars-a-year habit"),
    ],
    "sentence end": [
        ("at Apple Inc. The firm", "at Apple Inc. The firm"),
        ("in the U.S. He left", "in the US. He left"),
        ("at 5 p.m. The vote", "at five PM. The vote"),
        ("1. Compare prices", "One. Compare prices"),
        ("I don't \u2026 know\u2026 Really?", "I don't, know. Really?"),
    ],
    "sign": [
        ("a.k.a. Bob", "also known as Bob"),
        ("London \u2192 Paris", "London to Paris"),
        ("AT&T, Q&A, R&B", "AT&T, Q&A, R and B"),
        ("#MeToo by @jack", "hashtag Me Too by at jack"),
        ("he/she and/or they", "he or she and or they"),
        ("he said [the law] passed [sic]", "he said the law passed"),
        ("said so.[12] Then", "said so. Then"),
        ("a 401(k) plan", "a four oh one k plan"),
        ("example.com/weather", "example dot com slash weather"),
        ("It ended.In May", "It ended.In May"),
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
def test_news_print_becomes_speech(printed: str, spoken: str) -> None:
    """Scores, machines, people, places and shorthand of news are said as people say them."""
    assert speak_out(printed).text == spoken


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en", "March fourth, nineteen ninety eight"),
        ("en-US", "March fourth, nineteen ninety eight"),
        ("en-GB", "the third of April nineteen ninety eight"),
        ("en-AU", "the third of April nineteen ninety eight"),
    ],
)
def test_the_region_orders_day_and_month(language: str, spoken: str) -> None:
    """American texts have the month first, all other regions the day."""
    assert speak_out("3/4/1998", language=language).text == spoken
