"""Which export a file is, and what it holds (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.intake.charset import read_text
from audiobrief.intake.exports.archive import Archive
from audiobrief.intake.exports.bounds import bounded
from audiobrief.intake.exports.links import parse_bookmarks, parse_list
from audiobrief.intake.exports.omnivore import find_lists, parse_omnivore
from audiobrief.intake.exports.table import find_table, parse_csv, parse_records
from audiobrief.intake.exports.wallabag_entry import is_entry, item_of_entry
from audiobrief.intake.item import distinct
from audiobrief.intake.json_feed import is_json
from audiobrief.intake.json_text import parse_json
from audiobrief.intake.mail import is_mail
from audiobrief.intake.opml import is_opml

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.model.intake import Item


class ExportKind(StrEnum):
    """What an export is, as users call it."""

    OMNIVORE = "Omnivore archive"
    ARCHIVE = "archive of tables"
    WALLABAG = "Wallabag JSON"
    RECORDS = "JSON with addresses"
    POCKET = "Pocket page"
    BOOKMARKS = "bookmarks"
    TABLE = "table with addresses"
    LIST = "list of addresses"


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds."""

    kind: ExportKind
    #: In its order, each key once.
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


#: What a file is instead, by how it begins, and what to do with it.
_OTHERS = (
    (b"%PDF-", "a PDF document", "export the list of links instead"),
    (b"SQLite format 3\0", "an SQLite database", "export the list of links instead"),
    (b"\x1f\x8b", "a gzip file", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"mozLz40\0", "a Firefox backup", "export the bookmarks as HTML instead"),
    (b"bplist", "a binary property list", "export the bookmarks as HTML instead"),
)
_REMEDY = (
    "give an export of Pocket, Instapaper, Omnivore, Wallabag or a browser, or a list of links"
)


def sniff(raw: bytes, where: str) -> ExportKind:
    """Return which export a file is.

    Raises:
        SourceError: It is none: the error says what it is instead.
    """
    return _open(raw, where)[0]


def parse_export(raw: bytes, where: str) -> Export:
    """Return the items of an export, whichever it is.

    Args:
        raw: The whole file; the caller has limited its size.
        where: Its name, for errors. The content decides, not the suffix.

    Raises:
        SourceError: It is no export, is damaged, or lists nothing.
    """
    kind, opened = _open(raw, where)
    items, notes = _read(kind, opened, where)
    if not items:
        reason = f" ({notes[0]})" if notes else ""
        raise SourceError(f"this {kind} lists nothing{reason}", where, remedy="export it again")
    return Export(kind, tuple(distinct(items)), tuple(notes))


def _read(kind: ExportKind, opened: Any, where: str) -> tuple[list[Item], list[str]]:
    if kind is ExportKind.OMNIVORE:
        return parse_omnivore(opened, where)
    readers: dict[ExportKind, Callable[[Any], tuple[list[Item], list[str]]]] = {
        ExportKind.ARCHIVE: _tables,
        ExportKind.WALLABAG: _entries,
        ExportKind.RECORDS: parse_records,
        ExportKind.TABLE: parse_csv,
        ExportKind.LIST: parse_list,
        ExportKind.POCKET: parse_bookmarks,
        ExportKind.BOOKMARKS: parse_bookmarks,
    }
    return readers[kind](opened)


def _open(raw: bytes, where: str) -> tuple[ExportKind, Any]:
    """Return the kind of a file, and what of it was read to find that out."""
    if not raw.strip(b"\0 \t\r\n"):
        raise SourceError("the file is empty", where, remedy=_REMEDY)
    if raw.startswith(b"PK"):
        return _open_archive(raw, where)
    for magic, name, remedy in _OTHERS:
        if raw.startswith(magic):
            raise SourceError(f"this is {name}, no export", where, remedy=remedy)
    if is_mail(raw):
        raise SourceError(
            "this is mail, no export",
            where,
            remedy='save it, and add it to [[sources]] with kind = "list" and its path',
        )
    if is_opml(raw):
        raise SourceError(
            "this is a list of feeds (OPML)",
            where,
            remedy='add it to [[sources]] with kind = "opml"',
        )
    return _open_json(raw, where) if is_json(raw) else _open_text(raw, where)


def _open_text(raw: bytes, where: str) -> tuple[ExportKind, str]:
    text = read_text(raw).text.replace("\0", "")
    head = text[:20_000].lower()
    if "netscape-bookmark-file" in head:
        return ExportKind.BOOKMARKS, text
    if "<html" in head or "<!doctype html" in head:
        if "time_added=" in text:
            return ExportKind.POCKET, text
        raise SourceError("this is a page, no export", where, remedy="give it as an article")
    if find_table(text):
        return ExportKind.TABLE, text
    if "http://" in text or "https://" in text:
        return ExportKind.LIST, text
    raise SourceError("this is no export: it has no address", where, remedy=_REMEDY)


def _open_archive(raw: bytes, where: str) -> tuple[ExportKind, Archive]:
    archive = Archive(raw, where)
    if find_lists(archive.names):
        return ExportKind.OMNIVORE, archive
    if any(_is_table(name) for name in archive.names):
        return ExportKind.ARCHIVE, archive
    kind = "an EPUB or office document" if "mimetype" in archive.names else "an archive"
    raise SourceError(f"this is {kind}, no export", where, remedy=_REMEDY)


def _open_json(raw: bytes, where: str) -> tuple[ExportKind, list[Any]]:
    found = parse_json(raw, where)
    records = _records(found)
    if records and is_entry(records[0]):
        return ExportKind.WALLABAG, records
    if records and parse_records(records[:20])[0]:
        return ExportKind.RECORDS, records
    raise SourceError("this is JSON, but no export: it has no addresses", where, remedy=_REMEDY)


def _records(found: Any) -> list[Any]:
    """Return the list of records in a document: itself, or the longest that is a value of it."""
    if isinstance(found, list):
        return found
    lists = [value for value in found.values() if isinstance(value, list)]
    if lists:
        return max(lists, key=len)
    # Pocket's programs wrote an object with a key for each item.
    objects = [value for value in found.values() if isinstance(value, dict)]
    return objects or [value for each in objects for value in each.values()]


def _entries(entries: list[Any]) -> tuple[list[Item], list[str]]:
    notes: list[str] = []
    made = [item_of_entry(entry) if is_entry(entry) else None for entry in bounded(entries, notes)]
    if None in made:
        notes.append(f"{made.count(None)} entries have neither an address nor a text")
    return [item for item in made if item is not None], notes


def _tables(archive: Archive) -> tuple[list[Item], list[str]]:
    items: list[Item] = []
    notes: list[str] = []
    for name in sorted(archive.names):
        if not _is_table(name):
            continue
        text = read_text(archive.read(name)).text
        if find_table(text):
            found, told = parse_csv(text)
            items += found
            notes += [f"{name[:80]}: {note}" for note in told]
    return items, notes


def _is_table(name: str) -> bool:
    return name.lower().endswith(".csv") and not name.rpartition("/")[2].startswith(
        (".", "__MACOSX")
    )
