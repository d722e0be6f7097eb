"""How amounts, measures, signs and letters are said in English: a function for each rule."""

from __future__ import annotations

import re
import unicodedata

from audiobrief.text.lines import STOP_WORDS
from audiobrief.text.numerals import cardinal, ordinal
from audiobrief.text.vocabulary import (
    ACRONYMS,
    COUNTED_NOUNS,
    CURRENCIES,
    SCALES,
    SPORT_DISTANCES,
    UNITS,
)

Match = re.Match[str]

# -- money ---------------------------------------------------------------------------------------

#: After an amount they are no noun that it could describe: "the $5 million spent on it".
_NO_NOUN_LIST = """
    per worth apiece annually went goes came comes paid spent given lost owed left made sent today
    yesterday tomorrow last next every each plus yet ago later earlier seems makes helps remains
"""
_NO_NOUN = STOP_WORDS | frozenset(_NO_NOUN_LIST.split())


def money(match: Match) -> str:
    """Say an amount: "$4.50", "$3bn"."""
    one, many, cent = CURRENCIES[match["symbol"].upper()]
    scale = SCALES.get((match["scale"] or "").lower(), "")
    amount = match["amount"].rstrip(".")
    if scale:
        return f"{cardinal(amount)} {scale} {many}"
    whole, _, rest = amount.replace(",", "").partition(".")
    if len(rest) == 2 and cent:
        cents = int(rest)
        coins = f"{cardinal(str(cents))} {cent[0] if cents == 1 else cent[1]}"
        if not int(whole or "0"):
            return coins if cents else f"zero {many}"
        notes = f"{cardinal(whole)} {one if int(whole) == 1 else many}"
        return f"{notes} {coins}" if cents else notes
    return f"{cardinal(amount)} {one if amount == '1' else many}"


def money_before_noun(match: Match) -> str:
    """Say an amount that describes a noun in the singular, as in "a $5-million deal"."""
    one = CURRENCIES[match["symbol"].upper()][0]
    scale = SCALES[match["scale"].lower()]
    return f"{cardinal(match['amount'])} {scale} {one} {match['noun']}"


def money_attribute(match: Match) -> str:
    """Say "a $1 million grant" in the singular, unless what follows is no noun."""
    noun = match["noun"]
    with_cents = not match["scale"] and "." in match["amount"]
    if with_cents or noun in _NO_NOUN or noun in SCALES or noun.endswith(("ed", "ly")):
        return match[0]
    one = CURRENCIES[match["symbol"].upper()][0]
    scale = f" {SCALES[match['scale'].lower()]}" if match["scale"] else ""
    return f"{match['lead']}{cardinal(match['amount'])}{scale} {one} {noun}"


def money_range(match: Match) -> str:
    """Say "$20-30 million" as twenty to thirty million dollars."""
    many = CURRENCIES[match["symbol"].upper()][1]
    low, high = match["low"], match["high"]
    scale = SCALES.get((match["scale"] or "").lower(), "")
    low_scale = SCALES.get((match["low_scale"] or "").lower(), "")
    if match["joint"] == " to ":
        # "rose from $900 to $1 million" has two amounts; "$20 to $30 million" shares its scale.
        rising = float(low.replace(",", "")) < float(high.replace(",", ""))
        origin = match.string[: match.start()].endswith("from ")
        if not scale or low_scale or not rising or origin:
            return match[0]
    elif not scale and not low_scale and (match["second"] or "." in low + high):
        return f"{match['symbol']}{low} to {match['symbol']}{high}"
    said_low = f"{cardinal(low)} {low_scale}" if low_scale else cardinal(low)
    said_high = f"{cardinal(high)} {scale}" if scale else cardinal(high)
    return f"{said_low} to {said_high} {many}"


# -- numbers with a letter or a sign -------------------------------------------------------------

_MEASURE_AFTER = re.compile(
    r"^[ -](?:high|tall|deep|long|wide|thick|away|from|above|below|under|beneath|apart|off|up|down"
    r"|north|south|east|west|behind|ahead|underwater|pool|race|sprint|dash|hurdles|relay|freestyle"
    r"|butterfly|backstroke|breaststroke|medley|swim|final|heats?|runner|sprinter|champion|record"
    r"|tower|wall|tree|waves?|yacht|boat|ship|radius|diameter|telescope|bridge|crane|statue|tunnel"
    r"|fence|trench|crater|asteroid|pylon|chimney|mast|tsunami|rise in sea|by \d|x \d)\b"
)
_MEASURE_BEFORE = re.compile(
    r"\b(?:height|depth|width|length|altitude|elevation|distance|radius|diameter|\dx|\d x|by)"
    r"(?: (?:of|is|was|at|reaches|reached))?(?: (?:about|around|nearly|over|up to|almost))? ?$"
)
_RACE_BEFORE = re.compile(r"\b(?:the|men['\u2019]s|women['\u2019]s|boys['\u2019]|girls['\u2019]) $")
_COUNTED_AFTER = re.compile(rf"^ (?:[a-z]+ )?(?:{COUNTED_NOUNS})\b")


