"""The colors of pictures: for every kind of sight, on light and on dark ground."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from audiobrief.publish import pages
from audiobrief.publish.palette import REST, SURFACE, VOICES, hex_of
from tests.publish.pictures import (
    draw,
)

#: Rows of linear RGB as seen with a missing kind of cone (Machado and others 2009, severity 1.0).
SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def luminance(color):
    """Return the relative luminance of sRGB (WCAG 2.2)."""
    return float(linear(color) @ (0.2126, 0.7152, 0.0722))


def linear(color):
    """Return sRGB, 0..255, as linear light."""
    part = np.array(color) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Return the contrast of two colors (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(light):
    """Return CIELAB (D65) of linear light."""
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    part = np.clip(light, 0, 1) @ np.array(matrix).T / (0.9505, 1, 1.089)
    x, y, z = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("mode", ["on_light", "on_dark"])
def test_colors_stand_out_and_apart_for_every_kind_of_sight(mode):
    """3:1 for shapes, 4.5:1 for text (WCAG 2.2, 1.4.11 and 1.4.3); a distance of 16 in CIELAB."""
    ground = getattr(SURFACE["ground"], mode)
    drawn = [getattr(tint, mode) for tint in (*VOICES, REST)]
    assert all(contrast(color, ground) >= 3 for color in drawn)
    for name in ("ink", "soft"):
        assert contrast(getattr(SURFACE[name], mode), ground) >= 4.5
    for sight in SIGHTS.values():
        seen = [lab(np.array(sight) @ linear(color)) for color in drawn]
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) >= 16


def test_both_modes_are_in_the_picture():
    """Light at the elements, dark in the one rule."""
    svg = draw()
    for tint in (*SURFACE.values(), VOICES[0], REST):
        assert f'color="{hex_of(tint.on_light)}"' in svg
        assert f"color:{hex_of(tint.on_dark)}" in svg.partition("</style>")[0]


def test_pictures_lie_on_the_ground_of_the_page():
    """The same colors as in the pages' style sheet."""
    styles = (Path(pages.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    on_screen = styles.partition("@media print")[0]
    blocks = re.findall(r":root \{(.*?)\}", on_screen, re.DOTALL)
    for block, mode in zip(blocks, ("on_light", "on_dark"), strict=True):
        for name, tint in SURFACE.items():
            short = hex_of(getattr(tint, mode))
            css = re.search(rf"--{name}: #(\w+);", block).group(1)
            assert "#" + (css if len(css) == 6 else "".join(c * 2 for c in css)) == short
