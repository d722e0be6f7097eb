"""Who is the subject of a verb of speech: a small reading of the clause around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from audiobrief.text.quotation_marks import ANY_QUOTED
from audiobrief.text.verbs import ADVERBS, NEGATED, PASSIVE, Verb, find_verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.roster import Mention, Roster


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


@dataclass(frozen=True, slots=True)
class Passage:
    """The narration of one paragraph, with its people and sentences."""

    text: str
    mentions: tuple[Mention, ...]
    #: Half-open ranges that cover the text.
    sentences: tuple[tuple[int, int], ...]
    is_heading: bool = False

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Return the sentence around a place."""
        return next((s for s in self.sentences if s[0] <= place < s[1]), (0, len(self.text)))


_Q = ANY_QUOTED
_BOUNDARY = re.compile(
    rf"(?:[.!?\u2026][\"\u201d\u2019)\]]{{0,2}}|[\ue001\ue002\ue004])\s+(?=[(\[]?[A-Z0-9{_Q}\u00c0-\u00de])"
)
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Rev|Hon|No|vs|Supt|Det|Insp|Cmdr)"
    r"|\b[A-Z])\.$"
)
_NAME_SAYS = re.compile(r"(?:(?:[A-Z][\w.'\u2019-]*|[a-z]{2,3}),? ){1,5}?([a-z]+)\b(?= ?([a-z]*|[.,;:]))")
_STOPS_THERE = frozenset(
    """in on at of during after while as to with from when before earlier later about
    reporters through via yesterday today""".split()
)
_PRONOUN_END = re.compile(r"\b(he|she|they|we|i|you|it|who|which|that)$", re.IGNORECASE)
_PRONOUN_PHRASE = re.compile(r"^\W*(?:(?:But|And|So|Then|Now|Yet|For|Still) )?(he|she)\b", re.IGNORECASE)
_PARENTHESIS = re.compile(r" ?\([^()]{1,60}\)$")
_PREPOSITION = re.compile(
    r" ?(?:of|from|at|in|for|with|on|and|near|behind|\(|who|,)(?: |$)|^ ?\("
)
_VERBAL = re.compile(r"\b(?:is|was|has|had|were|are|said|says|that|which|when|he|she|they|it)\b")
_CLAUSE_START = re.compile(
    rf"(?:^|[:;.!?\u2014\u2013(,{_Q}]|(?:^|\b)(?:and|but|while|as|when|that|because|although|though"
    r"|whereas|if|so|then|than|until|after|before|since|where|how|what|why|the|a|an|his|her|their"
    r"|its|our|my|another|fellow|both|says|said))$",
    re.IGNORECASE,
)
_LINK = frozenset(
    """who whom which was is were are had has have be been being to not of in on at by with from
    for about against between over into he she they it we i""".split()
)
_RELATIVE = re.compile(r",? who$")
_CONJUNCTION = re.compile(r"(?:,|\b(?:and|but|then|or|before|while))$")
_CONTROL = re.compile(r"\b(?:asked|told|urged|refused|declined|forced|wanted|ordered|failed|unable|invited|encouraged|begged)\b[^,]{0,60} to$")
_OBJECT_SAYING = re.compile(r"\b(?:of|for|from|against|by|without|about|after|before)$")
_AGENT_BY = re.compile(r"^ (?:as |later |also |once )?by (?=\S)")
_DEFINITE = re.compile(r"(?:^|[\s,])the ((?:[\w'\u2019-]+ ){0,3}?)([\w-]+)$", re.IGNORECASE)
_PHRASE_STOP = re.compile(r"[.,;:()\u2014\u2013]|\b(?:who|when|after|during|while|before|because)\b")
_DETERMINED = re.compile(r"^(?:an?|the|his|her|their|its|one|another|some|several|many)\b", re.IGNORECASE)
_GOVERNS = re.compile(r"\b(?:of|for|from|at|in|with|by|to|on|behind|against)\b")
#: In the passive they say who hears: "was told".
_HEARD = frozenset(("told", "asked", "informed", "quoted", "warned", "reminded", "assured", "advised"))
#: A name right behind a comma, but for a title: "the founder, Sir X".
_APPOSED = re.compile(r", (?:(?:[A-Z][a-z]{1,8}\.?|[a-z]+) ){0,3}$")
_HAD = re.compile(r"\b(he|she|they|we|i|you|who|it)['\u2019](?:d|s|ve|ll|re|m)$", re.IGNORECASE)
_OPEN_RELATIVE = re.compile(r",? who [^,]{1,120}$")
#: "Ruiz's answer was short:" is as good as "Ruiz answered".
_ANSWER = re.compile(
    r"^['\u2019]s? (?:\w+ ){0,2}(?:answer|response|reply|reaction|message|advice|verdict|view|warning"
    r"|conclusion|explanation|assessment|comment|words|plea|question)\b"
)


