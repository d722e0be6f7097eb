"""What rules are asked about: a feed, an item with its files, an answer of a server."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audiobrief.check.page import Page, Totals, parse_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audiobrief.assemble.probe import Mp3Facts
    from audiobrief.check.node import Node
    from audiobrief.model.audio import Loudness
    from audiobrief.model.episode import Episode
    from audiobrief.net.probe import Seen
    from audiobrief.tag.id3 import Tags


@dataclass(frozen=True, slots=True)
class PageLink:
    """What became of a link from one page of the feed to the next (RFC 5005)."""

    #: Of the page with the link.
    where: str
    #: Where it leads.
    url: str
    #: Why there is no page; empty: there is one.
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """The feed, and what belongs to the whole show."""

    #: Its first page.
    page: Page
    #: Aware; what lies later is the future.
    now: datetime
    #: Of all pages.
    totals: Totals
    #: Extension that the format of the cover calls for, ``""`` where the cover was not looked at.
    cover_suffix: str = ""
    #: Why directories refuse the cover, and what mends it.
    cover_problem: str = ""
    #: Where it was fetched, after redirects; empty: from a disk.
    url: str = ""
    page_links: tuple[PageLink, ...] = ()

    @property
    def node(self) -> Node:
        """The channel without its items; empty when there is none, so that rules stay simple."""
        return self.page.channel

    @property
    def is_ours(self) -> bool:
        """Whether audiobrief made it: then it has to be all that we promise."""
        return self.node.text("generator").startswith("audiobrief")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item of the feed, and its files; ``None`` is what was not or could not be read."""

    feed: FeedFacts
    node: Node
    #: Why files could not be read: ``mp3``, ``tags``, ``manifest``, or the address of a text.
    problems: Mapping[str, str] = field(default_factory=dict)
    #: Size and SHA-256 of the MP3, as it is on disk or as the server says.
    mp3_bytes: int | None = None
    mp3_sha256: str = ""
    mp3: Mp3Facts | None = None
    loudness: Loudness | None = None
    tags: Tags | None = None
    tag_version: tuple[int, ...] = ()
    manifest: Episode | None = None
    #: Transcripts and chapters by their address in the feed.
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether audiobrief made the feed."""
        return self.feed.is_ours

    @property
    def has_files(self) -> bool:
        """Whether there is anything to say of its files, besides that there is no MP3."""
        return bool(self.texts or self.mp3_bytes or self.manifest or self.problems.keys() - {"mp3"})

    @property
    def enclosure_url(self) -> str:
        """Where the MP3 is on the web."""
        return self.node.attribute("enclosure", "url")


@dataclass(frozen=True, slots=True)
class ServedFacts:
    """How a server answers for one file that the feed names, or for the feed."""

    #: ``feed``, ``sound``, ``cover``, ``transcript`` or ``chapters``.
    kind: str
    is_ours: bool
    #: The first answer; of a sound, to a question for a part.
    get: Seen
    #: The type that the feed names; empty: none.
    declared_type: str = ""
    head: Seen | None = None
    #: To a question whether it has changed since ``get``.
    again: Seen | None = None
    #: To questions for parts, by the header: ``bytes=0-1`` ...
    parts: Mapping[str, Seen] = field(default_factory=dict)
    #: The hubs that the feed names.
    hubs: tuple[str, ...] = ()


def parse_feed(content: bytes, *, now: datetime, url: str = "") -> FeedFacts:
    """Return the facts of a feed's bytes alone; never raises for what they are."""
    page = parse_page(content)
    return FeedFacts(page, now, page.totals, url=url)


def name_in(url: str) -> str:
    """Return the name of the file in an address, for messages.

    >>> name_in("https://example.org/pod/transcript.vtt?v=2")
    'transcript.vtt'
    """
    return re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2] or url


def parse_json(text: str) -> Any:
    """Return what a JSON file holds, or ``None`` when it is none.

    >>> parse_json('{"a": 1}'), parse_json("{"), parse_json("NaN"), parse_json("[" * 100_000)
    ({'a': 1}, None, None, None)
    """
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    """Refuse ``NaN`` and ``Infinity``, which Python reads and JSON does not have."""
    raise ValueError(name)
