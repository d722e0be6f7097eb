"""Parse the XML and XHTML inside of EPUB and DOCX: no entities are resolved, nothing is fetched."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

from audiobrief.errors import SourceError

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,100}")
_OF_XML = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))


def parse_xml(raw: bytes, name: str, locator: str) -> Any:
    """Return the root of an XML file.

    Args:
        raw: The file.
        name: Of the member, for errors.
        locator: Of the archive, for errors.

    Raises:
        SourceError: It is no XML, or nested too deeply.
    """
    try:
        root = etree.fromstring(raw, _parser())
    except etree.XMLSyntaxError as error:
        raise SourceError(
            f"{name} is no proper XML ({error.msg})",
            locator,
            remedy="save the document again with the program that made it",
        ) from error
    return root


def parse_xhtml(raw: bytes, name: str, locator: str) -> Any:
    """Return the root of a page of a book: as XML, else as browsers would take it.

    Element names are bare; ``epub:type`` stands as a role of DPUB-ARIA where there is one.

    Raises:
        SourceError: It has no elements, or is nested too deeply.
    """
    try:
        root = etree.fromstring(_ENTITY.sub(_character, raw), _parser())
    except etree.XMLSyntaxError:
        parser = etree.HTMLParser(no_network=True, huge_tree=False, encoding=_encoding(raw))
        try:
            root = etree.fromstring(raw, parser)
        except etree.XMLSyntaxError:
            root = None
        if root is None or any("depth" in entry.message.lower() for entry in parser.error_log):
            raise SourceError(
                f"{name} cannot be parsed",
                locator,
                remedy="save the document again with the program that made it",
            ) from None
    etree.strip_elements(root, etree.Entity, with_tail=False)
    for element in root.iter(etree.Element):
        name = local_name(element.tag)
        # Damaged markup gives names that lxml reads and does not write.
        element.tag = name if _NAME.fullmatch(name) else "span"
        _give_role(element)
    return root


def local_name(tag: Any) -> str:
    """Return the name of an element or attribute without its namespace.

    >>> local_name("{http://www.w3.org/1999/xhtml}p"), local_name("dc:title")
    ('p', 'title')
    """
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def children(element: Any, name: str) -> list[Any]:
    """Return the child elements of a local name."""
    return [child for child in element if local_name(child.tag) == name]


def descendants(element: Any, name: str) -> list[Any]:
    """Return the elements below one, of a local name, in order."""
    return [child for child in element.iter(etree.Element) if local_name(child.tag) == name]


def attribute(element: Any, name: str) -> str:
    """Return the attribute of a local name; empty when there is none."""
    return next((v for k, v in element.attrib.items() if local_name(k) == name), "")


def text_of(element: Any) -> str:
    """Return the text in an element as one line."""
    return " ".join("".join(element.itertext(etree.Element)).split())


def _parser() -> Any:
    # Entities are kept as what they are, so none can grow or read a file; no DTD is loaded.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


#: What ``epub:type`` (EPUB Structural Semantics) calls the roles that matter here.
_ROLES = {
    "pagebreak": "doc-pagebreak",
    "noteref": "doc-noteref",
    "footnote": "doc-footnote",
    "footnotes": "doc-footnote",
    "rearnote": "doc-endnote",
    "endnote": "doc-endnote",
    "rearnotes": "doc-endnotes",
    "endnotes": "doc-endnotes",
}


def _give_role(element: Any) -> None:
    for key, value in element.attrib.items():
        if local_name(key) == "type" and key != "type":
            role = next((_ROLES[kind] for kind in value.split() if kind in _ROLES), None)
            if role and "role" not in element.attrib:
                element.set("role", role)


def _character(match: re.Match[bytes]) -> bytes:
    """Write a named character of HTML by its number: XML knows five of them."""
    name = match[1]
    found = None if name in _OF_XML else html5.get(f"{name.decode()};")
    return "".join(f"&#{ord(c)};" for c in found).encode() if found else match[0]


def _encoding(raw: bytes) -> str | None:
    """Return UTF-8 where the bytes are it; else the parser looks for what the page declares."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
