"""The words of a picture: who speaks in it, what it shows, and how much text fits (pure)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Chapter, TimedSegment

#: More voices share the last lane. Seven are shipped.
MAX_LANES = 14
#: Names that a description lists, before it only counts.
_MAX_NAMES = 12
_MAX_NAME_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of the legend: a voice, and whose words it reads."""

    #: Voice profile.
    voice: str
    #: As many as read with it, in the order of their first words.
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        """All names."""
        return ", ".join(self.names)


def lanes_of(segments: Sequence[TimedSegment]) -> tuple[tuple[Lane, ...], tuple[int, ...]]:
    """Return the legend in the order of the first words, and the lane of each segment.

    A voice without a speaker's name is the narrator's, or one that reads quotations.
    """
    names: dict[str, dict[str, None]] = {}
    for segment in segments:
        known = names.setdefault(segment.voice, {})
        speaker = printable_line(segment.speaker or "")[:_MAX_NAME_LETTERS]
        if speaker:
            known[speaker] = None
        elif segment.role != "quote":
            known["Narrator"] = None
    rank = {voice: min(n, MAX_LANES - 1) for n, voice in enumerate(names)}
    lanes = [
        Lane(printable_line(voice)[:_MAX_NAME_LETTERS], tuple(known) or ("Quotations",))
        for voice, known in names.items()
    ]
    if len(lanes) > MAX_LANES:
        rest = len(lanes) - MAX_LANES + 1
        lanes[MAX_LANES - 1 :] = [Lane("", (f"{rest} more voices",))]
    return tuple(lanes), tuple(rank[segment.voice] for segment in segments)


def describe(
    segments: Sequence[TimedSegment], chapters: Sequence[Chapter], *, duration_ms: int
) -> str:
    """Return in a sentence what a picture of these shows, for who cannot see it."""
    lanes, _ = lanes_of(segments)
    # One speaker may have two voices, and one voice two speakers.
    names = list(dict.fromkeys(name for lane in lanes for name in lane.names))
    text = f"{in_words(duration_ms)} in {_counted(len({s.voice for s in segments}), 'voice')}"
    if names:
        listed = names[:_MAX_NAMES]
        if len(names) > len(listed):
            listed.append(f"{len(names) - len(listed)} more")
        text += f": {', '.join(listed)}"
    if chapters:
        text += f"; {_counted(len(chapters), 'chapter')}"
    return f"{text}."


def in_words(ms: int) -> str:
    """Return a length in words, as a screen reader should say it.

    >>> in_words(242_000), in_words(3_601_000), in_words(400)
    ('4 minutes 2 seconds', '1 hour 1 second', '0 seconds')
    """
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    return " ".join(_counted(n, unit) for n, unit in parts if n) or "0 seconds"


def signed(value: float) -> str:
    """Return a level with a real minus sign, one decimal where it needs one.

    >>> signed(-16.0), signed(-22.54), signed(float("-inf"))
    ('\u221216', '\u221222.5', '\u2212\u221e')
    """
    text = f"{round(value, 1) + 0.0:g}" if isfinite(value) else f"{value}".replace("inf", "∞")
    return text.replace("-", "\u2212")


def width_em(text: str) -> float:
    """Return about how wide a text is set in a sans serif, rather too much than too little.

    >>> width_em("ii") < width_em("nn") < width_em("漢字")
    True
    """
    return sum(_letter_em(letter) for letter in text)


def shortened(text: str, room_em: float) -> str:
    """Return the text, or as much of its beginning as fits with an ellipsis; empty: nothing fits.

    >>> shortened("Introduction", 20.0), shortened("Introduction", 4.0), shortened("Intro", 1.0)
    ('Introduction', 'Introd…', '')
    """
    if width_em(text) <= room_em:
        return text
    kept, used = "", 1.0
    for letter in text:
        used += _letter_em(letter)
        if used > room_em:
            break
        kept += letter
    kept = kept.rstrip(" ,;:.-\u2013(")
    return f"{kept}…" if kept else ""


def isolated(text: str) -> str:
    """Return a text that may be written from right to left so that it turns nothing else around."""
    if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text):
        return f"\u2068{text}\u2069"
    return text


def _letter_em(letter: str) -> float:
    # Marks stand above letters, and what only says how to write them is not seen.
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljtfrI.,:;'|! ()":
        return 0.4
    if letter in "mwMW@%—…" or ord(letter) > 0x2000:
        return 1.0
    return 0.72 if letter.isupper() else 0.6


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
