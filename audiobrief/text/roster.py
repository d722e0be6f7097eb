"""The people of an article: who is one, by which names they go, what they are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.text.given_names import GIVEN_NAMES
from audiobrief.text.name_gender import gender_of
from audiobrief.text.names import (
    COURTESY,
    IMPERSONAL,
    PARTICLE,
    REGNAL,
    TITLES,
    WORD_NAMES,
    Candidate,
    candidates,
)
from audiobrief.text.verbs import find_verbs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MALE_LIST = """
    mr sir lord king prince pope father brother congressman councilman chairman spokesman actor
    husband son uncle grandfather fisherman rabbi imam waiter monsieur emperor alderman widower
"""
_FEMALE_LIST = """
    mrs ms miss dame lady queen princess sister mother congresswoman councilwoman chairwoman
    spokeswoman actress wife daughter aunt grandmother waitress madam madame empress widow
"""
_MALE, _FEMALE = frozenset(_MALE_LIST.split()), frozenset(_FEMALE_LIST.split())
_AGE = re.compile(r"(?:, (?:aged )?| \()(\d{1,3})(?=[,.;)])")
_WHO = re.compile(r",? who(?:se)?\b")
_SAYS_NEXT = re.compile(r",? (?:(?:also|has|had|later|then|[a-z]{2,12}ly) ){0,2}([a-z]+)")
_SAYS_BEFORE = re.compile(r"\b([a-z]+),? (?:[a-z-]{2,20} ){0,3}$")
_APPOSITION = re.compile(r", ((?:an?|the|his|her|their|its|one of) [a-z][\w' \u2019-]{2,80})")
_BEFORE_APPOSITION = re.compile(
    r"\b((?:an?|the|his|her|their|its|\w+['\u2019]s) [a-z][\w' \u2019-]{2,60}), $"
)
_ROLES_BEFORE = re.compile(r"(?<![\w'\u2019-])((?:[a-z][a-z-]{2,20} ){1,4})$")
_FIRM = re.compile(r",? (?:Inc|Ltd|LLC|LLP|Corp|Co|PLC|plc|GmbH|AG|SA|SpA|NV|BV)\b|[\u2122\u00ae\u00a9]")
_THE = re.compile(r"\b[Tt]he $")
#: "the Dutch Harbor", "my Blue Heron", "a New Yorker": no person.
_DETERMINER = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Mm]y|[Oo]ur|[Yy]our|[Tt]his|[Tt]hat|[Tt]hese|[Ee]very|[Ee]ach) $")
_PLACE = re.compile(r"\b(?:in|at|near|outside|across|around) $")
_HEAD_END = re.compile(r" (?:of|for|at|in|from|with|who|that|and|on|to|by|whose|which)\b")
#: Nouns of people by their ending: "geologist", "beekeeper"; "member" and the like beside them.
_AGENT = re.compile(r"(?:ist|ian|eer|keeper|holder|worker|maker|man|woman|person|er|or|ant)$")
_SMALL_WORD = re.compile(r"(?<![\w.'\u2019@/-])[a-z]{3,}(?![\w@/])")
#: "WordPress" is a product; "McCarthy" and "LeBron" are people.
_CAMEL = re.compile(r"(?!Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|St|O)\w*[a-z][A-Z]")
_NAMES_IN_ING = frozenset(("sterling", "irving", "fleming", "harding", "manning", "golding", "king", "ming", "bing", "ting", "ling", "ding", "jing", "ping", "xing", "ying", "qing"))
_HE = re.compile(r"\b(?:he|him|his|himself)\b")
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b")
_ITS = re.compile(r"\bits\b")
_STARTS_HE = re.compile(r"He\b|His\b")
_STARTS_SHE = re.compile(r"She\b|Her\b")
_JUNIOR = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_SENTENCE_END = re.compile(r"[.!?\ue001\ue002]\s+(?=[A-Z\ue000])")
_PARTICLE_WORD = re.compile(PARTICLE)
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:\ue000-\ue004] ?)$")
_KNOWN_AS = re.compile(
    r"\b(?:known (?:[\w ]{0,60} )?as|nicknamed|who goes by) [\"\u201c\u2018]?([A-Z]\w{1,20})"
)
_LAST_WORDS = re.compile(r"[\w'\u2019-]+|[^\w\s]")
_PREPOSITIONS = frozenset(
    """with by of to from for against on at in about between behalf like than under after before
    toward towards alongside over upon via despite into including""".split()
)
#: Words that may stand between a preposition and a name: "from Russian foreign minister X".
_ROLES = TITLES | frozenset(
    """the a an former foreign prime vice acting senior chief retired then first lead local head
    finance defense defence press company city team party opposition candidate expert his her
    their its late longtime veteran fellow""".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that names a person."""

    start: int
    end: int
    #: The fullest name that the text gives.
    name: str
    #: It is governed by a preposition ("met with X"): hardly the subject of a verb.
    is_object: bool
    #: "X's": something of the person's follows.
    is_possessive: bool = False


