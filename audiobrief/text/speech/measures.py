"""How measures are said in English, and what "40m" means: a function for each rule."""

from __future__ import annotations

import re

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.speech.numerals import cardinal
from audiobrief.text.speech.vocabulary import COUNTED_NOUNS, PER, SCALES, SPORT_DISTANCES, UNITS

Match = re.Match[str]

# -- numbers with a letter -----------------------------------------------------------------------

_MEASURE_AFTER = re.compile(
    r"^[ -](?:high|tall|deep|long|wide|thick|away|from|above|below|under|beneath|apart|off|up|down"
    r"|north|south|east|west|behind|ahead|underwater|pool|race|sprint|dash|hurdles|relay|freestyle"
    r"|butterfly|backstroke|breaststroke|medley|swim|final|heats?|runner|sprinter|champion|record"
    r"|tower|wall|tree|waves?|yacht|boat|ship|radius|diameter|telescope|bridge|crane|statue|tunnel"
    r"|drop|fall|dive|cliff|plunge|gap|stretch|ladder|line|climb|jump|yards?"
    r"|fence|trench|crater|asteroid|pylon|chimney|mast|tsunami|rise in sea)\b|^ (?:by|x) \d"
)
_MEASURE_BEFORE = re.compile(
    r"\b(?:height|depth|width|length|altitude|elevation|distance|radius|diameter|\dx|\d x|by)"
    r"(?: (?:of|is|was|at|reaches|reached)|:)?(?: (?:about|around|nearly|over|up to|almost))? ?$",
    re.IGNORECASE,
)
_RACE_BEFORE = re.compile(r"\b(?:the|men['\u2019]s|women['\u2019]s|boys['\u2019]|girls['\u2019]) $")
_SPORT = re.compile(
    r"\b(?:race[ds]?|racing|sprint(?:er)?s?|marathon|runners?|ran|swim(?:mer|ming)?s?|relay|hurdles"
    r"|freestyle|medal(?:ist)?s?|Olympics?|athletics|repeats|laps?|personal best|world record)\b"
)
_COUNTED_AFTER = re.compile(rf"^ (?:[a-z]+ )?(?:{COUNTED_NOUNS})\b")


#: Other measures beside a number with "m", and money that makes it millions.
_OTHER_MEASURE = re.compile(
    r"\d ?(?:km|cm|mm|ft|kg|knots|kts|metres|meters|tonnes|tons|miles|inches|feet)\b"
    r"|\d ?m (?:long|wide|high|tall|deep|away|above|below|[x\u00d7] \d)"
)
_MONEY = re.compile(r"[$\u00a3\u20ac]\d|\b(?:people|users|votes|sales|revenue|profits?)\b")


def _beside_measures(match: Match) -> bool:
    """Tell whether the neighborhood measures, and neither counts nor pays."""
    around = match.string[max(0, match.start() - 120) : match.end() + 120]
    return _OTHER_MEASURE.search(around) is not None and _MONEY.search(around) is None


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
        or (match["letter"] == "m" and _beside_measures(match))
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


# -- numbers with a unit -------------------------------------------------------------------------

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
