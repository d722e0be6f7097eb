"""Who says a quotation that is a sentence of its own: what stands in the sentences before it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.text.quotation.clauses import subject_before
from audiobrief.text.quotation.context import (
    CONTINUED,
    INTRODUCED,
    OPEN,
    SENTENCE,
    SPLIT,
    Context,
    Verdict,
)
from audiobrief.text.quotation.marks import ANY_QUOTED, QUOTED_I
from audiobrief.text.quotation.name_words import TITLES
from audiobrief.text.quotation.phrases import NOTHING, UNNAMED, Kind, Source, main_subject
from audiobrief.text.quotation.presence import people_in
from audiobrief.text.quotation.pronouns import verdict_of
from audiobrief.text.quotation.verbs import find_verbs

if TYPE_CHECKING:
    from audiobrief.text.quotation.passage import Passage

_Q = ANY_QUOTED
#: "For X, the news came late", "a shock to X, who has fished here", "to X, 43, a baker".
_PRESENTED = re.compile(r"^(?:.{0,10}\|, (?:who\b|\d\d\b|an? |the |one of ))")
_FOR = re.compile(r"\s{0,4}(?:But |And |Yet )?[Ff]or (?:[A-Z]\w{1,10}\.? )?")
_ROLE_BEFORE = re.compile(r"(?<![\w-])([\w-]{1,30})\.? $")


def from_surroundings(context: Context, i: int, floor: int) -> Verdict:
    """The quotation is a sentence of its own: look at the sentences and paragraphs before it."""
    passage = context.passages[i]
    last = context.last()
    if last is not None and last[0] == i:
        return _after_quotation(context, i, last, floor)
    if passage.text[:floor].strip():
        source = _subject_of_last_sentence(context, i, floor)
        return verdict_of(context, i, source, 0.82, SENTENCE)
    return _from_paragraph_before(context, i)


def _after_quotation(
    context: Context, i: int, last: tuple[int, int, int, Verdict], floor: int
) -> Verdict:
    """Follow "…," said X. "…": the attribution holds on until somebody else comes in."""
    passage = context.passages[i]
    verdict = last[3]
    tail = [s for s in passage.sentences if s[0] >= last[2] and s[1] <= floor]
    between = [s for s in tail if passage.text[slice(*s)].strip(f" .{_Q}{QUOTED_I}")]
    if not between:
        if verdict.name is None:
            return replace(verdict, confidence=0.0) if verdict.rule else OPEN
        return Verdict(verdict.name, verdict.confidence - 0.01, SPLIT)
    source = main_subject(passage, *between[-1])
    if source.kind is Kind.PERSON:
        sure = 0.85 if source.name == verdict.name else 0.78
        return Verdict(source.name, sure, SENTENCE)
    if source.kind is Kind.PRONOUN:
        return verdict_of(context, i, source, 0.85, SENTENCE)
    if verdict.name is None:
        return OPEN
    return Verdict(verdict.name, verdict.confidence - (0.14 if len(between) == 1 else 0.25), SPLIT)


def _subject_of_last_sentence(context: Context, p: int, floor: int) -> Source:
    """Return whom the sentence before a place makes the one who speaks."""
    passage = context.passages[p]
    before = [s for s in passage.sentences if s[1] <= floor and passage.text[slice(*s)].strip()]
    if not before:
        return NOTHING
    start, end = before[-1]
    speech = [
        subject_before(passage, verb, start, context.roster)
        for verb in find_verbs(passage.text, start, end)
        if verb.start > start
    ]
    named = [s for s in speech if s is not NOTHING]
    main = main_subject(passage, start, end)
    if named and named[0].kind is not Kind.UNNAMED:
        return named[0]
    if named and main is NOTHING:
        return UNNAMED
    if main.kind is Kind.PERSON:
        if not named and _stranger_first(context, p, (start, end), main.start):
            return UNNAMED
        others = {m.name for m in passage.mentions if start <= m.start < end} - {main.name}
        return NOTHING if others and not named else main
    return main


def _from_paragraph_before(context: Context, i: int) -> Verdict:
    """A paragraph that is all quotation: look at whom the one before introduces or quotes."""
    if i == 0 or context.passages[i - 1].is_heading:
        return OPEN
    passage, last = context.passages[i - 1], context.last()
    if last is not None and last[0] == i - 1:
        return _after_spoken_paragraph(context, i, last)
    source = _subject_of_last_sentence(context, i - 1, len(passage.text))
    if source.kind in (Kind.NOTHING, Kind.UNNAMED):
        closing = _introduced_last(context, i - 1)
        if closing:
            return Verdict(closing, 0.8, INTRODUCED)
    if source is NOTHING:
        return _from_presented(context, i - 1)
    place = passage.sentences[-1][0] if passage.sentences else 0
    return verdict_of(context, i - 1, source, 0.88, INTRODUCED, place)


def _from_presented(context: Context, p: int) -> Verdict:
    """Decide on a paragraph that no subject heads, such as "For X it was too late"."""
    passage = context.passages[p]
    topic = _topic_of(passage)
    if topic:
        return Verdict(topic, 0.8, INTRODUCED)
    names = {m.name for m in passage.mentions if not m.is_possessive}
    objects = [m for m in passage.mentions if m.is_object]
    introduced = len(passage.mentions) == 1 and _PRESENTED.search(_around(passage))
    last = passage.sentences[-1] if passage.sentences else (0, 0)
    if len(names) != 1 or (objects and not introduced) or _stranger_first(context, p, last):
        return OPEN
    return Verdict(next(iter(names)), 0.76, INTRODUCED)


def _stranger_first(
    context: Context, p: int, sentence: tuple[int, int], place: int | None = None
) -> bool:
    """Tell whether somebody without a name comes in before a place of a sentence, or anywhere."""
    people = people_in(context, p, *sentence)
    limit = sentence[1] if place is None else place
    return any(not s.name and s.start < limit for s in people)


def _topic_of(passage: Passage) -> str | None:
    """Return X of a last sentence "For X there was one way out." that names nobody else."""
    start, end = passage.sentences[-1] if passage.sentences else (0, 0)
    inside = [m for m in passage.mentions if start <= m.start < end]
    leads = len(inside) == 1 and _FOR.fullmatch(passage.text[start : inside[0].start])
    return inside[0].name if leads and not inside[0].is_possessive else None


def _around(passage: Passage) -> str:
    """Return what stands right before and after the first person of a paragraph."""
    m = passage.mentions[0]
    return f"{passage.text[max(0, m.start - 10) : m.start]}|{passage.text[m.end : m.end + 30]}"


def _introduced_last(context: Context, p: int) -> str | None:
    """Return who is named for the first time, with a role, as the last words of a paragraph.

    "… to reject an offer of help from foreign minister X." leads over to X.
    """
    passage = context.passages[p]
    if not passage.mentions:
        return None
    last = passage.mentions[-1]
    known = any(m.name == last.name for other in context.passages[:p] for m in other.mentions)
    alone = {m.name for m in passage.mentions} == {last.name}
    ends = not passage.text[last.end :].strip(" .")
    role = _ROLE_BEFORE.search(passage.text[: last.start][-30:])
    return (
        last.name if alone and ends and not known and role and role[1].lower() in TITLES else None
    )


def _after_spoken_paragraph(
    context: Context, i: int, last: tuple[int, int, int, Verdict]
) -> Verdict:
    """Decide on a paragraph of quotation behind one with a quotation."""
    passage, verdict = context.passages[i - 1], last[3]
    floor, ceiling = passage.sentence_at(last[2] - 1)
    rest = passage.text[max(ceiling, last[2]) :]
    if rest.strip(f" .{_Q}{QUOTED_I}"):
        source = _subject_of_last_sentence(context, i - 1, len(passage.text))
        return verdict_of(context, i - 1, source, 0.8, INTRODUCED, passage.sentences[-1][0])
    asked = context.paragraphs[i - 1][: last[2]].rstrip("\"'\u201d\u2019\u00bb ").endswith("?")
    if verdict.name is None:
        return verdict if verdict.rule else OPEN
    has_words = bool(
        passage.text[floor : last[1]].strip() or passage.text[last[2] : ceiling].strip(" .")
    )
    loss = 0.1 if has_words else 0.12
    speakers = {v.name for p, _, _, v in context.done if p >= i - 5}
    if asked or len(speakers) > 1:
        loss += 0.12 if not has_words else 0.04
    return Verdict(verdict.name, verdict.confidence - loss, CONTINUED)
