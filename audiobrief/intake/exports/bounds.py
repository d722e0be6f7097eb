"""How much of an export is read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Entry = TypeVar("_Entry")

#: The largest exports of Pocket that people have told of had 30,000 entries.
MAX_ENTRIES: Final = 50_000


def bounded(
    entries: Iterable[_Entry], notes: list[str], most: int = MAX_ENTRIES
) -> Iterator[_Entry]:
    """Yield the first entries; add a note where there are more.

    >>> notes = []
    >>> list(bounded("abc", notes, most=2)), notes
    (['a', 'b'], ['entries beyond the first 2 were left out'])
    """
    iterator = iter(entries)
    yield from islice(iterator, most)
    for _ in iterator:
        notes.append(f"entries beyond the first {most} were left out")
        return
