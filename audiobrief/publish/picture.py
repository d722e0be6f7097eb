"""The picture of an episode: waveform, who speaks when, loudness, chapters; as SVG (pure).

It is made of what the build has measured anyway, asks nothing of the network, runs no script, and
follows the reader's light or dark mode. Each voice has a line of its own beside its name, so that
nobody needs to tell colors apart.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from statistics import quantiles
from typing import TYPE_CHECKING

from audiobrief.publish.caption import (
    describe,
    isolated,
    lanes_of,
    shortened,
    signed,
    width_em,
)
from audiobrief.publish.column import holders, levels, readings
from audiobrief.publish.palette import REST, SURFACE, VOICES, hex_of
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.model.audio import Curve
    from audiobrief.model.episode import Chapter, TimedSegment
    from audiobrief.publish.caption import Lane
    from audiobrief.publish.column import Level, Reading
    from audiobrief.publish.palette import Tint

PICTURE_FILE = "waveform.svg"

# Everything below is in units of the view box.
WIDTH = 720
_LEFT, _RIGHT = 176, 704
_COLUMN = 2
_COLUMNS = (_RIGHT - _LEFT) // _COLUMN
_FONT = 12
_CHAPTER_BASELINE = 20
_WAVE_TOP, _WAVE_BOTTOM = 32, 144
_LANES_TOP, _LANE = 158, 20
_LOUDNESS = 108
#: A title gets this much room, at the cost of the next ones, before it is cut.
_LEAST_TITLE = 72
_GAP = 8
#: The scale "EBU +9" of broadcast meters (EBU Tech 3341), around the target instead of -23.
_ABOVE_LU, _BELOW_LU, _EVERY_LU = 9, 18, 6
_LEAST_TICK = 62
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
_TICKS_MS = (
    *(n * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 4, 6, 12, 24)),
)


def picture_size(segments: Sequence[TimedSegment]) -> tuple[int, int]:
    """Return the width and height of a picture, in CSS pixels at its natural size."""
    return WIDTH, _loudness_top(len(lanes_of(segments)[0])) + _LOUDNESS + 28


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
    no more than some ten kilobytes.

    Args:
        curve: Of the finished sound; where it ends early, the rest stays empty.
        segments: Whose voice is drawn where; gray: nobody's.
        chapters: Titles that would run into each other are cut or left out, their marks stay.
        duration_ms: Length of the episode.
        loudness_lufs: The target (`SoundSpec.loudness_lufs`), in the middle of the scale.
    """
    lanes, lane_of = lanes_of(segments)
    heard = readings(curve, _COLUMNS, duration_ms=duration_ms)
    shares = holders(segments, lane_of, _COLUMNS, duration_ms=duration_ms)
    wave = levels(curve, _COLUMNS, duration_ms=duration_ms)
    _, height = picture_size(segments)
    about = describe(segments, chapters, duration_ms=duration_ms)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-labelledby="picture-title" aria-describedby="picture-about"'
        f' font-family="system-ui, sans-serif" font-size="{_FONT}">',
        '<title id="picture-title">Waveform, voices and loudness</title>',
        f'<desc id="picture-about">{_text(about)} {_loudness_words(heard, loudness_lufs)}</desc>',
        _style(len(lanes)),
        f'<rect width="{WIDTH}" height="{height}" {_tint("ground", SURFACE["ground"])}'
        ' fill="currentColor"/>',
        _chapter_marks(chapters, duration_ms, height),
        _waveform(wave, shares),
        _legend(lanes, shares),
        _loudness(heard, _loudness_top(len(lanes)), loudness_lufs),
        _time_axis(duration_ms, _loudness_top(len(lanes)) + _LOUDNESS),
        "</svg>\n",
    )
    return "\n".join(part for part in parts if part)


def _loudness_top(lane_count: int) -> int:
    return _LANES_TOP + lane_count * _LANE + 14


def _loudness_words(heard: Sequence[Reading | None], target_lufs: float) -> str:
    middles = sorted(reading.middle for reading in heard if reading)
    if not middles:
        return "Nothing is to be heard."
    # The range that EBU Tech 3342 looks at: without the softest tenth and the loudest twentieth.
    cuts = quantiles(middles, n=20, method="inclusive") if len(middles) > 1 else middles * 20
    return (
        f"Short-term loudness mostly from {signed(cuts[1])} to {signed(cuts[18])} LUFS;"
        f" the target is {signed(target_lufs)} LUFS."
    )


def _style(lane_count: int) -> str:
    """Return the colors of dark mode; those of light mode stand at the elements themselves."""
    tints = {**SURFACE, "rest": REST}
    tints |= {f"v{n}": VOICES[n] for n in range(min(lane_count, len(VOICES)))}
    rules = "".join(f".{name}{{color:{hex_of(tint.on_dark)}}}" for name, tint in tints.items())
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


