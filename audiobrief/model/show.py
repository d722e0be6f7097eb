"""The show: what is the same for all its episodes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Show:
    """The ``[show]`` settings, and the identity that outlives them."""

    title: str
    description: str
    author: str
    #: Empty: the feed names no owner's address.
    email: str
    #: Absolute, ends in a slash; where ``episodes/`` is reachable.
    base_url: str
    #: podcast:guid, assigned once (feed reference F10).
    guid: str
    language: str = "en"
    #: One of Apple's categories; ``Parent > Child`` for a sub-category.
    category: str = "News"
    explicit: bool = False
    ai_disclosure: bool = True
    #: File name of the cover below ``episodes/``.
    cover_file: str = "cover.jpg"
