"""The paragraphs of WordprocessingML (ECMA-376, part 1, 17) with all changes accepted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from audiobrief.ingest.flatten import raised
from audiobrief.ingest.markup_file import attribute, children, descendants, local_name
from audiobrief.ingest.word_style import Style, is_on, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTENTS = "table of contents"
_FORMULA = "a formula"
_CAPTION = "picture caption"
#: Fields whose result is no text of the article, by the first word of their instruction.
_CONTENT_FIELDS = ("TOC", "INDEX", "TOA")
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "PAGEREF", "SECTIONPAGES")
#: What is around the text and no text itself, and what was taken out of it.
_SKIPPED = frozenset(
    (
        "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr",
        "instrText", "delInstrText", "rt", "docPr", "softHyphen", "footnoteRef", "endnoteRef",
        "annotationRef",
        "commentReference", "footnoteReference", "endnoteReference",
    )
)  # fmt: skip
_DELETED = ("del", "moveFrom")
_SPACES = ("tab", "br", "cr", "ptab")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is meant to be read."""

    text: str
    style: str = ""
    level: int = 0
    is_item: bool = False
    is_boxed: bool = False
    #: The innermost table that it stands in, counted from 1; 0: none.
    table: int = 0
    #: Why it is not spoken, in words for the user.
    dropped: str | None = None
    #: What stands in it, crossed out.
    struck: tuple[str, ...] = ()


@dataclass(slots=True)
class Counts:
    """What was left out and stands in no line."""

    deleted: int = 0
    hidden: int = 0
    comments: int = 0
    pictures: int = 0


@dataclass(slots=True)
class _Open:
    """A paragraph that is being read."""

    pieces: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    formulas: int = 0


