"""Rules of transcripts: T1 to T4 (pure); T5 is the server's."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.check.duration import seconds_of
from audiobrief.check.facts import ItemFacts, name_in
from audiobrief.check.rule import Entry, Level, Needs, Rule
from audiobrief.check.transcripts import (
    NotATranscriptError,
    ReadCue,
    are_numbered,
    has_stray_arrow,
    letters_of,
    parse_srt,
    parse_transcript_json,
    parse_vtt,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_VTT = ("text/vtt",)
_SRT = ("application/x-subrip", "application/srt", "text/srt")
_JSON = ("application/json", "text/json")
_PARSERS: dict[tuple[str, ...], Callable[[str], list[ReadCue]]] = {
    _VTT: parse_vtt,
    _SRT: parse_srt,
    _JSON: parse_transcript_json,
}


def check_vtt(item: ItemFacts) -> Iterator[str]:
    """T1: WebVTT that players read."""
    yield from _check_cues(item, _VTT)
    for name, text, _ in _readable(item, _VTT):
        if has_stray_arrow(text):
            yield f"{name}: an arrow in the text would be taken for a time: write --&gt;"


def check_vtt_speakers(item: ItemFacts) -> Iterator[str]:
    """T1: who speaks, and one at a time."""
    yield from _check_neighbors(item, _VTT)
    for name, _, cues in _readable(item, _VTT):
        if cues and not cues[0].speaker:
            yield f"{name}: the first cue names no speaker: begin it with <v Name>"


def check_vtt_lines(item: ItemFacts) -> Iterator[str]:
    """T1: lines that fit on a phone."""
    for name, _, cues in _readable(item, _VTT):
        longest = max((len(line) for cue in cues for line in cue.lines), default=0)
        if longest > 65:
            yield f"{name}: a line has {longest} characters: break lines at 65"


def check_srt(item: ItemFacts) -> Iterator[str]:
    """T2: SubRip that players read."""
    yield from _check_cues(item, _SRT)


def check_srt_form(item: ItemFacts) -> Iterator[str]:
    """T2: two lines of 32 characters, with colons after names only."""
    yield from _check_neighbors(item, _SRT)
    for name, text, cues in _readable(item, _SRT):
        if has_stray_arrow(text):
            yield f"{name}: an arrow in the text would be taken for a time: take it out"
        if not are_numbered(text):
            yield f"{name}: its cues are not numbered from 1: number them"
        large = _numbers(
            len(cue.lines) > 2 or any(len(line) > 32 for line in cue.lines) for cue in cues
        )
        if large:
            yield f"{name}: cue {large} has more than two lines of 32 characters: divide it"
        colons = _numbers(cue.speaker and " ".join(cue.lines).count(":") > 1 for cue in cues)
        if colons:
            yield f"{name}: cue {colons} has a second colon, and apps drop what follows: replace it"
        named = [cue.speaker for cue in cues]
        again = _numbers([False, *(bool(b) and a == b for a, b in pairwise(named))])
        if again:
            yield f"{name}: cue {again} names its speaker again: name one where it changes"


def check_json(item: ItemFacts) -> Iterator[str]:
    """T3: JSON of version 1.0.0."""
    yield from _check_cues(item, _JSON)


def check_json_neighbors(item: ItemFacts) -> Iterator[str]:
    """T3: one segment at a time."""
    yield from _check_neighbors(item, _JSON)


def check_same_words(item: ItemFacts) -> Iterator[str]:
    """T4: every format has the words of the narrated script."""
    if item.manifest is None:
        return
    spoken = letters_of(" ".join(segment.text for segment in item.manifest.segments))
    for kind in _PARSERS:
        for name, _, cues in _readable(item, kind):
            if words_of(cues, names_in_text=kind is _SRT) != spoken:
                yield f"{name}: its words are not those of the script: build again"


def check_others_are_there(item: ItemFacts) -> Iterator[str]:
    """T4: transcripts that are only read by people are there, too."""
    known = {kind for kinds in _PARSERS for kind in kinds}
    for element in item.node.all("podcast:transcript"):
        url = element.get("url", "")
        if element.get("type") not in known and url in item.problems:
            yield f"{name_in(url)}: {item.problems[url]}: build or upload it again"


def _named(item: ItemFacts, kind: tuple[str, ...]) -> Iterator[str]:
    for element in item.node.all("podcast:transcript"):
        if element.get("type") in kind and element.get("url"):
            yield element.get("url")


def _readable(item: ItemFacts, kind: tuple[str, ...]) -> Iterator[tuple[str, str, list[ReadCue]]]:
    """Return name, text and cues of the transcripts of a kind that can be read."""
    for url in _named(item, kind):
        text = item.texts.get(url)
        try:
            cues = None if text is None else _PARSERS[kind](text)
        except NotATranscriptError:
            cues = None
        if text is not None and cues is not None:
            yield name_in(url), text, cues


def _check_cues(item: ItemFacts, kind: tuple[str, ...]) -> Iterator[str]:
    """Check what all formats share: the file, its order and its end."""
    for url in _named(item, kind):
        name = name_in(url)
        if url in item.problems:
            yield f"{name}: {item.problems[url]}: build or upload it again"
        if url not in item.texts:
            continue
        try:
            cues = _PARSERS[kind](item.texts[url])
        except NotATranscriptError as error:
            yield f"{name}: {error}: build or export it again"
            continue
        yield from (f"{name}: {problem}" for problem in _problems(cues))
        if item.mp3 and cues and cues[-1].end_ms > item.mp3.duration_ms:
            yield f"{name}: the last cue ends after the sound: it belongs to another version"


def _problems(cues: Sequence[ReadCue]) -> Iterator[str]:
    if not cues:
        yield "there is no cue: build or export it again"
    if any(cue.end_ms <= cue.start_ms for cue in cues):
        yield "a cue ends before it begins: mend its times"
    if any(after.start_ms < cue.start_ms for cue, after in pairwise(cues)):
        yield "the cues are not in order: sort them by time"


def _check_neighbors(item: ItemFacts, kind: tuple[str, ...]) -> Iterator[str]:
    """Check what is no fault where several speak at once, or where advertisements come and go."""
    for name, _, cues in _readable(item, kind):
        if any(after.start_ms < cue.end_ms for cue, after in pairwise(cues)):
            yield f"{name}: two cues overlap: end the first where the second begins"
        said_s = seconds_of(item)
        if said_s and not item.mp3 and cues and cues[-1].end_ms > said_s * 1000 + 1000:
            yield f"{name}: the last cue ends after itunes:duration: it is of another version"


def _numbers(are_wrong: Iterable[object]) -> str:
    """Return the first number that is wrong, and how many more; empty: none."""
    wrong = [number for number, is_wrong in enumerate(are_wrong, 1) if is_wrong]
    if not wrong:
        return ""
    return f"{wrong[0]}" + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")


def _entry(
    number: str,
    title: str,
    source: str,
    level: Level = Level.MUST,
    *,
    is_lenient: bool = False,
    needs: Needs = Needs.FILES,
) -> Entry:
    return Entry(number, level, title, source, needs, is_lenient=is_lenient)


TRANSCRIPT_RULES: tuple[Rule[ItemFacts], ...] = (
    Rule(_entry("T1", "WebVTT: cues in order, inside the sound", "NS, Apple 5316"), check_vtt),
    Rule(
        _entry("T1", "WebVTT: speakers, one cue at a time", "NS, Apple 5316", is_lenient=True),
        check_vtt_speakers,
    ),
    Rule(
        _entry("T1", "WebVTT: lines of at most 65 characters", "NS", Level.SHOULD), check_vtt_lines
    ),
    Rule(_entry("T2", "SubRip: cues in order, inside the sound", "NS"), check_srt),
    Rule(
        _entry(
            "T2",
            "SubRip: two lines of 32 characters, colons after names",
            "NS, AntennaPod",
            is_lenient=True,
        ),
        check_srt_form,
    ),
    Rule(_entry("T3", "JSON: version 1.0.0", "NS"), check_json),
    Rule(_entry("T3", "JSON: one segment at a time", "NS", is_lenient=True), check_json_neighbors),
    Rule(_entry("T4", "transcripts for people are there", "NS"), check_others_are_there),
    Rule(
        _entry("T4", "all transcripts hold the script's words", "ours", needs=Needs.MANIFEST),
        check_same_words,
    ),
)
