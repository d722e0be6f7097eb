"""What is done to XML from elsewhere before any parser sees it (pure).

One pass over the text, linear in its length: it refuses what parsers have been attacked with, and
finds where the document can be cut, so that a feed of 100,000 items costs no more than its first
500, and the whole items of one that breaks off can still be read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from audiobrief.errors import SourceError
from audiobrief.intake.charset import is_unsafe, read_text

#: So much is parsed: feedparser takes some 40 us an element. 500 items with 20 elements each, and
#: articles of 300 paragraphs in XHTML, are below.
MAX_ELEMENTS: Final = 200_000
#: Of one item: what is longer is no article, which ends at 2 MB; escaped, that is a little more.
_MOST_ITEM_CHARACTERS: Final = 3_000_000
_MOST_ITEM_ELEMENTS: Final = 20_000
_MOST_ATTRIBUTES: Final = 256
#: What lxml allows, too; feeds have about 6, and markup inside of them 30.
MAX_DEPTH: Final = 256

_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z][\w.:-]*)""")
#: No attribute value has a "<" in XML, so a match ends before the next tag: linear.
_TOKEN = re.compile(
    r"""<(?:(?P<open>!--|!\[CDATA\[|\?|!)|(?P<slash>/?)(?P<name>[^\s<>/!?="']++)"""
    r"""(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>)"""
)
_ATTRIBUTE = re.compile(r"""=\s*["']""")
_ENDS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}
#: Beginnings of DOCTYPEs that feeds really have: nothing is ever fetched for them.
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+[\w:.-]+\s*(?P<id>(?:PUBLIC|SYSTEM)\b[^\[>]*)?>""", re.IGNORECASE
)
_RSS_DTD = re.compile(
    r"""rss-0\.9\d?\.dtd|-//Netscape Communications//DTD RSS|-//W3C//DTD X?HTML""", re.IGNORECASE
)
#: HTML elements without an end, which feeds that are no XML have unescaped.
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "source", "wbr"])
_REFERENCE = re.compile("&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
# XML 1.0 (fifth edition), production [2] Char.
_NO_CHAR = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Guarded:
    """XML that any parser may be given."""

    #: Without a declaration, a DOCTYPE, or characters that XML does not have.
    text: str
    #: Breaks off before its last element ends: ``text`` is what is whole of it, and ends properly.
    is_cut_off: bool = False
    #: Items beyond those asked for, which are not in ``text``.
    left_out: int = 0
    notes: tuple[str, ...] = ()


def guard_xml(
    raw: bytes,
    where: str,
    *,
    charset: str | None = None,
    item_names: frozenset[str] = frozenset(),
    most: int = 0,
) -> Guarded:
    """Return XML as text that is safe to parse.

    Args:
        raw: The document; the caller has limited its size.
        where: Its address, for errors.
        charset: What the server says; the document's own declaration counts for less.
        item_names: Elements, without a prefix, of which ``most`` are kept.
        most: 0: all.

    Raises:
        SourceError: It declares entities or an outside definition, is nested deeper than
            ``MAX_DEPTH``, is in an encoding that hides markup, or has no element.
    """
    declared = _ENCODING.search(raw[:1024].split(b"?>")[0])
    label = declared[1].decode("ascii") if declared else None
    if is_unsafe(label) or is_unsafe(charset):
        raise _refused(f"it is declared as {label if is_unsafe(label) else charset}", where)
    read = read_text(raw, charset, label)
    text = _REFERENCE.sub(_allowed_reference, _NO_CHAR.sub("", read.text))
    walk = _Walk(where, item_names, most)
    root = walk.through(text)
    if root is None:
        raise SourceError("this is no XML: it has no element", where, remedy="check the address")
    starts = [root, *(end for _, end in walk.oversized)]
    ends = [*(start for start, _ in walk.oversized), walk.end]
    kept = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return Guarded(
        "".join([*kept, *(f"</{name}>" for name in reversed(walk.left_open))]),
        is_cut_off=walk.is_cut_off,
        left_out=walk.items - walk.kept_items,
        notes=(*read.notes, *walk.notes()),
    )


class _Walk:
    """One pass over a document's tags."""

    def __init__(self, where: str, item_names: frozenset[str], most: int) -> None:
        self._where = where
        self._item_names = item_names
        self._most = most
        self._stack: list[str] = []
        #: How many elements of each name are open, so that an end without a start costs nothing.
        self._open: Counter[str] = Counter()
        self._elements = 0
        self._item_depth = 0
        self._item_start = (0, 0)
        #: Where the text can be cut, and what is open there.
        self._cut: tuple[int, tuple[str, ...]] = (0, ())
        #: Items that are no articles, from where to where.
        self.oversized: list[tuple[int, int]] = []
        self.items = 0
        self.kept_items = 0
        self.end = 0
        #: What is open where the text is cut.
        self.left_open: tuple[str, ...] = ()
        self.is_cut_off = False

    def through(self, text: str) -> int | None:
        """Go through the text; return where its root begins, ``None``: it has none."""
        root, place = None, 0
        while (found := _TOKEN.search(text, place)) is not None:
            if found["open"]:
                place = self._past(text, found.start(), found["open"], root)
                continue
            place = found.end()
            root = found.start() if root is None and not found["slash"] else root
            if root is not None:
                self._tag(found)
            if root is not None and not self._stack:
                break
        else:
            self.is_cut_off = True
        self.end, self.left_open = self._cut
        return root

    def notes(self) -> list[str]:
        """Return what was left out, save items beyond those asked for."""
        notes = []
        if self.oversized:
            notes.append(f"{len(self.oversized)} items are too large for an article")
        if self._elements > MAX_ELEMENTS:
            notes.append(f"it was read up to its {MAX_ELEMENTS}th element")
        return notes

    def _past(self, text: str, start: int, kind: str, root: int | None) -> int:
        """Return where a comment, an instruction or a declaration ends."""
        if kind == "!":
            doctype = _DOCTYPE.match(text, start) if root is None else None
            if doctype is None:
                # Only declarations are left, and none belongs outside of an internal subset.
                if text[start + 2 : start + 3].isalpha():
                    raise _refused("it declares entities or other definitions", self._where)
                return start + 2
            if doctype["id"] and not _RSS_DTD.search(doctype["id"]):
                raise _refused("it wants definitions from elsewhere", self._where)
            return doctype.end()
        end = text.find(_ENDS[kind], start + 1 + len(kind))
        return end + len(_ENDS[kind]) if end >= 0 else len(text)

    def _tag(self, found: re.Match[str]) -> None:
        name = found["name"]
        if found["slash"]:
            self._close(name, found.end())
        else:
            self._start(name, found)
        if not self._item_depth and not self._has_enough():
            # Within an item nothing is cut: half of an article would pass for one.
            self._cut = found.end(), tuple(self._stack)
            self.kept_items = self.items

    def _start(self, name: str, found: re.Match[str]) -> None:
        if found["rest"].count("=") > _MOST_ATTRIBUTES < len(_ATTRIBUTE.findall(found["rest"])):
            raise _refused(f"an element has more than {_MOST_ATTRIBUTES} attributes", self._where)
        is_item = self._is_item(name) and not self._item_depth
        if is_item:
            self._item_start = found.start(), self._elements
        if not 0 < self._most < self.items:
            self._elements += 1
        if found["rest"].endswith("/>") or name.lower() in _VOID:
            return
        self._stack.append(name)
        self._open[name] += 1
        if is_item:
            self._item_depth = len(self._stack)
        if len(self._stack) > MAX_DEPTH:
            raise _refused(f"its elements are nested deeper than {MAX_DEPTH}", self._where)

    def _close(self, name: str, place: int) -> None:
        if not self._open[name]:
            return
        while True:
            last = self._stack.pop()
            self._open[last] -= 1
            if last == name:
                break
        if self._item_depth and len(self._stack) < self._item_depth:
            self._item_depth = 0
            self._end_item(place)

    def _end_item(self, place: int) -> None:
        start, elements = self._item_start
        is_too_large = (
            place - start > _MOST_ITEM_CHARACTERS or self._elements - elements > _MOST_ITEM_ELEMENTS
        )
        if not is_too_large:
            self.items += 1
            return
        self._elements = elements
        if not self._has_enough():
            self.oversized.append((start, place))

    def _has_enough(self) -> bool:
        return self._elements > MAX_ELEMENTS or 0 < self._most < self.items

    def _is_item(self, name: str) -> bool:
        return name.rpartition(":")[2].lower() in self._item_names


def _allowed_reference(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    # Longer ones are beyond Unicode, and would take time to be read.
    code = int(number, 16 if match[1] else 10) if len(number) <= 8 else -1
    allowed = 0 <= code <= 0x10FFFF and not _NO_CHAR.match(chr(code))
    return match[0] if allowed else ""


def _refused(reason: str, where: str) -> SourceError:
    return SourceError(
        f"this document is refused: {reason}",
        where,
        remedy="no feed needs that; ask its publisher, or take it out of your list",
    )
