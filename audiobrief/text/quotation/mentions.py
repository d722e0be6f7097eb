"""A place that names a person: how the name is compared, and what part it has in the sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from audiobrief.text.quotation.name_words import CALENDAR, TITLES
from audiobrief.text.quotation.names import PARTICLE

#: Behind a surname they are no surname.
JUNIOR = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_ARTICLE = re.compile(r"^(?:al|el|ul)-")
_PARTICLE_WORD = re.compile(PARTICLE)
_LAST_WORDS = re.compile(r"[\w'\u2019-]+|[^\w\s]")
_PREPOSITIONS_LIST = """
    with by of to from for against on at in about between behalf like than under after before
    toward towards alongside over upon via despite into including
"""
_PREPOSITIONS = frozenset(_PREPOSITIONS_LIST.split())
#: Words that may stand between a preposition and a name: "from Russian foreign minister X".
_ROLES_LIST = """
    the a an former foreign prime vice acting senior chief retired then first lead local head
    finance defense defence press company city team party opposition candidate expert his her
    their its late longtime veteran fellow
"""
_ROLES = TITLES | frozenset(_ROLES_LIST.split())


#: "the death of his wife, X".
_OF_RELATIVE = re.compile(
    r"\b(?:of|to|with|for|by|about|from|and) (?:his|her|their) "
    r"(?:[a-z-]{1,20} ){0,2}[a-z-]{3,20}, $"
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


@lru_cache(maxsize=2048)
def name_key(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name as they are compared: small, without "al-", "Jr.", nicknames."""
    words = [t.lower() for t in tokens]
    if len(words) > 2 and words[-1] in JUNIOR:
        words.pop()
    bare = [_ARTICLE.sub("", w) if "-" in w else w for w in words if w[0] not in "\"'(\u201c\u2018"]
    while len(bare) > 1 and _PARTICLE_WORD.fullmatch(bare[0]):
        bare.pop(0)
    return tuple(bare or words)


def is_object(before: str) -> bool:
    """Tell whether the words before a name end in a preposition that governs it."""
    if before.endswith(", ") and _OF_RELATIVE.search(before):
        return True
    words = _LAST_WORDS.findall(before)
    for word in reversed(words[-7:]):
        lower = word.lower()
        if lower in _PREPOSITIONS:
            return True
        if lower in CALENDAR:
            return False  # "On Monday Mayor X"
        if not (word[0].isupper() or lower in _ROLES or word == "-"):
            return False
    return False
