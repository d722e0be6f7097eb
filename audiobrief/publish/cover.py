"""Covers: drawn from the title, or the user's own, checked (feed rule F7; the room of Pillow)."""

from __future__ import annotations

import warnings
from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from pathlib import Path

MIN_SIZE_PX = 1400
MAX_SIZE_PX = 3000
#: Some hosts refuse larger files.
MAX_COVER_BYTES = 512 * 1024
# A 3000 px PNG of noise has 27 MB: more is no cover.
_MAX_FILE_BYTES = 32 * 1024 * 1024

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture that directories accept."""

    #: The file as it is, JPEG or PNG.
    content: bytes
    #: File name extension that its format calls for: ``.jpg`` or ``.png``.
    suffix: str
    #: Width and height.
    size_px: int


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors that go together; ink on ground has a contrast of 4.5:1 at least (WCAG 1.4.3)."""

    ground: Rgb
    #: Decoration only: near enough to the ground not to disturb the text.
    shade: Rgb
    accent: Rgb
    ink: Rgb


_PALETTES = (
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

# Parts of the cover's side. Nothing that matters is below 4/5: apps lay their controls there.
_MARGIN = 0.08
_TEXT_BOTTOM = 0.78
_LARGEST_TYPE = 0.17
_SMALLEST_TYPE = 0.045
_AUTHOR_TYPE = 0.045
_LINE_HEIGHT = 1.16
_BAR_COUNT = 32
# Latin letters that Unicode does not divide into a letter and an accent.
_PLAIN_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
}
# More than the smallest type has room for.
_MOST_CHARACTERS = 500


def draw_cover(title: str, author: str, *, size_px: int = 1500) -> bytes:
    """Draw a cover; the colors and the wave come from a hash of the title.

    The built-in typeface has the letters of English: accents are dropped, and characters of other
    scripts are left out. Ask ``missing_glyphs`` and tell the user. A title without a single known
    character leaves the wave and the colors alone.

    Args:
        title: Of the show, any length.
        author: Below the title; empty: none.
        size_px: Width and height, 1400..3000.

    Returns:
        A JPEG, RGB, below 512 KB; the same bytes for the same words.
    """
    digest, palette = _digest(title), palette_of(title)
    image = Image.new("RGB", (size_px, size_px), palette.ground)
    draw = ImageDraw.Draw(image)
    _draw_wave(draw, digest, palette, size_px)
    top = _draw_title(draw, _drawable(title), palette, size_px)
    _draw_author(draw, _drawable(author), palette, top, size_px)
    return _jpeg(image, quality=88)


def palette_of(title: str) -> Palette:
    """Return the colors of the cover that is drawn for a title."""
    return _PALETTES[_digest(title)[0] % len(_PALETTES)]


def missing_glyphs(text: str) -> str:
    """Return the characters that a drawn cover changes or leaves out, each once, in order.

    >>> missing_glyphs("Zürich: 東京"), missing_glyphs("Morning Brief")
    ('ü東京', '')
    """
    font = ImageFont.load_default(40)
    unknown = _mask(font, "\uffff")
    return "".join(
        dict.fromkeys(c for c in printable_line(text) if c != " " and _mask(font, c) == unknown)
    )


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
        small = image.convert("RGB").resize((size_px, size_px), Image.Resampling.LANCZOS)
    for quality in (85, 70, 50, 30):
        content = _jpeg(small, quality=quality)
        if len(content) < 100_000:
            break
    return content


def _digest(title: str) -> bytes:
    return sha256(title.encode("utf-8", "surrogatepass")).digest()


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


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def _drawable(text: str) -> str:
    """Return a text in characters that the built-in typeface has: letters lose their accents."""
    text = printable_line(text)[:_MOST_CHARACTERS]
    missing = missing_glyphs(text)
    known = "".join(_without_accents(c) if c in missing else c for c in text)
    missing = missing_glyphs(known)
    return " ".join("".join(c for c in known if c not in missing).split())


def _without_accents(character: str) -> str:
    """Return the plain letters of a letter, or the character itself.

    >>> "".join(map(_without_accents, "\u00c9\u00df\u00f8"))
    'Esso'
    """
    letters = _PLAIN_LETTERS.get(character) or normalize("NFKD", character)
    return "".join(c for c in letters if not combining(c))


def _mask(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, character: str) -> bytes:
    return bytes(font.getmask(character))


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


def _draw_title(draw: ImageDraw.ImageDraw, title: str, palette: Palette, size_px: int) -> float:
    """Draw the title as large as it fits; return where the next line may begin."""
    width = size_px * (1 - 2 * _MARGIN)
    room = size_px * (_TEXT_BOTTOM - _MARGIN - 0.1)
    type_px, lines = _fitted(title, width, room, size_px, may_cut_words=False)
    if _has_cut_word(title, lines):
        type_px, lines = _fitted(title, width, room, size_px, may_cut_words=True)
    fitting = max(1, int(room / (type_px * _LINE_HEIGHT)))
    if len(lines) > fitting:
        lines = [*lines[: fitting - 1], lines[fitting - 1][:-1].rstrip() + "…"]
    top = size_px * _MARGIN
    for line in lines:
        # The built-in typeface has one weight: a stroke of its own color makes it bold.
        draw.text(
            (size_px * _MARGIN, top),
            line,
            font=_font(type_px),
            fill=palette.ink,
            stroke_width=max(1, round(type_px * 0.018)),
            stroke_fill=palette.ink,
        )
        top += type_px * _LINE_HEIGHT
    return top + size_px * 0.03


def _fitted(
    title: str, width: float, room: float, size_px: int, *, may_cut_words: bool
) -> tuple[float, list[str]]:
    """Return the largest type in which the title has room, and its lines."""
    type_px = size_px * _LARGEST_TYPE
    while True:
        lines = _wrapped(title, _font(type_px), width)
        fits = len(lines) * type_px * _LINE_HEIGHT <= room and (
            may_cut_words or not _has_cut_word(title, lines)
        )
        if fits or type_px <= size_px * _SMALLEST_TYPE:
            return type_px, lines
        type_px *= 0.92


def _draw_author(
    draw: ImageDraw.ImageDraw, author: str, palette: Palette, top: float, size_px: int
) -> None:
    if not author:
        return
    left, type_px = size_px * _MARGIN, size_px * _AUTHOR_TYPE
    rule = (left, top, left + size_px * 0.12, top + size_px * 0.008)
    draw.rectangle(rule, fill=palette.accent)
    line = _wrapped(author, _font(type_px), size_px * (1 - 2 * _MARGIN))[0]
    draw.text((left, top + size_px * 0.03), line, font=_font(type_px), fill=palette.ink)


def _font(type_px: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(round(type_px))


def _wrapped(
    text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float
) -> list[str]:
    """Divide a text into lines that fit; a word that is wider alone is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        rest = word
        while font.getlength(rest) > width:
            fits = bisect_right(
                range(1, len(rest)), width, key=lambda count: font.getlength(rest[:count])
            )
            end = max(1, fits)
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines


def _has_cut_word(text: str, lines: list[str]) -> bool:
    return " ".join(lines) != text
