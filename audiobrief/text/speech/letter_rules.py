"""Rules for letters: Roman numerals, abbreviations, titles, initials, codes; and what is left."""

from __future__ import annotations

import re
from functools import cache

from audiobrief.text.speech import moments, readings, shorthand
from audiobrief.text.speech.rules import Rule, longest_first, rule
from audiobrief.text.speech.sign_rules import NUMBER
from audiobrief.text.speech.vocabulary import (
    ABBREVIATIONS,
    WEEKDAYS,
)

_SHORT_MONTHS = "Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"


@cache
def letter_rules() -> tuple[Rule, ...]:
    """Return the rules for letters that come before acronyms."""
    return (*_roman_rules(), *_abbreviation_rules(), *_code_rules())


def _roman_rules() -> tuple[Rule, ...]:
    # Found by the numeral, which is rare: looking for the names before it takes far longer.
    numeral = r" (?P<numeral>[IVXL]{1,7})\b(?!['\u2019][a-z]{2})"
    return (rule("Roman numeral", numeral, moments.roman, "IVXL", digit=False),)


def _abbreviation_rules() -> tuple[Rule, ...]:
    days = longest_first(f"{day}." for day in WEEKDAYS)
    return (
        rule("abbreviation", r"\betc\.$", "and so on.", ".", digit=False),
        rule(
            "abbreviation",
            rf"(?<![\w.])(?P<short>{longest_first(ABBREVIATIONS)})(?=[\s,;:)'\u2019-])",
            shorthand.abbreviation,
            ".",
            digit=False,
        ),
        rule(
            "title",
            r"(?P<short>[A-Z][a-z]{1,3}) (?=[A-Z][a-z]|[A-Z]\.)",
            shorthand.title,
            "rstfnlj",
            digit=False,
        ),
        rule(
            "weekday",
            rf"\b(?:{days})(?=[\s,])(?! [a-z]{{3,}}\w* the )",
            shorthand.weekday,
            ".",
            digit=False,
        ),
        rule(
            "month",
            rf"\b(?P<month>{_SHORT_MONTHS})\.(?=[\s,;)])",
            shorthand.month,
            ".",
            digit=False,
        ),
        rule("alias", r"[aA](?<!\w.)(?:ka|KA)(?= )", "also known as", "kK", digit=False),
        rule("with", r"\bw/o(?= )", "without", "/", digit=False),
        rule("with", r"\bw/ ?(?=\w)", "with ", "/", digit=False),
        rule("street", r"(?<=[a-z\d]) St\.(?=[,;)]|$| [a-z])", " Street", ".", digit=False),
        rule(
            "street",
            r"(?<=[a-z]) St\.(?= (?:The|He|She|It|They|We|In|A|But|And)\b)",
            " Street.",
            ".",
            digit=False,
        ),
        rule("saint", r"\bSte?\.? (?=[A-Z][a-z])", "Saint ", "S", digit=False),
        rule("versus", r" vs?\.? (?=[A-Z\d])", shorthand.versus, "v", digit=False),
        rule("sharp", r"\b([A-G])#(?!\w)", r"\1 sharp", "#", digit=False),
        rule("plus plus", r"\b([A-Za-z])\+\+(?!\w)", r"\1 plus plus", "+", digit=False),
        rule("dot", r"(?<=[A-Za-z])\.(?=(?:NET|js|io)\b)", " dot ", ".", digit=False),
        rule("dot", r"(?<!\S)\.(?=[A-Za-z]{2})", "dot ", ".", digit=False),
        rule("letters", r"TL;? ?DR\b", "TLDR", "T", digit=False),
        rule(
            "initials",
            r"(?<![\w.@])(?:[A-Za-z]\.){2,6}(?:[A-Z](?![\w.]))?(?P<s>'s|\u2019s|s)?(?!\w)",
            shorthand.dotted,
            ".",
            digit=False,
        ),
    )


def _code_rules() -> tuple[Rule, ...]:
    """Return the rules for what mixes letters and figures: "F-16", "A320", "B2B", "16c"."""
    return (
        rule("version", r"(?<![\w.])v\.? ?(?=\d{1,3}\.\d)", "version ", "v"),
        rule("version", r"(?<![\w.,])\d{1,4}(?:\.\d{1,4}){2,5}(?!\w|\.\d)", moments.version, "."),
        rule("code", r"(?<![\w.])([A-Za-z]{1,3})(?=\d{1,3}\.\d{1,3}(?!\w|\.\d))", r"\1 ", "."),
        rule("screen", r"(?<![\w.])(?P<n>[48])K\b(?=[ -]\w)", r"\g<n> K", "K"),
        rule(
            "code",
            r"(?<![\w.,/-])(?P<letters>[A-Z][A-Za-z]{0,2})-(?P<n>\d{2,3})(?P<tail>[A-Z]|s)?(?![\w,.]\d|[\w-])",
            shorthand.model,
            "-",
        ),
        rule(
            "code",
            r"(?<![\w.,$])(?=[a-z\d]{0,24}[a-z])(?=[a-z]{0,24}\d)[a-z\d]{2,25}(?!\w|\.\d)",
            shorthand.serial,
            flags=re.IGNORECASE,
        ),
    )


@cache
def last_rules() -> tuple[Rule, ...]:
    """Return the rules that come after acronyms: plain numbers, and signs that are left."""
    return (
        rule("slash", r"(?<=[a-z]) ?/ (?=[a-z])", " slash ", "/", digit=False),
        rule(
            "slash",
            r"\b(?P<a>[Hh]e|[Hh]is|[Hh]im|[Ss]he)/(?=(?:she|hers?|him|he)\b)",
            r"\g<a> or ",
            "/",
            digit=False,
        ),
        rule("slash", r"\b[Ss]/he\b", "she or he", "/", digit=False),
        rule("slash", r"(?<=[a-z\d])/(?= )", " slash", "/", digit=False),
        rule(
            "slash", r"(?<=[A-Za-z])/(?=\w)|(?<=\w)/(?=[A-Za-z])", shorthand.slash, "/", digit=False
        ),
        rule("code", r"(?<=[-/])0(?=-|$)", "zero", "-/"),
        rule("number", rf"(?<![A-Za-z\d_.])(?:{NUMBER})(?![A-Za-z\d_]|\.\d)", readings.figures),
        rule(
            "sign",
            r"[$](?=\w)|(?<=[\w$])[$]|(?<!\S)[$](?!\S)|[$](?=\()",
            shorthand.dollar,
            "$",
            digit=False,
        ),
        rule("sign", r" ?& ?", shorthand.ampersand, "&", digit=False),
        rule("sign", r"(?<=\w) ?\+ ?(?=\w)|(?<!\w)\+(?=\w)", " plus ", "+", digit=False),
        rule("sign", r" ?= ?", " equals ", "=", digit=False),
        rule("sign", r" ?% ?", " percent ", "%", digit=False),
        rule("sign", r"\u00b0", " degrees ", "\u00b0", digit=False),
        rule("sign", r" ?\u00d7 ?", " times ", "\u00d7", digit=False),
        rule("sign", r"\u2212", " minus ", "\u2212", digit=False),
    )
