"""How numbers beside signs are said in English, and plain ones: a function for each rule."""

from __future__ import annotations

import re
import unicodedata

from audiobrief.text.speech.numerals import cardinal, digits, ordinal

Match = re.Match[str]


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
    if bottom == 1 and top > 1:  # odds
        return f"{cardinal(match['top'])} to one"
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