def _tint(name: str, tint: Tint) -> str:
    return f'class="{name}" color="{hex_of(tint.on_light)}"'


def _voice_tint(lane: int | None) -> str:
    if lane is None:
        return _tint("rest", REST)
    return _tint(f"v{lane % len(VOICES)}", VOICES[lane % len(VOICES)])


def _chapter_marks(chapters: Sequence[Chapter], duration_ms: int, height: int) -> str:
    """Return a line for every chapter, and the titles that have room."""
    lines, titles = [], []
    places = [_x(chapter.start_ms, duration_ms) for chapter in chapters]
    free_from = 0.0
    for chapter, x, following in zip(chapters, places, [*places[1:], _RIGHT], strict=True):
        lines.append(f"M{_number(x)} {_CHAPTER_BASELINE - 11}V{height - 24}")
        room = min(max(following - x, _LEAST_TITLE), _RIGHT - x) - _GAP
        title = shortened(printable_line(chapter.title), room / _FONT)
        if x >= free_from and title:
            titles.append(_label(x + 4, _CHAPTER_BASELINE, title))
            free_from = x + _GAP + width_em(title) * _FONT
    return (
        f'<g {_tint("line", SURFACE["line"])}><path d="{"".join(lines)}" fill="none"'
        ' stroke="currentColor" stroke-dasharray="2 2"/></g>\n'
        f'<g {_tint("ink", SURFACE["ink"])} fill="currentColor">{"".join(titles)}</g>'
        if lines
        else ""
    )


def _waveform(wave: Sequence[Level], shares: Sequence[dict[int, float]]) -> str:
    """Return mirrored bars: pale up to the highest sample, full up to the mean of the peaks."""
    middle = (_WAVE_TOP + _WAVE_BOTTOM) / 2
    half = (_WAVE_BOTTOM - _WAVE_TOP) / 2
    bars: dict[int | None, tuple[list[str], list[str]]] = {}
    for column, (level, share) in enumerate(zip(wave, shares, strict=True)):
        lane = max(share, key=lambda n: (share[n], -n)) if share else None
        pale, full = bars.setdefault(lane, ([], []))
        x = _number(_LEFT + (column + 0.5) * _COLUMN)
        for path, part in ((pale, level.peak), (full, level.mean)):
            reach = max(0.5, part * half)
            path.append(f"M{x} {_number(middle - reach)}V{_number(middle + reach)}")
    groups = (
        f'<g {_voice_tint(lane)} fill="none" stroke="currentColor" stroke-width="1.4">'
        f'<path d="{"".join(pale)}" stroke-opacity=".45"/><path d="{"".join(full)}"/></g>'
        for lane, (pale, full) in sorted(bars.items(), key=lambda item: (item[0] is None, item[0]))
    )
    scale = [(0.0, "0 dBFS"), (half / 2, "\u22126"), (half, "\u2212∞")]
    return "\n".join((_scale(scale, _WAVE_TOP, "Waveform"), *groups))


def _legend(lanes: Sequence[Lane], shares: Sequence[dict[int, float]]) -> str:
    """Return a line for every voice: its name, and where it is heard."""
    found = []
    for number, lane in enumerate(lanes):
        y = _LANES_TOP + number * _LANE
        present = [number in share for share in shares]
        path, at = [f"M{_LEFT} {y + _LANE / 2:g}"], 0
        column = 0
        for heard, run in groupby(present):
            length = len(list(run))
            if heard:
                path.append(f"m{(column - at) * _COLUMN} 0h{length * _COLUMN}")
                at = column + length
            column += length
        suffix = f" · {lane.voice}" if lane.voice else ""
        room = (_LEFT - 32) / _FONT
        voice = shortened(suffix, room / 2)
        name = isolated(shortened(lane.label, room - width_em(voice)))
        found.append(
            f'<g {_voice_tint(number)}><rect x="8" y="{y + 5}" width="10" height="10" rx="2"'
            f' fill="currentColor"/><path d="{"".join(path)}" fill="none" stroke="currentColor"'
            ' stroke-width="9"/></g>'
            f'<text x="24" y="{y + 14}" {_tint("ink", SURFACE["ink"])} fill="currentColor">'
            f"{_text(name)}"
            f'<tspan {_tint("soft", SURFACE["soft"])} fill="currentColor">{_text(voice)}</tspan>'
            "</text>"
        )
    return "\n".join(found)


