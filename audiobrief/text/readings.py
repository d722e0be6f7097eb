"""How amounts, measures and signs are said in English: a function for each rule."""

from __future__ import annotations

import re
import unicodedata

from audiobrief.text.lines import STOP_WORDS
from audiobrief.text.numerals import cardinal, digits, ordinal
from audiobrief.text.vocabulary import (
    COUNTED_NOUNS,
    CURRENCIES,
    PER,
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


def _currency(sign: str) -> tuple[str, str, tuple[str, str] | None]:
    """Return the words for a currency's sign, however its letters are written."""
    return CURRENCIES.get(sign) or CURRENCIES.get(sign.upper()) or CURRENCIES[sign.capitalize()]


def money(match: Match) -> str:
    """Say an amount: "$4.50", "$3bn", "kr 20"."""
    one, many, cent = _currency(match["symbol"])
    scale = SCALES.get((match["scale"] or "").lower(), "")
    amount = match["amount"].rstrip(".")
    if scale:
        return f"{cardinal(amount, joined=False)} {scale} {many}"
    whole, _, rest = amount.replace(",", "").partition(".")
    # "20.5" and "20.010" are fifty cents and one; three figures that mean something are a rate.
    rest = rest[:2] + rest[2:].rstrip("0")
    if cent and 1 <= len(rest) <= 2:
        return _with_cents(whole, int(rest.ljust(2, "0")), (one, many), cent)
    return f"{cardinal(amount)} {one if amount == '1' else many}"


def _with_cents(whole: str, cents: int, note: tuple[str, str], cent: tuple[str, str]) -> str:
    coins = f"{cardinal(str(cents))} {cent[0] if cents == 1 else cent[1]}"
    if not int(whole or "0"):
        return coins if cents else f"zero {note[1]}"
    notes = f"{cardinal(whole)} {note[0] if int(whole) == 1 else note[1]}"
    return f"{notes} {coins}" if cents else notes


def money_before_noun(match: Match) -> str:
    """Say an amount that describes a noun in the singular, as in "a $5-million deal"."""
    one = _currency(match["symbol"])[0]
    scale = SCALES[match["scale"].lower()]
    return f"{cardinal(match['amount'], joined=False)} {scale} {one} {match['noun']}"


def money_attribute(match: Match) -> str:
    """Say "a $1 million grant" in the singular, unless what follows is no noun."""
    noun = match["noun"]
    with_cents = not match["scale"] and "." in match["amount"]
    if with_cents or noun in _NO_NOUN or noun in SCALES or noun.endswith(("ed", "ly")):
        return match[0]
    one = _currency(match["symbol"])[0]
    scale = f" {SCALES[match['scale'].lower()]}" if match["scale"] else ""
    said = cardinal(match["amount"], joined=not scale)
    return f"{match['lead']}{said}{scale} {one} {noun}"


def money_range(match: Match) -> str:
    """Say "$20-30 million" as twenty to thirty million dollars."""
    many = _currency(match["symbol"])[1]
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
    said_low = f"{cardinal(low, joined=False)} {low_scale}" if low_scale else cardinal(low)
    said_high = f"{cardinal(high, joined=False)} {scale}" if scale else cardinal(high)
    return f"{said_low} to {said_high} {many}"


# -- numbers with a letter or a sign -------------------------------------------------------------

_MEASURE_AFTER = re.compile(
    r"^[ -](?:high|tall|deep|long|wide|thick|away|from|above|below|under|beneath|apart|off|up|down"
    r"|north|south|east|west|behind|ahead|underwater|pool|race|sprint|dash|hurdles|relay|freestyle"
    r"|butterfly|backstroke|breaststroke|medley|swim|final|heats?|runner|sprinter|champion|record"
    r"|tower|wall|tree|waves?|yacht|boat|ship|radius|diameter|telescope|bridge|crane|statue|tunnel"
    r"|drop|fall|dive|cliff|plunge|gap|stretch|ladder|line|climb|jump|yards?"
    r"|fence|trench|crater|asteroid|pylon|chimney|mast|tsunami|rise in sea|by \d|x \d)\b"
)
_MEASURE_BEFORE = re.compile(
    r"\b(?:height|depth|width|length|altitude|elevation|distance|radius|diameter|\dx|\d x|by)"
    r"(?: (?:of|is|was|at|reaches|reached))?(?: (?:about|around|nearly|over|up to|almost))? ?$"
)
_RACE_BEFORE = re.compile(r"\b(?:the|men['\u2019]s|women['\u2019]s|boys['\u2019]|girls['\u2019]) $")
_SPORT = re.compile(
    r"\b(?:race[ds]?|racing|sprint(?:er)?s?|marathon|runners?|ran|swim(?:mer|ming)?s?|relay|hurdles"
    r"|freestyle|medal(?:ist)?s?|Olympics?|athletics|repeats|laps?|personal best|world record)\b"
)
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
            and (
                _RACE_BEFORE.search(text[max(0, match.start() - 12) : match.start()]) is not None
                or _SPORT.search(text[max(0, match.start() - 90) : match.end() + 90]) is not None
            )
        )
    )
    apart = match["apart"] == " "
    if match[0] == "3M" and not counted:  # the company
        return match[0]
    if match["apart"] == "-":
        return f"{cardinal(number)} {UNITS['m'][0]}" if match["letter"] == "m" else match[0]
    if counted or (match["letter"] == "M" and not apart) or not (measured or apart):
        return f"{cardinal(number, joined=False)} million"
    if match["letter"] == "M":
        return match[0]
    one = number == "1" or after[:1] == "-" or _describes(match)
    return f"{cardinal(number)} {UNITS['m'][0 if one else 1]}"