def passage_of(text: str, roster: Roster, *, is_heading: bool = False) -> Passage:
    """Divide the narration of a paragraph into sentences, and find its people."""
    edges = [0]
    for match in _BOUNDARY.finditer(text):
        if not _is_no_end(text, match):
            edges.append(match.end())
    edges.append(len(text))
    sentences = tuple(
        (a, b) for a, b in zip(edges, edges[1:], strict=False) if b > a or len(edges) == 2
    )
    return Passage(text, roster.mentions(text), sentences, is_heading)


def _is_no_end(text: str, match: re.Match[str]) -> bool:
    """Tell whether a sentence goes on: behind an abbreviation, or with who said the quotation."""
    mark = match[0][0]
    if mark == ".":
        return _NO_END.search(text[max(0, match.start() - 6) : match.start() + 1]) is not None
    if mark not in "\ue001\ue002":
        return False
    says = _NAME_SAYS.match(text[match.end() : match.end() + 90])
    if says is None or not any(True for _ in find_verbs(says[1])):
        return False
    stops = says[2] in ".,;:" or says[2] in _STOPS_THERE
    return stops or (mark == "\ue002" and not text[match.end() :].startswith(("He ", "She ", "They ")))


def subject_before(passage: Passage, verb: Verb, floor: int, roster: Roster) -> Source:
    """Return the subject of a verb that stands before it.

    Args:
        passage: The paragraph.
        verb: The verb.
        floor: Where the sentence or clause begins; nothing before it is looked at.
        roster: Who is called "the mayor".
    """
    text = passage.text[floor : verb.start]
    if verb.word.endswith("ing") and re.search(r"\bquoted? (?:\S+ ){0,6}as $", text):
        return _quoted_as(passage, floor, verb)
    if NEGATED.search(text):
        return UNNAMED
    if PASSIVE.search(text) and not verb.word.endswith("ing") and verb.word not in ("was", "is"):
        return _agent(passage, verb)
    head = ADVERBS.sub("", text).rstrip()
    head = _PARENTHESIS.sub("", head)
    contracted = _HAD.search(head)
    if contracted:
        head = head[: contracted.end(1)]
    end = floor + len(head)
    if not head:
        return NOTHING
    if head.endswith(" to") or head == "to":
        return UNNAMED if _CONTROL.search(head) else main_subject(passage, floor, end)
    if verb.word.endswith("ing") and _OBJECT_SAYING.search(head):
        return UNNAMED if re.search(r"\b(?:of|for|from|against)$", head) else main_subject(passage, floor, end)
    if _RELATIVE.search(head):
        return _relative(passage, floor, end)
    direct = _ending_at(passage, end, floor)
    if direct is not None:
        return direct
    pronoun = _PRONOUN_END.search(head)
    if pronoun:
        return _by_pronoun(pronoun[1].lower(), floor + pronoun.start())
    if head.endswith((",", " \u2013", " \u2014", "\u2014")):
        return _enclosed(passage, floor, end, verb, roster)
    inner = _OPEN_RELATIVE.search(head)
    if inner and _CONJUNCTION.search(head):
        return _relative(passage, floor, floor + inner.start() + inner[0].index("who") + 3)
    if _CONJUNCTION.search(head) or (verb.word.endswith("ing") and not head[-1].isalpha()):
        return main_subject(passage, floor, end)
    return _phrase(passage, floor, end, roster)


def _by_pronoun(word: str, start: int) -> Source:
    if word in ("he", "she"):
        return Source(Kind.PRONOUN, word, start)
    return NOTHING if word in ("which", "that", "who") else UNNAMED


