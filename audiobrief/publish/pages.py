"""Pages for listeners without an app: one per episode, and a list (pure).

Each is one file that asks nothing of the network but the MP3 and the pictures beside it, so it
works from a disk as well as from any web space.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from audiobrief.publish.address import (
    PAGE_FILE,
    cover_address,
    episode_address,
    show_address,
    web_address,
)
from audiobrief.publish.caption import describe, signed
from audiobrief.publish.frame import render_page
from audiobrief.publish.linked_data import describe_episode, describe_series
from audiobrief.publish.notes import clock, credit, heard_lines
from audiobrief.publish.paging import newest_first
from audiobrief.publish.picture import picture_size
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.model.show import Show
    from audiobrief.publish.paging import Page

#: Episodes of a list's page.
INDEX_ITEMS = 100
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: Room for cover, title, player and three chapters.
EMBED_HEIGHT_PX = 320
#: Of RFC 5005, of HTML, and for people.
_LINKS = (
    ("first", "", "Newest episodes"),
    ("previous", "prev", "Newer episodes"),
    ("next", "next", "Older episodes"),
    ("last", "", "First episodes"),
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one person says at a stretch."""

    #: Shown above the paragraph; empty where the same person goes on, and for the narrator.
    speaker: str
    is_quote: bool
    segments: tuple[Spoken, ...]
    #: When it begins, for people.
    clock: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of the transcript that can be clicked."""

    #: Seconds with milliseconds.
    start: str
    end: str
    text: str


def render_episode_page(show: Show, episode: Episode, *, picture: str | None = None) -> str:
    """Return an episode's page: player, chapters, transcript.

    The same show and episode give the same text. Nothing in it depends on the clock, and every
    word of the article is escaped.

    Args:
        show: Whose name and cover the page carries.
        episode: What it is about.
        picture: Name of the episode's picture beside the page (`PICTURE_FILE`), if it has one.
    """
    sources = [
        {
            "address": web_address(ref.url),
            "headline": printable_line(ref.headline),
            "credit": credit(ref),
        }
        for ref in episode.articles
    ]
    chapters = [
        {
            "seconds": chapter.start_ms // 1000,
            "clock": shown_clock(chapter.start_ms),
            "title": printable_line(chapter.title),
        }
        for chapter in episode.chapters
    ]
    return render_page(
        "episode.html",
        show,
        language=episode.language,
        script="episode.js",
        head=None if show.is_private else _episode_head(show, episode),
        guid=episode.guid,
        title=printable_line(episode.title),
        summary=printable_line(episode.summary),
        date=f"{episode.published:%Y-%m-%d}",
        shown_date=shown_date(episode),
        length=_length(episode.enclosure.duration_ms),
        sources=sources,
        heard=heard_lines(episode, ai_disclosure=show.ai_disclosure),
        audio=quote(episode.enclosure.file),
        megabytes=f"{episode.enclosure.bytes / 1_000_000:.1f}",
        chapters=chapters,
        picture=_picture(picture, episode) if picture else None,
        snippet=render_snippet(show, episode),
        paragraphs=paragraphs(episode.segments),
    )


def render_snippet(show: Show, episode: Episode) -> str:
    """Return the HTML that puts the small player into a page of somebody else's."""
    address = escape(f"{episode_address(show, episode, PAGE_FILE)}?embed")
    return (
        f'<iframe src="{address}" title="{escape(printable_line(episode.title))}" width="100%" '
        f'height="{EMBED_HEIGHT_PX}" style="border:0" loading="lazy" '
        'allow="autoplay; clipboard-write"></iframe>'
    )


def _episode_head(show: Show, episode: Episode) -> dict[str, Any]:
    return {
        "type": "article",
        "page": episode_address(show, episode, PAGE_FILE),
        "cover": cover_address(show),
        "audio": episode_address(show, episode, episode.enclosure.file),
        "audio_type": episode.enclosure.mime_type,
        "data": describe_episode(show, episode),
    }


def _picture(file: str, episode: Episode) -> dict[str, object]:
    """Return what the page says of a picture; its size, so that nothing jumps when it comes."""
    width, height = picture_size(episode.segments)
    about = describe(episode.segments, episode.chapters, duration_ms=episode.enclosure.duration_ms)
    level = f"{signed(episode.loudness.integrated_lufs)} LUFS"
    return {
        "file": quote(file),
        "width": width,
        "height": height,
        "alt": f"Waveform and loudness: {about} {level} as a whole.",
    }


