"""Rules of transcripts and chapters: T1 to T4, C1 to C4 (pure)."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

from audiobrief.check.facts import ItemFacts, all_at, parse_json, text_of
from audiobrief.check.rule import Level, Rule
from audiobrief.check.transcripts import (
    NotATranscriptError,
    ReadCue,
    letters_of,
    parse_chapter_list,
    parse_srt,
    parse_transcript_json,
    parse_vtt,
    words_of,
)
from audiobrief.publish.notes import MAX_DESCRIPTION_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_VTT, _SRT, _JSON = "transcript.vtt", "transcript.srt", "transcript.json"
_PARSERS: dict[str, Callable[[str], list[ReadCue]]] = {
    _VTT: parse_vtt,
    _SRT: parse_srt,
    _JSON: parse_transcript_json,
}


def check_vtt(item: ItemFacts) -> Iterator[str]:
    """T1: WebVTT that players read, inside the sound."""
    yield from _check_cues(item, _VTT)
    before = None
    for cue in _cues(item, _VTT) or ():
        if before is None and not cue.speaker:
            yield f"{_VTT}: the first cue names no speaker"
        before = cue.speaker or before


def check_vtt_lines(item: ItemFacts) -> Iterator[str]:
    """T1: lines that fit on a phone."""
    longest = max((len(line) for cue in _cues(item, _VTT) or () for line in cue.lines), default=0)
    if longest > 65:
        yield f"{_VTT}: a line has {longest} characters, more than 65"


def check_srt(item: ItemFacts) -> Iterator[str]:
    """T2: SubRip in two lines of 32 characters, with colons after names only."""
    yield from _check_cues(item, _SRT)
    before = None
    for number, cue in enumerate(_cues(item, _SRT) or (), 1):
        if len(cue.lines) > 2 or any(len(line) > 32 for line in cue.lines):
            yield f"{_SRT}: cue {number} has more than two lines of 32 characters"
        if cue.speaker and " ".join(cue.lines).count(":") > 1:
            yield f"{_SRT}: cue {number} has a second colon, and apps drop what follows it"
        if cue.speaker and cue.speaker == before:
            yield f"{_SRT}: cue {number} names {cue.speaker} again"
        before = cue.speaker or before


def check_json(item: ItemFacts) -> Iterator[str]:
    """T3: JSON of version 1.0.0."""
    yield from _check_cues(item, _JSON)


def check_same_words(item: ItemFacts) -> Iterator[str]:
    """T4: every format has the words of the narrated script."""
    if item.manifest is None:
        return
    spoken = letters_of(" ".join(segment.text for segment in item.manifest.segments))
    for name in _PARSERS:
        cues = _cues(item, name)
        if cues is not None and words_of(cues, names_in_text=name == _SRT) != spoken:
            yield f"{name}: its words are not those of the script"


def check_chapters_json(item: ItemFacts) -> Iterator[str]:
    """C1: chapters as the podcast namespace has them."""
    if not all_at(item.element, "podcast:chapters"):
        return
    rows = _chapter_rows(item)
    if rows is None:
        yield "chapters.json: no JSON of version 1.2.0 with chapters"
        return
    starts = [start for row in rows if isinstance(start := row.get("startTime"), int | float)]
    if len(starts) != len(rows):
        yield "chapters.json: a chapter has no startTime"
    if not starts or starts[0] != 0 or any(b <= a for a, b in pairwise(starts)):
        yield "chapters.json: the chapters do not rise from 0"
    if any(not row.get("title") for row in rows):
        yield "chapters.json: a chapter has no title"
    if item.mp3 and starts and starts[-1] * 1000 >= item.mp3.duration_ms:
        yield "chapters.json: a chapter begins after the end of the sound"


def check_chapter_count(item: ItemFacts) -> Iterator[str]:
    """C2: enough chapters to be a list, few enough to be read."""
    rows = _chapter_rows(item) or []
    if len(rows) in (1, 2) and item.mp3 and item.mp3.duration_ms >= 600_000:
        yield f"{len(rows)} chapters: apps want three or more"


def check_same_chapters(item: ItemFacts) -> Iterator[str]:
    """C3: the same chapters in the MP3, in the JSON and in the description."""
    rows = _chapter_rows(item)
    if rows is None:
        return
    wanted = [(_whole(row.get("startTime")), str(row.get("title", ""))) for row in rows]
    if item.tags is not None:
        tagged = [(c.start_ms // 1000, c.title) for c in item.tags.chapters]
        if tagged != wanted:
            yield f"the MP3 has other chapters than chapters.json: {tagged} and {wanted}"
    listed = parse_chapter_list(text_of(item.element, "description"))
    if listed != wanted and not (not listed and _is_too_long(wanted)):
        yield f"the description has other chapters than chapters.json: {listed} and {wanted}"
    if item.manifest is not None:
        made = [(c.start_ms // 1000, letters_of(c.title)) for c in item.manifest.chapters]
        if made != [(start, letters_of(title)) for start, title in wanted]:
            yield "the manifest has other chapters than chapters.json"


def check_whole_seconds(item: ItemFacts) -> Iterator[str]:
    """C4: chapters start on whole seconds."""
    starts = [row.get("startTime") for row in _chapter_rows(item) or []]
    if any(not isinstance(start, int) for start in starts):
        yield "chapters.json: a chapter does not start on a whole second"
    if item.tags and any(chapter.start_ms % 1000 for chapter in item.tags.chapters):
        yield "the MP3: a chapter does not start on a whole second"


def _cues(item: ItemFacts, name: str) -> list[ReadCue] | None:
    """Return the cues of a transcript, or ``None`` when it cannot be read."""
    try:
        return _PARSERS[name](item.text(name)) if item.text(name) else None
    except NotATranscriptError:
        return None


def _check_cues(item: ItemFacts, name: str) -> Iterator[str]:
    """Check what all formats share: the file, its order and its end."""
    transcripts = all_at(item.element, "podcast:transcript")
    if not any(element.get("url", "").endswith(f"/{name}") for element in transcripts):
        return
    if not item.text(name):
        yield f"{name}: {item.problems.get(name, 'the feed names it, but it is not there')}"
        return
    try:
        cues = _PARSERS[name](item.text(name))
    except NotATranscriptError as error:
        yield f"{name}: {error}"
        return
    yield from (f"{name}: {problem}" for problem in _problems(cues))
    if name != _JSON and item.text(name).count("-->") != len(cues):
        yield f"{name}: an arrow in the text would be taken for a time"
    if item.mp3 and cues and cues[-1].end_ms > item.mp3.duration_ms:
        yield f"{name}: the last cue ends after the sound"


def _problems(cues: Sequence[ReadCue]) -> Iterator[str]:
    if not cues:
        yield "there is no cue"
    if any(cue.end_ms <= cue.start_ms for cue in cues):
        yield "a cue ends before it begins"
    if any(after.start_ms < cue.end_ms for cue, after in pairwise(cues)):
        yield "two cues overlap"


def _chapter_rows(item: ItemFacts) -> list[dict[str, Any]] | None:
    data = parse_json(item.text("chapters.json"))
    if not isinstance(data, dict) or data.get("version") != "1.2.0":
        return None
    rows = data.get("chapters")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows


def _whole(start: Any) -> int:
    # 1e999 is valid JSON, and infinite.
    return int(start) if isinstance(start, int | float) and isfinite(start) else -1


def _is_too_long(chapters: Sequence[tuple[int, str]]) -> bool:
    """Return whether a list is longer than a description may be."""
    lines = [f"00:00:00 {escape(title, quote=False)}" for _, title in chapters]
    return len("\n".join(lines).encode()) > MAX_DESCRIPTION_BYTES


TRANSCRIPT_RULES = (
    Rule("T1", Level.MUST, "WebVTT: cues in order, inside the sound, with speakers", check_vtt),
    Rule("T1", Level.SHOULD, "WebVTT: lines of at most 65 characters", check_vtt_lines),
    Rule("T2", Level.MUST, "SubRip: two lines of 32 characters, colons after names", check_srt),
    Rule("T3", Level.MUST, "JSON: version 1.0.0", check_json),
    Rule("T4", Level.MUST, "all transcripts hold the words of the script", check_same_words),
    Rule("C1", Level.MUST, "chapters.json: version 1.2.0, rising from 0", check_chapters_json),
    Rule("C2", Level.SHOULD, "three chapters or more", check_chapter_count),
    Rule("C3", Level.MUST, "the same chapters in MP3, JSON, description", check_same_chapters),
    Rule("C4", Level.MUST, "chapters start on whole seconds", check_whole_seconds),
)