def letter_scale(match: Match) -> str:
    """Say "40m people" as millions and "a 40 m pool" as meters.

    Written together, "m" is a million (so do newspapers) unless a measure is clearly meant;
    apart, it is a meter unless people, votes or money are counted.
    """
    text, number = match.string, match["n"]
    after = text[match.end() : match.end() + 40]
    plain = number.replace(",", "")
    counted = _COUNTED_AFTER.match(after) is not None
    measured = (
        _MEASURE_AFTER.match(after) is not None
        or _MEASURE_BEFORE.search(text[max(0, match.start() - 40) : match.start()]) is not None
        or (plain.isdigit() and int(plain) >= 1000)  # nobody writes a thousand millions
        or (
            plain in SPORT_DISTANCES
            and _RACE_BEFORE.search(text[max(0, match.start() - 12) : match.start()]) is not None
        )
    )
    apart = match["apart"] == " "
    if counted or (match["letter"] == "M" and not apart) or not (measured or apart):
        return f"{cardinal(number)} million"
    if match["letter"] == "M":
        return match[0]
    return f"{cardinal(number)} {UNITS['m'][0 if number == '1' or after[:1] == '-' else 1]}"


def thousands(match: Match) -> str:
    """Say "3k users" as thousands; runs of 5k and screens of 4K keep the letter."""
    race = re.match(r" (?:race|run|runs|runner|walk)\b", match.string[match.end() :][:10])
    screen = match["letter"] == "K" and match["n"] in {"4", "8"}
    return f"{cardinal(match['n'])} {'K' if race or screen else 'thousand'}"


def scaled(match: Match) -> str:
    """Say "5bn" as five billion."""
    return f"{cardinal(match['n'])} {SCALES[match['scale'].lower()]}"


def measure(match: Match) -> str:
    """Say a number with its unit."""
    one, many = UNITS[match["unit"]]
    return f"{cardinal(match['n'])} {one if match['n'] == '1' else many}"


def feet_and_inches(match: Match) -> str:
    """Say a person's height."""
    inches = f" {cardinal(match['inches'])}" if int(match["inches"]) else ""
    return f"{cardinal(match['feet'])} foot{inches}"


def multiple(match: Match) -> str:
    """Say "2x"."""
    return "one time" if match[1] == "1" else f"{match[1]} times"


def minus(match: Match) -> str:
    """Say a minus before a number, unless the dash is a range with a blank before it."""
    before = match.string[max(0, match.start() - 5) : match.start()]
    ranged = match["sign"] != "\u2212" and re.search(r"\d(?:%| ?[ap]\.?m\.?)? $", before)
    return " to " if ranged else "minus "


def spaced_range(match: Match) -> str:
    """Say "5 \u2013 4" as a range; between numbers of other lengths the dash is a pause."""
    low, high = match["low"], match["high"]
    return f"{low}-{high}" if len(low) == len(high) else f"{low}, {high}"


def superscript(match: Match) -> str:
    """Say a power of a number; a footnote's mark after a word is left out."""
    power = unicodedata.normalize("NFKC", match["power"]).replace("\u2212", "-")
    if not match["foot"][-1:].isdigit():
        return match["foot"]
    sign = "minus " if power.startswith("-") else ""
    named = {"2": "squared", "3": "cubed"}.get(power)
    return (
        f"{match['foot']} {named}" if named else f"{match['foot']} to the {sign}{power.strip('-')}"
    )


def vulgar_fraction(match: Match) -> str:
    """Say "3\u00bd" as three and a half."""
    top, _, bottom = unicodedata.normalize("NFKC", match["sign"]).partition("\u2044")
    if match["symbol"]:
        return f"{match['symbol']}{match['whole'] or '0'}{int(top) / int(bottom):.3g}".replace(
            "0.", ".", 1
        )
    words = _fraction_words(int(top), int(bottom))
    if not match["whole"]:
        return words
    return f"{match['whole']} and {re.sub('^one ', 'a ', words)}"


def fraction(match: Match) -> str:
    """Say a fraction; "9/11" and "24/7" are none."""
    top, bottom = int(match["top"]), int(match["bottom"])
    if (top, bottom) == (9, 11) or top >= bottom or bottom not in _FRACTIONS:
        return f"{cardinal(match['top'])} {cardinal(match['bottom'])}"
    if bottom in {10, 100}:
        return f"{cardinal(str(top))} out of {cardinal(str(bottom))}"
    return _fraction_words(top, bottom)


#: Denominators that are in use; other pairs of numbers are dates, shifts or models.
_FRACTIONS = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100))


def _fraction_words(top: int, bottom: int) -> str:
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    one, many = names.get(bottom, (ordinal(bottom), f"{ordinal(bottom)}s"))
    return f"{cardinal(str(top))} {one if top == 1 else many}"


# -- letters -------------------------------------------------------------------------------------


def acronym(match: Match) -> str:
    """Spell what has no vowel or stands on the list; the rest is a word."""
    letters, plural = match["letters"], match["plural"] or ""
    spelled = letters in ACRONYMS or not re.search("[AEIOUY]", letters)
    return f"{' '.join(letters)}{plural}" if spelled else match[0]


def dotted(match: Match) -> str:
    """Say "U.S." letter by letter; at the end, its period ends the sentence."""
    letters = match[0].replace(".", " ").split()
    return " ".join(letters).upper() + ("." if match.end() == len(match.string) else "")


def formula(match: Match) -> str:
    """Say "CO\u2082" sign by sign."""
    return " ".join(unicodedata.normalize("NFKC", match[0]))
