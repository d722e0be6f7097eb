"""Transcripts beside the MP3: WebVTT, SubRip and JSON, all with the same words (pure)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from audiobrief.tag.cues import CueStyle, lay_out_cues, speaker_of
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import TimedSegment
    from audiobrief.tag.cues import CueText

#: Who reads what is not quoted.
NARRATOR = "Narrator"

# Feed rule T1: Apple wants lines of at most 65 characters.
_VTT_STYLE = CueStyle(width=65)
# Feed rule T2, from the podcast namespace.
_SRT_STYLE = CueStyle(width=32, names_in_text=True)
# Looks the same, and no reader takes it for the end of a name.
_RATIO = "\u2236"


def render_vtt(
    segments: Sequence[TimedSegment], duration_ms: int, *, narrator: str = NARRATOR
) -> str:
    """Return the transcript as WebVTT (feed rule T1).

    Every cue names its speaker: by the format, a cue without a voice has none. Where it is known
    when a word begins, its time stands before it, so that players can follow the voice.

    Args:
        segments: In order, without overlaps.
        duration_ms: Length of the episode; no cue ends later.
        narrator: Name of the speaker of segments that are no quotation.

    Raises:
        ValueError: A segment has less than a millisecond for a cue.
    """
    cues = lay_out_cues(_printable(segments), duration_ms, narrator=narrator, style=_VTT_STYLE)
    blocks = [
        f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n"
        f"<v {_escaped(cue.speaker)}>{_with_times(cue)}</v>\n"
        for cue in cues
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def render_srt(
    segments: Sequence[TimedSegment], duration_ms: int, *, narrator: str = NARRATOR
) -> str:
    """Return the transcript as SubRip (feed rule T2): two lines of 32 characters at most.

    ``Name: `` stands where the speaker changes, and no other colon can be taken for one:
    AntennaPod cuts a cue with ``: `` at every colon and keeps the second piece alone.

    Args:
        segments: In order, without overlaps.
        duration_ms: Length of the episode; no cue ends later.
        narrator: Name of the speaker of segments that are no quotation.

    Raises:
        ValueError: A segment has less than a millisecond for a cue.
    """
    # SubRip has no way to escape the arrow between two times.
    without_arrows = [
        replace(segment, text=segment.text.replace("-->", "-- >"))
        for segment in _printable(segments)
    ]
    cues = lay_out_cues(without_arrows, duration_ms, narrator=narrator, style=_SRT_STYLE)
    blocks = [
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n"
        f"{_without_false_names(chr(10).join(cue.lines), has_name=cue.is_change)}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def render_transcript_json(
    segments: Sequence[TimedSegment], duration_ms: int, *, narrator: str = NARRATOR
) -> str:
    """Return the transcript as JSON of the podcast namespace (feed rule T3), by segments.

    Where it is known when words begin, a segment has ``words`` besides, which the namespace does
    not know and readers pass over.

    Args:
        segments: In order, without overlaps.
        duration_ms: Length of the episode; no segment ends later.
        narrator: Name of the speaker of segments that are no quotation.
    """
    rows = [
        {
            "speaker": speaker_of(segment, narrator),
            "startTime": segment.start_ms / 1000,
            "endTime": min(segment.end_ms, duration_ms) / 1000,
            "body": segment.text,
            **_words(segment),
        }
        for segment in _printable(segments)
        if segment.text
    ]
    # A line for each: with an indent, Python writes JSON in Python, five times as slowly.
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"version": "1.0.0", "segments": [\n{lines}\n]}}\n'


def _words(segment: TimedSegment) -> dict[str, Any]:
    words = segment.text.split()
    if len(words) != len(segment.word_starts_ms):
        return {}
    starts = zip(words, segment.word_starts_ms, strict=True)
    return {"words": [{"body": w, "startTime": ms / 1000} for w, ms in starts if ms is not None]}


def _with_times(cue: CueText) -> str:
    """Return the lines of a cue with a time before each word that is known to begin later."""
    starts = iter(cue.word_starts_ms)
    latest = cue.start_ms
    lines = []
    for line in cue.lines:
        words = []
        for word in line.split(" "):
            ms = next(starts, None)
            # A time must be later than the one before and than the cue's start.
            if ms is not None and ms > latest:
                words.append(f"<{_clock(ms, '.')}>{_escaped(word)}")
                latest = ms
            else:
                words.append(_escaped(word))
        lines.append(" ".join(words))
    return "\n".join(lines)


def _printable(segments: Sequence[TimedSegment]) -> list[TimedSegment]:
    return [_printable_one(segment) for segment in segments]


def _printable_one(segment: TimedSegment) -> TimedSegment:
    text, speaker = printable_line(segment.text), printable_line(segment.speaker or "") or None
    if (text, speaker) == (segment.text, segment.speaker):
        return segment
    return replace(segment, text=text, speaker=speaker)


def _clock(ms: int, separator: str) -> str:
    """Return a time of day.

    >>> _clock(3_725_042, ",")
    '01:02:05,042'
    """
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{ms:03d}"


def _escaped(text: str) -> str:
    """Return the text with the three characters that WebVTT reads as its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_false_names(text: str, *, has_name: bool) -> str:
    """Return an SRT cue in which only the speaker's colon can end a name.

    >>> _without_false_names("Ms. Ode: At 10:30 I said: go", has_name=True).count(":")
    1
    >>> _without_false_names("At 10:30 I said: go", has_name=False).count(":")
    1
    """
    if has_name:
        name, _, words = text.partition(":")
        return f"{name}:{words.replace(':', _RATIO)}"
    return re.sub(r":(?=\s|$)", _RATIO, text)