class Reader:
    """Reads the parts of one document; fields may span paragraphs, and counts are of all."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self._styles = styles
        #: Instructions of the open fields, outermost first, and whether their result has begun.
        self._fields: list[tuple[str, bool]] = []
        #: Paragraphs of text boxes, until the paragraph that they hang on is over.
        self._boxed: list[Paragraph] = []
        self._open: _Open | None = None
        #: The table that is being read, counted from 1, and how many there were; 0: none.
        self._table = self._tables = 0
        self.counts = Counts()

    def paragraphs(self, root: Any) -> Iterator[Paragraph]:
        """Yield the paragraphs below an element in order; boxes behind what they hang on."""
        for element, dropped in self._blocks(root, None):
            yield from self._paragraph(element, dropped)
            boxed, self._boxed = self._boxed, []
            yield from boxed
        if (rest := self._open) is not None:
            self._open = None
            yield Paragraph("".join(rest.pieces), struck=tuple(rest.struck))

    def _blocks(self, parent: Any, dropped: str | None) -> Iterator[tuple[Any, str | None]]:
        for element in parent:
            name = local_name(element.tag)
            if name == "p":
                yield element, dropped
            elif name in _DELETED or (name == "tr" and _is_deleted_row(element)):
                self.counts.deleted += 1
            elif name == "sdt":
                yield from self._blocks(element, dropped or _gallery(element))
            elif name == "AlternateContent":
                yield from self._blocks(_chosen(element), dropped)
            elif name == "tbl":
                outer, self._tables = self._table, self._tables + 1
                self._table = self._tables
                yield from self._blocks(element, dropped)
                self._table = outer
            elif name not in _SKIPPED:
                yield from self._blocks(element, dropped)

    def _paragraph(self, element: Any, dropped: str | None) -> Iterator[Paragraph]:
        properties = next(iter(children(element, "pPr")), None)
        style = self._styles.get(value_of(properties, "pStyle") if properties is not None else "")
        style = style or Style()
        in_contents = self._is_in(_CONTENT_FIELDS)
        paragraph, self._open = self._open or _Open(), None
        self._inline(element, paragraph, hidden=style.is_hidden)
        if properties is not None and (_joins_next(properties) or _is_drop_cap(properties)):
            self._open = paragraph
            return
        level, is_item = style.level, style.is_item
        if properties is not None:
            outline = value_of(properties, "outlineLvl")
            level = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else level
            for number in children(properties, "numPr"):
                is_item = value_of(number, "numId") != "0"
        if style.name.startswith(("toc ", "table of ", "index ")) or in_contents:
            dropped = dropped or _CONTENTS
        elif style.name == "caption":
            dropped = dropped or _CAPTION
        elif paragraph.formulas and not _has_words(element):
            dropped = dropped or _FORMULA
        yield Paragraph(
            "".join(paragraph.pieces),
            style.name,
            level,
            is_item,
            table=self._table,
            dropped=dropped,
            struck=tuple(paragraph.struck),
        )

    def _inline(self, parent: Any, into: _Open, *, hidden: bool) -> None:
        for element in parent:
            name = local_name(element.tag)
            if name == "r":
                self._run(element, into, hidden=hidden)
            elif name in _DELETED:
                self.counts.deleted += 1
            elif name == "fldSimple":
                self._fields.append((attribute(element, "instr"), True))
                self._inline(element, into, hidden=hidden)
                self._fields.pop()
            elif name in ("oMath", "oMathPara"):
                into.formulas += 1
                into.pieces += [e.text or "" for e in descendants(element, "t")]
            elif name == "AlternateContent":
                self._inline(_chosen(element), into, hidden=hidden)
            elif name not in _SKIPPED:
                self._inline(element, into, hidden=hidden)

    def _run(self, run: Any, into: _Open, *, hidden: bool) -> None:
        properties = next(iter(children(run, "rPr")), None)
        if properties is not None:
            hidden = is_on(properties, "vanish") or (hidden and not children(properties, "vanish"))
        if hidden and any(e.text for e in descendants(run, "t")):
            self.counts.hidden += 1
        text = "".join(self._run_pieces(run))
        if not text or hidden or self._is_in(_PAGE_FIELDS):
            return
        if properties is not None and (is_on(properties, "strike") or is_on(properties, "dstrike")):
            into.struck.append(text)
            return
        if properties is not None and value_of(properties, "vertAlign") == "superscript":
            text = raised(text)
        into.pieces.append(text)

    def _run_pieces(self, parent: Any) -> Iterator[str]:
        for element in parent:
            name = local_name(element.tag)
            if name == "t":
                yield element.text or ""
            elif name in _SPACES:
                yield " "
            elif name == "noBreakHyphen":
                yield "\u2011"
            elif name == "fldChar":
                self._field(attribute(element, "fldCharType"))
            elif name == "instrText" and self._fields:
                instruction, begun = self._fields[-1]
                self._fields[-1] = (instruction + (element.text or ""), begun)
            elif name in ("drawing", "pict", "object"):
                self._drawing(element)
            elif name == "AlternateContent":
                yield from self._run_pieces(_chosen(element))
            elif name in ("ruby", "rubyBase", "r"):
                yield from self._run_pieces(element)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(("", False))
        elif self._fields and kind == "separate":
            self._fields[-1] = (self._fields[-1][0], True)
        elif self._fields and kind == "end":
            self._fields.pop()

    def _is_in(self, kinds: tuple[str, ...]) -> bool:
        return any(
            begun and instruction.split()[:1] and instruction.split()[0].upper() in kinds
            for instruction, begun in self._fields
        )

    def _drawing(self, element: Any) -> None:
        """Take the text boxes of a drawing, and count its pictures."""
        self.counts.pictures += len(descendants(element, "blip"))
        self.counts.pictures += len(descendants(element, "imagedata"))
        boxes = descendants(element, "txbxContent")
        for box in boxes:
            inner = Reader(self._styles)
            inner.counts = self.counts
            if not any(local_name(e.tag) == "txbxContent" for e in box.iterancestors()):
                self._boxed += [replace(p, is_boxed=True) for p in inner.paragraphs(box)]


def _chosen(element: Any) -> Any:
    """Return the first choice of an alternative: the fallback holds the same text again."""
    choices = children(element, "Choice") or children(element, "Fallback")
    return choices[0] if choices else ()


def _is_deleted_row(row: Any) -> bool:
    return any(children(p, "del") for p in children(row, "trPr"))


def _gallery(element: Any) -> str | None:
    """Return why what Word keeps in a frame of its own is not spoken: a table of contents."""
    galleries = (e for p in children(element, "sdtPr") for e in descendants(p, "docPartGallery"))
    return _CONTENTS if any("Contents" in attribute(e, "val") for e in galleries) else None


def _joins_next(properties: Any) -> bool:
    """Tell whether the mark at a paragraph's end is deleted: the next one goes on with it."""
    return any(children(p, "del") for p in children(properties, "rPr"))


def _is_drop_cap(properties: Any) -> bool:
    return any(
        attribute(e, "dropCap") in ("drop", "margin") for e in children(properties, "framePr")
    )


def _has_words(element: Any) -> bool:
    """Tell whether a paragraph has text besides its formulas."""
    texts = (t for t in descendants(element, "t") if (t.text or "").strip(" .,;"))
    return any(all(local_name(e.tag) != "oMath" for e in t.iterancestors()) for t in texts)