def _loudness(heard: Sequence[Reading | None], top: int, target_lufs: float) -> str:
    """Return the short-term loudness: a line, and a band where a column holds more than one."""

    def y(lufs: float) -> str:
        above = min(max(target_lufs + _ABOVE_LU - lufs, 0.0), _ABOVE_LU + _BELOW_LU)
        return _number(top + above / (_ABOVE_LU + _BELOW_LU) * _LOUDNESS)

    line, band, column = [], [], 0
    for _, run in groupby(heard, key=lambda reading: reading is None):
        readings_here = list(run)
        points = [
            (_number(_LEFT + (column + n + 0.5) * _COLUMN), reading)
            for n, reading in enumerate(readings_here)
            if reading
        ]
        column += len(readings_here)
        if not points:
            continue
        line.append("M" + "L".join(f"{x} {y(reading.middle)}" for x, reading in points) + "h.1")
        if any(reading.low < reading.high for _, reading in points):
            upper = [f"{x} {y(reading.high)}" for x, reading in points]
            lower = [f"{x} {y(reading.low)}" for x, reading in reversed(points)]
            band.append(f"M{'L'.join(upper + lower)}z")
    levels_lu = range(_ABOVE_LU - _ABOVE_LU % _EVERY_LU, -_BELOW_LU - 1, -_EVERY_LU)
    scale = [
        ((_ABOVE_LU - lu) / (_ABOVE_LU + _BELOW_LU) * _LOUDNESS, signed(target_lufs + lu))
        for lu in levels_lu
    ]
    target_y = y(target_lufs)
    return (
        f"{_scale(scale, top, 'Loudness', 'LUFS, 3 s')}\n"
        f'<g {_tint("ink", SURFACE["ink"])} fill="none" stroke="currentColor">'
        f'<path d="M{_LEFT} {target_y}H{_RIGHT}" stroke-dasharray="6 3"/>'
        f'<path d="{"".join(band)}" fill="currentColor" fill-opacity=".25" stroke="none"/>'
        f'<path d="{"".join(line)}" stroke-width="1.6" stroke-linecap="round"'
        ' stroke-linejoin="round"/></g>'
        f'<text x="24" y="{_number(float(target_y) + 4)}" {_tint("ink", SURFACE["ink"])}'
        ' fill="currentColor">target</text>'
    )


def _scale(marks: Iterable[tuple[float, str]], top: int, name: str, unit: str = "") -> str:
    """Return the name of a panel, its horizontal lines, and their labels."""
    marks = list(marks)
    lines = "".join(f"M{_LEFT} {_number(top + y)}H{_RIGHT}" for y, _ in marks)
    labels = "".join(
        f'<text x="{_LEFT - 6}" y="{_number(top + y + 4)}">{label}</text>' for y, label in marks
    )
    below = f'<tspan x="8" dy="15" {_tint("soft", SURFACE["soft"])}>{unit}</tspan>' if unit else ""
    return (
        f'<path d="{lines}" {_tint("line", SURFACE["line"])} fill="none" stroke="currentColor"/>'
        f'<g {_tint("soft", SURFACE["soft"])} fill="currentColor" text-anchor="end">{labels}</g>'
        f'<text x="8" y="{top + 4}" {_tint("ink", SURFACE["ink"])} fill="currentColor"'
        f' font-weight="600">{name}{below}</text>'
    )


def _time_axis(duration_ms: int, y: int) -> str:
    least_ms = _LEAST_TICK / (_RIGHT - _LEFT) * duration_ms
    every_ms = next((ms for ms in _TICKS_MS if ms >= least_ms), None)
    if every_ms is None:
        every_ms = -(-int(least_ms) // _TICKS_MS[-1]) * _TICKS_MS[-1]
    times = range(0, duration_ms + 1, every_ms)
    ticks = "".join(f"M{_number(_x(ms, duration_ms))} {y}v5" for ms in times)
    labels = "".join(
        f'<text x="{_number(_x(ms, duration_ms))}" y="{y + 18}">{tick_label(ms, duration_ms)}</text>'
        for ms in times
    )
    return (
        f'<g {_tint("soft", SURFACE["soft"])} fill="currentColor" text-anchor="middle">'
        f'<path d="M{_LEFT} {y}H{_RIGHT}{ticks}" fill="none" stroke="currentColor"/>{labels}</g>'
    )


def tick_label(ms: int, duration_ms: int) -> str:
    """Return a time of the axis; hours in all labels or in none.

    >>> tick_label(90_000, 240_000), tick_label(90_000, 3_600_000)
    ('1:30', '0:01:30')
    """
    minutes, seconds = divmod(ms // 1000, 60)
    if duration_ms < _HOUR:
        return f"{minutes}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _x(ms: int, duration_ms: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * min(max(ms / max(duration_ms, 1), 0.0), 1.0)


def _label(x: float, y: int, text: str) -> str:
    return f'<text x="{_number(x)}" y="{y}">{_text(isolated(text))}</text>'


def _number(value: float) -> str:
    """Return a coordinate to a tenth of a unit: shorter, and the same on every machine."""
    return f"{round(value, 1) + 0.0:g}"


def _text(text: str) -> str:
    return escape(text)
