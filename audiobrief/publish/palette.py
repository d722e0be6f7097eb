"""Colors of drawn covers, chosen by a hash of the title (pure)."""

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
