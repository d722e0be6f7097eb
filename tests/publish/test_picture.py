"""Pictures: whole, small, readable for everybody, and true to the numbers they are made of."""

import re
from array import array
from dataclasses import replace
from itertools import combinations, pairwise
from math import log10
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from audiobrief.model.audio import Curve
from audiobrief.model.episode import Chapter
from audiobrief.model.script import Role
from audiobrief.publish import pages
from audiobrief.publish.canvas import COLUMNS, LEFT, RIGHT, at_ms
from audiobrief.publish.caption import MAX_LANES, in_words, width_em
from audiobrief.publish.column import readings
from audiobrief.publish.pages import render_episode_page
from audiobrief.publish.palette import REST, SURFACE, VOICES, hex_of
from audiobrief.publish.picture import PICTURE_FILE, picture_size, render_picture
from audiobrief.sound.filters import k_weighting
from audiobrief.sound.loudness import energy_of_rows
from tests.publish.shows import make_episode, make_segments, make_show

STEP_FRAMES, RATE_HZ = 1152, 44_100
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text></svg><script>alert(1)</script>\"'&amp; \x00\x1b\u202e\ud800"
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


def flat_curve(duration_ms, *, peak=100, lufs=-16.0):
    """Return a curve that is as loud everywhere."""
    steps = -(-duration_ms * RATE_HZ // (1000 * STEP_FRAMES))
    energy = STEP_FRAMES * 10 ** ((lufs + 0.691) / 10)
    return Curve(STEP_FRAMES, RATE_HZ, bytes([peak]) * steps, array("f", [energy]) * steps)


def draw(curve=None, segments=None, chapters=(), *, duration_ms=12_000, loudness_lufs=-16.0):
    """Return the picture of 12 flat seconds, or what is given instead."""
    return render_picture(
        flat_curve(duration_ms) if curve is None else curve,
        make_segments() if segments is None else segments,
        chapters,
        duration_ms=duration_ms,
        loudness_lufs=loudness_lufs,
    )


def parsed(svg):
    """Return the root element; fails where the XML is not well-formed."""
    return etree.fromstring(svg.encode())


def texts(root):
    """Return every line of text that is drawn."""
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def loudness_line(root):
    """Return the points of the loudness curve, a list for each stretch without a gap."""
    (path,) = root.xpath("//*[@stroke-width='1.6']/@d")
    return [
        [tuple(map(float, point.split())) for point in run.removesuffix("h.1").split("L")]
        for run in path.split("M")[1:]
    ]


def y_of(root, label):
    """Return how high a line of the loudness scale lies: its label stands 4 units lower."""
    (found,) = [e for e in root.iter(f"{SVG}text") if "".join(e.itertext()) == label]
    return float(found.get("y")) - 4


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


def test_a_picture_is_an_image_with_name_and_description():
    """For a screen reader: what it is, how long, who is heard, how loud."""
    root = parsed(draw(chapters=make_episode().chapters))
    assert root.get("role") == "img"
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == about.get("id")
    assert title.text == "Waveform, voices and loudness"
    assert about.text == (
        "12 seconds in 1 voice: Narrator, Mara Quist, Jonas Aldermere; 3 chapters."
        " Short-term loudness mostly from \u221216 to \u221216 LUFS; the target is \u221216 LUFS."
    )


def test_a_picture_asks_nothing_and_runs_nothing():
    """No scripts, no handlers, no addresses but the name of the format."""
    svg = draw(segments=[replace(s, speaker=HOSTILE, voice=HOSTILE) for s in make_segments()])
    root = parsed(svg)
    allowed = {"svg", "title", "desc", "style", "rect", "path", "g", "text", "tspan"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == allowed
    names = {name for element in root.iter() for name in element.attrib}
    assert not [n for n in names if n.startswith("on") or "href" in n or n in {"src", "style"}]
    assert not re.search(r"url\(|@import|https?:(?!//www\.w3\.org/2000/svg\")", svg)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 36_000_000),
    st.lists(
        st.builds(
            lambda text, voice, start, length, role: replace(
                make_segments()[0],
                speaker=text,
                voice=voice,
                role=role,
                start_ms=start,
                end_ms=start + length,
            ),
            st.none() | st.text(st.characters(exclude_categories=()), max_size=90),
            st.text(st.characters(exclude_categories=()), max_size=20),
            st.integers(-1000, 36_100_000),
            st.integers(-1000, 10_000_000),
            st.sampled_from(Role),
        ),
        max_size=30,
    ),
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=()), max_size=90),
            st.integers(0, 36_100_000),
        ),
        max_size=20,
    ),
    st.binary(max_size=3000),
    st.lists(st.floats(0, width=32) | st.just(float("nan")), max_size=3000),
    st.floats(-40, -5),
)
@example(0, [], [], b"", [], -16.0)
@example(26, [], [("A", 0)], b"\x80", [1.0], -16.0)
@example(36_000_000, [], [(HOSTILE, 0)], b"\xff" * 3000, [float("inf")] * 3000, -16.0)
def test_any_shape_gives_a_small_well_formed_picture(
    duration_ms, segments, chapters, peaks, energies, target_lufs
):
    """Nothing said, one step, ten hours, any characters, numbers that are none."""
    svg = render_picture(
        Curve(STEP_FRAMES, RATE_HZ, peaks, array("f", energies)),
        segments,
        [Chapter(title, start) for title, start in sorted(chapters, key=lambda c: c[1])],
        duration_ms=duration_ms,
        loudness_lufs=target_lufs,
    )
    root = parsed(svg)
    width, height = picture_size(segments)
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert (root.get("width"), root.get("height")) == (f"{width}", f"{height}")
    assert len(svg.encode()) < 60_000
    for path in root.xpath("//@d"):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e[+-]\d+)?", path)]
        assert all(0 <= n <= max(width, height) for n in numbers)
    for element in root.iter(f"{SVG}text"):
        assert 0 <= float(element.get("x")) <= width
        assert 0 <= float(element.get("y")) <= height