@dataclass(slots=True)
class _Person:
    """What the text says about one person; written while the roster is made."""

    name: str
    tokens: tuple[str, ...]
    votes: Counter[str] = field(default_factory=Counter)
    roles: set[str] = field(default_factory=set)


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
        sightings = [(text, c) for text in texts for c in candidates(text)]
        #: What the article also writes small is a word of the language, no name.
        self._common = frozenset(w for text in texts for w in _SMALL_WORD.findall(text))
        self._people: list[_Person] = []
        self._by_key: dict[tuple[str, ...], _Person] = {}
        self._by_word: dict[str, list[_Person]] = defaultdict(list)
        #: Single words that are capitalized within a sentence.
        self._capitals: set[str] = set()
        self._cache: dict[str, tuple[Mention, ...]] = {}
        self._admit(sightings)
        self._learn(texts, sightings)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the people named in a text, in order; a surname two people share is nobody's."""
        if text not in self._cache:
            found = []
            for candidate in candidates(text):
                person = self._resolve(candidate)
                if person is None or self._is_article_word(text, candidate):
                    continue
                start = candidate.start
                rest = text[candidate.end : candidate.end + 2]
                ends_in_s = rest[:1] in "'\u2019" and candidate.tokens[-1].endswith("s")
                found.append(
                    Mention(
                        start,
                        candidate.end,
                        person.name,
                        _is_object(text[max(0, start - 80) : start]),
                        rest in ("'s", "\u2019s") or bool(rest and ends_in_s),
                    )
                )
            self._cache[text] = tuple(found)
        return self._cache[text]

    def gender(self, name: str) -> str:
        """Return "m" or "f" as titles and pronouns of the text show it; empty: not known."""
        person = next((p for p in self._people if p.name == name), None)
        if person is None or not person.votes:
            return ""
        (best, count), *others = person.votes.most_common()
        return best if not others or count >= 3 * others[0][1] else ""

    def note_gender(self, name: str, gender: str) -> None:
        """Remember what a pronoun said about a person whom it certainly meant."""
        person = next((p for p in self._people if p.name == name), None)
        if person is not None:
            person.votes[gender] += 1

    def is_name_like(self, word: str) -> bool:
        """Tell whether a single capitalized word is capitalized within sentences as well."""
        return word.lower() in self._capitals and word.lower() not in IMPERSONAL

    def by_role(self, noun: str) -> str | None:
        """Return the one person whom the text calls so ("mayor"), if it is one."""
        names = [p.name for p in self._people if noun in p.roles]
        return names[0] if len(names) == 1 else None

    def _admit(self, sightings: Sequence[tuple[str, Candidate]]) -> None:
        """Decide which candidates are people."""
        scores: Counter[tuple[str, ...]] = Counter()
        printed: dict[tuple[str, ...], tuple[str, ...]] = {}
        bare: Counter[str] = Counter()
        titled: dict[str, Candidate] = {}
        for text, c in sightings:
            key = _key(c.tokens)
            if len(key) >= 2:
                if key not in printed or printed[key][-1].isupper():
                    printed[key] = c.tokens
                scores[key] = max(-50, min(50, scores[key] + _evidence(text, c)))
            else:
                bare[key[0]] = max(-50, min(50, bare[key[0]] + _evidence_of_one(text, c)))
                if c.title and key[0] not in IMPERSONAL:
                    titled.setdefault(key[0], c)
                if not _STARTS_SENTENCE.search(text[: c.start][-4:]):
                    self._capitals.add(key[0])
        for key, score in scores.items():
            total = score + max(-3, min(3, bare[key[-1]])) + self._form(printed[key])
            # Firms are cut to their first word ("Kestrel" for Kestrel Air), people to the last.
            if bare[key[0]] > 0 and not bare[key[-1]] and key[0] not in GIVEN_NAMES:
                total -= 3
            if total >= 1:
                self._add(printed[key], key)
        for word, c in titled.items():
            if not self._by_word.get(word) and not (
                c.title in TITLES and c.tokens[0].lower() in TITLES and c.title not in _MALE | _FEMALE
            ):
                tokens = c.tokens
                if c.title in REGNAL:
                    tokens = (c.title.capitalize(), *tokens)
                self._add(tokens, (word,))

    def _form(self, tokens: tuple[str, ...]) -> int:
        """Return how much the words themselves look like a person's name."""
        score = 2 * (tokens[0].lower() in GIVEN_NAMES)
        for n, token in enumerate(tokens):
            lower = token.lower()
            if _CAMEL.match(token) or any(ch.isdigit() for ch in token):
                score -= 4
            if lower in WORD_NAMES:
                score -= lower in IMPERSONAL
            elif lower in self._common:
                score -= 3
            if n == 0 and lower.endswith("ing") and len(lower) > 4 and lower not in _NAMES_IN_ING:
                score -= 4
            if token.isupper() and len(token) > 1 and "." not in token and lower not in _JUNIOR:
                score -= 2
            if "." in token and 0 < n < len(tokens) - 1:
                score += 2
        if all("." in t for t in tokens[:-1]) and len(tokens) == 2 and tokens[0].count(".") > 1:
            score -= 1
        lowest = tokens[-1].lower()
        if lowest in TITLES and lowest not in WORD_NAMES and tokens[0].lower() in self._common:
            score -= 4
        return score

    def _add(self, tokens: tuple[str, ...], key: tuple[str, ...]) -> None:
        """Admit a person; the same first and last name is the same person, the fuller name wins."""
        whole = key
        for person in self._people:
            known = _key(person.tokens)
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
        for word in dict.fromkeys(key):
            self._by_word[word].append(person)

    def _learn(self, texts: Sequence[str], sightings: Sequence[tuple[str, Candidate]]) -> None:
        """Note roles and gender of the people; full names first, since they are nobody else's."""
        for person in self._people:
            given = gender_of(person.tokens[0])
            person.votes[given or "m"] += 4 * bool(given)
        for text, c in sorted(sightings, key=lambda s: len(s[1].tokens) == 1):
            found = self._resolve(c)
            if found is not None:
                person = found
                roles = _roles(text, c)
                person.roles |= roles
                person.votes["m"] += 5 * bool(roles & _MALE)
                person.votes["f"] += 5 * bool(roles & _FEMALE)
        by_name = {p.name: p for p in self._people}
        for text in texts:
            self._note_nicknames(text, by_name)
            self._vote(text, by_name)
        for person in self._people:
            person.votes = +person.votes

    def _note_nicknames(self, text: str, by_name: dict[str, _Person]) -> None:
        """Follow "Desmond Moss, known to all as Dizzy" to the nickname."""
        for match in _KNOWN_AS.finditer(text):
            before = [m for m in self.mentions(text) if match.start() - 160 < m.end <= match.start()]
            word = match[1].lower()
            if before and not self._by_word.get(word):
                self._by_word[word] = [by_name[before[-1].name]]
                self._cache.clear()

    def _vote(self, text: str, by_name: dict[str, _Person]) -> None:
        """Count the pronouns that can mean but one person."""
        mentions = self.mentions(text)
        last: str | None = None
        start = 0
        ends = [m.end() for m in _SENTENCE_END.finditer(text)]
        for end in (*ends, len(text)):
            inside = [m for m in mentions if start <= m.start < end]
            names = {m.name for m in inside}
            sentence = text[start:end]
            if not names and last is not None:
                he, she = _STARTS_HE.match(sentence), _STARTS_SHE.match(sentence)
                if he or she:
                    by_name[last].votes["m" if he else "f"] += 2
                else:
                    last = None
            elif len(names) == 1:
                last = next(iter(names))
                rest = text[inside[0].end : end]
                he, she = _HE.search(rest), _SHE.search(rest)
                if bool(he) != bool(she):
                    by_name[last].votes["m" if he else "f"] += 1
            else:
                last = None
            start = end

    def _resolve(self, candidate: Candidate) -> _Person | None:
        key = _key(candidate.tokens)
        if key in self._by_key:
            known = self._by_key[key]
            if len(key) > 1 or len(self._by_word[key[0]]) <= 1:
                return known
        if len(key) >= 2:
            fitting = [p for p in self._by_word.get(key[-1], ()) if _ends_with(_key(p.tokens), key)]
            return fitting[0] if len(fitting) == 1 else None
        return self._by_single(key[0], candidate)

    def _by_single(self, word: str, candidate: Candidate) -> _Person | None:
        people = self._by_word.get(word, [])
        surnamed = [p for p in people if _key(p.tokens)[-1] == word] or people
        if len(surnamed) > 1 and candidate.title:
            gender = "m" if candidate.title in _MALE else "f" if candidate.title in _FEMALE else ""
            # Two people of one surname: a title that only one of them can have decides.
            surnamed = (
                [p for p in surnamed if self.gender(p.name) == gender]
                or [p for p in surnamed if not self.gender(p.name)]
                if gender
                else [p for p in surnamed if candidate.title in p.roles]
            )
        return surnamed[0] if len(surnamed) == 1 else None

    def _is_article_word(self, text: str, candidate: Candidate) -> bool:
        """Tell whether a single word is a word of the language at its place ("the King")."""
        if len(candidate.tokens) > 1 or candidate.title:
            return False
        before = text[max(0, candidate.start - 4) : candidate.start]
        following = text[candidate.end : candidate.end + 2]
        followed = following[:1] == " " and following[1:].islower()
        return bool(_THE.search(before)) and not followed


