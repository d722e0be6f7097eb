"""Who is in a sentence: people by name, people described, strangers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.text.quotation.name_words import IMPERSONAL, TITLES
from audiobrief.text.quotation.strangers import OPENS, described_in, is_subject, strangers_in

if TYPE_CHECKING:
    from audiobrief.text.quotation.context import Context
    from audiobrief.text.quotation.strangers import Described

#: Either of two people is the other's: "her sister" says not which.
_MUTUAL_LIST = """
    brother sister twin cousin friend partner colleague neighbor neighbour teammate rival
"""
_MUTUAL = frozenset(_MUTUAL_LIST.split())
#: Words for somebody who has been spoken of: "the man", "the teenager".
_PLAIN_LIST = """
    man woman boy girl teenager youngster pensioner
"""
_PLAIN = frozenset(_PLAIN_LIST.split())
_BARE_START = re.compile(r"[A-Z]\w+")
#: "Ioan" of "Ioan and Petru Balan".
_JOINED = re.compile(r"(?<![\w-])([A-Z]\w{1,20}) (?:and|&) $")
_IS = re.compile(r"\b(?:is|was|be|been|named|called) (?:(?:the |then-)?[A-Z][\w.-]{0,20} ){0,4}$")
#: "A spokesman for the line, | Ann Lee, said": one person.
_UP_TO_NAME = re.compile(r"[^,;:.]{3,90}, (?:[A-Z][\w.]{1,12} |[a-z]{2,20} ){0,2}$")
#: A name or a phrase, and a word that no comma divides from it: "Moss shook", "the mate shook".
_SUBJECT = re.compile(
    r"(?:(?:[A-Z][\w.'\u2019-]{0,30} ){1,4}|(?:[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Aa]n?|[Oo]ne) )"
    r"(?:[a-z][\w-]{0,20} ){0,4}?(?!of |for |who )[a-z]"
)
_IS_CLAUSE = re.compile(r"\b(?:said|says|told|is|was|were|has|had|that|who)\b")


@dataclass(frozen=True, slots=True)
class Somebody:
    """One who is in a sentence."""

    start: int
    #: Empty: a stranger.
    name: str
    #: Of a stranger: "m", "f" or empty. Of the others the roster knows it.
    gender: str = ""


def people_in(context: Context, p: int, start: int, stop: int) -> tuple[Somebody, ...]:
    """Return the people of a stretch of narration, in order."""
    if (p, start, stop) not in context.people:
        context.people[p, start, stop] = _found_in(context, p, start, stop)
    return context.people[p, start, stop]


def fitting(context: Context, people: tuple[Somebody, ...], gender: str) -> list[str]:
    """Return the names of those whom a pronoun may mean, in order; empty ones for strangers."""
    return [
        s.name
        for s in people
        if (context.roster.gender(s.name) if s.name else s.gender) in ("", gender)
    ]


def behind_opening(context: Context, p: int, start: int, stop: int) -> Somebody | None:
    """Return the subject behind what opens a sentence: X of "When the bell rang, X rose"."""
    text = context.passages[p].text
    for one in people_in(context, p, start, stop):
        if OPENS.fullmatch(text, start, one.start) and _SUBJECT.match(text, one.start):
            return one
    return None


def _found_in(context: Context, p: int, start: int, stop: int) -> tuple[Somebody, ...]:
    passage = context.passages[p]
    text = passage.text[start:stop]
    mentions = [m for m in passage.mentions if start <= m.start < stop]
    named = [(m.start, m.name) for m in mentions]
    found = [Somebody(*one) for one in named]
    found += [
        Somebody(at, "") for at in context.roster.strangers(passage.text) if start <= at < stop
    ]
    found += [Somebody(start + s.start, "", s.gender) for s in strangers_in(text)]
    found += [
        Somebody(start + d.start, _meant_by(context, d, p, start), d.gender)
        for d in described_in(text)
        # "Ann Lee, the mayor" is one, "Asked of Ann Lee, the mayor wept" are two.
        if is_subject(text, d) or not any(m.end == start + d.start - 2 for m in mentions)
    ]
    inside = {name for _, name in named}
    found = [
        replace(s, name="") if s.name in inside and (s.start, s.name) not in named else s
        for s in found
    ]
    found += [
        Somebody(start + joined.start(), "")
        for at, _ in named
        if (joined := _JOINED.search(passage.text[start:at][-30:])) and _is_unknown(joined[1])
    ]
    first = _BARE_START.match(text)
    if first and all(s.start != start for s in found) and context.roster.is_name_like(first[0]):
        found.append(Somebody(start, ""))
    return _without_heads(passage.text, sorted(found, key=lambda s: s.start), named)


def _without_heads(
    text: str, found: list[Somebody], named: list[tuple[int, str]]
) -> tuple[Somebody, ...]:
    """Leave out the words that only lead to a name: "Moss Vale captain", "The winner is"."""
    is_named = next((at for at, _ in named if _IS.search(text[max(0, at - 60) : at])), -1)
    return tuple(
        s for s in found if s.name or not (_leads_to(text, s.start, named) or s.start < is_named)
    )


def _is_unknown(word: str) -> bool:
    return word.lower() not in IMPERSONAL


def _leads_to(text: str, start: int, named: list[tuple[int, str]]) -> bool:
    """Tell whether words belong to a name behind them: "Moss Vale captain" before "Ann Lee"."""
    following = min((at for at, _ in named if at > start), default=start)
    between = text[start : min(following, start + 150)]
    if _UP_TO_NAME.match(between) and not _IS_CLAUSE.search(between):
        return True
    words = between.split()
    return 1 < len(words) <= 6 and words[-1].lower() in TITLES and "," not in between


def _meant_by(context: Context, d: Described, p: int, start: int) -> str:
    """Return whom "the mayor" or "his wife" means; an empty name for a stranger."""
    if d.is_other or (d.whose != "the" and d.noun in _MUTUAL):
        return ""
    name = context.roster.by_role(d.noun)
    if name or d.whose != "the":
        return name or ""
    if d.noun.endswith("-year-old"):
        return _last_named(context, p, start)
    return ""


def _last_named(context: Context, p: int, start: int) -> str:
    """Return the one person named in the sentence before, if no age is known that differs."""
    before = [s for s in context.passages[p].sentences if s[1] <= start]
    if before:
        place = p, *before[-1]
    elif p and context.passages[p - 1].sentences:
        place = p - 1, *context.passages[p - 1].sentences[-1]
    else:
        return ""
    text = context.passages[place[0]].text
    # Clubs and firms stand as strangers, too: a name that nobody explains.
    names = {s.name for s in people_in(context, *place) if s.name or text[s.start].islower()}
    name = next(iter(names)) if len(names) == 1 else ""
    aged = any(role.endswith("-year-old") for role in context.roster.roles(name))
    return "" if aged else name
