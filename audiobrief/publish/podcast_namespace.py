"""What feedgen lacks: the podcast namespace, and itunes:explicit as apps read it today.

feedgen calls an extension's methods while it writes; each element is checked when it is set.
"""

# feedgen has no annotations.
# mypy: allow-subclassing-any
from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

# Before feedgen, whose util module uses lxml.etree without importing it.
import lxml.etree
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.ext.podcast import PodcastExtension
from feedgen.ext.podcast_entry import PodcastEntryExtension

from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable

PODCAST_NS = "https://podcastindex.org/namespace/1.0"
ITUNES_NS = "http://www.itunes.com/dtds/podcast-1.0.dtd"
ATOM_NS = "http://www.w3.org/2005/Atom"

# Feed rule P1.
_TRANSCRIPT_TYPES = frozenset(
    {"text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip"}
)
_MAX_PERSON_CHARACTERS = 128
_MAX_TXT_CHARACTERS = 4000
#: Of titles of soundbites, of links to funding, of a frequency in words.
_MAX_WORDS_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class Element:
    """An element that is still to be written."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: tuple[Element, ...] = ()
    namespace: str = PODCAST_NS


class ItunesFeed(PodcastExtension):
    """feedgen's channel elements, with ``true`` or ``false`` for explicit (feed rule F6)."""

    def __init__(self) -> None:
        super().__init__()
        self._is_explicit = False

    def itunes_explicit(self, itunes_explicit: bool | None = None) -> bool:
        """Get or set whether there is explicit language."""
        if itunes_explicit is not None:
            self._is_explicit = itunes_explicit
        return self._is_explicit

    def extend_rss(self, rss_feed: Any) -> Any:
        """Append to the channel of an ``rss`` element."""
        super().extend_rss(rss_feed)
        _append_explicit(rss_feed[0], self._is_explicit)
        for block in rss_feed[0].findall(f"{{{ITUNES_NS}}}block"):
            # As Apple writes it; feedgen has "yes".
            block.text = "Yes"
        return rss_feed


class ItunesEntry(PodcastEntryExtension):
    """feedgen's item elements, with ``true`` or ``false`` for explicit (feed rule F6)."""

    def __init__(self) -> None:
        super().__init__()
        self._is_explicit = False

    def itunes_explicit(self, itunes_explicit: bool | None = None) -> bool:
        """Get or set whether there is explicit language."""
        if itunes_explicit is not None:
            self._is_explicit = itunes_explicit
        return self._is_explicit

    def extend_rss(self, entry: Any) -> Any:
        """Append to an ``item`` element."""
        super().extend_rss(entry)
        _append_explicit(entry, self._is_explicit)
        return entry


class PodcastFeed(BaseExtension):
    """Channel elements of the podcast namespace."""

    def __init__(self) -> None:
        self._elements: list[Element] = []

    def extend_ns(self) -> dict[str, str]:
        """Declare the namespace once, at the root."""
        return {"podcast": PODCAST_NS}

    def extend_rss(self, feed: Any) -> Any:
        """Append to the channel of an ``rss`` element."""
        _append(feed[0], self._elements)
        return feed

    def link(self, relation: str, url: str) -> None:
        """Add an atom:link, of which feedgen writes one alone (feed rules S4 and S5)."""
        attributes = {"rel": relation, "href": url}
        if relation != "hub":
            attributes["type"] = "application/rss+xml"
        self._elements.append(Element("link", attributes, namespace=ATOM_NS))

    def guid(self, guid: str) -> None:
        """Set the identity of the feed (feed rule F10)."""
        self._elements.append(Element("guid", {}, str(UUID(guid))))

    def locked(self, *, owner: str = "") -> None:
        """Tell other hosts not to import the feed (feed rule P3)."""
        self._elements.append(Element("locked", {"owner": owner} if owner else {}, "yes"))

    def medium(self, medium: str) -> None:
        """Set what the feed holds (feed rule P4)."""
        self._elements.append(Element("medium", {}, medium))

    def update_frequency(self, rule: str, words: str) -> None:
        """Tell how often there is something new (feed rule P8); ``words`` may be empty."""
        attributes = {"rrule": rule}
        self._elements.append(Element("updateFrequency", attributes, _short(words)))

    def funding(self, url: str, words: str) -> None:
        """Tell where listeners may give money (feed rule P8)."""
        self._elements.append(Element("funding", {"url": url}, _short(words)))

    def ai_content(self) -> None:
        """Declare synthetic voices (feed rule P7)."""
        self._elements.append(_txt("true", purpose="ai-content"))


