"""Whom "he" or "she" means: only where one person fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.quotation.clauses import subject_before
from audiobrief.text.quotation.context import (
    AFTER,
    BEFORE,
    NOBODY,
    OPEN,
    PRONOUN,
    WORK,
    Context,
    Verdict,
)
from audiobrief.text.quotation.evidence import strangers_in
from audiobrief.text.quotation.marks import ANY_QUOTED, QUOTED_I
from audiobrief.text.quotation.names import TITLES
from audiobrief.text.quotation.phrases import THING, Kind, Source, main_subject
from audiobrief.text.quotation.verbs import find_verbs

if TYPE_CHECKING:
    from collections.abc import Iterator

_Q = ANY_QUOTED
_DEFINITE = re.compile(
    r"(?:^|[,;] |\b(?:and|but|when|while|as) )(?P<whose>[Tt]he|[Hh]is|[Hh]er|[Tt]heir) "
    r"(?P<noun>[a-z][a-z-]+)\b(?!,? [A-Z])"
)
#: Either of two people is the other's: "her sister" says not which.
_MUTUAL_LIST = """
    brother sister twin cousin friend partner colleague neighbor neighbour teammate rival
"""
_MUTUAL = frozenset(_MUTUAL_LIST.split())
_HE_OR_SHE = re.compile(r"(?:He|She)\b")
_BARE_START = re.compile(r"[A-Z]\w+")
#: A pronoun looks back so many paragraphs.
_REACH = 3
#: From here on a pronoun also tells the gender of whom it means.
CERTAIN_GENDER = 0.8


def verdict_of(
    context: Context, i: int, source: Source, confidence: float, rule: str, place: int | None = None
) -> Verdict:
    """Make a verdict of what a clause says; a pronoun is followed to whom it means."""
    if source.kind is Kind.PERSON:
        return Verdict(source.name, confidence, rule)
    if source.kind is Kind.UNNAMED:
        return Verdict(None, 0.0, WORK if source == THING else NOBODY)
    if source.kind is Kind.NOTHING:
        return OPEN
    name, sure = _antecedent(context, i, source.start if place is None else place, source.name)
    if name is None:
        return Verdict(None, 0.0, PRONOUN)
    if sure >= CERTAIN_GENDER:
        context.roster.note_gender(name, "m" if source.name == "he" else "f")
    return Verdict(name, min(confidence, sure), PRONOUN if rule in (AFTER, BEFORE) else rule)


def _antecedent(context: Context, i: int, place: int, pronoun: str) -> tuple[str | None, float]:
    """Return whom "he" or "she" means, and how sure that is: only where one person fits."""
    gender = "m" if pronoun == "he" else "f"
    found: str | None = None
    strength, steps = 0.0, 0
    others: set[str] = set()
    for p, start, stop in _sentences_back(context, i, place):
        people = _people_in(context, p, start, stop)
        names = {n for n in people if not n or context.roster.gender(n) in ("", gender)}
        if found is not None:
            others |= names - {found, ""}
            continue
        opening = _HE_OR_SHE.match(context.passages[p].text, start, stop)
        if opening and not (p == i and stop == place):
            # The sentence is about the same person, whoever else it names.
            others |= names - {""} if opening[0].lower() == pronoun else set()
            continue
        if _speaks_unnamed(context, p, start, stop) and not names:
            return None, 0.0
        if names:
            found, strength = _chosen(context, (p, start, stop), names, gender)
            if found is None:
                return None, 0.0
            if _has_rival(context, (p, start, stop), found, names, gender):
                return None, 0.0  # "Moss lives next door to a nurse. She said"
            strength = max(strength, _centered(context, (p, start, stop), found, i, steps))
            others |= names - {found, ""}
        steps += bool(context.passages[p].text[start:stop].strip(f" .{_Q}{QUOTED_I}"))
    if found is None:
        return None, 0.0
    return found, _sureness(context, i, found, gender, others, strength)


def _sentences_back(context: Context, i: int, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield paragraph, start and end of the sentences before a place, the nearest first."""
    for p in range(i, max(-1, i - _REACH - 1), -1):
        if context.passages[p].is_heading:
            return
        for start, end in reversed(context.passages[p].sentences):
            if p < i or start < place:
                yield p, start, min(end, place) if p == i else end


def _speaks_unnamed(context: Context, p: int, start: int, stop: int) -> bool:
    """Tell whether somebody without a name was quoted in a sentence."""
    return any(
        d[0] == p and start <= d[1] < max(stop, start + 1) and d[3].rule == NOBODY
        for d in context.done
    )


