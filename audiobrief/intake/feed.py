"""Feeds to items: RSS 0.90 to 2.0, Atom 0.3 and 1.0, JSON Feed (pure)."""

from __future__ import annotations

import io
import re
from calendar import timegm
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import SourceError
from audiobrief.intake.address import web_address
from audiobrief.intake.discover import find_feeds, is_html
from audiobrief.intake.item import byline_of, content_of, key_of, language_of, tags_of
from audiobrief.intake.json_feed import is_json, parse_json_feed
from audiobrief.intake.markup import line_of
from audiobrief.intake.moment import parse_moment
from audiobrief.intake.offer import Feed, told_apart
from audiobrief.intake.xml_guard import guard_xml
from audiobrief.model.intake import Content, Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

from audiobrief.intake.xml_guard import Guarded

#: So many items of a feed are read. Feeds have 10 to 50; those of archives have thousands, newest
#: first, of which a briefing needs none but the first.
MAX_ITEMS: Final = 500

_ATOM_ROOT = re.compile(r"<(?:[\w.-]+:)?feed\b")
_ISO_DAY = re.compile(r"\A\s*\d{4,}-\d")
_ITEM_NAMES = frozenset(["item", "entry"])


def parse_feed(body: bytes, *, url: str, charset: str | None = None, most: int = MAX_ITEMS) -> Feed:
    """Return what a feed offers.

    A feed that breaks off gives the items that are whole, and a note. Enclosures are not looked at.
    Whether a text is the article or a teaser is decided by the rule in ``intake.whole``.

    Args:
        body: As it came; the caller has limited its size.
        url: Where it was found: relative links in it are relative to that.
        charset: What the server says of its encoding.
        most: So many items are read; that there are more is noted.

    Raises:
        SourceError: It is no feed, or a document that is not safe to parse, or it breaks off before
            there is an item.
    """
    if not body.strip(b"\0 \t\r\n"):
        raise SourceError("the feed is empty", url, remedy="try again later, or check the address")
    if is_json(body):
        return parse_json_feed(body, url=url, charset=charset, most=most)
    if is_html(body):
        raise _no_feed(body, url, charset)
    guarded = guard_xml(body, url, charset=charset, item_names=_ITEM_NAMES, most=most)
    # Atom's relative links are relative to the document. In RSS they are what a page of the site
    # would have, wherever the feed is served from: they are resolved when the site is known.
    is_atom = _ATOM_ROOT.match(guarded.text) is not None
    parsed = _parse(guarded.text, url, base=url if is_atom else "")
    # Of what breaks off in its first tag there is not even a version.
    if not parsed.get("version") and not parsed["entries"]:
        raise SourceError(
            "this is XML, but no feed", url, remedy="give the address of an RSS or Atom feed"
        )
    return _feed_of(parsed, guarded, url)


def _no_feed(body: bytes, url: str, charset: str | None) -> SourceError:
    links = find_feeds(body, url=url, charset=charset)
    named = ", ".join(link.url for link in links[:3])
    return SourceError(
        "this is a page, no feed",
        url,
        remedy=f"use the feed that it names: {named}" if named else "look for its feed's address",
    )


def _parse(text: str, url: str, *, base: str) -> Any:
    import feedparser  # noqa: PLC0415 - lazy: 90 ms, and only feeds need it

    # From a stream, since feedparser opens strings as files and addresses. Cleaning and links are
    # ours: its own, in Python, take seconds for a megabyte.
    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": base,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its lenient parser raises anything at all on what is no XML
        raise SourceError(
            "the feed cannot be parsed", url, remedy="tell its publisher, or take it out"
        ) from error


