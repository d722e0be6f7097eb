"""Who a phrase means: the name at its head, the pronoun, or nobody by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from audiobrief.text.quotation.jobs import JOBS
from audiobrief.text.quotation.marks import ANY_QUOTED
from audiobrief.text.quotation.name_words import CALENDAR, TITLES

if TYPE_CHECKING:
    from audiobrief.text.quotation.mentions import Mention
    from audiobrief.text.quotation.passage import Passage
    from audiobrief.text.quotation.roster import Roster

_Q = ANY_QUOTED
PRONOUN_PHRASE = re.compile(
    r"^\W*(?:(?:But|And|So|Then|Now|Yet|For|Still) )?(he|she)\b", re.IGNORECASE
)
_PREPOSITION = re.compile(r" ?(?:of|from|at|in|for|with|on|and|near|behind|\(|who|,)(?: |$)|^ ?\(")
_VERBAL = re.compile(r"\b(?:is|was|has|had|were|are|said|says|that|which|when|he|she|they|it)\b")
_CLAUSE_START = re.compile(
    rf"(?:^|[:;.!?\u2014\u2013(,{_Q}]|(?:^|\b)(?:and|but|while|as|when|that|because|although|though"
    r"|whereas|if|so|then|than|until|after|before|since|where|how|what|why|the|a|an|his|her|their"
    r"|its|our|my|another|fellow|both|says|said))$",
    re.IGNORECASE,
)
_LINK_LIST = """
    who whom which was is were are had has have be been being to not of in on at by with from
    for about against between over into he she they it we i
