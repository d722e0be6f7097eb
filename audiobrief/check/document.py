"""The bytes of a feed, made safe to parse, and what is wrong with them already (pure).

Feeds of others are hostile until proven otherwise: whatever comes is turned into UTF-8 without
entities of its own, so that the parser has nothing to expand, load or guess.
"""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

#: A feed of 10,000 episodes has 25 MB.
MAX_BYTES = 200_000_000
_DECLARATION = re.compile(rb"<\?xml\s([^>]{0,300})\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z][\w.:-]{0,40})["']""")
_VERSION = re.compile(rb"""version\s*=\s*["']([^"']{0,20})["']""")
#: Python's codecs, but not the web's; UTF-7 hides markup from whoever looks for it.
_NO_CHARSETS = frozenset(
    {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    # Without a mark, as XML 1.0, appendix F, tells them apart.
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,100})")
_ROOTS = {
    "feed": "an Atom feed, not RSS: podcast apps and directories want RSS 2.0: offer one beside it",
    "RDF": "RSS 1.0 (RDF), not RSS 2.0: podcast apps and directories want RSS 2.0",
    "opml": "a list of feeds (OPML), not a feed: check the feeds that it names",
    "html": "an HTML page, not a feed: use the feed's own address, or see what the server sends",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A feed's bytes as the parser gets them."""

    #: UTF-8; empty: there is nothing to parse.
    content: bytes
    #: Why apps refuse it as XML (F1).
    problems: tuple[str, ...] = ()
    #: What apps put up with (F1).
    remarks: tuple[str, ...] = ()
    #: What it is instead of RSS (F2).
    other: str = ""


def open_document(raw: bytes) -> Document:
    """Return what can be parsed of a feed, and what cannot be said of XML at all.

    >>> open_document(b"").problems
    ('the feed is empty: build or upload it again',)
    """
    problems: list[str] = []
    if raw.startswith(b"\x1f\x8b"):
        raw = _unzipped(raw)
        problems.append("the file is compressed with gzip: store it plain, and let the server zip")
    if not raw.strip() or len(raw) > MAX_BYTES:
        what = (
            "empty: build or upload it again" if not raw.strip() else "larger than 200 MB: page it"
        )
        return Document(b"", (*problems, f"the feed is {what}"))
    content, encoding_problem, remark = _utf8(raw)
    if encoding_problem:
        problems.append(encoding_problem)
    head = content.lstrip() if content[:1].isspace() else content
    if not content or head[:1] != b"<":
        is_json = head[:1] in {b"{", b"["}
        what = "JSON, not XML" if is_json else "no XML: it does not begin with <"
        return Document(b"", (*problems, f"this is {what}: use the address of an RSS feed"))
    if len(head) != len(content):
        problems.append("there is blank space before the XML: nothing may stand before <?xml")
    other = _ROOTS.get(_root_of(head), "")
    refusal = f"this is {other}" if other.startswith("an HTML") else _refusal(head)
    if refusal:
        return Document(b"", (*problems, refusal), other=other)
    return Document(b"" if other else head, tuple(problems), (remark,) if remark else (), other)


def _unzipped(raw: bytes) -> bytes:
    inflater = zlib.decompressobj(31)
    try:
        return inflater.decompress(raw, MAX_BYTES + 1)
    except zlib.error:
        return b""


def _utf8(raw: bytes) -> tuple[bytes, str, str]:
    """Return the text in UTF-8, what is wrong with its encoding, and what is only unusual."""
    bom = next((name for mark, name in _BOMS if raw.startswith(mark)), "")
    if bom:
        text = raw.decode(bom, errors="replace").removeprefix("\ufeff")
        content = _without_declaration(text.encode("utf-8", "replace"))
        return content, f"the feed is in {bom.upper()[:6]}: save it in UTF-8", ""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    declaration = _DECLARATION.match(raw[:1000].lstrip())
    if declaration is None:
        return raw, "", 'it does not begin with <?xml version="1.0" encoding="UTF-8"?>: add it'
    version, named = _VERSION.search(declaration[1]), _ENCODING.search(declaration[1])
    remark = ""
    if version is None or version[1] != b"1.0":
        remark = 'the declaration does not say version="1.0": write it'
    elif named is None:
        remark = 'the declaration names no encoding: add encoding="UTF-8"'
    if named is None or named[1].lower() in {b"utf-8", b"utf8"}:
        return raw, "", remark
    name = named[1].decode("ascii")
    return _recoded(raw, name), f"the feed is in {name}: save it in UTF-8", remark


def _recoded(raw: bytes, name: str) -> bytes:
    """Return a text in UTF-8; empty: it is in an encoding that the web does not have."""
    try:
        codec = codecs.lookup(name).name
        text = "" if codec in _NO_CHARSETS else raw.decode(codec, errors="replace")
    except (LookupError, ValueError, AttributeError):
        return b""
    return _without_declaration(text.encode("utf-8", "replace"))


def _without_declaration(content: bytes) -> bytes:
    content = content.lstrip()
    found = _DECLARATION.match(content)
    return content[found.end() :].lstrip() if found else content


def _prolog(content: bytes) -> tuple[int, list[bytes]]:
    """Return where the root begins, and the declarations before it."""
    place, declarations = 0, []
    while (place := content.find(b"<", place)) >= 0:
        if content.startswith(b"<?", place):
            end, length = content.find(b"?>", place), 2
        elif content.startswith(b"<!--", place):
            end, length = content.find(b"-->", place), 3
        elif content.startswith(b"<!", place):
            end, length = content.find(b">", place), 1
            declarations.append(content[place : end + 1 if end >= 0 else None])
        else:
            break
        if end < 0:
            return len(content), declarations
        place = end + length
    return (place if place >= 0 else len(content)), declarations


def _refusal(content: bytes) -> str:
    """Return why a document is not parsed at all."""
    _, declarations = _prolog(content)
    # A quoted ">" may end a declaration too early here: then what follows is no DOCTYPE.
    if any(b"[" in found or found[:9].upper() != b"<!DOCTYPE" for found in declarations):
        return "it declares entities, which apps refuse as an attack: remove the DOCTYPE"
    return ""


def _root_of(content: bytes) -> str:
    place, declarations = _prolog(content)
    if any(re.match(rb"(?i)<!doctype\s+html", found) for found in declarations):
        return "html"
    found = _ROOT.match(content, place)
    name = found[1].decode("ascii", "replace").rpartition(":")[2] if found else ""
    return "html" if name.lower() == "html" else name
