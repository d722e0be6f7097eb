"""Rules for signs beside numbers and words: brackets, dashes, arrows, fractions, formulas."""

from __future__ import annotations

import re
from functools import cache

from audiobrief.text.speech import addresses, measures, moments, readings, shorthand
from audiobrief.text.speech.rules import Rule, longest_first, rule
from audiobrief.text.speech.vocabulary import CURRENCIES, PER

SYMBOL = longest_first(CURRENCIES)
#: A number: with thousands in commas, with decimals, whole, or with decimals alone.
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|\.\d+"
SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"


def _money() -> str:
    """Return what every sum of money has: a symbol right before a figure.

    By its last character first, which few figures have before them: a fifth of the time of trying
    all symbols everywhere.
    """
    last = re.escape("".join(sorted({symbol[-1] for symbol in CURRENCIES})))
    lengths = sorted({len(symbol) for symbol in CURRENCIES})
    # What is looked for behind a place has one length.
    behind = "|".join(
        f"(?<={longest_first(s for s in CURRENCIES if len(s) == length)})" for length in lengths
    )
    return rf"[{last}](?= ?\.?\d)(?:{behind}) ?\.?\d"


MONEY = re.compile(_money(), re.IGNORECASE)
DASHES = "\u2013\u2014\u2012\u2010\u2011"


@cache
def sign_rules() -> tuple[Rule, ...]:
    """Return the rules that come first; they leave most numbers as they are."""
    return (*_bracket_rules(), *_house_rules(), *_dash_rules(), *_relation_rules())


def _bracket_rules() -> tuple[Rule, ...]:
    return (
        rule("quotation marks", "``|''", '"', "`'", digit=False),
        rule("sic", r" ?[(\[]\s?(?:sic|\.{3}|\u2026)\s?[)\]]", "", "([", digit=False),
        rule("footnote", r"(?<=[\w.,;:!?\"\u201d'\u2019])\[\d{1,3}\]", "", "["),
        rule(
            "party",
            r" \((?P<party>[RDI])-(?P<state>[A-Z][\w. ]{1,20}?)\)(?P<comma>,)?",
            shorthand.party,
            "(",
            digit=False,
        ),
        rule(
            "plan",
            r"\b(?P<n>40[13]|457|501|529)(?:\((?P<a>[a-z])\)(?:\((?P<b>\d)\))?|-?(?P<k>[bk]s?)\b)",
            moments.plan,
        ),
        rule("plural", r"(?<=[a-z])\((e?s)\)", r"\1", "(", digit=False),
        # "(on)" in a quotation is the editor's word, and belongs to the sentence.
        rule("insertion", r"[(\[]([a-z]\w{0,20})[)\]](?=\s[a-z]|[,.])", r"\1", "([", digit=False),
        rule(
            "insertion",
            # Not where the brackets are all there is.
            r"(?<=\S)( ?)\[([A-Za-z][\w ,'\u2019-]{0,80})\]"
            r"|()\[([A-Za-z][\w ,'\u2019-]{0,80})\](?=.)",
            lambda m: f"{m[1] or ''}{m[2] or m[4]}",
            "[",
            digit=False,
        ),
        rule(
            "item",
            r"^\(?(?P<n>\d{1,3})(?:[.)] (?=[\"\u201c'\u2018]?[A-Z])|\.(?=[A-Z][a-z]))",
            moments.item,
        ),
    )


def _house_rules() -> tuple[Rule, ...]:
    return (
        rule("number", r"\bNos\. ?(?=\d)", "numbers ", "N"),
        rule(
            "number",
            r"\b(?:No|Nr|no)\. ?(?=\d)|(?<!\w)#(?= ?\d)|\u2116 ?(?=\d)",
            "number ",
            "Nn#\u2116",
        ),
        Rule("house", addresses.HOUSE, addresses.house),
        Rule("state", addresses.ZIP, addresses.postal_state, frozenset(","), digit=False),
        Rule("state", addresses.PRESS_STATE, addresses.press_state, frozenset("."), digit=False),
    )


