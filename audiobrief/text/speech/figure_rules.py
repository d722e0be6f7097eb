"""Rules for what is made of figures: money, measures, dates, times, numbers of all kinds."""

from __future__ import annotations

import re
from functools import cache, partial

from audiobrief.text.plain_words import MONTHS
from audiobrief.text.speech import amounts, measures, moments, readings
from audiobrief.text.speech.rules import Rule, longest_first, rule
from audiobrief.text.speech.sign_rules import MONEY, NUMBER, SUPERSCRIPTS, SYMBOL
from audiobrief.text.speech.vocabulary import SCALES, UNITS

_WHOLE = r"\d{1,3}(?:,\d{3})+|\d{1,4}"
_ANY_SCALE = "|".join(SCALES)
_SCALE = rf"(?P<scale>{_ANY_SCALE})"
_MONTH = rf"(?P<month>{MONTHS})\.?"
_HALF = r"(?P<half>[ap]\.?m\b\.?)(?!\w)"
_ZONE = r"(?P<zone>(?i:[ECMP][SD]T|GMT|BST|CET|UTC)|[ECMP]T|(?i:[ecmp]\.[sd]\.t\b\.?))"
_DETERMINERS = "a|an|the|this|that|its|his|her|their|our|my|your|another|each|every|any"
_BEFORE_AMOUNT = (
    "new|record|further|additional|extra|initial|final|proposed|planned|whopping|staggering|huge"
    "|separate|annual|one-time|massive|reported|estimated"
)
_LEAD = (
    rf"(?P<lead>\b(?:{_DETERMINERS}|A|An|The|This|Its|His|Her|Their|Our) "
    rf"(?:(?:{_BEFORE_AMOUNT}) )?)"
)
_CODED = "Flight|Room|Route|Highway|Bus|Boeing|Airbus|Gate|Suite|Interstate|flight|room"


@cache
def figure_rules(*, day_first: bool = False) -> tuple[Rule, ...]:
    """Return the rules for figures, in the order in which they apply."""
    return (
        *_money_rules(),
        *_number_rules(),
        *_date_rules(day_first),
        *_time_rules(),
        *_count_rules(),
    )


def _money_rules() -> tuple[Rule, ...]:
    amount = rf"(?<![A-Za-z])(?P<symbol>{SYMBOL}) ?(?P<amount>{NUMBER})"
    return (
        rule(
            "money",
            rf"(?<![A-Za-z])(?P<symbol>{SYMBOL}) ?(?P<low>{NUMBER})"
            rf"(?: ?(?P<low_scale>{_ANY_SCALE})\b)?"
            rf"(?P<joint>[\u2013-]| to )(?P<second>{SYMBOL})?"
            rf"(?P<high>{NUMBER})(?:[ -]?{_SCALE}\b)?",
            amounts.money_range,
            flags=re.IGNORECASE,
            needs=MONEY,
        ),
        rule(
            "money",
            rf"{amount}-{_SCALE}[ -](?!an?\b|per\b)(?P<noun>\w+)",
            amounts.money_before_noun,
            flags=re.IGNORECASE,
            needs=MONEY,
        ),
        rule(
            "money",
            rf"{_LEAD}"
            rf"(?P<symbol>{SYMBOL}) ?(?P<amount>{NUMBER})(?: ?(?P<scale>(?i:{_ANY_SCALE}))\b)?"
            rf" (?P<noun>[a-z]{{3,}})\b",
            amounts.money_attribute,
            needs=MONEY,
        ),
        rule(
            "money",
            rf"{amount}(?:[ -]?{_SCALE}\b)?",
            amounts.money,
            flags=re.IGNORECASE,
            needs=MONEY,
        ),
        rule(
            "money",
            rf"(?<![\w.,])(?P<amount>{NUMBER})(?: ?(?P<scale>{_ANY_SCALE}))?"
            rf" ?(?P<symbol>USD|EUR|GBP|CHF|\u20ac|\u00a3|kr)(?!\w)",
            amounts.money,
            "DRPFr\u20ac\u00a3",
        ),
        rule("money", rf"(?<![\w.])({NUMBER})\u00a2", r"\1 cents", "\u00a2"),
        rule(
            "money",
            r"(?<![\w.])(\d{1,3})p(?= (?:a|per|each|rise|cut|on|off|in|for|to)\b)",
            r"\1 pence",
            "p",
        ),
    )


