"""The rules from printed to spoken English: class, pattern, words; in the order they apply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from audiobrief.text import moments, readings
from audiobrief.text.lines import MONTHS
from audiobrief.text.vocabulary import (
    ABBREVIATIONS,
    CURRENCIES,
    MONTH_NAMES,
    SCALES,
    UNITS,
    WEEKDAYS,
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
_SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"
_DETERMINERS = "a|an|the|this|that|its|his|her|their|our|my|your|another|each|every|any"
_BEFORE_AMOUNT = (
    "new|record|further|additional|extra|initial|final|proposed|planned|whopping|staggering|huge"
    "|separate|annual|one-time"
)
_CODED = "Flight|Room|Route|Highway|Bus|Boeing|Airbus|Gate|Suite|Interstate"


def _rule(
    name: str, pattern: str, words: str | Callable[[re.Match[str]], str], flags: int = 0
) -> Rule:
    return Rule(name, re.compile(pattern, flags), words)


def _figure_rule(
    name: str, pattern: str, words: str | Callable[[re.Match[str]], str], flags: int = 0
) -> Rule:
    return Rule(name, re.compile(pattern, flags), words, needs_digit=True)


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules; each pattern is bounded, so that no text costs more than linear time.

    Compiled at the first use: 80 ms that a command without speech does not pay.
    """
    return (*_sign_rules(), *_money_rules(), *_number_rules(), *_date_rules(), *_letter_rules())


def _sign_rules() -> tuple[Rule, ...]:
    """Return the rules for signs beside numbers; they leave the numbers as they are."""
    before = rf"(?=(?:{_SYMBOL})?\.?\d)"
    return (
        # "(on)" in a quotation is the editor's word, and belongs to the sentence.
        _rule("insertion", r"[(\[]([a-z]\w{0,20})[)\]](?=\s[a-z]|[,.])", r"\1"),
        _figure_rule(
            "height",
            r"(?<![\w.])(?P<feet>[3-8])['\u2019\u2032] ?(?P<inches>1[01]|\d)"
            r"(?:[\"\u201d\u2033]|['\u2019]{2})",
            readings.feet_and_inches,
        ),
        _figure_rule(
            "range",
            r"(?<![\w.,])(?P<low>\d{1,9}) \u2013 (?P<high>\d{1,9})(?![\w]|[.,]\d)",
            readings.spaced_range,
        ),
        _figure_rule("dash", r"(?<=\d)[\u2013\u2014](?=\d)", "-"),
        _figure_rule("minus", rf"(?P<s>{_SYMBOL})[\u2212-](?=\d)", r"minus \g<s>"),
        _figure_rule("range", rf"(?<=[\w%])\u2013{before}", " to "),
        _figure_rule("minus", rf"(?<=[\d%]) ?\u2212 ?{before}", " minus "),
        _figure_rule(
            "minus", rf"(?<![\w)\]%\u2013-])(?P<sign>[\u2212\u2013-]){before}", readings.minus
        ),
        _figure_rule("sign", rf"\u00b1 ?{before}", "plus or minus "),
        _figure_rule("sign", rf"(?<![\w~])[~\u2248\u223c] ?{before}", "about "),
        _figure_rule("sign", rf"(?<![\w<>=-])(?:\u2265|>=) ?{before}", "at least "),
        _figure_rule("sign", rf"(?<![\w<>=-])(?:\u2264|<=) ?{before}", "at most "),
        _figure_rule("sign", rf"(?<![\w<>=-])> ?{before}", "more than "),
        _figure_rule("sign", rf"(?<![\w<>=-])< ?{before}", "less than "),
        _figure_rule("sign", r"(?<=\d) ?[x\u00d7] ?(?=\d)", " by "),
        _figure_rule("sign", rf"(?<![\w.,-])({_N})[x\u00d7](?!\w)", readings.multiple),
        _figure_rule("sign", r"(?<=\d)\+(?![\w+])", " plus"),
        _rule("dash", r"\s?(?:--+|[\u2014\u2015])\s?|\s[\u2013-]\s", ", "),
        _rule(
            "fraction",
            rf"(?P<symbol>{_SYMBOL})?(?P<whole>\d{{1,9}})? ?"
            r"(?P<sign>[\u00bc-\u00be\u2150-\u215e])",
            readings.vulgar_fraction,
        ),
        _rule("formula", r"\b(?:CO|NO|SO|CH|N)[24\u2082\u2084](?!\w)", readings.formula),
        _rule("formula", r"\b(?:N2O|H2O|N\u2082O|H\u2082O)\b", readings.formula),
    )


