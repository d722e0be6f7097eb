"""A listener's own edition of a feed: every address of the show leads through the token (pure).

Addresses are found where markup has them, by a parser, and the way to the door is put into the
bytes of the file: text that looks like an address, or like markup, stays as it is, and so does
every byte that was there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from audiobrief.publish.subscribe import escape_text, render_subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Stands before the token in a path.
DOOR: Final = "l"
#: Where feeds and lists of feeds have addresses: these attributes, the text of these elements.
_ATTRIBUTES: Final = frozenset({"href", "url", "uri", "src", "img", "xmlUrl", "htmlUrl"})
_ELEMENTS: Final = frozenset({"link", "url", "new-feed-url"})
_CHAPTER_KEYS: Final = ("img", "url")
# Our pages have no "<" within a tag; so each of the two looks at every letter a few times at most.
_TAG: Final = re.compile(rb"""<[^<"'>]*(?:(?:"[^<"]*"|'[^<']*')[^<"'>]*)*>""")
_ATTRIBUTE: Final = re.compile(rb"""(?<![^\s=<>"'/])([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Edition:
    """One listener's view of the addresses of a show."""

    #: Absolute, ASCII, with its closing slash, as the feed writes it.
    base_url: str
    token: str
    #: Of the workspace's other shows: what begins so is theirs.
    others: tuple[str, ...] = ()

    def address(self, url: str) -> str:
        """Return an address as the listener is told it; one of others stays.

        >>> Edition("https://a.example/", "7f").address("https://a.example/feed.xml")
        'https://a.example/l/7f/feed.xml'
        """
        if not url.startswith(self.base_url) or url.startswith(self._longer):
            return url
        return f"{self.base_url}{self.way}{url[len(self.base_url) :]}"

    @property
    def way(self) -> str:
        """What stands between the show's address and the rest."""
        return f"{DOOR}/{self.token}/"

    @property
    def _longer(self) -> tuple[str, ...]:
        """Addresses of shows that begin as this one's does."""
        return tuple(base for base in self.others if len(base) > len(self.base_url))

    def door_in(self, written: bytes) -> int | None:
        """Return where the way goes into an address as XML has it; ``None``: it is not ours."""
        base = escape(self.base_url).encode()
        own = written.lstrip()
        if not own.startswith(base) or own.startswith(
            tuple(escape(other).encode() for other in self._longer)
        ):
            return None
        return len(written) - len(own) + len(base)

    def render(self, content: bytes, kind: str) -> bytes:
        """Return a file with the listener's addresses.

        Args:
            content: Of the file.
            kind: `Kind.name`; of those that are not in `KINDS`, the content stays.

        Raises:
            ValueError: It is damaged.
        """
        change = _BY_KIND.get(kind)
        return content if change is None else change(content, self)


def _readdress_xml(xml: bytes, edition: Edition) -> bytes:
    """Change a feed, or a list of feeds.

    Raises:
        ValueError: It is no XML.
    """
    doors: list[int] = []
    #: For each open element: where its text begins, if it is an address; else -1.
    open_at: list[int] = []
    parser = expat.ParserCreate()

    def start(name: str, _attributes: Any) -> None:
        tag = _TAG.match(xml, parser.CurrentByteIndex)
        if tag is None:
            message = "the parser has lost its place"
            raise ValueError(message)
        doors.extend(_doors_in_tag(tag, edition))
        is_text = name.rpartition(":")[2] in _ELEMENTS and not tag[0].endswith(b"/>")
        open_at.append(tag.end() if is_text else -1)

    def end(_name: str) -> None:
        begin, stop = open_at.pop(), parser.CurrentByteIndex
        if begin >= 0 and b"<" not in xml[begin:stop]:
            doors.extend(_door(xml, begin, stop, edition))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        message = f"it is no XML: {error}"
        raise ValueError(message) from error
    finally:
        # Parser and handlers hold each other, and with them every feed that was ever told.
        parser.StartElementHandler = parser.EndElementHandler = None
    ends = [*sorted(doors), len(xml)]
    pieces = [xml[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return edition.way.encode().join(pieces)


def _doors_in_tag(tag: re.Match[bytes], edition: Edition) -> Iterator[int]:
    # From value to value: what looks like an attribute within one is none.
    for found in _ATTRIBUTE.finditer(tag[0]):
        if found[1].decode().rpartition(":")[2] in _ATTRIBUTES:
            start, stop = (tag.start() + place for place in found.span(2))
            yield from _door(tag.string, start + 1, stop - 1, edition)


def _door(xml: bytes, start: int, stop: int, edition: Edition) -> Iterator[int]:
    door = edition.door_in(xml[start:stop])
    if door is not None:
        yield start + door


def _readdress_page(page: bytes, edition: Edition) -> bytes:
    """Change a page of ours: its links are relative, and the feed's address stands in one part.

    Text of others cannot have a ``<`` of its own, so that it is never taken for that part.
    """
    feed = f"{edition.base_url}feed.xml"
    own = edition.address(feed)
    page = page.replace(_subscription(feed), _subscription(own))
    # Pages of earlier versions have it as code alone.
    return page.replace(_as_code(feed), _as_code(own))


def _subscription(feed: str) -> bytes:
    return render_subscription(feed, is_private=True).encode()


def _as_code(url: str) -> bytes:
    return f"<code>{escape_text(url)}</code>".encode()


def _readdress_chapters(content: bytes, edition: Edition) -> bytes:
    """Change chapters in JSON (podcast namespace 1.2.0).

    Raises:
        ValueError: They are no JSON.
    """
    document = json.loads(content)
    chapters = document.get("chapters") if isinstance(document, dict) else None
    is_changed = False
    for chapter in chapters if isinstance(chapters, list) else ():
        for key in _CHAPTER_KEYS if isinstance(chapter, dict) else ():
            url = chapter.get(key)
            if isinstance(url, str) and edition.address(url) != url:
                chapter[key], is_changed = edition.address(url), True
    if not is_changed:
        return content
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


_BY_KIND: Final[dict[str, Callable[[bytes, Edition], bytes]]] = {
    "feed": _readdress_xml,
    "page": _readdress_page,
    "chapters": _readdress_chapters,
}
#: Kinds of files that have addresses in them.
KINDS: Final = frozenset(_BY_KIND)
