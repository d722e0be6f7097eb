"""Who is the subject of a verb of speech: a small reading of the clause around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from audiobrief.text.quotation_marks import ANY_QUOTED
from audiobrief.text.verbs import ADVERBS, NEGATED, PASSIVE, Verb

if TYPE_CHECKING:
    from audiobrief.text.passage import Passage
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


_Q = ANY_QUOTED
_PRONOUN_END = re.compile(r"\b(he|she|they|we|i|you|it|who|which|that)$", re.IGNORECASE)
_PRONOUN_PHRASE = re.compile(
    r"^\W*(?:(?:But|And|So|Then|Now|Yet|For|Still) )?(he|she)\b", re.IGNORECASE
)
_PARENTHESIS = re.compile(r" ?\([^()]{1,60}\)$")
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
_QUOTED_AS = re.compile(r"\bquoted? (?:\S{1,30} ){0,6}as $")
_BLAMED_FOR = re.compile(r"\b(?:of|for|from|against)$")
#: The end of a long clause is enough to take adverbs off.
_CLAUSE_REACH = 200
_RELATIVE = re.compile(r",? who$")
_CONJUNCTION = re.compile(r"(?:,|\b(?:and|but|then|or|before|while))$")
_CONTROL = re.compile(
    r"\b(?:asked|told|urged|refused|declined|forced|wanted|ordered|failed|unable|invited"
    r"|encouraged|begged)\b[^,]{0,60} to$"
)
_OBJECT_SAYING = re.compile(r"\b(?:of|for|from|against|by|without|about|after|before)$")
_AGENT_BY = re.compile(r"^ (?:as |later |also |once )?by (?=\S)")
_DEFINITE = re.compile(r"(?:^|[\s,])the ((?:[\w'\u2019-]+ ){0,3}?)([\w-]+)$", re.IGNORECASE)
_PRONOUN_FIRST = re.compile(r"(he|she|they|we|I|you|it)\b")
_DEFINITE_PHRASE = re.compile(r"the ([\w-]{1,30}(?: [\w-]{1,30})?)")
#: "said on Monday", "said that", "said: ": no subject follows.
_NO_SUBJECT = re.compile(r"(?:in|on|at|that|during|to|after)\b|\W|\d")
_JOINT_AFTER = re.compile(r",? (?:and|or|&) (?:[A-Z]|his\b|her\b)")
_PHRASE_STOP = re.compile(
    r"[.,;:()\u2014\u2013]|\b(?:who|when|after|during|while|before|because)\b"
)
#: The end of a clause, which a title ("Dr.") is not.
_STOP_BEFORE = re.compile(
    r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})(?<!\b[A-Z][a-z]{3})[.;:]\s"
)
_DETERMINED = re.compile(
    r"^(?:an?|the|his|her|their|its|one|another|some|several|many)\b", re.IGNORECASE
)
_GOVERNS = re.compile(r"\b(?:of|for|from|at|in|with|by|to|on|behind|against)\b")
#: In the passive they say who hears: "was told".
_HEARD_LIST = """
    told asked informed quoted warned reminded assured advised
