"""What a page says to machines: schema.org as JSON-LD (pure)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audiobrief.publish.address import (
    FEED_FILE,
    PAGE_FILE,
    cover_address,
    episode_address,
    show_address,
    web_address,
)
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from audiobrief.model.episode import ArticleRef, Episode
    from audiobrief.model.show import Show

#: HTML ends a script at ``</script``, and a comment in it begins with ``<!--``; JSON may write
#: every letter as a number (RFC 8259, 7), so that a page never sees either.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def render_linked_data(thing: dict[str, Any]) -> str:
    r"""Return JSON that can stand in a ``script`` element of a page.

    >>> render_linked_data({"name": "</script>"})
    '{"name": "\\u003c/script\\u003e"}'
    """
    return json.dumps(thing, ensure_ascii=False).translate(_ESCAPES)


def describe_series(show: Show) -> dict[str, Any]:
    """Return a show as a PodcastSeries."""
    return _without_gaps(
        {
            "@context": "https://schema.org",
            "@type": "PodcastSeries",
            "name": printable_line(show.title),
            "description": printable_line(show.description),
            "url": show_address(show, PAGE_FILE),
            "webFeed": show_address(show, FEED_FILE),
            "image": cover_address(show),
            "inLanguage": show.language,
            "author": _named("Organization", show.author),
        }
    )


def describe_episode(show: Show, episode: Episode) -> dict[str, Any]:
    """Return an episode as a PodcastEpisode that cites the articles it was made of."""
    sound = episode.enclosure
    series = describe_series(show)
    del series["@context"]
    return _without_gaps(
        {
            "@context": "https://schema.org",
            "@type": "PodcastEpisode",
            "name": printable_line(episode.title),
            "description": printable_line(episode.summary),
            "url": (page := episode_address(show, episode, PAGE_FILE)),
            "identifier": episode.guid,
            "datePublished": f"{episode.published:%Y-%m-%dT%H:%M:%SZ}",
            "duration": iso_duration(sound.duration_ms),
            "timeRequired": iso_duration(sound.duration_ms),
            "episodeNumber": episode.number,
            "inLanguage": episode.language,
            "image": cover_address(show),
            "isAccessibleForFree": True,
            "accessibilityFeature": ["transcript"],
            "associatedMedia": {
                "@type": "AudioObject",
                "contentUrl": episode_address(show, episode, sound.file),
                "encodingFormat": sound.mime_type,
                "contentSize": str(sound.bytes),
                "duration": iso_duration(sound.duration_ms),
            },
            "hasPart": _clips(episode, page),
            "partOfSeries": series,
            "citation": [_article(ref) for ref in episode.articles],
        }
    )


def iso_duration(ms: int) -> str:
    """Return a length as ISO 8601 writes it, in whole seconds.

    >>> iso_duration(3_725_400), iso_duration(400)
    ('PT1H2M5S', 'PT0S')
    """
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0S")


def _clips(episode: Episode, page: str) -> list[dict[str, Any]]:
    starts = [chapter.start_ms // 1000 for chapter in episode.chapters]
    ends = [*starts[1:], episode.enclosure.duration_ms // 1000]
    return [
        {
            "@type": "Clip",
            "name": printable_line(chapter.title),
            "startOffset": start,
            "endOffset": end,
            "url": f"{page}#t={start}",
        }
        for chapter, start, end in zip(episode.chapters, starts, ends, strict=False)
    ]


def _article(ref: ArticleRef) -> dict[str, Any]:
    return _without_gaps(
        {
            "@type": "NewsArticle",
            "headline": printable_line(ref.headline),
            "url": web_address(ref.url),
            "author": _named("Person", ref.byline),
            "publisher": _named("Organization", ref.outlet),
        }
    )


def _named(kind: str, name: str | None) -> dict[str, str] | None:
    printed = printable_line(name or "")
    return {"@type": kind, "name": printed} if printed else None


def _without_gaps(thing: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if value not in (None, "", [])}
