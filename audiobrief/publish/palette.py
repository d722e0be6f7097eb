"""Colors of drawn covers, chosen by a hash of the title, and of pictures of sound (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors that go together; ink on ground has a contrast of 4.5:1 at least (WCAG 1.4.3)."""

    ground: Rgb
    #: Decoration only: near enough to the ground not to disturb the text.
    shade: Rgb
    accent: Rgb
    ink: Rgb


PALETTES = (
    Palette((18, 32, 58), (30, 50, 86), (255, 183, 77), (255, 255, 255)),
    Palette((74, 20, 60), (104, 34, 86), (255, 138, 128), (255, 248, 240)),
    Palette((8, 62, 62), (18, 88, 86), (255, 213, 79), (244, 255, 252)),
    Palette((52, 38, 28), (80, 60, 46), (255, 171, 64), (255, 250, 240)),
    Palette((28, 28, 36), (48, 48, 60), (77, 208, 225), (250, 250, 255)),
    Palette((120, 28, 28), (150, 46, 42), (255, 214, 140), (255, 250, 245)),
    Palette((22, 66, 34), (36, 92, 50), (220, 231, 117), (248, 255, 246)),
    Palette((250, 240, 222), (240, 222, 192), (198, 64, 40), (38, 30, 26)),
    Palette((224, 238, 246), (200, 222, 236), (0, 105, 148), (16, 36, 54)),
    Palette((255, 205, 86), (250, 190, 56), (176, 42, 48), (44, 28, 8)),
)


def palette_of(title: str) -> Palette:
    """Return the colors of the cover that is drawn for a title."""
    return PALETTES[digest_of(title)[0] % len(PALETTES)]


def digest_of(title: str) -> bytes:
    """Return 32 bytes that a title decides."""
    return sha256(title.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Tint:
    """One color of a picture that follows the reader's mode."""

    on_light: Rgb
    on_dark: Rgb


#: What a picture is drawn on and labelled with; as in ``templates/style.css``.
SURFACE = {
    "ground": Tint((253, 252, 250), (20, 20, 23)),
    "ink": Tint((28, 27, 31), (236, 235, 240)),
    "soft": Tint((90, 88, 98), (179, 177, 188)),
    "line": Tint((217, 213, 206), (58, 58, 67)),
}
#: One for each voice, in the order of their first words. Found by a search for the largest least
#: distance in CIELAB, for normal sight and for protanopia, deuteranopia and tritanopia (Machado
#: and others, 2009), among colors of 3:1 and more against the ground (WCAG 2.2, 1.4.11).
VOICES = (
    Tint((31, 95, 158), (110, 170, 240)),
    Tint((161, 131, 26), (171, 143, 70)),
    Tint((117, 45, 92), (254, 185, 221)),
    Tint((50, 152, 82), (77, 251, 180)),
    Tint((139, 92, 215), (126, 97, 227)),
    Tint((42, 77, 19), (188, 235, 73)),
    Tint((37, 41, 147), (94, 121, 185)),
)
#: Where no voice is heard: pauses, music.
REST = Tint((138, 138, 148), (128, 128, 138))


def hex_of(color: Rgb) -> str:
    """Return a color as CSS writes it.

    >>> hex_of((255, 183, 77))
    '#ffb74d'
    """
    return "#" + bytes(color).hex()