def render_index_page(
    show: Show,
    episodes: Sequence[Episode],
    *,
    others: Sequence[tuple[str, str]] = (),
    list_file: str = "",
    page: Page[Episode] | None = None,
) -> str:
    """Return the page of a show: how to subscribe, and its episodes, the newest first.

    Args:
        show: Whose page it is.
        episodes: In any order.
        others: Title and page, as a relative address, of shows that are made beside it.
        list_file: Name of the list of all shows' feeds beside the page; empty: there is none.
        page: Its place among several; the episodes are its own.
    """
    links = dict(page.links) if page else {}
    is_first = page is None or page.file == PAGE_FILE
    return render_page(
        "index.html",
        show,
        language=show.language,
        script="index.js",
        head=_index_head(show) if is_first and not show.is_private else None,
        author=printable_line(show.author),
        description=printable_line(show.description) or printable_line(show.title),
        is_first=is_first,
        links=[
            {"rel": rel, "file": links[relation], "label": label}
            for relation, rel, label in _LINKS
            if relation in links and not (page and links[relation] == page.file)
        ],
        list_file=quote(list_file),
        others=[{"title": printable_line(title), "page": page} for title, page in others],
        episodes=[
            {
                "page": f"{quote(episode.directory)}/{PAGE_FILE}",
                "audio": f"{quote(episode.directory)}/{quote(episode.enclosure.file)}",
                "title": printable_line(episode.title),
                "number": _number(episode) if show.is_serial else "",
                "date": f"{episode.published:%Y-%m-%d}",
                "shown_date": shown_date(episode),
                "length": _length(episode.enclosure.duration_ms),
                "language": episode.language,
                "cover": (
                    f"{quote(episode.directory)}/{quote(episode.cover_file)}"
                    if episode.cover_file
                    else quote(show.cover_file)
                ),
                "summary": printable_line(episode.summary),
            }
            for episode in newest_first(episodes)
        ],
    )


def _index_head(show: Show) -> dict[str, Any]:
    return {
        "type": "website",
        "page": show_address(show, PAGE_FILE),
        "cover": cover_address(show),
        "audio": "",
        "data": describe_series(show),
    }


def paragraphs(segments: Sequence[TimedSegment]) -> list[Paragraph]:
    """Group segments by paragraph, and inside it by who speaks; the opening goes line by line."""
    groups = groupby(
        segments,
        key=lambda s: (
            s.paragraph,
            s.id if s.role == "host" else "",
            s.role == "quote",
            s.speaker or "",
        ),
    )
    found: list[Paragraph] = []
    before = ""
    for (_, _, is_quote, speaker), (first, *others) in groups:
        spoken = tuple(
            Spoken(_seconds(s.start_ms), _seconds(s.end_ms), printable_line(s.text))
            for s in (first, *others)
        )
        name = printable_line(speaker)
        shown = name if name != before else ""
        found.append(Paragraph(shown, is_quote, spoken, shown_clock(first.start_ms)))
        before = name
    return found


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03d}"


def _number(episode: Episode) -> str:
    """Return which episode of a serial show it is, for people; empty: it has no number yet."""
    if episode.number is None:
        return ""
    season = f"Season {episode.season}, episode" if episode.season is not None else "Episode"
    return f"{season} {episode.number}"


def _length(ms: int) -> str:
    """Return a length as people say it.

    >>> _length(29_000), _length(247_000), _length(3_900_000)
    ('29 s', '4 min', '1 h 5 min')
    """
    if ms < 60_000:
        return f"{round(ms / 1000)} s"
    minutes = round(ms / 60_000)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def shown_clock(ms: int) -> str:
    """Return a time as players show it, rounded down.

    >>> shown_clock(65_999), shown_clock(3_725_000)
    ('1:05', '1:02:05')
    """
    hours, minutes, seconds = clock(ms).split(":")
    return f"{int(hours)}:{minutes}:{seconds}" if int(hours) else f"{int(minutes)}:{seconds}"


def shown_date(episode: Episode) -> str:
    """Return the day of an episode, in the language of the page's own words."""
    day = episode.published
    # strftime would ask the machine's locale.
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
