"""Rules of the MP3 and its tags: A1 to A6 (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.check.rule import Entry, Level, Needs, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.check.facts import ItemFacts

_RATES_HZ = (44_100, 48_000)
# Feed rule A3: what Apple takes, and what sounds well.
_LEAST_KBPS = {1: 32, 2: 64}
_USUAL_KBPS = {1: (96, 128), 2: (128, 256)}
_DISCLOSURE = re.compile(r"(?i)\b(synthetic|artificial|computer|machine|ai)\b")


def check_frames(item: ItemFacts) -> Iterator[str]:
    """A1: every frame of the MP3 is whole."""
    if "frames" in item.problems:
        yield f"the MP3 is damaged: {item.problems['frames']}: encode or upload it again"


def check_bit_rate_kind(item: ItemFacts) -> Iterator[str]:
    """A2: players show the right length."""
    if item.mp3 and not item.mp3.is_constant and item.mp3.info is None:
        yield "a variable bit rate without Xing header: players show a wrong length, add it"


def check_format(item: ItemFacts) -> Iterator[str]:
    """A3: a rate that directories take."""
    if item.mp3 is None:
        return
    if item.mp3.sample_rate_hz not in _RATES_HZ:
        yield f"the sample rate is {item.mp3.sample_rate_hz} Hz: encode at 44100 or 48000"
    least = _LEAST_KBPS[item.mp3.channels]
    if item.mp3.bitrate_kbps < least:
        yield f"the bit rate is {item.mp3.bitrate_kbps} kbit/s: encode with {least} or more"


def check_usual_bit_rate(item: ItemFacts) -> Iterator[str]:
    """A3: a bit rate that sounds well and loads fast."""
    if item.mp3 is None:
        return
    low, high = _USUAL_KBPS[item.mp3.channels]
    if not low <= item.mp3.bitrate_kbps <= high:
        yield f"the bit rate is {item.mp3.bitrate_kbps} kbit/s: {low} to {high} are usual"


def check_loudness(item: ItemFacts) -> Iterator[str]:
    """A4: as loud as other podcasts, without overshoots."""
    if item.loudness is None:
        return
    if abs(item.loudness.integrated_lufs + 16) > 1:
        yield f"the loudness is {item.loudness.integrated_lufs:.1f} LUFS: master to -16 +-1"
    # A hundredth: the meter's own rounding.
    if item.loudness.true_peak_dbtp > -0.99:
        yield f"the true peak is {item.loudness.true_peak_dbtp:.2f} dBTP: limit it to -1"


def check_tags(item: ItemFacts) -> Iterator[str]:
    """A5: ID3v2.3 with the frames that players read."""
    if item.tags is None:
        if "tags" in item.problems:
            yield f"the MP3 has no readable tags: {item.problems['tags']}: write ID3v2.3"
        return
    if item.tag_version[:2] != (2, 3):
        version = ".".join(map(str, item.tag_version))
        yield f"the tags are ID3v{version}, which some players misread: write ID3v2.3"
    wanted = {
        "title": item.tags.title,
        "artist": item.tags.artist,
        "album": item.tags.album,
        "cover": item.tags.cover,
        "lyrics": item.tags.lyrics,
        "duration": item.tags.duration_ms,
    }
    yield from (
        f"the MP3's tags have no {name}: add it" for name, value in wanted.items() if not value
    )
    title = item.node.text("title")
    if item.tags.title and item.tags.title != title:
        found = item.tags.title[:200]
        yield f"the MP3's title is another than the feed's: {found!r}: make them the same"
    if not item.tags.cover.startswith(b"\xff\xd8") and item.tags.cover:
        yield "the MP3's cover is no JPEG, which some players want: convert it"


def check_disclosure(item: ItemFacts) -> Iterator[str]:
    """A6: what the feed declares of synthetic voices is said and tagged too."""
    declared = [
        element.text
        for element in item.node.all("podcast:txt")
        if element.get("purpose") == "ai-content" and (element.text or "").strip() == "true"
    ]
    if not declared:
        return
    if item.tags is not None and not item.tags.ai_disclosure:
        yield "the feed declares a synthetic voice, the MP3's tags do not: add it"
    if item.manifest is not None and item.manifest.language.startswith("en"):
        opening = " ".join(s.text for s in item.manifest.segments if s.role == "host")
        if not _DISCLOSURE.search(opening):
            yield (
                "the feed declares a synthetic voice, but nobody says so in the sound: "
                "let the opening say it"
            )


def _entry(
    number: str, title: str, source: str, level: Level = Level.MUST, *, is_lenient: bool = True
) -> Entry:
    return Entry(number, level, title, source, Needs.SOUND, is_lenient=is_lenient)


_A6 = "a synthetic voice is declared in the sound too"
SOUND_RULES: tuple[Rule[ItemFacts], ...] = (
    Rule(_entry("A1", "every frame of the MP3 is whole", "measured"), check_frames),
    Rule(
        _entry("A2", "a constant bit rate, or a Xing header", "measured", is_lenient=False),
        check_bit_rate_kind,
    ),
    Rule(_entry("A3", "44.1 or 48 kHz, enough bit rate", "Apple 893"), check_format),
    Rule(_entry("A3", "a usual bit rate", "Apple 893", Level.SHOULD), check_usual_bit_rate),
    Rule(
        _entry("A4", "-16 LUFS, true peak at most -1 dBTP", "second hand", Level.SHOULD),
        check_loudness,
    ),
    Rule(_entry("A5", "ID3v2.3 with the frames that players read", "measured"), check_tags),
    Rule(_entry("A6", _A6, "Apple 891 (second hand)"), check_disclosure),
)
