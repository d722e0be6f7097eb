"""Covers: drawn from the title, or the user's own, checked (feed rule F7; the room of Pillow)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, UnidentifiedImageError

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.publish.cover_seal import SEAL_BYTES, sealed
from audiobrief.publish.lettering import (
    LINE_HEIGHT,
    draw_line,
    drawable,
    fitted,
    font_of,
    wrapped,
)
from audiobrief.publish.palette import Palette, digest_of, palette_of
from audiobrief.publish.picture_end import picture_end

if TYPE_CHECKING:
    from pathlib import Path

MIN_SIZE_PX = 1400
MAX_SIZE_PX = 3000
#: Some hosts refuse larger files.
MAX_COVER_BYTES = 512 * 1024
#: Players load the picture in an MP3 whole before they start.
MAX_THUMBNAIL_BYTES = 100_000
# Of JPEG, 1..95; below 30 even a photograph falls apart.
_QUALITIES = (88, 75, 60, 45, 30)
# A 3000 px PNG of noise has 27 MB: more is no cover.
_MAX_FILE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture that directories accept."""

    #: The file as it is, JPEG or PNG.
    content: bytes
    #: File name extension that its format calls for: ``.jpg`` or ``.png``.
    suffix: str
    #: Width and height.
    size_px: int


# Parts of the cover's side. Nothing that matters is below 4/5: apps lay their controls there.
_MARGIN = 0.08
_TEXT_BOTTOM = 0.78
_AUTHOR_TYPE = 0.045
_BAR_COUNT = 32


def draw_cover(title: str, author: str, *, size_px: int = MAX_SIZE_PX) -> bytes:
    """Draw a cover; the colors and the wave come from a hash of the title.

    The built-in typeface has the letters of English; accents are drawn, and characters of other
    scripts are left out. Ask ``missing_glyphs`` and tell the user. A title without a single known
    character leaves the wave and the colors alone.

    Args:
        title: Of the show, any length.
        author: Below the title; empty: none.
        size_px: Width and height, 1400..3000.

    Returns:
        A JPEG, RGB, below 512 KB; the same bytes for the same words.
    """
    # A show without an author of its own is called what its title says.
    line = "" if author == title else author
    return _drawn(title, line, digest_of(title), palette_of(title), size_px)


def draw_episode_cover(show_title: str, title: str, *, size_px: int = MAX_SIZE_PX) -> bytes:
    """Draw an episode's cover: the colors of the show's, the episode's title, a wave of its own.

    It takes 75 ms (one core), once for each title.

    Args:
        show_title: Decides on the colors, and stands below the title.
        title: Of the episode, any length.
        size_px: Width and height, 1400..3000.

    Returns:
        A JPEG, RGB, below 512 KB; the same bytes for the same words.
    """
    return _drawn(title, show_title, digest_of(title), palette_of(show_title), size_px)


def _drawn(title: str, line: str, wave: bytes, palette: Palette, size_px: int) -> bytes:
    image = Image.new("RGB", (size_px, size_px), palette.ground)
    _draw_wave(ImageDraw.Draw(image), wave, palette, size_px)
    top = _draw_title(image, drawable(title), palette, size_px)
    _draw_author(image, drawable(line), palette, top, size_px)
    return sealed(_jpeg(image, most_bytes=MAX_COVER_BYTES - SEAL_BYTES))


