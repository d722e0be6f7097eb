"""What a feed offers, in whichever format it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.model.intake import Item


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and what it offers."""

    title: str | None = None
    #: The site that it is of.
    url: str | None = None
    language: str | None = None
    #: In the order of the feed, each key once.
    items: tuple[Item, ...] = ()
    #: What was wrong with it, and what was left out.
    notes: tuple[str, ...] = ()


def told_apart(items: Iterable[Item]) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return items of which no two have one key.

    Where a feed gives one identifier to different articles, their addresses tell them apart.
    """
    found: dict[str, Item] = {}
    repeated = 0
    for item in items:
        other = found.get(item.key)
        if other is not None and item.url and item.url != other.url:
            found.setdefault(item.url, replace(item, key=item.url))
        elif other is not None:
            repeated += 1
        else:
            found[item.key] = item
    notes = (f"{repeated} items stand in the feed twice",) if repeated else ()
    return tuple(found.values()), notes
