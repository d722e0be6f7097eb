"""How dates, times, telephone numbers and codes are said in English."""

from __future__ import annotations

import re

from audiobrief.text.speech.acronyms import letters_apart
from audiobrief.text.speech.numerals import (
    cardinal,
    decade,
    digits,
    ordinal,
    pairs,
    roman_value,
    year,
)
from audiobrief.text.speech.vocabulary import COUNTED_NOUNS, MONTH_NAMES, REGNAL_NAMES

Match = re.Match[str]


_WHOLE_MONTHS = frozenset(name.lower() for name in MONTH_NAMES.values())
_LOWER_WORDS = frozenset(("may", "march", "mar"))


def day_month(match: Match) -> str:
    """Say "26 October 2015", and a range of days: "3-5 March"."""
    days = [int(d) for d in (match["day"], match["last"]) if d]
    if not all(1 <= day <= 31 for day in days) or match["month"] in _LOWER_WORDS:
        return match[0]
    tail = f" {year(int(match['year']))}" if match["year"] else _point(match)
    said = " to the ".join(map(ordinal, days))
    return f"the {said} of {_month(match['month'])}{tail}"


_BEGINS = re.compile(r"[\"\u201d'\u2019)]{0,2}(?:$|\s{1,4}[\"\u201c'\u2018(]?[A-Z])")


def _point(match: Match) -> str:
    """Return the point behind a month if it ends the sentence too: always after a whole name.

    After "Sept." a capital or the end of the text tells.
    """
    if not match[0].endswith("."):
        return ""
    whole = match["month"].lower() in _WHOLE_MONTHS
    return "." if whole or _BEGINS.match(match.string, match.end()) else ""


_GOES_ON = re.compile(r",? (?:[a-z]{3,}s|people|men|women|more|of|out)\b")


def month_day(match: Match) -> str:
    """Say "October 26, 2015"; "may 3 people" is no date."""
    days = [int(d) for d in (match["day"], match["last"]) if d]
    following = match.string[match.end() : match.end() + 20]
    no_date = match["month"] in _LOWER_WORDS and (match["month"] != "mar") and not match["year"]
    if not all(1 <= day <= 31 for day in days) or (no_date and _GOES_ON.match(following)):
        return match[0]
    tail = f", {year(int(match['year']))}" if match["year"] else ""
    return f"{_month(match['month'])} {' to '.join(map(ordinal, days))}{tail}"


def month_range(match: Match) -> str:
    """Say the dash of "Jan.-March"."""
    return f"{_month(match['month'])} to "