def _number_rules() -> tuple[Rule, ...]:
    number = rf"(?<![\w.,])(?P<n>{NUMBER})"
    return (
        rule(
            "scale",
            rf"{number} ?(?P<scale>bn|bln|mln|mn|tn|trn)\b",
            measures.scaled,
            "nN",
            flags=re.IGNORECASE,
        ),
        rule(
            "scale",
            rf"{number}[ -](?P<scale>thousand|million|billion|trillion|crore|lakh)\b",
            measures.scaled,
        ),
        rule("scale", r"(?<![\w.])(?P<n>\d+\.\d+)(?P<scale>B)\b", measures.scaled, "B"),
        rule(
            "scale",
            rf"(?<![\w.,])(?P<n>{NUMBER})(?P<apart>[ -]?)(?P<letter>[mM])"
            rf"(?![\w/\u00b2\u00b3'\u2019]|\.\w)",
            measures.letter_scale,
            "mM",
        ),
        rule("scale", rf"{number}(?P<letter>[kK])(?!\w)", measures.thousands, "kK"),
        rule("points", r"(?<=\d) ?pp(?![\w.])", " percentage points", "p"),
        rule("points", r"(?<=\d) ?bps?(?!\w)", " basis points", "b"),
        rule("percent", r"(?<=\d) ?(?:%|per cent\b)", " percent", "%p"),
        rule("per mille", r"(?<=\d) ?\u2030", " per thousand", "\u2030"),
        rule("section", r"\u00a7\u00a7 ?(?=\d)", "sections ", "\u00a7"),
        rule("section", r"\u00a7 ?(?=\d)", "section ", "\u00a7"),
        rule(
            "code",
            rf"\b(?P<name>{_CODED}) (?P<letters>[A-Z]{{1,2}})?(?P<n>[1-9]\d{{2,3}}(?:-\d{{3}})?)"
            r"(?![\w-]|[.,]\d)",
            moments.code,
        ),
        rule(
            "period",
            r"\b(?P<letters>FY|Q|H)['\u2019]?(?P<n>\d{4}|\d{1,2})(?![\w])",
            moments.period,
            "YQH",
        ),
        rule(
            "code",
            r"\b(?P<lead>ending (?:in|with) |ends in |PIN |OTP |ZIP |(?:code|number|PIN|otp) is )"
            r"(?P<n>\d{3,8})\b(?!,\d)",
            moments.single,
        ),
    )


def _date_rules(day_first: bool) -> tuple[Rule, ...]:
    return (
        rule(
            "date",
            r"\b(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?![\w/-])",
            moments.iso_date,
            "-/",
        ),
        rule(
            "date",
            r"(?<![\w/.-])(?P<a>\d{1,2})(?P<sign>[/.])(?P<b>\d{1,2})(?P=sign)(?P<y>(?:1[5-9]|20)?\d\d)(?![\w/]|[.]\d)",
            partial(moments.slashed_date, day_first=day_first),
            "/.",
        ),
        rule(
            "date",
            rf"\b{_MONTH}[-\u2013](?=(?:{MONTHS})\b)",
            moments.month_range,
            "-\u2013",
            flags=re.IGNORECASE,
        ),
        rule(
            "date",
            rf"(?P<the>\bthe )?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
            rf"(?:-(?P<last>\d{{1,2}})(?:st|nd|rd|th)?)?(?: of|-)? ?(?<![\da-z]){_MONTH}(?![\w])"
            r"(?:[,-]? ?(?P<year>\d{4})\b)?",
            moments.day_month,
            flags=re.IGNORECASE,
        ),
        rule(
            "date",
            rf"\b{_MONTH}[ -](?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
            rf"(?:(?:-| to |\u2013)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?!:))?"
            rf"(?!,?\d|:\d)(?:,? (?P<year>\d{{4}})\b)?",
            moments.month_day,
            flags=re.IGNORECASE,
        ),
        rule("decade", r"\b(\d{3}0)['\u2019]?s\b", moments.decade_figures, "s"),
        rule("decade", r"['\u2019](\d0)s\b", moments.decade_figures, "s"),
        rule(
            "decade",
            r"\b(?P<lead>(?:mid|early|late)[- ]|(?:the|his|her|their) (?:mid-|early |late )?)"
            r"(?P<n>[2-9]0)s\b",
            moments.decade_of_life,
            "s",
        ),
        rule(
            "season",
            r"(?<![\w.,/-])(?P<y>(?:1[89]|20)\d\d)[-/](?P<n>\d\d)(?![\w/-]|[.,]\d)",
            moments.season,
            "-/",
        ),
    )


