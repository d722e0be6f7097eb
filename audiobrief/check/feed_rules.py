"""Rules of the whole feed: F1 to F10, and what no two items may share (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from audiobrief.check.common_rules import (
    check_fetched_urls,
    check_opened_urls,
    check_secure_pages,
    old_explicit,
    unknown_explicit,
)
from audiobrief.check.languages import is_language
from audiobrief.check.node import NAMESPACES, OLD_PODCAST, name_of, prefix_of
from audiobrief.check.rule import Entry, Level, Rule
from audiobrief.check.urls import is_absolute, path_of
from audiobrief.publish.categories import CATEGORIES
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.check.facts import FeedFacts

MUST, SHOULD = Level.MUST, Level.SHOULD
_UNDECLARED = re.compile(r"Namespace prefix ([\w.-]+)")
_NO_START = re.compile(r"declaration allowed only at the start")


def check_xml(feed: FeedFacts) -> Iterator[str]:
    """F1: well-formed XML 1.0 in UTF-8."""
    yield from feed.page.document.problems
    error = feed.page.syntax_error
    if _NO_START.search(error):
        yield f"something stands before <?xml: remove it, blank lines too ({error})"
    elif feed.page.is_too_large:
        yield f"{error}: no app reads that, take it out"
    elif error:
        yield f"no well-formed XML: {error}: mend it there, apps read no further"


def check_declaration(feed: FeedFacts) -> Iterator[str]:
    """F1: a declaration that says UTF-8."""
    yield from feed.page.document.remarks


def check_root(feed: FeedFacts) -> Iterator[str]:
    """F2: RSS 2.0 and the exact namespaces."""
    page = feed.page
    if page.document.other:
        yield f"this is {page.document.other}"
        return
    if undeclared := _UNDECLARED.search(page.syntax_error):
        prefix = undeclared[1]
        uri = NAMESPACES.get(prefix, "the address of its namespace")
        yield f'the prefix {prefix} is not declared: add xmlns:{prefix}="{uri}" to <rss>'
    if not page.is_readable:
        return
    if page.root != "rss" or page.version != "2.0":
        written = f'<{page.root} version="{page.version}">'[:200]
        yield f'the root is {written}: it has to be <rss version="2.0">'
    if not page.has_channel:
        yield "there is no <channel> below the root: put the show's elements and items into one"
    yield from _wrong_namespaces(page.namespaces)


def _wrong_namespaces(declared: frozenset[tuple[str, str]]) -> Iterator[str]:
    uris = {uri for _, uri in declared}
    for prefix, uri in sorted(declared):
        meant = prefix_of(uri) or (prefix if prefix in NAMESPACES else "")
        if meant and uri not in {NAMESPACES[meant], OLD_PODCAST}:
            yield f"the prefix {prefix} stands for {uri[:200]}: write {NAMESPACES[meant]}"
    if not any(prefix_of(uri) == "itunes" for uri in uris) and "itunes" not in dict(declared):
        yield f'no itunes namespace: add xmlns:itunes="{NAMESPACES["itunes"]}" and its elements'


def check_old_namespace(feed: FeedFacts) -> Iterator[str]:
    """F2: the podcast namespace by its own name."""
    if any(uri == OLD_PODCAST for _, uri in feed.page.namespaces):
        yield f"the podcast namespace has an old address: write {NAMESPACES['podcast']}"


def check_self_link(feed: FeedFacts) -> Iterator[str]:
    """F3: one link to the feed itself."""
    links = feed.node.links("self")
    if len(links) != 1:
        yield f'there are {len(links)} atom:link rel="self": write one, with the feed\'s address'
    if links and not links[0].get("href"):
        yield 'atom:link rel="self" has no href: write the feed\'s address'


def check_self_type(feed: FeedFacts) -> Iterator[str]:
    """F3: the link says what it leads to."""
    for link in feed.node.links("self"):
        if link.get("type") != "application/rss+xml":
            said = link.get("type") or "no type"
            yield f'atom:link rel="self" has {said}: write type="application/rss+xml"'


def check_basics(feed: FeedFacts) -> Iterator[str]:
    """F4: title, link, description, language."""
    for name in ("title", "link", "description", "language"):
        if not feed.node.text(name):
            yield f"the channel has no {name}: add it"
    size = len(feed.node.text("description").encode("utf-8", "replace"))
    if size > MAX_DESCRIPTION_BYTES:
        yield f"the channel's description has {size} bytes: shorten it to {MAX_DESCRIPTION_BYTES}"
    language = feed.node.text("language")
    if language and not is_language(language):
        yield f"{language[:80]!r} is no language tag of RFC 5646: write one such as en or pt-BR"
    links = feed.node.links("self")
    if links and feed.node.text("link") and links[0].get("href") == feed.node.text("link"):
        yield "the channel's link leads to the feed: give the address of the show's page"


def check_category(feed: FeedFacts) -> Iterator[str]:
    """F5: at least one of Apple's categories."""
    categories = feed.node.all("itunes:category")
    if not categories:
        yield 'no itunes:category: add one of Apple\'s, such as <itunes:category text="News"/>'
    elif not any(category.get("text", "") in CATEGORIES for category in categories):
        yield from (_unknown_category(category) for category in categories)


