"""A feed of any length, read item by item: what is kept of it is little (pure)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from audiobrief.check.dates import parse_date
from audiobrief.check.document import Document, open_document
from audiobrief.check.node import Node, text_in

if TYPE_CHECKING:
    from collections.abc import Iterator

#: More are not looked at: the whole feed would be a denial of service to every app.
MOST_ITEMS: Final = 50_000
_CHUNK_BYTES = 262_144
#: Without the end of an item: so large is no item, and no head of a channel. It is what bounds
#: the memory, since only what has ended can be let go.
_MOST_PIECE_BYTES = 8_000_000
#: Elements of a channel beside its items, which are all kept.
_MOST_CHILDREN = 20_000
#: Text with a reference in a title; CDATA begins with another "<".
_ESCAPED_TITLE = re.compile(rb"<(?:itunes:)?title>[^<]*?&(?:amp|lt);")


class _TooLargeError(ValueError):
    """An element that no podcast has."""


@dataclass(slots=True)
class Totals:
    """What is known of all items together."""

    item_count: int = 0
    undated_count: int = 0
    guids: Counter[str] = field(default_factory=Counter)
    enclosures: Counter[str] = field(default_factory=Counter)
    #: Seconds since 1970 of the items with a proper date, in the order of the feed.
    dates_s: list[float] = field(default_factory=list)

    def add(self, item: Any) -> None:
        """Count an item, by the element: only the three that count are looked at."""
        self.item_count += 1
        found: dict[str, Any] = {}
        for child in item.iterchildren("pubDate", "guid", "enclosure"):
            found.setdefault(child.tag, child)
        written = text_in(found["pubDate"]) if "pubDate" in found else ""
        self.undated_count += not written
        if (date := parse_date(written)) is not None:
            self.dates_s.append(date.timestamp())
        if "guid" in found and (guid := text_in(found["guid"])):
            self.guids[guid] += 1
        if "enclosure" in found and (url := found["enclosure"].get("url", "").strip()):
            self.enclosures[url] += 1

    def add_all(self, other: Totals) -> None:
        """Count the items of another page."""
        self.item_count += other.item_count
        self.undated_count += other.undated_count
        self.guids.update(other.guids)
        self.enclosures.update(other.enclosures)
        self.dates_s.extend(other.dates_s)


@dataclass(frozen=True, slots=True)
class Page:
    """One file of a feed."""

    document: Document
    channel: Node
    totals: Totals
    #: Name and version of the root; empty: there is none.
    root: str = ""
    version: str = ""
    #: Prefix and address, as declared anywhere.
    namespaces: frozenset[tuple[str, str]] = frozenset()
    #: Where the parser gave up.
    syntax_error: str = ""
    #: Whether it did so since something is too large to be kept.
    is_too_large: bool = False
    escaped_title_count: int = 0
    #: Whether there is a channel at all.
    has_channel: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether there is anything to hold rules against."""
        return bool(self.root) and not self.syntax_error

    @property
    def has_too_many_items(self) -> bool:
        """Whether the last items were left alone."""
        return self.totals.item_count >= MOST_ITEMS

    def items(self) -> Iterator[Node]:
        """Return the items, each valid until the next one is asked for."""
        if self.is_readable:
            yield from map(Node, _Walk(self.document.content).items())


def parse_page(raw: bytes) -> Page:
    """Parse a feed that may be hostile; whatever it is, there is a page."""
    document = open_document(raw)
    totals = Totals()
    nothing = Node(etree.Element("channel"))
    if not document.content:
        return Page(document, nothing, totals)
    walk = _Walk(document.content)
    try:
        for item in walk.items():
            totals.add(item)
    except (etree.XMLSyntaxError, _TooLargeError) as error:
        # lxml says the place twice, the second time with the name of no file.
        reason = str(error).partition(" (<")[0] or "it breaks off"
        is_too_large = isinstance(error, _TooLargeError)
        return Page(document, nothing, totals, syntax_error=reason, is_too_large=is_too_large)
    root = walk.root
    channel = next((child for child in root if _local(child) == "channel"), None)
    return Page(
        document,
        nothing if channel is None else Node(channel),
        totals,
        str(root.tag),
        root.get("version", ""),
        frozenset(walk.namespaces),
        escaped_title_count=len(_ESCAPED_TITLE.findall(document.content)),
        has_channel=channel is not None,
    )


class _Walk:
    """One way through a document."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.root: Any = None
        self.namespaces: set[tuple[str, str]] = set()

    def items(self) -> Iterator[Any]:
        """Return the items of the channel, and let each go when the next one has come.

        Raises:
            XMLSyntaxError: It is not well-formed.
            _TooLargeError: An element is so long that it would fill the memory.
        """
        parser = etree.XMLPullParser(
            ("end", "start-ns"),
            tag="{*}item",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        count, last, last_end, channel = 0, None, 0, None
        for place in range(0, len(self._content), _CHUNK_BYTES):
            parser.feed(self._content[place : place + _CHUNK_BYTES])
            for event, found in parser.read_events():
                if event == "start-ns":
                    self._declare(found)
                    continue
                channel = found.getparent()
                if channel is None or _local(channel) != "channel":
                    continue
                # The last one stays until it has a follower: the parser may still be beside it.
                if last is not None and last.getparent() is not None:
                    last.getparent().remove(last)
                last, last_end, count = found, place, count + 1
                yield found
                if count >= MOST_ITEMS:
                    self.root = found.getroottree().getroot()
                    return
            if place - last_end > _MOST_PIECE_BYTES:
                raise _TooLargeError("an element is longer than 8 MB")
            if channel is not None and len(channel) > _MOST_CHILDREN:
                raise _TooLargeError(f"the channel has more than {_MOST_CHILDREN} elements")
        self.root = parser.close()
        if last is not None and last.getparent() is not None:
            last.getparent().remove(last)

    def _declare(self, found: tuple[str, str]) -> None:
        # A feed has some ten; each could declare thousands.
        if len(self.namespaces) < 1000:
            self.namespaces.add((found[0] or "", found[1] or ""))


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
