"""Rules of the enclosure: I2 to I4 (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.check.duration import seconds_of
from audiobrief.check.rule import Entry, Level, Needs, Rule
from audiobrief.check.urls import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.check.facts import ItemFacts

#: What directories take besides MP3, with the endings that Apple knows them by.
_KINDS = {
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4", ".m4b"),
    "audio/x-m4a": (".m4a",),
    "audio/m4a": (".m4a",),
    "audio/aac": (".aac", ".m4a"),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/mp3": (".mp3",),
    "audio/opus": (".opus",),
    "audio/flac": (".flac",),
    "video/mp4": (".mp4", ".m4v"),
    "video/x-m4v": (".m4v",),
    "video/quicktime": (".mov",),
    "application/pdf": (".pdf",),
    "application/epub+zip": (".epub",),
}
#: AntennaPod takes shorter lengths for unknown ones.
_LEAST_LENGTH = 16_384
#: No sound of a podcast has fewer or more; video has more.
_USUAL_BITS_PER_S = (6_000, 2_500_000)


def check_enclosure(item: ItemFacts) -> Iterator[str]:
    """I2: exactly one enclosure, complete, and its file is there."""
    enclosures = item.node.all("enclosure")
    if len(enclosures) != 1:
        yield f"there are {len(enclosures)} enclosures: an episode has exactly one"
    for name in ("url", "length", "type"):
        if any(not enclosure.get(name) for enclosure in enclosures):
            yield f"the enclosure has no {name}: add it"
    if "mp3" in item.problems:
        yield f"{item.problems['mp3']}: upload it, or build the episode again"


def check_length(item: ItemFacts) -> Iterator[str]:
    """I3: the length is a number."""
    for enclosure in item.node.all("enclosure"):
        length = enclosure.get("length", "")
        if length and (not re.fullmatch(r"[0-9]{1,15}", length) or int(length) == 0):
            yield f"the enclosure's length is {length[:80]!r}: write the file's size in bytes"


def check_length_is_the_files(item: ItemFacts) -> Iterator[str]:
    """I3: the length is the file's."""
    length = item.node.attribute("enclosure", "length")
    is_number = re.fullmatch(r"[0-9]{1,15}", length)
    if is_number and item.mp3_bytes is not None and int(length) not in {0, item.mp3_bytes}:
        yield f"the enclosure's length is {length}, the file has {item.mp3_bytes} bytes: write that"


def check_length_is_likely(item: ItemFacts) -> Iterator[str]:
    """I3: the length fits the duration."""
    length, seconds = item.node.attribute("enclosure", "length"), seconds_of(item)
    if not re.fullmatch(r"[0-9]{1,15}", length) or not int(length) > 0 or item.mp3_bytes:
        return
    bits_per_s = int(length) * 8 / seconds if seconds else _USUAL_BITS_PER_S[0]
    is_sound = item.node.attribute("enclosure", "type").startswith("audio/")
    is_unlikely = not _USUAL_BITS_PER_S[0] <= bits_per_s <= _USUAL_BITS_PER_S[1]
    if int(length) < _LEAST_LENGTH or (is_sound and is_unlikely):
        yield (
            f"the enclosure's length is {length} bytes, which cannot be so long a sound: "
            "write the file's size"
        )


def check_type(item: ItemFacts) -> Iterator[str]:
    """I4: something that can be played."""
    mime_type = item.node.attribute("enclosure", "type").lower()
    if mime_type and mime_type not in _KINDS and not mime_type.startswith(("audio/", "video/")):
        yield f"the enclosure's type is {mime_type[:80]!r}, which is no sound: write audio/mpeg"


def check_type_is_mp3(item: ItemFacts) -> Iterator[str]:
    """I4: an MP3, or else what directories take, by type and name."""
    mime_type = item.node.attribute("enclosure", "type")
    if not item.enclosure_url or not mime_type:
        return
    path = path_of(item.enclosure_url).lower()
    endings = (".mp3",) if item.is_ours else _KINDS.get(mime_type.lower(), ())
    wanted = {"audio/mpeg"} if item.is_ours else set(_KINDS) - {"audio/mp3", "audio/m4a"}
    if mime_type not in wanted:
        yield f"the enclosure's type is {mime_type[:80]!r}: for an MP3 write audio/mpeg"
    if endings and not path.endswith(endings):
        yield f"the enclosure's address does not end in {endings[0]}: some apps go by the name"


def _entry(
    number: str, title: str, source: str, needs: Needs = Needs.FEED, *, is_lenient: bool = False
) -> Entry:
    return Entry(number, Level.MUST, title, source, needs, is_lenient=is_lenient)


_LIKELY = Entry("I3", Level.SHOULD, "the length fits the duration", "AntennaPod")

ENCLOSURE_RULES: tuple[Rule[ItemFacts], ...] = (
    Rule(_entry("I2", "exactly one enclosure, and its file is there", "PSP-1"), check_enclosure),
    Rule(_entry("I3", "the enclosure's length is a number above 0", "PSP-1"), check_length),
    Rule(
        _entry("I3", "the length is the file's size", "PSP-1", Needs.FILES, is_lenient=True),
        check_length_is_the_files,
    ),
    Rule(_LIKELY, check_length_is_likely),
    Rule(_entry("I4", "the enclosure is a sound", "PSP-1"), check_type),
    Rule(
        _entry("I4", "an MP3 by type and name", "PSP-1, Proclaim", is_lenient=True),
        check_type_is_mp3,
    ),
)
