"""Lettering of drawn covers: what the built-in typeface can show, and where its lines end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont

from audiobrief.publish.accents import draw_accented, plain, with_accents
from audiobrief.publish.plain_letters import without_accents
from audiobrief.text.printable import printable_line

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

#: Distance of lines, in heights of the type.
LINE_HEIGHT = 1.16
# Height of the type, in parts of the cover's side.
_TYPES = tuple(0.17 * 0.92**step for step in range(17))
# More than the smallest type has room for.
_MOST_CHARACTERS = 500


def missing_glyphs(text: str) -> str:
    """Return the characters that a drawn cover changes or leaves out, each once, in order.

    >>> missing_glyphs("Zürich: Øst 東京"), missing_glyphs("Morning Brief")
    ('Ø東京', '')
    """
    letters = normalize("NFC", printable_line(text))
    return "".join(dict.fromkeys(c for c in letters if c != " " and not _drawn(c)))


def drawable(text: str) -> str:
    """Return a text as it can be drawn: each accent behind its letter.

    Letters whose accents cannot be drawn lose them, and what has no letter at all is left out.
    """
    letters = normalize("NFC", printable_line(text)[:_MOST_CHARACTERS])
    drawn = (_drawn(c) or "".join(map(_drawn, without_accents(c))) for c in letters)
    return " ".join("".join(drawn).split())


@lru_cache(maxsize=4096)
def _drawn(character: str) -> str:
    """Return a character as it is drawn, a letter with its accent behind it; empty: it is not."""
    if character == " " or _has_glyph(character):
        return character
    letters = with_accents(character)
    return letters if letters and _has_glyph(letters[0]) else ""


def width_of(text: str, font: Font) -> float:
    """Return how wide a line is drawn, in pixels."""
    return font.getlength(plain(text))


def fitted(title: str, width: float, room: float, size_px: int) -> tuple[float, list[str]]:
    """Return the largest type in which the title has room, and its lines.

    A word is cut only when it is wider than the cover in the smallest type.

    Args:
        title: As ``drawable`` returns it.
        width: Of a line, in pixels.
        room: Height for all lines, in pixels.
        size_px: Side of the cover.
    """
    type_px, lines = _fitted(title, width, room, size_px, may_cut_words=False)
    if _has_cut_word(title, lines):
        type_px, lines = _fitted(title, width, room, size_px, may_cut_words=True)
    return type_px, lines


def _fitted(
    title: str, width: float, room: float, size_px: int, *, may_cut_words: bool
) -> tuple[float, list[str]]:
    def fits(type_px: float) -> bool:
        lines = wrapped(title, font_of(type_px), width)
        return len(lines) * type_px * LINE_HEIGHT <= room and (
            may_cut_words or not _has_cut_word(title, lines)
        )

    # What fits in a type fits in a smaller one: four sizes are tried instead of seventeen.
    sizes = [size_px * part for part in _TYPES]
    at = bisect_left(sizes[:-1], True, key=fits)
    return sizes[at], wrapped(title, font_of(sizes[at]), width)


def font_of(type_px: float) -> Font:
    """Return Pillow's own typeface: the same on every machine."""
    return ImageFont.load_default(round(type_px))


def wrapped(text: str, font: Font, width: float) -> list[str]:
    """Divide a text into lines that fit; a word that is wider alone is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", font) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        rest = word
        while width_of(rest, font) > width:
            fits = bisect_right(
                range(1, len(rest)), width, key=lambda count: width_of(rest[:count], font)
            )
            end = max(1, fits)
            # An accent stays with its letter.
            end += end < len(rest) and bool(combining(rest[end]))
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines


def _has_cut_word(text: str, lines: list[str]) -> bool:
    return " ".join(lines) != text


def _has_glyph(character: str) -> bool:
    font = ImageFont.load_default(40)
    return bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))


def draw_line(
    image: Image.Image,
    at: tuple[float, float],
    line: str,
    type_px: float,
    *,
    ink: tuple[int, int, int],
    stroke: int = 0,
) -> None:
    """Draw a line of text.

    Args:
        image: What is drawn on.
        at: Left and top, in pixels.
        line: As `drawable` returns it.
        type_px: Height of the type.
        ink: Color.
        stroke: Width that is added around the letters, in pixels.
    """
    font = font_of(type_px)
    if plain(line) != line:
        draw_accented(image, at, line, font, ink=ink, stroke=stroke, type_px=type_px)
        return
    draw = ImageDraw.Draw(image)
    draw.text(at, line, font=font, fill=ink, stroke_width=stroke, stroke_fill=ink)
