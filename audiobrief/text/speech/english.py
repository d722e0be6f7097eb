"""English from print to speech: addresses, capitals, then the rules in their order."""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_uppercase
from typing import TYPE_CHECKING

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.speech.acronyms import ACRONYM, acronym
from audiobrief.text.speech.addresses import speak_addresses
from audiobrief.text.speech.clock_rules import clock_rules
from audiobrief.text.speech.figure_rules import figure_rules
from audiobrief.text.speech.letter_rules import last_rules, letter_rules
from audiobrief.text.speech.range_rules import range_rules
from audiobrief.text.speech.rules import Rule, RuleTable
from audiobrief.text.speech.short_rules import short_rules
from audiobrief.text.speech.sign_rules import sign_rules
from audiobrief.text.speech.vocabulary import ACRONYMS

if TYPE_CHECKING:
    from audiobrief.text.speech.tracked import Tracked

#: Where the month is written before the day; English of any other region has the day first.
_MONTH_FIRST = frozenset(("en", "en-us", "en-ph", "en-ca"))


def speak_english(text: Tracked, language: str, spelled: frozenset[str]) -> None:
    """Write English print out as words."""
    speak_addresses(text)
    if _CAPITAL_WORDS.search(text.text):
        _lower_capitals(text, spelled)
    _rules(language.lower() not in _MONTH_FIRST, spelled).apply(text)


@lru_cache(maxsize=16)
def _rules(day_first: bool, spelled: frozenset[str]) -> RuleTable:
    """Return all rules; compiled at the first use: 80 ms that a command without speech saves."""
    capitals = Rule(
        "acronym",
        ACRONYM,
        lambda m: acronym(m, spelled),
        frozenset(ascii_uppercase),
        digit=False,
    )
    return RuleTable(
        (
            *range_rules(),
            *clock_rules(dotted=day_first),
            *short_rules(),
            *sign_rules(),
            *figure_rules(day_first=day_first),
            *letter_rules(),
            capitals,
            *last_rules(),
        )
    )


# -- capitals ------------------------------------------------------------------------------------

#: Two sets instead of one that is repeated: then the search begins at capitals alone.
_CAPITAL_WORDS = re.compile(r"[A-Z][A-Z][\w'\u2019]{0,30}[^\w.]{1,3}[A-Z]{2}")
#: Three words or more in capitals, one after the other.
_SHOUTED = re.compile(
    r"(?<![\w.])(?<![A-Z][ -])(?<![A-Z], )"
    r"(?:[A-Z][A-Z'\u2019]{0,30}(?:, |[ -])){2,40}[A-Z][A-Z'\u2019]{1,30}(?![\w.]\w)"
)
_WORD = re.compile(r"\S+")
_PIECE = re.compile(r"[A-Z][A-Z'\u2019]{0,30}")
_VOWEL = re.compile("[AEIOUY\u00c0-\uffff]")
#: Stop words that are rather a name in capitals.
_COUNTRIES = frozenset(("US", "UK"))

#: Before "US" in capitals they make it the pronoun; elsewhere it is the country.
_BEFORE_PRONOUN = re.compile(
    r"(?:^|\W)(?:LET|LETS|GIVE|GAVE|TELL|TELLS|TOLD|HELP|HELPED|LEAVE|LEFT|SHOW|SHOWED|MAKE|MADE"
    r"|TEACH|TAUGHT|SEND|SENT|CALL|CONTACT|EMAIL|FOLLOW|ASK|ASKED|BETWEEN|MANY OF|ALL OF|REST OF"
    r"|SOME OF|BOTH OF|ONE OF|MOST OF|HATE|LOVE|BRING|BROUGHT|SAVE|SAVED) $"
)


def _lower_capitals(text: Tracked, spelled: frozenset[str]) -> None:
    """Write a sentence in capitals as a sentence, and words that are shouted as words.

    Engines spell capitals out, or shout. What has a figure in it ("FY25"), no vowel ("BBC") or
    is a known acronym stays. Names cannot be known: they are written small, which voices read
    the same.
    """
    present = text.text
    letters = [c for c in present if c.isalpha()]

    def lowered(word: str, *, is_pronoun: bool = False) -> str:
        bare = word.strip("\"'\u2018\u2019\u201c\u201d.,;:!?()[]")
        core = bare.removesuffix("'S").removesuffix("\u2019S")
        if core == "US" and is_pronoun:
            return word.lower()
        # "THIS IS WHAT WE DO": among capitals a function word is one, whatever the text explains.
        acronym = (core in spelled or core in ACRONYMS) and core.lower() not in STOP_WORDS
        if core in _COUNTRIES or acronym:
            return word
        if any(map(str.isdigit, word)) or not _VOWEL.search(word):
            return word
        return word.lower()

    def said(match: re.Match[str]) -> str:
        before = match.string[max(0, match.start() - 12) : match.start()]
        return lowered(match[0], is_pronoun=_BEFORE_PRONOUN.search(before) is not None)

    if len(present.split()) >= 4 and letters and not any(c.islower() for c in letters):
        first = present[:1]
        text.substitute(_WORD, lambda m: said(m) if m.start() else first + lowered(m[0])[1:])
        return

    def sentence(match: re.Match[str]) -> str:
        words = match[0].replace(",", "").replace("-", " ").split()
        if not any(w.lower() in STOP_WORDS or (len(w) > 5 and w not in ACRONYMS) for w in words):
            return match[0]
        return _PIECE.sub(lambda m: said(m) if m[0] != "I" else "I", match[0])

    text.substitute(_SHOUTED, sentence)
