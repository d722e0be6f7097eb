"""OPML, in which readers keep the list of their feeds (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from audiobrief.errors import SourceError
from audiobrief.intake.address import canonical_url, web_address
from audiobrief.intake.markup import line_of
from audiobrief.intake.xml_guard import guard_xml

#: The longest lists of readers have some hundred feeds.
MAX_FEEDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed on a list."""

    url: str
    title: str | None = None
    #: The outlines above it, from the outermost on.
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a list holds."""

    #: In the order of the list, each feed once.
    feeds: tuple[Subscription, ...]
    notes: tuple[str, ...] = ()


def parse_opml(raw: bytes, *, url: str, charset: str | None = None) -> Outline:
    """Return the feeds that an OPML document lists.

    A document that breaks off gives the feeds up to there, and a note.

    Args:
        raw: As it came; the caller has limited its size.
        url: Its address or path: relative addresses are relative to it, and errors name it.
        charset: What the server says of its encoding.

    Raises:
        SourceError: It is no OPML, or a document that is not safe to parse.
    """
    from lxml import etree  # noqa: PLC0415 - lazy: 15 ms, and no other command needs it

    guarded = guard_xml(raw, url, charset=charset)
    # Lists are written by hand, too: a lone "&" in a title costs no feed.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True
    )
    try:
        root = etree.fromstring(guarded.text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise _no_opml(url) from error
    if root is None or str(root.tag).lower() != "opml":
        raise _no_opml(url)
    found: dict[str, Subscription] = {}
    addresses = 0
    for outline in root.iter("outline"):
        written = _attribute(outline, "xmlurl")
        if written is None:
            continue
        addresses += 1
        address = web_address(written.replace("feed://", "http://", 1), base=url)
        if address is not None and len(found) < MAX_FEEDS:
            above = [line_of(_title(each)) for each in outline.iterancestors("outline")]
            folders = tuple(name for name in reversed(above) if name)
            subscription = Subscription(address, line_of(_title(outline)), folders)
            found.setdefault(canonical_url(address), subscription)
    notes = list(guarded.notes)
    if guarded.is_cut_off:
        notes.append(f"the list breaks off: {len(found)} feeds were read")
    if addresses > len(found):
        notes.append(f"{addresses - len(found)} entries are no new feeds that can be fetched")
    return Outline(tuple(found.values()), tuple(notes))


def is_opml(raw: bytes) -> bool:
    """Tell whether a document looks like OPML."""
    return b"<opml" in raw[:20_000].replace(b"\0", b"").lower()


def _title(outline: object) -> str | None:
    return _attribute(outline, "title") or _attribute(outline, "text")


def _attribute(outline: object, name: str) -> str | None:
    """Return an attribute; its name is compared without case, since programs differ in it."""
    attributes = getattr(outline, "attrib", {})
    return next((value for key, value in attributes.items() if key.lower() == name and value), None)


def _no_opml(url: str) -> SourceError:
    return SourceError(
        "this is no OPML", url, remedy="export the list of feeds from your reader as OPML"
    )
