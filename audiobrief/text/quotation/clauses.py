"""Who is the subject of a verb of speech: a small reading of the clause around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.quotation.phrases import (
    NOTHING,
    PRONOUN_PHRASE,
    UNNAMED,
    Kind,
    Source,
    heads_phrase,
    is_joint,
    main_subject,
    phrase_before,
    source_of,
    source_of_pronoun,
    subject_after,
)
from audiobrief.text.quotation.verbs import ADVERBS, NEGATED, PASSIVE, Verb

if TYPE_CHECKING:
    from audiobrief.text.quotation.mentions import Mention
    from audiobrief.text.quotation.passage import Passage
    from audiobrief.text.quotation.roster import Roster


_PRONOUN_END = re.compile(r"\b(he|she|they|we|i|you|it|who|which|that)$", re.IGNORECASE)
_PARENTHESIS = re.compile(r" ?\([^()]{1,60}\)$")
_AS = re.compile(r"(?:, [^,]{1,60},)? as (?:also )?")
_QUOTED_AS = re.compile(r"\bquoted? (?:\S{1,30} ){0,9}as (?:also )?$")
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
#: In the passive they say who hears: "was told".
_HEARD_LIST = """
    told asked informed quoted warned reminded assured advised
"""
_HEARD = frozenset(_HEARD_LIST.split())
#: A name right behind a comma, but for a title: "the founder, Sir X".
_APPOSED = re.compile(r", (?:(?:[A-Z][a-z]{1,8}\.?|[a-z]+) ){0,3}$")
_DOCUMENT = re.compile(
    r"\W{0,5}(?:[Aa]n?|[Tt]he) (?:\w{1,20} ){0,2}(?:statement|letter|report|e-?mail|memo|message"
    r"|note|press release|filing|document|post|tweet) (?:from|by|of)\b"
)
_HAD = re.compile(r"\b(he|she|they|we|i|you|who|it)['\u2019](?:d|s|ve|ll|re|m)$", re.IGNORECASE)
_OPEN_RELATIVE = re.compile(r",? who [^,]{1,120}$")


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
    return phrase_before(passage, floor, clause.end, roster)


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
        return source_of_pronoun(pronoun[1].lower(), clause.floor + pronoun.start())
    return None


def _quoted_as(passage: Passage, floor: int, verb: Verb) -> Source:
    """Return Y of "X quoted Y as saying", or X of "X was quoted as saying"."""
    inside = [m for m in passage.mentions if floor <= m.start < verb.start]
    near = [m for m in inside if _AS.fullmatch(passage.text, m.end, verb.start)]
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
            return source_of(m)
    # "Ana Ruiz, 43, who said", "Ana Ruiz, the mayor, who said"
    found = main_subject(passage, floor, place)
    return found if found.kind is Kind.PERSON else UNNAMED


def _ending_at(passage: Passage, end: int, floor: int) -> Source | None:
    """Return what a mention right before a verb means; ``None``: there is none."""
    for m in passage.mentions:
        if m.end != end or m.start < floor:
            continue
        before = passage.text[floor : m.start]
        if is_joint(passage, m, floor):
            return UNNAMED
        if m.is_object or not heads_phrase(before):
            return UNNAMED
        return source_of(m)
    return None


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
            return UNNAMED if is_joint(passage, m, floor) else source_of(m)
    pronoun = PRONOUN_PHRASE.match(text[floor:end])
    if pronoun:
        return Source(Kind.PRONOUN, pronoun[1].lower(), floor)
    last = inside[-1] if inside and text[inside[-1].end : end].strip() == "," else None
    if last is not None and not last.is_possessive and _APPOSED.search(text[floor : last.start]):
        return _behind_comma(passage, last, floor, verb)
    comma = text.find(",", floor, end)
    return phrase_before(passage, floor, comma, roster) if comma > floor else NOTHING


def _behind_comma(passage: Passage, m: Mention, floor: int, verb: Verb) -> Source:
    """Decide on "the mayor, X, said", "a letter from the firm, X, said", "X, told about it,"."""
    before = passage.text[floor : m.start]
    if _APPOSED.search(before):
        return UNNAMED if _DOCUMENT.match(before) else source_of(m)
    return NOTHING if verb.word in _HEARD else UNNAMED
