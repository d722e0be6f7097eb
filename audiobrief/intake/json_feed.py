"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) to items (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.intake.address import web_address
from audiobrief.intake.item import byline_of, content_of, key_of, language_of, tags_of
from audiobrief.intake.json_text import parse_json
from audiobrief.intake.markup import line_of
from audiobrief.intake.moment import parse_moment
from audiobrief.intake.offer import Feed, told_apart
from audiobrief.model.intake import Item

if TYPE_CHECKING:
    from audiobrief.model.intake import Content


def is_json(raw: bytes) -> bool:
    """Tell whether a document begins as JSON does."""
    return raw[:100].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith((b"{", b"["))


def parse_json_feed(body: bytes, *, url: str, charset: str | None = None, most: int) -> Feed:
    """Return what a JSON Feed offers; arguments as in ``parse_feed``.

    Raises:
        SourceError: It is no JSON, breaks off, or is no feed.
    """
    found = parse_json(body, url, charset=charset)
    entries = found.get("items") if isinstance(found, dict) else None
    if not isinstance(entries, list) or "jsonfeed.org/version/" not in str(found.get("version")):
        raise SourceError(
            "this is JSON, but no feed", url, remedy="give the address of a JSON Feed, RSS or Atom"
        )
    outlet, language = line_of(found.get("title")), language_of(found.get("language"))
    authors = _authors(found)
    made = [
        _item(entry, url, outlet, language, authors) if isinstance(entry, dict) else None
        for entry in entries[:most]
    ]
    notes = []
    if len(entries) > most:
        notes.append(f"{len(entries) - most} items beyond the first {most} were left out")
    if None in made:
        notes.append(f"{made.count(None)} items have neither an address nor a text")
    items, told = told_apart(item for item in made if item is not None)
    home = web_address(_text(found.get("home_page_url")), base=url)
    return Feed(outlet, home, language, items, (*notes, *told))


def _item(
    entry: dict[str, Any],
    base: str,
    outlet: str | None,
    language: str | None,
    authors: list[object],
) -> Item | None:
    written = [_text(entry.get(name)) for name in ("url", "external_url")]
    links = [web_address(each, base=base) for each in written]
    # An id may be an address, and never is a relative one.
    url = next(filter(None, [*links, web_address(_text(entry.get("id")))]), None)
    title = line_of(entry.get("title"))
    content = _content(entry, url or base, has_address=url is not None)
    if url is None and content is None:
        return None
    identifier = entry.get("id")
    return Item(
        key=key_of(
            # JSON Feed 1.1: an id of another type is to be taken as a string.
            str(identifier) if isinstance(identifier, int) else identifier,
            url,
            title,
            content.text if content else None,
        ),
        url=url,
        title=title,
        published=parse_moment(entry.get("date_published")),
        updated=parse_moment(entry.get("date_modified")),
        byline=byline_of(_authors(entry) or authors),
        outlet=outlet,
        language=language_of(entry.get("language")) or language,
        tags=tags_of(entry["tags"] if isinstance(entry.get("tags"), list) else ()),
        content=content,
    )


def _content(entry: dict[str, Any], base: str, *, has_address: bool) -> Content | None:
    found = [
        content_of(
            entry.get(name),
            base=base,
            is_content=name != "summary",
            has_address=has_address,
            is_html=name == "content_html",
        )
        for name in ("content_html", "content_text", "summary")
    ]
    # The first of the wholes, as they stand here; else the longest.
    return max(
        (each for each in found if each is not None),
        key=lambda each: (each.is_whole, 0 if each.is_whole else len(each.text)),
        default=None,
    )


def _authors(entry: dict[str, Any]) -> list[object]:
    # Version 1.0 has one author, 1.1 a list.
    several = entry.get("authors")
    written = [*several] if isinstance(several, list) else []
    return [each.get("name") for each in [*written, entry.get("author")] if isinstance(each, dict)]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
