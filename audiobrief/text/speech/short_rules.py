"""Rules for shorthand of recipes, sport, small ads and works: "tsp", "234-6", "pw", "Vol. II"."""

from __future__ import annotations

import re
from functools import cache

from audiobrief.text.plain_words import MONTHS
from audiobrief.text.speech.numerals import cardinal, digits, pairs, roman_value
from audiobrief.text.speech.rules import Rule, longest_first, rule
from audiobrief.text.speech.sign_rules import MONEY, NUMBER, SYMBOL
from audiobrief.text.speech.vocabulary import UNITS, WEEKDAYS

_Match = re.Match[str]

_FRACTION_SIGNS = {
    "\u00bd": (1, 2), "\u00bc": (1, 4), "\u00be": (3, 4), "\u2153": (1, 3), "\u2154": (2, 3),
    "\u215b": (1, 8),
}  # fmt: skip
_PARTS = {2: "half", 3: "third", 4: "quarter", 8: "eighth"}
#: Units of kitchens, of which fractions are measured.
_KITCHEN = (
    "tsps", "tsp", "tbsps", "tbsp", "Tbsp", "lbs", "lb", "oz", "pt", "qt", "gal", "mi", "mile",
    "miles",
)  # fmt: skip
_KITCHEN_WORDS = {
    **UNITS,
    "mile": ("mile", "miles"),
    "miles": ("mile", "miles"),
}
_RATES = {
    "pp": "per person", "p/p": "per person", "pw": "per week", "p/w": "per week",
    "pcm": "per calendar month", "pm": "per month", "p/m": "per month", "pa": "per year",
    "p.a.": "per year", "p/a": "per year", "ph": "per hour", "p/h": "per hour",
    "p.w.": "per week", "ppn": "per person per night",
}  # fmt: skip
_DAY = longest_first(WEEKDAYS)


@cache
def short_rules() -> tuple[Rule, ...]:
    """Return the rules, in the order in which they apply; they come before those for signs."""
    return (*_amount_rules(), *_score_rules(), *_word_rules(), *_sign_rules())


_SHORT = re.compile(r"plc|approx|avg|aet|Cllr")


def _amount_rules() -> tuple[Rule, ...]:
    signs = "".join(_FRACTION_SIGNS)
    return (
        rule(
            "rate",
            rf"(?P<money>(?:{SYMBOL}) ?(?:{NUMBER})[kKm]?) ?"
            rf"(?P<rate>{longest_first(_RATES)})(?![\w/])",
            lambda m: f"{m['money']} {_RATES[m['rate']]}",
            "p",
            needs=MONEY,
        ),
        rule(
            "fraction",
            rf"(?<![\w/.,])(?:(?P<whole>\d{{1,3}})[ -]?)??"
            rf"(?:(?P<top>[1-7])/(?P<bottom>[2348])|(?P<sign>[{signs}]))"
            rf"[ -]?(?P<unit>{longest_first(_KITCHEN)})\b(?:\.(?= [a-z(]|[,;:)]))?",
            _fraction_of_unit,
            f"/{signs}",
            digit=False,
        ),
        rule(
            "stone",
            r"(?<![\w.,/])(\d{1,2}) ?st\.?,? ?(\d{1,2}) ?lbs?\b",
            r"\1 stone \2",
            "s",
        ),
        rule("thousands", r"(?<![\w.,])1,?000s\b(?= of)", "thousands", "s"),
        rule("thousands", r"(?<![\w.,])1,000s\b", "thousands", "s"),
        rule("thousands", r"(?<![\w.,])100s\b(?= of)", "hundreds", "s"),
        rule("thousands", r"(?<![\w.,])10s\b(?= of)", "tens", "s"),
        rule("thousands", r"(?<![\w.,])[1-9]\d{0,2}(?: \d{3}){2,4}(?![\w,]|\.\d)", _joined, " "),
        rule(
            "thousands",
            rf"(?:(?:{SYMBOL}) ?[1-9]\d{{0,2}} \d{{3}}|(?<![\w.,])[1-9]\d{{0,2}} 000)"
            r"(?![\w,]| \d|\.\d)",
            _joined,
            " ",
        ),
        rule("power", r"(?<=\d)\^\{?(?P<power>[-\u2212]?\d{1,3})\}?(?!\w)", _power, "^"),
        rule(
            "power",
            r"(?<![^\W\d_])(?P<letters>[A-Za-z]{1,2})\u00b2(?!\w)",
            _squared,
            "\u00b2",
            digit=False,
        ),
        rule("code", r"\b([ABM]\d{1,4})\(M\)", r"\1 M", "(M"),
        rule("telephone", r"\(0(?P<a>\d{2,4})\) ?(?=\d{3,4} ?\d{3,4}(?!\w))", r"0\g<a> ", "("),
        rule("age", r"(?<=\d)[ -]?y[/.]?o\b(?:\.(?= [a-z]))?", " year old", "y"),
    )


