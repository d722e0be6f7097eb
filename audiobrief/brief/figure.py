"""Numbers of a text as values: "3 million" and "3,000,000" are one (pure, English)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONES_LIST = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TENS_LIST = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: n for n, word in enumerate(_ONES_LIST.split())}
_TENS = {word: n for n, word in zip(range(20, 100, 10), _TENS_LIST.split(), strict=True)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_DOZEN = 12
_ORDINALS_LIST = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
"""
_ORDINALS = {word: n for n, word in enumerate(_ORDINALS_LIST.split(), start=1)}
_ORDINAL_FIGURES = re.compile(r"\A(\d+)(?:st|nd|rd|th)", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
#: What is counted or measured belongs to the number: 5 percent are not 5.
_UNITS = {
    **dict.fromkeys(("%", "percent"), "percent"),
    **dict.fromkeys(("$", "dollar", "dollars"), "dollar"),
    **dict.fromkeys(("\u20ac", "euro", "euros"), "euro"),
    **dict.fromkeys(("\u00a3", "pound", "pounds"), "pound"),
    **dict.fromkeys(("\u00a5", "yen"), "yen"),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), "km"),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), "m"),
    **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres"), "cm"),
    **dict.fromkeys(("mile", "miles"), "mile"),
    **dict.fromkeys(("foot", "feet", "ft"), "foot"),
    **dict.fromkeys(("kg", "kilogram", "kilograms", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("ton", "tons"), "ton"),
    **dict.fromkeys(("tonne", "tonnes"), "tonne"),
    **dict.fromkeys(("liter", "liters", "litre", "litres"), "liter"),
    **dict.fromkeys(("degree", "degrees"), "degree"),
    **{f"{unit}{end}": unit for unit in
       ("year", "month", "week", "day", "hour", "minute", "point", "acre", "hectare", "crown")
       for end in ("", "s")},
}  # fmt: skip
#: Words before a number that say how far it holds.
_BOUNDS = {
    **dict.fromkeys(("more than", "over", "above", "exceeding"), ">"),
    **dict.fromkeys(("less than", "fewer than", "under", "below"), "<"),
    **dict.fromkeys(("at least", "no fewer than", "no less than"), "at least "),
    **dict.fromkeys(("up to", "at most", "no more than"), "at most "),
    **dict.fromkeys(
        ("about", "around", "roughly", "approximately", "some", "nearly", "almost", "close to"), "~"
    ),
}
_LONGEST_BOUND = 3


class Figure(NamedTuple):
    """A number with its unit, and how many words it takes."""

    key: str
    word_count: int


def find_figure(words: Sequence[str], start: int) -> Figure | None:
    """Return the number that begins at a word, with what bounds it and what it counts.

    Args:
        words: Words, figures and signs in lower case.
        start: Index of the first.

    >>> find_figure("more than 3 million dollars".split(), 0)
    Figure(key='>3000000 dollar', word_count=5)
    >>> find_figure(["three", "million"], 0) == find_figure(["3,000,000"], 0)._replace(word_count=2)
    True
    """
    bound, at = _bound(words, start)
    sign = _UNITS[words[at]] if words[at : at + 1] and words[at] in "$\u20ac\u00a3\u00a5" else ""
    at += bool(sign)
    value, end = _value(words, at)
    if end == at:
        return None
    unit, end = (sign, end) if sign else _unit(words, end)
    return Figure(f"{bound}{value} {unit}".strip(), end - start)


def _bound(words: Sequence[str], start: int) -> tuple[str, int]:
    for count in range(_LONGEST_BOUND, 0, -1):
        found = _BOUNDS.get(" ".join(words[start : start + count]))
        if found is not None and start + count < len(words):
            return found, start + count
    return "", start


def _unit(words: Sequence[str], at: int) -> tuple[str, int]:
    if words[at : at + 2] == ["per", "cent"]:
        return "percent", at + 2
    word = words[at] if at < len(words) else ""
    return (_UNITS[word], at + 1) if word in _UNITS else ("", at)


def _value(words: Sequence[str], start: int) -> tuple[str, int]:
    """Return a value, and the index after it; the same index: there is none."""
    word = words[start] if start < len(words) else ""
    if word in _ORDINALS:
        return f"{_ORDINALS[word]}th", start + 1
    if match := _ORDINAL_FIGURES.fullmatch(word):
        return f"{int(match[1])}th", start + 1
    if word[:1].isdigit():
        return _of_figures(words, start)
    return _of_words(words, start)


def _of_figures(words: Sequence[str], start: int) -> tuple[str, int]:
    word = words[start]
    if _GROUPED.fullmatch(word):
        word = word.replace(",", "")
    if not _PLAIN.fullmatch(word):
        return word, start + 1
    value, end = Decimal(word), start + 1
    while end < len(words) and words[end] in _SCALES:
        value, end = value * _SCALES[words[end]], end + 1
    return _plain(value), end


def _of_words(words: Sequence[str], start: int) -> tuple[str, int]:
    total = group = 0
    at, before = start, ""
    while at < len(words):
        word = words[at]
        if word in _SMALL and before not in _SMALL:
            group += _SMALL[word]
        elif word in _TENS and before not in _SMALL and before not in _TENS:
            group += _TENS[word]
        elif word == "hundred" and at > start:
            group *= 100
        elif word == "dozen":
            group = (group or 1) * _DOZEN
        elif word in _SCALES and at > start:
            total, group = total + group * _SCALES[word], 0
        elif word == "and" and before in _SCALES and _goes_on(words, at + 1):
            pass
        else:
            break
        at, before = at + 1, word
    return (_plain(Decimal(total + group)), at) if at > start else ("", start)


def _goes_on(words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] in _SMALL or words[at] in _TENS)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