def thousands(match: Match) -> str:
    """Say "3k users" as thousands; runs of 5k and screens of 4K keep the letter."""
    following = match.string[match.end() : match.end() + 12]
    race = re.match(r" (?:race|run|runs|runners?|walk|jog|filings?|report|form)\b", following)
    screen = match["letter"] == "K" and match["n"] in {"4", "8"}
    return f"{cardinal(match['n'])} {'K' if race or screen else 'thousand'}"


def scaled(match: Match) -> str:
    """Say "5bn" as five billion."""
    return f"{cardinal(match['n'], joined=False)} {SCALES[match['scale'].lower()]}"


_DESCRIBING = re.compile(
    r"\b(?:a|an|the|this|that|its|his|her|their|our|my|each|every|another) $", re.IGNORECASE
)
_NOUN = re.compile(r"[ -]([a-z]{3,})\b")
#: After a measure these say what is measured, and are nothing that it describes.
_DIMENSION_LIST = """
    long wide high tall deep thick away from ago later apart below above across off south north east
    west behind ahead old per more less farther further earlier
"""
_DIMENSIONS = STOP_WORDS | frozenset(_DIMENSION_LIST.split())


def _describes(match: Match) -> bool:
    """Tell whether a measure stands before its noun: "a 40 km road", but "the 40 km between"."""
    noun = _NOUN.match(match.string, match.end())
    before = match.string[max(0, match.start() - 8) : match.start()]
    return (
        noun is not None
        and noun[1] not in _DIMENSIONS
        and not noun[1].endswith(("ed", "ly"))
        and _DESCRIBING.search(before) is not None
    )


def measure(match: Match) -> str:
    """Say a number with its unit; in the singular before a noun: "a 5-km race"."""
    one, many = UNITS[match["unit"]]
    singular = match["n"] == "1" or match["joint"] == "-" or _describes(match)
    return f"{cardinal(match['n'])} {one if singular else many}"


def measure_range(match: Match) -> str:
    """Say "2-5lb"."""
    many = UNITS[match["unit"]][1]
    return f"{cardinal(match['low'])} to {cardinal(match['n'])} {many}"


def temperature(match: Match) -> str:
    """Say "1.5C" and "70F"; whole numbers of one figure are codes ("a 2C student")."""
    number = match["n"]
    below_zero = match.string[: match.start()].endswith(("minus ", "plus "))
    if len(number) < 2 and not below_zero:
        return match[0]
    scale = {"C": "Celsius", "F": "Fahrenheit"}[match["unit"]]
    return f"{cardinal(number)} {'degree' if number == '1' else 'degrees'} {scale}"


def per(match: Match) -> str:
    """Say the slash of "$20/mo" or "3 kg/day"."""
    return f"{match['scale'] or ''}{match['unit'] or ''} per {PER[match['per']]}"


def per_letter(match: Match) -> str:
    """Say the slash of "1/f", where the letter is no unit that is known."""
    return f"{match['unit'] or ''} per {match['letter'].upper()}"


def inches(match: Match) -> str:
    r"""Say 12\" in inches, unless the mark closes a quotation."""
    text = match.string
    mark = text[match.end() - 1]
    if (mark == '"' and text.count('"') > 1) or (mark == "\u201d" and "\u201c" in text):
        return match[0]
    return f"{cardinal(match['n'])} {'inch' if match['n'] == '1' else 'inches'}"


def feet_and_inches(match: Match) -> str:
    """Say a person's height."""
    inches = f" {cardinal(match['inches'])}" if int(match["inches"]) else ""
    return f"{cardinal(match['feet'])} foot{inches}"