def _time_rules() -> tuple[Rule, ...]:
    clock = r"\d{1,2}(?:[:.]\d{2})?"
    return (
        rule("ratio", r"(?<![\w.,:])(\d[\d,.]{0,11}):(1)(?![\w:])", moments.ratio, ":"),
        rule(
            "ratio",
            r"(?<![\w.,:])(\d{1,3}):(\d{1,3})(?= (?:ratio|odds|scale|split|mix|aspect))",
            moments.ratio,
            ":",
        ),
        rule(
            "time",
            rf"(?<![\w:.,-])(?P<low>{clock})(?P<first> ?[ap]\.?m\b\.?)?"
            rf" ?[-\u2013] ?(?={clock} ?[ap]\.?m\b)",
            r"\g<low>\g<first> to ",
            "mM",
            flags=re.IGNORECASE,
        ),
        rule(
            "time",
            rf"(?<![\d:.])(?P<h>\d{{1,2}}):(?P<min>[0-5]\d):(?P<s>[0-5]\d)(?![\d:])"
            rf"(?: ?{_HALF})?(?: ?{_ZONE}\b)?",
            moments.duration,
            ":",
            flags=re.IGNORECASE,
        ),
        rule(
            "time",
            rf"(?<![\w.:])(?P<h>\d{{1,2}})(?:[:.](?P<min>\d{{2}}))? ?{_HALF}(?: ?{_ZONE}\b)?",
            moments.time,
            "mM",
            flags=re.IGNORECASE,
        ),
        rule(
            "time",
            r"(?<![\w.:])(?P<h>\d{1,2})(?:[:.](?P<min>\d{2}))? ?(?P<half>[ap]\.m\.)"
            r"(?P<zone>(?:[ecmp][sd]t|gmt)\b)",
            moments.time,
            "mM",
            flags=re.IGNORECASE,
        ),
        rule(
            "time",
            rf"\b(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?P<half>)(?: ?{_ZONE}\b|(?![:\w]))",
            moments.time,
            ":",
        ),
        rule(
            "time",
            r"(?<=[ap]\.m\. )(?:[ecmp]\.[sd]\.t\b\.?)",
            lambda m: m[0].replace(".", "").upper(),
            ".",
            flags=re.IGNORECASE,
        ),
        rule("ratio", r"(?<![\w.,:])(\d{1,3}):(\d{1,3})(?![\w:])", moments.ratio, ":"),
        rule("score", r"(?<![\w.,:-])(?P<a>\d)-(?P<b>0)(?![\w-])", moments.ratio, "-"),
    )


def _count_rules() -> tuple[Rule, ...]:
    return (
        rule(
            "fraction",
            r"(?<![\w/.])(?P<top>\d{1,3})/(?P<bottom>\d{1,4})(?:ths?|rds?)?(?![\w/])",
            readings.fraction,
            "/",
            flags=re.IGNORECASE,
        ),
        rule(
            "ordinal",
            r"(?<![\w.,])(\d{1,3}(?:,\d{3})*|\d{1,9})(?:st|nd|rd|th)\b",
            moments.ordinal_figures,
            "tdhTDH",
            flags=re.IGNORECASE,
        ),
        rule(
            "temperature",
            r"(?<![\w.,])(?P<n>\d{1,3}(?:\.\d)?)(?P<unit>C|F)(?![\w/#+])",
            measures.temperature,
            "CF",
        ),
        rule(
            "measure",
            rf"(?<![\w.,])(?P<low>{NUMBER})(?:-| to |-to-)(?P<n>{NUMBER})"
            rf"[ -]?(?P<unit>{longest_first(UNITS)})"
            r"(?:\.(?= [a-z]|[,;:)])|(?![\w/\u00b2\u00b3]))",
            measures.measure_range,
            "-o",
        ),
        rule(
            "measure",
            rf"(?<![\w.,])(?P<n>{NUMBER})(?P<joint>[ -]?)(?P<unit>{longest_first(UNITS)})"
            rf"(?:\.(?= [a-z]|[,;:)])|(?![\w/\u00b2\u00b3]|\.\w))",
            measures.measure,
        ),
        rule(
            "power",
            rf"(?P<foot>\w\w|[\d.,;:!?)\"\u201d])(?P<power>[\u207b]?[{SUPERSCRIPTS}]{{1,4}})",
            readings.superscript,
            "\u00b2\u00b3\u00b9\u2070\u2074\u2075\u2076\u2077\u2078\u2079",
            digit=False,
        ),
        rule("page", r"\bpp\. ?(?=\d)", "pages ", "p"),
        rule("page", r"\bp\. ?(?=\d)", "page ", "p"),
        *_telephone_rules(),
        rule(
            "range",
            rf"(?<![\w.,-])(?P<low>{_WHOLE})-(?P<high>{_WHOLE})(?![\w-]|[,.]\d)",
            readings.whole_range,
            "-",
        ),
        rule(
            "year",
            r"(?<![^\s(\"\u201c'\u2018/-])(?:1[1-9]|20)\d\d(?=$|[\s;:!?)'\u2019\"\u201d/-]|[.,](?!\d))",
            moments.year_or_count,
        ),
    )


#: What every number that is dialed has, but for those in pairs after "+".
_LONG_NUMBER = re.compile(r"\d\d\d|\+\d")


def _telephone_rules() -> tuple[Rule, ...]:
    patterns = (
        r"(?<![\d-])(?:\+?\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?:-\d{1,5})?(?![\d-])",
        r"(?<!\w)\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){2,6}(?![\w-])",
        r"(?<![\w.,-])0\d{2,4} \d{3,4} ?\d{3,4}(?![\w-])",
        r"(?<![\w.,-])\d{3}-\d{4}(?![\w-])",
        r"(?<![\w.,-])\d{3}-\d{2}-\d{4}(?![\w-])",
        r"(?<=\bdial )(?:911|999|112)\b|(?<=\bcall )(?:911|999|112)\b|\b911(?= calls?\b)",
    )
    return (
        rule(
            "network", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", moments.dotted_quad, "."
        ),
        *(rule("telephone", p, moments.telephone, needs=_LONG_NUMBER) for p in patterns),
    )
