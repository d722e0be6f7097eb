"""Accents of drawn covers: the built-in typeface has none, so they are drawn over its letters.

A text of covers has each accent behind its letter, as Unicode's NFD has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from audiobrief.publish.lettering import Font

Points = tuple[tuple[float, float], ...]

#: Strokes around the middle of a letter, in heights of the type; y counts from where the letter
#: ends, away from it.
_STROKES: dict[str, tuple[Points, ...]] = {
    "\u0300": (((-0.12, 0.15), (0.04, 0.02)),),  # grave
    "\u0301": (((0.12, 0.15), (-0.04, 0.02)),),  # acute
    "\u0302": (((-0.14, 0.02), (0.0, 0.14), (0.14, 0.02)),),  # circumflex
    "\u0303": (((-0.15, 0.04), (-0.07, 0.11), (0.07, 0.05), (0.15, 0.12)),),  # tilde
    "\u0304": (((-0.13, 0.07), (0.13, 0.07)),),  # macron
    "\u0306": (((-0.13, 0.14), (-0.08, 0.05), (0.08, 0.05), (0.13, 0.14)),),  # breve
    "\u0307": (((0.0, 0.08), (0.0, 0.08)),),  # dot
    "\u0308": (((-0.1, 0.08), (-0.1, 0.08)), ((0.1, 0.08), (0.1, 0.08))),  # diaeresis
    "\u030a": (((-0.07, 0.09), (0.0, 0.16), (0.07, 0.09), (0.0, 0.02), (-0.07, 0.09)),),  # ring
    "\u030b": (((-0.02, 0.14), (-0.12, 0.02)), ((0.14, 0.14), (0.04, 0.02))),  # double acute
    "\u030c": (((-0.14, 0.14), (0.0, 0.02), (0.14, 0.14)),),  # caron
    "\u0323": (((0.0, 0.1), (0.0, 0.1)),),  # dot below
    "\u0326": (((0.03, 0.07), (-0.03, 0.18)),),  # comma below
    "\u0327": (((0.0, 0.0), (0.06, 0.1), (0.0, 0.17), (-0.08, 0.16)),),  # cedilla
    "\u0328": (((0.1, 0.0), (0.04, 0.1), (0.12, 0.17)),),  # ogonek
}
_BELOW = frozenset("\u0323\u0326\u0327\u0328")
#: They give way to what is set above them.
_DOTTED = frozenset("ij")
#: Thickness, in heights of the type; a ring needs less.
_THICK, _THIN = 0.085, 0.05


def with_accents(character: str) -> str:
    """Return a letter with its accent behind it; empty: it has none, or none that can be drawn.

    >>> [len(with_accents(c)) for c in ("\u00fc", "a", "\u1eb9", "\u1ebf")]
    [2, 0, 2, 0]
    """
    letters = normalize("NFD", character)
    # Two accents, as in Vietnamese, would need an order of their own.
    return letters if len(letters) == 2 and letters[1] in _STROKES else ""


def plain(text: str) -> str:
    """Return a text without its accents: what the typeface draws, letter by letter."""
    return "".join(c for c in text if not combining(c))


def draw_accented(
    image: Image.Image,
    at: tuple[float, float],
    text: str,
    font: Font,
    *,
    ink: tuple[int, int, int],
    stroke: int,
    type_px: float,
) -> None:
    """Draw a line of text with its accents.

    Args:
        image: What is drawn on.
        at: Left, and top as Pillow counts it.
        text: With each accent behind its letter.
        font: Of this height.
        ink: Color.
        stroke: Width that is added around letters, in pixels.
        type_px: Height of the type.
    """
    letters, margin = plain(text), round(type_px * 0.3)
    size = (round(font.getlength(letters)) + 2 * margin, round(type_px * 1.5) + 2 * margin)
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    draw.text((margin, margin), letters, font=font, fill=255, stroke_width=stroke)
    before = ""
    for letter in text:
        if combining(letter):
            _draw_accent(draw, margin, before, letter, font, type_px)
        else:
            before += letter
    image.paste(ink, (round(at[0]) - margin, round(at[1]) - margin), mask)


def _draw_accent(
    draw: ImageDraw.ImageDraw, margin: int, before: str, accent: str, font: Font, type_px: float
) -> None:
    """Draw the accent of the last letter of what stands before it."""
    letter = before[-1]
    end = margin + font.getlength(before)
    start = end - font.getlength(letter)
    _, top, _, bottom = font.getbbox("x" if letter in _DOTTED else letter)
    if letter in _DOTTED and accent not in _BELOW:
        draw.rectangle((start, 0, end, margin + top - type_px * 0.03), fill=0)
    is_below = accent in _BELOW
    edge = margin + (bottom if is_below else top - type_px * 0.05)
    width = max(1, round(type_px * (_THIN if accent == "\u030a" else _THICK)))
    for points in _STROKES[accent]:
        placed = [
            ((start + end) / 2 + x * type_px, edge + (y if is_below else -y) * type_px)
            for x, y in points
        ]
        draw.line(placed, fill=255, width=width, joint="curve")
        for x, y in (placed[0], placed[-1]):
            radius = width / 2
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