def _score_rules() -> tuple[Rule, ...]:
    return (
        rule(
            "cricket",
            r"(?<![\w.,-])(?P<runs>\d{2,3})[-\u2013/](?P<wickets>\d|10)"
            r"(?= (?:at (?:stumps|lunch|tea|the close)|declared|dec\b|overnight|off \d"
            r"|in \d{1,2}(?:\.\d)? overs))",
            r"\g<runs> for \g<wickets>",
            "-\u2013/",
        ),
        rule(
            "extra time",
            r"\ba\.e\.t\.?(?![\w.])",
            "after extra time",
            ".",
            digit=False,
        ),
        rule(
            "team",
            r"\b(?P<lead>(?:\d{1,2}(?:st|nd|rd|th)|[Ff]irst|[Ss]econd|[Tt]hird|World|England) )"
            r"(?P<numeral>XI|XV|XIII)\b",
            lambda m: f"{m['lead']}{cardinal(str(roman_value(m['numeral'])))}",
            "X",
            digit=False,
        ),
        rule(
            "war",
            r"\bWW ?(?P<n>II|I|2|1)\b",
            lambda m: f"World War {'one' if m['n'] in 'I1' else 'two'}",
            "W",
            digit=False,
        ),
        # Found by the numeral, which is rare: looking for the names before it takes far longer.
        rule(
            "Roman numeral",
            r" (?P<numeral>[ivx]{1,5})\b(?!['\u2019]|\.\w)",
            _small_roman,
            "ivx",
            digit=False,
        ),
        rule(
            "Roman numeral",
            r"\b(?P<lead>Vol|Ch|Pt|Bk)\.? (?P<numeral>[IVXL]{1,6})\b",
            _part,
            "VCPB",
            digit=False,
        ),
        rule(
            "machine",
            r"(?<![\w-])(7\d7)-(\d00)(?![\w-])",
            lambda m: f"{pairs(m[1])} {pairs(m[2])}",
            "-",
        ),
        rule(
            "machine",
            r"(?<![\w-])7\d7(?= (?:MAX|jets?|planes?|aircraft|airliners?|freighters?)\b)",
            lambda m: pairs(m[0]),
        ),
        rule("telephone", r"(?<![\w.,-])0\d-\d{3} \d{4}(?![\w-])", _telephone, "-"),
        rule(
            "telephone",
            r"(?<![\w.,-])(?P<lead>"
            r"(?i:call|dial|ring|phone|calling|freephone|text|samaritans on|helpline on) )"
            r"(?P<n>\d{3} \d{3}|1\d\d)(?![\w,]| \d|\.\d)",
            lambda m: m["lead"] + ", ".join(map(digits, m["n"].split())),
        ),
        rule(
            "date",
            rf"\b(?P<month>{MONTHS})\.? ['\u2019](?P<y>\d\d)\b",
            _short_year,
            "'\u2019",
            flags=re.IGNORECASE,
        ),
    )


def _word_rules() -> tuple[Rule, ...]:
    year = r"(?=(?:1\d|20)\d\d(?!\d))"
    with_figure = (
        (r"\bc(?:a\.?|\.) ?(?=[\u00a3$\u20ac]?\d)", "circa ", "c"),
        (r"(?<=[( ,])c(?=(?:1\d|20)\d\d\b)", "circa ", "c"),
        (rf"\best\. {year}", "established ", "."),
        (r"\bpop\. ?(?=\d)", "population ", "."),
        (rf"\bb\. ?{year}", "born ", "."),
        (rf"\bd\. ?{year}", "died ", "."),
        (r"\b[Hh]wy\.? (?=\d)", "Highway ", "H"),
        (r"\bRte?\.? (?=\d)", "Route ", "R"),
    )
    without = (
        (r" ?\(ret(?:d|'d)?\.?\),?", ", retired,", "("),
        (r"\bw/o\b", "without", "/"),
        (r"\bb/c\b", "because", "/"),
        (
            r"(?<=[a-z]{2}s)/(?=(?:day|hour|minute|second|week|month|year|night|person)\b)",
            " per ",
            "/",
        ),
    )
    return (
        *(rule("abbreviation", pattern, words, sign) for pattern, words, sign in with_figure),
        *(rule("abbreviation", p, words, sign, digit=False) for p, words, sign in without),
        # One look for all that have no sign of their own.
        rule(
            "abbreviation",
            r"(?P<lead>[ (])(?P<short>plc|approx\b\.?|avg|aet|Cllrs?\b\.?)"
            r"(?= [\w$\u00a3\u20ac]|[,;:.)]|$)",
            lambda m: m["lead"] + _SHORT_WORDS[m["short"].rstrip(".")],
            digit=False,
            needs=_SHORT,
        ),
        rule(
            "abbreviation",
            r"\b(?:est|avg|max|(?<!\d )min)\. (?=(?P<year>in\b)|[a-z\d$\u00a3\u20ac])",
            _pointed,
            ".",
            digit=False,
        ),
        rule(
            "weekday",
            rf"\b(?P<day>{_DAY})\.?"
            rf"(?= \d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS})\b| (?:{MONTHS})\.? \d)",
            lambda m: WEEKDAYS[m["day"].capitalize()],
            "MTWFS",
            flags=re.IGNORECASE,
        ),
    )


