"""How dates, times, telephone numbers and codes are said in English."""

from __future__ import annotations

import re

from audiobrief.text.numerals import cardinal, decade, digits, ordinal, roman_value, year
from audiobrief.text.vocabulary import MONTH_NAMES

Match = re.Match[str]


def day_month(match: Match) -> str:
    """Say "26 October 2015"."""
    tail = f" {year(int(match['year']))}" if match["year"] else ""
    if not 1 <= int(match["day"]) <= 31:
        return match[0]
    return f"the {ordinal(int(match['day']))} of {_month(match['month'])}{tail}"


def month_day(match: Match) -> str:
    """Say "October 26, 2015"."""
    if not 1 <= int(match["day"]) <= 31:
        return match[0]
    tail = f", {year(int(match['year']))}" if match["year"] else ""
    return f"{_month(match['month'])} {ordinal(int(match['day']))}{tail}"


def iso_date(match: Match) -> str:
    """Say "2015-10-26"."""
    month, day = int(match["m"]), int(match["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {year(int(match['y']))}"


def slashed_date(match: Match) -> str:
    """Say the month by name only where the order of day and month is beyond doubt."""
    first, second = int(match["a"]), int(match["b"])
    said = year(int(match["y"])) if len(match["y"]) == 4 else cardinal(match["y"])
    if max(first, second) > 31 or min(first, second) < 1:
        return match[0]
    if first > 12 >= second:
        return f"the {ordinal(first)} of {_MONTHS[second - 1]} {said}"
    if second > 12 >= first:
        return f"{_MONTHS[first - 1]} {ordinal(second)}, {said}"
    return f"{cardinal(match['a'])}, {cardinal(match['b'])}, {said}"


_MONTHS = tuple(MONTH_NAMES.values())


def _month(name: str) -> str:
    return MONTH_NAMES[name.lower()[:3]]


def time(match: Match) -> str:
    """Say a time of day."""
    hour, minute = int(match["h"]), int(match["min"] or 0)
    if hour > 24 or minute > 59:
        return match[0]
    half = f" {match['half'][0].upper()} M" if match["half"] else ""
    if minute:
        minutes = f"oh {cardinal(str(minute))}" if minute < 10 else cardinal(str(minute))
        return f"{cardinal(str(hour))} {minutes}{half}"
    return cardinal(str(hour)) + (half or (" hundred hours" if hour > 12 else " o'clock"))


def duration(match: Match) -> str:
    """Say "2:03:45" as hours, minutes and seconds."""
    names = ("hour", "minute", "second")
    parts = zip(match.groups(), names, strict=True)
    return " ".join(
        f"{cardinal(str(int(n)))} {name if int(n) == 1 else f'{name}s'}" for n, name in parts
    )


def ratio(match: Match) -> str:
    """Say "3:1"."""
    return f"{cardinal(match[1])} to {cardinal(match[2])}"


def telephone(match: Match) -> str:
    """Say figures one by one, a pause between the groups."""
    plus = "plus " if match[0].startswith("+") else ""
    return plus + ", ".join(digits(group) for group in re.findall(r"\d+", match[0]))


def code(match: Match) -> str:
    """Say the number of a flight, a room or a road: "three seventy", "one oh one"."""
    letters = " ".join(match["letters"] or "")
    groups = (_pairs(group) for group in match["n"].split("-"))
    return " ".join((match["name"], *([letters] if letters else []), *groups))


def _pairs(figures: str) -> str:
    head, tail = figures[:-2], figures[-2:]
    if tail == "00":
        return f"{cardinal(head)} {'thousand' if head.endswith('0') else 'hundred'}"
    return f"{cardinal(head)} {'oh ' if tail[0] == '0' else ''}{cardinal(str(int(tail)))}"


def period(match: Match) -> str:
    """Say "FY25" and "H1" letter by letter, with their number."""
    figures = match["n"]
    said = year(int(figures)) if len(figures) == 4 else cardinal(figures)
    return f"{' '.join(match['letters'])} {said}"


def regnal(match: Match) -> str:
    """Say "Charles III"."""
    value = roman_value(match["numeral"])
    return f"{match['name']} the {ordinal(value)}" if value else match[0]


def numbered(match: Match) -> str:
    """Say "World War II"."""
    value = roman_value(match["numeral"])
    return f"{match['name']} {cardinal(str(value))}" if value else match[0]


_COUNTED = re.compile(r" (?!was\b|is\b|has\b|as\b|elections\b)(?:[a-z]+s|people|men|women)\b")


def year_or_count(match: Match) -> str:
    """Say four figures as a year, unless they count something: "2000 people"."""
    following = match.string[match.end() : match.end() + 30]
    counted = _COUNTED.match(following)
    return match[0] if counted else year(int(match[0]))


def figures(match: Match) -> str:
    """Say a bare number; a leading zero makes it a code, read figure by figure."""
    found = match[0]
    if len(found) > 1 and found[0] == "0" and found.isdigit():
        return digits(found)
    return cardinal(found)


def ordinal_figures(match: Match) -> str:
    """Say "3rd"."""
    return ordinal(int(match[1].replace(",", "")))


def decade_figures(match: Match) -> str:
    """Say "1970s"."""
    return decade(int(match[1]))