"""
_HEARD = frozenset(_HEARD_LIST.split())
#: A name right behind a comma, but for a title: "the founder, Sir X".
_APPOSED = re.compile(r", (?:(?:[A-Z][a-z]{1,8}\.?|[a-z]+) ){0,3}$")
_DOCUMENT = re.compile(
    r"\W*(?:[Aa]n?|[Tt]he) (?:\w{1,20} ){0,2}(?:statement|letter|report|e-?mail|memo|message|note"
    r"|press release|filing|document|post|tweet) (?:from|by|of)\b"
)
_HAD = re.compile(r"\b(he|she|they|we|i|you|who|it)['\u2019](?:d|s|ve|ll|re|m)$", re.IGNORECASE)
_OPEN_RELATIVE = re.compile(r",? who [^,]{1,120}$")
#: "Ruiz's answer was short:" is as good as "Ruiz answered".
_ANSWER = re.compile(
    r"^['\u2019]s? (?:\w+ ){0,2}(?:answer|response|reply|reaction|message|advice|verdict|view"
    r"|warning|conclusion|explanation|assessment|comment|words|plea|question)\b"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """What stands before a verb."""

    passage: Passage
    verb: Verb
    #: Where the sentence or clause begins.
    floor: int
    #: From there to the verb.
    text: str
    #: The same without adverbs and auxiliaries at its end.
    head: str

    @property
    def end(self) -> int:
        """Where the subject ends, if it stands right before the verb."""
        return self.floor + len(self.head)

    @property
    def is_participle(self) -> bool:
        """Tell whether the verb is "saying" rather than "said"."""
        return self.verb.word.endswith("ing")


def subject_before(passage: Passage, verb: Verb, floor: int, roster: Roster) -> Source:
    """Return the subject of a verb that stands before it.

    Args:
        passage: The paragraph.
        verb: The verb.
        floor: Where the sentence or clause begins; nothing before it is looked at.
        roster: Who is called "the mayor".
    """
    text = passage.text[floor : verb.start]
    head = _PARENTHESIS.sub("", ADVERBS.sub("", text[-_CLAUSE_REACH:]).rstrip())
    head = text[:-_CLAUSE_REACH] + head
    contracted = _HAD.search(head)
    clause = _Clause(passage, verb, floor, text, head[: contracted.end(1)] if contracted else head)
    for rule in (_of_no_act, _of_nonfinite, _of_direct):
        source = rule(clause)
        if source is not None:
            return source
    if clause.is_participle and clause.head.endswith(","):
        return main_subject(passage, floor, clause.end)
    if clause.head.endswith((",", " \u2013", " \u2014", "\u2014")):
        return _enclosed(passage, floor, clause.end, verb, roster)
    if _CONJUNCTION.search(clause.head) or (clause.is_participle and not clause.head[-1].isalpha()):
        return main_subject(passage, floor, clause.end)
    return _phrase(passage, floor, clause.end, roster)


def _of_no_act(clause: _Clause) -> Source | None:
    """Decide where the subject does not say it: "quoted Y as saying", "denied", "was told"."""
    word = clause.verb.word
    if clause.is_participle and _QUOTED_AS.search(clause.text):
        return _quoted_as(clause.passage, clause.floor, clause.verb)
    if NEGATED.search(clause.text):
        return UNNAMED
    if word not in ("was", "is") and not clause.is_participle and PASSIVE.search(clause.text):
        return _agent(clause.passage, clause.verb)
    return None if clause.head else NOTHING


def _of_nonfinite(clause: _Clause) -> Source | None:
    """Decide on "went on to say", "for saying", "who said", "who won and said"."""
    head, passage, floor = clause.head, clause.passage, clause.floor
    if head.endswith(" to") or head == "to":
        return UNNAMED if _CONTROL.search(head) else main_subject(passage, floor, clause.end)
    if clause.is_participle and _OBJECT_SAYING.search(head):
        blamed = _BLAMED_FOR.search(head)
        return UNNAMED if blamed else main_subject(passage, floor, clause.end)
    if _RELATIVE.search(head):
        return _relative(passage, floor, clause.end)
    inner = _OPEN_RELATIVE.search(head)
    if inner and _CONJUNCTION.search(head):
        return _relative(passage, floor, floor + inner.start() + inner[0].index("who") + 3)
    return None


def _of_direct(clause: _Clause) -> Source | None:
    """Decide where a name or a pronoun stands right before the verb."""
    direct = _ending_at(clause.passage, clause.end, clause.floor)
    if direct is not None:
        return direct
    pronoun = _PRONOUN_END.search(clause.head)
    if pronoun:
        return _by_pronoun(pronoun[1].lower(), clause.floor + pronoun.start())
    return None


def _by_pronoun(word: str, start: int) -> Source:
    if word in ("he", "she"):
        return Source(Kind.PRONOUN, word, start)
    return NOTHING if word in ("which", "that", "who") else UNNAMED


def _quoted_as(passage: Passage, floor: int, verb: Verb) -> Source:
    """Return Y of "X quoted Y as saying", or X of "X was quoted as saying"."""
    inside = [m for m in passage.mentions if floor <= m.start < verb.start]
    near = [m for m in inside if passage.text[m.end : verb.start].strip() in ("as", "as also")]
    passive = re.search(
        r"\b(?:was|were|is|been|are) (?:\w+ )?quoted\b", passage.text[floor : verb.start]
    )
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
            return _person(m)
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
        return _person(m)
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
        opens = text[m.end : end].lstrip().startswith((",", "(", "\u2013", "\u2014"))
        if m.is_possessive or m.is_object or not opens:
            continue
        if text[m.end : end].strip() in (",", "\u2013", "\u2014"):
            return _behind_comma(passage, m, floor, verb)
        if heads_phrase(text[floor : m.start]):
            return UNNAMED if _is_joint(passage, m, floor) else _person(m)
    pronoun = _PRONOUN_PHRASE.match(text[floor:end])
    if pronoun:
        return Source(Kind.PRONOUN, pronoun[1].lower(), floor)
    last = inside[-1] if inside and text[inside[-1].end : end].strip() == "," else None
    if last is not None and not last.is_possessive and _APPOSED.search(text[floor : last.start]):
        return _behind_comma(passage, last, floor, verb)
    comma = text.find(",", floor, end)
    return _phrase(passage, floor, comma, roster) if comma > floor else NOTHING


def _behind_comma(passage: Passage, m: Mention, floor: int, verb: Verb) -> Source:
    """Decide on "the mayor, X, said", "a letter from the firm, X, said", "X, told about it,"."""
    before = passage.text[floor : m.start]
    if _APPOSED.search(before):
        return UNNAMED if _DOCUMENT.match(before) else _person(m)
    return NOTHING if verb.word in _HEARD else UNNAMED


def _person(m: Mention) -> Source:
    return Source(Kind.PERSON, m.name, m.start)


def _phrase(passage: Passage, floor: int, end: int, roster: Roster) -> Source:
    """Return who a phrase before a verb means: "X from the ministry", "the mayor", "a man"."""
    text = passage.text
    for m in passage.mentions:
        if not (floor <= m.start and m.end < end) or m.is_possessive or m.is_object:
            continue
        gap = text[m.end : end]
        fits = _PREPOSITION.match(gap) and not _VERBAL.search(gap) and gap.count(" ") <= 12
        if fits and "," not in gap and heads_phrase(text[floor : m.start]):
            return UNNAMED if re.match(r" and [A-Z]", gap) else _person(m)
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
    pronoun = _PRONOUN_FIRST.match(text, place, end)
    if pronoun:
        return _by_pronoun(pronoun[1].lower(), place)
    named = _named_behind(passage, place, end)
    if named is not None:
        return named
    stop = _PHRASE_STOP.search(text, place, end)
    phrase = text[place : stop.start() if stop else end].rstrip()
    definite = _DEFINITE_PHRASE.fullmatch(phrase)
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
            return UNNAMED if joint else _person(m)
        skipped = True
    return None


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
        if re.match(r" (?:and|or) [A-Z]| et al", passage.text[m.end : m.end + 6]):
            return UNNAMED
        return _person(m)
    inner = re.search(r"(?:^|, )(he|she) ", passage.text[start:end])
    return Source(Kind.PRONOUN, inner[1], start + inner.start(1)) if inner else NOTHING