def _chosen(
    context: Context, sentence: tuple[int, int, int], names: set[str], gender: str
) -> tuple[str | None, float]:
    """Return which of the people in a sentence a pronoun after it means."""
    p, start, stop = sentence
    if len(names) == 1:
        return next(iter(names)) or None, 0.86
    spoken = [d[3].name for d in context.done if d[0] == p and start <= d[1] < stop]
    if spoken and spoken[-1] in names:
        return spoken[-1], 0.82
    subject = main_subject(context.passages[p], start, stop)
    if subject.kind is not Kind.PERSON or subject.name not in names:
        return None, 0.0
    if not _people_in(context, p, start, stop)[0]:
        return None, 0.0  # the sentence is about somebody of whom nothing is known
    if _speaks_in(context, sentence, subject.name):
        return subject.name, 0.82
    known = [n for n in names if n and context.roster.gender(n) == gender]
    return subject.name, 0.8 if known == [subject.name] else 0.7


def _has_rival(
    context: Context, sentence: tuple[int, int, int], name: str, names: set[str], gender: str
) -> bool:
    """Tell whether a pronoun may as well mean another whom the sentence names."""
    p, start, stop = sentence
    if len(names) == 1 or _speaks_in(context, sentence, name):
        return False
    if any(d[3].name == name for d in context.done if d[0] == p and start <= d[1] < stop):
        return False
    inside = [m for m in context.passages[p].mentions if start <= m.start < stop]
    rivals = {m.name for m in inside if not m.is_possessive} & names - {name}
    return "" in names or any(context.roster.gender(n) == gender for n in rivals)


def _speaks_in(context: Context, sentence: tuple[int, int, int], name: str) -> bool:
    """Tell whether a person is the subject of the first verb of speech in a sentence."""
    p, start, stop = sentence
    passage = context.passages[p]
    verb = next(find_verbs(passage.text, start + 1, stop), None)
    return verb is not None and subject_before(passage, verb, start, context.roster).name == name


def _centered(
    context: Context, sentence: tuple[int, int, int], name: str, i: int, steps: int
) -> float:
    """Return how sure a pronoun is of the subject of the sentence right before it."""
    p, start, stop = sentence
    subject = main_subject(context.passages[p], start, stop)
    if steps > 1 or subject.name != name:
        return 0.0
    return 0.95 if p == i else 0.9


def _sureness(
    context: Context, i: int, found: str, gender: str, others: set[str], strength: float
) -> float:
    """Return the confidence of a pronoun, given who else it might mean."""
    known = context.roster.gender(found) == gender
    rivals = others - {found}
    if not rivals:
        return 0.92 if known else max(strength - 0.02, 0.84)
    last = context.last()
    if last is not None and last[0] >= i - 1 and last[3].name == found:
        return 0.86 if known else 0.8
    sure_rivals = {n for n in rivals if context.roster.gender(n) == gender}
    if known and not sure_rivals:
        return max(0.82, strength - 0.06)
    return strength - (0.1 if known or not sure_rivals else 0.12)


def _people_in(context: Context, p: int, start: int, stop: int) -> list[str]:
    """Return the people of a stretch of narration in order; an empty name for a stranger."""
    if (p, start, stop) in context.people:
        return context.people[p, start, stop]
    passage = context.passages[p]
    found = [(m.start, m.name) for m in passage.mentions if start <= m.start < stop]
    named = list(found)
    found += [(at, "") for at in context.roster.strangers(passage.text) if start <= at < stop]
    text = passage.text[start:stop]
    found += [(start + at, "") for at in strangers_in(text)]
    found += [
        (start + match.start(), _called(context, match["whose"].lower(), match["noun"]))
        for match in _DEFINITE.finditer(text)
        if match["noun"] in TITLES
    ]
    first = _BARE_START.match(text)
    if first and all(at != start for at, _ in found) and context.roster.is_name_like(first[0]):
        found.append((start, ""))
    # "Moss Vale captain Ann Lee" is one person.
    heads = [at for at, name in found if not name and _leads_to(passage.text, at, named)]
    context.people[p, start, stop] = [n for at, n in sorted(found) if n or at not in heads]
    return context.people[p, start, stop]


def _leads_to(text: str, start: int, named: list[tuple[int, str]]) -> bool:
    """Tell whether words belong to a name behind them: "Moss Vale captain" before "Ann Lee"."""
    following = min((at for at, _ in named if at > start), default=start)
    words = text[start:following].split()
    return 1 < len(words) <= 6 and words[-1].lower() in TITLES and "," not in text[start:following]


def _called(context: Context, whose: str, noun: str) -> str:
    """Return whom "the mayor" or "his wife" means; an empty name for a stranger."""
    if whose != "the" and noun in _MUTUAL:
        return ""
    return context.roster.by_role(noun) or ""
