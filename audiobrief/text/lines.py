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
STOP_WORDS = frozenset(
    """a about after again against all also an and any are as at be because been before being
    between both but by can could did do does during each for from further had has have he her
    here hers him his how i if in into is it its itself just like made many may me might more most
    much must my no nor not now of off on once only or other our out over own said same say says
    she should so some such than that the their them then there these they this those through to
    too two under until up upon us very was we were what when where which while who whom why will
    with within without would yet you your""".split()
)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
#: The head of a line tells what it is; a line without an end must not cost time without an end.
_HEAD_CHARACTERS = 1200
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
_YOU = re.compile(r"\b(?:you|your|yours|our|us|we)\b")
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019)\]]*(?=\s|$)")
_TERMINAL = (".", "!", "?", '."', '?"', '!"', ".\u201d", "?\u201d", "!\u201d", ",\u201d", ".'",
             ".\u2019", ".)", '"', "\u201d")
_OPENING_QUOTES = ('"', "\u201c", "\u2018", "'", "\u00ab", "\u201e")
_SEPARATORS = ("|", "\u2022", "\u00b7", "\u203a", "\u00bb", "\u2192", "\u2190", "\u2013 ", " / ", "\u25ba", "\u2014 ")
_BULLETS = ("\u2022", "*", "-", "\u2013", "\u25cf", "\u00b7", "\u25e6", "\u2714", "\u2013")


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

    >>> describe("The council met on Monday and agreed to close the old bridge for a year.").is_prose
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
    sentences = len(_SENTENCE_END.findall(head))
    dated = _DATE.search(lower) is not None
    short = count <= 8
    alphabetic = [c for c in head if c.isalpha()]
    yes = {
        "tiny": count <= 3,
        "short": 4 <= count <= 8,
        "middling": 9 <= count <= 20,
        "long": count > 40,
        "ends a sentence": terminal,
        "ends a long sentence": terminal and count >= 12,
        "long without an end": not terminal and count >= 12,
        "ends in a colon": text.endswith(":"),
        "many function words": stop > 0.3,
        "no function words": stop == 0,
        "all capitals": len(alphabetic) > 3 and not any(c.islower() for c in alphabetic),
        "title case": capital > 0.6 and count >= 3,
        "has a cue": bool(cues),
        "cue in a short line": bool(cues) and count <= 12,
        "cue in a long line": bool(cues) and count > 25,
        "several cues": len(cues) > 1,
        "many cues": len(cues) > 2,
        "opens a quotation": head.startswith(_OPENING_QUOTES),
        "several sentences": sentences > 1,
        "has separators": any(s in head for s in _SEPARATORS),
        "has a date": dated,
        "date in a short line": dated and count <= 12,
        "starts in lower case": head[:1].islower(),
        "byline form": bool(_BY.match(lower)),
        "question": text.endswith("?"),
        "breaks off": text.endswith(("...", "\u2026")),
        "addresses the reader": bool(_YOU.search(lower)) and count <= 25,
        "has a verb": bool(_VERB.search(lower)),
        "verb in a short line": short and bool(_VERB.search(lower)),
        "bullet": head.startswith(_BULLETS),
        "only digits and marks": not alphabetic,
    }
    features = {name: 1.0 for name, value in yes.items() if value}
    features["log words"] = math.log1p(count)
    features["function words"] = stop
    features["capitals"] = capital
    features["digits"] = sum(c.isdigit() for c in head) / max(1, len(head))
    is_prose = count >= 8 and terminal and stop > 0.15 or (count >= 20 and stop > 0.3)
    return LineFacts(count, cues, is_prose, features)


def describe_page(lines: Sequence[str]) -> list[LineFacts]:
    """Return the features of each line together with those of its neighborhood."""
    facts = [describe(line) for line in lines]
    prose = [f.word_count if f.is_prose else 0 for f in facts]
    cues = [1 if f.cues else 0 for f in facts]
    logs = [math.log1p(f.word_count) for f in facts]
    sums = {name: [0, *accumulate(values)] for name, values in (("prose", prose), ("cues", cues), ("log", logs))}
    total = max(1, sums["prose"][-1])
    n = len(facts)
    for i, fact in enumerate(facts):
        for width in (1, 3, 8):
            low, high = max(0, i - width), min(n, i + 1 + width)
            for side, a, b in (("before", low, i), ("after", i + 1, high)):
                fact.features[f"prose {width} {side}"] = math.log1p(sums["prose"][b] - sums["prose"][a])
                fact.features[f"length {width} {side}"] = (sums["log"][b] - sums["log"][a]) / max(1, b - a)
                fact.features[f"cues {width} {side}"] = (sums["cues"][b] - sums["cues"][a]) / max(1, b - a)
        fact.features["prose share before"] = sums["prose"][i] / total
        fact.features["prose share after"] = (total - sums["prose"][i + 1]) / total
        fact.features["all prose before"] = math.log1p(sums["prose"][i])
        fact.features["all prose after"] = math.log1p(sums["prose"][n] - sums["prose"][i + 1])
    return facts
