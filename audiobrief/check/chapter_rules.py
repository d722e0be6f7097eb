"""Rules of chapters: C1 to C4 (pure)."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

from audiobrief.check.facts import ItemFacts, name_in, parse_json
from audiobrief.check.rule import Entry, Level, Needs, Rule
from audiobrief.check.transcripts import letters_of, parse_chapter_list
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_VERSIONS = {"1.0.0", "1.1.0", "1.2.0"}


def check_chapters(item: ItemFacts) -> Iterator[str]:
    """C1: chapters as the podcast namespace has them."""
    url = item.node.attribute("podcast:chapters", "url")
    name = name_in(url)
    if url in item.problems:
        yield f"{name}: {item.problems[url]}: build or upload it again"
    if url not in item.texts:
        return
    rows = _rows(item)
    if rows is None:
        yield f"{name}: no JSON of version 1.2.0 with chapters: build or export it again"
        return
    starts = _starts(rows)
    if len(starts) != len(rows):
        yield f"{name}: a chapter has no startTime: write its seconds"
    if any(after < before for before, after in pairwise(starts)):
        yield f"{name}: the chapters are not in order: sort them by startTime"
    if item.mp3 and starts and starts[-1] * 1000 >= item.mp3.duration_ms:
        yield f"{name}: a chapter begins after the end of the sound: take it out"


def check_chapters_form(item: ItemFacts) -> Iterator[str]:
    """C1: the present version, from 0, each with a title."""
    rows = _rows(item)
    if rows is None:
        return
    name = name_in(item.node.attribute("podcast:chapters", "url"))
    if parse_json(_text(item)).get("version") != "1.2.0":
        yield f"{name}: an old version: write 1.2.0"
    starts = _starts(rows)
    if not starts or starts[0] != 0 or any(b <= a for a, b in pairwise(starts)):
        yield f"{name}: the chapters do not rise from 0: let the first start there"
    if any(not row.get("title") for row in rows):
        yield f"{name}: a chapter has no title: name it"


def check_chapter_count(item: ItemFacts) -> Iterator[str]:
    """C2: enough chapters to be a list."""
    rows = _rows(item) or []
    if len(rows) in (1, 2) and item.mp3 and item.mp3.duration_ms >= 600_000:
        yield f"{len(rows)} chapters: apps want three or more, or none"


def check_same_chapters(item: ItemFacts) -> Iterator[str]:
    """C3: the same chapters in the MP3, in the JSON and in the description."""
    rows = _rows(item)
    if rows is None:
        return
    wanted = [(_whole(row.get("startTime")), str(row.get("title", ""))) for row in rows]
    if item.tags is not None:
        tagged = [(c.start_ms // 1000, c.title) for c in item.tags.chapters]
        if tagged != wanted:
            yield f"the MP3 has other chapters than the JSON: {_difference(tagged, wanted)}"
    listed = parse_chapter_list(item.node.text("description"))
    may_be_absent = not item.is_ours or _is_too_long(wanted)
    if listed != wanted and not (not listed and may_be_absent):
        yield f"the description has other chapters than the JSON: {_difference(listed, wanted)}"
    if item.manifest is not None:
        made = [(c.start_ms // 1000, letters_of(c.title)) for c in item.manifest.chapters]
        if made != [(start, letters_of(title)) for start, title in wanted]:
            yield "the manifest has other chapters than the JSON: build again"


def check_whole_seconds(item: ItemFacts) -> Iterator[str]:
    """C4: chapters start on whole seconds."""
    starts = [row.get("startTime") for row in _rows(item) or []]
    if any(isinstance(start, float) and not start.is_integer() for start in starts):
        yield "the JSON: a chapter does not start on a whole second: pad the pause before it"
    if item.tags and any(chapter.start_ms % 1000 for chapter in item.tags.chapters):
        yield "the MP3: a chapter does not start on a whole second: pad the pause before it"


def _text(item: ItemFacts) -> str:
    return item.texts.get(item.node.attribute("podcast:chapters", "url"), "")


def _rows(item: ItemFacts) -> list[dict[str, Any]] | None:
    data = parse_json(_text(item)) if _text(item) else None
    if not isinstance(data, dict) or str(data.get("version")) not in _VERSIONS:
        return None
    rows = data.get("chapters")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows


def _starts(rows: Sequence[dict[str, Any]]) -> list[float]:
    starts = [row.get("startTime") for row in rows]
    return [s for s in starts if isinstance(s, int | float) and not isinstance(s, bool)]


def _whole(start: Any) -> int:
    # 1e999 is valid JSON, and infinite.
    return int(start) if isinstance(start, int | float) and isfinite(start) else -1


def _difference(found: Sequence[tuple[int, str]], wanted: Sequence[tuple[int, str]]) -> str:
    """Return in a few words where two lists part."""
    if len(found) != len(wanted):
        return f"{len(found)} and {len(wanted)}: make them the same"
    pairs = zip(found, wanted, strict=True)
    here, there = next((pair for pair in pairs if pair[0] != pair[1]), (found, wanted))
    return f"{str(here)[:200]} and {str(there)[:200]}: make them the same"


def _is_too_long(chapters: Sequence[tuple[int, str]]) -> bool:
    """Return whether a list is longer than a description may be."""
    lines = [f"00:00:00 {escape(title, quote=False)}" for _, title in chapters]
    return len("\n".join(lines).encode("utf-8", "replace")) > MAX_DESCRIPTION_BYTES


def _entry(
    number: str, title: str, source: str, level: Level = Level.MUST, *, is_lenient: bool = False
) -> Entry:
    return Entry(number, level, title, source, Needs.FILES, is_lenient=is_lenient)


_NS = "NS jsonChapters"
CHAPTER_RULES: tuple[Rule[ItemFacts], ...] = (
    Rule(_entry("C1", "chapters that apps read, inside the sound", _NS), check_chapters),
    Rule(
        _entry("C1", "version 1.2.0, rising from 0, with titles", _NS, is_lenient=True),
        check_chapters_form,
    ),
    Rule(_entry("C2", "three chapters or more", "Apple 5482", Level.SHOULD), check_chapter_count),
    Rule(
        _entry(
            "C3",
            "the same chapters in MP3, JSON, description",
            "AntennaPod, Apple 5482",
            is_lenient=True,
        ),
        check_same_chapters,
    ),
    Rule(
        _entry("C4", "chapters start on whole seconds", "AntennaPod", is_lenient=True),
        check_whole_seconds,
    ),
)
