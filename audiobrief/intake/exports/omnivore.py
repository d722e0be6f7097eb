"""Omnivore's export: an archive of lists, and a page for each article (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audiobrief.intake.address import web_address
from audiobrief.intake.charset import read_text
from audiobrief.intake.item import byline_of, content_of, distinct, key_of, tags_of
from audiobrief.intake.json_text import parse_json
from audiobrief.intake.markup import line_of
from audiobrief.intake.moment import parse_moment
from audiobrief.model.intake import Content, ContentKind, Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.intake.exports.archive import Archive

_LIST = re.compile(r"\A(?:.*/)?metadata_[\w-]{1,40}\.json", re.DOTALL)
#: Where Omnivore keeps what has no address: an uploaded file, a mail.
_NO_ADDRESS = re.compile(
    r"https?://omnivore\.app/|https?://storage\.googleapis\.com/omnivore", re.IGNORECASE
)


def find_lists(names: list[str]) -> list[str]:
    """Return those members of an archive that are Omnivore's lists."""
    return [name for name in names if _LIST.fullmatch(name)]


def parse_omnivore(archive: Archive, where: str) -> tuple[list[Item], list[str]]:
    """Return the items of an export, and notes.

    Raises:
        SourceError: A list cannot be read, or the archive is larger than it should be.
    """
    names = set(archive.names)
    items: list[Item] = []
    notes: list[str] = []
    without = 0
    for name in find_lists(archive.names):
        records = parse_json(archive.read(name), f"{where}: {name}", charset="utf-8")
        for record in records if isinstance(records, list) else ():
            folder = name.rpartition("metadata_")[0]
            page = f"{folder}content/{record.get('slug')}.html" if isinstance(record, dict) else ""
            content = archive.read(page) if page in names else b""
            item = _item(record, content) if isinstance(record, dict) else None
            if item is None:
                without += 1
            else:
                items.append(item)
    if without:
        notes.append(f"{without} entries have neither an address nor a text")
    return distinct(items), notes


def _item(record: Mapping[str, Any], page: bytes) -> Item | None:
    written = record.get("url") if isinstance(record.get("url"), str) else None
    url = None if written and _NO_ADDRESS.match(written) else web_address(written)
    content = content_of(
        read_text(page, "utf-8").text, base=url, is_content=True, has_address=url is not None
    )
    if url is None and content is None:
        return None
    labels = record.get("labels")
    return Item(
        key=key_of(record.get("id"), url, line_of(record.get("title"))),
        url=url,
        title=line_of(record.get("title")),
        published=parse_moment(record.get("publishedAt")),
        updated=parse_moment(record.get("updatedAt") or record.get("savedAt")),
        byline=byline_of([record.get("author")]),
        outlet=line_of(record.get("siteName")),
        tags=tags_of(labels) if isinstance(labels, list) else (),
        is_read=str(record.get("state")).lower() == "archived",
        # Omnivore had read the page: what it kept is the article.
        content=None if content is None else Content(ContentKind.HTML, content.text, is_whole=True),
    )