def _dash_rules() -> tuple[Rule, ...]:
    before = rf"(?=(?:{SYMBOL})?\.?\d)"
    return (
        rule(
            "height",
            r"(?<![\w.])(?P<feet>[3-8])['\u2019\u2032] ?(?P<inches>1[01]|\d)"
            r"(?:[\"\u201d\u2033]|['\u2019]{2})",
            measures.feet_and_inches,
        ),
        rule(
            "height",
            r"(?<![\w.])(?P<feet>\d{1,2}) ?ft\.? ?(?P<inches>1[01]|\d) ?ins?\b\.?",
            measures.feet_and_inches,
        ),
        rule("inches", r'(?<![\w.,])(?P<n>\d{1,3}(?:\.\d{1,2})?)["\u201d\u2033]', measures.inches),
        rule(
            "equation",
            r"(?<![\w.-])\d[\d.,]{0,12}(?: ?[-\u2212+*/x\u00d7] ?\d[\d.,]{0,12}){1,4} ?= ?-?\d",
            readings.equation,
            "=",
        ),
        rule("telephone", r"(?<![\d-])1-8\d\d(?:-[A-Z\d]{1,7}){1,4}(?![\w-])", moments.vanity),
        rule(
            "range",
            r"(?<![\w.,])(?P<low>\d{1,9}) \u2013 (?P<high>\d{1,9})(?![\w]|[.,]\d)",
            readings.spaced_range,
            "\u2013",
        ),
        rule(
            "range",
            rf"(?P<low>(?:{SYMBOL})\d[\d.,]{{0,12}}(?: ?[kmbt]n?)?) [\u2013-] (?={SYMBOL})",
            r"\g<low> to ",
            "-\u2013",
        ),
        rule("dash", rf"(?<=\d)[{DASHES}](?=\d)", "-", DASHES),
        rule("dash", r"(?<=\w)[\u2010\u2011](?=\w)", "-", "\u2010\u2011", digit=False),
        rule("minus", rf"(?P<s>{SYMBOL})[\u2212-](?=\d)", r"minus \g<s>", "-\u2212"),
        rule("range", rf"(?<=[\w%])\u2013{before}", " to ", "\u2013"),
        rule("range", r"(?<=\d0s)-(?=['\u2019]?\d)", " to ", "-"),
        rule("range", rf"(?<=\d%)-{before}", " to ", "-"),
        rule("minus", rf"(?<=[\d%]) ?\u2212 ?{before}", " minus ", "\u2212"),
        rule(
            "minus",
            rf"(?<![\w)\]%\u2013-])(?P<sign>[\u2212\u2013-]){before}(?!\d{{1,3}}-\d{{3}}-)",
            readings.minus,
            "-\u2212\u2013",
        ),
    )


def _relation_rules() -> tuple[Rule, ...]:
    before = rf"(?=(?:{SYMBOL})?\.?\d)"
    return (
        rule("sign", rf"(?:\u00b1|\+/-) ?{before}", "plus or minus ", "\u00b1+"),
        rule("sign", rf"(?<![\w~])[~\u2248\u223c] ?{before}", "about ", "~\u2248\u223c"),
        rule("sign", rf"(?<![\w<>=-])(?:\u2265|>=) ?{before}", "at least ", "\u2265>"),
        rule("sign", rf"(?<![\w<>=-])(?:\u2264|<=) ?{before}", "at most ", "\u2264<"),
        rule("sign", rf"(?<![\w<>=-])> ?{before}", "more than ", ">"),
        rule("sign", rf"(?<![\w<>=-])< ?{before}", "less than ", "<"),
        rule(
            "sign",
            r"(?<=[\w.%)]) ?(?:\u2192|\u27f6|->) ?(?=[\w($])",
            " to ",
            "\u2192\u27f6>",
            digit=False,
        ),
        rule("sign", r"(?<=\d) ?[x\u00d7] ?(?=\d)", " by ", "x\u00d7"),
        rule("sign", r"(?<=\d) ?\* ?(?=\d)", " asterisk ", "*"),
        rule("sign", rf"(?<![\w.,-])(?P<n>{NUMBER})[x\u00d7](?!\w)", readings.multiple, "x\u00d7"),
        rule("sign", r"(?<=\d)\+(?![\w+])", " plus", "+"),
        rule(
            "dash",
            r"\s?(?:--+|[\u2014\u2015])\s?|\s[\u2013-]\s",
            ", ",
            "-\u2014\u2015\u2013",
            digit=False,
        ),
        rule(
            "fraction",
            r"(?<!\d)(?P<whole>\d{1,3}) (?P<top>\d{1,2})/(?P<bottom>\d{1,2})"
            r"(?:ths?|rds?)?(?![\w/])",
            readings.mixed_fraction,
            "/",
        ),
        rule(
            "fraction",
            rf"(?P<symbol>{SYMBOL})?(?:(?P<whole>\d{{1,9}})[ \u2064]?)?"
            r"(?P<sign>[\u00bc-\u00be\u2150-\u215e])",
            readings.vulgar_fraction,
            "\u00bc\u00bd\u00be\u2150\u2151\u2152\u2153\u2154\u2155\u2156\u2157\u2158\u2159\u215a\u215b\u215c\u215d\u215e",
            digit=False,
        ),
        rule(
            "formula",
            r"\b(?:CO|NO|SO|CH|N)[24\u2082\u2084](?!\w)",
            readings.formula,
            "24\u2082\u2084",
            digit=False,
        ),
        rule(
            "formula",
            r"\b(?:N2O|H2O|N\u2082O|H\u2082O)\b",
            readings.formula,
            "2\u2082",
            digit=False,
        ),
        rule(
            "rating",
            r"(?<=\d\.\d)/(?=\d)|(?<=\d\.\d\d)/(?=\d)|(?<=\d) / (?=(?:5|10|100)(?:\.0)?(?![\d.]))",
            " out of ",
            "/",
        ),
        rule(
            "per",
            rf"(?<=\d)(?P<scale> ?(?:[kmbt]n?|million|billion))?(?P<unit> ?[a-zA-Z]{{1,3}})?"
            rf"/(?P<per>{longest_first(PER)})(?![\w/])",
            measures.per,
            "/",
        ),
        rule(
            "per",
            r"(?<=\d)(?P<unit> ?[a-z]{1,3})?/(?P<letter>[a-z])(?![\w/])",
            measures.per_letter,
            "/",
        ),
    )
