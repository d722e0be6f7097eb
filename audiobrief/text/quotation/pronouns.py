"""Whom "he" or "she" means: only where one person fits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
from audiobrief.text.quotation.marks import ANY_QUOTED, QUOTED_I
from audiobrief.text.quotation.phrases import THING, Kind, Source, main_subject
from audiobrief.text.quotation.presence import behind_opening, fitting, people_in
from audiobrief.text.quotation.verbs import find_verbs, is_verb

if TYPE_CHECKING:
    from collections.abc import Iterator

_Q = ANY_QUOTED
_HAS_QUOTED = re.compile(f"[{_Q}]")
_LETTERS = re.compile(r"[^\W\d_]")
#: "She rose", "Turning to the jury, she rose": the pronoun is the subject.
_HE_OR_SHE = re.compile(r"(?:[A-Z][a-z]{1,20}ing\b[^.;:\"]{0,120}?, )?(he|she)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"\b(?:asked|asks) (?:[^,.;:]{1,60}? )?(?:why|whether|if|how|what|where|when|who|about)\b"
    r"|\b(?:pressed|questioned|cross-examined|quizzed|grilled) (?:him|her|the|an?|M[rs]s?|[A-Z])"
)
_PASSIVE_BEFORE = re.compile(
    r"\b(?:was|were|been|is|being|when|if|once)(?: then| also| [a-z]{2,14}ly)? $"
)
#: "He had gone, the lawyer said."
_SAID_LAST = re.compile(
    r", (?:[Tt]he (?:[a-z-]{1,20} ){1,3}|(?:[A-Z][\w.'\u2019-]{0,30} ){1,4})([a-z]{3,15})"
    r"(?: [a-z]{2,15}){0,3}\.\s*$"
)
#: What ends a sentence stands in so many characters.
_END_REACH = 160
#: A pronoun looks back so many paragraphs.
_REACH = 3
#: And so many sentences.
_REACH_SENTENCES = 30
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
    search = _Search(context, i, place, pronoun)
    for sentence in _sentences_back(context, i, place):
        has_words = _LETTERS.search(context.passages[sentence[0]].text, *sentence[1:])
        if has_words and not search.goes_on_after(sentence):
            return None, 0.0
    if search.found is None:
        return None, 0.0
    sure = _sureness(context, i, search.found, search.gender, search.others, search.strength)
    return search.found, sure


@dataclass(slots=True)
class _Search:
    """The way back from a pronoun, sentence by sentence, to whom it means."""

    context: Context
    #: Paragraph and place of the pronoun.
    i: int
    place: int
    pronoun: str
    found: str | None = None
    strength: float = 0.0
    steps: int = 0
    #: A sentence between is about somebody of the other sex.
    is_crossed: bool = False
    #: Who else fits.
    others: set[str] = field(default_factory=set)

    @property
    def gender(self) -> str:
        """What the pronoun says: "m" or "f"."""
        return "m" if self.pronoun == "he" else "f"

    def goes_on_after(self, sentence: tuple[int, int, int]) -> bool:
        """Take in a sentence; false: it leaves open whom the pronoun means."""
        p, start, stop = sentence
        text = self.context.passages[p].text
        names = set(fitting(self.context, people_in(self.context, p, start, stop), self.gender))
        if self.found is not None:
            self.others |= names - {self.found, ""}
            return True
        told = _said_at_end(self.context, sentence)
        if told is not None:
            self.found, self.strength = told, 0.86
            self.others |= names - {told, ""}
            return bool(told) and told in names
        opening = _HE_OR_SHE.match(text, start, stop)
        if opening and not (p == self.i and stop == self.place):
            return self._passes(sentence, opening[1].lower(), names)
        if names:
            if not self._chooses(sentence, names):
                return False
        elif _speaks_unnamed(self.context, p, start, stop):
            return False
        self.steps += bool(text[start:stop].strip(f" .{_Q}{QUOTED_I}"))
        return True

    def _passes(self, sentence: tuple[int, int, int], subject: str, names: set[str]) -> bool:
        """Go over a sentence that is about "he" or "she" itself."""
        if subject == self.pronoun:
            # It is about the same person, whoever else it names.
            self.others |= names - {""}
            return not (self.is_crossed and _asks_another(self.context, sentence))
        self.is_crossed = True
        # "She asked a soldier for help. He said", "She asked the driver why. He said"
        return "" not in names and not _asks_another(self.context, sentence)

    def _chooses(self, sentence: tuple[int, int, int], names: set[str]) -> bool:
        """Choose one of those whom a sentence names; false: it may be either."""
        found, strength = _chosen(self.context, sentence, names, self.gender)
        if found is None:
            return False
        if self.is_crossed and self.context.roster.gender(found) != self.gender:
            return False  # "Arden called it a lie. She asked why. He said"
        # "Moss asked the driver why. He said", "Moss lives next door to a nurse. She said"
        if _asks_another(self.context, sentence) or _has_rival(
            self.context, sentence, found, names, self.gender
        ):
            return False
        centered = _centered(self.context, sentence, found, self.i, self.steps)
        self.found, self.strength = found, max(strength, centered)
        self.others |= names - {found, ""}
        return True


def _sentences_back(context: Context, i: int, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield paragraph, start and end of the sentences before a place, the nearest first."""
    left = _REACH_SENTENCES
    for p in range(i, max(-1, i - _REACH - 1), -1):
        if context.passages[p].is_heading:
            return
        for start, end in reversed(context.passages[p].sentences):
            if left and (p < i or start < place):
                left -= 1
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
    people = people_in(context, p, start, stop)
    if not fitting(context, people, gender)[0]:
        return None, 0.0  # the sentence is about somebody of whom nothing is known
    subject = _subject_of(context, sentence)
    if not subject or subject not in names:
        return None, 0.0
    if _speaks_in(context, sentence, subject):
        return subject, 0.82
    known = [n for n in names if n and context.roster.gender(n) == gender]
    return subject, 0.8 if known == [subject] else 0.7


