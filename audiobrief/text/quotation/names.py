"""Names as they are printed: capitalized words that may mean a person, titles before them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.text.quotation.jobs import is_given_name, is_job
from audiobrief.text.quotation.name_words import (
    CALENDAR,
    IMPERSONAL,
    NO_BYLINES,
    SENTENCE_OPENERS,
    TITLES,
    WORD_NAMES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Latin capitals with and without marks; Python's patterns have no class for them.
_UPPER = "A-Z" + "".join(
    chr(c) for c in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(c).isupper()
)
PARTICLE = r"(?:van|von|der|den|de|del|della|da|di|dos|du|la|le|bin|ibn|ben|bint|ter|af|av|zu|y)"
_WORD_OF_NAME = (
    rf"(?:(?:[{_UPPER}]\.){{1,3}}|(?:al|el|ul|as|ad|ar|an|bin|Al|El)-[{_UPPER}]\w+"
    rf"|(?:[A-Zd]['\u2019])?[{_UPPER}](?:[\w-]*\w)?)"
)
_NICKNAME = rf"(?:[\"\u201c\u2018'(][{_UPPER}][\w-]{{1,20}}[\"\u201d\u2019')] )"
_SEQUENCE = re.compile(
    rf"(?<![\w@#/.-]){_WORD_OF_NAME}(?: {_NICKNAME}?(?:{PARTICLE} ){{0,3}}{_WORD_OF_NAME}){{0,7}}"
)
_FIRST_WORD = re.compile(r"\w{1,30}")
_OFFICE_BEFORE = re.compile(r"(?<![\w-])([\w-]{1,30}) (?:of|for) (?:the )?$")
_AGED = re.compile(r", \d{1,3}\b|, an? \d{1,3}-year-old\b")
#: "Her husband, ", "Moss's eldest son, ".
_KIN_COMMA = re.compile(
    r"(?:\b(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[Oo]ur)|['\u2019]s?)"
    r" (?:[a-z-]{1,20} ){0,3}?[a-z-]{2,20},? $"
)
_NAME_TOKEN = re.compile(rf"{PARTICLE}|(?:[A-Z]\.?){{1,3}}|(?:[a-z]{{2}}-)?[^\W\d_][\w.'\u2019-]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of capitalized words that may name a person, titles taken off."""

    start: int
    end: int
    #: The words of the name, particles included, letters after it ("QC") not; at least one.
    tokens: tuple[str, ...]
    #: The title or role right before it, in small letters; empty: none.
    title: str


def candidates(text: str) -> Iterator[Candidate]:
    """Yield what may be the names of people, in order.

    >>> [(c.title, " ".join(c.tokens)) for c in candidates("But Mayor Ana de Ruiz met Tom King.")]
    [('mayor', 'Ana de Ruiz'), ('', 'Tom King')]
    """
    for match in _SEQUENCE.finditer(text):
        start, tokens = match.start(), match[0].split(" ")
        if len(tokens) == 1 and (tokens[0] in _NEVER or tokens[0].lower() in SENTENCE_OPENERS):
            continue
        title = _title_before(text, start)
        skip, own_title = _titles_within(tokens, titled=bool(title))
        if skip and is_given_name(tokens[skip - 1]) and _is_introduced(text, start, match.end()):
            skip, own_title = skip - 1, ""  # "Her husband, Dean Moss, "
        title = own_title or title
        end = match.end()
        if tokens[-1] in ("Jr", "Sr") and text[end : end + 1] == ".":
            end, tokens[-1] = end + 1, f"{tokens[-1]}."
        name = tokens[skip:]
        while len(name) > 2 and name[-1].lower() in CALENDAR:
            end -= len(name.pop()) + 1
        while len(name) > 2 and _is_letters_after(name):
            name.pop()  # the place keeps them: who "Ann Lee QC said" names stands by the verb
        if (
            not name
            or len(name) > 7
            or (len(name) == 1 and name[0].lower() in CALENDAR and not title)
            or (len(name) == 1 and _is_no_name(name[0], title))
        ):
            continue
        if any(t.lower() in IMPERSONAL and t.lower() not in WORD_NAMES for t in name):
            continue
        begin = start + sum(len(t) + 1 for t in tokens[:skip])
        yield Candidate(begin, end, tuple(name), title)


def _is_introduced(text: str, start: int, end: int) -> bool:
    """Tell whether a run of capitals is a whole name by the commas around it."""
    if _AGED.match(text, end):
        return True
    closed = text[end : end + 1] in (",", ".", "")
    return closed and _KIN_COMMA.search(text[max(0, start - 60) : start]) is not None


_NEVER_LIST = """
    I A Q The TV US UK EU UN OK
"""
_NEVER = frozenset(_NEVER_LIST.split())