class PodcastEntry(BaseEntryExtension):
    """Item elements of the podcast namespace."""

    def __init__(self) -> None:
        self._elements: list[Element] = []

    def extend_rss(self, feed: Any) -> Any:
        """Append to an ``item`` element."""
        _append(feed, self._elements)
        return feed

    def transcript(self, url: str, mime_type: str, language: str) -> None:
        """Add a transcript (feed rule P1).

        Raises:
            ValueError: Apps do not know the type.
        """
        if mime_type not in _TRANSCRIPT_TYPES:
            message = f"no type of a transcript: {mime_type}"
            raise ValueError(message)
        attributes = {"url": url, "type": mime_type, "language": language}
        self._elements.append(Element("transcript", attributes))

    def chapters(self, url: str) -> None:
        """Set the file of chapters (feed rule P2).

        Raises:
            ValueError: The item has one already.
        """
        if any(element.name == "chapters" for element in self._elements):
            message = "an item has one file of chapters"
            raise ValueError(message)
        attributes = {"url": url, "type": "application/json+chapters"}
        self._elements.append(Element("chapters", attributes))

    def person(self, name: str, *, role: str, group: str) -> None:
        """Add somebody who took part (feed rule P5); a long name is shortened."""
        attributes = {"role": role, "group": group}
        self._elements.append(Element("person", attributes, name[:_MAX_PERSON_CHARACTERS]))

    def season(self, number: int) -> None:
        """Set the season (feed rule P6)."""
        self._elements.append(Element("season", {}, str(number)))

    def episode(self, number: int) -> None:
        """Set the number of the episode (feed rule P6)."""
        self._elements.append(Element("episode", {}, str(number)))

    def soundbite(self, *, start_ms: int, duration_ms: int, title: str = "") -> None:
        """Point to a stretch that shows what the episode is about."""
        attributes = {"startTime": str(start_ms / 1000), "duration": str(duration_ms / 1000)}
        self._elements.append(Element("soundbite", attributes, _short(title)))

    def alternate_enclosure(
        self, url: str, mime_type: str, *, length: int, bitrate: int, title: str, sha256: str
    ) -> None:
        """Add the sound in another format (feed rule P9).

        Args:
            url: Where it is.
            mime_type: Of the file.
            length: Bytes.
            bitrate: Bits a second.
            title: For people, 32 characters at most.
            sha256: Of the file, in hexadecimal digits.
        """
        digest = b64encode(bytes.fromhex(sha256)).decode()
        integrity = Element("integrity", {"type": "sri", "value": f"sha256-{digest}"})
        numbers = {"length": str(length), "bitrate": str(bitrate)}
        attributes = {"type": mime_type, **numbers, "title": title[:32]}
        children = (Element("source", {"uri": url}), integrity)
        self._elements.append(Element("alternateEnclosure", attributes, children=children))

    def ai_content(self) -> None:
        """Declare synthetic voices (feed rule P7)."""
        self._elements.append(_txt("true", purpose="ai-content"))


def _txt(text: str, *, purpose: str) -> Element:
    return Element("txt", {"purpose": purpose}, text[:_MAX_TXT_CHARACTERS])


def _short(text: str) -> str:
    return text[:_MAX_WORDS_CHARACTERS]


def _append(parent: Any, elements: Iterable[Element]) -> None:
    """Write elements; here, once, whatever XML cannot carry is left out of all their texts."""
    for one in elements:
        attributes = {name: printable_line(value) for name, value in one.attributes.items()}
        element = lxml.etree.SubElement(parent, f"{{{one.namespace}}}{one.name}", attributes)
        element.text = printable_line(one.text) or None
        _append(element, one.children)


def _append_explicit(parent: Any, is_explicit: bool) -> None:
    element = lxml.etree.SubElement(parent, f"{{{ITUNES_NS}}}explicit")
    element.text = "true" if is_explicit else "false"
