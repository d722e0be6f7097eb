"""Covers: what is drawn, and what is taken from users."""

from dataclasses import replace
from io import BytesIO
from unicodedata import combining

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.publish import cover as covers
from audiobrief.publish.cover import draw_cover, draw_episode_cover, load_cover, thumbnail
from audiobrief.publish.cover_name import episode_cover_name, is_cover
from audiobrief.publish.lettering import drawable, font_of, missing_glyphs, wrapped
from audiobrief.publish.palette import PALETTES, palette_of
from audiobrief.publish.plain_letters import is_drawable, without_accents
from audiobrief.text.printable import printable_line
from tests.publish.shows import make_episode, make_show

TITLES = [
    "Morning Brief",
    "",
    "Donaudampfschifffahrtsgesellschaftskapit\u00e4n",
    "\u6771\u4eac \U0001f680",
    "x" * 10_000,
    "The Long, Winding and Thoroughly Considered Weekly Review of Everything That Happened",
]


def opened(content):
    """Return a picture with its pixels read."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("title", TITLES)
def test_a_drawn_cover_is_what_directories_accept(tmp_path, title):
    """Square RGB JPEG, small enough, for any title (feed rule F7)."""
    content = draw_cover(title, "Ada Marsh")
    path = tmp_path / "cover.jpg"
    path.write_bytes(content)
    cover = load_cover(path)
    assert (cover.suffix, cover.size_px, cover.content) == (".jpg", 3000, content)
    assert len(content) <= covers.MAX_COVER_BYTES


def test_the_same_words_give_the_same_bytes():
    """A rebuild must not upload a new cover."""
    assert draw_cover("Morning Brief", "A") == draw_cover("Morning Brief", "A")


def test_the_largest_cover_is_small_enough():
    """3000 pixels full of letters."""
    assert len(draw_cover("xyz " * 125, "Ada", size_px=3000)) <= covers.MAX_COVER_BYTES


def luminance(color):
    """Return the relative luminance of WCAG 2."""
    parts = [c / 255 for c in color]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", PALETTES)
def test_text_has_a_contrast_of_four_and_a_half(palette):
    """On the ground and on the bars behind it (WCAG 1.4.3)."""
    for behind in (palette.ground, palette.shade):
        light, dark = sorted([luminance(palette.ink), luminance(behind)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("title", TITLES)
def test_no_text_is_in_the_bottom_fifth(title):
    """Apps lay their controls there: only ground, shade and accent are."""
    image = opened(draw_cover(title, "Ada Marsh", size_px=1400))
    ink = palette_of(title).ink
    bottom = image.crop((0, 1120, 1400, 1400)).convert("RGB").tobytes()
    pixels = zip(bottom[::3], bottom[1::3], bottom[2::3], strict=True)
    assert not any(
        max(abs(a - b) for a, b in zip(pixel, ink, strict=True)) < 12 for pixel in set(pixels)
    )


@pytest.mark.parametrize("title", ["Morning Brief", "x" * 500])
def test_no_letter_is_cut_off_at_the_side(title):
    """The right margin shows the same as without any text."""
    margin = (1400 - 100, 0, 1400, 840)
    with_text = opened(draw_cover(title, "Ada Marsh", size_px=1400)).crop(margin)
    ink = palette_of(title).ink
    pixels = with_text.tobytes()
    assert all(
        max(abs(a - b) for a, b in zip(pixel, ink, strict=True)) >= 12
        for pixel in set(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))
    )


@settings(deadline=None, max_examples=15)
@given(st.text(st.characters(exclude_categories=()), max_size=120))
def test_any_title_can_be_drawn(title):
    """Emoji, other scripts, controls, nothing at all."""
    assert opened(draw_cover(title, title, size_px=1400)).size == (1400, 1400)


def test_an_author_who_is_called_like_the_show_is_not_repeated():
    """A show without an author of its own carries its title as one."""
    assert draw_cover("Brief", "Brief") == draw_cover("Brief", "")
    assert draw_cover("Brief", "Ada Marsh") != draw_cover("Brief", "")


def test_what_cannot_be_drawn_is_named():
    """Each character once; accents can be."""
    assert missing_glyphs("\u6771\u4eac \u6771 Brief") == "\u6771\u4eac"
    assert missing_glyphs("Z\u00fcrich, Zu\u0308rich, \u0141\u00f3d\u017a") == "\u0141"


def inked(title):
    """Return where the ink of a short title is on a cover."""
    # Below it are the rule and the name of the show.
    image = opened(draw_episode_cover("Morning Brief", title, size_px=1400)).crop((0, 0, 1400, 420))
    ink = Image.new("RGB", image.size, palette_of("Morning Brief").ink)
    away = ImageChops.difference(image, ink).convert("L")
    return away.point(lambda level: 255 if level < 40 else 0)


@pytest.mark.parametrize(
    ("accented", "plain_title", "is_below"),
    [
        ("\u00fc", "u", False),
        ("u\u0308", "u", False),
        ("\u00c9", "E", False),
        ("\u00f1", "n", False),
        ("\u00e5", "a", False),
        ("\u0159", "r", False),
        ("\u00e7", "c", True),
        ("\u0105", "a", True),
        ("\u0219", "s", True),
    ],
)
def test_an_accent_is_drawn_over_or_under_its_letter(accented, plain_title, is_below):
    """The letter stays where it was; what is added lies beyond one of its edges."""
    with_accent, without = inked(accented), inked(plain_title)
    added = ImageChops.subtract(with_accent, without)
    # JPEG blurs the edges of what both have.
    left, top, right, bottom = added.filter(ImageFilter.MinFilter(5)).getbbox()
    letter = without.getbbox()
    assert letter[0] - 20 < left < right < letter[2] + 40
    if is_below:
        assert top > letter[3] - 25
    else:
        assert bottom < letter[1] + 25


def test_an_accent_takes_the_place_of_a_dot():
    """An i keeps its stem."""
    dotted, accented = inked("i"), inked("\u00ed")
    lost = ImageChops.subtract(dotted, accented).filter(ImageFilter.MinFilter(5)).getbbox()
    assert lost is None or lost[3] < dotted.getbbox()[1] + 60
    assert accented != dotted


@settings(deadline=None, max_examples=100)
@given(st.text("ae\u0301\u0308\u00fc\u00e9 \u1ebf", min_size=1, max_size=60), st.integers(60, 400))
def test_a_line_is_never_cut_between_a_letter_and_its_accent(text, width):
    """And nothing is lost where a word is cut."""
    drawn = drawable(text)
    lines = wrapped(drawn, font_of(40), width)
    assert not any(combining(line[0]) for line in lines)
    assert "".join(lines).replace(" ", "") == drawn.replace(" ", "")


def test_an_episodes_cover_has_the_design_of_its_shows(tmp_path):
    """The same colors, other words, and no less than directories accept (F7, S7)."""
    content = draw_episode_cover("Morning Brief", "Ferry returns to Harbor Island")
    path = tmp_path / "cover.jpg"
    path.write_bytes(content)
    assert load_cover(path).size_px == 3000
    shows = opened(draw_cover("Morning Brief", ""))
    ground = palette_of("Morning Brief").ground
    for place in ((10, 10), (2990, 10)):
        pair = (opened(content).getpixel(place), shows.getpixel(place))
        assert all(abs(a - b) < 6 for pixel in pair for a, b in zip(pixel, ground, strict=True))
    assert content == draw_episode_cover("Morning Brief", "Ferry returns to Harbor Island")
    assert content != draw_episode_cover("Morning Brief", "Fares stay as they are")


@pytest.mark.parametrize("title", TITLES)
def test_an_episodes_cover_is_small_and_free_at_the_bottom(title):
    """Apps lay their controls there."""
    content = draw_episode_cover("Morning Brief", title)
    assert len(content) <= covers.MAX_COVER_BYTES
    ink = palette_of("Morning Brief").ink
    bottom = opened(content).crop((0, 2400, 3000, 3000)).tobytes()
    pixels = set(zip(bottom[::3], bottom[1::3], bottom[2::3], strict=True))
    assert not any(
        max(abs(a - b) for a, b in zip(pixel, ink, strict=True)) < 12 for pixel in pixels
    )


def test_another_title_is_another_address():
    """S10: apps keep a picture for as long as its address is the same."""
    show, episode = make_show(is_cover_drawn=True), make_episode()
    name = episode_cover_name(show, episode)
    assert is_cover(name)
    assert name == episode_cover_name(show, replace(episode, guid="b", number=2))
    assert name != episode_cover_name(show, replace(episode, title="Fares stay"))
    assert name != episode_cover_name(replace(show, title="Evening Brief"), episode)


@pytest.mark.parametrize(
    "title",
    [
        "\u6771\u4eac",
        "\u041c\u043e\u0441\u043a\u0432\u0430",
        "Ferry \u6771\u4eac",
        "\U0001f680",
        "",
    ],
)
def test_a_title_that_cannot_be_drawn_has_no_cover(title):
    """Half a title would be worse than the show's."""
    assert episode_cover_name(make_show(is_cover_drawn=True), make_episode(title=title)) == ""