def multiple(match: Match) -> str:
    """Say "2x faster" as times; alone or with decimals the letter is said, as in "4.4x"."""
    if "." in match["n"]:
        return f"{match['n']} x"
    return "one time" if match["n"] == "1" else f"{match['n']} times"


_OPERATORS = {
    "-": "minus",
    "\u2212": "minus",
    "+": "plus",
    "*": "times",
    "x": "times",
    "\u00d7": "times",
    "/": "divided by",
}


def equation(match: Match) -> str:
    """Say the signs of "1-2=5"; without an equals sign a dash is a range."""
    left, _, right = match[0].partition("=")
    said = re.sub(r" ?([-\u2212+*/x\u00d7]) ?", lambda m: f" {_OPERATORS[m[1]]} ", left)
    return f"{said.strip()} equals {right.strip()}"


def minus(match: Match) -> str:
    """Say a minus before a number, unless the dash is a range with a blank before it."""
    before = match.string[max(0, match.start() - 5) : match.start()]
    ranged = match["sign"] != "\u2212" and re.search(r"\d(?:%| ?[ap]\.?m\.?)? $", before)
    if ranged:
        return " to "
    return " minus " if before[-1:] in ",.;:!?" and before else "minus "


def whole_range(match: Match) -> str:
    """Say "5-4" with "to"; numbers of very different size that fall are a code."""
    low, high = match["low"], match["high"]
    if low == high:  # "20-20 vision", "a 2-2 draw"
        return f"{cardinal(low)} {cardinal(high)}"
    if len(low.replace(",", "")) >= len(high.replace(",", "")) + 2:
        return f"{cardinal(low)} {cardinal(high)}"
    return f"{low} to {high}"


def spaced_range(match: Match) -> str:
    """Say "5 \u2013 4" as a range; between numbers of other lengths the dash is a pause."""
    low, high = match["low"], match["high"]
    year = len(low) == 4 and low[:2] in {"19", "20"} and len(high) != 4
    return f"{low}, {high}" if year or int(low) > int(high) > 9 else f"{low}-{high}"


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


def mixed_fraction(match: Match) -> str:
    """Say "3 2/4"; a whole number before a date or a code is none."""
    if int(match["bottom"]) not in _FRACTIONS:
        return match[0]
    words = _fraction_words(int(match["top"]), int(match["bottom"]))
    if match["bottom"] in {"2", "4"}:
        words = re.sub("^one ", "a ", words)
    return f"{cardinal(match['whole'])} and {words}"


def fraction(match: Match) -> str:
    """Say a fraction; "9/11" and "24/7" are none."""
    top, bottom = int(match["top"]), int(match["bottom"])
    small = top < bottom and bottom in _FRACTIONS and (top, bottom) != (9, 11)
    if not (small or (top == 1 and bottom >= 100) or match[0][-1].isalpha()):
        return f"{cardinal(match['top'])} {cardinal(match['bottom'])}"
    if bottom in {10, 100} and top > 1:
        return f"{cardinal(str(top))} out of {cardinal(str(bottom))}"
    return _fraction_words(top, bottom)


#: Denominators that are in use; other pairs of numbers are dates, shifts or models.
_FRACTIONS = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100))


def _fraction_words(top: int, bottom: int) -> str:
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    one, many = names.get(bottom, (ordinal(bottom), f"{ordinal(bottom)}s"))
    return f"{cardinal(str(top))} {one if top == 1 else many}"


def figures(match: Match) -> str:
    """Say a number that no other rule knows.

    A leading zero makes it a code, read figure by figure; so does a row of five or more without
    commas where the text has no words: among words it is a quantity.
    """
    found = match[0]
    plain = found.isdecimal()
    text = match.string
    in_code = text[match.start() - 1 : match.start()] in {"-", "/"} and bool(match.start())
    if plain and in_code:
        return digits(found) if len(found) > 4 else cardinal(found, joined=False)
    if plain and len(found) > 6:  # a quantity has its commas
        return digits(found)
    if plain and (
        (len(found) > 1 and found[0] == "0") or (len(found) > 4 and not _WORDS.search(text))
    ):
        return digits(found)
    return cardinal(found)


#: Words that are not the words of a number.
_WORDS = re.compile(
    r"(?!(?:hundred|thousand|million|and|zero|one|two|three|four|five|six|seven|eight|nine|ten)\b)[a-z]{3,}"
)


def formula(match: Match) -> str:
    """Say "CO\u2082" sign by sign."""
    return " ".join(
        cardinal(c) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", match[0])
    )