def _quoted_as(passage: Passage, floor: int, verb: Verb) -> Source:
    """Return Y of "X quoted Y as saying", or X of "X was quoted as saying"."""
    inside = [m for m in passage.mentions if floor <= m.start < verb.start]
    near = [m for m in inside if passage.text[m.end : verb.start].strip() in ("as", "as also")]
    passive = re.search(r"\b(?:was|were|is|been|are) (?:\w+ )?quoted\b", passage.text[floor : verb.start])
    chosen = near or (inside[:1] if passive else [])
    if chosen and not chosen[0].is_possessive:
        return Source(Kind.PERSON, chosen[0].name, chosen[0].start)
    if passive:
        found = main_subject(passage, floor, verb.start)
        return found if found.kind is not Kind.NOTHING else UNNAMED
    return UNNAMED


def _agent(passage: Passage, verb: Verb) -> Source:
    """Return X of "was told by X"; who is told, is no speaker."""
    if _AGENT_BY.match(passage.text[verb.end : verb.end + 12]):
        place = passage.text.index("by ", verb.end) + 3
        agent = subject_after(passage, place, len(passage.text))
        if agent.kind in (Kind.PERSON, Kind.PRONOUN):
            return agent
    return UNNAMED if verb.word in _HEARD else NOTHING


def _relative(passage: Passage, floor: int, end: int) -> Source:
    """Return X of "X, who said"."""
    place = end - 3
    while place > floor and passage.text[place - 1] in " ,":
        place -= 1
    for m in passage.mentions:
        if m.end == place and not m.is_possessive:
            return Source(Kind.PERSON, m.name, m.start)
    # "Ana Ruiz, 43, who said", "Ana Ruiz, the mayor, who said"
    found = main_subject(passage, floor, place)
    return found if found.kind is Kind.PERSON else UNNAMED


def _ending_at(passage: Passage, end: int, floor: int) -> Source | None:
    """Return what a mention right before a verb means; ``None``: there is none."""
    for m in passage.mentions:
        if m.end != end or m.start < floor:
            continue
        before = passage.text[floor : m.start]
        if _is_joint(passage, m, floor):
            return UNNAMED
        if m.is_object or not heads_phrase(before):
            return UNNAMED
        return Source(Kind.PERSON, m.name, m.start)
    return None


def _is_joint(passage: Passage, m: Mention, floor: int) -> bool:
    """Tell whether somebody else is the subject as well: "X and Y said", "He and Y said"."""
    before = passage.text[floor : m.start].rstrip()
    if not before.endswith((" and", " or", "&")):
        return False
    end = floor + len(before) - len(before.split(" ")[-1]) - 1
    joined = any(o.end in (end, end - 1) for o in passage.mentions if o.start >= floor)
    return joined or re.search(r"(?:^|\W)(?:[Hh]e|[Ss]he|wife|husband) and$", before) is not None


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
        if lower in _LINK or (n == 0 and word.islower() and lower.endswith("ed")):
            return False
    return len(words) <= 9


def _enclosed(passage: Passage, floor: int, end: int, verb: Verb, roster: Roster) -> Source:
    """Return X of "X, a teacher, said", and of "the mayor, X, said"."""
    text = passage.text
    inside = [m for m in passage.mentions if floor <= m.start and m.end < end]
    for m in inside:
        rest = text[m.end : end]
        if m.is_possessive or m.is_object or not rest.lstrip().startswith((",", "(", "\u2013", "\u2014")):
            continue
        if rest.strip() in (",", "\u2013", "\u2014"):
            if _APPOSED.search(text[floor : m.start]):
                return Source(Kind.PERSON, m.name, m.start)
            # "X, told about it, ..." and "As for X, said Y"
            return NOTHING if verb.word in ("told", "asked", "quoted", "reminded") else UNNAMED
        if heads_phrase(text[floor : m.start]):
            if _is_joint(passage, m, floor):
                return UNNAMED
            return Source(Kind.PERSON, m.name, m.start)
    pronoun = _PRONOUN_PHRASE.match(text[floor:end])
    if pronoun:
        return Source(Kind.PRONOUN, pronoun[1].lower(), floor)
    if inside and text[inside[-1].end : end].strip() == ",":
        last = inside[-1]
        if _APPOSED.search(text[floor : last.start]) and not last.is_possessive:
            return Source(Kind.PERSON, last.name, last.start)
    comma = text.find(",", floor, end)
    if comma > floor:
        return _phrase(passage, floor, comma, roster)
    return NOTHING