def test_ten_busy_hours_stay_small():
    """The worst of them: in every 230 s each of 14 voices is heard once, for 4 s."""
    duration_ms = 36_000_000
    template = make_segments()[3]
    segments = [
        replace(
            template,
            voice=f"v{m}",
            speaker="Ä" * 60,
            start_ms=n * 230_000 + m * 4500,
            end_ms=n * 230_000 + m * 4500 + 4000,
        )
        for n in range(duration_ms // 230_000)
        for m in range(MAX_LANES)
    ]
    chapters = [Chapter(f"Chapter number {n}", n * 300_000) for n in range(120)]
    noise = np.random.default_rng(1)
    steps = duration_ms * RATE_HZ // (1000 * STEP_FRAMES)
    curve = Curve(
        STEP_FRAMES,
        RATE_HZ,
        noise.integers(0, 256, steps, dtype=np.uint8).tobytes(),
        array("f", (STEP_FRAMES * noise.lognormal(-4, 3, steps)).tolist()),
    )
    svg = draw(curve, segments, chapters, duration_ms=duration_ms)
    assert len(svg.encode()) < 50_000


def test_the_same_arguments_give_the_same_bytes():
    """And everything in them is rounded."""
    svg = draw(chapters=make_episode().chapters)
    assert draw(chapters=make_episode().chapters) == svg
    assert not re.search(r"\d\.\d\d", "".join(parsed(svg).xpath("//@d")))


def test_the_legend_names_every_voice_and_who_speaks_with_it():
    """As real text, in the order of the first words, beside a lane in the voice's color."""
    voices = ("anchor", "anchor", "anchor", "guest-1", "anchor", "guest-2")
    segments = [replace(s, voice=v) for s, v in zip(make_segments(), voices, strict=True)]
    segments.append(replace(segments[3], speaker=None, voice="guest-3", start_ms=11_000))
    root = parsed(draw(segments=segments))
    drawn = texts(root)
    legend = ["Narrator · anchor", "Mara Quist · guest-1"]
    assert [line for line in drawn if line in legend] == legend
    assert any(line.startswith("Jonas Al") and line.endswith(" · guest-2") for line in drawn)
    assert "Quotations · guest-3" in drawn
    for number in range(4):
        (lane,) = root.xpath(f"//*[@class='v{number}'][*[@rx]]")
        assert lane.get("color") == hex_of(VOICES[number].on_light)


def test_a_stretch_of_a_voice_lies_where_it_is_heard():
    """Half a second to two, of twelve."""
    root = parsed(draw(segments=make_segments()[:1]))
    (path,) = root.xpath("//*[@stroke-width='10']/@d")
    start, length = map(float, re.findall(r"M([\d.]+) .*h([\d.]+)", path)[0])
    assert start == pytest.approx(at_ms(500, 12_000), abs=0.05)
    assert start + length == pytest.approx(at_ms(2000, 12_000), abs=0.1)


def test_more_voices_than_lanes_share_the_last_one():
    """The picture does not grow for ever."""
    template = make_segments()[3]
    segments = [replace(template, voice=f"voice-{n}") for n in range(MAX_LANES + 6)]
    drawn = texts(parsed(draw(segments=segments)))
    assert "7 more voices" in drawn
    assert sum(" · voice-" in line for line in drawn) == MAX_LANES - 1


def test_the_waveform_has_the_color_of_who_is_heard_and_gray_for_nobody():
    """The peaks of every column, mirrored around the middle."""
    duration_ms = 12_000
    root = parsed(draw(segments=make_segments()[:1], duration_ms=duration_ms))
    columns = {
        group.get("class"): re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", group[0].get("d"))
        for group in root.xpath("//*[@stroke-width='2.2']")
    }
    assert set(columns) == {"rest", "v0"}
    assert sum(map(len, columns.values())) == COLUMNS
    for x, top, bottom in columns["v0"]:
        assert at_ms(500, duration_ms) - 2 <= float(x) <= at_ms(2000, duration_ms) + 2
        assert (float(bottom) - float(top)) / 120 == pytest.approx(100 / 255, abs=0.002)


@pytest.mark.parametrize("level_lufs", [-10.0, -16.0, -22.0, -28.0])
def test_a_tone_lies_at_its_loudness(level_lufs):
    """A sine at 997 Hz, as the meter weights it, on the line of the scale that is labelled so."""
    seconds = 10
    # 0 dBFS at 997 Hz is -3.01 LUFS in one channel, and 3.01 more from two loudspeakers.
    samples = 10 ** (level_lufs / 20) * np.sin(
        2 * np.pi * 997 / RATE_HZ * np.arange(seconds * RATE_HZ)
    )
    weighted, _ = k_weighting(RATE_HZ).run(samples)
    whole = weighted.size - weighted.size % STEP_FRAMES
    energies = 2.0 * energy_of_rows(weighted[:whole].reshape(-1, STEP_FRAMES))
    curve = Curve(STEP_FRAMES, RATE_HZ, bytes([80]) * energies.size, array("f", energies.tolist()))
    root = parsed(draw(curve, duration_ms=seconds * 1000))
    label = f"{'target ' * (level_lufs == -16)}\u2212{-level_lufs:g}"
    (run,) = loudness_line(root)
    assert len(run) >= COLUMNS - 1
    assert [y for _, y in run] == pytest.approx([y_of(root, label)] * len(run), abs=0.3)


def test_loudness_beyond_the_scale_lies_at_its_edge():
    """Louder than the target by more than 9 LU, softer by more than 18, yet no silence."""
    for lufs, above_bottom in ((5.0, 108), (-60.0, 0)):
        root = parsed(draw(flat_curve(12_000, lufs=lufs)))
        bottom = y_of(root, "\u221234")
        (run,) = loudness_line(root)
        assert {bottom - y for _, y in run} == {above_bottom}


def test_silence_is_a_gap_in_the_loudness():
    """Ten seconds of it in the middle: the windows are 3 s long."""
    curve = flat_curve(30_000)
    per_s = RATE_HZ / STEP_FRAMES
    for step in range(round(10 * per_s), round(20 * per_s)):
        curve.energies[step] = 0.0
    before, after = loudness_line(parsed(draw(curve, duration_ms=30_000)))
    assert before[-1][0] == pytest.approx(at_ms(11_500, 30_000), abs=3)
    assert after[0][0] == pytest.approx(at_ms(18_500, 30_000), abs=3)
    silent = draw(flat_curve(12_000, lufs=-80.0))
    assert loudness_line(parsed(silent)) == []
    assert "Nothing is to be heard." in silent


def test_a_long_column_shows_the_softest_and_the_loudest_window():
    """Of two hours, one window of 3 s is softer: the band goes down to it, the line does not."""
    curve = flat_curve(7_200_000)
    per_s = RATE_HZ / STEP_FRAMES
    for step in range(round(3600 * per_s), round(3609 * per_s)):
        curve.energies[step] /= 10
    found = readings(curve, COLUMNS, duration_ms=7_200_000)
    assert min(r.low for r in found) == pytest.approx(-26, abs=0.1)
    assert {round(r.middle, 1) for r in found} == {-16.0}
    assert {round(r.high, 1) for r in found} == {-16.0}


def test_windows_read_what_a_plain_sum_reads():
    """Against the definition, at the places of a curve that is never the same."""
    noise = np.random.default_rng(2).uniform(1, 100, 2000)
    duration_ms = round(2000 * STEP_FRAMES / RATE_HZ * 1000)
    curve = Curve(STEP_FRAMES, RATE_HZ, bytes(2000), array("f", noise.tolist()))
    size = round(3 * RATE_HZ / STEP_FRAMES)
    for column, reading in enumerate(readings(curve, 50, duration_ms=duration_ms)):
        first = round(min(max((column + 0.5) * 40 - size / 2, 0), 2000 - size))
        power = noise[first : first + size].sum() / size / STEP_FRAMES
        assert reading.middle == pytest.approx(-0.691 + 10 * log10(power), abs=0.2)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=60), st.integers(0, 599)), max_size=40),
)
def test_titles_of_chapters_never_run_into_each_other(chapters):
    """Every chapter has its mark; titles are cut or left out."""
    ordered = [Chapter(title, 1000 * s) for title, s in sorted(chapters, key=lambda c: c[1])]
    root = parsed(draw(flat_curve(600_000), [], ordered, duration_ms=600_000))
    (marks,) = root.xpath("//*[@stroke-dasharray='2 2']/@d")
    assert marks.count("M") == len(chapters)
    free_from = 0.0
    for title in root.xpath("//*[@y='20']"):
        assert float(title.get("x")) >= free_from
        free_from = float(title.get("x")) + 12 * width_em(title.text)
        assert free_from <= RIGHT


