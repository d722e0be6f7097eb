"""Small pictures of a report: a waveform, and levels before mastering and after (pure).

They take their colors from the page around them: ``currentColor``, and the classes in its style.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from audiobrief.publish.canvas import number
from audiobrief.publish.caption import signed

if TYPE_CHECKING:
    from audiobrief.model.report import Levels

_WAVE_HEIGHT = 40
#: The scale of levels: softer and louder ones lie at its ends.
_LOWEST_LUFS, _HIGHEST_LUFS = -45.0, -5.0
_WIDTH, _HEIGHT = 300, 62
_LEFT, _RIGHT = 52, 292
_BEFORE_Y, _AFTER_Y, _LABELS_Y = 12, 32, 57
_EVERY_LU = 10


def render_wave(wave: bytes) -> str:
    """Return the waveform of an episode: one bar for each column, 0..255 for 0..full scale."""
    half = _WAVE_HEIGHT // 2
    bars = []
    for column, level in enumerate(wave):
        reach = max(1, round(half * min(1.0, 1.6 * level / 255)))
        bars.append(f"M{3 * column + 1} {half - reach}v{2 * reach}")
    return (
        f'<svg class="wave" viewBox="0 0 {3 * len(wave) or 1} {_WAVE_HEIGHT}"'
        ' preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="{"".join(bars)}" stroke="currentColor" stroke-width="2"/></svg>'
    )


def render_levels(levels: Levels, target_lufs: float) -> str:
    """Return where the clips lay before mastering, and the episode after it, around the target.

    Nothing of "before" where it is not known.
    """
    marks = [
        f'<path class="target" d="M{_x(target_lufs)} 2V44" stroke-dasharray="3 2"/>',
        *(_before(levels) if levels.before else ()),
        f'<text x="0" y="{_AFTER_Y + 4}">after</text>',
        f'<circle class="after" cx="{_x(levels.after.integrated_lufs)}" cy="{_AFTER_Y}" r="5"/>',
    ]
    ticks = range(round(_LOWEST_LUFS) + 5, round(_HIGHEST_LUFS), _EVERY_LU)
    axis = "".join(f"M{_x(lufs)} 44v3" for lufs in ticks)
    labels = "".join(
        f'<text x="{_x(lufs)}" y="{_LABELS_Y}" text-anchor="middle">{signed(lufs)}</text>'
        for lufs in ticks
    )
    return (
        f'<svg class="levels" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{escape(_in_words(levels, target_lufs))}">'
        f'<path class="axis" d="M{_LEFT} 44H{_RIGHT}{axis}"/>{labels}{"".join(marks)}</svg>'
    )


def _before(levels: Levels) -> tuple[str, ...]:
    softest = min(voice.softest_lufs for voice in levels.before)
    loudest = max(voice.loudest_lufs for voice in levels.before)
    dots = "".join(
        f'<circle class="before" cx="{_x(voice.mean_lufs)}" cy="{_BEFORE_Y}" r="4"/>'
        for voice in levels.before
    )
    return (
        f'<text x="0" y="{_BEFORE_Y + 4}">before</text>',
        f'<path class="range" d="M{_x(softest)} {_BEFORE_Y}H{_x(loudest)}h.1"/>',
        dots,
    )


def _in_words(levels: Levels, target_lufs: float) -> str:
    before = ", ".join(f"{v.voice} {signed(v.mean_lufs)} LUFS" for v in levels.before)
    after = f"{signed(levels.after.integrated_lufs)} LUFS; target {signed(target_lufs)} LUFS"
    return f"Before mastering: {before or 'not known'}. After it: {after}."


def _x(lufs: float) -> str:
    inside = min(max(lufs, _LOWEST_LUFS), _HIGHEST_LUFS)
    share = (inside - _LOWEST_LUFS) / (_HIGHEST_LUFS - _LOWEST_LUFS)
    return number(_LEFT + share * (_RIGHT - _LEFT))
