"""Pictures: whole, small, and readable for everybody."""

import re
from array import array
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from audiobrief.model.audio import Curve
from audiobrief.model.episode import Chapter
from audiobrief.model.script import Role
from audiobrief.publish.canvas import COLUMNS, LEFT, RIGHT, at_ms
from audiobrief.publish.caption import MAX_LANES, in_words, width_em
from audiobrief.publish.pages import render_episode_page
from audiobrief.publish.palette import VOICES, hex_of
from audiobrief.publish.picture import PICTURE_FILE, picture_size, render_picture
from tests.publish.pictures import (
    HOSTILE,
    RATE_HZ,
    STEP_FRAMES,
    SVG,
    draw,
    flat_curve,
    parsed,
    texts,
)
from tests.publish.shows import make_episode, make_segments, make_show


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
    assert '<figure class="picture"' not in render_episode_page(make_show(), make_episode())


def test_lengths_are_said_in_words():
    """A clock would be read as a time of day."""
    said = {ms: in_words(ms) for ms in (0, 1000, 61_000, 7_322_000)}
    assert said == {
        0: "0 seconds",
        1000: "1 second",
        61_000: "1 minute 1 second",
        7_322_000: "2 hours 2 minutes 2 seconds",
    }
