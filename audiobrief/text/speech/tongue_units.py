"""Measures, ranges, fractions, clocks and dates of languages other than English, as words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from audiobrief.text.speech.numerals import roman_value

_Match = re.Match[str]
_Rule = tuple[re.Pattern[str], str | Callable[[_Match], str]]
_SPACES = "[ \u00a0\u202f]"
_UNIT_SIGNS = ("km", "m", "cm", "mm", "kg", "g", "l", "ha", "km\u00b2", "m\u00b2")
_FRACTION_FIGURES = ("1/2", "1/3", "2/3", "1/4", "3/4")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language."""

    minus: str
    #: Between the ends of a range.
    to: str
    #: Plurals, in the order of ``_UNIT_SIGNS``.
    units: tuple[str, ...]
    #: In the order of ``_FRACTION_FIGURES``.
    fractions: tuple[str, ...]
    #: January first.
    months: tuple[str, ...]
    #: Between day, month and year of "12.03.2024" or "12/03/2024".
    date: str


def _words(minus: str, to: str, units: str, fractions: str, months: str, date: str) -> _Words:
    return _Words(
        minus, to, tuple(units.split("|")), tuple(fractions.split("|")), tuple(months.split()), date
    )


_LANGUAGES = {
    "de": _words(
        "minus", "bis",
        "Kilometer|Meter|Zentimeter|Millimeter|Kilogramm|Gramm|Liter|Hektar|Quadratkilometer"
        "|Quadratmeter",
        "ein halb|ein Drittel|zwei Drittel|ein Viertel|drei Viertel",
        "Januar Februar M\u00e4rz April Mai Juni Juli August September Oktober November Dezember",
        "{}. {} {}",
    ),
    "fr": _words(
        "moins", "\u00e0",
        "kilom\u00e8tres|m\u00e8tres|centim\u00e8tres|millim\u00e8tres|kilos|grammes|litres|hectares"
        "|kilom\u00e8tres carr\u00e9s|m\u00e8tres carr\u00e9s",
        "un demi|un tiers|deux tiers|un quart|trois quarts",
        "janvier f\u00e9vrier mars avril mai juin juillet ao\u00fbt septembre octobre novembre"
        " d\u00e9cembre",
        "{} {} {}",
    ),
    "es": _words(
        "menos", "a",
        "kil\u00f3metros|metros|cent\u00edmetros|mil\u00edmetros|kilos|gramos|litros|hect\u00e1reas"
        "|kil\u00f3metros cuadrados|metros cuadrados",
        "un medio|un tercio|dos tercios|un cuarto|tres cuartos",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "{} de {} de {}",
    ),
    "it": _words(
        "meno", "a",
        "chilometri|metri|centimetri|millimetri|chili|grammi|litri|ettari|chilometri quadrati"
        "|metri quadrati",
        "un mezzo|un terzo|due terzi|un quarto|tre quarti",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "{} {} {}",
    ),
    "nl": _words(
        "min", "tot",
        "kilometer|meter|centimeter|millimeter|kilo|gram|liter|hectare|vierkante kilometer"
        "|vierkante meter",
        "een half|een derde|twee derde|een kwart|drie kwart",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "{} {} {}",
    ),
    "pt": _words(
        "menos", "a",
        "quil\u00f4metros|metros|cent\u00edmetros|mil\u00edmetros|quilos|gramas|litros|hectares"
        "|quil\u00f4metros quadrados|metros quadrados",
        "um meio|um ter\u00e7o|dois ter\u00e7os|um quarto|tr\u00eas quartos",
        "janeiro fevereiro mar\u00e7o abril maio junho julho agosto setembro outubro novembro"
        " dezembro",
        "{} de {} de {}",
    ),
    "sv": _words(
        "minus", "till",
        "kilometer|meter|centimeter|millimeter|kilo|gram|liter|hektar|kvadratkilometer"
        "|kvadratmeter",
        "en halv|en tredjedel|tv\u00e5 tredjedelar|en fj\u00e4rdedel|tre fj\u00e4rdedelar",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "{} {} {}",
    ),
}  # fmt: skip


def unit_rules(code: str, number: str, said: Callable[[str], str]) -> tuple[_Rule, ...]:
    """Return the rules for what stands beside figures, before the figures themselves are said.

    Args:
        code: A language of the table; others have no rules.
        number: A pattern for a number of that language.
        said: Its figures to words.
    """
    words = _LANGUAGES.get(code)
    if words is None:
        return ()
    units = dict(zip(_UNIT_SIGNS, words.units, strict=True))
    fractions = dict(zip(_FRACTION_FIGURES, words.fractions, strict=True))

    def date(m: _Match) -> str:
        day, month = int(m["day"]), int(m["month"])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return m[0]
        return words.date.format(day, words.months[month - 1], m["year"])

    def span(m: _Match) -> str:
        rising = int(m["low"]) < int(m["high"])
        return f"{m['low']} {words.to} {m['high']}" if rising else m[0]

    return (
        (
            re.compile(
                r"(?<![\w./-])(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)"
                r"(?P<year>(?:1[5-9]|20)\d\d)(?![\w/]|\.\d)"
            ),
            date,
        ),
        (
            re.compile(
                r"(?<![\w.,/-])(?P<low>\d{1,4})[\u2013-](?P<high>\d{1,4})"
                rf"(?={_SPACES}(?:[^\W\d_]|%|\u20ac|\u00b0))"
            ),
            span,
        ),
        (
            re.compile(rf"(?<![\w)])[-\u2212](?=\d{{1,3}}(?:,\d)?{_SPACES}?(?:\u00b0|%))"),
            f"{words.minus} ",
        ),
        *(_french() if code == "fr" else ()),
        (
            re.compile(rf"(?<![\w/.,])(?:{'|'.join(_FRACTION_FIGURES)})(?![\w/.]\w|[\w/])"),
            lambda m: fractions[m[0]],
        ),
        (
            re.compile(
                rf"(?P<n>{number}){_SPACES}"
                rf"(?P<unit>{'|'.join(sorted(units, key=len, reverse=True))})"
                r"(?![\w/\u00b2\u00b3'\u2019])"
            ),
            lambda m: f"{said(m['n'])} {units[m['unit']]}",
        ),
    )


def _french() -> tuple[_Rule, ...]:
    """Return what only French prints: "18h30", "XIXe", "2,5 M\u20ac"."""
    return (
        (
            re.compile(
                rf"(?<![\w.,:])(?P<h>[01]?\d|2[0-4]){_SPACES}?h{_SPACES}?(?P<min>[0-5]\d)?(?!\w)"
            ),
            _clock,
        ),
        (re.compile(r"(?<!\w)(?P<numeral>[IVX]{1,6})(?:e|\u00e8me)(?!\w)"), _century),
        (re.compile(rf"(?<=\d){_SPACES}?M(?P<more>ds?|rds?)?{_SPACES}?\u20ac"), _millions),
    )


def _clock(match: _Match) -> str:
    hours = int(match["h"])
    return f"{hours} heure{'' if hours < 2 else 's'} {match['min'] or ''}".rstrip()


def _millions(match: _Match) -> str:
    return f" milli{'ard' if match['more'] else 'on'}s d'euros"


def _century(match: _Match) -> str:
    # Here, not above: it imports 60 languages (0.1 s), and English never needs them.
    from num2words import num2words  # noqa: PLC0415

    value = roman_value(match["numeral"])
    if value is None:
        return match[0]
    words: str = num2words(value, to="ordinal", lang="fr")
    return words
