"""The feed: Show and Episodes to RSS (the room of feedgen; feed rules F, I, P and S)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from feedgen.feed import FeedGenerator

from audiobrief.model.card import Listed
from audiobrief.publish.address import (
    FEED_FILE,
    PAGE_FILE,
    cover_address,
    show_address,
    web_address,
)
from audiobrief.publish.categories import parse_category
from audiobrief.publish.item import CHAPTERS_FILE, TRANSCRIPTS, add_item
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES
from audiobrief.publish.paging import Page, lay_out_pages, newest_first
from audiobrief.publish.podcast_namespace import (
    ItunesEntry,
    ItunesFeed,
    PodcastEntry,
    PodcastFeed,
)
from audiobrief.text.printable import printable, printable_line

__all__ = [
    "CHAPTERS_FILE",
    "MAX_FEED_BYTES",
    "TRANSCRIPTS",
    "Laid",
    "lay_out_feed",
    "render_feed",
    "render_page",
    "render_pages",
]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

_ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
_NOTES = re.compile(rb"(?<!\s)\s*<content:encoded>.*?</content:encoded>", re.DOTALL)


#: Some hosts and directories read no more of a feed, and every app loads it every hour.
MAX_FEED_BYTES = 500_000
#: What a user who wants more items than that has room for gives each of them.
_ITEM_BYTES = 5_000
#: Addresses of further pages, which are known only when the items are counted.
_RESERVE_BYTES = 2_000


def render_feed(show: Show, episodes: Sequence[Episode]) -> bytes:
    """Return the feed of a show on one page: the same show and episodes, the same bytes.

    Not for several threads at once: feedgen 1.0.0 switches the process's locale to write a date.

    Args:
        show: Its base URL is absolute, its category one of Apple's.
        episodes: Those to publish, in any order; the feed has the newest first.

    Returns:
        RSS 2.0 in UTF-8.

    Raises:
        ValueError: There are no episodes: apps refuse an empty feed (feed rule F8).
        WorkspaceError: The category is none of Apple's.
    """
    return render_page(show, Page(FEED_FILE, tuple(newest_first(episodes))))


def render_pages(show: Show, episodes: Sequence[Episode], per_page: int = 100) -> dict[str, bytes]:
    """Return all pages of a show's feed by file name, ``feed.xml`` first (feed rule S5).

    Args:
        show: As `render_feed` takes it.
        episodes: In any order.
        per_page: Episodes of a page at most.

    Raises:
        ValueError: There are no episodes.
        WorkspaceError: The category is none of Apple's.
    """
    first, *older = lay_out_feed(show, episodes, per_page, lambda page: page)
    return {first.page.file: first.content} | {
        p.page.file: render_page(show, p.page) for p in older
    }


def render_page(show: Show, page: Page[Episode], *, noted: int | None = None) -> bytes:
    """Return one page of a feed.

    Args:
        show: As `render_feed` takes it.
        page: Its episodes, and its place among the others.
        noted: So many items, the newest, have their notes as HTML besides; ``None``: all.

    Raises:
        ValueError: The page has no episodes.
        WorkspaceError: The category is none of Apple's.
    """
    if not page.episodes:
        message = "a feed has at least one episode"
        raise ValueError(message)
    feed = _channel(show, page)
    # The time of the newest episode, not of the clock (S2): the same feed twice is the same bytes.
    feed.lastBuildDate(page.episodes[0].published)
    for place, episode in enumerate(page.episodes):
        add_item(feed, show, episode, has_notes=noted is None or place < noted)
    return _with_hex_references(feed.rss_str(pretty=True))


def _channel(show: Show, page: Page[Episode]) -> Any:
    feed = FeedGenerator()
    # Before the first item, which takes over the extensions that are there.
    feed.register_extension("podcast", ItunesFeed, ItunesEntry, atom=False)
    feed.register_extension("podcast20", PodcastFeed, PodcastEntry, atom=False)
    title, author = printable_line(show.title), printable_line(show.author)
    cover = cover_address(show)
    link = show_address(show, PAGE_FILE)
    feed.title(title)
    feed.description(_capped(printable(show.description).strip() or title))
    feed.link(href=show_address(show, page.file), rel="self", type="application/rss+xml")
    # Last: feedgen takes the last link for the channel's own.
    feed.link(href=link, rel="alternate")
    feed.language(show.language)
    # Without version: an upgrade alone must not change the feed.
    feed.generator("audiobrief")
    feed.image(url=cover, title=title, link=link)
    feed.podcast.itunes_author(author or title)
    if author:
        feed.copyright(author)
    category = parse_category(show.category)
    feed.podcast.itunes_category(
        {"cat": category.name} | ({"sub": category.sub} if category.sub else {})
    )
    feed.podcast.itunes_image(cover)
    feed.podcast.itunes_explicit(show.explicit)
    if show.is_private:
        feed.podcast.itunes_block(True)
    feed.podcast.itunes_type("serial" if show.is_serial else "episodic")
    if show.email:
        feed.podcast.itunes_owner(name=author or title, email=printable_line(show.email))
    _add_podcast_elements(feed, show, page)
    return feed


def _add_podcast_elements(feed: Any, show: Show, page: Page[Episode]) -> None:
    """Add what feedgen does not know; what is about the subscription, to the first page alone."""
    hub, moved = web_address(show.hub_url), web_address(show.new_feed_url)
    if page.file == FEED_FILE:
        if hub:
            feed.podcast20.link("hub", hub)
        if moved:
            feed.podcast.itunes_new_feed_url(moved)
    for relation, file in page.links:
        feed.podcast20.link(relation, show_address(show, file))
    feed.podcast20.guid(show.guid)
    feed.podcast20.locked(owner=printable_line(show.email))
    feed.podcast20.medium("podcast")
    if show.update_rule:
        feed.podcast20.update_frequency(show.update_rule, show.update_words)
    if funding := web_address(show.funding_url):
        feed.podcast20.funding(funding, printable_line(show.funding_words))
    if show.ai_disclosure:
        feed.podcast20.ai_content()


@dataclass(frozen=True, slots=True)
class Laid(Generic[Listed]):
    """A page of a feed; the first one is rendered, since its size decides about the others."""

    page: Page[Listed]
    content: bytes = b""


def lay_out_feed(
    show: Show,
    episodes: Sequence[Listed],
    per_page: int,
    whole: Callable[[Page[Listed]], Page[Episode]],
) -> tuple[Laid[Listed], ...]:
    """Divide a feed into pages, the newest first; ``feed.xml`` has no more bytes than apps like.

    It is ``MAX_FEED_BYTES``, or 5 kB an item if the user wants more items. What is too long loses
    the HTML notes of its oldest items, which have their plain ones, and then these items: they
    stand on the next page.

    Args:
        show: As `render_feed` takes it.
        episodes: In any order.
        per_page: Episodes of a page at most.
        whole: Returns a page as it can be rendered; asked only of the first one.

    Raises:
        ValueError: There are no episodes.
        WorkspaceError: The category is none of Apple's.
    """
    ordered = newest_first(episodes)
    pages: tuple[Page[Listed], ...] = lay_out_pages(ordered, per_page, FEED_FILE)
    content = render_page(show, whole(pages[0]))
    most_bytes = max(MAX_FEED_BYTES, _ITEM_BYTES * per_page)
    if len(content) > most_bytes:
        count, noted = _that_fit(content, most_bytes)
        pages = lay_out_pages(ordered, per_page, FEED_FILE, newest=count)
        content = render_page(show, whole(pages[0]), noted=noted)
    laid: list[Laid[Listed]] = [Laid(pages[0], content)]
    laid += [Laid(page) for page in pages[1:]]
    return tuple(laid)


def _that_fit(xml: bytes, most_bytes: int) -> tuple[int, int]:
    """Return how many of a feed's items have room, and how many of these with their HTML notes."""
    items = [item[0] for item in _ITEM.finditer(xml)]
    plain = [len(item) - sum(len(notes[0]) for notes in _NOTES.finditer(item)) for item in items]
    room = most_bytes - _RESERVE_BYTES - (len(xml) - sum(len(item) for item in items))
    count = len(items)
    while count > 1 and sum(plain[:count]) > room:
        count -= 1
    room -= sum(plain[:count])
    noted = 0
    while noted < count and (room := room - len(items[noted]) + plain[noted]) >= 0:
        noted += 1
    return count, noted


def _capped(text: str) -> str:
    """Return as much of a text as a channel's description may have (F4), by whole words."""
    if len(text.encode()) <= MAX_DESCRIPTION_BYTES:
        return text
    head = text.encode()[: MAX_DESCRIPTION_BYTES - 3].decode(errors="ignore")
    return (head.rsplit(maxsplit=1)[0] if " " in head else head) + "…"


def _with_hex_references(xml: bytes) -> bytes:
    """Return the feed with ``&`` and ``<`` in titles as apps of all ages read them (S9)."""
    return re.sub(
        rb"<((?:itunes:)?title)>[^<]*</\1>",
        lambda match: match[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;"),
        xml,
    )