def iso_date(match: Match) -> str:
    """Say "2015-10-26" and "2015/10/26"."""
    month, day = int(match["m"]), int(match["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {year(int(match['y']))}"


def slashed_date(match: Match, *, day_first: bool = False) -> str:
    """Say the month of "3/4/1998" by name.

    Where both numbers could be the month, American texts have it first, all others the day; a
    text that is only known to be English is taken for American.
    """
    first, second = int(match["a"]), int(match["b"])
    if max(first, second) > 31 or min(first, second) < 1 or min(first, second) > 12:
        return match[0]
    if len(match["y"]) == 4:
        said = year(int(match["y"]))
    elif match["sign"] == ".":  # "1.2.15" is a version or a paragraph
        return match[0]
    else:
        said = cardinal(match["y"]) if match["y"][0] != "0" else f"oh {cardinal(match['y'][1])}"
    if first > 12 or (day_first and second <= 12):
        return f"the {ordinal(first)} of {_MONTHS[second - 1]} {said}"
    return f"{_MONTHS[first - 1]} {ordinal(second)}, {said}"


def season(match: Match) -> str:
    """Say "2019-20" as the year and what it runs into."""
    first, last = int(match["y"]), int(match["n"])
    if (first + 1) % 100 != last and not first % 100 < last:
        return match[0]
    return f"{year(first)} to {cardinal(match['n']) if last > 9 else f'oh {cardinal(str(last))}'}"


_MONTHS = tuple(MONTH_NAMES.values())


def _month(name: str) -> str:
    """Return the full name, for whatever begins with its three letters."""
    return MONTH_NAMES[name.lower()[:3]]


def time(match: Match) -> str:
    """Say a time of day, with its half and its zone."""
    hour, minute = int(match["h"]), int(match["min"] or 0)
    if hour > 24 or minute > 59:
        return match[0]
    half = _half(match)
    said = cardinal(str(hour))
    if minute:
        minutes = f"oh {cardinal(str(minute))}" if minute < 10 else cardinal(str(minute))
        said = f"{said} {minutes}"
    elif not match["half"]:
        hundred = " hundred" if match["zone"] else " hundred hours"
        said += hundred if hour > 12 else " o'clock"
    return said + half


#: American time, whether it is summer or not.
_REGIONS = {"ET": "Eastern", "CT": "Central", "MT": "Mountain", "PT": "Pacific"}
_SENTENCE_END = re.compile(r" [\"\u201c'\u2018]?[A-Z][a-z]")


def _half(match: Match) -> str:
    """Return "AM" and the zone; the point of "p.m." that also ends a sentence is kept."""
    half, zone = match["half"], match["zone"]
    if not half:
        return f" {zone.upper().replace('.', '')}" if zone else ""
    ends = (
        half.endswith(".")
        and not zone
        and (match.end() == len(match.string) or _SENTENCE_END.match(match.string, match.end()))
    )
    if not zone:
        return f" {half[0].upper()}M{'.' if ends else ''}"
    if zone.upper() in _REGIONS:
        return f" {half[0].upper()}M {_REGIONS[zone.upper()]}"
    # espeak-ng reads the "AM" of "AM EST" as a word, since capitals follow.
    pause = "," if half[0] in "aA" else ""
    return f" {half[0].upper()}M{pause} {zone.upper().replace('.', '')}"


def duration(match: Match) -> str:
    """Say "2:03:45" as hours, minutes and seconds."""
    names = ("hour", "minute", "second")
    numbers = (int(match["h"]), int(match["min"]), int(match["s"]))
    parts = [
        f"{cardinal(str(n))} {name if n == 1 else f'{name}s'}"
        for n, name in zip(numbers, names, strict=True)
    ]
    return f"{parts[0]} {parts[1]} and {parts[2]}{_half(match)}"


def ratio(match: Match) -> str:
    """Say "3:1"."""
    return f"{cardinal(match[1])} to {cardinal(match[2])}"


def telephone(match: Match) -> str:
    """Say figures one by one, a pause between the groups; 800 stays a number."""
    plus = "plus " if match[0].startswith("+") else ""
    groups = re.findall(r"\d+", match[0])
    said = [
        "eight hundred" if group == "800" and i in {0, 1} and len(groups) > 2 else digits(group)
        for i, group in enumerate(groups)
    ]
    return plus + ", ".join(said)


def vanity(match: Match) -> str:
    """Say "1-800-FLOWERS": words as words."""
    groups = [digits(g) if g.isdecimal() else g for g in match[0].split("-")[2:]]
    joined = ", ".join(groups).replace(", two, ", " two, ").replace(", four, ", " four, ")
    return f"one, {pairs(match[0][2:5])}, {joined}"


def dotted_quad(match: Match) -> str:
    """Say an address of the net figure by figure."""
    return " dot ".join(digits(part) for part in match[0].split("."))


def version(match: Match) -> str:
    """Say "3.1.2"; groups of three figures are a number as the Continent prints it."""
    parts = match[0].split(".")
    if all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return cardinal("".join(parts))
    return " point ".join(cardinal(part) if part[0] != "0" else digits(part) for part in parts)


def single(match: Match) -> str:
    """Say the figures of a code one by one."""
    return f"{match['lead']}{digits(match['n'])}"


def plan(match: Match) -> str:
    """Say "401(k)" as people do."""
    more = f" {cardinal(match['b'])}" if match["b"] else ""
    return f"{pairs(match['n'])} {match['a'] or match['k']}{more}"


def item(match: Match) -> str:
    """Say the number of an item in a list: "1. Compare prices"."""
    return f"{cardinal(match['n']).capitalize()}. "


def code(match: Match) -> str:
    """Say the number of a flight, a room or a road: "three seventy", "one oh one"."""
    letters = match["letters"] or ""
    letters = letters_apart(letters) if set(letters) & set("AEIOUY") else letters
    groups = (pairs(group) for group in match["n"].split("-"))
    return " ".join((match["name"], *([letters] if letters else []), *groups))


def period(match: Match) -> str:
    """Say "FY25" and "H1" letter by letter, with their number."""
    figures = match["n"]
    said = year(int(figures)) if len(figures) == 4 else cardinal(figures)
    return f"{' '.join(match['letters'])} {said}"


#: What is counted with Roman numerals, small letters; also films, games and rockets.
_NAMED_LIST = """
    act annex apollo appendix apple article auto book books bowl category chapter chapters
    class corps diablo division episode factor fantasy games gaudium grade group level mark
    olympiad part parts phase phases polaris rocky round scene schedule section sections stage
    tier title type types vatican volume volumes war
"""
_NAMED = frozenset(_NAMED_LIST.split())
_WORD_BEFORE = re.compile(r"[A-Za-z\u00c0-\u00ff]{2,21}$")
_TITLED = re.compile(r"\b(?:King|Queen|Pope|Emperor|Tsar|Czar|Prince|Sultan|Shah|Saint) \w+$")
#: After "I" they show that it is the speaker: "George I am sorry".
_VERB_AFTER = re.compile(
    r"[ '\u2019](?:am|was|have|had|do|did|will|would|can|could|think|know|ll|ve|m|d)\b"
)


def roman(match: Match) -> str:
    """Say "World War II" as a number and "Charles III" as an ordinal.

    "I" is the pronoun save after what is counted or a monarch's name, and where a verb follows;
    another single letter is one ("Malcolm X") save after a monarch's name. Other names have an
    ordinal up to three ("Smith II"), beyond that they are rather things ("Rocky IV").
    """
    numeral = match["numeral"]
    before = match.string[max(0, match.start() - 32) : match.start()]
    name = _WORD_BEFORE.search(before)
    value = roman_value(numeral)
    pronoun = numeral == "I" and _VERB_AFTER.match(match.string, match.end()) is not None
    if name is None or value is None or pronoun:
        return match[0]
    if name[0].lower() in _NAMED:
        return f" {cardinal(str(value))}"
    titled = name[0] in REGNAL_NAMES or _TITLED.search(before) is not None
    letter = len(numeral) == 1 and not titled
    if not name[0].istitle() or "L" in numeral or letter:
        return match[0]
    if titled or value <= 3:
        return f" the {ordinal(value)}"
    return f" {cardinal(str(value))}"


#: After a recent year these are counted; other nouns have a year before them ("2025 results").
_COUNTED = re.compile(
    rf" (?:[a-z]{{2,15}} )?(?:{COUNTED_NOUNS}|men|women|soldiers|troops|years|miles)\b"
)
_PLURAL = re.compile(
    r" (?!was\b|is\b|has\b|as\b|its\b|his\b|this\b|elections\b)(?:[a-z]{2,20}s|people|men|women)\b"
)


def year_or_count(match: Match) -> str:
    """Say four figures as a year, unless they count something: "2000 people"."""
    following = match.string[match.end() : match.end() + 40]
    number = int(match[0])
    likely_year = 1900 <= number < 2050 and number % 100 != 0
    counted = (_COUNTED if likely_year else _PLURAL).match(following)
    return match[0] if counted else year(number)


def ordinal_figures(match: Match) -> str:
    """Say "3rd"; a wrong ending ("11st") is a code."""
    number = int(match[1].replace(",", ""))
    right = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    ending = match[0][-2:]
    if ending.lower() == right:
        return ordinal(number)
    said = cardinal(match[1]) if number < 100 else digits(match[1])
    return f"{said} {ending}"


def decade_figures(match: Match) -> str:
    """Say "1970s"."""
    return decade(int(match[1]))


def decade_of_life(match: Match) -> str:
    """Say "in her 40s", "the mid-80s"."""
    return f"{match['lead']}{decade(int(match['n']))}"