def _money_rules() -> tuple[Rule, ...]:
    amount = rf"(?P<symbol>{_SYMBOL}) ?(?P<amount>{_N})"
    return (
        _figure_rule(
            "money",
            rf"(?P<symbol>{_SYMBOL}) ?(?P<low>{_N})(?: ?(?P<low_scale>{'|'.join(SCALES)})\b)?"
            rf"(?P<joint>[\u2013-]| to )(?P<second>{_SYMBOL})?"
            rf"(?P<high>{_N})(?:[ -]?{_SCALE}\b)?",
            readings.money_range,
            re.IGNORECASE,
        ),
        _figure_rule(
            "money",
            rf"{amount}-{_SCALE}[ -](?P<noun>\w+)",
            readings.money_before_noun,
            re.IGNORECASE,
        ),
        _figure_rule(
            "money",
            rf"(?P<lead>\b(?:{_DETERMINERS}|A|An|The|This|Its|His|Her|Their|Our) "
            rf"(?:(?:{_BEFORE_AMOUNT}) )?)"
            rf"{amount}(?: ?(?P<scale>(?i:{'|'.join(SCALES)}))\b)? (?P<noun>[a-z]{{3,}})\b",
            readings.money_attribute,
        ),
        _figure_rule("money", rf"{amount}(?:[ -]?{_SCALE}\b)?", readings.money, re.IGNORECASE),
        _figure_rule("money", rf"(?<![\w.])({_N})\u00a2", r"\1 cents"),
    )


def _number_rules() -> tuple[Rule, ...]:
    number = rf"(?<![\w.])(?P<n>{_N})"
    words = "bn|bln|mln|mn|tn|trn"
    return (
        _figure_rule("scale", rf"{number} ?(?P<scale>{words})\b", readings.scaled, re.IGNORECASE),
        _figure_rule("scale", r"(?<![\w.])(?P<n>\d+\.\d+)(?P<scale>B)\b", readings.scaled),
        _figure_rule(
            "scale",
            rf"(?<![\w.,])(?P<n>{_N})(?P<apart> ?)(?P<letter>[mM])(?![\w/\u00b2\u00b3]|\.\w)",
            readings.letter_scale,
        ),
        _figure_rule("scale", rf"{number}(?P<letter>[kK])(?!\w)", readings.thousands),
        _figure_rule("points", r"(?<=\d) ?pp(?![\w.])", " percentage points"),
        _figure_rule("points", r"(?<=\d) ?bps?(?!\w)", " basis points"),
        _figure_rule("percent", r"(?<=\d) ?(?:%|per cent\b)", " percent"),
        _figure_rule("section", r"\u00a7\u00a7 ?(?=\d)", "sections "),
        _figure_rule("section", r"\u00a7 ?(?=\d)", "section "),
        _figure_rule(
            "code",
            rf"\b(?P<name>{_CODED}) (?P<letters>[A-Z]{{1,2}})?(?P<n>[1-9]\d{{2,3}}(?:-\d{{3}})?)"
            r"(?![\w-]|[.,]\d)",
            moments.code,
        ),
        _figure_rule(
            "period",
            r"\b(?P<letters>FY|Q|H)['\u2019]?(?P<n>\d{4}|\d{1,2})(?![\w])",
            moments.period,
        ),
    )


