"""Figures as English words: cardinals, ordinals, years, decades, digits, Roman numerals."""

from __future__ import annotations

from functools import lru_cache

#: More figures than this are read one by one, and from ``LONG_NUMBER`` on not at all.
_COUNTABLE_DIGITS = 15
LONG_NUMBER = 30
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ("", " thousand", " million", " billion", " trillion")
#: The last word of an ordinal, where it is not the cardinal with "th".
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


@lru_cache(maxsize=4096)
def cardinal(figures: str, *, joined: bool = True) -> str:
    """Return a number as words; thousands separators and a decimal point are understood.

    One convention: "and" stands before the tens of the last group ("eighteen thousand and one"),
    and nowhere else. Before a scale word ("460 billion") no group is the last: not ``joined``.

    >>> cardinal("1,234.50"), cardinal("460", joined=False)
    ('one thousand two hundred and thirty four point five zero', 'four hundred sixty')
    >>> cardinal("123,000,012")
    'one hundred twenty three million twelve'
    """
    whole, _, decimals = figures.replace(",", "").partition(".")
    if len(whole) > _COUNTABLE_DIGITS:
        words = digits(whole)
    elif whole or not decimals:
        words = _whole(int(whole or "0"), joined=joined)
    else:
        words = ""
    return f"{words} point {digits(decimals)}".lstrip() if decimals else words


def _whole(number: int, *, joined: bool) -> str:
    if number < 20:
        return _SMALL[number]
    groups = []
    power, rest = 0, number
    while rest:
        rest, group = divmod(rest, 1000)
        if group:
            # "thousand and five", but "million five": one "and", in the last three figures.
            alone = power == 0 and group < 100 and number >= 1000 and number % 1_000_000 >= 1000
            said = _group(group, joined=joined and power == 0)
            groups.append(f"{'and ' if alone and joined else ''}{said}{_GROUPS[power]}")
        power += 1
    return " ".join(reversed(groups))


def _group(number: int, *, joined: bool) -> str:
    """Return the words of 1..999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [_SMALL[hundreds], "hundred"] if hundreds else []
    if words and rest and joined:
        words.append("and")
    if rest >= 20:
        words.append(_TENS[tens - 2])
        rest = ones
    if rest:
        words.append(_SMALL[rest])
    return " ".join(words)


@lru_cache(maxsize=1024)
def ordinal(number: int) -> str:
    """Return a number as a place in an order, without "and".

    >>> [ordinal(n) for n in (1, 12, 20, 121, 1000)]
    ['first', 'twelfth', 'twentieth', 'one hundred twenty first', 'one thousandth']
    """
    head, _, last = cardinal(str(number), joined=False).rpartition(" ")
    if last not in _ORDINALS:
        place = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    else:
        place = _ORDINALS[last]
    return f"{head} {place}".lstrip()


def digits(figures: str) -> str:
    """Return figures one by one: "zero zero four"."""
    return " ".join(_SMALL[int(c)] for c in figures if c.isdecimal())


def pairs(figures: str) -> str:
    """Return three or four figures as people say codes: "three seventy", "one oh one".

    >>> [pairs(n) for n in ("370", "101", "800", "2788", "2000")]
    ['three seventy', 'one oh one', 'eight hundred', 'twenty seven eighty eight', 'two thousand']
    """
    head, tail = figures[:-2], figures[-2:]
    if not head or int(head) == 0:
        return digits(figures) if figures[0] == "0" else cardinal(figures)
    if tail == "00":
        if len(head) > 1 and head.endswith("0"):
            return cardinal(figures)
        return f"{cardinal(head)} hundred"
    return f"{cardinal(head)} {'oh ' if tail[0] == '0' else ''}{cardinal(str(int(tail)))}"


@lru_cache(maxsize=1024)
def year(number: int) -> str:
    """Return a year as it is said.

    >>> [year(n) for n in (1905, 1900, 2008, 2026)]
    ['nineteen oh five', 'nineteen hundred', 'two thousand eight', 'twenty twenty six']
    """
    century, rest = divmod(number, 100)
    if not 11 <= century <= 20 or (century == 20 and rest < 10):
        return cardinal(str(number), joined=False)
    head = cardinal(str(century))
    if rest == 0:
        return f"{head} hundred"
    return f"{head} {'oh ' if rest < 10 else ''}{cardinal(str(rest))}"


def plural(words: str) -> str:
    """Return the plural of a number's words: "sixties", "sevens", "sixes"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith("x") else f"{words}s"


def decade(number: int) -> str:
    """Return a decade as it is said; two figures stand for themselves.

    >>> decade(1970), decade(80), decade(2000)
    ('nineteen seventies', 'eighties', 'two thousands')
    """
    return plural(year(number) if number >= 100 else cardinal(str(number)))


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