def test_beside_a_users_cover_none_is_drawn():
    """Nobody knows its design."""
    assert episode_cover_name(make_show(), make_episode()) == ""


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_what_can_be_drawn_keeps_its_letters_and_figures(text):
    """The rule that needs no typeface agrees with the typeface."""
    if is_drawable(text):
        wanted = "".join(
            c for letter in printable_line(text) for c in without_accents(letter) if c.isalnum()
        )
        assert "".join(c for c in drawable(text) if c.isalnum()) == wanted


def test_a_thumbnail_is_small():
    """Players load it whole before they start."""
    noise = Image.effect_noise((1500, 1500), 120).convert("RGB")
    file = BytesIO()
    noise.save(file, "PNG")
    small = thumbnail(file.getvalue())
    assert len(small) <= covers.MAX_THUMBNAIL_BYTES
    assert (opened(small).format, opened(small).size) == ("JPEG", (600, 600))


def saved(path, *, mode="RGB", size=(1500, 1500), kind="PNG", **options):
    """Write a picture and return its path."""
    Image.new(mode, size).save(path, kind, **options)
    return path


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg")])
def test_a_users_cover_is_taken_as_it_is(tmp_path, kind, suffix):
    """Its extension follows its format, whatever its name says."""
    path = saved(tmp_path / "my.picture", kind=kind)
    cover = load_cover(path)
    assert (cover.content, cover.suffix) == (path.read_bytes(), suffix)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"size": (1500, 1400)}, "1500 x 1400 pixels, not square"),
        ({"size": (1300, 1300)}, "1300 pixels wide, not 1400 to 3000"),
        ({"size": (3001, 3001)}, "3001 pixels wide"),
        ({"mode": "RGBA"}, "transparency"),
        ({"transparency": (0, 0, 0)}, "transparency"),
        ({"mode": "L"}, "colors are L, not RGB"),
        ({"mode": "P"}, "colors are P, not RGB"),
        ({"mode": "CMYK", "kind": "JPEG"}, "colors are CMYK, not RGB"),
        ({"kind": "GIF"}, "neither JPEG nor PNG"),
    ],
)
def test_a_cover_that_directories_refuse_is_refused_here(tmp_path, options, problem):
    """With what is wrong, where, and what to do."""
    path = saved(tmp_path / "cover.png", **options)
    with pytest.raises(WorkspaceError, match=problem) as caught:
        load_cover(path)
    assert caught.value.subject == str(path)
    assert "1400 to 3000" in caught.value.remedy


def test_a_picture_bomb_is_refused_by_its_header(tmp_path):
    """50,000 pixels square in a few kilobytes: no pixel is decoded."""
    header = bytearray(saved(tmp_path / "small.png", size=(8, 8)).read_bytes())
    header[16:24] = (50_000).to_bytes(4) * 2
    path = tmp_path / "bomb.png"
    path.write_bytes(header)
    with pytest.raises(WorkspaceError):
        load_cover(path)


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    """An empty file, a drawing, half a header."""
    path = tmp_path / "cover.jpg"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="neither JPEG nor PNG"):
        load_cover(path)


def test_half_a_picture_is_refused(tmp_path):
    """The header is good, the rest is missing."""
    noise = Image.effect_noise((1500, 1500), 120).convert("RGB")
    path = tmp_path / "cover.jpg"
    noise.save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(WorkspaceError, match="damaged"):
        load_cover(path)


def test_a_missing_cover_is_the_disks_fault(tmp_path):
    """The settings name a file that is not there."""
    with pytest.raises(StoreError, match="cannot be read"):
        load_cover(tmp_path / "none.jpg")
