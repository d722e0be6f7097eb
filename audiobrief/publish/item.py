"""An item of the feed: everything that apps are told of one episode (feed rules I, P and S)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.publish.address import PAGE_FILE, cover_address, episode_address
from audiobrief.publish.notes import render_content, render_description
from audiobrief.publish.people import (
    MAX_NAMES,
    authors_of,
    narrators_of,
    quote_voices_of,
    quoted_in,
)
from audiobrief.publish.soundbite import find_soundbite
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

#: Files of an episode that hold its transcript, with the types of feed rule P1.
TRANSCRIPTS = (
    ("transcript.vtt", "text/vtt"),
    ("transcript.srt", "application/x-subrip"),
    ("transcript.json", "application/json"),
    ("transcript.html", "text/html"),
)
CHAPTERS_FILE = "chapters.json"


def add_item(feed: Any, show: Show, episode: Episode, *, has_notes: bool) -> None:
    """Append an item to a feed of feedgen's; ``has_notes``: with its notes as HTML besides."""
    item = feed.add_entry(order="append")
    title = printable_line(episode.title)
    item.title(title)
    item.guid(episode.guid, permalink=False)
    item.link(href=episode_address(show, episode, PAGE_FILE), rel="alternate")
    item.description(render_description(episode, ai_disclosure=show.ai_disclosure))
    if has_notes:
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
    if episode.cover_file:
        item.podcast.itunes_image(cover_address(show, episode))
    if show.is_serial:
        _add_numbers(item, episode)
    _add_files(item, show, episode)
    _add_people(item, show, episode)
    if bite := find_soundbite(episode):
        item.podcast20.soundbite(
            start_ms=bite.start_ms, duration_ms=bite.duration_ms, title=bite.title
        )
    if show.ai_disclosure:
        item.podcast20.ai_content()


def _add_numbers(item: Any, episode: Episode) -> None:
    if episode.season is not None:
        item.podcast.itunes_season(episode.season)
        item.podcast20.season(episode.season)
    if episode.number is not None:
        item.podcast.itunes_episode(episode.number)
        item.podcast20.episode(episode.number)


def _add_files(item: Any, show: Show, episode: Episode) -> None:
    for file, mime_type in TRANSCRIPTS:
        address = episode_address(show, episode, file)
        item.podcast20.transcript(address, mime_type, episode.language)
    if episode.chapters:
        item.podcast20.chapters(episode_address(show, episode, CHAPTERS_FILE))
    for sound in episode.deliveries:
        item.podcast20.alternate_enclosure(
            episode_address(show, episode, sound.file),
            sound.mime_type,
            length=sound.bytes,
            bitrate=round(sound.bytes * 8000 / max(sound.duration_ms, 1)),
            title=sound.file.rpartition(".")[2].upper(),
            sha256=sound.sha256,
        )


def _add_people(item: Any, show: Show, episode: Episode) -> None:
    """Name who wrote, who is quoted and, where the show tells of synthetic voices, who reads."""
    people = [(authors_of(episode), "author", "writing"), (quoted_in(episode), "guest", "cast")]
    if show.ai_disclosure:
        people.append((narrators_of(episode), "narrator", "cast"))
        people.append((quote_voices_of(episode), "voice actor", "cast"))
    for names, role, group in people:
        for name in names[:MAX_NAMES]:
            item.podcast20.person(name, role=role, group=group)
