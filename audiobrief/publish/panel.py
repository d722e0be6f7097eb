"""The panels of a picture, one below the other: waveform, voices, loudness (pure)."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from audiobrief.publish.canvas import (
    FONT,
    LEFT,
    RIGHT,
    at_column,
    at_ms,
    number,
    text,
    tint,
    voice_tint,
)
from audiobrief.publish.caption import isolated, shortened, signed, width_em
from audiobrief.publish.column import stretches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.model.episode import TimedSegment
    from audiobrief.publish.caption import Lane
    from audiobrief.publish.column import Level, Reading

WAVEFORM_HEIGHT = 120
LANE_HEIGHT = 20
LOUDNESS_HEIGHT = 108
_WAVEFORM_SCALE = ("0 dBFS", "\u22126", "\u2212∞", "\u22126", "0")
#: A voice is drawn this wide at least, and apart from itself only where the gap is as wide.
_LEAST_STRETCH = 1.5
#: The scale "EBU +9" of broadcast meters (EBU Tech 3341), around the target instead of -23.
_ABOVE_LU, _BELOW_LU, _EVERY_LU = 9, 18, 6


def waveform(wave: Sequence[Level], shares: Sequence[dict[int, float]], top: int) -> str:
    """Return mirrored bars: pale up to the highest sample, full up to the mean of the peaks."""
    half = WAVEFORM_HEIGHT / 2
    bars: dict[int | None, tuple[list[str], list[str]]] = {}
    for column, (level, share) in enumerate(zip(wave, shares, strict=True)):
        # The voice that fills most of the column; of equal ones the first.
        lane = max(share, key=lambda n: (share[n], -n)) if share else None
        paths = bars.setdefault(lane, ([], []))
        for path, part in zip(paths, (level.peak, level.mean), strict=True):
            reach = max(0.5, part * half)
            ends = (number(top + half - reach), number(top + half + reach))
            path.append(f"M{number(at_column(column))} {ends[0]}V{ends[1]}")
    groups = (
        f'<g {voice_tint(lane)} fill="none" stroke="currentColor" stroke-width="2.2">'
        f'<path d="{"".join(pale)}" stroke-opacity=".45"/><path d="{"".join(full)}"/></g>'
        for lane, (pale, full) in bars.items()
    )
    scale = [(top + n * half / 2, label) for n, label in enumerate(_WAVEFORM_SCALE)]
    return "\n".join((_scale(scale), _name("Waveform", top + 4), *groups))


def legend(
    lanes: Sequence[Lane],
    segments: Sequence[TimedSegment],
    lane_of: Sequence[int],
    duration_ms: int,
    top: int,
) -> str:
    """Return a line for every voice: its name, and where it is heard."""
    least_ms = _LEAST_STRETCH * duration_ms / (RIGHT - LEFT)
    found = []
    for rank, lane in enumerate(lanes):
        own = [segment for segment, at in zip(segments, lane_of, strict=True) if at == rank]
        y = top + rank * LANE_HEIGHT
        heard = stretches(own, least_ms=least_ms, duration_ms=duration_ms)
        path = _dashes([(at_ms(a, duration_ms), at_ms(b, duration_ms)) for a, b in heard], y + 10)
        room = (LEFT - 28) / FONT
        voice = shortened(f" · {lane.voice}" if lane.voice else "", room / 2)
        name = isolated(shortened(lane.label, room - width_em(voice)))
        found.append(
            f'<g {voice_tint(rank)}><rect x="8" y="{y + 5}" width="10" height="10" rx="2"'
            f' fill="currentColor"/><path d="{path}" stroke="currentColor" stroke-width="10"/></g>'
            f'<text x="24" y="{y + 14}" {tint("ink")} fill="currentColor">{escape(name)}'
            f'<tspan {tint("soft")} fill="currentColor">{escape(voice)}</tspan></text>'
        )
    return "\n".join(found)


def _dashes(ends: Sequence[tuple[float, float]], y: int) -> str:
    """Return a path along a line; relative, which is a third shorter where there are hundreds.

    >>> _dashes([(196.0, 200.04), (300.0, 301.5)], 10)
    'M196 10h4m100 0h1.5'
    """
    path, at = "", 0.0
    for start, end in ends:
        start, end = round(start, 1), round(end, 1)  # noqa: PLW2901 - or the roundings add up
        path += f"m{number(start - at)} 0" if path else f"M{number(start)} {y}"
        path += f"h{number(end - start)}"
        at = end
    return path


def loudness(heard: Sequence[Reading | None], target_lufs: float, top: int) -> str:
    """Return the short-term loudness: a line, and a band where a column holds more than one."""
    unit = LOUDNESS_HEIGHT / (_ABOVE_LU + _BELOW_LU)

    def y(lufs: float) -> str:
        below_top = min(max(target_lufs + _ABOVE_LU - lufs, 0.0), _ABOVE_LU + _BELOW_LU)
        return number(top + below_top * unit)

    line, band = [], []
    for run in _runs(heard):
        middles = "L".join(f"{x} {y(reading.middle)}" for x, reading in run)
        line.append(f"M{middles}h.1")
        if any(reading.low < reading.high for _, reading in run):
            upper = [f"{x} {y(reading.high)}" for x, reading in run]
            lower = [f"{x} {y(reading.low)}" for x, reading in reversed(run)]
            band.append(f"M{'L'.join(upper + lower)}z")
    steps = range(_ABOVE_LU // _EVERY_LU * _EVERY_LU, -_BELOW_LU - 1, -_EVERY_LU)
    scale = [
        (top + (_ABOVE_LU - lu) * unit, f"{'' if lu else 'target '}{signed(target_lufs + lu)}")
        for lu in steps
    ]
    unit_label = text(8, top + 19, "LUFS, 3 s", f' {tint("soft")} fill="currentColor"')
    return (
        f"{_scale(scale)}\n{_name('Loudness', top + 4)}\n"
        f"{unit_label}\n"
        f'<g {tint("ink")} fill="none" stroke="currentColor">'
        f'<path d="M{LEFT} {y(target_lufs)}H{RIGHT}" stroke-dasharray="6 3"/>'
        f'<path d="{"".join(band)}" fill="currentColor" fill-opacity=".25" stroke="none"/>'
        f'<path d="{"".join(line)}" stroke-width="1.6" stroke-linecap="round"'
        ' stroke-linejoin="round"/></g>'
    )


def _runs(heard: Sequence[Reading | None]) -> Iterator[list[tuple[str, Reading]]]:
    """Yield what lies between gaps, with the place of each column."""
    for is_gap, run in groupby(enumerate(heard), key=lambda item: item[1] is None):
        if not is_gap:
            yield [(number(at_column(n)), reading) for n, reading in run if reading]


def _scale(marks: Sequence[tuple[float, str]]) -> str:
    """Return horizontal lines and their labels."""
    lines = "".join(f"M{LEFT} {number(y)}H{RIGHT}" for y, _ in marks)
    labels = "".join(text(LEFT - 6, y + 4, label) for y, label in marks)
    return (
        f'<path d="{lines}" {tint("line")} stroke="currentColor"/>'
        f'<g {tint("soft")} fill="currentColor" text-anchor="end">{labels}</g>'
    )


def _name(name: str, y: int) -> str:
    return text(8, y, name, f' {tint("ink")} fill="currentColor" font-weight="600"')