def check_all_categories(feed: FeedFacts) -> Iterator[str]:
    """F5: every category is Apple's, each sub-category inside its parent."""
    categories = feed.node.all("itunes:category")
    known = [category for category in categories if category.get("text", "") in CATEGORIES]
    for category in categories if known else ():
        if category not in known:
            yield _unknown_category(category)
            continue
        name = category.get("text", "")
        for sub in category.iterchildren("*"):
            if name_of(sub) == "itunes:category" and sub.get("text") not in CATEGORIES[name]:
                there_are = ", ".join(CATEGORIES[name]) or "none"
                yield f"{sub.get('text')!r} is no sub-category of {name}: there are {there_are}"


def _unknown_category(category: Any) -> str:
    return f"{category.get('text', '')[:80]!r} is none of Apple's categories: use one of their list"


def check_explicit(feed: FeedFacts) -> Iterator[str]:
    """F6: explicit is there, with a value that apps know."""
    if not feed.node.all("itunes:explicit"):
        yield "no itunes:explicit: write <itunes:explicit>false</itunes:explicit>, or true"
    yield from unknown_explicit(feed)


def check_cover(feed: FeedFacts) -> Iterator[str]:
    """F7: a square RGB picture of 1400 to 3000 pixels."""
    url = feed.node.attribute("itunes:image", "href")
    if not url:
        yield "no itunes:image with href: give the address of a square JPEG or PNG"
    elif not is_absolute(url):
        yield f"the cover's address is not absolute: {url[:200]!a}: begin it with https://"
    elif feed.cover_problem:
        yield feed.cover_problem


def check_cover_name(feed: FeedFacts) -> Iterator[str]:
    """F7: a cover named by its format."""
    url = feed.node.attribute("itunes:image", "href")
    ending = url.lower()[-4:]
    if url and ending not in {".jpg", ".png"}:
        yield f"the cover's address ends neither in .jpg nor in .png: rename {url[:200]!a}"
    elif url and feed.cover_suffix and ending != feed.cover_suffix:
        yield f"the cover is no {ending} but {feed.cover_suffix}: rename it"


def check_items(feed: FeedFacts) -> Iterator[str]:
    """F8: an item, and a date on every item."""
    if not feed.totals.item_count:
        yield "the feed has no item: apps refuse an empty feed, publish an episode first"
    if feed.totals.undated_count:
        yield f"{feed.totals.undated_count} items have no pubDate: add the date of publication"


def check_author(feed: FeedFacts) -> Iterator[str]:
    """F8: an author."""
    if not feed.node.text("itunes:author"):
        yield "no itunes:author: name who makes the show"


def check_feed_guid(feed: FeedFacts) -> Iterator[str]:
    """F10: the feed's identity is one UUID."""
    guids = [(guid.text or "").strip() for guid in feed.node.all("podcast:guid")]
    if len(guids) > 1:
        yield f"there are {len(guids)} podcast:guid: keep the first that you published"
    for guid in guids:
        try:
            UUID(guid)
        except ValueError:
            yield f"podcast:guid is no UUID: {guid[:80]!r}: make one of the feed's address"


