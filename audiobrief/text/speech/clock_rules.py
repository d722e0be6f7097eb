"""Rules for clocks and durations that print shortens: "2h 14m", "3.2s", "the 13.15 train"."""

from __future__ import annotations

import re
from functools import cache

from audiobrief.text.speech.numerals import cardinal
from audiobrief.text.speech.rules import Rule, rule

_Match = re.Match[str]


@cache
def clock_rules(*, dotted: bool = False) -> tuple[Rule, ...]:
    """Return the rules; with ``dotted`` "at 10.30" is a time, as British papers print it."""
    clock = r"(?P<h>[01]?\d|2[0-3])\.(?P<min>[0-5]\d)"
    vehicle = (
        r"(?= (?:[a-z]{2,12} )?"
        r"(?:train|service|bus|ferry|flight|departure|sailing|kick-off)\b)"
    )
    more = (
        rule(
            "time",
            rf"\b(?P<lead>(?:[Aa]t|[Ff]rom|[Uu]ntil|[Tt]ill|[Bb]efore|[Aa]fter|[Bb]y) ){clock}"
            r"(?![\w%]|\.\d| ?"
            r"(?:[ap]\.?m\b|%|per|percent|million|billion|bn|m|seconds|points|to 1)\b)",
            _dotted_clock,
            ".",
        ),
        rule(
            "time",
            r"(?<![\w.,:-])(\d{1,2}:[0-5]\d) ?(-|\u2013|to|and|until) ?"
            r"([01]?\d|2[0-3])\.([0-5]\d)(?![\w%]|\.\d)",
            r"\1 \2 \3:\4",
            ":",
        ),
    )
    return (
        rule(
            "time",
            r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?(?!\w)",
            lambda m: f"{m[1]}, {m[2]}{' UTC' if m['zone'] == 'Z' else ''}",
            "T",
        ),
        rule("time", rf"\b(?P<lead>[Tt]he ){clock}{vehicle}", _clock, "."),
        *(more if dotted else ()),
        rule("time", r"(?<![\w.,:-])0?0:00(?: ?(?:hours|hrs)\b)?(?![\w:])", "midnight", ":"),
        rule(
            "time",
            r"(?<![\w.,:-])0?0:(?P<min>[0-5]\d)(?= (?:GMT|BST|UTC|CET)\b)",
            _after_midnight,
            ":",
        ),
        rule(
            "duration",
            r"(?<![\w.,:])(?P<h>\d{1,3})(?:h|hrs?) ?(?P<m>[0-5]?\d)(?:mins?|m)?"
            r"(?: ?(?P<s>[0-5]?\d(?:\.\d{1,3})?)(?:secs?|s))?(?!\w|[.:/]\d)",
            _duration,
            "h",
        ),
        rule(
            "duration",
            r"(?<![\w.,:])(?P<h>)(?P<m>\d{1,3})m(?:ins?)? ?"
            r"(?P<s>[0-5]?\d(?:\.\d{1,3})?)s(?:ecs?)?(?!\w)",
            _duration,
            "m",
        ),
        rule(
            "duration",
            r"(?<![\w.,:/-])(?P<n>\d{1,3}(?:\.\d{1,2})?)h(?![\w'\u2019/]|\.\w)",
            _hours,
            "h",
        ),
        rule(
            "duration",
            r"(?<![\w.,:/])(?P<n>\d{1,3}\.\d{1,3})s(?![\w'\u2019/]|\.\w)",
            r"\g<n> seconds",
            "s",
        ),
    )


#: Near them "at 4.25" is a value.
_VALUE = re.compile(
    r"\b(?:rates?|shares?|index|points?|cents?|pence|dollars?|prices?|closed|trad(?:ed|ing)|odds"
    r"|average|GPA|magnitude|score[ds]?|seconds|version|yields?|goals|rating|\u20ac|\$)\b|[%$\u20ac]"
)


def _dotted_clock(match: _Match) -> str:
    """Say "at 10.30"; minutes that no timetable has, and values of money and markets, stay."""
    around = match.string[max(0, match.start() - 60) : match.end() + 40]
    return match[0] if int(match["min"]) % 5 or _VALUE.search(around) else _clock(match)


def _clock(match: _Match) -> str:
    return f"{match['lead']}{match['h']}:{match['min']}"


def _after_midnight(match: _Match) -> str:
    return f"12:{match['min']} am"


def _duration(match: _Match) -> str:
    """Say "2h 14m", "3h05m" and "12m35s"."""
    parts = []
    for figures, name in ((match["h"], "hour"), (match["m"], "minute"), (match["s"], "second")):
        if figures:
            plain = figures if "." in figures else str(int(figures))
            parts.append(f"{cardinal(plain)} {name if plain == '1' else f'{name}s'}")
    return " ".join(parts)


def _hours(match: _Match) -> str:
    """Say "24h"; before a noun in the singular, as in "a 24h strike"."""
    noun = re.match(
        r" (?!a|in|on|later|ago|after|before|of|and|to|for)[a-z]{4,}",
        match.string[match.end() : match.end() + 12],
    )
    return f"{match['n']} {'hour' if match['n'] == '1' or noun else 'hours'}"
