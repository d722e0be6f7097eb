"""Texts that tell of several matters, which are no copy and no report of any one of them (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from audiobrief.text.facts import find_facts
from audiobrief.text.plain_words import MONTHS
from audiobrief.text.shingles import trigrams, words_of
from audiobrief.text.terms import matter_of, terms_of, weight_in_print

if TYPE_CHECKING:
    from collections.abc import Callable

#: A part of a text and its rest have words of their matter in common, two stories of a round-up
#: hardly: the most that they have, as a cosine, and the share of names and numbers. Of 1,200 cuts
#: of 150 real articles, half of them reworded, none is below.
_TITLED: Final = (0.06, 0.2)
#: The same where a title has no word of its text, as "The day in brief".
_UNTITLED: Final = (0.15, 0.4)
#: A shorter rest does not say what it is about: an advertisement, a line on the author.
_FEWEST_WORDS: Final = 40
#: And as much of what is held.
_REST_SHARE: Final = 0.5
#: A sentence with this share of its word trigrams in another text is taken from there.
_HELD: Final = 0.3
#: How alike a sentence is to another text that is about the same.
_ABOUT_COSINE: Final = 0.1
_CALENDAR = re.compile(rf"(?:mon|tues|wednes|thurs|fri|satur|sun)day|{MONTHS}", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019)]{0,3}\s+|\n+")


def is_round_up_of(whole: str, part: str, title: str = "") -> bool:
    """Tell whether a text has another, word for word, as one matter of several.

    Args:
        whole: Any text.
        part: What may be in it.
        title: Of the whole; empty: it is not known.

    >>> rain = "It rained in Rye all day, and the meadows by the river stood under water. "
    >>> music = "A choir sang Bach at Ems Abbey, where the organist Ola Moss retires in May. "
    >>> is_round_up_of(rain + music * 4, rain), is_round_up_of(rain, rain)
    (True, False)
    """
    held = trigrams(part)

    def is_held(sentence: str) -> bool:
        own = trigrams(sentence)
        return not own or len(own & held) >= _HELD * len(own)

    return _tells_of_more(whole, is_held, title)


def is_about_more(whole: str, part: str, title: str = "") -> bool:
    """Tell whether a text tells in its own words of what another does, as one matter of several."""
    matter = matter_of(part)
    return _tells_of_more(whole, lambda row: matter_of(row).cosine(matter) >= _ABOUT_COSINE, title)


def _tells_of_more(whole: str, is_held: Callable[[str], bool], title: str) -> bool:
    rows: dict[bool, list[str]] = {True: [], False: []}
    for sentence in sentences(whole):
        rows[is_held(sentence)].append(sentence)
    held, rest = ("\n".join(rows[which]) for which in (True, False))
    least = max(_FEWEST_WORDS, _REST_SHARE * len(held.split()))
    if not held or len(rest.split()) < least:
        return False
    told = set(terms_of(whole))
    is_titled = not title or not told.isdisjoint(_matter_of_title(title))
    most_cosine, most_common = _TITLED if is_titled else _UNTITLED
    facts, others = find_facts(held), find_facts(rest)
    if len(facts & others) > most_common * min(len(facts), len(others)):
        return False
    return matter_of(held).cosine(matter_of(rest)) < most_cosine


def _matter_of_title(title: str) -> list[str]:
    """Return the words that say most of what a title promises, days and months left out."""
    terms = terms_of(" ".join(w for w in words_of(title) if not _CALENDAR.fullmatch(w)))
    return [term for term in terms if weight_in_print(term) == 1.0] or terms


def sentences(text: str) -> list[str]:
    """Return what stands between full stops and line breaks, roughly."""
    return [piece for piece in _BREAK.split(text) if piece.strip()]
