"""What all parts of a picture share: its measures, its colors, and how numbers are written (pure).

Lengths are in units of the SVG's view box.
"""

from __future__ import annotations

from html import escape

from audiobrief.publish.palette import REST, SURFACE, VOICES, Tint, hex_of

WIDTH = 720
FONT = 12
#: What lies between them is time; names and scales stand left of it.
LEFT, RIGHT = 196, 704
COLUMN = 2
COLUMNS = (RIGHT - LEFT) // COLUMN


def at_ms(ms: float, duration_ms: int) -> float:
    """Return where a time lies; times outside of the episode at its ends."""
    return LEFT + (RIGHT - LEFT) * min(max(ms / max(duration_ms, 1), 0.0), 1.0)


def at_column(column: int) -> float:
    """Return the middle of a column."""
    return LEFT + (column + 0.5) * COLUMN


def number(value: float) -> str:
    """Return a coordinate to a tenth of a unit: short, and the same on every machine.

    >>> number(196.04), number(-0.01), number(12.55)
    ('196', '0', '12.6')
    """
    return f"{round(value, 1) + 0.0:g}"


def text(x: float, y: float, content: str, more: str = "") -> str:
    """Return a line of text; ``content`` is no markup, ``more`` are attributes."""
    return f'<text x="{number(x)}" y="{number(y)}"{more}>{escape(content)}</text>'


def tint(name: str) -> str:
    """Return the attributes that set ``currentColor``: of light mode here, of dark by the class."""
    return f'class="{name}" color="{hex_of(_TINTS[name].on_light)}"'


def voice_tint(lane: int | None) -> str:
    """Return the same for the voice of a lane; ``None``: nobody's. The first shares with nobody."""
    if lane is None:
        return tint("rest")
    return tint(f"v{lane if lane < len(VOICES) else 1 + (lane - 1) % (len(VOICES) - 1)}")


def style() -> str:
    """Return the colors of dark mode."""
    rules = "".join(f".{name}{{color:{hex_of(tint.on_dark)}}}" for name, tint in _TINTS.items())
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


_TINTS: dict[str, Tint] = {
    **SURFACE,
    "rest": REST,
    **{f"v{n}": tint for n, tint in enumerate(VOICES)},
}
