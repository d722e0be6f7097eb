"""The rules from printed to spoken English: class, pattern, words; in the order they apply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.lines import MONTHS
from audiobrief.text.numerals import cardinal, decade, digits, ordinal, roman_value, year
from audiobrief.text.vocabulary import (
    ABBREVIATIONS,
    ACRONYMS,
    CURRENCIES,
    MONTH_NAMES,
    SCALES,
    UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of printed forms and its words."""

    name: str
    pattern: re.Pattern[str]
    words: str | Callable[[re.Match[str]], str]
    #: Without a digit in the text it cannot match, and is not tried.
    needs_digit: bool = False


def _money(match: re.Match[str]) -> str:
    one, many, cent = CURRENCIES[match["symbol"]]
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


def _money_before_noun(match: re.Match[str]) -> str:
    """Say an amount that describes a noun in the singular, as in a $5-million deal."""
    one = CURRENCIES[match["symbol"]][0]
    scale = SCALES[match["scale"].lower()]
    return f"{cardinal(match['amount'])} {scale} {one} {match['noun']}"


def _scaled(match: re.Match[str]) -> str:
    return f"{cardinal(match['n'])} {SCALES[match['scale']]}"


def _measure(match: re.Match[str]) -> str:
    one, many = UNITS[match["unit"]]
    return f"{cardinal(match['n'])} {one if match['n'] == '1' else many}"


def _month(name: str) -> str:
    return MONTH_NAMES[name.lower()[:3]]


def _day(figures: str) -> str:
    return ordinal(int(figures))


def _day_month(match: re.Match[str]) -> str:
    tail = f" {year(int(match['year']))}" if match["year"] else ""
    if not 1 <= int(match["day"]) <= 31:
        return match[0]
    return f"the {_day(match['day'])} of {_month(match['month'])}{tail}"


def _month_day(match: re.Match[str]) -> str:
    if not 1 <= int(match["day"]) <= 31:
        return match[0]
    tail = f", {year(int(match['year']))}" if match["year"] else ""
    return f"{_month(match['month'])} {_day(match['day'])}{tail}"


