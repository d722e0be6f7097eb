"""Who does what to whom, as far as the order of words tells (pure, English)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.brief.claim import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.brief.claim import Word

#: A place may stand anywhere in a sentence: "to Kelby, where ...".
_OF_PLACES = frozenset(("in", "at", "near", "from", "of"))


def find_misplaced(words: Sequence[Word], source: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Yield pairs of neighbors that the source does not have in this order.

    In the source other words may stand between them, but no other name, no other number where one
    of them is a number, and none of the little words that turn a sentence around ("by", "to").

    Args:
        words: A sentence, all of whose words the source has.
        source: One sentence of the source.
    """
    places = [[i for i, w in enumerate(source) if w.is_same(word)] for word in words]
    for n in range(1, len(words)):
        if _must_follow(words, n) and not _follows(words, n, places, source):
            yield words[n - 1], words[n]


def _must_follow(words: Sequence[Word], n: int) -> bool:
    """Tell whether a word and the one before it must stand in the order of the source.

    Within a clause they must. Across a comma only names must that are alone there.
    """
    a, b = words[n - 1], words[n]
    if a.clause == b.clause:
        return True
    return any(
        w.kind is Kind.NAME and sum(o.clause == w.clause for o in words) == 1 for w in (a, b)
    )


def _follows(
    words: Sequence[Word], n: int, places: Sequence[Sequence[int]], source: Sequence[Word]
) -> bool:
    a, b = words[n - 1], words[n]
    if _is_free(a, source) or _is_free(b, source):
        return True
    moved = [w for w in words if w.kind is Kind.NAME and _is_free(w, source)]
    return any(
        i < j and _is_near(a, b, source[i : j + 1], moved) and _turns_alike(b, source[i : j + 1])
        for i in places[n - 1]
        for j in places[n]
    )


def _is_free(word: Word, source: Sequence[Word]) -> bool:
    """Tell whether a word means the same wherever it stands: the only number, date or place."""
    if word.kind in {Kind.FIGURE, Kind.DATE}:
        return sum(w.kind is word.kind for w in source) == 1
    return (
        word.kind is Kind.NAME
        and word.led_by in {*_OF_PLACES, "to"}
        and all(w.led_by in _OF_PLACES for w in source if w.is_same(word))
    )


def _is_near(a: Word, b: Word, stretch: Sequence[Word], moved: Sequence[Word]) -> bool:
    """Tell whether nothing between two words takes the place of one of them.

    Args:
        a: The first.
        b: The second.
        stretch: The source from one to the other.
        moved: Names of places that are told elsewhere in the sentence.
    """
    between = list(stretch[1:-1])
    # "Bo" of "Bo Brandt" is no other name.
    while (
        between
        and between[-1].kind is Kind.NAME is b.kind
        and _are_side_by_side(between[-1], stretch[len(between) + 1])
    ):
        del between[-1]
    ends = {stretch[0].clause, stretch[-1].clause}
    for word in between:
        # "Ruiz, the mayor of Kelby, resigned" says that Ruiz did.
        is_aside = bool(word.led_by) and word.clause not in ends
        if word.kind is Kind.NAME and not (is_aside or any(w.is_same(word) for w in moved)):
            return False
    is_counting = Kind.FIGURE in {a.kind, b.kind}
    return not (is_counting and any(w.kind is Kind.FIGURE for w in between))


def _are_side_by_side(a: Word, b: Word) -> bool:
    return a.place + 1 == b.place


def _turns_alike(b: Word, stretch: Sequence[Word]) -> bool:
    """Compare the little words before a word: "was sued by" is not "sued"."""
    theirs = frozenset().union(*(w.turns for w in stretch[1:]))
    direct = stretch[-1].turns
    return b.turns <= theirs and direct <= b.turns and ("be" in b.turns) == ("be" in theirs)
