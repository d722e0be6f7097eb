"""The people of an article: who is one, by which names they go, what they are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.text.page.given_names import GIVEN_NAMES
from audiobrief.text.quotation.evidence import (
    FEMALE,
    HE,
    MALE,
    SENTENCE_END,
    SHE,
    evidence,
    evidence_of_one,
    form_evidence,
    gender_of_roles,
    roles_beside,
    speaks,
    strangers_in,
)
from audiobrief.text.quotation.gender import gender_of
from audiobrief.text.quotation.jobs import is_given_name
from audiobrief.text.quotation.marks import QUOTED_I
from audiobrief.text.quotation.mentions import Mention, is_object, name_key
from audiobrief.text.quotation.names import (
    COURTESY,
    IMPERSONAL,
    REGNAL,
    TITLES,
    Candidate,
    candidates,
    without_job,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PUNCTUATION = (
    ".,;:!?()[]\"'\u2026\u2014\u2013\u2019\u201d\u201c-" + "\ue000\ue001\ue002\ue003\ue004\ue005"
)
_STARTS_HE = re.compile(r"He\b|His\b")
_STARTS_SHE = re.compile(r"She\b|Her\b")
_THE = re.compile(r"\b[Tt]he $")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:\ue000-\ue005] ?)$")
_KNOWN_AS = re.compile(
    r"\b(?:known (?:[\w ]{0,60} )?as|nicknamed|who goes by) [\"\u201c\u2018]?([A-Z]\w{1,20})"
)
_AND_BEFORE = re.compile(r"(?<![\w-])([A-Z]\w{1,20}) (?:and|&) $")
_NICKNAME_MARKS = "\"'(\u201c\u2018\u201d\u2019)"
#: So much evidence makes a person: a known given name alone, a title alone, not a verb of speech
#: alone, since firms, cities and clubs "say" as well ("Hong Kong said").
ENOUGH = 2


@dataclass(slots=True)
class _Person:
    """What the text says about one person; written while the roster is made."""

    name: str
    tokens: tuple[str, ...]
    votes: Counter[str] = field(default_factory=Counter)
    roles: set[str] = field(default_factory=set)
    #: Paragraph and place of the first full name: before it, a bare surname is another's.
    first: tuple[int, int] = (0, 0)


class Roster:
    """The people of an article; surnames, first names and titles are looked up in it.

    A run of capitalized words is a person where the text treats it as one: by a title, an age, a
    verb of speech, "who", "he" or "she", a bare surname later on. Institutions and products are
    kept out by their words ("Ministry"), by "the" before them, by letters within ("WordPress"),
    and by words that the text also writes small.

    Args:
        paragraphs: Narration only: quotations may name anybody.
    """

    def __init__(self, paragraphs: Iterable[str]) -> None:
        texts = tuple(paragraphs)
        runs = {text: tuple(candidates(text)) for text in texts}
        #: What the article also writes small is a word of the language, no name.
        self._common = _written_small(texts, (c for found in runs.values() for c in found))
        self._candidates = {
            text: tuple(without_job(c, self._common) for c in found) for text, found in runs.items()
        }
        sightings = [(text, c) for text in texts for c in self._candidates[text]]
        #: Index of the first paragraph of these words.
        self._order = {text: i for i, text in reversed(list(enumerate(texts)))}
        self._people: list[_Person] = []
        self._by_key: dict[tuple[str, ...], _Person] = {}
        self._by_word: dict[str, list[_Person]] = defaultdict(list)
        #: Single words that are capitalized within a sentence.
        self._capitals: set[str] = set()
        self._cache: dict[str, tuple[Mention, ...]] = {}
        #: Where somebody is named of whom it is not known who that is.
        self._strangers: dict[str, tuple[int, ...]] = {}
        #: Perhaps people.
        self._doubtful: set[tuple[str, ...]] = set()
        #: What stands before a paragraph that begins with "I": it may introduce who says that.
        leading = {a for a, b in pairwise(texts) if b.startswith(QUOTED_I)}
        self._admit(sightings, leading)
        self._admit_couples(sightings)
        self._by_name = {p.name: p for p in self._people}
        self._learn(texts, sightings)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the people named in a text, in order; a surname two people share is nobody's."""
        if text not in self._cache:
            found, strangers = [], []
            known = self._candidates.get(text)
            for candidate in candidates(text) if known is None else known:
                person = self._resolve(text, candidate)
                if self._is_article_word(text, candidate):
                    continue
                if person is None:
                    if self._is_somebody(candidate):
                        strangers.append(candidate.start)
                    continue
                start = candidate.start
                rest = text[candidate.end : candidate.end + 2]
                ends_in_s = rest[:1] in "'\u2019" and candidate.tokens[-1].endswith("s")
                found.append(
                    Mention(
                        start,
                        candidate.end,
                        person.name,
                        is_object(text[max(0, start - 80) : start]),
                        rest in ("'s", "\u2019s") or bool(rest and ends_in_s),
                    )
                )
            self._cache[text] = tuple(found)
            self._strangers[text] = tuple(strangers)
        return self._cache[text]

    def strangers(self, text: str) -> tuple[int, ...]:
        """Return where a text names people of whom it is not known who they are."""
        self.mentions(text)
        return self._strangers[text]

    def gender(self, name: str) -> str:
        """Return "m" or "f" as titles and pronouns of the text show it; empty: not known."""
        person = self._by_name.get(name)
        if person is None or not person.votes:
            return ""
        (best, count), *others = person.votes.most_common()
        return best if not others or count >= 3 * others[0][1] else ""

    def note_gender(self, name: str, gender: str) -> None:
        """Remember what a pronoun said about a person whom it certainly meant."""
        person = self._by_name.get(name)
        if person is not None:
            person.votes[gender] += 1

    def is_name_like(self, word: str) -> bool:
        """Tell whether a single capitalized word is capitalized within sentences as well."""
        return word.lower() in self._capitals and word.lower() not in IMPERSONAL

    def by_role(self, noun: str) -> str | None:
        """Return the one person whom the text calls so ("mayor"), if it is one."""
        names = [p.name for p in self._people if noun in p.roles]
        return names[0] if len(names) == 1 else None

    def _admit(self, sightings: Sequence[tuple[str, Candidate]], leading: set[str]) -> None:
        """Decide which candidates are people, and take them in."""
        scores: Counter[tuple[str, ...]] = Counter()
        printed: dict[tuple[str, ...], tuple[str, ...]] = {}
        spoken: Counter[tuple[str, ...]] = Counter()
        bare: Counter[str] = Counter()
        titled: dict[str, Candidate] = {}
        for text, c in sightings:
            key = name_key(c.tokens)
            if len(key) >= 2:
                printed.setdefault(key, c.tokens)
                scores[key] = max(-50, min(50, scores[key] + evidence(text, c)))
                leads_over = text in leading and c.start < 60
                spoken[key] = max(spoken[key], speaks(text, c) + leads_over)
            else:
                bare[key[0]] = max(-50, min(50, bare[key[0]] + evidence_of_one(text, c)))
                if c.title and key[0] not in IMPERSONAL:
                    titled.setdefault(key[0], c)
                if not _STARTS_SENTENCE.search(text[: c.start][-4:]):
                    self._capitals.add(key[0])
        totals: dict[tuple[str, ...], int] = {}
        for key, score in scores.items():
            total = (
                score
                + spoken[key]
                + max(-3, min(3, bare[key[-1]]))
                + form_evidence(printed[key], self._common)
            )
            # Firms are cut to their first word ("Kestrel" for Kestrel Air), people to the last.
            if score < 2 and bare[key[0]] > 0 and not bare[key[-1]] and key[0] not in GIVEN_NAMES:
                total -= 3
            totals[key] = total
            if total >= ENOUGH:
                self._add(printed[key], key)
        self._doubtful = {key for key, total in totals.items() if 0 <= total < ENOUGH}
        for key in totals:
            # Brother and sister: one of them known as a person is enough.
            family = self._by_word.get(key[-1], ())
            if key in self._doubtful and any(len(p.tokens) > 1 for p in family):
                self._add(printed[key], key)
        self._admit_titled(titled)

    def _admit_couples(self, sightings: Sequence[tuple[str, Candidate]]) -> None:
        """Take in Ines of "Ines and Hugo Roe": a bare "Roe" then is neither."""
        for text, c in sightings:
            before = _AND_BEFORE.search(text[max(0, c.start - 30) : c.start])
            if before and len(c.tokens) == 2 and name_key(c.tokens) in self._by_key:
                tokens = (before[1], *c.tokens[1:])
                key = name_key(tokens)
                if is_given_name(before[1]) and key not in self._by_key:
                    self._add(tokens, key)
                    self._by_key[key].first = (self._order[text], c.start - len(before[0]))

    def _admit_titled(self, titled: Mapping[str, Candidate]) -> None:
        """Take in whom the text knows by a title and one name: "Mr. Roe", "King Salman"."""
        for word, c in titled.items():
            if not self._by_word.get(word) and not (
                c.title in TITLES and c.tokens[0].lower() in TITLES and c.title not in MALE | FEMALE
            ):
                tokens = c.tokens
                if c.title in REGNAL:
                    tokens = (c.title.capitalize(), *tokens)
                self._add(tokens, (word,))

    def _add(self, tokens: tuple[str, ...], key: tuple[str, ...]) -> None:
        """Admit a person; the same first and last name is the same person, the fuller name wins."""
        whole = key
        for person in self._people:
            known = name_key(person.tokens)
            same = known[0] == key[0] and known[-1] == key[-1]
            longer, shorter = (known, key) if len(known) >= len(key) else (key, known)
            if len(shorter) >= 2 and (same or longer[-len(shorter) :] == shorter):
                if len(key) > len(known) and same:
                    person.name, person.tokens = " ".join(tokens), tokens
                elif len(key) < len(known) and not same:
                    # "Beekeeper Tom Roe" and "Tom Roe": the first word is none of the name.
                    person.name, person.tokens = " ".join(tokens), tokens
                self._by_key[whole] = person
                return
        person = _Person(" ".join(tokens), tokens)
        self._people.append(person)
        self._by_key[key] = person
        nicknames = (t.strip(_NICKNAME_MARKS).lower() for t in tokens if t[0] in _NICKNAME_MARKS)
        for word in dict.fromkeys((*key, *nicknames)):
            self._by_word[word].append(person)

    def _learn(self, texts: Sequence[str], sightings: Sequence[tuple[str, Candidate]]) -> None:
        """Note roles and gender of the people; full names first, since they are nobody else's."""
        for person in self._people:
            given = gender_of(person.tokens[0])
            if given:
                person.votes[given] += 6
        self._note_order(sightings)
        for text, c in sorted(sightings, key=lambda s: len(s[1].tokens) == 1):
            found = self._resolve(text, c)
            if found is not None and not self._is_article_word(text, c):
                person = found
                roles = roles_beside(text, c)
                person.roles |= roles
                gender = gender_of_roles(roles)
                if gender:
                    person.votes[gender] += 5
        for text in texts:
            self._note_nicknames(text)
            self._vote(text)

    def _note_order(self, sightings: Sequence[tuple[str, Candidate]]) -> None:
        """Note where each full name stands first."""
        seen: set[str] = set()
        for text, c in sightings:
            key = name_key(c.tokens)
            person = self._by_key.get(key) if len(key) > 1 else None
            if person is not None and person.name not in seen:
                seen.add(person.name)
                person.first = (self._order[text], c.start)

    def _note_nicknames(self, text: str) -> None:
        """Follow "Desmond Moss, known to all as Dizzy" to the nickname."""
        for match in _KNOWN_AS.finditer(text):
            before = [
                m for m in self.mentions(text) if match.start() - 160 < m.end <= match.start()
            ]
            word = match[1].lower()
            if before and not self._by_word.get(word):
                self._by_word[word] = [self._by_name[before[-1].name]]
                self._cache.clear()

    def _vote(self, text: str) -> None:
        """Count the pronouns that can mean but one person."""
        mentions = self.mentions(text)
        last: str | None = None
        start = 0
        ends = [m.end() for m in SENTENCE_END.finditer(text)]
        for end in (*ends, len(text)):
            inside = [m for m in mentions if start <= m.start < end]
            names = {m.name for m in inside}
            sentence = text[start:end]
            if not names and last is not None:
                he, she = _STARTS_HE.match(sentence), _STARTS_SHE.match(sentence)
                if he or she:
                    self._by_name[last].votes["m" if he else "f"] += 2
                else:
                    he, she = HE.search(sentence), SHE.search(sentence)
                    if bool(he) != bool(she):
                        self._by_name[last].votes["m" if he else "f"] += 1
                    last = None
            elif len(names) == 1:
                last = next(iter(names))
                rest = text[inside[0].end : end]
                he, she = HE.search(rest), SHE.search(rest)
                if strangers_in(rest):
                    last = None
                elif bool(he) != bool(she):
                    self._by_name[last].votes["m" if he else "f"] += 1
            else:
                last = None
            start = end

    def _resolve(self, text: str, candidate: Candidate) -> _Person | None:
        key = name_key(candidate.tokens)
        if key in self._by_key:
            known = self._by_key[key]
            if len(key) > 1 or len(self._by_word[key[0]]) <= 1:
                return known
        if len(key) >= 2:
            fitting = [
                p for p in self._by_word.get(key[-1], ()) if _ends_with(name_key(p.tokens), key)
            ]
            return fitting[0] if len(fitting) == 1 else None
        return self._by_single(text, key[0], candidate)

    def _by_single(self, text: str, word: str, candidate: Candidate) -> _Person | None:
        people = self._by_word.get(word, [])
        surnamed = [p for p in people if name_key(p.tokens)[-1] == word] or people
        if len(surnamed) > 1 and text in self._order:
            # Until the second of a surname is named in full, it means the first.
            place = (self._order[text], candidate.start)
            surnamed = [p for p in surnamed if p.first <= place] or surnamed
        if len(surnamed) > 1 and candidate.title:
            gender = "m" if candidate.title in MALE else "f" if candidate.title in FEMALE else ""
            # Two people of one surname: a title that only one of them can have decides.
            surnamed = (
                [p for p in surnamed if self.gender(p.name) == gender]
                or [p for p in surnamed if not self.gender(p.name)]
                if gender
                else [p for p in surnamed if candidate.title in p.roles]
            )
        return surnamed[0] if len(surnamed) == 1 else None

    def _is_somebody(self, candidate: Candidate) -> bool:
        """Tell whether a name that is nobody's here is a person's: a title, a shared surname."""
        key = name_key(candidate.tokens)
        return candidate.title in COURTESY or key[-1] in self._by_word or key in self._doubtful

    def _is_article_word(self, text: str, candidate: Candidate) -> bool:
        """Tell whether a single word is a word of the language at its place ("the King")."""
        if len(candidate.tokens) > 1 or candidate.title:
            return False
        if text.startswith(" & ", candidate.end) or text.endswith("& ", 0, candidate.start):
            return True  # "Penrose & Sons"
        before = text[max(0, candidate.start - 4) : candidate.start]
        following = text[candidate.end : candidate.end + 2]
        followed = following[:1] == " " and following[1:].islower()
        return bool(_THE.search(before)) and not followed


def _written_small(texts: Sequence[str], found: Iterable[Candidate]) -> frozenset[str]:
    """Return the words of names that the texts also write small, of three letters or more."""
    wanted = {t.lower() for c in found for t in c.tokens if len(t) >= 3}
    # Words by white space, and only once each: a pattern over the whole text takes ten times more.
    words = {w.strip(_PUNCTUATION) for w in set(" ".join(texts).split())}
    return frozenset(wanted & words)


def _ends_with(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    return tuple(longer[-len(shorter) :]) == tuple(shorter)
