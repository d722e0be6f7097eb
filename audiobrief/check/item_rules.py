"""Rules of an item and its enclosure: I1 to I10 (pure)."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from audiobrief.check.common_rules import (
    check_fetched_urls,
    check_opened_urls,
    old_explicit,
    unknown_explicit,
)
from audiobrief.check.dates import STRICT_DATE, WEEKDAYS, parse_date
from audiobrief.check.duration import CLOCK, SECONDS, seconds_of
from audiobrief.check.enclosure_rules import ENCLOSURE_RULES
from audiobrief.check.rule import Entry, Level, Needs, Rule
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.check.facts import ItemFacts

_NUMBER_FIRST = re.compile(r"(?i)(?:episode|ep\.?)\s*#?\d+\b|#\d+\b|s\d+\s*[.:-]?\s*e\d+\b")
_NUMBER_LAST = re.compile(r"(?i)[\s(|:-](?:episode|ep\.) ?#?\d{1,9}\)?$")
#: What stands between a show and its episode.
_BETWEEN = tuple(":|-\u2013\u2014")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ALLOWED_TAGS = frozenset({"p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"})
#: What does something, or brings something along.
_ACTIVE_TAGS = frozenset({"script", "iframe", "object", "embed", "style", "form", "link", "meta"})


def check_title(item: ItemFacts) -> Iterator[str]:
    """I1: there is a title."""
    if not item.node.text("title"):
        yield "the title is empty: name the episode"


def check_title_is_plain(item: ItemFacts) -> Iterator[str]:
    """I1: the title is plain and only the episode's."""
    written, show = item.node.text("title"), item.feed.node.text("title")
    if "\n" in written:
        yield "the title has several lines: write it in one"
    title = " ".join(written.split())
    if _NUMBER_FIRST.match(title) or _NUMBER_LAST.search(title):
        yield f"the title has the episode's number: {title[:200]!r}: write it as itunes:episode"
    if show and _has_name(title, " ".join(show.split())):
        yield f"the title has the show's in it: {title[:200]!r}: apps show both, leave it out"


def _has_name(title: str, show: str) -> bool:
    """Return whether a title begins or ends with a show's, divided from it.

    >>> _has_name("Tide Talk: Low water", "Tide Talk"), _has_name("Tide Talk Live", "Tide Talk")
    (True, False)
    """
    after = title.removeprefix(show).lstrip() if title.startswith(show) else ""
    before = title.removesuffix(show) if title.endswith(show) else ""
    is_first = after.startswith(_BETWEEN) and after[1:2] == " "
    return is_first or (before.endswith(" ") and before.rstrip().endswith(_BETWEEN))


def check_guid(item: ItemFacts) -> Iterator[str]:
    """I5: a guid, and the manifest's."""
    guid = item.node.text("guid")
    if not guid:
        yield "the item has no guid: give it one that never changes"
    if item.manifest and guid != item.manifest.guid:
        yield f"the guid is {guid[:200]}, the manifest says {item.manifest.guid}: build again"


def check_guid_is_no_link(item: ItemFacts) -> Iterator[str]:
    """I5: a guid that says whether it is a URL."""
    guid = item.node.text("guid")
    says_link = item.node.attribute("guid", "isPermaLink").lower() != "false"
    if guid and says_link and not guid.startswith(("http://", "https://")):
        yield f'the guid {guid[:200]!r} is no address: add isPermaLink="false"'


def check_sound_is_the_manifests(item: ItemFacts) -> Iterator[str]:
    """I6: the MP3 is the one that the manifest describes: a name is never used twice."""
    if item.manifest is None:
        if item.is_ours and "manifest" in item.problems:
            yield f"the manifest cannot be read: {item.problems['manifest']}: build again"
    elif item.mp3_sha256 and item.mp3_sha256 != item.manifest.enclosure.sha256:
        file = item.manifest.enclosure.file
        yield f"{file} is another one than the manifest describes (sha256): build it again"


def check_date(item: ItemFacts) -> Iterator[str]:
    """I7: a date that apps read, not in the future."""
    written = item.node.text("pubDate")
    date = parse_date(written)
    if date is None:
        if written:
            yield f"no date of RFC 2822: {written[:80]!r}: write Fri, 17 May 2024 06:30:00 +0000"
        return
    found = re.match(r"([A-Za-z]{3})[a-z]*,", written)
    if found and found[1].title() != WEEKDAYS[date.weekday()]:
        yield f"the weekday is wrong: {written!r}: it is a {WEEKDAYS[date.weekday()]}"
    if date.timestamp() > item.feed.now.timestamp():
        at = item.feed.now.astimezone(UTC)
        yield f"the date is in the future: {written!r}, now it is {at:%d %b %Y %H:%M} UTC"


def check_date_is_strict(item: ItemFacts) -> Iterator[str]:
    """I7: RFC 2822 to the letter."""
    written = item.node.text("pubDate")
    if written and parse_date(written) and not STRICT_DATE.fullmatch(written):
        yield f"the date is {written!r}: write it with a numeric zone, such as +0000"


def check_duration(item: ItemFacts) -> Iterator[str]:
    """I8: the duration is in whole seconds."""
    written = item.node.text("itunes:duration")
    if not SECONDS.fullmatch(written):
        said = f"is {written[:80]!r}" if written else "is not there"
        yield f"itunes:duration {said}: write whole seconds"


