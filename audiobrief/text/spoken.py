"""Printed form to spoken form: one table of rules, by class, in the order in which they apply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.lines import MONTHS
from audiobrief.text.numerals import (
    LONG_NUMBER,
    cardinal,
    decade,
    digits,
    ordinal,
    roman_value,
    year,
)
from audiobrief.text.scrub import scrub
from audiobrief.text.vocabulary import (
    ABBREVIATIONS,
    ACRONYMS,
    CURRENCIES,
    MONTH_NAMES,
    SCALES,
    UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

#: A word is at most 45 letters long in any dictionary; a 200 kB one costs espeak-ng 4 s.
_LONG_WORD = 120
_N = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|\.\d+"
_SCALE = rf"(?P<scale>{'|'.join(SCALES)})"
_SYMBOL = "|".join(re.escape(s) for s in sorted(CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """A text as an engine should get it."""

    text: str
    #: What is said otherwise than printed because it cannot be said, in words for the user.
    notes: tuple[str, ...] = ()


def speak_out(text: str, *, language: str = "en") -> SpokenForm:
    """Return the spoken form of a printed text.

    English is written out whole; of other languages only what hurts any engine is changed.

    Args:
        text: A sentence or a part of one.
        language: RFC 5646.

    Returns:
        Text without marks that engines stumble over; empty only when ``text`` has no letter and
        no digit.

    >>> speak_out("Sen. Moss paid $3.5 billion -- 25% more than in the 1970s.").text
    'Senator Moss paid three point five billion dollars, twenty five percent more than in the nineteen seventies.'
    """
    clean, notes = _within_limits(scrub(text)[0])
    clean = _ADDRESS.sub(_address, clean)
    if language.lower().split("-")[0] == "en":
        clean = _lowered(clean)
        for _, pattern, say in _RULES:
            clean = pattern.sub(say, clean)
    clean = _tidied(clean)
    if not any(c.isalnum() for c in clean):
        clean = " ".join(re.findall(r"[^\W_]+", text))
    return SpokenForm(clean, notes)


# -- limits and addresses ------------------------------------------------------------------------

_LONG_DIGITS = re.compile(rf"\d{{{LONG_NUMBER},}}")
_LONG = re.compile(rf"\S{{{_LONG_WORD},}}")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)(?P<host>[A-Za-z0-9.-]{1,253}[A-Za-z0-9])(?:[:/?#]\S*?)?(?=[.,;:!?)\]'\"]*(?:\s|$))"
    r"|(?P<user>[A-Za-z0-9._+-]{1,64})@(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"
)


def _within_limits(text: str) -> tuple[str, tuple[str, ...]]:
    notes = []
    shorter = _LONG_DIGITS.sub("a long number", text)
    if shorter != text:
        notes.append('a number of many figures is spoken as "a long number"')
    text = shorter
    if _LONG.search(text):
        spared = _LONG.sub(
            lambda m: m[0] if _ADDRESS.match(m[0]) or _has_breaks(m[0]) else "a very long word",
            text,
        )
        if spared != text:
            notes.append('a word without an end is spoken as "a very long word"')
        text = spared
    return text, tuple(notes)


def _has_breaks(word: str) -> bool:
    """Tell whether dashes, slashes or commas divide a long chain into words of usual length."""
    return len(word) < 20 * _LONG_WORD and all(
        len(p) < _LONG_WORD for p in re.split(r"[\W_]+", word)
    )


def _address(match: re.Match[str]) -> str:
    host = match["host"] or match["domain"]
    host = host.removeprefix("www.").replace(".", " dot ").replace("-", " dash ")
    if match["user"] is None:
        return host
    user = match["user"]
    for sign, word in ((".", "dot"), ("_", "underscore"), ("-", "dash"), ("+", "plus")):
        user = user.replace(sign, f" {word} ")
    return f"{user} at {host}"


def _lowered(text: str) -> str:
    """Write a sentence in capitals as a sentence: engines spell capitals out."""
    letters = [c for c in text if c.isalpha()]
    words = text.split()
    if len(words) < 4 or not letters or any(c.islower() for c in letters):
        return text
    return text[:1] + text[1:].lower()


# -- the rules -----------------------------------------------------------------------------------


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
    """ "$5-million deal" is a five million dollar deal."""
    one = CURRENCIES[match["symbol"]][0]
    scale = SCALES[match["scale"].lower()]
    return f"{cardinal(match['amount'])} {scale} {one} {match['noun']}"


def _measure(match: re.Match[str]) -> str:
    one, many = UNITS[match["unit"]]
    return f"{cardinal(match['n'])} {one if match['n'] == '1' else many}"


def _month(name: str) -> str:
    return MONTH_NAMES[name.lower()[:3]]


def _day(figures: str) -> str:
    return ordinal(int(figures))


def _day_month(match: re.Match[str]) -> str:
    tail = f" {year(int(match['year']))}" if match["year"] else ""
    return f"the {_day(match['day'])} of {_month(match['month'])}{tail}"


def _month_day(match: re.Match[str]) -> str:
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
    return f"{cardinal(str(hour))}{half or (' hundred hours' if hour > 12 else chr(32) + 'o' + chr(39) + 'clock')}"


def _fraction(match: re.Match[str]) -> str:
    top, bottom = int(match["top"]), int(match["bottom"])
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    if not bottom or top >= bottom or bottom > 100:
        return match[0]
    one, many = names.get(bottom, (ordinal(bottom), f"{ordinal(bottom)}s"))
    return f"{cardinal(str(top))} {one if top == 1 else many}"


def _regnal(match: re.Match[str]) -> str:
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


def _year(match: re.Match[str]) -> str:
    return year(int(match[0]))


def _range(match: re.Match[str]) -> str:
    return f"{match[1]} to {match[2]}"


_MONTH = rf"(?P<month>{MONTHS})\.?"
_YEAR_BEFORE = (
    "in|since|by|from|until|till|of|to|before|after|during|between|early|late|mid|the|year|summer"
    "|winter|spring|autumn|fall|and|through|around|circa"
)
_NAMED = (
    "War|Chapter|Part|Act|Phase|Volume|Article|Title|Section|Type|Class|Bowl|Level|Stage|Group"
    "|Tier|Category|Schedule|Appendix|Book|Games|Mark"
)

#: Class, pattern, words. Each pattern is bounded, so that no text costs more than linear time.
_RULES: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("insertion", re.compile(r"[(\[](\w{1,20})[)\]](?=\s[a-z])"), r"\1"),
    ("dash", re.compile(r"(?<=\d)\s?[\u2013\u2014](?=\s?\d)"), "-"),
    ("dash", re.compile(r"\s*(?:--+|[\u2014\u2015])\s*|\s+[\u2013-]\s+"), ", "),
    ("money range", re.compile(rf"(?P<s>{_SYMBOL})(\d[\d,.]{{0,14}})-(?=\d)"), r"\g<s>\2 to \g<s>"),
    ("money", re.compile(
        rf"(?P<symbol>{_SYMBOL}) ?(?P<amount>{_N})[ -]{_SCALE}-? ?(?P<noun>(?<=-)\w+)", re.IGNORECASE
    ), _money_before_noun),
    ("money", re.compile(
        rf"(?P<symbol>{_SYMBOL}) ?(?P<amount>{_N})(?:[ -]?{_SCALE}\b)?", re.IGNORECASE
    ), _money),
    ("scale", re.compile(rf"(?<![\w.])(?P<n>{_N}) ?(?P<scale>bn|mln|tn)\b"),
     lambda m: f"{cardinal(m['n'])} {SCALES[m['scale']]}"),
    ("percent", re.compile(r"(?<=\d) ?(?:%|per cent\b)"), " percent"),
    ("date", re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"), _iso_date),
    ("date", re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}(?!\w)(?:,? (?P<year>\d{{4}})\b)?",
        re.IGNORECASE,
    ), _day_month),
    ("date", re.compile(
        rf"\b{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,?\d)(?:,? (?P<year>\d{{4}})\b)?",
        re.IGNORECASE,
    ), _month_day),
    ("time", re.compile(
        r"\b(?P<h>\d{1,2})[:.](?P<min>\d{2}) ?(?P<half>[ap]\.?m\b\.?)(?!\w)", re.IGNORECASE
    ), _time),
    ("time", re.compile(r"\b(?P<h>\d{1,2})(?P<min>) ?(?P<half>[ap]\.?m\b\.?)(?!\w)", re.IGNORECASE), _time),
    ("time", re.compile(r"\b(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?P<half>)(?![:\d])"), _time),
    ("decade", re.compile(r"\b(\d{3}0)['\u2019]?s\b"), lambda m: decade(int(m[1]))),
    ("decade", re.compile(r"['\u2019](\d0)s\b"), lambda m: decade(int(m[1]))),
    ("ordinal", re.compile(r"\b(\d{1,3}(?:,\d{3})*|\d{1,9})(?:st|nd|rd|th)\b"), _ordinal_figures),
    ("fraction", re.compile(r"(?<![\d/.])(?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\d/])"), _fraction),
    ("measure", re.compile(rf"(?<![\w.,])(?P<n>{_N})[ -]?(?P<unit>{_UNIT})(?![\w/\u00b2\u00b3])"), _measure),
    ("number", re.compile(r"\b(?:No|Nos|Nr)\. ?(?=\d)|(?<!\w)#(?=\d)"), "number "),
    ("telephone", re.compile(r"(?<![\d-])(\+?\d{1,3}[ -])?(\(?\d{3}\)?[ -]\d{3}[ -]\d{4})(?![\d-])"),
     lambda m: ", ".join(digits(group) for group in re.split(r"\D+", m[0]) if group)),
    ("range", re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d{1,4})-(\d{1,3}(?:,\d{3})+|\d{1,4})(?![\w-]|,\d)"), _range),
    ("year", re.compile(r"(?:(?<=^)|(?<=\b))(?<=[\s(])(?:1[1-9]|20)\d\d(?=['\u2019]s\b|[\s,.;:!?)-]|$)(?!,\d|\.\d)(?! \w+s\b(?<!was)(?<!is)(?<!has)| people\b)"), _year),
    ("regnal number", re.compile(r"\b(?P<name>[A-Z][a-z]+) (?P<numeral>[IVX]{2,6})\b(?!\.)"),
     lambda m: _numbered(m) if re.fullmatch(_NAMED, m["name"]) else _regnal(m)),
    ("numbered", re.compile(rf"\b(?P<name>{_NAMED}) (?P<numeral>[IVXL]{{1,6}})\b"), _numbered),
    ("abbreviation", re.compile(
        rf"\b(?:{'|'.join(re.escape(a) for a in sorted(ABBREVIATIONS, key=len, reverse=True))})(?=[\s,])"
    ), lambda m: ABBREVIATIONS[m[0]]),
    ("saint", re.compile(r"\bSt\.? (?=[A-Z][a-z])"), "Saint "),
    ("initials", re.compile(r"\b(?:[A-Za-z]\.){2,6}(?!\w)"), _dotted),
    ("acronym", re.compile(r"\b(?P<letters>[A-Z]{2,5})(?P<plural>s)?\b(?!-?\d)"), _acronym),
    ("minus", re.compile(r"(?<![\w)])[\u2212-](?=\d)"), "minus "),
    ("number", re.compile(rf"(?<![A-Za-z\d_.]){'(?:' + _N + ')'}(?![\w]|\.\d)"), lambda m: _figures(m[0])),
    ("sign", re.compile(r" ?& ?"), " and "),
    ("sign", re.compile(r"(?<=\w) ?\+ ?(?=\w)"), " plus "),
    ("sign", re.compile(r" ?= ?"), " equals "),
    ("sign", re.compile(r" ?% ?"), " percent "),
    ("sign", re.compile(r"\u00b0"), " degrees "),
    ("sign", re.compile(r" ?\u00d7 ?"), " times "),
    ("slash", re.compile(r"(?<=\w)/(?=\w)"), " "),
)  # fmt: skip


def _figures(figures: str) -> str:
    """Say a bare number; a leading zero makes it a code, read figure by figure."""
    if len(figures) > 1 and figures[0] == "0" and figures.isdigit():
        return digits(figures)
    return cardinal(figures)


# -- marks ---------------------------------------------------------------------------------------

_BULLET = re.compile(r"^\s*(?:[*\u2022\u25cf\u25e6\u00b7\u2013-]\s+|\(?\d{1,3}[.)]\s+(?=\S))")
_BRACKETS = re.compile(r"\s*[()\[\]{}]+\s*")
#: What no engine says, or says badly: quotation marks, markup, emoji, symbols.
_UNSPOKEN = re.compile(
    '["\u201c\u201d\u201e\u00ab\u00bb<>\\\\|^~_*#=@`\u2022\u25cf\u00a9\u00ae\u2122\ufffd\ufe0e\ufe0f\u200d]'
    "|[\u2190-\u2bff\u3000-\u303f\ue000-\uf8ff]|[\U0001f000-\U000fffff]"
)
_REPEATED = re.compile(r"([!?])[!?]+|\.{2,}|\u2026")
_COMMAS = re.compile(r"\s*,(?:\s*,)+\s*")


def _tidied(text: str) -> str:
    text = _BULLET.sub("", text)
    text = text.replace("[[", " ").replace("]]", " ")
    text = _UNSPOKEN.sub(" ", text)
    text = _BRACKETS.sub(", ", text)
    text = _REPEATED.sub(lambda m: m[1] or ". ", text)
    text = _COMMAS.sub(", ", text)
    text = re.sub(r" {2,}", " ", text)
    text = re.sub(r" (?=[,.;:!?])", "", text)
    text = re.sub(r",(?=[.;:!?])", "", text)
    return re.sub(r"^[\s,;:.-]+|[\s,;:-]+$", "", text).strip()
