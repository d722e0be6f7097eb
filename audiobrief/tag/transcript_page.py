"""The transcript as a page: HTML of the podcast namespace, which needs no script (pure)."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from audiobrief.tag.cues import speaker_of
from audiobrief.tag.transcript import NARRATOR
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.model.episode import TimedSegment

_STYLE = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:auto;padding:1rem}"


def render_transcript_html(
    segments: Sequence[TimedSegment], *, title: str, language: str, narrator: str = NARRATOR
) -> str:
    """Return the transcript as a whole page (feed rule P1).

    It has the same words as the other formats (T4): a paragraph for what one person says at a
    stretch, with its time, and the name where somebody else spoke before.

    Args:
        segments: In order, without overlaps.
        title: Of the episode.
        language: RFC 5646.
        narrator: Name of the speaker of segments that are no quotation.
    """
    heading = escape(printable_line(title))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{heading}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n"
        f"{''.join(_blocks(segments, narrator))}</main>\n</body>\n</html>\n"
    )


def _blocks(segments: Sequence[TimedSegment], narrator: str) -> Iterator[str]:
    told = [s for s in segments if printable_line(s.text)]
    before = ""
    for (_, speaker), group in groupby(told, lambda s: (s.paragraph, _name(s, narrator))):
        own = tuple(group)
        name = f"<cite>{escape(speaker)}:</cite>\n" if speaker != before else ""
        text = " ".join(escape(printable_line(s.text), quote=False) for s in own)
        yield f"{name}{_time(own[0].start_ms)}\n<p>{text}</p>\n"
        before = speaker


def _name(segment: TimedSegment, narrator: str) -> str:
    return printable_line(speaker_of(segment, narrator)) or narrator


def _time(ms: int) -> str:
    """Return when a paragraph begins, for machines and for people.

    >>> _time(3_725_999)
    '<time datetime="PT3725S">1:02:05</time>'
    """
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return f'<time datetime="PT{ms // 1000}S">{clock}</time>'
