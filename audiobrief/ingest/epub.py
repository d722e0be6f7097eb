"""The package of an EPUB 2 or 3: what the book is called, its pages in order, its contents."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from audiobrief.errors import SourceError
from audiobrief.ingest.markup_file import (
    attribute,
    children,
    descendants,
    local_name,
    parse_xhtml,
    parse_xml,
    text_of,
)
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobrief.ingest.archive import Archive

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
#: Fonts may be scrambled with these and the text is in the clear (OCF 3.3, 4.2.6; Adobe).
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
#: Files that copy protections leave beside the book, and whose they are.
_PROTECTIONS = {
    "META-INF/rights.xml": "Adobe's",
    "META-INF/license.lcpl": "Readium LCP's",
    "META-INF/sinf.xml": "Apple's",
}
#: The package and the contents of a book of 10,000 pages have 3 MB.
_PACKAGE_BYTES = 10_000_000
_MAX_ENTRIES = 5000
_PAGE_TYPES = ("application/xhtml+xml", "text/html")
_REMEDY = "save the book again as EPUB with the program that made it"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    title: str
    #: A page of the book; ``None`` for a heading without a place.
    page: str | None
    #: Where on the page; empty: at its beginning.
    anchor: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """An EPUB, without its text."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    language: str | None = None
    publisher: str | None = None
    subjects: tuple[str, ...] = ()
    #: Names of the members to be read, in order.
    pages: tuple[str, ...] = ()
    contents: tuple[Entry, ...] = ()
    #: What pages are to the book, in the words of the package: ``cover``, ``toc``, ``index`` …
    kinds: Mapping[str, str] = field(default_factory=dict)
    #: Pages beside the reading order (``linear="no"``), and those that are missing.
    aside: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    #: What is wrong with it, in words for the user.
    notes: tuple[str, ...] = ()


def read_book(archive: Archive, locator: str) -> Book:
    """Read the package of an EPUB.

    Raises:
        SourceError: It is no EPUB, its text is encrypted, or its package is damaged.
    """
    if _CONTAINER not in archive:
        what = "a Word document" if "word/document.xml" in archive else "no EPUB"
        raise SourceError(
            f"this is {what}: it has no {_CONTAINER}", locator, remedy="check what the file is"
        )
    container = parse_xml(_member(archive, _CONTAINER), _CONTAINER, locator)
    roots = [attribute(e, "full-path") for e in descendants(container, "rootfile")]
    package_name = next((name for name in roots if name in archive), None)
    if package_name is None:
        raise SourceError("the book's package file is missing", locator, remedy=_REMEDY)
    package = parse_xml(_member(archive, package_name), package_name, locator)
    items = _items(package, package_name)
    spine = [
        (items.get(attribute(ref, "idref"), _Item("", "", "")), attribute(ref, "linear") == "no")
        for ref in descendants(package, "itemref")
    ]
    spine = [(item, aside) for item, aside in spine if item.kind in _PAGE_TYPES]
    _refuse_encrypted(archive, {item.name for item, _ in spine}, locator)
    told = _Told(package)
    contents, notes = _contents(archive, items, locator)
    return Book(
        title=told.first("title"),
        authors=told.authors(),
        date=told.date(),
        language=told.first("language"),
        publisher=told.first("publisher"),
        subjects=told.all("subject"),
        pages=tuple(dict.fromkeys(i.name for i, aside in spine if not aside and i.name in archive)),
        contents=contents,
        kinds=_kinds(package, package_name, items),
        aside=tuple(item.name for item, aside in spine if aside),
        missing=tuple(item.name for item, aside in spine if not aside and item.name not in archive),
        notes=notes,
    )


def _member(archive: Archive, name: str) -> bytes:
    return archive.read(name, limit_bytes=_PACKAGE_BYTES)


def _refuse_encrypted(archive: Archive, pages: set[str], locator: str) -> None:
    """Refuse a book whose pages are encrypted; scrambled fonts alone do no harm."""
    if _ENCRYPTION not in archive:
        return
    root = parse_xml(_member(archive, _ENCRYPTION), _ENCRYPTION, locator)
    for data in descendants(root, "EncryptedData"):
        methods = [attribute(method, "Algorithm") for method in children(data, "EncryptionMethod")]
        names = {unquote(attribute(ref, "URI")) for ref in descendants(data, "CipherReference")}
        if names & pages and not set(methods) <= set(_FONTS_ONLY):
            whose = next((who for file, who in _PROTECTIONS.items() if file in archive), "a")
            raise SourceError(
                f"the book is encrypted: it has {whose} copy protection (DRM)",
                locator,
                remedy="take a copy without DRM; shops say which books have none",
            )


@dataclass(frozen=True, slots=True)
class _Item:
    """A file that the package lists."""

    name: str
    kind: str
    properties: str


def _items(package: Any, package_name: str) -> dict[str, _Item]:
    return {
        attribute(e, "id"): _Item(
            resolved(attribute(e, "href"), package_name)[0],
            attribute(e, "media-type"),
            attribute(e, "properties"),
        )
        for e in descendants(package, "item")
    }