def _feed_of(parsed: Any, guarded: Guarded, url: str) -> Feed:
    about = parsed["feed"]
    title = line_of(about.get("title"))
    language = language_of(about.get("language"))
    is_rss = not parsed.get("version", "").startswith("atom")
    home = Feed(title, web_address(about.get("link"), base=url), language)
    base = home.url if is_rss and home.url else url
    made = [_item(entry, home, base, is_rss=is_rss) for entry in parsed["entries"]]
    items, notes = told_apart(item for item in made if item is not None)
    if guarded.is_cut_off and not items:
        raise SourceError(
            "the feed breaks off before its first item ends",
            url,
            remedy="try again later, or tell its publisher",
        )
    if guarded.is_cut_off:
        notes = (f"the feed breaks off: its {len(items)} whole items were read", *notes)
    if guarded.left_out:
        notes = (f"{guarded.left_out} items beyond the first {len(made)} were left out", *notes)
    if None in made:
        notes += (f"{made.count(None)} items have neither an address nor a text",)
    return replace(home, items=items, notes=(*guarded.notes, *notes))


def _item(entry: Any, feed: Feed, base: str, *, is_rss: bool) -> Item | None:
    url = _link(entry, base, is_rss=is_rss)
    title = line_of(entry.get("title"))
    content = _content(entry, url or base, has_address=url is not None)
    if url is None and content is None:
        return None
    # `get` of the plain dict: feedparser's own looks for the publication where there is no update.
    published, created, updated = (
        _moment(dict.get(entry, name), dict.get(entry, f"{name}_parsed"))
        for name in ("published", "created", "updated")
    )
    if is_rss and not published:
        # feedparser takes dc:date, by which RSS 1.0 dates its items, for the update.
        published, updated = updated, None
    return Item(
        key=key_of(entry.get("id"), url, title, content.text if content else None),
        url=url,
        title=title,
        published=published or created,
        updated=updated,
        byline=byline_of(_author(each) for each in entry.get("authors", ())),
        outlet=line_of((entry.get("source") or {}).get("title")) or feed.title,
        language=language_of(_language(entry)) or feed.language,
        tags=tags_of(tag.get("label") or tag.get("term") for tag in entry.get("tags", ())),
        content=content,
    )


def _link(entry: Any, base: str, *, is_rss: bool) -> str | None:
    """Return the address of the article: the first link to it that can be followed."""
    written = [entry.get("feedburner_origlink")]
    written += [
        each.get("href") for each in entry.get("links", ()) if each.get("rel") == "alternate"
    ]
    if is_rss and entry.get("guidislink"):
        # RSS 2.0: a guid is the item's address unless it says that it is not. An Atom id is none.
        written.append(entry.get("id"))
    return next((found for each in written if (found := web_address(each, base=base))), None)


def _content(entry: Any, base: str, *, has_address: bool) -> Content | None:
    """Return the text that the item has: a whole one if there is one, else the longest."""
    found = [
        content
        for detail, is_content in _texts(entry)
        if (
            content := content_of(
                detail.get("value"),
                base=detail.get("base") or base,
                is_content=is_content,
                has_address=has_address,
                is_html=detail.get("type") != "text/plain",
            )
        )
    ]
    return max(found, key=lambda each: (each.is_whole, len(each.text)), default=None)


def _texts(entry: Any) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Yield the texts of an item, and whether they stand where the whole text belongs.

    One that stands in both places proves nothing: it is held to be a summary.
    """
    summary = entry.get("summary_detail") or {}
    if summary:
        yield summary, False
    for detail in entry.get("content", ()):
        if detail.get("value") != summary.get("value"):
            yield detail, True


def _language(entry: Any) -> object:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}]
    return next((each.get("language") for each in details if each.get("language")), None)


def _author(detail: Mapping[str, Any]) -> object:
    """Return a name; feedparser cuts "mail (name)" wrongly where the host has a long ending."""
    name = detail.get("name")
    if isinstance(name, str) and name.count("(") == name.count(")") + 1:
        return name.partition("(")[2]
    return name


def _moment(written: object, parsed: Any) -> datetime | None:
    """Return a moment in UTC; ``None``: there is none, or none that the calendar has.

    feedparser reads more ways to write one than we do, and takes February 30 for March 2.
    """
    found = parse_moment(written)
    is_iso = isinstance(written, str) and _ISO_DAY.match(written) is not None
    if found is not None or parsed is None or is_iso:
        return found
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timegm(parsed))
    except (ValueError, OverflowError):  # beyond the calendar
        return None