def _key(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a name as they are compared: small, without "al-", "Jr.", nicknames."""
    words = [t.lower() for t in tokens]
    if len(words) > 2 and words[-1] in _JUNIOR:
        words.pop()
    bare = [re.sub(r"^(?:al|el|ul)-", "", w) for w in words if w[0] not in "\"'(\u201c\u2018"]
    while len(bare) > 1 and _PARTICLE_WORD.fullmatch(bare[0]):
        bare.pop(0)
    return tuple(bare or words)


def _ends_with(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    return tuple(longer[-len(shorter) :]) == tuple(shorter)


def _evidence(text: str, c: Candidate) -> int:
    """Return how much a place of two or more capitalized words speaks for a person."""
    before, after = text[max(0, c.start - 60) : c.start], text[c.end : c.end + 120]
    if _FIRM.match(after):
        return -10
    score = 1 + 3 * bool(c.title)
    score += 3 * bool(_AGE.match(after)) + 2 * bool(_WHO.match(after))
    score += _speaks(before, after)
    score -= 4 * bool(_DETERMINER.search(before))
    score -= 2 * bool(_PLACE.search(before))
    for match in (_APPOSITION.match(after), _BEFORE_APPOSITION.search(before)):
        noun = _head(match[1]) if match else ""
        if noun in IMPERSONAL:
            score -= 4
        elif noun in TITLES or _AGENT.search(noun):
            score += 2
    sentence = after[: (_SENTENCE_END.search(after) or re.search("$", after)).start()]
    personal = bool(_HE.search(sentence) or _SHE.search(sentence))
    return score + personal - 2 * bool(not personal and _ITS.search(sentence))


def _evidence_of_one(text: str, c: Candidate) -> int:
    """Return how much a place of a single capitalized word speaks for a surname."""
    before, after = text[max(0, c.start - 60) : c.start], text[c.end : c.end + 60]
    if c.title in COURTESY:
        return 3
    if _THE.search(before):
        return 0 if re.match(r" [a-z]", after) else -2
    return 1 + _speaks(before, after)


def _speaks(before: str, after: str) -> int:
    """Return 1 where a verb of speech stands right beside a name."""
    next_word, earlier = _SAYS_NEXT.match(after), _SAYS_BEFORE.search(before)
    beside = (next_word and next_word[1]) or ""
    if beside and any(True for _ in find_verbs(beside)):
        return 1
    return int(bool(earlier and any(True for _ in find_verbs(earlier[1]))))


def _roles(text: str, c: Candidate) -> set[str]:
    """Return what a person is called beside the name: "mayor", "teacher"."""
    before, after = text[max(0, c.start - 80) : c.start], text[c.end : c.end + 100]
    roles = {c.title} if c.title else set()
    plain = _ROLES_BEFORE.search(before)
    if plain:
        roles.add(plain[1].split()[-1])
    for match in (_APPOSITION.match(after), _BEFORE_APPOSITION.search(before)):
        if match:
            roles.add(_head(match[1]))
    age = _AGE.match(after)
    if age:
        roles.add(f"{age[1]}-year-old")
    return {role for role in roles if role[:1].isdigit() or not any(True for _ in find_verbs(role))}


def _head(phrase: str) -> str:
    """Return the noun a phrase is about.

    >>> _head("the deputy head of the harbor")
    'head'
    """
    end = _HEAD_END.search(phrase)
    words = phrase[: end.start() if end else len(phrase)].split()
    return words[-1].lower() if words else ""


def _is_object(before: str) -> bool:
    """Tell whether the words before a name end in a preposition that governs it."""
    words = _LAST_WORDS.findall(before)
    for word in reversed(words[-7:]):
        lower = word.lower()
        if lower in _PREPOSITIONS:
            return True
        if not (word[0].isupper() or lower in _ROLES or word == "-"):
            return False
    return False