def _phrase(passage: Passage, floor: int, end: int, roster: Roster) -> Source:
    """Return who a phrase before a verb means: "X from the ministry", "the mayor", "a man"."""
    text = passage.text
    for m in passage.mentions:
        if not (floor <= m.start and m.end < end) or m.is_possessive or m.is_object:
            continue
        gap = text[m.end : end]
        fits = _PREPOSITION.match(gap) and not _VERBAL.search(gap) and gap.count(" ") <= 12
        if fits and "," not in gap and heads_phrase(text[floor : m.start]):
            return UNNAMED if re.match(r" and [A-Z]", gap) else Source(Kind.PERSON, m.name, m.start)
    definite = _DEFINITE.search(text[floor:end])
    if definite:
        name = roster.by_role(definite[2].lower())
        if name and not _GOVERNS.search(definite[1]):
            return Source(Kind.PERSON, name, floor + definite.start())
    return UNNAMED


def subject_after(passage: Passage, place: int, end: int, roster: Roster | None = None) -> Source:
    """Return who stands right behind a verb: "said X", "said the mayor, X", "said a witness"."""
    text = passage.text
    place += len(text[place:end]) - len(text[place:end].lstrip())
    pronoun = re.match(r"(he|she|they|we|I|you|it)\b", text[place:end])
    if pronoun:
        return _by_pronoun(pronoun[1].lower(), place)
    skipped = False
    for m in passage.mentions:
        if m.start < place or m.end > end:
            continue
        gap = text[place : m.start]
        if len(gap) > 120 or re.search(r"[.;:]\s", gap):
            break
        if "," in gap.rstrip(", ") and not skipped:
            break
        apposed = gap.rstrip().endswith(",") or (skipped and gap.rstrip().endswith("\u2013"))
        governed = _GOVERNS.search(gap) is not None
        bare = not _DETERMINED.match(gap)
        if apposed or (not skipped and (not governed or (bare and not m.is_object))):
            if m.is_possessive:
                skipped = True
                continue
            joint = re.match(r",? (?:and|or|&) ([A-Z]|his|her)", text[m.end : m.end + 12])
            return UNNAMED if joint else Source(Kind.PERSON, m.name, m.start)
        skipped = True
    stop = _PHRASE_STOP.search(text, place, end)
    phrase = text[place : stop.start() if stop else end].rstrip()
    if not phrase:
        return NOTHING
    if roster is not None and (definite := re.match(r"the ([\w-]+(?: [\w-]+)?)$", phrase)):
        name = roster.by_role(definite[1].split()[-1].lower())
        if name:
            return Source(Kind.PERSON, name, place)
    starts = _DETERMINED.match(phrase) or phrase[0].isupper()
    return UNNAMED if starts or re.match(r"(?!in\b|on\b|at\b|that\b|during\b|to\b|after\b)[a-z]", phrase) else NOTHING


def main_subject(passage: Passage, start: int, end: int) -> Source:
    """Return the person or pronoun that a sentence, or a part of it, is about.

    The first person who is not governed by a preposition; a pronoun at the beginning goes before.
    """
    pronoun = _PRONOUN_PHRASE.match(passage.text[start:end])
    if pronoun:
        return Source(Kind.PRONOUN, pronoun[1].lower(), start)
    for m in passage.mentions:
        if not start <= m.start < end:
            continue
        before = passage.text[start : m.start]
        answers = m.is_possessive and _ANSWER.match(passage.text[m.end : m.end + 50])
        if m.is_object or (m.is_possessive and not answers) or not heads_phrase(before):
            continue
        if re.match(r" (?:and|or) [A-Z]", passage.text[m.end : m.end + 6]):
            return UNNAMED
        return Source(Kind.PERSON, m.name, m.start)
    inner = re.search(r"(?:^|, )(he|she) ", passage.text[start:end])
    return Source(Kind.PRONOUN, inner[1], start + inner.start(1)) if inner else NOTHING
