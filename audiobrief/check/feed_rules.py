"""Rules of the whole feed: F1 to F10, and what no two items may share (pure)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from audiobrief.check.facts import NAMESPACES, FeedFacts, all_at, attribute, text_of
from audiobrief.check.rule import Level, Rule
from audiobrief.publish.categories import CATEGORIES
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

# RFC 5646: primary language, and subtags of letters and digits.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DECLARATION = re.compile(rb"<\?xml [^>]*encoding=[\"'](?i:utf-8)[\"']")


def check_xml(feed: FeedFacts) -> Iterator[str]:
    """F1: well-formed XML in UTF-8, with a declaration that says so."""
    if feed.syntax_error:
        yield f"no well-formed XML: {feed.syntax_error}"
    elif not _DECLARATION.match(feed.content):
        yield "it does not begin with an XML declaration that says UTF-8"


def check_namespaces(feed: FeedFacts) -> Iterator[str]:
    """F2: RSS 2.0 and the exact namespaces."""
    if feed.root.tag != "rss" or feed.root.get("version") != "2.0":
        yield "the root is not <rss version='2.0'>"
    for prefix, uri in NAMESPACES.items():
        if feed.root.nsmap.get(prefix) != uri:
            yield f"the prefix {prefix} does not stand for {uri}"


def check_self_link(feed: FeedFacts) -> Iterator[str]:
    """F3: one link to the feed itself."""
    links = all_at(feed.channel, "atom:link[@rel='self']")
    if len(links) != 1:
        yield f"{len(links)} atom:link rel=self, not one"
    yield from (
        "atom:link rel=self has another type than application/rss+xml"
        for link in links
        if link.get("type") != "application/rss+xml"
    )


def check_basics(feed: FeedFacts) -> Iterator[str]:
    """F4: title, link, description, language."""
    for name in ("title", "link", "description", "language"):
        if not text_of(feed.channel, name):
            yield f"the channel has no {name}"
    if len(text_of(feed.channel, "description").encode()) > MAX_DESCRIPTION_BYTES:
        yield "the channel's description is longer than 4000 bytes"
    if not _LANGUAGE.fullmatch(text_of(feed.channel, "language") or "en"):
        yield f"no language tag of RFC 5646: {text_of(feed.channel, 'language')}"
    own = attribute(feed.channel, "atom:link[@rel='self']", "href")
    if own and own == text_of(feed.channel, "link"):
        yield "the channel's link leads to the feed, not to a page"


def check_category(feed: FeedFacts) -> Iterator[str]:
    """F5: at least one of Apple's categories."""
    categories = all_at(feed.channel, "itunes:category")
    if not categories:
        yield "the channel has no itunes:category"
    for category in categories:
        name = category.get("text", "")
        if name not in CATEGORIES:
            yield f"none of Apple's categories: {name}"
            continue
        for sub in all_at(category, "itunes:category"):
            if sub.get("text") not in CATEGORIES[name]:
                yield f"no sub-category of {name}: {sub.get('text')}"


def check_explicit(feed: FeedFacts) -> Iterator[str]:
    """F6: explicit is true or false."""
    if not all_at(feed.channel, "itunes:explicit"):
        yield "the channel has no itunes:explicit"
    for element in (feed.channel, *feed.items):
        for explicit in all_at(element, "itunes:explicit"):
            if explicit.text not in {"true", "false"}:
                yield f"itunes:explicit is neither true nor false: {explicit.text}"


def check_cover(feed: FeedFacts) -> Iterator[str]:
    """F7: a square RGB picture of 1400 to 3000 pixels, named by its format."""
    url = attribute(feed.channel, "itunes:image", "href")
    if not url.endswith((".jpg", ".png")):
        yield f"the cover's URL ends neither in .jpg nor in .png: {url}"
    elif feed.cover_problem:
        yield feed.cover_problem
    elif not url.endswith(feed.cover_suffix):
        yield f"the cover is no {url[-4:]} but {feed.cover_suffix}"


def check_author_and_items(feed: FeedFacts) -> Iterator[str]:
    """F8: an author, an item, a date on every item."""
    if not text_of(feed.channel, "itunes:author"):
        yield "the channel has no itunes:author"
    if not feed.items:
        yield "the feed has no item"
    undated = sum(not text_of(item, "pubDate") for item in feed.items)
    if undated:
        yield f"{undated} items have no pubDate"


def check_urls(feed: FeedFacts) -> Iterator[str]:
    """F9: URLs are absolute, ASCII and percent-encoded."""
    urls = {
        value
        for element in feed.channel.iter("*")
        for name, value in element.attrib.items()
        if name in {"url", "href", "uri"}
    }
    urls |= {link.text or "" for link in feed.channel.iter("link", "url")}
    for url in sorted(urls):
        if not _is_absolute(url):
            yield f"no absolute, percent-encoded http(s) URL: {url!a}"


def check_feed_guid(feed: FeedFacts) -> Iterator[str]:
    """F10: the feed's identity is one UUID."""
    guids = [guid.text or "" for guid in all_at(feed.channel, "podcast:guid")]
    if len(guids) != 1:
        yield f"{len(guids)} podcast:guid, not one"
    for guid in guids:
        try:
            UUID(guid)
        except ValueError:
            yield f"podcast:guid is no UUID: {guid}"


def check_guids_differ(feed: FeedFacts) -> Iterator[str]:
    """I5: no two items have one guid."""
    counts = Counter(text_of(item, "guid") for item in feed.items)
    yield from (f"{n} items have the guid {guid}" for guid, n in counts.items() if guid and n > 1)


def check_enclosures_differ(feed: FeedFacts) -> Iterator[str]:
    """I6: no two items have one MP3."""
    counts = Counter(attribute(item, "enclosure", "url") for item in feed.items)
    yield from (f"{n} items have the MP3 {url}" for url, n in counts.items() if url and n > 1)


def _is_absolute(url: str) -> bool:
    """Return whether a URL is what feed rule F9 asks for.

    >>> [_is_absolute(url) for url in ("https://a.example/b%20c", "/b", "https://a.example/b c")]
    [True, False, False]
    """
    if not url.isascii() or not url.isprintable() or re.search(r"[\s<>\"{}|\\^`]", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


XML_RULE = Rule("F1", Level.MUST, "well-formed XML 1.0 in UTF-8, with declaration", check_xml)
FEED_RULES = (
    Rule("F2", Level.MUST, "RSS 2.0 and the exact namespaces", check_namespaces),
    Rule("F3", Level.MUST, "one atom:link to the feed itself", check_self_link),
    Rule("F4", Level.MUST, "title, link, description, language", check_basics),
    Rule("F5", Level.MUST, "one of Apple's categories", check_category),
    Rule("F6", Level.MUST, "itunes:explicit is true or false", check_explicit),
    Rule("F7", Level.MUST, "a square RGB cover of 1400 to 3000 pixels", check_cover),
    Rule("F8", Level.MUST, "an author, an item, a date on every item", check_author_and_items),
    Rule("F9", Level.MUST, "URLs are absolute, ASCII, percent-encoded", check_urls),
    Rule("F10", Level.MUST, "podcast:guid is one UUID", check_feed_guid),
    Rule("I5", Level.MUST, "guids are unique", check_guids_differ),
    Rule("I6", Level.MUST, "no two items share an MP3", check_enclosures_differ),
)
