"""Rules of an item and its enclosure: I1 to I10 (pure)."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobrief.check.facts import ItemFacts, all_at, attribute, text_of
from audiobrief.check.rule import Level, Rule
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPISODE_NUMBER = re.compile(r"(?i)(episode|ep\.?)\s*#?\d+\b|#\d+\b")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ALLOWED_TAGS = frozenset({"p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"})
# Not strftime, which speaks the language of the process.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE = re.compile(
    r"((?P<weekday>[A-Z][a-z]{2}), )?"
    r"\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(:\d{2})? [+-]\d{4}"
)


def check_title(item: ItemFacts) -> Iterator[str]:
    """I1: the title is plain and only the episode's."""
    title, show = text_of(item.element, "title"), text_of(item.feed.channel, "title")
    if not title:
        yield "the title is empty"
    if "\n" in title:
        yield "the title has several lines"
    if _EPISODE_NUMBER.match(title):
        yield f"the title begins with a number of the episode: {title}"
    if show and re.match(re.escape(show) + r"\s*[:|\u2013\u2014-]\s", title):
        yield f"the title begins with the show's: {title}"


def check_enclosure(item: ItemFacts) -> Iterator[str]:
    """I2: exactly one enclosure, complete, and its file is there."""
    enclosures = all_at(item.element, "enclosure")
    if len(enclosures) != 1:
        yield f"{len(enclosures)} enclosures, not one"
    for name in ("url", "length", "type"):
        if any(not enclosure.get(name) for enclosure in enclosures):
            yield f"the enclosure has no {name}"
    if "mp3" in item.problems:
        yield item.problems["mp3"]


def check_length(item: ItemFacts) -> Iterator[str]:
    """I3: the length is the file's size."""
    length = attribute(item.element, "enclosure", "length")
    if not length.isdigit() or int(length) == 0:
        yield f"the enclosure's length is no positive number: {length}"
    elif item.mp3_bytes is not None and int(length) != item.mp3_bytes:
        yield f"the enclosure's length is {length}, the file has {item.mp3_bytes} bytes"


def check_type(item: ItemFacts) -> Iterator[str]:
    """I4: an MP3 by type and by name."""
    mime_type = attribute(item.element, "enclosure", "type")
    if mime_type != "audio/mpeg":
        yield f"the enclosure's type is {mime_type}, not audio/mpeg"
    if not urlsplit(item.enclosure_url).path.endswith(".mp3"):
        yield "the enclosure's URL does not end in .mp3"


def check_guid(item: ItemFacts) -> Iterator[str]:
    """I5: a guid that says whether it is a URL, and is the manifest's."""
    guid = text_of(item.element, "guid")
    if not guid:
        yield "the item has no guid"
    elif not guid.startswith(("http://", "https://")) and (
        attribute(item.element, "guid", "isPermaLink") != "false"
    ):
        yield 'the guid is no URL, but isPermaLink is not "false"'
    if item.manifest and guid != item.manifest.guid:
        yield f"the guid is {guid}, the manifest says {item.manifest.guid}"


def check_sound_is_the_manifests(item: ItemFacts) -> Iterator[str]:
    """I6: the MP3 is the one that the manifest describes: a name is never used twice."""
    if item.manifest is None:
        yield f"the manifest cannot be read: {item.problems.get('manifest', 'no MP3')}"
    elif item.mp3_sha256 and item.mp3_sha256 != item.manifest.enclosure.sha256:
        yield "the MP3 is another one than the manifest describes (sha256)"


def check_date(item: ItemFacts) -> Iterator[str]:
    """I7: a date of RFC 2822 that is not in the future."""
    text = text_of(item.element, "pubDate")
    match = _DATE.fullmatch(text)
    try:
        date = parsedate_to_datetime(text) if match else None
    except ValueError:
        date = None
    if match is None or date is None:
        yield f"no date of RFC 2822 with a numeric zone: {text}"
        return
    if match["weekday"] not in {None, _WEEKDAYS[date.weekday()]}:
        yield f"the weekday is wrong: {text}"
    if date.astimezone(UTC) > item.feed.now:
        yield f"the date is in the future: {text}"


def check_duration(item: ItemFacts) -> Iterator[str]:
    """I8: the duration is the sound's, in whole seconds."""
    text = text_of(item.element, "itunes:duration")
    if not text.isdigit():
        yield f"itunes:duration is no whole number of seconds: {text}"
        return
    if item.mp3 and abs(int(text) * 1000 - item.mp3.duration_ms) > 1000:
        yield f"itunes:duration is {text} s, the sound lasts {item.mp3.duration_ms / 1000:.3f} s"
    # 50 ms: a frame of MP3 lasts 26 ms.
    if item.mp3 and item.manifest:
        said_ms = item.manifest.enclosure.duration_ms
        if abs(said_ms - item.mp3.duration_ms) > 50:
            yield f"the manifest says {said_ms} ms, the sound lasts {item.mp3.duration_ms} ms"


def check_numbers(item: ItemFacts) -> Iterator[str]:
    """I9: numbers and types of episodes."""
    for name in ("itunes:episode", "itunes:season"):
        for element in all_at(item.element, name):
            if not re.fullmatch(r"0*[1-9]\d*", element.text or ""):
                yield f"{name} is no positive number: {element.text}"
    kind = text_of(item.element, "itunes:episodeType") or "full"
    if kind not in {"full", "trailer", "bonus"}:
        yield f"itunes:episodeType is none of full, trailer, bonus: {kind}"
    order = text_of(item.feed.channel, "itunes:type") or "episodic"
    if order not in {"episodic", "serial"}:
        yield f"itunes:type is neither episodic nor serial: {order}"
    if order == "serial" and not text_of(item.element, "itunes:episode"):
        yield "a serial show numbers its episodes: there is no itunes:episode"


def check_description(item: ItemFacts) -> Iterator[str]:
    """I10: a description that fits, with no other markup than apps show."""
    description = text_of(item.element, "description")
    size = len(description.encode())
    if size > MAX_DESCRIPTION_BYTES:
        yield f"the description has {size} bytes, 4000 are allowed"
    for tag in sorted({tag.lower() for tag in _TAG.findall(description)} - _ALLOWED_TAGS):
        yield f"the description has markup that apps refuse: <{tag}>"


ITEM_RULES = (
    Rule("I1", Level.MUST, "a plain title, without show or number", check_title),
    Rule("I2", Level.MUST, "exactly one enclosure, and its file is there", check_enclosure),
    Rule("I3", Level.MUST, "the enclosure's length is the file's size", check_length),
    Rule("I4", Level.MUST, "the enclosure is an MP3 by type and name", check_type),
    Rule("I5", Level.MUST, "a guid that says whether it is a URL", check_guid),
    Rule("I6", Level.MUST, "the MP3 is the manifest's", check_sound_is_the_manifests),
    Rule("I7", Level.MUST, "a date of RFC 2822, not in the future", check_date),
    Rule("I8", Level.MUST, "the duration is the sound's", check_duration),
    Rule("I9", Level.MUST, "valid season, episode and type", check_numbers),
    Rule("I10", Level.MUST, "a description of at most 4000 bytes", check_description),
)
