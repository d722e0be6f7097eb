"""What feedgen lacks: the podcast namespace, and itunes:explicit as apps read it today.

feedgen calls an extension's methods while it writes; each element is checked when it is set.
"""

# feedgen has no annotations.
# mypy: allow-subclassing-any
from __future__ import annotations

from typing import Any
from uuid import UUID

# Before feedgen, whose util module uses lxml.etree without importing it.
import lxml.etree
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.ext.podcast import PodcastExtension
from feedgen.ext.podcast_entry import PodcastEntryExtension

PODCAST_NS = "https://podcastindex.org/namespace/1.0"
ITUNES_NS = "http://www.itunes.com/dtds/podcast-1.0.dtd"

# Feed rule P1.
_TRANSCRIPT_TYPES = frozenset(
    {"text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip"}
)
_MAX_PERSON_CHARACTERS = 128
_MAX_TXT_CHARACTERS = 4000

Element = tuple[str, dict[str, str], str]


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

    def guid(self, guid: str) -> None:
        """Set the identity of the feed (feed rule F10)."""
        self._elements.append(("guid", {}, str(UUID(guid))))

    def locked(self, *, owner: str = "") -> None:
        """Tell other hosts not to import the feed (feed rule P3)."""
        self._elements.append(("locked", {"owner": owner} if owner else {}, "yes"))

    def medium(self, medium: str) -> None:
        """Set what the feed holds (feed rule P4)."""
        self._elements.append(("medium", {}, medium))

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
        self._elements.append(("transcript", attributes, ""))

    def chapters(self, url: str) -> None:
        """Set the file of chapters (feed rule P2).

        Raises:
            ValueError: The item has one already.
        """
        if any(name == "chapters" for name, _, _ in self._elements):
            message = "an item has one file of chapters"
            raise ValueError(message)
        attributes = {"url": url, "type": "application/json+chapters"}
        self._elements.append(("chapters", attributes, ""))

    def person(self, name: str, *, role: str, group: str) -> None:
        """Add somebody who took part (feed rule P5); a long name is shortened."""
        self._elements.append(
            ("person", {"role": role, "group": group}, name[:_MAX_PERSON_CHARACTERS])
        )

    def ai_content(self) -> None:
        """Declare synthetic voices (feed rule P7)."""
        self._elements.append(_txt("true", purpose="ai-content"))


def _txt(text: str, *, purpose: str) -> Element:
    return ("txt", {"purpose": purpose}, text[:_MAX_TXT_CHARACTERS])


def _append(parent: Any, elements: list[Element]) -> None:
    for name, attributes, text in elements:
        element = lxml.etree.SubElement(parent, f"{{{PODCAST_NS}}}{name}", attributes)
        element.text = text or None


def _append_explicit(parent: Any, is_explicit: bool) -> None:
    element = lxml.etree.SubElement(parent, f"{{{ITUNES_NS}}}explicit")
    element.text = "true" if is_explicit else "false"
