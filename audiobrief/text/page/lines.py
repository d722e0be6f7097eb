"""Describe a line of a flattened page by what it looks like, never by what it is about."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from audiobrief.text.page.cues import find_cues
from audiobrief.text.plain_words import MONTHS, STOP_WORDS

#: The head of a line tells what it is; a line without an end must not cost time without an end.
_HEAD_CHARACTERS = 600
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_DATE = re.compile(
    rf"\b(?:{MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?[ -](?:{MONTHS})\.?,?[ -]\d{{4}}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
)
_DIGIT = re.compile(r"\d")
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
#: How the first line of what follows an article begins: comments, related stories, a biography.
_CLOSING_LIST = r"""
    (?:\d{1,5} )?(?:comments?|repl(?:y|ies)|responses?|reactions?)\b
    (?:leave|post|add|write) (?:a|your) (?:comment|reply|review)
    join the (?:conversation|discussion)
    (?:related|recommended|popular|latest|recent|trending|similar|featured)\b
    (?:you (?:may|might)|also (?:on|in|read)|most (?:read|popular))\b
    more (?:from|in|on|like|stories|articles|news)\b
    about (?:the )?authors?\b
    (?:previous|next|older|newer)(?: (?:post|article|story|entry))?\b
    (?:read|see|up|what to read) next
    (?:keep|continue|further) reading
    (?:references|sources|footnotes)$
    (?:share|tweet|follow us|subscribe|sign up|newsletter|get the latest)\b
    stay (?:up to date|informed|connected)
    tags?\b|filed under|posted in|categor(?:y|ies)\b|written by|print(?:able)? (?:this|version)
    \u00a9|copyright|all rights
    (?:kommentare?|commentaires?|comentarios?|coment\u00e1rios?|commenti|reacties|impressum)\b
    (?:mehr zum thema|sur le m\u00eame sujet|lee tambi\u00e9n|leggi anche|lees ook)\b
"""
_CLOSING = re.compile("|".join(row.strip() for row in _CLOSING_LIST.strip().splitlines()))
_NUMBERED = re.compile(r"\(?\d{1,3}[.):]\s")
_BULLETED = re.compile(r"[*\u2022\u25cf\u25e6\u00b7\u2013-]\s")
_PRICE = re.compile(r"[$\u20ac\u00a3] ?\d")
_SEPARATOR = re.compile(r" [|\u2022\u00b7\u203a\u00bb>/\u2192\u2190] ")
_CODE = re.compile(r"[{}<>=;_\\#$\[\]|~^]|\(\)|//|::")
#: Without any of these there is no match of the pattern.
_CODE_SIGNS = frozenset("{}<>=;_\\#$[]|~^(/:")
_READER = frozenset(("you", "your", "you're", "you\u2019re", "yours"))
_SPEAKER = frozenset(("i", "my", "me", "i'm", "i\u2019m", "i've", "i\u2019ve"))
#: Ends of lines that are no end of a sentence.
_CUT_SHORT = ("...", "\u2026")
_SHORT_WORDS = 12


_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"


def is_date_alone(text: str) -> bool:
    """Tell whether a line is a date and nothing else.

    >>> is_date_alone("Monday, March 3, 2024"), is_date_alone("March 3, 2024: rain")
    (True, False)
    """
    if len(text) > 60:
        return False
    return _DATE.fullmatch(re.sub(f"^{_WEEKDAY}", "", text.lower().strip())) is not None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the segmentation knows of one line."""

    word_count: int
    cues: tuple[str, ...]
    #: Reads like running text: a dozen words with an end mark, or many function words.
    is_prose: bool
    #: Each feature that is not 0: 0..1 save the logarithms.
    features: dict[str, float]
    #: What the line is about: its words of four letters and more that are no function words.
    content: frozenset[str] = frozenset()


def describe(text: str) -> LineFacts:
    """Return the features of one line, each 0..1 save the logarithms.

    >>> describe("The council met on Monday and closed the bridge for a year.").is_prose
    True
    """
    head = text[:_HEAD_CHARACTERS]
    lower = head.lower()
    tokens = _TOKEN.findall(head)
    # Beyond ASCII, a small letter may be two characters and divide its word.
    lowered = [t.lower() for t in tokens] if head.isascii() else _TOKEN.findall(lower)
    # Tokens split at hyphens and marks; of an endless line the white space must do.
    count = len(tokens) if len(head) == len(text) else len(text.split())
    cues = find_cues(lower)
    features = _flags(text, head, lower, lowered, count)
    features |= _cue_flags(cues, count)
    words = max(1, len(tokens))
    stop = sum(map(STOP_WORDS.__contains__, lowered)) / words
    features["log words"] = math.log1p(count)
    features["capitals"] = sum([token[0].isupper() for token in tokens]) / words
    features["function words"] = stop
    # By the 40 different characters of a line, not by all its 200: a third of the time.
    chars = set(head)
    marks = 0 if _CODE_SIGNS.isdisjoint(chars) else len(_CODE.findall(head))
    features["digits"] = sum([head.count(c) for c in chars if c.isdigit()]) / max(1, len(head))
    features["code marks"] = min(1.0, 10 * marks / max(1, len(head)))
    ends = "ends a sentence" in features
    is_prose = (count >= 8 and ends and stop > 0.15) or (count >= 20 and stop > 0.3)
    content = frozenset([word for word in lowered if len(word) > 3 and word not in STOP_WORDS])
    return LineFacts(count, cues, is_prose, features, content)


def _flags(text: str, head: str, lower: str, lowered: list[str], count: int) -> dict[str, float]:
    """Return what is simply so, as features of 1."""
    short = count <= _SHORT_WORDS
    ends = text.endswith(_TERMINAL) and not text.endswith(_CUT_SHORT)
    verb = _VERB.search(lower) is not None
    letters = any(map(str.isalpha, head))
    flags = {
        "tiny": count <= 3,
        "short": 4 <= count <= 8,
        "middling": 9 <= count <= 20,
        "ends a sentence": ends,
        "long without an end": not ends and count >= 12,
        "ends in a colon": text.endswith(":"),
        "date in a short line": short
        and _DIGIT.search(lower) is not None
        and _DATE.search(lower) is not None,
        "starts in lower case": head[:1].islower(),
        "byline form": _BY.match(lower) is not None,
        "question": text.endswith("?"),
        "has a verb": verb,
        "verb in a short line": verb and count <= 8,
        "only digits and marks": not letters,
        "all capitals": len(lowered) > 1 and head.isupper(),
        "closes the article": short and _CLOSING.match(lower) is not None,
        "list number": _NUMBERED.match(head) is not None,
        "bullet": _BULLETED.match(head) is not None,
        "price": _PRICE.search(head) is not None,
        "separators": count <= 20 and _SEPARATOR.search(head) is not None,
        "speaks to the reader": count <= 25 and not _READER.isdisjoint(lowered),
        "speaks of itself": not _SPEAKER.isdisjoint(lowered),
    }
    return {name: 1.0 for name, value in flags.items() if value}


def _cue_flags(cues: tuple[str, ...], count: int) -> dict[str, float]:
    """Return the features of furniture phrases: in a short line they say more."""
    if not cues:
        return {}
    size = "short" if count <= _SHORT_WORDS else "long"
    flags = dict.fromkeys((f"{size} line: {cue}" for cue in cues), 1.0)
    flags["has a cue"] = 1.0
    if size == "short":
        flags["cue in a short line"] = 1.0
    if count > 25:
        flags["cue in a long line"] = 1.0
    if len(cues) > 2:
        flags["many cues"] = 1.0
    return flags