def load_cover(path: Path) -> Cover:
    """Read a user's cover and hold it against what directories accept (feed rule F7).

    The header is checked before a pixel is decoded.

    Raises:
        StoreError: The file cannot be read.
        WorkspaceError: It is no square RGB JPEG or PNG of 1400 to 3000 pixels.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise StoreError(
            f"the cover cannot be read: {error.strerror}",
            str(path),
            remedy="check cover in audiobrief.toml, or remove the line to have one drawn",
        ) from error
    if len(content) > _MAX_FILE_BYTES:
        raise _refused(path, "the cover's file is larger than 32 MB")
    try:
        # Pillow only warns of a picture of 90 to 180 million pixels; the size is checked below.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise _refused(path, "the cover is neither JPEG nor PNG") from error
    if problem := _problem(image):
        raise _refused(path, problem)
    # Zeros fill up a block; anything else could be a page or a program under a picture's name.
    if content[picture_end(content) :].strip(b"\0"):
        raise _refused(path, "something stands behind the picture in the cover's file")
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise _refused(path, "the cover's file is damaged") from error
    return Cover(content, ".jpg" if image.format == "JPEG" else ".png", image.width)


def thumbnail(cover: bytes, size_px: int = 600) -> bytes:
    """Return a cover as a small JPEG for the MP3, where large pictures delay the start.

    Args:
        cover: A JPEG or PNG that ``draw_cover`` or ``load_cover`` returned.
        size_px: Width and height.

    Returns:
        A JPEG below 100 kB.
    """
    with Image.open(BytesIO(cover), formats=("JPEG", "PNG")) as image:
        # A JPEG is decoded at a half or a quarter of its size, if that is not too small.
        image.draft("RGB", (size_px, size_px))
        small = image.convert("RGB").resize((size_px, size_px), Image.Resampling.LANCZOS)
    return _jpeg(small, most_bytes=MAX_THUMBNAIL_BYTES)


def _problem(image: Image.Image) -> str | None:
    """Return what directories would refuse, in the user's words."""
    width, height = image.size
    if width != height:
        return f"the cover is {width} x {height} pixels, not square"
    if not MIN_SIZE_PX <= width <= MAX_SIZE_PX:
        return f"the cover is {width} pixels wide, not {MIN_SIZE_PX} to {MAX_SIZE_PX}"
    if image.mode == "RGBA" or "transparency" in image.info:
        return "the cover has transparency"
    if image.mode != "RGB":
        return f"the cover's colors are {image.mode}, not RGB"
    return None


def _refused(path: Path, problem: str) -> WorkspaceError:
    remedy = (
        f"save it as a square RGB JPEG or PNG of {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels "
        "without transparency, or remove the line cover to have one drawn"
    )
    return WorkspaceError(problem, str(path), remedy=remedy)


def _jpeg(image: Image.Image, *, most_bytes: int) -> bytes:
    """Return a JPEG in the best quality that is small enough, or else in the least."""
    content = b""
    for quality in _QUALITIES:
        file = BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True)
        content = file.getvalue()
        if len(content) <= most_bytes:
            break
    return content


def _draw_wave(draw: ImageDraw.ImageDraw, digest: bytes, palette: Palette, size_px: int) -> None:
    """Draw bars like a voice on a meter; where they meet the text they are shade only."""
    step = size_px / _BAR_COUNT
    for number in range(_BAR_COUNT):
        # Twice the same 32 bytes would be a pattern; neighbors averaged look like speech.
        level = (digest[number] + digest[(number + 1) % 32]) / 510
        left = round(number * step + step * 0.2)
        right = round((number + 1) * step - step * 0.2)
        tall = size_px * (0.08 + 0.5 * level)
        draw.rounded_rectangle(
            (left, round(size_px - tall), right, size_px + round(step)),
            radius=round(step * 0.3),
            fill=palette.shade,
        )
        short = size_px * (0.02 + 0.14 * level)
        draw.rounded_rectangle(
            (left, round(size_px - short), right, size_px + round(step)),
            radius=round(step * 0.3),
            fill=palette.accent,
        )


def _draw_title(image: Image.Image, title: str, palette: Palette, size_px: int) -> float:
    """Draw the title as large as it fits; return where the next line may begin."""
    width = size_px * (1 - 2 * _MARGIN)
    room = size_px * (_TEXT_BOTTOM - _MARGIN - 0.1)
    type_px, lines = fitted(title, width, room, size_px)
    fitting = max(1, int(room / (type_px * LINE_HEIGHT)))
    if len(lines) > fitting:
        lines = [*lines[: fitting - 1], lines[fitting - 1][:-1].rstrip() + "…"]
    top = size_px * _MARGIN
    for line in lines:
        # The built-in typeface has one weight: a stroke of its own color makes it bold.
        stroke = max(1, round(type_px * 0.018))
        draw_line(image, (size_px * _MARGIN, top), line, type_px, ink=palette.ink, stroke=stroke)
        top += type_px * LINE_HEIGHT
    return top + size_px * 0.03


def _draw_author(
    image: Image.Image, author: str, palette: Palette, top: float, size_px: int
) -> None:
    if not author:
        return
    left, type_px = size_px * _MARGIN, size_px * _AUTHOR_TYPE
    rule = (left, top, left + size_px * 0.12, top + size_px * 0.008)
    ImageDraw.Draw(image).rectangle(rule, fill=palette.accent)
    line = wrapped(author, font_of(type_px), size_px * (1 - 2 * _MARGIN))[0]
    draw_line(image, (left, top + size_px * 0.03), line, type_px, ink=palette.ink)
