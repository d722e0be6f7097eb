"""The register of an article's people: by full name, and by each word of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from audiobrief.text.quotation.mentions import name_key

_NICKNAME_MARKS = "\"'(\u201c\u2018\u201d\u2019)"


@dataclass(slots=True)
class Person:
    """What the text says about one person; written while the roster is made."""

    name: str
    tokens: tuple[str, ...]
    votes: Counter[str] = field(default_factory=Counter)
    roles: set[str] = field(default_factory=set)
    #: Paragraph and place of the first full name: before it, a bare surname is another's.
    first: tuple[int, int] = (0, 0)


class Register:
    """Those whom the article names."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.by_key: dict[tuple[str, ...], Person] = {}
        self.by_word: defaultdict[str, list[Person]] = defaultdict(list)

    def add(self, tokens: tuple[str, ...], key: tuple[str, ...]) -> None:
        """Admit a person; the same first and last name is the same person, the fuller name wins."""
        whole = key
        for person in self.by_word.get(key[-1], ()):
            known = name_key(person.tokens)
            same = known[0] == key[0] and known[-1] == key[-1]
            longer, shorter = (known, key) if len(known) >= len(key) else (key, known)
            if len(shorter) >= 2 and (same or longer[-len(shorter) :] == shorter):
                if len(key) > len(known) and same:
                    person.name, person.tokens = " ".join(tokens), tokens
                elif len(key) < len(known) and not same:
                    # "Beekeeper Tom Roe" and "Tom Roe": the first word is none of the name.
                    person.name, person.tokens = " ".join(tokens), tokens
                self.by_key[whole] = person
                return
        person = Person(" ".join(tokens), tokens)
        self.people.append(person)
        self.by_key[key] = person
        nicknames = (t.strip(_NICKNAME_MARKS).lower() for t in tokens if t[0] in _NICKNAME_MARKS)
        for word in dict.fromkeys((*key, *nicknames)):
            self.by_word[word].append(person)
