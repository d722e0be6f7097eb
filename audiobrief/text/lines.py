"""Describe a line of a flattened page by what it looks like, never by what it is about."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from audiobrief.text.cues import find_cues

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The most frequent function words of English: prose is full of them, menus are not.
_STOP_WORDS_LIST = """
    a about after again against all also an and any are as at be because been before being
    between both but by can could did do does during each for from further had has have he her
    here hers him his how i if in into is it its itself just like made many may me might more
    most much must my no nor not now of off on once only or other our out over own said same
    say says she should so some such than that the their them then there these they this those
    through to too two under until up upon us very was we were what when where which while who
    whom why will with within without would yet you your
"""
STOP_WORDS = frozenset(_STOP_WORDS_LIST.split())
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
#: The head of a line tells what it is; a line without an end must not cost time without an end.
_HEAD_CHARACTERS = 600
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_DATE = re.compile(
    rf"\b(?:{MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?[ -](?:{MONTHS})\.?,?[ -]\d{{4}}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
)
_BY = re.compile(r"^(?:by|written by|posted by|story by|words by|author:?)\s")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|said|says|did|does|do|may|might"
    r"|must|should|[a-z]{2,}ed)\b"
)
_TERMINAL = (
    ".",
    "!",
    "?",
    '."',
    '?"',
    '!"',
    ".\u201d",
    "?\u201d",
    "!\u201d",
    ",\u201d",
    ".'",
    ".\u2019",
    ".)",
    '"',
    "\u201d",
)


_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"


def is_date_alone(text: str) -> bool:
    """Tell whether a line is a date and nothing else.

    >>> is_date_alone("Monday, March 3, 2024"), is_date_alone("March 3, 2024: rain")
    (True, False)
    """
    lower = re.sub(f"^{_WEEKDAY}", "", text[:60].lower().strip())
    return len(text) <= 60 and _DATE.fullmatch(lower) is not None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the segmentation knows of one line."""

    word_count: int
    cues: tuple[str, ...]
    #: Reads like running text: a dozen words with an end mark, or many function words.
    is_prose: bool
    features: dict[str, float]


def describe(text: str) -> LineFacts:
    """Return the features of one line, each 0..1 save the logarithms.

    >>> describe("The council met on Monday and closed the bridge for a year.").is_prose
    True
    """
    head = text[:_HEAD_CHARACTERS]
    lower = head.lower()
    tokens = _TOKEN.findall(head)
    count = len(tokens) if len(head) == len(text) else len(text.split())
    words = max(1, len(tokens))
    cues = find_cues(lower)
    stop = sum(t in STOP_WORDS for t in _TOKEN.findall(lower)) / words
    capital = sum(t[0].isupper() for t in tokens) / words
    terminal = text.endswith(_TERMINAL) and not text.endswith(("...", "\u2026"))
    dated = _DATE.search(lower) is not None
    short = count <= 8
    yes = {
        "tiny": count <= 3,
        "short": 4 <= count <= 8,
        "middling": 9 <= count <= 20,
        "ends a sentence": terminal,
        "long without an end": not terminal and count >= 12,
        "ends in a colon": text.endswith(":"),
        "has a cue": bool(cues),
        "cue in a short line": bool(cues) and count <= 12,
        "cue in a long line": bool(cues) and count > 25,
        "many cues": len(cues) > 2,
        "date in a short line": dated and count <= 12,
        "starts in lower case": head[:1].islower(),
        "byline form": bool(_BY.match(lower)),
        "question": text.endswith("?"),
        "has a verb": bool(_VERB.search(lower)),
        "verb in a short line": short and bool(_VERB.search(lower)),
        "only digits and marks": not any(map(str.isalpha, head)),
    }
    features = {name: 1.0 for name, value in yes.items() if value}
    features["log words"] = math.log1p(count)
    features["capitals"] = capital
    features["digits"] = sum(map(str.isdigit, head)) / max(1, len(head))
    is_prose = (count >= 8 and terminal and stop > 0.15) or (count >= 20 and stop > 0.3)
    return LineFacts(count, cues, is_prose, features)


def describe_page(lines: Sequence[str]) -> list[LineFacts]:
    """Return the features of each line together with those of its neighborhood."""
    facts = [describe(line) for line in lines]
    prose = [0, *accumulate(f.word_count if f.is_prose else 0 for f in facts)]
    cues = [0, *accumulate(1 if f.cues else 0 for f in facts)]
    logs = [0.0, *accumulate(math.log1p(f.word_count) for f in facts)]
    n = len(facts)
    for i, fact in enumerate(facts):
        features = fact.features
        for width in (1, 8):
            for side, a, b in (
                ("before", max(0, i - width), i),
                ("after", i + 1, min(n, i + 1 + width)),
            ):
                length = max(1, b - a)
                features[f"length {width} {side}"] = (logs[b] - logs[a]) / length
                # Furniture close by says much of a short line, and little of a whole sentence.
                whose = "prose" if fact.is_prose else "other"
                features[f"cues {width} {side} {whose}"] = (cues[b] - cues[a]) / length
                if width == 8:
                    features[f"prose {width} {side}"] = math.log1p(prose[b] - prose[a])
    return facts
