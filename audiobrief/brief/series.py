"""Articles of a series share their form: what two of them have in common besides it (pure)."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from audiobrief.brief.round_up import sentences
from audiobrief.text.facts import find_facts
from audiobrief.text.plain_words import MONTHS
from audiobrief.text.shingles import trigrams, words_of
from audiobrief.text.terms import matter_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from audiobrief.text.shingles import Trigram
    from audiobrief.text.terms import Rarity

#: Two outlets share some phrases of one event, names and offices: up to 0.18 of the word trigrams
#: of the shorter beginning in 23 pairs. What has more is of a series, or was copied.
_PHRASES: Final = 0.2
#: How alike two of a series are besides its form, if they tell of one event; they also have a
#: number in common there.
_SERIES_COSINE: Final = 0.45
#: Or so many numbers of two digits or more in common: a form has none, save a telephone's.
_NUMBERS: Final = 2
#: A sentence with less of its word trigrams in another text is not there.
_OWN: Final = 0.15
#: From this part on, and so many words, what a text has alone is more than a change: copies of real
#: articles, cut, in another order and 8 % reworded, have up to 0.14.
_OWN_SHARE: Final = 0.2
_OWN_WORDS: Final = 15
#: What two cuts of one article share is more alike to what each has alone: of 450 pairs of cuts of
#: 150 real articles, 4 are not.
_STANDING_COSINE: Final = 0.15
#: So many words of both titles, side by side at their beginning or end, that are no name.
_LABEL_WORDS: Final = 2
#: "Morning update: council": what stands before is a label, whatever its length.
#: What tells the numbers of a series apart.
_COUNTER = re.compile(
    rf"\d.*|{MONTHS}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth|eleventh|twelfth|[ivx]{1,5}|last|final",
    re.IGNORECASE,
)
_LABEL_END = re.compile(r"(?::|\||\s[-\u2013\u2014])\s")


def is_one_event(
    titles: tuple[str, str], leads: tuple[str, str], names: Collection[str], rarity: Rarity
) -> bool:
    """Tell whether two articles that are alike are so in more than the form of a series.

    Args:
        titles: Of both.
        leads: Their first words.
        names: Stems of the names and numbers of both: sharing those is no form.
        rarity: Of the terms in the collection.

    Returns:
        True as well where nothing looks like a series.
    """
    if not (has_label(*titles, names) or _shares_phrases(*leads)):
        return True
    facts = [_numbers_in(lead) for lead in leads]
    if len(facts[0] & facts[1]) >= _NUMBERS:
        return True
    cosine, common = likeness_besides_form(leads, rarity)
    return cosine >= _SERIES_COSINE and any(term[0].isdigit() for term in common)


def has_standing_text_alone(first: str, second: str) -> bool:
    """Tell whether what two texts share, word for word, stands in all articles of a series.

    A column, a newsletter or a forecast has sentences that are the same each time, and have nothing
    to do with the matter of the day. Of a copy, cut or reworded, hardly a sentence is not in the
    other; of two different cuts of one text, what each has alone is about what both have.

    >>> desk = "Good morning from Hilda Marsh. Write to her desk if you know more of anything. "
    >>> rain = "Rain flooded two cellars in the lower town, and crews from Rye pumped until noon."
    >>> choir = "The choir of St. Mary looks for tenors who sing Bach, said its conductor Ola Moss."
    >>> has_standing_text_alone(desk + rain, desk + choir)
    True
    >>> has_standing_text_alone(desk + rain, desk + rain + choir)
    False
    """
    for text, other in ((first, second), (second, first)):
        shared, alone = _parted(text, trigrams(other))
        if len(alone.split()) < max(_OWN_WORDS, _OWN_SHARE * len(text.split())):
            return False
        if matter_of(shared).cosine(matter_of(alone)) >= _STANDING_COSINE:
            return False
    return True


def _parted(text: str, others: Collection[Trigram]) -> tuple[str, str]:
    """Return the sentences of a text that are in another, and those that are not."""
    rows: dict[bool, list[str]] = {True: [], False: []}
    for sentence in sentences(text):
        grams = trigrams(sentence)
        rows[sum(gram in others for gram in grams) >= _OWN * len(grams)].append(sentence)
    return "\n".join(rows[True]), "\n".join(rows[False])


def _numbers_in(text: str) -> frozenset[str]:
    return frozenset(f for f in find_facts(text) if f[0].isdigit() and len(f) > 1)


def _shares_phrases(first: str, second: str) -> bool:
    one, other = trigrams(first), trigrams(second)
    return len(one & other) >= max(1.0, _PHRASES * min(len(one), len(other)))


def has_label(first: str, second: str, names: Collection[str]) -> bool:
    """Tell whether two titles begin or end as those of a series do."""
    labels = [_label_of(title) for title in (first, second)]
    if labels[0] and labels[0] == labels[1]:
        return True
    rows = words_of(first), words_of(second)
    return any(
        len(_plain(_common_start(*ways), names)) >= _LABEL_WORDS
        for ways in (rows, (rows[0][::-1], rows[1][::-1]))
    )


def _label_of(title: str) -> list[str]:
    """Return the words before a colon, counters all alike: "day three" and "day four" are one."""
    label = "".join(_LABEL_END.split(title, maxsplit=1)[:-1])
    return ["#" if _COUNTER.fullmatch(word) else word for word in words_of(label)]


def _common_start(first: Sequence[str], second: Sequence[str]) -> list[str]:
    both = zip(first, second, strict=False)
    return [one for one, _ in takewhile(lambda pair: pair[0] == pair[1], both)]


def _plain(words: Sequence[str], names: Collection[str]) -> list[str]:
    return [t for t in terms_of(" ".join(words)) if t not in names and not t[0].isdigit()]


def likeness_besides_form(leads: tuple[str, str], rarity: Rarity) -> tuple[float, frozenset[str]]:
    """Return what two texts have in common in other words than those of the phrases they share.

    Names side by side are no phrase: two outlets write them alike.

    Returns:
        The cosine of what is left of both, 0..1, and the terms in it that both have.
    """
    grams = [trigrams(lead) for lead in leads]
    names = frozenset().union(*map(find_facts, leads))
    form = _words_of_form(grams[0] & grams[1], names)
    left = [Counter(t for t in terms_of(lead) if t not in form) for lead in leads]
    vectors = [rarity.vector(terms) for terms in left]
    return vectors[0].cosine(vectors[1]), frozenset(left[0].keys() & left[1].keys())


def _words_of_form(shared: Collection[Trigram], names: frozenset[str]) -> frozenset[str]:
    phrases = (gram for gram in shared if any(w not in names and terms_of(w) for w in gram))
    return frozenset(term for gram in phrases for word in gram for term in terms_of(word))