def _title_before(text: str, start: int) -> str:
    """Return the title that stands before a place, in small letters; else nothing."""
    words = text[max(0, start - 40) : start].rsplit(" ", 4)
    if len(words) < 2 or words[-1]:
        return ""
    last = words[-2].removesuffix(".").lower()
    if last in TITLES:
        return last
    if last not in ("of", "for", "the"):
        return ""
    # "Secretary of | State John Kerry": the run of capitals begins behind "of".
    office = _OFFICE_BEFORE.search(" ".join(words))
    first = _FIRST_WORD.match(text, start)
    named = office and first and first[0].lower() in IMPERSONAL
    return office[1].lower() if named and office and office[1].lower() in TITLES else ""


def _titles_within(tokens: list[str], *, titled: bool) -> tuple[int, str]:
    """Return how many words are no name (openers, titles, institutions before them), and a title.

    The last word is never a title: "Tom King", and "King" alone, may be a surname.
    """
    places = [i for i, t in enumerate(tokens[:-1]) if t.rstrip(".").lower() in TITLES]
    # "Tom Judge Moss": a title behind what may be a first name is a name itself.
    while places and places[-1] > 0:
        before = tokens[: places[-1]]
        if all(_is_of_office(t) for t in before):
            break
        if any(t.lower() in IMPERSONAL for t in before):
            break
        # "Labor Leader Jo Bell": a whole name stands behind it, no given name before.
        if places[-1] < len(tokens) - 2 and not any(is_given_name(t) for t in before):
            break
        places.pop()
    skip = places[-1] + 1 if places else 0
    title = tokens[skip - 1].rstrip(".").lower() if places else ""
    while skip < len(tokens) - 1 and (
        tokens[skip].lower() in SENTENCE_OPENERS or tokens[skip].lower() in CALENDAR
    ):
        if tokens[skip].lower() in WORD_NAMES and skip:
            break
        skip += 1
    while (titled or title) and skip < len(tokens) - 1 and tokens[skip].lower() in IMPERSONAL:
        if tokens[skip].lower() in WORD_NAMES:
            break
        skip += 1
    while skip < len(tokens) - 2 and _is_before_name(tokens[skip], tokens[skip + 1]):
        title = tokens[skip].lower()
        skip += 1
    return skip, title


def without_job(c: Candidate, common: frozenset[str]) -> Candidate:
    """Return a name of three words without a first one that the text also writes small.

    Args:
        c: What may be a name.
        common: The words that the text writes small.
    """
    first = c.tokens[0]
    lower = first.lower()
    if len(c.tokens) < 3 or lower not in common or lower in WORD_NAMES or is_given_name(first):
        return c
    return replace(c, start=c.start + len(first) + 1, tokens=c.tokens[1:], title=lower)


def _is_before_name(token: str, following: str) -> bool:
    """Tell whether the first of three words is none of the name: "Welder", "MP", "CEO"."""
    acronym = token.isupper() and len(token) > 1 and "." not in token and not following.isupper()
    if acronym:
        return len(token) > 2 or is_given_name(following)
    return token.lower() not in WORD_NAMES and is_job(token, following)


def _is_letters_after(name: Sequence[str]) -> bool:
    """Tell whether a name ends in an honor or degree, which nobody is called by: "QC", "OBE"."""
    last = name[-1]
    letters = last in ("PhD", "DPhil", "MSc", "BSc", "Esq") or (
        last.isupper() and 2 <= len(last) <= 4 and last.isalpha()
    )
    return letters and last not in ("II", "III", "IV", "VI") and not name[0].isupper()


def _is_of_office(token: str) -> bool:
    lower = token.rstrip(".").lower()
    return (
        lower in TITLES
        or lower in IMPERSONAL
        or lower in SENTENCE_OPENERS
        or lower
        in (
            "former",
            "foreign",
            "prime",
            "vice",
            "acting",
            "deputy",
            "chief",
            "first",
            "right",
            "most",
            "very",
            "hon",
        )
        or (token.count(".") > 1 and token.isupper())
    )


def _is_no_name(token: str, title: str) -> bool:
    """Tell whether a single word is an acronym, or a word that only begins the sentence."""
    acronym = token.isupper() and not title
    return acronym or token.lower() in SENTENCE_OPENERS or len(token) < 2


def looks_like_person(name: str) -> bool:
    """Tell whether a printed name may be a person's: two to four words, none of them common.

    >>> looks_like_person("Jane van Roe"), looks_like_person("Company Size")
    (True, False)
    """
    tokens = name.split()
    return (
        2 <= len(tokens) <= 5
        and all(_NAME_TOKEN.fullmatch(token) for token in tokens)
        and not any(
            token.lower().strip(".") in NO_BYLINES
            for token in tokens
            if token.lower() not in WORD_NAMES
        )
    )
