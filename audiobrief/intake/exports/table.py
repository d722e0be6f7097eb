"""Tables with a column of addresses: of Pocket, Instapaper, Readwise and others (pure)."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

from audiobrief.intake.address import web_address
from audiobrief.intake.exports.bounds import bounded
from audiobrief.intake.item import byline_of, key_of, language_of, tags_of
from audiobrief.intake.markup import line_of
from audiobrief.intake.moment import parse_moment
from audiobrief.model.intake import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Names of columns, without case, blanks and underscores; the first that is there counts.
_URL: Final = (
    "url",
    "link",
    "href",
    "address",
    "articleurl",
    "sourceurl",
    "resolvedurl",
    "givenurl",
)
_TITLE: Final = ("title", "name", "articletitle", "resolvedtitle", "giventitle")
_AUTHOR: Final = ("author", "authors", "byline", "publishedby")
_OUTLET: Final = ("sitename", "site", "publisher", "publication", "domainname", "domain", "source")
_PUBLISHED: Final = (
    "publisheddate",
    "publishedat",
    "datepublished",
    "published",
    "publicationdate",
)
_KEPT: Final = (
    "timeadded", "timestamp", "saveddate", "savedat", "created", "createdat", "dateadded", "added",
    "datesaved", "date",
)  # fmt: skip
_TAGS: Final = ("tags", "labels", "documenttags", "folder", "collection", "list")
#: Whether something was read: Pocket has a status, Instapaper a folder, Readwise a location.
_STATE: Final = (
    "status",
    "state",
    "folder",
    "location",
    "isarchived",
    "archived",
    "read",
    "isread",
)
_STATES: Final = frozenset(["Unread", "Archive"])
_READ: Final = frozenset(["archive", "archived", "read", "true", "1", "yes"])
_LANGUAGE: Final = ("language", "lang")
_KEY: Final = ("id", "itemid", "uid", "uuid")
_MOST_HEADER: Final = 10_000


def find_table(text: str) -> list[str] | None:
    """Return the header of a table with a column of addresses; ``None``: it is no such table."""
    first = _lines(text[:20_000]).split("\n", 1)[0]
    if len(first) > _MOST_HEADER:
        return None
    try:
        row = next(csv.reader([first], delimiter=_delimiter(first)), [])
    except csv.Error:  # not even one row
        return None
    names = [_plain(name) for name in row]
    return row if len(row) > 1 and any(name in _URL for name in names) else None


def parse_csv(text: str) -> tuple[list[Item], list[str]]:
    """Return the items of a table whose first line names its columns, and notes."""
    text = _lines(text)
    delimiter = _delimiter(text.split("\n", 1)[0])
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _items(rows)


def parse_records(records: Iterable[Any]) -> tuple[list[Item], list[str]]:
    """Return the items of records as JSON has them, and notes."""
    return _items(each for each in records if isinstance(each, dict))


def _items(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Item], list[str]]:
    found: dict[str, Item] = {}
    without = 0
    notes: list[str] = []
    try:
        for row in bounded(rows, notes):
            item = _item({_plain(name): value for name, value in row.items() if name})
            if item is None:
                without += 1
            else:
                found.setdefault(item.key, item)
    except csv.Error as error:
        notes.append(f"the table breaks off after {len(found)} rows: {error}")
    if without:
        notes.append(f"{without} rows have no address of a web page")
    return list(found.values()), notes


def _item(row: Mapping[str, Any]) -> Item | None:
    url = web_address(_text(row, _URL))
    if url is None:
        return None
    title = line_of(_text(row, _TITLE))
    return Item(
        key=key_of(_text(row, _KEY), url),
        url=url,
        title=None if title == url else title,
        published=parse_moment(_value(row, _PUBLISHED)),
        updated=parse_moment(_value(row, _KEPT)),
        byline=byline_of(_many(row, _AUTHOR, r"\s*;\s*")),
        outlet=line_of(_text(row, _OUTLET)),
        language=language_of(_text(row, _LANGUAGE)),
        tags=tags_of(each for each in _many(row, _TAGS, r"[|,;]") if each not in _STATES),
        is_read=_is_read(row),
    )


def _is_read(row: Mapping[str, Any]) -> bool:
    return any(str(row.get(name, "")).strip().lower() in _READ for name in _STATE)


def _many(row: Mapping[str, Any], names: tuple[str, ...], separator: str) -> list[object]:
    """Return the values of all columns of these names, however they hold several."""
    values: list[object] = []
    for name in names:
        value = row.get(name)
        if isinstance(value, dict):
            values += list(value)
        elif isinstance(value, list):
            values += [_label(each) for each in value]
        elif isinstance(value, str):
            # Readwise writes a list as Python or JSON does.
            listed = re.fullmatch(r"\s*\[(.*)\]\s*", value)
            pieces = re.split(separator if not listed else r",", listed[1] if listed else value)
            values += [piece.strip().strip("\"'") for piece in pieces]
    return values


def _label(each: object) -> object:
    if isinstance(each, dict):
        return each.get("label") or each.get("name") or each.get("title")
    return each


def _value(row: Mapping[str, Any], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if row.get(name)), None)


def _text(row: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    value = next((row[name] for name in names if isinstance(row.get(name), (str, int))), None)
    return None if value is None else str(value)


def _plain(name: object) -> str:
    return re.sub(r"[\s_-]", "", str(name)).lower()


def _lines(text: str) -> str:
    """Return a table with the ends of lines that the reader takes, and without a mark."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)