def check_feed_guid_is_there(feed: FeedFacts) -> Iterator[str]:
    """F10: there is one."""
    if not feed.node.all("podcast:guid"):
        yield "no podcast:guid: it keeps the show's identity when the feed moves, add one"


def check_guids_differ(feed: FeedFacts) -> Iterator[str]:
    """I5: no two items have one guid."""
    for guid, count in feed.totals.guids.items():
        if count > 1:
            yield f"{count} items have the guid {guid[:200]!r}: give each its own, apps show one"


def check_enclosures_differ(feed: FeedFacts) -> Iterator[str]:
    """I6: no two items have one MP3."""
    for url, count in feed.totals.enclosures.items():
        if count > 1:
            path = path_of(url) or url
            yield f"{count} items have the sound {path[:200]}: an address is for one episode only"


def check_order_of_show(feed: FeedFacts) -> Iterator[str]:
    """I9: the show is episodic or serial."""
    order = feed.node.text("itunes:type")
    if order and order.lower() not in {"episodic", "serial"}:
        yield f"itunes:type is {order[:80]!r}: write episodic or serial"


def _entry(
    number: str, title: str, source: str, level: Level = MUST, *, is_lenient: bool = False
) -> Entry:
    return Entry(number, level, title, source, is_lenient=is_lenient)


_URLS = "URLs are absolute http(s), ASCII, percent-encoded"

#: Asked even where nothing could be parsed.
DOCUMENT_RULES: tuple[Rule[FeedFacts], ...] = (
    Rule(_entry("F1", "well-formed XML 1.0 in UTF-8", "RSS 2.0, PSP-1"), check_xml),
    Rule(
        _entry("F1", "an XML declaration that says UTF-8", "PSP-1", is_lenient=True),
        check_declaration,
    ),
    Rule(_entry("F2", "RSS 2.0 and the exact namespaces", "PSP-1"), check_root),
)
FEED_RULES: tuple[Rule[FeedFacts], ...] = (
    Rule(
        _entry("F2", "the podcast namespace by its present name", "NS", is_lenient=True),
        check_old_namespace,
    ),
    Rule(_entry("F3", "one atom:link to the feed itself", "PSP-1"), check_self_link),
    Rule(
        _entry("F3", "its type is application/rss+xml", "PSP-1", is_lenient=True), check_self_type
    ),
    Rule(_entry("F4", "title, link, description, language", "PSP-1"), check_basics),
    Rule(_entry("F5", "one of Apple's categories", "PSP-1"), check_category),
    Rule(
        _entry("F5", "no other categories than Apple's", "PSP-1", is_lenient=True),
        check_all_categories,
    ),
    Rule(_entry("F6", "itunes:explicit has a known value", "PSP-1"), check_explicit),
    Rule(
        _entry("F6", "itunes:explicit is true or false", "PSP-1, W3C", is_lenient=True),
        old_explicit,
    ),
    Rule(
        _entry("F7", "a square RGB cover of 1400 to 3000 pixels", "PSP-1, Apple 896"), check_cover
    ),
    Rule(
        _entry("F7", "the cover is named by its format", "PSP-1, Apple 896", is_lenient=True),
        check_cover_name,
    ),
    Rule(_entry("F8", "an item, a date on every item", "Spotify"), check_items),
    Rule(_entry("F8", "an author", "Spotify", is_lenient=True), check_author),
    Rule(_entry("F9", f"{_URLS}: what apps fetch", "NS, W3C"), check_fetched_urls),
    Rule(_entry("F9", f"{_URLS}: pages", "NS, W3C", is_lenient=True), check_opened_urls),
    Rule(_entry("F9", "pages of podcast:* by https", "NS", SHOULD), check_secure_pages),
    Rule(_entry("F10", "podcast:guid is one UUID", "NS guid"), check_feed_guid),
    Rule(
        _entry("F10", "there is a podcast:guid", "NS guid", is_lenient=True),
        check_feed_guid_is_there,
    ),
    Rule(_entry("I5", "guids are unique, on all pages", "PSP-1, NS"), check_guids_differ),
    Rule(
        _entry("I6", "no two items share an MP3", "PRX (second hand)", is_lenient=True),
        check_enclosures_differ,
    ),
    Rule(_entry("I9", "the show is episodic or serial", "PSP-1"), check_order_of_show),
)