"""
_LINK = frozenset(_LINK_LIST.split())
#: Of the family, and whom each has but one of; a sister may be either of two.
_KIN = re.compile(
    r"(?:^|(?<=[\s,]))(?:[Hh]is|[Hh]er|[Tt]heir) (?:late |elderly |\w+-old )?(wife|husband|widow"
    r"|widower|mother|father|son|daughter|niece|nephew|uncle|aunt|grandmother|grandfather"
    r"|grandson|granddaughter|stepfather|stepmother)$"
)
_DEFINITE = re.compile(r"(?:^|[\s,])the ((?:[\w'\u2019-]+ ){0,3}?)([\w-]+)$", re.IGNORECASE)
#: "the Italian", "the 19-year-old": somebody just named.
_ANAPHOR = re.compile(
    r"[A-Z][a-z]{2,12}(?<!Guard)(?<!Vatic)(?<!Americ)(?:ian|[a-z]ese|man|woman)|German|American"
    r"|\d{1,3}-year-old"
)
#: The end of a clause, which a title ("Dr.") is not.
_STOP_BEFORE = re.compile(
    r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})(?<!\b[A-Z][a-z]{3})[.;:]\s"
)
_DETERMINED = re.compile(
    r"^(?:an?|the|his|her|their|its|one|another|some|several|many)\b", re.IGNORECASE
)
_PRONOUN_FIRST = re.compile(r"(he|she|they|we|I|you|it)\b")
_DEFINITE_PHRASE = re.compile(r"the ([\w-]{1,30}(?: [\w-]{1,30})?)")
#: "said on Monday", "said that", "said: ": no subject follows.
_NO_SUBJECT = re.compile(r"(?:in|on|at|that|during|to|after)\b|\W|\d")
_JOINT_AFTER = re.compile(
    r" (?:and|or|&) (?:[A-Z]|(?:his|her) (?!(?:[a-z]+ ){1,3}(?:is|was|has)\b))|, (?:and|or|&) [A-Z]"
)
#: The same of a subject alone: "X and the pilot, Y, spent", "X, the pilot, and Y spent".
_JOINT_SUBJECT = re.compile(
    r"(?:, (?:the|an?|his|her|their|who|\d)\b[^,.;:]{0,80},)? (?:and|&)"
    r" (?:the|an?|their|its|[A-Z]|(?:his|her) (?!(?:[a-z]+ ){1,3}(?:is|was|has)\b))"
)
#: "The pilot and X", "Her coach and X".
_WITH_ANOTHER = re.compile(
    r"(?:The|An?|His|Her|Their|Its) (?:[\w'\u2019-]{1,20} ){0,4}?([a-z-]{3,20}) (?:and|&) $"
)
_PHRASE_STOP = re.compile(
    r"[.,;:()\u2014\u2013]|\b(?:who|when|after|during|while|before|because)\b"
)
_GOVERNS = re.compile(r"\b(?:of|for|from|at|in|with|by|to|on|behind|against)\b")
#: "Ruiz's answer was short:" is as good as "Ruiz answered".
_ANSWER = re.compile(
    r"^['\u2019]s? (?:\w+ ){0,2}(?:answer|response|reply|reaction|message|advice|verdict|view"
    r"|warning|conclusion|explanation|assessment|comment|words|plea|question)\b"
)


class Kind(Enum):
    """What a clause says about the speaker."""

    PERSON = "a person by name"
    PRONOUN = "he or she"
    #: A witness, a ministry, a sign, two people at once, "I": nobody to be given a name.
    UNNAMED = "somebody or something without a name"
    #: Not a verb of speech here, or not about this quotation: look on.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Source:
    """Who or what a clause makes the speaker."""

    kind: Kind
    #: The name, or the pronoun in small letters.
    name: str = ""
    #: Where the subject begins.
    start: int = 0


NOTHING = Source(Kind.NOTHING)
UNNAMED = Source(Kind.UNNAMED)
#: A letter, a firm: nobody whom "he" or "she" could mean later.
THING = Source(Kind.UNNAMED, "it")


def main_subject(passage: Passage, start: int, end: int) -> Source:
    """Return the person or pronoun that a sentence, or a part of it, is about.

    The first person who is not governed by a preposition; a pronoun at the beginning goes before.
    """
    pronoun = PRONOUN_PHRASE.match(passage.text[start:end])
    if pronoun:
        return Source(Kind.PRONOUN, pronoun[1].lower(), start)
    for m in passage.mentions:
        if not start <= m.start < end:
            continue
        before = passage.text[start : m.start]
        answers = m.is_possessive and _ANSWER.match(passage.text[m.end : m.end + 50])
        if m.is_object or (m.is_possessive and not answers) or not heads_phrase(before):
            continue
        if _is_one_of_two(passage.text, m, before):
            return UNNAMED
        return source_of(m)
    inner = re.search(r"(?:^|, )(he|she) ", passage.text[start:end])
    return Source(Kind.PRONOUN, inner[1], start + inner.start(1)) if inner else NOTHING


def _is_one_of_two(text: str, m: Mention, before: str) -> bool:
    """Tell whether the subject that a mention heads is more than that one person."""
    beside = _WITH_ANOTHER.fullmatch(before)
    return (
        _JOINT_AFTER.match(text, m.end) is not None
        or text.startswith(" et al", m.end)
        or _JOINT_SUBJECT.match(text, m.end) is not None
        or (beside is not None and (beside[1] in TITLES or beside[1] in JOBS))
    )


def subject_after(passage: Passage, place: int, end: int, roster: Roster | None = None) -> Source:
    """Return who stands right behind a verb: "said X", "said the mayor, X", "said a witness"."""
    text = passage.text
    place += len(text[place:end]) - len(text[place:end].lstrip())
    pronoun = _PRONOUN_FIRST.match(text, place, end)
    if pronoun:
        return source_of_pronoun(pronoun[1].lower(), place)
    named = _named_behind(passage, place, end)
    if named is not None:
        return named
    stop = _PHRASE_STOP.search(text, place, end)
    phrase = text[place : stop.start() if stop else end].rstrip()
    definite = _DEFINITE_PHRASE.fullmatch(phrase) or _KIN.fullmatch(phrase)
    name = roster.by_role(definite[1].split()[-1].lower()) if roster and definite else None
    if name:
        return Source(Kind.PERSON, name, place)
    return UNNAMED if phrase and not _NO_SUBJECT.match(phrase) else NOTHING


def _named_behind(passage: Passage, place: int, end: int) -> Source | None:
    """Return the name that heads the phrase behind a verb, or stands beside it after a comma."""
    skipped = False
    for m in passage.mentions:
        if m.start < place or m.end > end:
            continue
        gap = passage.text[place : m.start]
        if len(gap) > 120 or _STOP_BEFORE.search(gap):
            return None
        if "," in gap.rstrip(", ") and not skipped:
            return None
        apposed = gap.rstrip().endswith(",")
        free = not _GOVERNS.search(gap) or (not _DETERMINED.match(gap) and not m.is_object)
        if not m.is_possessive and (apposed or (not skipped and free)):
            joint = _JOINT_AFTER.match(passage.text, m.end)
            return UNNAMED if joint else source_of(m)
        skipped = True
    return None


def phrase_before(passage: Passage, floor: int, end: int, roster: Roster) -> Source:
    """Return who a phrase before a verb means: "X from the ministry", "the mayor", "a man"."""
    text = passage.text
    for m in passage.mentions:
        if not (floor <= m.start and m.end < end) or m.is_possessive or m.is_object:
            continue
        gap = text[m.end : end]
        fits = _PREPOSITION.match(gap) and not _VERBAL.search(gap) and gap.count(" ") <= 12
        if fits and "," not in gap and heads_phrase(text[floor : m.start]):
            return UNNAMED if re.match(r" and [A-Z]", gap) else source_of(m)
    kin = _KIN.search(text[floor:end])
    if kin:
        name = roster.by_role(kin[1].lower())
        return Source(Kind.PERSON, name, floor + kin.start()) if name else UNNAMED
    definite = _DEFINITE.search(text[floor:end])
    if definite:
        if _ANAPHOR.fullmatch(definite[2]) and not definite[1]:
            names = {m.name for m in passage.mentions if m.start < floor + definite.start()}
            if len(names) == 1:
                return Source(Kind.PERSON, next(iter(names)), floor + definite.start())
        name = roster.by_role(definite[2].lower())
        if name and not _GOVERNS.search(definite[1]):
            return Source(Kind.PERSON, name, floor + definite.start())
    return UNNAMED


def heads_phrase(before: str) -> bool:
    """Tell whether a name is the head of its phrase, by the words between its clause and it.

    >>> heads_phrase("But the former mayor "), heads_phrase("The man who attacked ")
    (True, False)
    """
    words = re.findall(rf"[\w'\u2019-]+|[^\w\s]|[{_Q}]+", before[-90:])
    for n, word in enumerate(reversed(words[-9:])):
        if _CLAUSE_START.fullmatch(word) or word.endswith(("'s", "\u2019s", "s'", "s\u2019")):
            return True
        lower = word.lower()
        if lower in CALENDAR or (n == 0 and lower in ("which", "whom")):
            return True  # "On Monday Mayor X said", "the dam, which X called"
        if lower in _LINK or (n == 0 and word.islower() and lower.endswith("ed")):
            return False
    return len(words) <= 9


def is_joint(passage: Passage, m: Mention, floor: int) -> bool:
    """Tell whether somebody else is the subject as well: "X and Y said", "He and Y said"."""
    before = passage.text[floor : m.start].rstrip()
    if not before.endswith((" and", " or", "&")):
        return False
    end = floor + len(before) - len(before.split(" ")[-1]) - 1
    joined = any(o.end in (end, end - 1) for o in passage.mentions if o.start >= floor)
    return joined or re.search(r"(?:^|\W)(?:[Hh]e|[Ss]he|wife|husband) and$", before) is not None


def source_of_pronoun(word: str, start: int) -> Source:
    """Return what a pronoun before or behind a verb of speech means."""
    if word in ("he", "she"):
        return Source(Kind.PRONOUN, word, start)
    if word == "it":
        return THING
    return NOTHING if word in ("which", "that", "who") else UNNAMED


def source_of(m: Mention) -> Source:
    """Return a mention as the speaker."""
    return Source(Kind.PERSON, m.name, m.start)
