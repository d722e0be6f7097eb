"""A Word document (.docx) to lines: the text as it is meant to be read, and what its form says."""

from __future__ import annotations

import io
import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.ingest.archive import Archive, open_archive
from audiobrief.ingest.markup_file import attribute, children, descendants, parse_xml, text_of
from audiobrief.ingest.page import PROSE_CELL_WORDS, PROSE_IN_TABLE
from audiobrief.ingest.properties import confirm
from audiobrief.ingest.stated import Stated, read_date
from audiobrief.ingest.word_style import read_styles
from audiobrief.ingest.word_text import Counts, Paragraph, Reader
from audiobrief.model.article import BlockKind
from audiobrief.text.page.furniture import Line
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The text of a long book with all its marks of form.
_XML_BYTES = 40_000_000
_OFFICE_DOCUMENT = "/officeDocument"
#: Text boxes that hold so much are the text; smaller ones repeat or adorn it.
_BOXED_SHARE = 0.5
_BOX = "a text box"


def read_word(raw: bytes, locator: str) -> tuple[tuple[Line, ...], Stated, Stated, tuple[str, ...]]:
    """Read a Word document.

    Deleted and hidden text and comments are in none of the lines: the ledger is published.

    Args:
        raw: The file.
        locator: Named in errors.

    Returns:
        Its lines; what is certain of title and author; what its properties say; notes.

    Raises:
        SourceError: It is no Word document, damaged, or no harmless archive.
    """
    with open_archive(io.BytesIO(raw), locator) as archive:
        name = _main_part(archive, locator)
        root = parse_xml(archive.read(name, limit_bytes=_XML_BYTES), name, locator)
        folder = posixpath.dirname(name)
        styles = read_styles(_part(archive, f"{folder}/styles.xml", locator))
        reader = Reader(styles)
        paragraphs = list(reader.paragraphs(root))
        for notes in ("footnotes", "endnotes"):
            part = _part(archive, f"{folder}/{notes}.xml", locator)
            paragraphs += _of_notes(reader, part, notes.removesuffix("s"))
        declared = _properties(_part(archive, "docProps/core.xml", locator))
        reader.counts.comments = _comment_count(_part(archive, f"{folder}/comments.xml", locator))
    title = _title(paragraphs)
    lines = tuple(_lines(_without_tables(_without_boxes(paragraphs))))
    stated = confirm(declared, [x.text for x in lines if x.dropped is None], title=title)
    return lines, stated, declared, _notes(reader.counts, lines)


def _main_part(archive: Archive, locator: str) -> str:
    """Return the name of the part that holds the text."""
    if (links := _part(archive, "_rels/.rels", locator)) is not None:
        for link in descendants(links, "Relationship"):
            target = attribute(link, "Target").lstrip("/")
            if attribute(link, "Type").endswith(_OFFICE_DOCUMENT) and target in archive:
                if not target.startswith("word/"):
                    break
                return target
    if "word/document.xml" in archive:
        return "word/document.xml"
    what = "an EPUB" if "META-INF/container.xml" in archive else "another kind of archive"
    raise SourceError(
        f"this is {what}, no Word document", locator, remedy="give the file the suffix of its kind"
    )


def _part(archive: Archive, name: str, locator: str) -> Any:
    """Return the root of a part, or ``None`` when the document has none."""
    if name not in archive:
        return None
    return parse_xml(archive.read(name, limit_bytes=_XML_BYTES), name, locator)


def _properties(root: Any) -> Stated:
    """Return what the core properties say (ECMA-376, part 2, 11)."""
    if root is None:
        return Stated()

    def told(name: str) -> str | None:
        found = (" ".join(scrub(text_of(e))[0].split()) for e in children(root, name))
        return next((value[:1000] for value in found if value), None)

    keywords = (told("keywords") or "").replace(";", ",").split(",")
    return Stated(
        title=told("title"),
        byline=told("creator"),
        # Not when it was last saved: an episode would move in the feed with every correction.
        published=read_date(told("created") or ""),
        tags=tuple(dict.fromkeys(word.strip() for word in keywords if word.strip())),
    )


def _comment_count(root: Any) -> int:
    return 0 if root is None else len(descendants(root, "comment"))


def _of_notes(reader: Reader, root: Any, name: str) -> Iterator[Paragraph]:
    """Yield the notes below the text, which are not spoken; lines between them are none."""
    for note in [] if root is None else children(root, name):
        if attribute(note, "type") in ("", "normal"):
            for paragraph in reader.paragraphs(note):
                yield replace(paragraph, dropped=paragraph.dropped or "footnote")


def _title(paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the paragraph in the style of a title, or the only heading of the first level."""
    live = [p for p in paragraphs if p.text and p.dropped is None]
    titled = next((p.text for p in live if p.style == "title"), None)
    first = [p for p in live if p.level == 1]
    alone = live[0].text if len(first) == 1 and live[0] is first[0] else None
    return titled or alone


def _without_boxes(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Leave text boxes out, save where most of the text stands in them."""
    sizes = [(len(p.text), p.is_boxed) for p in paragraphs if p.dropped is None]
    boxed = sum(size for size, is_boxed in sizes if is_boxed)
    keep = boxed >= _BOXED_SHARE * sum(size for size, _ in sizes)
    return [
        replace(p, dropped=p.dropped or _BOX) if p.is_boxed and not keep else p for p in paragraphs
    ]


def _without_tables(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Leave tables of data out; a table of running text lays out a page."""
    words: dict[int, list[int]] = {}
    for p in paragraphs:
        if p.table and p.dropped is None:
            count = len(p.text.split())
            words.setdefault(p.table, [0, 0])[count >= PROSE_CELL_WORDS] += count
    prose = {t for t, (few, many) in words.items() if many >= PROSE_IN_TABLE * (few + many) > 0}
    return [
        replace(p, dropped=p.dropped or "table") if p.table and p.table not in prose else p
        for p in paragraphs
    ]


def _lines(paragraphs: Sequence[Paragraph]) -> Iterator[Line]:
    for paragraph in paragraphs:
        if text := _clean(paragraph.text):
            yield Line(text, _kind(paragraph), paragraph.dropped)
        for struck in paragraph.struck:
            if text := _clean(struck):
                yield Line(text, None, "struck out")


def _kind(paragraph: Paragraph) -> BlockKind | None:
    if paragraph.style == "title":
        return None
    if paragraph.level:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM if paragraph.is_item else None


def _clean(text: str) -> str:
    return " ".join(scrub(text)[0].split())


def _notes(counts: Counts, lines: Sequence[Line]) -> tuple[str, ...]:
    told = {
        "deleted passages left out": counts.deleted,
        "hidden passages left out": counts.hidden,
        "comments left out": counts.comments,
        "pictures left out, as they cannot be read aloud": counts.pictures,
    }
    notes = [f"{what}: {count}" for what, count in told.items() if count]
    if any(line.dropped == "table" for line in lines):
        notes.append("a table is left out: it cannot be read aloud")
    return tuple(notes)
