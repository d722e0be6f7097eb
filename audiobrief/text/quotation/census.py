"""Which capitalized words are people: the evidence of all places of a name, added up."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobrief.text.given_names import GIVEN_NAMES
from audiobrief.text.quotation.evidence import (
    evidence,
    evidence_of_one,
    form_evidence,
    is_of_family,
    speaks,
)
from audiobrief.text.quotation.gender import FEMALE, MALE
from audiobrief.text.quotation.jobs import is_given_name
from audiobrief.text.quotation.mentions import name_key
from audiobrief.text.quotation.name_words import IMPERSONAL, REGNAL, TITLES
from audiobrief.text.quotation.people import Register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiobrief.text.quotation.names import Candidate

    Sighting = tuple[str, Candidate]
    Key = tuple[str, ...]

_PUNCTUATION = (
    ".,;:!?()[]\"'\u2026\u2014\u2013\u2019\u201d\u201c-" + "\ue000\ue001\ue002\ue003\ue004\ue005"
)
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:\ue000-\ue005] ?)$")
_AND_BEFORE = re.compile(r"(?<![\w-])([A-Z]\w{1,20}) (?:and|&) $")
#: So much evidence makes a person: a known given name alone, a title alone, not a verb of speech
#: alone, since firms, cities and clubs "say" as well ("Hong Kong said").
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Census:
    """What the article's names turned out to be."""

    register: Register = field(default_factory=Register)
    #: Single words that are capitalized within a sentence.
    capitals: set[str] = field(default_factory=set)
    #: Names that stand alone somewhere.
    bare: set[str] = field(default_factory=set)
    #: Perhaps people.
    doubtful: set[tuple[str, ...]] = field(default_factory=set)


@dataclass(slots=True)
class _Tally:
    """What has been counted; keys are the words of a name as they are compared."""

    #: The evidence of the places, added up.
    scores: Counter[Key] = field(default_factory=Counter)
    printed: dict[Key, Key] = field(default_factory=dict)
    #: Whether a verb of speech stands beside it, 0..3.
    spoken: Counter[Key] = field(default_factory=Counter)
    times: Counter[Key] = field(default_factory=Counter)
    #: The evidence for single words being surnames.
    bare: Counter[str] = field(default_factory=Counter)
    titled: dict[str, Candidate] = field(default_factory=dict)


def take_census(
    sightings: Sequence[Sighting],
    leading: set[str],
    common: frozenset[str],
    order: Mapping[str, int],
) -> Census:
    """Decide which candidates are people.

    Args:
        sightings: Each paragraph with each of its candidates, in order.
        leading: Paragraphs before one that begins with "I".
        common: Words that the article also writes small.
        order: Index of each paragraph.
    """
    census, tally = Census(), _Tally()
    for text, c in sightings:
        _count(text, c, tally, census, leads=text in leading and c.start < 60)
    census.bare.update(tally.bare)
    register = census.register
    surnames = Counter(key[-1] for key in tally.scores)
    totals = {
        key: _total(key, tally, common, is_alone=surnames[key[-1]] == 1) for key in tally.scores
    }
    for key, total in totals.items():
        if total >= ENOUGH:
            register.add(tally.printed[key], key)
        elif total >= 0:
            census.doubtful.add(key)
    for key in totals:
        # Brother and sister: one of them known as a person is enough.
        family = register.by_word.get(key[-1], ())
        if key in census.doubtful and any(len(p.tokens) > 1 for p in family):
            register.add(tally.printed[key], key)
    _admit_titled(register, tally.titled)
    _admit_couples(register, sightings, order)
    return census


def _count(text: str, c: Candidate, tally: _Tally, census: Census, *, leads: bool) -> None:
    """Count one place of a name."""
    key = name_key(c.tokens)
    if len(key) >= 2:
        tally.printed.setdefault(key, c.tokens)
        tally.times[key] += 1
        tally.scores[key] = max(-50, min(50, tally.scores[key] + evidence(text, c)))
        tally.spoken[key] = max(tally.spoken[key], speaks(text, c) + leads)
        return
    word = key[0]
    tally.bare[word] = max(-50, min(50, tally.bare[word] + evidence_of_one(text, c)))
    if word not in IMPERSONAL and (c.title or is_of_family(text, c)):
        tally.titled.setdefault(word, _without_kin(text, c))
    if not _STARTS_SENTENCE.search(text[max(0, c.start - 4) : c.start]):
        census.capitals.add(word)


def _total(key: Key, tally: _Tally, common: frozenset[str], *, is_alone: bool) -> int:
    """Return how much speaks for a name of two words or more being a person's."""
    score, bare = tally.scores[key], tally.bare
    total = score + tally.spoken[key] + max(-3, min(3, bare[key[-1]]))
    total += form_evidence(tally.printed[key], common)
    if score < ENOUGH and not bare[key[-1]]:
        # Firms are cut to their first word ("Kestrel" for Kestrel Air), people to the last.
        total -= 3 * (bare[key[0]] > 0 and key[0] not in GIVEN_NAMES)
        # People go by the surname after a while; firms and towns keep their names.
        total -= 2 * (is_alone and tally.times[key] > 1)
    return total


def _admit_titled(register: Register, titled: Mapping[str, Candidate]) -> None:
    """Take in whom the text knows by a title and one name: "Mr. Roe", "King Salman"."""
    for word, c in titled.items():
        if not register.by_word.get(word) and not (
            c.title in TITLES and c.tokens[0].lower() in TITLES and c.title not in MALE | FEMALE
        ):
            tokens = c.tokens
            if c.title in REGNAL:
                tokens = (c.title.capitalize(), *tokens)
            register.add(tokens, (word,))


def _admit_couples(
    register: Register, sightings: Sequence[Sighting], order: Mapping[str, int]
) -> None:
    """Take in Ines of "Ines and Hugo Roe": a bare "Roe" then is neither."""
    for text, c in sightings:
        before = _AND_BEFORE.search(text[max(0, c.start - 30) : c.start])
        if before and len(c.tokens) == 2 and name_key(c.tokens) in register.by_key:
            tokens = (before[1], *c.tokens[1:])
            key = name_key(tokens)
            if is_given_name(before[1]) and key not in register.by_key:
                register.add(tokens, key)
                register.by_key[key].first = (order[text], c.start - len(before[0]))


def _without_kin(text: str, c: Candidate) -> Candidate:
    """Return a candidate without "brother" as its title where that is family, no rank."""
    place = c.start - len(c.title) - 1
    is_rank = c.title not in REGNAL or text[max(0, place) : place + 1].isupper()
    return c if c.title and is_rank else replace(c, title="")


def written_small(texts: Sequence[str], found: Iterable[Candidate]) -> frozenset[str]:
    """Return the words of names that the texts also write small, of three letters or more."""
    wanted = {t.lower() for c in found for t in c.tokens if len(t) >= 3}
    # Words by white space, and only once each: a pattern over the whole text takes ten times more.
    words = {w.strip(_PUNCTUATION) for w in set(" ".join(texts).split())}
    return frozenset(wanted & words)
