"""The feed: Show and Episodes to RSS (the room of feedgen; feed rules F, I, P and S)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from feedgen.feed import FeedGenerator

from audiobrief.publish.address import FEED_FILE, PAGE_FILE, episode_address, show_address
from audiobrief.publish.categories import parse_category
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES, render_content, render_description
from audiobrief.publish.podcast_namespace import (
    ItunesEntry,
    ItunesFeed,
    PodcastEntry,
    PodcastFeed,
)
from audiobrief.text.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

#: Files of an episode that hold its transcript, with the types of feed rule P1.
TRANSCRIPTS = (
    ("transcript.vtt", "text/vtt"),
    ("transcript.srt", "application/x-subrip"),
    ("transcript.json", "application/json"),
)
CHAPTERS_FILE = "chapters.json"


def render_feed(show: Show, episodes: Sequence[Episode]) -> bytes:
    """Return the feed of a show: the same show and episodes, the same bytes.

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
    if not episodes:
        message = "a feed has at least one episode"
        raise ValueError(message)
    newest_first = sorted(episodes, key=lambda e: (e.published, e.guid), reverse=True)
    feed = _channel(show)
    # The time of the newest episode, not of the clock (S2): the same feed twice is the same bytes.
    feed.lastBuildDate(newest_first[0].published)
    for episode in newest_first:
        _add_item(feed, show, episode)
    return _with_hex_references(feed.rss_str(pretty=True))


def _channel(show: Show) -> Any:
    feed = FeedGenerator()
    # Before the first item, which takes over the extensions that are there.
    feed.register_extension("podcast", ItunesFeed, ItunesEntry, atom=False)
    feed.register_extension("podcast20", PodcastFeed, PodcastEntry, atom=False)
    title, author = printable_line(show.title), printable_line(show.author)
    cover = show_address(show, show.cover_file)
    page = show_address(show, PAGE_FILE)
    feed.title(title)
    feed.description(_capped(printable(show.description).strip() or title))
    feed.link(href=show_address(show, FEED_FILE), rel="self", type="application/rss+xml")
    # Last: feedgen takes the last link for the channel's own.
    feed.link(href=page, rel="alternate")
    feed.language(show.language)
    # Without version: an upgrade alone must not change the feed.
    feed.generator("audiobrief")
    feed.image(url=cover, title=title, link=page)
    feed.podcast.itunes_author(author or title)
    if author:
        feed.copyright(author)
    category = parse_category(show.category)
    feed.podcast.itunes_category(
        {"cat": category.name} | ({"sub": category.sub} if category.sub else {})
    )
    feed.podcast.itunes_image(cover)
    feed.podcast.itunes_explicit(show.explicit)
    feed.podcast.itunes_type("episodic")
    if show.email:
        feed.podcast.itunes_owner(name=author or title, email=printable_line(show.email))
    feed.podcast20.guid(show.guid)
    feed.podcast20.locked(owner=printable_line(show.email))
    feed.podcast20.medium("podcast")
    if show.ai_disclosure:
        feed.podcast20.ai_content()
    return feed


def _add_item(feed: Any, show: Show, episode: Episode) -> None:
    item = feed.add_entry(order="append")
    title = printable_line(episode.title)
    item.title(title)
    item.guid(episode.guid, permalink=False)
    item.link(href=episode_address(show, episode, PAGE_FILE), rel="alternate")
    item.description(render_description(episode, ai_disclosure=show.ai_disclosure))
    item.content(render_content(episode, ai_disclosure=show.ai_disclosure), type="CDATA")
    item.enclosure(
        url=episode_address(show, episode, episode.enclosure.file),
        length=str(episode.enclosure.bytes),
        type=episode.enclosure.mime_type,
    )
    item.pubDate(episode.published)
    item.podcast.itunes_title(title)
    # Whole seconds (I8); feedgen refuses anything but text of digits.
    item.podcast.itunes_duration(str(round(episode.enclosure.duration_ms / 1000)))
    item.podcast.itunes_explicit(show.explicit)
    item.podcast.itunes_episode_type("full")
    for file, mime_type in TRANSCRIPTS:
        address = episode_address(show, episode, file)
        item.podcast20.transcript(address, mime_type, episode.language)
    if episode.chapters:
        item.podcast20.chapters(episode_address(show, episode, CHAPTERS_FILE))
    bylines = (printable_line(ref.byline or "") for ref in episode.articles)
    for byline in dict.fromkeys(filter(None, bylines)):
        item.podcast20.person(byline, role="author", group="writing")
    if show.ai_disclosure:
        item.podcast20.ai_content()


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
