"""The picture of an episode: waveform, who speaks when, loudness, chapters; as SVG (pure).

It is made of what the build has measured anyway, asks nothing of the network, runs no script, and
follows the reader's light or dark mode. Each voice has a line of its own beside its name, so that
nobody needs to tell colors apart.
"""

from __future__ import annotations

from html import escape
from statistics import quantiles
from typing import TYPE_CHECKING

from audiobrief.publish.canvas import (
    COLUMNS,
    FONT,
    LEFT,
    RIGHT,
    WIDTH,
    at_ms,
    number,
    style,
    text,
    tint,
)
from audiobrief.publish.caption import describe, isolated, lanes_of, shortened, signed, width_em
from audiobrief.publish.column import holders, levels, readings
from audiobrief.publish.panel import (
    LANE_HEIGHT,
    LOUDNESS_HEIGHT,
    WAVEFORM_HEIGHT,
    legend,
    loudness,
    waveform,
)
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.audio import Curve
    from audiobrief.model.episode import Chapter, TimedSegment
    from audiobrief.publish.column import Reading

PICTURE_FILE = "waveform.svg"

_TITLES = 20
_WAVEFORM = 34
_LEGEND = _WAVEFORM + WAVEFORM_HEIGHT + 12
#: A title gets this much room, at the cost of the next ones, before it is cut.
_LEAST_TITLE = 72
_GAP = 8
#: Labels of the time axis are this far apart at least.
_LEAST_TICK = 62
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
_TICKS_MS = (
    *(n * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 4, 6, 12, 24)),
)


def picture_size(segments: Sequence[TimedSegment]) -> tuple[int, int]:
    """Return width and height of a picture, in CSS pixels at its natural size."""
    return WIDTH, _axis(len(lanes_of(segments)[0])) + 28


def render_picture(
    curve: Curve,
    segments: Sequence[TimedSegment],
    chapters: Sequence[Chapter],
    *,
    duration_ms: int,
    loudness_lufs: float,
) -> str:
    """Return the picture of an episode as a whole SVG file.

    The same arguments give the same bytes. However long the episode, it has as many columns, and
    some ten kilobytes.

    Args:
        curve: Of the finished sound; where it ends early, the rest stays empty.
        segments: Whose voice is drawn where; gray: nobody's.
        chapters: In order. Titles that would run into each other are cut or left out.
        duration_ms: Length of the episode.
        loudness_lufs: The target (`SoundSpec.loudness_lufs`), around which the scale is laid.
    """
    lanes, lane_of = lanes_of(segments)
    wave = levels(curve, COLUMNS, duration_ms=duration_ms)
    shares = holders(segments, lane_of, COLUMNS, duration_ms=duration_ms)
    heard = readings(curve, COLUMNS, duration_ms=duration_ms)
    axis = _axis(len(lanes))
    about = describe(segments, chapters, duration_ms=duration_ms)
    _, height = picture_size(segments)
    return "\n".join(
        (
            _opening(height, f"{about} {_loudness_words(heard, loudness_lufs)}"),
            _chapter_marks(chapters, duration_ms, axis),
            waveform(wave, shares, _WAVEFORM),
            legend(lanes, segments, lane_of, duration_ms, _LEGEND),
            loudness(heard, loudness_lufs, axis - LOUDNESS_HEIGHT),
            _time_axis(duration_ms, axis),
            "</svg>\n",
        )
    )


def _axis(lane_count: int) -> int:
    return _LEGEND + lane_count * LANE_HEIGHT + 14 + LOUDNESS_HEIGHT


def _opening(height: int, about: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-labelledby="picture-title" aria-describedby="picture-about"'
        f' font-family="system-ui, sans-serif" font-size="{FONT}">\n'
        '<title id="picture-title">Waveform, voices and loudness</title>\n'
        f'<desc id="picture-about">{escape(about)}</desc>\n{style()}\n'
        f'<rect width="{WIDTH}" height="{height}" {tint("ground")} fill="currentColor"/>'
    )


def _loudness_words(heard: Sequence[Reading | None], target_lufs: float) -> str:
    middles = [reading.middle for reading in heard if reading]
    if not middles:
        return "Nothing is to be heard."
    # As EBU Tech 3342 does: without the softest tenth and the loudest twentieth.
    cuts = quantiles(middles * 2, n=20, method="inclusive")
    return (
        f"Short-term loudness mostly from {signed(cuts[1])} to {signed(cuts[18])} LUFS;"
        f" the target is {signed(target_lufs)} LUFS."
    )


def _chapter_marks(chapters: Sequence[Chapter], duration_ms: int, axis: int) -> str:
    """Return a line for every chapter, and the titles that have room."""
    lines, titles, free_from = [], [], 0.0
    places = [at_ms(chapter.start_ms, duration_ms) for chapter in chapters]
    ends = [*places, RIGHT][1:]
    for chapter, x, following in zip(chapters, places, ends, strict=True):
        room = min(max(following - x, _LEAST_TITLE), RIGHT - x) - _GAP
        title = shortened(printable_line(chapter.title), room / FONT)
        top = _TITLES + 6
        if title and x >= free_from:
            titles.append(text(x + 4, _TITLES, isolated(title)))
            free_from = x + width_em(title) * FONT + _GAP
            # Only the mark of a title goes up beside it.
            top = _TITLES - 11
        lines.append(f"M{number(x)} {top}V{axis + 4}")
    return (
        f'<path d="{"".join(lines)}" {tint("line")} stroke="currentColor"'
        ' stroke-dasharray="2 2"/>\n'
        f'<g {tint("ink")} fill="currentColor">{"".join(titles)}</g>'
    )


def _time_axis(duration_ms: int, y: int) -> str:
    least_ms = _LEAST_TICK / (RIGHT - LEFT) * duration_ms
    every_ms = next((ms for ms in _TICKS_MS if ms >= least_ms), max(duration_ms, 1))
    times = range(0, duration_ms + 1, every_ms)
    ticks = "".join(f"M{number(at_ms(ms, duration_ms))} {y}v5" for ms in times)
    labels = "".join(_time_label(ms, duration_ms, y + 18) for ms in times)
    return (
        f'<g {tint("soft")} fill="currentColor" text-anchor="middle">'
        f'<path d="M{LEFT} {y}H{RIGHT}{ticks}" stroke="currentColor"/>{labels}</g>'
    )


def _time_label(ms: int, duration_ms: int, y: int) -> str:
    """Return a label below its tick; at both ends it stays inside the picture."""
    x, label = at_ms(ms, duration_ms), tick_label(ms, duration_ms)
    anchor = ""
    if ms == 0:
        anchor = ' text-anchor="start"'
    elif x + width_em(label) * FONT / 2 > WIDTH:
        anchor = ' text-anchor="end"'
    return text(x, y, label, anchor)


def tick_label(ms: int, duration_ms: int) -> str:
    """Return a time of the axis; hours in all labels or in none.

    >>> tick_label(90_000, 240_000), tick_label(90_000, 3_600_000)
    ('1:30', '0:01:30')
    """
    minutes, seconds = divmod(ms // _SECOND, 60)
    if duration_ms < _HOUR:
        return f"{minutes}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
