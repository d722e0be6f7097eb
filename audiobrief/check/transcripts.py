"""Transcripts and lists of chapters, read back from their files (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from audiobrief.check.facts import parse_json
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable

#: WebVTT may leave out the hours.
_CLOCK = r"(?:(\d{1,9}):)?(\d{2}):(\d{2})[.,](\d{3})"
_TIMING = re.compile(rf"{_CLOCK}[ \t]+-->[ \t]+{_CLOCK}(?:[ \t].*)?")
_NO_CUES = ("NOTE", "STYLE", "REGION")
_VOICE = re.compile(r"<v(?:\.[^ >]*)? ([^>]+)>")
_LIST_LINE = re.compile(r"(\d{2}):(\d{2}):(\d{2}) (.+)")
# What a file may show in place of a character, so that players do not take it for markup.
_LOOKALIKES = str.maketrans({"\u2236": ":"})


@dataclass(frozen=True, slots=True)
class ReadCue:
    """A cue as a player reads it."""

    start_ms: int
    end_ms: int
    #: Without markup and name.
    lines: tuple[str, ...]
    #: Empty where the cue names nobody.
    speaker: str = ""


class NotATranscriptError(ValueError):
    """The text is not of the format that it should be."""


def parse_vtt(text: str) -> list[ReadCue]:
    """Return the cues of a WebVTT file.

    Raises:
        NotATranscriptError: With what is wrong, and in which block.
    """
    header, *blocks = blocks_of(text)
    if not re.match(r"WEBVTT(\s|$)", header):
        raise NotATranscriptError("it does not begin with WEBVTT")
    cues = []
    for block in blocks:
        if block.startswith(_NO_CUES):
            continue
        start_ms, end_ms, lines = _timed_block(block)
        markup = "\n".join(lines)
        voice = _VOICE.search(markup)
        plain = unescape(re.sub(r"<[^>]*>", "", markup))
        speaker = unescape(voice[1]) if voice else ""
        cues.append(ReadCue(start_ms, end_ms, tuple(plain.split("\n")), speaker))
    return cues


def blocks_of(text: str) -> list[str]:
    """Return what blank lines separate, whatever system has written the file; at least one."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip()
    return re.split(r"\n[ \t]*(?:\n[ \t]*)+", lines)


def has_stray_arrow(text: str) -> bool:
    """Return whether an arrow stands where no time is: players take it for one."""
    shown = (block for block in blocks_of(text) if not block.startswith(_NO_CUES))
    lines = (line for block in shown for line in block.split("\n"))
    return any("-->" in line and not _TIMING.fullmatch(line.strip()) for line in lines)


def parse_srt(text: str) -> list[ReadCue]:
    """Return the cues of a SubRip file; a name stands before the first ``: `` of a cue.

    Raises:
        NotATranscriptError: With what is wrong, and in which block.
    """
    cues = []
    for number, block in enumerate(blocks_of(text), 1):
        if not re.match(r"\d{1,9}[ \t]*\n", block):
            raise NotATranscriptError(f"cue {number} does not begin with its number")
        start_ms, end_ms, lines = _timed_block(block)
        name, colon, _ = " ".join((*lines, "")).partition(": ")
        cues.append(ReadCue(start_ms, end_ms, lines, name if colon else ""))
    return cues


def are_numbered(text: str) -> bool:
    """Return whether the cues of a SubRip file count from 1."""
    return all(b.startswith(f"{number}\n") for number, b in enumerate(blocks_of(text), 1))


def parse_transcript_json(text: str) -> list[ReadCue]:
    """Return the segments of a JSON transcript.

    Raises:
        NotATranscriptError: With what is wrong.
    """
    data = parse_json(text)
    if not isinstance(data, dict) or data.get("version") != "1.0.0":
        raise NotATranscriptError("it is no JSON of version 1.0.0")
    rows = data.get("segments")
    if not isinstance(rows, list):
        raise NotATranscriptError("it has no segments")
    return [_json_cue(row) for row in rows]


def _json_cue(row: Any) -> ReadCue:
    try:
        # Numbers: a thousand times a string is a string, and long.
        start_s, end_s = row["startTime"] + 0.0, row["endTime"] + 0.0
        lines = (str(row["body"]),)
        speaker = str(row.get("speaker") or "")
        return ReadCue(round(start_s * 1000), round(end_s * 1000), lines, speaker)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise NotATranscriptError(f"a segment lacks something: {error!r}") from error


def _timed_block(block: str) -> tuple[int, int, tuple[str, ...]]:
    """Return start, end and text of a block, whose first line may be its number."""
    lines = block.split("\n")
    for number, line in enumerate(lines[:2]):
        if match := _TIMING.fullmatch(line.strip()):
            times = [int(group or 0) for group in match.groups()]
            return _ms(*times[:4]), _ms(*times[4:]), tuple(lines[number + 1 :])
    raise NotATranscriptError(f"no time in: {lines[0][:60]}")


def _ms(hours: int, minutes: int, seconds: int, ms: int) -> int:
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def words_of(cues: Iterable[ReadCue], *, names_in_text: bool = False) -> str:
    """Return what is said, without white space: where lines end is the format's affair.

    Args:
        cues: In order.
        names_in_text: Whether a speaker's name is a part of the first line (SubRip).
    """
    texts = []
    for cue in cues:
        text = " ".join(cue.lines)
        if names_in_text and cue.speaker:
            text = text.removeprefix(f"{cue.speaker}:")
        texts.append(text)
    return letters_of(" ".join(texts))


def letters_of(text: str) -> str:
    r"""Return a text without white space, lookalikes as what they stand for.

    >>> letters_of("We said\u2236 now!")
    'Wesaid:now!'
    """
    return "".join(printable_line(text).translate(_LOOKALIKES).split())


def parse_chapter_list(description: str) -> list[tuple[int, str]]:
    r"""Return the ``00:00:00 Title`` lines of a description as seconds and titles (C3).

    >>> parse_chapter_list("News.\n\n00:00:00 Introduction\n00:01:05 Bread &amp; mail")
    [(0, 'Introduction'), (65, 'Bread & mail')]
    """
    text = re.sub(r"(?i)<br */?>|</?p>", "\n", description)
    rows = [_LIST_LINE.fullmatch(line.strip()) for line in text.split("\n")]
    return [
        (_ms(int(row[1]), int(row[2]), int(row[3]), 0) // 1000, unescape(row[4]))
        for row in rows
        if row
    ]
