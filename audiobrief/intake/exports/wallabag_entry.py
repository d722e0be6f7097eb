"""Entries of Wallabag, the same in its export and from its server (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.intake.address import web_address
from audiobrief.intake.item import byline_of, content_of, key_of, language_of, tags_of
from audiobrief.intake.markup import line_of
from audiobrief.intake.moment import parse_moment
from audiobrief.model.intake import Content, ContentKind, Item

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What Wallabag keeps where it could not read the page (its translations begin with that, too).
_FAILED = "wallabag can't retrieve contents for this article"


def is_entry(value: object) -> bool:
    """Tell whether a record is an entry of Wallabag."""
    return isinstance(value, dict) and "url" in value and {"is_archived", "is_starred"} <= {*value}


def item_of_entry(entry: Mapping[str, Any]) -> Item | None:
    """Return the item of an entry; ``None``: it has neither an address nor a text."""
    url = web_address(_text(entry.get("url"))) or web_address(_text(entry.get("given_url")))
    content = _content(entry, url)
    if url is None and content is None:
        return None
    title = line_of(entry.get("title"))
    names = entry.get("published_by")
    labels = entry.get("tags")
    return Item(
        key=key_of(url, None, title, content.text if content else None),
        url=url,
        title=None if title == url else title,
        published=parse_moment(entry.get("published_at")),
        updated=parse_moment(entry.get("updated_at")),
        byline=byline_of(names if isinstance(names, list) else [names]),
        outlet=line_of(entry.get("domain_name")),
        language=language_of(entry.get("language")),
        tags=tags_of(_label(each) for each in labels) if isinstance(labels, list) else (),
        is_read=bool(entry.get("is_archived")),
        content=content,
    )


def _content(entry: Mapping[str, Any], url: str | None) -> Content | None:
    found = content_of(entry.get("content"), base=url, is_content=True, has_address=url is not None)
    if found is None or _FAILED in found.text.replace("\u2019", "'").replace("&#8217;", "'"):
        return None
    # The server has read the page already: what it has is the article.
    return Content(ContentKind.HTML, found.text, is_whole=True)


def _label(each: object) -> object:
    return each.get("label") if isinstance(each, dict) else each


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
