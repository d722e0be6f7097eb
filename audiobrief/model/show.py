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
    #: Whether it is drawn, and a cover of its own is drawn for each episode.
    is_cover_drawn: bool = False
    #: Episodes are numbered, and heard from the first one on.
    is_serial: bool = False
    #: An RFC 5545 recurrence rule, empty: none is promised; and the same in words.
    update_rule: str = ""
    update_words: str = ""
    #: Where listeners may give money, empty: nowhere; and what the link says.
    funding_url: str = ""
    funding_words: str = ""
    #: Where the feed has moved to; empty: it stays.
    new_feed_url: str = ""
    #: WebSub hub; empty: none.
    hub_url: str = ""
    #: Not for everybody: directories are told to leave it out.
    is_private: bool = False
