"""Rules for the dash of a range whose ends are more than whole numbers; they come first of all."""

from __future__ import annotations

import re
from functools import cache

from audiobrief.text.plain_words import MONTHS
from audiobrief.text.speech.rules import Rule, rule
from audiobrief.text.speech.sign_rules import SYMBOL

_DASH = "[-\u2013]"
_SIGNS = "-\u2013"
_ORDINAL = "(?:st|nd|rd|th)?"
_DATE = r"\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)"


@cache
def range_rules() -> tuple[Rule, ...]:
    """Return the rules, in the order in which they apply."""
    month = rf"(?:{MONTHS})\.?"
    small = re.IGNORECASE
    return (
        rule(
            "range",
            rf"\b([Bb]etween (?:{SYMBOL})?\d[\d,.]{{0,12}}%?) ?{_DASH} ?(?=(?:{SYMBOL})?\d)",
            r"\1 and ",
            _SIGNS,
        ),
        # Month before day or year, as in "Oct. 1911-Feb. 1912".
        rule(
            "date",
            rf"\b({month} \d{{1,4}}{_ORDINAL}) ?{_DASH} ?(?=(?:{MONTHS})\b)",
            r"\1 to ",
            _SIGNS,
            flags=small,
        ),
        # Day before month, as in "1 May-3 June".
        rule(
            "date",
            rf"\b(\d{{1,2}}{_ORDINAL} {month}) ?{_DASH} ?(?=\d{{1,2}}{_ORDINAL} (?:{MONTHS})\b)",
            r"\1 to ",
            _SIGNS,
            flags=small,
        ),
        rule("date", rf"(?<![\w/-])({_DATE}) ?{_DASH} ?(?={_DATE}(?![\w/]))", r"\1 to ", _SIGNS),
        rule("season", r"\b((?:1[89]|20)\d\d)[-\u2013/](\d)(?![\w/-]|[.,]\d)", _season, "-\u2013/"),
        # Opening hours.
        rule(
            "time",
            rf"(?<![\w.:-])(\d{{1,2}}:[0-5]\d) ?{_DASH} ?(?=\d{{1,2}}:[0-5]\d(?![\w:]))",
            r"\1 to ",
            _SIGNS,
        ),
        rule(
            "time",
            rf"(?<=\d)( ?[ap](?:m|\.m\.)) ?{_DASH} ?(?=\d{{1,2}}(?:[:.]\d\d)? ?[ap]\.?m\b)",
            r"\1 to ",
            _SIGNS,
            flags=small,
        ),
        rule(
            "range",
            rf"(?<![\w.,/-])(\d{{1,4}}\.\d{{1,3}}){_DASH}(\d{{1,4}}(?:\.\d{{1,3}})?)(?![\w-]{{2}}-|[.,]\d|\d)",
            _decimals,
            _SIGNS,
        ),
    )


def _season(match: re.Match[str]) -> str:
    """Write "2024-5" as "2024-25", which later rules know."""
    first, last = match[1], match[2]
    following = (int(first[-1]) + 1) % 10 == int(last) and last != "0"
    return f"{first}-{first[2]}{last}" if following else match[0]


def _decimals(match: re.Match[str]) -> str:
    """Say "1.5-2.5" as a range; numbers that fall are a code or a paragraph."""
    rising = float(match[1]) < float(match[2])
    return f"{match[1]} to {match[2]}" if rising else match[0]