def test_a_title_with_room_is_whole():
    """The first two chapters of three."""
    drawn = texts(parsed(draw(chapters=make_episode().chapters)))
    assert {"Introduction", "Bread & mail", "Fares"} <= set(drawn)


def test_a_title_from_right_to_left_turns_nothing_around():
    """It is isolated, so that its ellipsis stands at its own end."""
    title = "أخبار اليوم من الميناء القديم والجزيرة وكل ما حولها"
    (drawn,) = [t for t in texts(parsed(draw(chapters=[Chapter(title, 6000)]))) if "أخبار" in t]
    assert (drawn[0], drawn[-2:]) == ("\u2068", "…\u2069")


@pytest.mark.parametrize(
    ("duration_ms", "first", "last"),
    [
        (900, "0:00", "0:00"),
        (12_000, "0:00", "0:12"),
        (186_000, "0:00", "3:00"),
        (3_599_000, "0:00", "50:00"),
        (3_600_000, "0:00:00", "1:00:00"),
        (36_000_000, "0:00:00", "10:00:00"),
        (900_000_000, "0:00:00", "250:00:00"),
    ],
)
def test_the_time_axis_has_a_few_round_times(duration_ms, first, last):
    """From a second to days, and none outside of the picture."""
    root = parsed(draw(Curve(STEP_FRAMES, RATE_HZ, b"", array("f")), [], duration_ms=duration_ms))
    labels = [e for e in root.iter(f"{SVG}text") if ":" in (e.text or "")]
    assert (labels[0].text, labels[-1].text) == (first, last)
    assert len(labels) <= 9
    places = [float(e.get("x")) for e in labels]
    assert places == sorted(places)
    assert places[0] == LEFT
    assert all(b - a >= 60 for a, b in pairwise(places))


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
    blocks = re.findall(r":root \{(.*?)\}", styles)
    for block, mode in zip(blocks, ("on_light", "on_dark"), strict=True):
        for name, tint in SURFACE.items():
            short = hex_of(getattr(tint, mode))
            css = re.search(rf"--{name}: #(\w+);", block).group(1)
            assert "#" + (css if len(css) == 6 else "".join(c * 2 for c in css)) == short


