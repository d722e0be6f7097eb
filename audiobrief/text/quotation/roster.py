"""The people of an article: who is one, by which names they go, what they are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.text.quotation.census import take_census, written_small
from audiobrief.text.quotation.evidence import GIVEN_PLACES, SENTENCE_END, roles_beside
from audiobrief.text.quotation.gender import (
    FEMALE,
    MALE,
    gender_of,
    gender_of_roles,
    pronoun_gender,
)
from audiobrief.text.quotation.marks import QUOTED_I
from audiobrief.text.quotation.mentions import Mention, is_object, name_key
from audiobrief.text.quotation.name_words import COURTESY, IMPERSONAL
from audiobrief.text.quotation.names import Candidate, candidates, without_job
from audiobrief.text.quotation.strangers import described_in, strangers_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.text.quotation.people import Person

_STARTS_HE = re.compile(r"He\b|His\b")
_STARTS_SHE = re.compile(r"She\b|Her\b")
_THE = re.compile(r"\b[Tt]he $")
_KNOWN_AS = re.compile(
    r"\b(?:known (?:[\w ]{0,60} )?as|nicknamed|who goes by) [\"\u201c\u2018]?([A-Z]\w{1,20})"
)


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
        self._common = written_small(texts, (c for found in runs.values() for c in found))
        self._candidates = {
            text: tuple(without_job(c, self._common) for c in found) for text, found in runs.items()
        }
        sightings = [(text, c) for text in texts for c in self._candidates[text]]
        #: Index of the first paragraph of these words.
        self._order = {text: i for i, text in reversed(list(enumerate(texts)))}
        self._cache: dict[str, tuple[Mention, ...]] = {}
        #: Where somebody is named of whom it is not known who that is.
        self._strangers: dict[str, tuple[int, ...]] = {}
        #: What stands before a paragraph that begins with "I": it may introduce who says that.
        leading = {a for a, b in pairwise(texts) if b.startswith(QUOTED_I)}
        census = take_census(sightings, leading, self._common, self._order)
        self._people = census.register.people
        self._by_key, self._by_word = census.register.by_key, census.register.by_word
        self._capitals, self._bare = census.capitals, census.bare
        self._doubtful = census.doubtful
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

    def roles(self, name: str) -> frozenset[str]:
        """Return what the text calls a person: "mayor", "54-year-old"."""
        person = self._by_name.get(name)
        return frozenset(person.roles) if person else frozenset()

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
        if " as " not in text and "nicknamed" not in text:
            return
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
        if not mentions:
            return
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
                    gender = pronoun_gender(sentence)
                    if gender:
                        self._by_name[last].votes[gender] += 1
                    last = None
            elif len(names) == 1:
                self._vote_for_other(last, next(iter(names)), sentence)
                last = next(iter(names))
                gender = pronoun_gender(text[inside[0].end : end])
                if strangers_in(text[inside[0].end : end]) or (
                    inside[0].is_object and described_in(sentence)
                ):
                    last = None  # "The driver came on after Moss was hurt."
                elif gender:
                    self._by_name[last].votes[gender] += 1
            else:
                last = None
            start = end

    def _vote_for_other(self, before: str | None, subject: str, sentence: str) -> None:
        """Count "him" of "Ms Moss woke him" for whom the sentence before named."""
        gender, said = self.gender(subject), pronoun_gender(sentence)
        if gender and said and said != gender and before and before != subject:
            self._by_name[before].votes[said] += 1

    def _resolve(self, text: str, candidate: Candidate) -> Person | None:
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

    def _by_single(self, text: str, word: str, candidate: Candidate) -> Person | None:
        people = self._by_word.get(word, [])
        if word in GIVEN_PLACES and not self._goes_by_given_name(word, people, candidate):
            return None
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

    def _goes_by_given_name(
        self, word: str, people: Sequence[Person], candidate: Candidate
    ) -> bool:
        """Tell whether "Sydney" alone may be one of the people, and not the town."""
        surnames = {name_key(p.tokens)[-1] for p in people}
        if candidate.title or word in surnames:
            return True
        family = any(len(self._by_word[surname]) > 1 for surname in surnames)
        return family or not any(surname in self._bare for surname in surnames)

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


def _ends_with(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    return tuple(longer[-len(shorter) :]) == tuple(shorter)