def _iso_date(match: re.Match[str]) -> str:
    month, day = int(match["m"]), int(match["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return f"{list(MONTH_NAMES.values())[month - 1]} {ordinal(day)}, {year(int(match['y']))}"


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match["h"]), int(match["min"] or 0)
    if hour > 24 or minute > 59:
        return match[0]
    half = f" {match['half'][0].upper()} M" if match["half"] else ""
    if minute:
        minutes = f"oh {cardinal(str(minute))}" if minute < 10 else cardinal(str(minute))
        return f"{cardinal(str(hour))} {minutes}{half}"
    return cardinal(str(hour)) + (half or (" hundred hours" if hour > 12 else " o'clock"))


def _fraction(match: re.Match[str]) -> str:
    top, bottom = int(match["top"]), int(match["bottom"])
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    if not bottom or top >= bottom or bottom > 100:
        return match[0]
    one, many = names.get(bottom, (ordinal(bottom), f"{ordinal(bottom)}s"))
    return f"{cardinal(str(top))} {one if top == 1 else many}"


def _regnal(match: re.Match[str]) -> str:
    if re.fullmatch(_NAMED, match["name"]):
        return _numbered(match)
    value = roman_value(match["numeral"])
    return f"{match['name']} the {ordinal(value)}" if value else match[0]


def _numbered(match: re.Match[str]) -> str:
    value = roman_value(match["numeral"])
    return f"{match['name']} {cardinal(str(value))}" if value else match[0]


def _acronym(match: re.Match[str]) -> str:
    letters, plural = match["letters"], match["plural"] or ""
    spelled = letters in ACRONYMS or not re.search("[AEIOUY]", letters)
    return f"{' '.join(letters)}{plural}" if spelled else match[0]


def _dotted(match: re.Match[str]) -> str:
    letters = match[0].replace(".", " ").split()
    return " ".join(letters).upper() + ("." if match.end() == len(match.string) else "")


def _ordinal_figures(match: re.Match[str]) -> str:
    return ordinal(int(match[1].replace(",", "")))


_COUNTED = re.compile(r" (?!was\b|is\b|has\b|as\b|elections\b)(?:[a-z]+s|people|men|women)\b")


def _year(match: re.Match[str]) -> str:
    """Say four figures as a year, unless they count something: "2000 people"."""
    following = match.string[match.end() : match.end() + 30]
    counted = _COUNTED.match(following)
    return match[0] if counted else year(int(match[0]))


def _range(match: re.Match[str]) -> str:
    return f"{match[1]} to {match[2]}"


def _figures(match: re.Match[str]) -> str:
    """Say a bare number; a leading zero makes it a code, read figure by figure."""
    figures = match[0]
    if len(figures) > 1 and figures[0] == "0" and figures.isdigit():
        return digits(figures)
    return cardinal(figures)


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_N = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|\.\d+"
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d{1,4}"
_SCALE = rf"(?P<scale>{'|'.join(SCALES)})"
_SYMBOL = _longest_first(CURRENCIES)
_MONTH = rf"(?P<month>{MONTHS})\.?"
_HALF = r"(?P<half>[ap]\.?m\b\.?)(?!\w)"
_NAMED = (
    "War|Chapter|Part|Act|Phase|Volume|Article|Title|Section|Type|Class|Bowl|Level|Stage|Group"
    "|Tier|Category|Schedule|Appendix|Book|Games|Mark"
)


def _rule(
    name: str, pattern: str, words: str | Callable[[re.Match[str]], str], flags: int = 0
) -> Rule:
    return Rule(name, re.compile(pattern, flags), words)


def _figure_rule(
    name: str, pattern: str, words: str | Callable[[re.Match[str]], str], flags: int = 0
) -> Rule:
    return Rule(name, re.compile(pattern, flags), words, needs_digit=True)


#: Each pattern is bounded, so that no text costs more than linear time.
RULES: tuple[Rule, ...] = (
    # "(on)" in a quotation is the editor's word, and belongs to the sentence.
    _rule("insertion", r"[(\[]([a-z]\w{0,20})[)\]](?=\s[a-z]|[,.])", r"\1"),
    _figure_rule("dash", r"(?<=\d)\s?[\u2013\u2014](?=\s?\d)", "-"),
    _rule("dash", r"\s?(?:--+|[\u2014\u2015])\s?|\s[\u2013-]\s", ", "),
    _figure_rule("money", rf"(?P<s>{_SYMBOL})(\d[\d,.]{{0,14}})-(?=\d)", r"\g<s>\2 to \g<s>"),
    _figure_rule("money", rf"((?:{_SYMBOL})\d[\d,.]{{0,14}})-(?={_SYMBOL})", r"\1 to "),
    _figure_rule(
        "money",
        rf"(?P<symbol>{_SYMBOL}) ?(?P<amount>{_N})-{_SCALE}[ -](?P<noun>\w+)",
        _money_before_noun,
        re.IGNORECASE,
    ),
    _figure_rule(
        "money",
        rf"(?P<symbol>{_SYMBOL}) ?(?P<amount>{_N})(?:[ -]?{_SCALE}\b)?",
        _money,
        re.IGNORECASE,
    ),
    _figure_rule("scale", rf"(?<![\w.])(?P<n>{_N}) ?(?P<scale>bn|mln|tn)\b", _scaled),
    _figure_rule("percent", r"(?<=\d) ?(?:%|per cent\b)", " percent"),
    _figure_rule("date", r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b", _iso_date),
    _figure_rule(
        "date",
        rf"(?P<the>\bthe )?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?!\w)"
        r"(?:,? (?P<year>\d{4})\b)?",
        _day_month,
        re.IGNORECASE,
    ),
    _figure_rule(
        "date",
        rf"\b{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,?\d)(?:,? (?P<year>\d{{4}})\b)?",
        _month_day,
        re.IGNORECASE,
    ),
    _figure_rule(
        "time", rf"\b(?P<h>\d{{1,2}})(?:[:.](?P<min>\d{{2}}))? ?{_HALF}", _time, re.IGNORECASE
    ),
    _figure_rule("time", r"\b(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?P<half>)(?![:\d])", _time),
    _figure_rule("decade", r"\b(\d{3}0)['\u2019]?s\b", lambda m: decade(int(m[1]))),
    _figure_rule("decade", r"['\u2019](\d0)s\b", lambda m: decade(int(m[1]))),
    _figure_rule("ordinal", r"\b(\d{1,3}(?:,\d{3})*|\d{1,9})(?:st|nd|rd|th)\b", _ordinal_figures),
    _figure_rule(
        "fraction", r"(?<![\d/.])(?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\d/])", _fraction
    ),
    _figure_rule(
        "measure",
        rf"(?<![\w.,])(?P<n>{_N})[ -]?(?P<unit>{_longest_first(UNITS)})(?![\w/\u00b2\u00b3])",
        _measure,
    ),
    _figure_rule("number", r"\b(?:No|Nos|Nr)\. ?(?=\d)|(?<!\w)#(?=\d)", "number "),
    _figure_rule(
        "telephone",
        r"(?<![\d-])(?:\+?\d{1,3}[ -])?\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?![\d-])",
        lambda m: ", ".join(digits(group) for group in re.findall(r"\d+", m[0])),
    ),
    _figure_rule("range", rf"(?<![\w.,-])({_WHOLE})-({_WHOLE})(?![\w-]|[,.]\d)", _range),
    _figure_rule("year", r"(?<![^\s(])(?:1[1-9]|20)\d\d(?=$|[\s;:!?)'\u2019-]|[.,](?!\d))", _year),
    _rule("regnal number", r"\b(?P<name>[A-Z][a-z]+) (?P<numeral>[IVX]{2,6})\b(?!\.)", _regnal),
    _rule("numbered", rf"\b(?P<name>{_NAMED}) (?P<numeral>[IVXL]{{1,6}})\b", _numbered),
    _rule(
        "abbreviation",
        rf"\b(?:{_longest_first(ABBREVIATIONS)})(?=[\s,])",
        lambda m: ABBREVIATIONS[m[0]],
    ),
    _rule("saint", r"\bSt\.? (?=[A-Z][a-z])", "Saint "),
    _rule("initials", r"\b(?:[A-Za-z]\.){2,6}(?!\w)", _dotted),
    _rule("acronym", r"\b(?P<letters>[A-Z]{2,5})(?P<plural>s)?\b(?!-?\d)", _acronym),
    _figure_rule("minus", r"(?<![\w)])[\u2212-](?=\d)", "minus "),
    _figure_rule("number", rf"(?<![A-Za-z\d_.])(?:{_N})(?!\w|\.\d)", _figures),
    _rule("sign", r" ?& ?", " and "),
    _rule("sign", r"(?<=\w) ?\+ ?(?=\w)", " plus "),
    _rule("sign", r" ?= ?", " equals "),
    _rule("sign", r" ?% ?", " percent "),
    _rule("sign", r"\u00b0", " degrees "),
    _rule("sign", r" ?\u00d7 ?", " times "),
    _rule("slash", r"(?<=\w)/(?=\w)", " "),
)