def _pointed(match: _Match) -> str:
    """Say "max. 30"; "est. in 1900" was established, "est. 30" is estimated."""
    return "established " if match["year"] else f"{_POINTED[match[0][:3]]} "


_POINTED = {"est": "estimated", "avg": "average", "max": "maximum", "min": "minimum"}
_SHORT_WORDS = {
    "plc": "PLC", "approx": "approximately", "avg": "average", "aet": "after extra time",
    "Cllr": "Councillor", "Cllrs": "Councillors",
}  # fmt: skip


def _sign_rules() -> tuple[Rule, ...]:
    return (
        rule("oven", r"(?<=[\u00b0\d][CF])/(?=\d|[Gg]as\b|[Ff]an\b)", ", ", "/"),
        rule("size", r"(?<=\dm) ?[x\u00d7] ?(?=\d)", " by ", "x\u00d7"),
    )


def _fraction_of_unit(match: _Match) -> str:
    """Say "1/2 lb." as half a pound and "1\u00bd tsp" as one and a half teaspoons."""
    top, bottom = _FRACTION_SIGNS.get(match["sign"]) or (int(match["top"]), int(match["bottom"]))
    if top >= bottom:
        return match[0]
    one, many = _KITCHEN_WORDS[match["unit"]]
    article = "an" if one[0] in "aeiou" else "a"
    part = _PARTS[bottom]
    if match["whole"] and match["whole"] != "0":
        lead = "an" if part[0] == "e" else "a"
        said = f"{lead} {part}" if top == 1 else f"{cardinal(str(top))} {part}s"
        return f"{cardinal(match['whole'])} and {said} {many}"
    if (top, bottom) == (1, 2):
        return f"half {article} {one}"
    said = (
        f"{'an' if part[0] == 'e' else 'a'} {part}" if top == 1 else f"{cardinal(str(top))} {part}s"
    )
    return f"{said} of {article} {one}"


def _joined(match: _Match) -> str:
    """Write "10 000" with the comma that later rules know."""
    figures = match[0]
    head = figures.rstrip("0123456789 ")
    return (
        head + figures[len(head) :].strip().replace(" ", ",") if head else figures.replace(" ", ",")
    )


def _power(match: _Match) -> str:
    power = match["power"].replace("\u2212", "-")
    named = {"2": "squared", "3": "cubed"}.get(power)
    sign = "minus " if power[0] == "-" else ""
    return f" {named}" if named else f" to the {sign}{cardinal(power.lstrip('-'))}"


def _squared(match: _Match) -> str:
    """Say "mc\u00b2"; with a vowel in two letters it is a word with a footnote's mark."""
    letters = match["letters"]
    if len(letters) == 2 and set(letters.lower()) & set("aeiouy"):
        return match[0]
    return f"{' '.join(letters)} squared"


_NAMED_BEFORE = re.compile(
    r"\b(?:[Aa]ct|[Ss]cene|[Pp]art|[Cc]hapter|[Vv]olume|[Bb]ook|[Aa]ppendix|[Ss]ection|[Pp]hase"
    r"|[Tt]ype|[Ss]tage)$"
)


def _small_roman(match: _Match) -> str:
    value = roman_value(match["numeral"].upper())
    before = match.string[max(0, match.start() - 10) : match.start()]
    return f" {cardinal(str(value))}" if value and _NAMED_BEFORE.search(before) else match[0]


_WORKS = {"Vol": "Volume", "Ch": "Chapter", "Pt": "Part", "Bk": "Book"}


def _telephone(match: _Match) -> str:
    return ", ".join(map(digits, re.findall(r"\d+", match[0])))


def _part(match: _Match) -> str:
    value = roman_value(match["numeral"])
    return f"{_WORKS[match['lead']]} {cardinal(str(value))}" if value else match[0]


#: Two figures up to here are years of this century.
_NEWEST_SHORT_YEAR = 40


def _short_year(match: _Match) -> str:
    century = "20" if int(match["y"]) <= _NEWEST_SHORT_YEAR else "19"
    return f"{match['month']} {century}{match['y']}"