def _date_rules() -> tuple[Rule, ...]:
    return (
        _figure_rule("date", r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b", moments.iso_date),
        _figure_rule(
            "date",
            r"(?<![\w/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|20)?\d\d)(?![\w/])",
            moments.slashed_date,
        ),
        _figure_rule(
            "date",
            rf"(?P<the>\bthe )?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?!\w)"
            r"(?:,? (?P<year>\d{4})\b)?",
            moments.day_month,
            re.IGNORECASE,
        ),
        _figure_rule(
            "date",
            rf"\b{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,?\d)(?:,? (?P<year>\d{{4}})\b)?",
            moments.month_day,
            re.IGNORECASE,
        ),
        _figure_rule(
            "time", r"(?<![\d:.])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])", moments.duration
        ),
        _figure_rule(
            "time",
            rf"\b(?P<h>\d{{1,2}})(?:[:.](?P<min>\d{{2}}))? ?{_HALF}",
            moments.time,
            re.IGNORECASE,
        ),
        _figure_rule(
            "time", r"\b(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?P<half>)(?![:\d])", moments.time
        ),
        _figure_rule("ratio", r"(?<![\w.,:])(\d{1,3}):(\d{1,3})(?![\w:])", moments.ratio),
        _figure_rule("decade", r"\b(\d{3}0)['\u2019]?s\b", moments.decade_figures),
        _figure_rule("decade", r"['\u2019](\d0)s\b", moments.decade_figures),
        _figure_rule(
            "ordinal", r"\b(\d{1,3}(?:,\d{3})*|\d{1,9})(?:st|nd|rd|th)\b", moments.ordinal_figures
        ),
        _figure_rule(
            "fraction",
            r"(?<![\d/.])(?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\d/])",
            readings.fraction,
        ),
        _figure_rule(
            "measure",
            rf"(?<![\w.,])(?P<n>{_N})[ -]?(?P<unit>{_longest_first(UNITS)})(?![\w/\u00b2\u00b3])",
            readings.measure,
        ),
        _figure_rule(
            "power",
            rf"(?P<foot>\w\w|[\d.,;:!?)\"\u201d])(?P<power>[\u207b]?[{_SUPERSCRIPTS}]{{1,4}})",
            readings.superscript,
        ),
        _figure_rule("number", r"\b(?:No|Nos|Nr)\. ?(?=\d)|(?<!\w)#(?=\d)", "number "),
        *_telephone_rules(),
        _figure_rule("range", rf"(?<![\w.,-])({_WHOLE})-({_WHOLE})(?![\w-]|[,.]\d)", r"\1 to \2"),
        _figure_rule(
            "year",
            r"(?<![^\s(])(?:1[1-9]|20)\d\d(?=$|[\s;:!?)'\u2019-]|[.,](?!\d))",
            moments.year_or_count,
        ),
    )


def _telephone_rules() -> tuple[Rule, ...]:
    patterns = (
        r"(?<![\d-])(?:\+?\d{1,3}[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d-])",
        r"(?<!\w)\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){2,6}(?![\w-])",
        r"(?<![\w.,-])0\d{2,4} \d{3,4} ?\d{3,4}(?![\w-])",
        r"(?<![\w.,-])\d{3}-\d{4}(?![\w-])",
        r"(?<=\bdial )(?:911|999|112)\b|(?<=\bcall )(?:911|999|112)\b|\b911(?= calls?\b)",
    )
    return tuple(_figure_rule("telephone", p, moments.telephone) for p in patterns)


def _letter_rules() -> tuple[Rule, ...]:
    days = _longest_first(f"{day}." for day in WEEKDAYS)
    return (
        _rule(
            "regnal number",
            rf"\b(?P<name>(?!(?:{_NAMED})\b)[A-Z][a-z]+) "
            r"(?P<numeral>[IVX]{2,6})\b(?!\.)",
            moments.regnal,
        ),
        _rule("numbered", rf"\b(?P<name>{_NAMED}) (?P<numeral>[IVXL]{{1,6}})\b", moments.numbered),
        _rule("abbreviation", r"\betc\.$", "and so on."),
        _rule(
            "abbreviation",
            rf"\b(?:{_longest_first(ABBREVIATIONS)})(?=[\s,])",
            lambda m: ABBREVIATIONS[m[0]],
        ),
        _rule("weekday", rf"\b(?:{days})(?=[\s,])", lambda m: WEEKDAYS[m[0][:-1]]),
        _rule(
            "month",
            r"\b(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.(?=[\s,])",
            lambda m: MONTH_NAMES[m[0][:3].lower()],
        ),
        _rule("with", r"\bw/o(?= )", "without"),
        _rule("with", r"\bw/ ?(?=\w)", "with "),
        _rule("street", r"(?<=[a-z\d]) St\.(?=[,;)]|$| [a-z])", " Street"),
        _rule("saint", r"\bSt\.? (?=[A-Z][a-z])", "Saint "),
        _rule("versus", r"(?<=\w) vs?\.? (?=[A-Z])", _versus),
        _rule("sharp", r"\b([A-G])#(?!\w)", r"\1 sharp"),
        _rule("plus plus", r"\b([A-Z])\+\+(?!\w)", r"\1 plus plus"),
        _rule("dot", r"(?<=[A-Za-z])\.(?=(?:NET|com|org|net|gov|edu|io|js|uk)\b)", " dot "),
        _rule("dot", r"(?<!\S)\.(?=[A-Za-z]{2})", "dot "),
        _rule("letters", r"\bTL;? ?DR\b", "T L D R"),
        _rule("initials", r"\b(?:[A-Za-z]\.){2,6}(?!\w)", readings.dotted),
        _rule("acronym", r"\b(?P<letters>[A-Z]{2,5})(?P<plural>s)?\b(?!-?\d)", readings.acronym),
        _figure_rule("number", rf"(?<![A-Za-z\d_.])(?:{_N})(?!\w|\.\d)", moments.figures),
        _rule("sign", r" ?& ?", " and "),
        _rule("sign", r"(?<=\w) ?\+ ?(?=\w)|(?<!\w)\+(?=\w)", " plus "),
        _rule("sign", r" ?= ?", " equals "),
        _rule("sign", r" ?% ?", " percent "),
        _rule("sign", r"\u00b0", " degrees "),
        _rule("sign", r" ?\u00d7 ?", " times "),
        _rule("sign", r"\u2212", " minus "),
        _rule("slash", r"(?<=\w)/(?=\w)", " "),
    )


_CAPITALIZED_END = re.compile(r"\b[A-Z][\w.'\u2019-]{0,40}$")


def _versus(match: re.Match[str]) -> str:
    named = _CAPITALIZED_END.search(match.string[max(0, match.start() - 42) : match.start()])
    return " versus " if named or "s" in match[0] else match[0]