def test_a_page_shows_the_picture_if_there_is_one():
    """With its size, so that nothing jumps, and in words what it shows."""
    episode = make_episode()
    page = html.fromstring(render_episode_page(make_show(), episode, picture=PICTURE_FILE))
    (image,) = page.xpath("//figure//img")
    width, height = picture_size(episode.segments)
    assert (image.get("src"), image.get("width"), image.get("height")) == (
        "waveform.svg",
        str(width),
        str(height),
    )
    assert image.get("alt") == (
        "Waveform and loudness: 12 seconds in 1 voice: Narrator, Mara Quist, Jonas Aldermere;"
        " 3 chapters. \u221216 LUFS as a whole."
    )
    # Who cannot scroll with a mouse can with the keys.
    (scroller,) = page.xpath("//figure/*[@tabindex='0'][@role='group'][@aria-label]")
    assert image.getparent() is scroller
    assert page.xpath("//figcaption/text()")


def test_a_page_without_a_picture_has_none():
    """As those of episodes from before."""
    assert "<figure" not in render_episode_page(make_show(), make_episode())


def test_lengths_are_said_in_words():
    """A clock would be read as a time of day."""
    said = {ms: in_words(ms) for ms in (0, 1000, 61_000, 7_322_000)}
    assert said == {
        0: "0 seconds",
        1000: "1 second",
        61_000: "1 minute 1 second",
        7_322_000: "2 hours 2 minutes 2 seconds",
    }