def check_duration_is_a_time(item: ItemFacts) -> Iterator[str]:
    """I8: what is there is a duration."""
    written = item.node.text("itunes:duration")
    if written and not SECONDS.fullmatch(written) and not CLOCK.fullmatch(written):
        yield f"itunes:duration is {written[:80]!r}, which is no time: write whole seconds"


def check_duration_is_the_sounds(item: ItemFacts) -> Iterator[str]:
    """I8: the duration is the sound's."""
    if item.mp3 is None:
        return
    seconds = seconds_of(item)
    if seconds and abs(seconds * 1000 - item.mp3.duration_ms) > 1000:
        lasts_s = item.mp3.duration_ms / 1000
        yield f"itunes:duration is {seconds} s, the sound lasts {lasts_s:.3f} s: write that"
    # 50 ms: a frame of MP3 lasts 26 ms.
    if item.manifest:
        said_ms = item.manifest.enclosure.duration_ms
        if abs(said_ms - item.mp3.duration_ms) > 50:
            yield (
                f"the manifest says {said_ms} ms, the sound lasts {item.mp3.duration_ms} ms: "
                "build again"
            )


def check_numbers(item: ItemFacts) -> Iterator[str]:
    """I9: numbers and types of episodes."""
    for name in ("itunes:episode", "itunes:season"):
        for element in item.node.all(name):
            if not re.fullmatch(r"0*[1-9]\d{0,8}", (element.text or "").strip()):
                yield f"{name} is {(element.text or '')[:80]!r}: write a whole number above 0"
    kind = item.node.text("itunes:episodeType") or "full"
    if kind.lower() not in {"full", "trailer", "bonus"}:
        yield f"itunes:episodeType is {kind[:80]!r}: write full, trailer or bonus"
    is_serial = item.feed.node.text("itunes:type").lower() == "serial"
    if is_serial and kind.lower() == "full" and not item.node.text("itunes:episode"):
        yield "a serial show numbers its episodes: add itunes:episode"


def check_description(item: ItemFacts) -> Iterator[str]:
    """I10: a description that fits, and does nothing."""
    description = item.node.text("description")
    size = len(description.encode("utf-8", "replace"))
    if size > MAX_DESCRIPTION_BYTES:
        yield f"the description has {size} bytes: put more than 4000 into content:encoded"
    for tag in sorted(_tags_in(description) & _ACTIVE_TAGS):
        yield f"the description has <{tag}>, which apps refuse: take it out"


def check_markup(item: ItemFacts) -> Iterator[str]:
    """I10: no other markup than apps show."""
    tags = _tags_in(item.node.text("description")) - _ALLOWED_TAGS - _ACTIVE_TAGS
    if tags:
        listed = ", ".join(f"<{tag}>" for tag in sorted(tags)[:20])
        yield f"the description has markup that apps drop or show raw: {listed}: use p, a, ul, ol"


def _tags_in(text: str) -> set[str]:
    return {tag.lower() for tag in _TAG.findall(text)} if "<" in text else set()


def _entry(
    number: str, title: str, source: str, needs: Needs = Needs.FEED, *, is_lenient: bool = False
) -> Entry:
    return Entry(number, Level.MUST, title, source, needs, is_lenient=is_lenient)


ITEM_RULES: tuple[Rule[ItemFacts], ...] = (
    Rule(_entry("F6", "an item's itunes:explicit has a known value", "PSP-1"), unknown_explicit),
    Rule(_entry("F6", "an item's is true or false", "PSP-1, W3C", is_lenient=True), old_explicit),
    Rule(_entry("F9", "URLs of items: what apps fetch", "NS, W3C"), check_fetched_urls),
    Rule(_entry("F9", "URLs of items: pages", "NS, W3C", is_lenient=True), check_opened_urls),
    Rule(_entry("I1", "a title", "PSP-1"), check_title),
    Rule(
        _entry("I1", "a plain title, without show or number", "PSP-1", is_lenient=True),
        check_title_is_plain,
    ),
    *ENCLOSURE_RULES,
    Rule(_entry("I5", "a guid", "PSP-1, NS"), check_guid),
    Rule(
        _entry("I5", "a guid that says whether it is a URL", "PSP-1, W3C", is_lenient=True),
        check_guid_is_no_link,
    ),
    Rule(
        _entry("I6", "the MP3 is the manifest's", "PRX (second hand)", Needs.MANIFEST),
        check_sound_is_the_manifests,
    ),
    Rule(_entry("I7", "a date that apps read, not in the future", "PSP-1, AntennaPod"), check_date),
    Rule(
        _entry("I7", "RFC 2822 with a numeric zone", "PSP-1", is_lenient=True),
        check_date_is_strict,
    ),
    Rule(_entry("I8", "itunes:duration is a time", "PSP-1"), check_duration_is_a_time),
    Rule(
        _entry("I8", "itunes:duration in whole seconds", "PSP-1", is_lenient=True), check_duration
    ),
    Rule(
        _entry("I8", "the duration is the sound's", "PSP-1", Needs.SOUND),
        check_duration_is_the_sounds,
    ),
    Rule(_entry("I9", "valid season, episode and type", "PSP-1"), check_numbers),
    Rule(_entry("I10", "a description of at most 4000 bytes", "PSP-1"), check_description),
    Rule(
        _entry("I10", "no markup but p ol ul li a b i strong em br", "PSP-1, W3C", is_lenient=True),
        check_markup,
    ),
)
