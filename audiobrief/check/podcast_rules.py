"""Rules of the podcast namespace: P1 to P10, for what is present (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audiobrief.check.facts import FeedFacts, all_at
from audiobrief.check.rule import Level, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRANSCRIPT_TYPES = frozenset(
    {"text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip"}
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MEDIA = frozenset(
    {"podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course"}
    | {"mixed"}
)


def check_transcripts(feed: FeedFacts) -> Iterator[str]:
    """P1: transcripts have a URL, a known type and a language tag."""
    for element in _everywhere(feed, "transcript"):
        if not element.get("url"):
            yield "a podcast:transcript has no url"
        if element.get("type") not in _TRANSCRIPT_TYPES:
            yield f"no type of a transcript: {element.get('type')}"
        if not _LANGUAGE.fullmatch(element.get("language", "en")):
            yield f"no language tag of BCP 47: {element.get('language')}"


def check_chapters(feed: FeedFacts) -> Iterator[str]:
    """P2: one file of chapters an item."""
    for item in feed.items:
        elements = all_at(item, "podcast:chapters")
        if len(elements) > 1:
            yield f"an item has {len(elements)} podcast:chapters"
        for element in elements:
            if not element.get("url"):
                yield "a podcast:chapters has no url"
            if element.get("type") != "application/json+chapters":
                yield f"podcast:chapters has the type {element.get('type')}"


def check_locked(feed: FeedFacts) -> Iterator[str]:
    """P3: locked says yes or no, once."""
    elements = all_at(feed.channel, "podcast:locked")
    if len(elements) > 1:
        yield f"{len(elements)} podcast:locked, not one"
    for element in elements:
        if element.text not in {"yes", "no"}:
            yield f"podcast:locked is neither yes nor no: {element.text}"


def check_medium(feed: FeedFacts) -> Iterator[str]:
    """P4: one known medium."""
    elements = all_at(feed.channel, "podcast:medium")
    if len(elements) > 1:
        yield f"{len(elements)} podcast:medium, not one"
    for element in elements:
        if (element.text or "").removesuffix("L") not in _MEDIA:
            yield f"no medium: {element.text}"


def check_persons(feed: FeedFacts) -> Iterator[str]:
    """P5: names of 1 to 128 characters."""
    for element in _everywhere(feed, "person"):
        if not 1 <= len((element.text or "").strip()) <= 128:
            yield "a podcast:person has not 1 to 128 characters"


def check_season_and_episode(feed: FeedFacts) -> Iterator[str]:
    """P6: a season is a whole number, an episode a decimal one."""
    for element in _everywhere(feed, "season"):
        if not re.fullmatch(r"\d+", element.text or "") or len(element.get("name", "")) > 128:
            yield f"podcast:season is no whole number, or its name is long: {element.text}"
    for element in _everywhere(feed, "episode"):
        is_number = re.fullmatch(r"\d+(\.\d+)?", element.text or "")
        if not is_number or len(element.get("display", "")) > 32:
            yield f"podcast:episode is no number, or its display is long: {element.text}"


def check_texts(feed: FeedFacts) -> Iterator[str]:
    """P7: free texts, and the declaration of synthetic voices."""
    for element in _everywhere(feed, "txt"):
        if len(element.text or "") > 4000 or len(element.get("purpose", "")) > 128:
            yield "a podcast:txt is too long"
        if element.get("purpose") == "ai-content" and element.text not in {"true", "false"}:
            yield f"podcast:txt ai-content is neither true nor false: {element.text}"


def check_funding_and_frequency(feed: FeedFacts) -> Iterator[str]:
    """P8: texts of 128 characters, feeds by guid."""
    for name in ("updateFrequency", "funding"):
        for element in _everywhere(feed, name):
            if len(element.text or "") > 128:
                yield f"a podcast:{name} has more than 128 characters"
    if any(not element.get("url") for element in _everywhere(feed, "funding")):
        yield "a podcast:funding has no url"
    for podroll in _everywhere(feed, "podroll"):
        if any(not child.get("feedGuid") for child in podroll):
            yield "a podcast:podroll holds something else than remoteItem with feedGuid"


def check_alternates(feed: FeedFacts) -> Iterator[str]:
    """P9: alternate enclosures have a type and a source."""
    for element in _everywhere(feed, "alternateEnclosure"):
        sources = all_at(element, "podcast:source")
        if not element.get("type") or not any(source.get("uri") for source in sources):
            yield "a podcast:alternateEnclosure has no type or no source"


def check_deprecated(feed: FeedFacts) -> Iterator[str]:
    """P10: podcast:images gave way to podcast:image."""
    if _everywhere(feed, "images"):
        yield "podcast:images is deprecated: use podcast:image"


def _everywhere(feed: FeedFacts, name: str) -> list[Any]:
    return all_at(feed.channel, f".//podcast:{name}")


PODCAST_RULES = (
    Rule("P1", Level.MUST, "transcripts: url, type, language", check_transcripts),
    Rule("P2", Level.MUST, "one file of chapters an item", check_chapters),
    Rule("P3", Level.MUST, "locked is yes or no", check_locked),
    Rule("P4", Level.MUST, "one known medium", check_medium),
    Rule("P5", Level.MUST, "persons have names of 1 to 128 characters", check_persons),
    Rule("P6", Level.MUST, "season and episode are numbers", check_season_and_episode),
    Rule("P7", Level.MUST, "texts fit; ai-content is true or false", check_texts),
    Rule(
        "P8", Level.MUST, "funding, frequency and podroll are complete", check_funding_and_frequency
    ),
    Rule("P9", Level.MUST, "alternate enclosures have type and source", check_alternates),
    Rule("P10", Level.SHOULD, "no deprecated images", check_deprecated),
)