def _subject_of(context: Context, sentence: tuple[int, int, int]) -> str:
    """Return the name of whom a sentence is about: "Moss", "The 19-year-old"; else nothing."""
    p, start, stop = sentence
    people = people_in(context, p, start, stop)
    is_mention = any(m.start == start for m in context.passages[p].mentions)
    if people and people[0].start == start and not is_mention:
        return people[0].name
    behind = behind_opening(context, p, start, stop)
    if behind is not None:
        return behind.name
    subject = main_subject(context.passages[p], start, stop)
    return subject.name if subject.kind is Kind.PERSON else ""


def _has_rival(
    context: Context, sentence: tuple[int, int, int], name: str, names: set[str], gender: str
) -> bool:
    """Tell whether a pronoun may as well mean another whom the sentence names."""
    p, start, stop = sentence
    if len(names) > 1 and _asks(context, sentence):
        return True  # "The judge asked Moss why. He said"
    if len(names) == 1 or _speaks_in(context, sentence, name):
        return False
    if any(d[3].name == name for d in context.done if d[0] == p and start <= d[1] < stop):
        return False
    behind = behind_opening(context, p, start, stop)
    if behind is not None and behind.name == name:
        return False  # "Asked about Moss, Bell shrugged. He said"
    inside = [m for m in context.passages[p].mentions if start <= m.start < stop]
    rivals = {m.name for m in inside if not m.is_possessive} & names - {name}
    if "" in names or any(context.roster.gender(n) == gender for n in rivals):
        return True
    # "Vale was met by Bose, a nurse. She": whom a phrase introduces may be the one.
    text = context.passages[p].text
    return context.roster.gender(name) != gender and any(
        m.name in rivals and text.startswith(", ", m.end) for m in inside
    )


def _asks(context: Context, sentence: tuple[int, int, int]) -> bool:
    """Tell whether the first verb of speech in a sentence is a question in other words."""
    p, start, stop = sentence
    text = context.passages[p].text
    verb = next(find_verbs(text, start + 1, stop), None)
    return (
        verb is not None
        and verb.word in ("asked", "asks")
        and not _HAS_QUOTED.search(text, start, stop)
    )


def _asks_another(context: Context, sentence: tuple[int, int, int]) -> bool:
    """Tell whether a sentence puts a question to somebody without a name, who will answer."""
    p, start, stop = sentence
    if len({s.name for s in people_in(context, p, start, stop)} - {""}) > 1:
        return False  # "Moss asked Bell why": both are looked at
    text = context.passages[p].text
    return not _HAS_QUOTED.search(text, start, stop) and any(
        _PASSIVE_BEFORE.search(text[max(start, m.start() - 20) : m.start()]) is None
        for m in _QUESTION.finditer(text, start, stop)
    )


def _said_at_end(context: Context, sentence: tuple[int, int, int]) -> str | None:
    """Return who says a sentence that ends ", the lawyer said."; empty: somebody unknown."""
    p, start, stop = sentence
    match = _SAID_LAST.search(context.passages[p].text, max(start, stop - _END_REACH), stop)
    if match is None or not is_verb(match[1]):
        return None
    people = people_in(context, p, start, stop)
    return next((s.name for s in people if s.start >= match.start()), None)


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
    p = sentence[0]
    if steps > 1 or _subject_of(context, sentence) != name:
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
