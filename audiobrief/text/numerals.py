"""Figures as English words: cardinals, ordinals, years, decades, digits, Roman numerals."""

from __future__ import annotations

import re
from functools import lru_cache

#: More figures than this are read one by one, and from ``LONG_NUMBER`` on not at all.
_COUNTABLE_DIGITS = 15
LONG_NUMBER = 30
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@lru_cache(maxsize=4096)
def cardinal(figures: str) -> str:
    """Return a number as words; thousands separators and a decimal point are understood.

    >>> cardinal("1,234.50")
    'one thousand two hundred and thirty four point five zero'
    """
    figures = figures.replace(",", "")
    whole, _, decimals = figures.partition(".")
    if len(whole) > _COUNTABLE_DIGITS:
        words = digits(whole)
    else:
        words = _num2words(int(whole or "0"), "cardinal")
    return f"{words} point {digits(decimals)}" if decimals else words


@lru_cache(maxsize=1024)
def ordinal(number: int) -> str:
    """Return "first", "twenty first" and so on."""
    return _num2words(number, "ordinal")


def digits(figures: str) -> str:
    """Return figures one by one: "zero zero four"."""
    return " ".join(_num2words(int(c), "cardinal") for c in figures if c.isdigit())


@lru_cache(maxsize=1024)
def year(number: int) -> str:
    """Return a year as it is said.

    >>> [year(n) for n in (1905, 1900, 2008, 2026)]
    ['nineteen oh five', 'nineteen hundred', 'two thousand eight', 'twenty twenty six']
    """
    century, rest = divmod(number, 100)
    if not 11 <= century <= 20 or (century == 20 and rest < 10):
        return cardinal(str(number)).replace(" and ", " ")
    head = cardinal(str(century))
    if rest == 0:
        return f"{head} hundred"
    return f"{head} {'oh ' if rest < 10 else ''}{cardinal(str(rest))}"


def decade(number: int) -> str:
    """Return a decade as it is said; two figures stand for themselves.

    >>> decade(1970), decade(80), decade(2000)
    ('nineteen seventies', 'eighties', 'two thousands')
    """
    words = year(number) if number >= 100 else cardinal(str(number))
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def roman_value(numeral: str) -> int | None:
    """Return the value of a Roman numeral in its usual spelling, else ``None``.

    >>> roman_value("XIV"), roman_value("IIX")
    (14, None)
    """
    values = [_ROMAN.get(c, 0) for c in numeral]
    total = sum(
        -v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values)
    )
    return total if 0 < total < 4000 and _to_roman(total) == numeral else None


def _to_roman(number: int) -> str:
    steps = (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    written = ""
    for value, sign in steps:
        while number >= value:
            written, number = written + sign, number - value
    return written


#: Whole numbers that stand alone: points, commas and what follows them differ between languages
#: ("3. März" is an ordinal, "1.000" a thousand), so such figures are left to the voice.
_ALONE = re.compile(r"(?<![\w.,:/\u2212-])\d{1,6}(?![\w:/%\u00b0-]|[.,]\S|\. )")


def speak_numbers(text: str, language: str) -> str:
    """Write whole numbers as words of another language, where num2words knows it.

    >>> speak_numbers("Am 3. Mai kamen 12 Boote.", "de")
    'Am 3. Mai kamen zw\u00f6lf Boote.'
    """
    return _ALONE.sub(lambda m: _foreign(m[0], language) or m[0], text)


@lru_cache(maxsize=1024)
def _foreign(figures: str, language: str) -> str | None:
    """Return the words for a number, ``None`` for a language that num2words does not know."""
    from num2words import num2words  # noqa: PLC0415 - as below

    # Four figures without a mark between them are a year; elsewhere they would be wrong seldom.
    form = "year" if len(figures) == 4 and figures[:2] in {"18", "19", "20"} else "cardinal"
    code = language.lower().split("-", maxsplit=1)[0]
    try:
        words: str = num2words(int(figures), to=form, lang=code)
    except (NotImplementedError, OverflowError):  # left as printed, for the voice to read
        return None
    return words


def _num2words(number: int, form: str) -> str:
    # Here, not above: it imports 60 languages (0.1 s), and the command line reads --help first.
    from num2words import num2words  # noqa: PLC0415

    words: str = num2words(number, to=form, lang="en")
    return words.replace("-", " ").replace(",", "")
