"""Which sentences of an article must be heard together, so that none is left hanging."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.text.openers import Lean, leans_on
from audiobrief.text.quotation.names import candidates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.brief.sentence import Sentence

#: "She" is somebody whom one of so many sentences before names.
_NAMED_WITHIN = 6
#: "Clunky.", "Not for long.": no sentence of its own.
_FRAGMENT_WORDS = 3
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|from|near|around|outside|across|toward|towards) $", re.IGNORECASE
)
_MARKS = "\"'\u201c\u201d\u2018\u2019)] "


def needs_of(sentences: Sequence[Sentence], language: str = "en") -> list[frozenset[int]]:
    """Return for each sentence all others without which it must not be heard.

    A quotation is heard whole. Words of somebody need the sentence beside them that tells who
    speaks; "He", "However" or "This" the sentences back to what is meant; a list item its lead-in;
    what ends with a colon or asks something, what follows; a heading, some text after it.

    Args:
        sentences: All of an article, in order.
        language: RFC 5646. Of other languages than English it is not known which words lean on
            the sentence before: there every sentence needs those before it in its paragraph.

    Returns:
        For each the indices that it needs, its own not among them, those of theirs included.
    """
    direct: list[set[int]] = [set() for _ in sentences]
    for i, j in _pairs(sentences, english=language.lower().split("-")[0] == "en"):
        if 0 <= j < len(sentences) and i != j:
            direct[i].add(j)
    return _closed(direct)


def _pairs(sentences: Sequence[Sentence], *, english: bool) -> Iterator[tuple[int, int]]:
    """Yield which sentence needs which."""
    yield from _of_quotations(sentences)
    first = next((i for i, s in enumerate(sentences) if s.kind is not BlockKind.HEADING), 0)
    for i, sentence in enumerate(sentences):
        before = sentences[i - 1] if i else None
        goes_on = before is not None and before.paragraph == sentence.paragraph
        if sentence.kind is BlockKind.HEADING:
            yield i, i + 1
        elif i > first:
            if not english and goes_on:
                yield i, i - 1
            if english:
                yield from ((i, j) for j in _leant_on(sentences, i))
            if sentence.kind is BlockKind.LIST_ITEM:
                yield i, i - 1 if goes_on else _lead_in(sentences, i)
        if sentence.text.rstrip(_MARKS).endswith((":", "?")):
            yield i, i + 1


def _of_quotations(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Yield the ties of quotations: all their sentences, and who says them."""
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for i, sentence in enumerate(sentences):
        for number in sentence.quotations:
            parts[number].append(i)
    for inside in parts.values():
        # A round through all of them, and all between: what lies between is part of it.
        around = range(inside[0], inside[-1] + 1)
        yield from zip(around, [*around[1:], around[0]], strict=True)
        if all(sentences[i].is_quoted for i in around):
            yield around[0], _who_speaks(sentences, around)


def _who_speaks(sentences: Sequence[Sentence], around: range) -> int:
    """Return the sentence beside a quotation that tells who speaks.

    The one before in the same paragraph; where the quotation opens it, the one behind in the same
    paragraph; else the last of the paragraph before, which may be a quotation that goes on.
    """
    first, last = around[0], around[-1]
    paragraph = sentences[first].paragraph
    if first and sentences[first - 1].paragraph == paragraph:
        return first - 1
    behind = last + 1
    if behind < len(sentences) and sentences[behind].paragraph == sentences[last].paragraph:
        return behind
    return first - 1 if first else behind


def _leant_on(sentences: Sequence[Sentence], i: int) -> Iterator[int]:
    """Yield the sentences that one leans on, without a gap back to what is meant."""
    sentence = sentences[i]
    lean = leans_on(sentence.text)
    is_fragment = (
        sentence.kind is BlockKind.PARAGRAPH
        and len(sentence.text.split()) <= _FRAGMENT_WORDS
        and not sentence.text.endswith(":")
    )
    if lean is None and not is_fragment:
        return
    # Through headings: what is meant stands before them.
    back = i - 1
    while back and sentences[back].kind is BlockKind.HEADING:
        back -= 1
    yield from range(back, i)
    if lean is Lean.PERSON:
        earliest = max(0, i - _NAMED_WITHIN)
        for named in range(i - 1, earliest - 1, -1):
            if _names_somebody(sentences[named].text):
                yield from range(named, i - 1)
                return


def _names_somebody(text: str) -> bool:
    """Tell whether a sentence has a name that may be a person's, and is not where something is."""
    return any(not _PLACE_BEFORE.search(text[: c.start]) for c in candidates(text))


def _lead_in(sentences: Sequence[Sentence], i: int) -> int:
    """Return what introduces a list, its heading where there is nothing else."""
    while i and sentences[i].kind is BlockKind.LIST_ITEM:
        i -= 1
    return i


def _closed(direct: Sequence[set[int]]) -> list[frozenset[int]]:
    """Return all that is needed, by way of what is needed."""
    closed = []
    for i, own in enumerate(direct):
        reached, ahead = {i}, list(own)
        while ahead:
            j = ahead.pop()
            if j not in reached:
                reached.add(j)
                ahead += direct[j]
        closed.append(frozenset(reached - {i}))
    return closed
