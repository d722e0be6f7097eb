"""How a long list is divided into pages that stay as they are (RFC 5005, section 3; pure).

The first page has the newest episodes. Older ones fill further pages from the oldest on, so the
numbers of these pages count in the order in which they were filled: a new episode changes the first
page and the one that takes what had no more room there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Generic

from audiobrief.model.card import Listed

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Page(Generic[Listed]):
    """One file of a list."""

    #: Name below ``episodes/``.
    file: str
    #: The newest first.
    episodes: tuple[Listed, ...]
    #: Relation (``first``, ``previous``, ``next``, ``last``) and file; none: it is the only page.
    links: tuple[tuple[str, str], ...] = ()


def newest_first(episodes: Sequence[Listed]) -> list[Listed]:
    """Return episodes in the order of a feed."""
    return sorted(episodes, key=attrgetter("published", "guid"), reverse=True)


def lay_out_pages(
    episodes: Sequence[Listed], per_page: int, file: str, *, newest: int | None = None
) -> tuple[Page[Listed], ...]:
    """Divide episodes into pages, the newest first.

    Args:
        episodes: In the order of a feed.
        per_page: Episodes of a page at most, 1 or more.
        file: Of the first page: ``feed.xml``; the oldest others are in ``feed-2.xml``.
        newest: Episodes of the first page, if it has room for fewer.
    """
    first = per_page if newest is None else min(newest, per_page)
    older = list(reversed(episodes[first:]))
    chunks: list[list[Listed]] = [
        older[start : start + per_page] for start in range(0, len(older), per_page)
    ]
    files = [file, *reversed([numbered(file, number) for number in range(2, len(chunks) + 2)])]
    held: list[tuple[Listed, ...]] = [tuple(episodes[:first])]
    held += [tuple(reversed(chunk)) for chunk in reversed(chunks)]
    return tuple(
        Page(name, own, _links(files, place))
        for place, (name, own) in enumerate(zip(files, held, strict=True))
    )


def _links(files: Sequence[str], place: int) -> tuple[tuple[str, str], ...]:
    if len(files) == 1:
        return ()
    previous = (("previous", files[place - 1]),) if place else ()
    following = (("next", files[place + 1]),) if place + 1 < len(files) else ()
    return (("first", files[0]), *previous, *following, ("last", files[-1]))


def numbered(file: str, number: int) -> str:
    """Return the name of a further page.

    >>> numbered("feed.xml", 2)
    'feed-2.xml'
    """
    stem, _, suffix = file.rpartition(".")
    return f"{stem}-{number}.{suffix}"


def is_page(name: str, file: str) -> bool:
    """Tell whether a file's name is that of a further page.

    >>> is_page("feed-12.xml", "feed.xml"), is_page("feed.xml", "feed.xml")
    (True, False)
    """
    stem, _, suffix = file.rpartition(".")
    return re.fullmatch(rf"{re.escape(stem)}-[1-9]\d*\.{re.escape(suffix)}", name) is not None