def resolved(href: str, beside: str) -> tuple[str, str]:
    """Return the member that a link means, and the place in it."""
    try:
        parts = urlsplit(href)
    except ValueError:  # brackets that are no IPv6 address
        return "", ""
    path = unquote(parts.path)
    name = posixpath.normpath(posixpath.join(posixpath.dirname(beside), path)) if path else beside
    return name, unquote(parts.fragment)


class _Told:
    """The metadata of a package."""

    def __init__(self, package: Any) -> None:
        self._elements = [e for m in descendants(package, "metadata") for e in m.iter("*")]
        # EPUB 3 says of an element by its id what EPUB 2 says in its attributes.
        self._refined = {
            (attribute(e, "refines").removeprefix("#"), attribute(e, "property")): text_of(e)
            for e in self._elements
            if attribute(e, "refines")
        }

    def all(self, name: str) -> tuple[str, ...]:
        found = (_clean(text_of(e)) for e in self._elements if local_name(e.tag) == name)
        return tuple(dict.fromkeys(value for value in found if value))

    def first(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def authors(self) -> tuple[str, ...]:
        """Return the creators that are said to be authors, or of whom nothing is said."""
        found = []
        for e in self._elements:
            role = attribute(e, "role") or self._refined.get((attribute(e, "id"), "role"), "aut")
            if local_name(e.tag) == "creator" and role == "aut" and (name := _clean(text_of(e))):
                found.append(_in_order(name))
        return tuple(dict.fromkeys(found))

    def date(self) -> str | None:
        """Return when the book was published, not when its file was made."""
        dates = [e for e in self._elements if local_name(e.tag) == "date"]
        of = {attribute(e, "event"): _clean(text_of(e)) for e in reversed(dates)}
        return of.get("publication") or of.get("original-publication") or of.get("") or None


def _in_order(name: str) -> str:
    """Write a name as it is said: some libraries have the surname first.

    >>> _in_order("Ruiz, Ana"), _in_order("Ana Ruiz, PhD")
    ('Ana Ruiz', 'Ana Ruiz, PhD')
    """
    surname, comma, given = name.partition(", ")
    if comma and " " not in surname and "," not in given and given[1:2].islower():
        return f"{given} {surname}"
    return name


def _clean(text: str) -> str:
    return " ".join(scrub(text)[0].split())[:1000]


def _kinds(package: Any, package_name: str, items: Mapping[str, _Item]) -> dict[str, str]:
    """Return what the package's guide and its items say that pages are."""
    kinds = {
        resolved(attribute(e, "href"), package_name)[0]: attribute(e, "type").lower()
        for guide in descendants(package, "guide")
        for e in children(guide, "reference")
    }
    return kinds | {i.name: "toc" for i in items.values() if "nav" in i.properties.split()}


def _contents(
    archive: Archive, items: Mapping[str, _Item], locator: str
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the table of contents, and what to say where it is damaged: pages count then."""
    notes = []
    navs = [item for item in items.values() if "nav" in item.properties.split()]
    old = [item for item in items.values() if item.kind == "application/x-dtbncx+xml"]
    for item in (*navs, *old):
        if item.name not in archive:
            continue
        try:
            raw = _member(archive, item.name)
            found = (_nav if item in navs else _ncx)(raw, item.name, locator)
        except SourceError as error:
            notes.append(f"the table of contents is damaged: {error.problem}")
            continue
        if found:
            return found, tuple(notes)
    return (), tuple(notes)


def _nav(raw: bytes, name: str, locator: str) -> tuple[Entry, ...]:
    root = parse_xhtml(raw, name, locator)
    navs = descendants(root, "nav")
    toc = [n for n in navs if "toc" in re.split(r"\s", attribute(n, "type"))] or navs
    counter = iter(range(_MAX_ENTRIES))
    return tuple(e for n in toc[:1] for ol in children(n, "ol") for e in _listed(ol, name, counter))


def _listed(ol: Any, name: str, counter: Iterator[int]) -> Iterator[Entry]:
    for item in children(ol, "li"):
        if next(counter, None) is None:
            return
        label = next((e for e in item if local_name(e.tag) in ("a", "span")), None)
        inner = tuple(e for sub in children(item, "ol") for e in _listed(sub, name, counter))
        title = _clean(text_of(label)) if label is not None else ""
        href = label.get("href") if label is not None else None
        page, anchor = resolved(href, name) if href else (None, "")
        yield Entry(title, page, anchor, inner)


def _ncx(raw: bytes, name: str, locator: str) -> tuple[Entry, ...]:
    root = parse_xml(raw, name, locator)
    counter = iter(range(_MAX_ENTRIES))
    return tuple(e for m in descendants(root, "navMap") for e in _points(m, name, counter))


def _points(parent: Any, name: str, counter: Iterator[int]) -> Iterator[Entry]:
    for point in children(parent, "navPoint"):
        if next(counter, None) is None:
            return
        title = next((_clean(text_of(e)) for e in children(point, "navLabel")), "")
        source = next((attribute(e, "src") for e in children(point, "content")), "")
        page, anchor = resolved(source, name) if source else (None, "")
        yield Entry(title, page, anchor, tuple(_points(point, name, counter)))
