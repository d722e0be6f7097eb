"""A channel or an item by the names that rules use, however the feed writes its prefixes (pure)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACES: Final = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
#: What the podcast namespace was called before it had an address of its own.
OLD_PODCAST: Final = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
#: In lower case: a wrong one is one finding (F2), not twenty that all is missing.
_PREFIXES = {uri.lower(): prefix for prefix, uri in NAMESPACES.items()} | {
    OLD_PODCAST.lower(): "podcast"
}


def prefix_of(uri: str) -> str:
    """Return the prefix that an address is meant to have, ``""`` for other namespaces.

    >>> prefix_of("http://www.itunes.com/DTDs/Podcast-1.0.dtd"), prefix_of("urn:x")
    ('itunes', '')
    """
    return _PREFIXES.get(uri.lower(), "")


@lru_cache(maxsize=4096)
def _name(tag: str, prefix: str | None) -> str:
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].partition("}")
    meant = prefix_of(uri) or (prefix or "")
    return f"{meant}:{local}" if meant else local


def name_of(element: Any) -> str:
    """Return an element's name with the usual prefix: ``itunes:author``."""
    return _name(element.tag, element.prefix)


class Node:
    """An element of the feed and its children by name.

    Args:
        element: ``channel`` or ``item``.
    """

    __slots__ = ("_children", "_inner", "element")

    def __init__(self, element: Any) -> None:
        self.element = element
        self._children: dict[str, list[Any]] = {}
        #: Children that have children of their own.
        self._inner: list[Any] = []
        for child in element:
            if isinstance(child.tag, str):
                self._children.setdefault(_name(child.tag, child.prefix), []).append(child)
                if len(child):
                    self._inner.append(child)

    def all(self, name: str) -> list[Any]:
        """Return the children of a name."""
        return self._children.get(name, [])

    def text(self, name: str) -> str:
        """Return the text of the first child of a name; empty when there is none."""
        found = self._children.get(name)
        return text_in(found[0]) if found else ""

    def attribute(self, name: str, attribute: str) -> str:
        """Return an attribute of the first child of a name; empty when there is none."""
        found = self._children.get(name)
        return str(found[0].get(attribute, "")).strip() if found else ""

    @property
    def names(self) -> frozenset[str]:
        """The names of all elements at any depth."""
        inner = {name_of(e) for child in self._inner for e in child.iterdescendants("*")}
        return frozenset(inner.union(self._children))

    def everywhere(self, name: str) -> Iterator[Any]:
        """Return the elements of a name at any depth."""
        yield from self._children.get(name, ())
        for child in self._inner:
            for inner in child.iterdescendants("*"):
                if name_of(inner) == name:
                    yield inner

    def links(self, relation: str) -> list[Any]:
        """Return the ``atom:link`` children of a relation."""
        return [link for link in self.all("atom:link") if link.get("rel") == relation]


def text_in(element: Any) -> str:
    """Return the text of an element, markup that was not escaped left out."""
    text = "".join(element.itertext()) if len(element) else element.text
    return str(text or "").strip()
