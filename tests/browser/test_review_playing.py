"""Hearing an episode on the review page: what sounds is the segment that the page marks."""

import io
import re

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

MARKED = "[...document.querySelectorAll('#cards > .now')].map(c => c.segment)"
#: Frames of an envelope, in seconds.
FRAME_S = 0.01


def envelope(content, from_s=0.0, to_s=None):
    """Return the level of a sound in frames of 10 ms."""
    samples, rate = soundfile.read(io.BytesIO(content), always_2d=True)
    part = samples[int(from_s * rate) : None if to_s is None else int(to_s * rate), 0]
    size = int(rate * FRAME_S)
    frames = part[: len(part) // size * size].reshape(-1, size)
    return np.sqrt((frames**2).mean(axis=1))


def likeness(short, long):
    """Return the best correlation of a short envelope with a place in a long one, and the place."""
    scores = [
        np.corrcoef(short, long[n : n + len(short)])[0, 1]
        for n in range(len(long) - len(short) + 1)
        if long[n : n + len(short)].std() > 0
    ]
    best = int(np.argmax(scores))
    return scores[best], best * FRAME_S


def test_the_episode_plays_and_seeks(bridge, desk):
    """Time goes on, the length is the manifest's, and a seek lands within its two seconds."""
    bridge["#play"].click()
    bridge.when("sound.currentTime > 0.3 && !sound.paused")
    length = desk.manifest(bridge.id)["enclosure"]["duration_ms"] / 1000
    assert bridge.js("sound.duration") == pytest.approx(length, abs=0.2)
    expect(bridge["#play"]).to_have_attribute("aria-label", "Pause")
    bridge.press("Escape")
    bridge["#wave"].focus()
    bridge.press("PageUp")
    assert 30 <= bridge.when("!sound.seeking && sound.currentTime > 20 && sound.currentTime") < 33


@pytest.mark.parametrize("part", [0.15, 0.42, 0.7, 0.93])
def test_what_sounds_is_what_is_marked(bridge, desk, part):
    """The MP3 around the place that plays is the clip of the one segment that is marked."""
    box = bridge["#wave"].bounding_box()
    bridge.page.mouse.click(box["x"] + part * box["width"], box["y"] + 20)
    bridge["#play"].click()
    bridge.when("!sound.paused && !sound.seeking && sound.currentTime > 0.2")
    bridge["#play"].click()
    (segment,) = bridge.js(MARKED)
    at = bridge.js("sound.currentTime")
    assert segment["start_ms"] <= at * 1000 < segment["end_ms"] + 1500
    start, end = (ms / 1000 for ms in segment["in_sound"])
    mp3 = desk.bytes(bridge.js("new URL(sound.src).pathname"))
    heard = envelope(mp3, max(start, min(at, end - 2)), min(end, max(at, start) + 2))
    scores = {
        other["id"]: likeness(heard, clip)
        for other in bridge.js("[...document.querySelectorAll('.card')].map(c => c.segment)")
        if len(clip := envelope(desk.bytes(other["clip_url"]))) >= len(heard)
    }
    score, place = scores.pop(segment["id"])
    assert score > 0.93
    assert place == pytest.approx(max(start, min(at, end - 2)) - start, abs=0.12)
    assert all(other < score for other, _ in scores.values())


def test_one_segment_is_marked_while_playing(bridge):
    """Exactly one is marked and current, its time holds the place, and it is in view."""
    bridge["#speed"].fill("4")
    bridge["#speed"].blur()
    bridge["#play"].click()
    seen = bridge.page.evaluate(
        """() => new Promise((done) => {
            const sound = document.getElementById("sound"), seen = [];
            const look = setInterval(() => {
                const marked = [...document.querySelectorAll("#cards > .now[aria-current=true]")];
                const at = sound.currentTime, card = marked[0];
                const box = card.getBoundingClientRect();
                seen.push([marked.length, card.segment.number,
                    (card.segment.start_ms / 1000 - 0.1 <= at || card.segment.number === 1)
                    && at < (card.nextElementSibling?.segment.start_ms ?? 1e9) / 1000 + 0.5,
                    box.top >= 0 && box.bottom <= innerHeight]);
                if (card.segment.number < 9) return;
                clearInterval(look);
                done(seen);
            }, 120);
        })"""
    )
    assert {count for count, *_ in seen} == {1}
    assert [number for _, number, *_ in seen] == sorted(number for _, number, *_ in seen)
    assert all(is_held for *_, is_held, _ in seen)
    # While it is brought into view, a segment may be out of it for a moment.
    assert sum(is_in_view for *_, is_in_view in seen) > 0.7 * len(seen)


def test_follow_can_be_switched_off(bridge):
    """Then the page does not move while it plays."""
    bridge["#follow"].click()
    expect(bridge["#follow"]).to_have_attribute("aria-pressed", "false")
    bridge.card(12).locator("[data-act=play]").evaluate("b => b.click()")
    bridge.when("!sound.paused && document.querySelector('.now').segment.number === 12")
    assert bridge.js("scrollY") == 0
    bridge.reload()
    expect(bridge["#follow"]).to_have_attribute("aria-pressed", "false")


def test_chapters_start_where_their_segment_does(bridge):
    """Every chapter plays from the first word of its first segment."""
    chapters = bridge["#chapters button"]
    assert chapters.count() == 2
    for n in (1, 0):
        chapters.nth(n).click()
        bridge.when("!sound.paused && !sound.seeking")
        expect(chapters.nth(n)).to_have_attribute("aria-current", "true")
        start = bridge.js(f"{MARKED}[0].start_ms / 1000")
        assert start - 1 <= bridge.js("sound.currentTime") < start + 2


def test_slider_by_keyboard(bridge):
    """Arrows go 5 s, Page keys 30 s, Home and End to the ends; the place is said in words."""
    wave = bridge["#wave"]
    wave.focus()
    for key, at in [
        ("ArrowRight", 5), ("ArrowUp", 10), ("PageUp", 40), ("ArrowLeft", 35), ("ArrowDown", 30),
        ("PageDown", 0), ("PageUp", 30), ("Home", 0),
    ]:  # fmt: skip
        bridge.press(key)
        expect(wave).to_have_attribute("aria-valuenow", str(at))
    bridge.press("PageUp")
    words = re.compile(r"^30 seconds of 5\d seconds, segment \d+$")
    expect(wave).to_have_attribute("aria-valuetext", words)
    bridge.press("End")
    length = int(wave.get_attribute("aria-valuemax"))
    assert int(wave.get_attribute("aria-valuenow")) >= length - 1


def test_a_tap_seeks_within_two_percent(bridge, desk):
    """A tap on the waveform goes to where it was tapped."""
    box = bridge["#wave"].bounding_box()
    length = bridge.when("sound.duration")
    for part in (0.25, 0.8):
        bridge.page.mouse.click(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
        at = bridge.when("!sound.seeking && sound.currentTime")
        assert at == pytest.approx(part * length, abs=0.02 * length)


def test_transport(bridge):
    """Previous and next go by segments, -5 and +5 by seconds, speeds are kept over a reload."""
    bridge["#next"].click()
    bridge["#next"].click()
    assert bridge.js(f"{MARKED}[0].number") == 3
    start = bridge.js(f"{MARKED}[0].start_ms / 1000")
    assert bridge.when("!sound.seeking && sound.currentTime") == pytest.approx(start, abs=0.05)
    bridge["#more"].click()
    assert bridge.when("!sound.seeking && sound.currentTime") == pytest.approx(start + 5, abs=0.05)
    bridge["#less"].click()
    bridge["#back"].click()
    assert bridge.js(f"{MARKED}[0].number") == 2
    bridge["#speed"].fill("1.35")
    bridge["#speed"].blur()
    assert bridge.js("sound.playbackRate") == 1.35
    bridge.reload()
    expect(bridge["#speed"]).to_have_value("1.35")


def test_an_address_with_a_time_starts_there(open_page, desk):
    """#t=30 is where the page is, before anything is played."""
    sheet = open_page(desk.id_of("a-bridge-for-the-valley"), at="#t=30")
    expect(sheet["#clock"]).to_have_text("0:30")
    sheet["#play"].click()
    assert 30 <= sheet.when("!sound.paused && !sound.seeking && sound.currentTime") < 32


def test_it_really_sounds(bridge):
    """What comes out of the audio element is no silence."""
    level = bridge.page.evaluate(
        """async () => {
            const context = new AudioContext(), meter = context.createAnalyser();
            const source = context.createMediaElementSource(document.getElementById("sound"));
            source.connect(meter).connect(context.destination);
            document.getElementById("play").click();
            const samples = new Float32Array(meter.fftSize);
            let highest = 0;
            for (let n = 0; n < 60 && highest < 0.05; n += 1) {
                await new Promise((done) => setTimeout(done, 50));
                meter.getFloatTimeDomainData(samples);
                highest = Math.max(highest, ...samples.map(Math.abs));
            }
            return highest;
        }"""
    )
    assert level >= 0.05


def test_source_stands_beside_the_script(bridge):
    """The source sentence of what plays is marked; a click on a sentence goes to its segment."""
    row = bridge["#source li"].filter(has_text="Peter Holm had closed it")
    row.locator("button").click()
    expect(row).to_have_class(re.compile("now"))
    (segment,) = bridge.js(MARKED)
    assert "Peter Holm had closed it" in segment["text"]
    expect(bridge.card(segment["number"])).to_be_focused()
    expect(bridge.card(segment["number"])).to_be_in_viewport()


def test_heading_tells_loudness_and_length(bridge, desk):
    """Loudness and true peak are the manifest's."""
    loudness = desk.manifest(bridge.id)["loudness"]
    lufs = f"{loudness['integrated_lufs']:.1f}".replace("-", "\u2212")
    expect(bridge["#loudness"]).to_contain_text(f"{lufs} LUFS")
    bridge[".views [data-view=checks]"].click()
    expect(bridge["#checks"]).to_contain_text(f"{lufs} LUFS, asked \u221216.0")
    expect(bridge["#checks"]).to_contain_text("True peak")
