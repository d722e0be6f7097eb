"""An episode's page, as listeners use it: what is heard is marked, every way leads to a place."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.listener_house import (  # noqa: F401 - fixtures
    clipboard_fixture,
    home_fixture,
    on_disk_fixture,
    put_page,
    segments_of,
    served_fixture,
    tab_fixture,
    tab_of,
    workspace_fixture,
)

CURRENT = ".spoken[aria-current]"


def seconds(home, word):
    """Return where the first segment with a word begins and ends."""
    for segment in home.manifest["segments"]:
        if word in segment["text"]:
            return segment["start_ms"] / 1000, segment["end_ms"] / 1000
    raise AssertionError(word)


def play_chapter(tab, number):
    """Start a chapter, as a click does."""
    tab.page.locator(".chapters li > button").nth(2 * number).click()
    tab.until("!audio.paused && !audio.seeking && audio.readyState > 2")


def test_a_chapter_plays_and_exactly_what_is_heard_is_marked(home, tab):
    """From a disk and from a server: a seek lands, time goes on, one segment is current."""
    tab.page.goto(home.page())
    tab.until("audio.readyState > 0")
    length = home.manifest["enclosure"]["duration_ms"] / 1000
    assert tab.ask("audio.duration") == pytest.approx(length, abs=0.2)
    play_chapter(tab, 2)
    start = home.manifest["chapters"][2]["start_ms"] / 1000
    assert start <= tab.ask("audio.currentTime") < start + 2
    tab.until(f"audio.currentTime > {start} + 0.3")
    expect(tab.page.locator(CURRENT)).to_have_text("The fares")
    expect(tab.page.locator(".chapters [aria-current]")).to_contain_text("The fares")
    expect(tab.page.locator(".chapters [aria-current]")).to_have_count(1)
    tab.until('document.querySelector(".spoken[aria-current]")?.textContent.includes("merchants")')
    now = tab.ask("audio.currentTime")
    start, end = seconds(home, "merchants of the island")
    assert start <= now < end


def test_what_is_marked_is_what_lies_at_the_place(served, tab):
    """In the middle of each segment that one, in the pauses between them nothing."""
    tab.page.goto(served.page())
    tab.until("audio.readyState > 0")
    segments = served.manifest["segments"]
    for number in range(0, len(segments), 4):
        one, other = segments[number : number + 2]
        middle = (one["start_ms"] + one["end_ms"]) / 2000
        tab.ask(f"audio.currentTime = {middle}")
        expect(tab.page.locator(CURRENT)).to_have_text(one["text"])
        tab.ask(f"audio.currentTime = {(one['end_ms'] + other['start_ms']) / 2000}")
        expect(tab.page.locator(CURRENT)).to_have_count(0)


def test_who_is_heard_is_who_is_marked(served, tab):
    """Each voice has a pitch of its own here: the sound that is played has the segment's."""
    tab.page.goto(served.page())
    tab.page.evaluate(
        """() => {
            const context = new AudioContext();
            const source = context.createMediaElementSource(document.querySelector("audio"));
            const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
            source.connect(analyser).connect(context.destination);
            const levels = new Float32Array(analyser.frequencyBinCount);
            window.pitch = () => {
                analyser.getFloatFrequencyData(levels);
                const loudest = levels.indexOf(Math.max(...levels));
                return levels[loudest] > -60 ? loudest * context.sampleRate / 8192 : 0;
            };
        }"""
    )
    heard = {}
    for segment in served.manifest["segments"][3:14]:
        tab.page.locator(".spoken", has_text=segment["text"]).first.click()
        tab.until(f"audio.currentTime > {segment['start_ms'] / 1000 + 0.25} && window.pitch() > 0")
        heard.setdefault(segment["voice"], []).append(tab.ask("window.pitch()"))
    assert len(heard) == 3
    for pitches in heard.values():
        assert max(pitches) - min(pitches) < 15
    middles = sorted(sum(pitches) / len(pitches) for pitches in heard.values())
    assert middles[1] - middles[0] > 20
    assert middles[2] - middles[1] > 20


def test_a_segment_is_a_way_to_its_place(home, tab):
    """By a click on its words or on the time before them."""
    tab.page.goto(home.page())
    start, end = seconds(home, "Both boats")
    tab.page.get_by_text("Both boats were painted").click()
    tab.until(f"!audio.paused && audio.currentTime >= {start} && audio.currentTime < {end}")
    start, end = seconds(home, "For eleven months the islanders")
    piece = tab.page.locator(".piece", has_text="For eleven months the islanders")
    piece.locator("a.time").click()
    tab.until(f"!audio.paused && audio.currentTime >= {start} && audio.currentTime < {end}")
    assert urlsplit(tab.page.url).fragment == ""


def test_the_transcript_by_keyboard(served, tab):
    """One stop for Tab, arrows from segment to segment, Enter plays; marked text plays nothing."""
    tab.page.goto(served.page())
    assert tab.page.locator(".spoken[tabindex='0']").count() == 1
    tab.page.locator(".spoken").first.focus()
    for _ in range(6):
        tab.page.keyboard.press("ArrowDown")
    segment = served.manifest["segments"][6]
    expect(tab.page.locator(":focus")).to_have_text(segment["text"])
    assert tab.page.locator(".spoken[tabindex='0']").count() == 1
    tab.page.keyboard.press("Enter")
    tab.until(f"!audio.paused && audio.currentTime >= {segment['start_ms'] / 1000}")
    assert tab.ask("audio.currentTime") < segment["end_ms"] / 1000
    tab.page.keyboard.press("End")
    expect(tab.page.locator(":focus")).to_have_text(served.manifest["segments"][-1]["text"])
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Home")
    expect(tab.page.locator(":focus")).to_have_text(served.manifest["segments"][0]["text"])
    tab.ask("audio.pause()")
    tab.page.get_by_text("The captains will meet").dblclick()
    tab.ask("audio.pause()")
    before = tab.ask("audio.currentTime")
    tab.page.get_by_text("The captains will meet").click(modifiers=["Shift"])
    assert tab.ask("[audio.paused, audio.currentTime]") == [True, before]


def test_skipping_stays_within_the_episode(home, tab):
    """30 seconds on, 15 back, and no further than both ends."""
    tab.page.goto(home.page())
    tab.until("audio.readyState > 0")
    on = tab.page.get_by_role("button", name="Forward 30 seconds")
    back = tab.page.get_by_role("button", name="Back 15 seconds")
    on.click()
    assert tab.ask("audio.currentTime") == 30
    back.click()
    assert tab.ask("audio.currentTime") == 15
    back.click()
    back.click()
    assert tab.ask("audio.currentTime") == 0
    for _ in range(5):
        on.click()
    assert tab.ask("audio.currentTime === audio.duration")


def test_the_speed_is_kept_over_visits(home, tab):
    """From half to three times; the next episode is as fast."""
    tab.page.goto(home.page())
    speed = tab.page.get_by_label("Speed")
    speeds = speed.locator("option").evaluate_all("all => all.map((each) => Number(each.value))")
    assert (min(speeds), max(speeds)) == (0.5, 3)
    speed.select_option("1.75")
    assert tab.ask("audio.playbackRate") == 1.75
    tab.page.goto(home.page("storm"))
    expect(speed).to_have_value("1.75")
    assert tab.ask("audio.playbackRate") == 1.75
    play = tab.ask("audio.play().then(() => audio.playbackRate)")
    assert play == 1.75


def is_in_view(tab):
    """Return whether the marked segment is on the screen."""
    return tab.ask(
        """(() => {
            const box = document.querySelector(".spoken[aria-current]").getBoundingClientRect();
            return box.top >= 0 && box.bottom <= innerHeight;
        })()"""
    )


@pytest.mark.parametrize("size", [(1280, 500), (390, 600)])
def test_the_transcript_follows(served, browser, size):
    """What is heard stays on the screen, for whoever looks at the text."""
    with tab_of(browser, viewport=dict(zip(("width", "height"), size, strict=True))) as tab:
        tab.page.goto(served.page())
        tab.page.locator("#transcript").evaluate("(title) => title.scrollIntoView()")
        last = served.manifest["segments"][-2]
        tab.page.locator(".spoken").first.click()
        tab.until("!audio.paused")
        tab.ask(f"audio.currentTime = {last['start_ms'] / 1000 - 1}")
        expect(tab.page.locator(CURRENT)).to_have_text(last["text"])
        tab.until(
            """(() => {
                const box = document.querySelector(".spoken[aria-current]").getBoundingClientRect();
                return box.top >= 0 && box.bottom <= innerHeight;
            })()"""
        )
        assert is_in_view(tab)


def test_following_can_be_switched_off_for_good(served, browser):
    """Then the page stays where it is; so it is at the next visit, too."""
    with tab_of(browser, viewport={"width": 1280, "height": 500}) as tab:
        tab.page.goto(served.page())
        follow = tab.page.get_by_role("button", name="Follow")
        expect(follow).to_have_attribute("aria-pressed", "true")
        follow.click()
        tab.page.reload()
        expect(follow).to_have_attribute("aria-pressed", "false")
        play_chapter(tab, 3)
        expect(tab.page.locator(".spoken[aria-current]")).to_have_text("The winter")
        assert tab.ask("scrollY") == 0
        expect(tab.page.get_by_role("button", name="Read along")).to_be_hidden()
        follow.click()
        tab.until("scrollY > 0")


def test_whoever_scrolls_is_left_alone(served, browser):
    """The page does not jump back; a button leads back to what is heard."""
    with tab_of(browser, viewport={"width": 1280, "height": 400}) as tab:
        tab.page.goto(served.page())
        play_chapter(tab, 0)
        tab.page.locator("#transcript").hover()
        tab.page.mouse.wheel(0, 3000)
        along = tab.page.get_by_role("button", name="Read along")
        expect(along).to_be_visible()
        tab.until("window.was === (window.was = scrollY)")
        before = tab.ask("scrollY")
        assert before > 500
        first = tab.page.locator(CURRENT).text_content()
        tab.until(
            f"![null, {first!r}].includes(document.querySelector('{CURRENT}')?.textContent ?? null)"
        )
        assert tab.ask("scrollY") == before
        along.click()
        expect(along).to_be_hidden()
        tab.until("scrollY < 500")


def test_the_transcript_is_searched(home, tab):
    """Without case and accents; counted, marked, from match to match, and gone without a trace."""
    tab.page.goto(home.page())
    words = tab.page.locator("#words")
    before = words.text_content()
    field = tab.page.get_by_role("searchbox", name="Search the transcript")
    field.fill("ELEVEN  months")
    found, marks = tab.page.locator("#found"), words.locator("mark")
    expect(found).to_have_text("1 of 5")
    expect(marks).to_have_count(5)
    assert set(marks.all_text_contents()) == {"eleven months"}
    chosen = words.locator("mark.chosen")
    for number in (2, 3):
        field.press("Enter")
        expect(found).to_have_text(f"{number} of 5")
        expect(chosen).to_have_count(1)
        expect(chosen).to_be_in_viewport()
    tab.page.get_by_role("button", name="Previous match").click()
    expect(found).to_have_text("2 of 5")
    for _ in range(2):
        field.press("Shift+Enter")
    expect(found).to_have_text("5 of 5")
    tab.page.get_by_role("button", name="Next match").click()
    expect(found).to_have_text("1 of 5")
    assert words.text_content() == before
    field.fill("CAFE")
    expect(marks).to_have_text(["café"])
    marks.click()
    tab.until("!audio.paused")
    field.fill("elephant")
    expect(found).to_have_text("Not found")
    expect(marks).to_have_count(0)
    field.fill("<")
    expect(found).to_have_text("Not found")
    field.press("Escape")
    expect(field).to_have_value("")
    expect(found).to_be_hidden()
    assert words.text_content() == before


def test_a_match_is_there_at_once(on_disk, tab):
    """A page that glides carries its buttons away from whoever clicks on them next."""
    page = tab.page
    page.goto(on_disk.page())
    page.get_by_role("searchbox").fill("eleven months")
    expect(page.locator("#found")).to_have_text("1 of 5")
    places = page.evaluate(
        """() => [1, 2, 3, 4, 5].map(() => {
            document.querySelector("#on").click();
            const box = document.querySelector("mark.chosen").getBoundingClientRect();
            return [scrollY, box.top >= 0 && box.bottom <= innerHeight];
        })"""
    )
    assert all(is_seen for _, is_seen in places), places
    assert len({top for top, _ in places}) > 1, places


def test_words_are_found_across_segments(on_disk, tab):
    """Nobody who searches knows where one voice ends and the next begins; nor which quotes."""
    page = tab.page
    page.goto(on_disk.page())
    field, found = page.get_by_role("searchbox"), page.locator("#found")
    marks = page.locator("#words mark")
    before = page.locator("#words").text_content()
    field.fill("it will hold,\u201d Ana Ruiz  said")
    expect(found).to_have_text("1 of 1")
    expect(marks).to_have_text(['it will hold,"', "Ana Ruiz said"])
    expect(page.locator("mark.chosen")).to_have_count(2)
    expect(marks.first).to_be_in_viewport()
    field.fill("on friday. \u201cnobody will forget it.\u201d The")
    expect(found).to_have_text("1 of 4")
    expect(marks).to_have_count(12)
    field.press("Enter")
    expect(found).to_have_text("2 of 4")
    expect(page.locator("mark.chosen")).to_have_count(3)
    field.press("Escape")
    expect(marks).to_have_count(0)
    assert page.locator("#words").text_content() == before


@pytest.mark.parametrize(
    ("fragment", "place"),
    [
        ("#t=1:02", 62),
        ("#t=0:01:02.5", 62.5),
        ("#t=60,90", 60),
        ("#t=1:02,1:20", 62),
        ("#t=npt:42", 42),
        ("#t=1m2s", 62),
        ("#t=42s", 42),
        ("#t=1%3A02", 62),
        ("#track=1&t=42", 42),
    ],
)
def test_a_place_may_be_written_as_elsewhere(on_disk, tab, fragment, place):
    """As W3C Media Fragments and video sites do: people write links by hand."""
    tab.page.goto(on_disk.page(then=fragment))
    tab.until(f"audio.readyState > 0 && audio.currentTime === {place}")


def test_a_link_to_a_place_is_copied_and_opened(served, clipboard):
    """The place that is heard, or a chapter; whoever opens it starts there."""
    page = clipboard.page
    page.goto(served.page())
    clipboard.until("audio.readyState > 0")
    clipboard.ask("audio.currentTime = 42.7")
    page.get_by_role("button", name="Copy Link 0:42").click()
    expect(page.get_by_role("status")).to_have_text("Link to 0:42 copied.")
    link = clipboard.ask("navigator.clipboard.readText()")
    assert link == served.page(then="#t=42")
    page.get_by_role("button", name="Copy link to The boats").click()
    expect(page.get_by_role("status")).to_have_text("Link to “The boats” copied.")
    assert clipboard.ask("navigator.clipboard.readText()") == served.page(then="#t=36")
    page.goto("about:blank")
    page.goto(link)
    clipboard.until("audio.readyState > 0 && audio.currentTime === 42")
    clipboard.ask("audio.play()")
    clipboard.until("audio.currentTime > 42.2")
    page.goto(served.page(then="#t=60"))
    clipboard.until("Math.abs(audio.currentTime - 60) < 1")


def test_from_a_disk_links_lead_to_the_web(on_disk, clipboard):
    """A path on somebody's disk would lead nobody there."""
    page = clipboard.page
    page.goto(on_disk.page(then="#t=12.5"))
    clipboard.until("audio.currentTime === 12.5")
    page.get_by_role("button", name="Copy Link 0:").click()
    directory = urlsplit(on_disk.page()).path.split("/")[-2]
    expect(page.get_by_role("status")).to_contain_text("Link to 0:12 copied.")
    link = clipboard.ask("navigator.clipboard.readText()")
    assert link == f"https://pod.example/{directory}/index.html#t=12"


@pytest.mark.parametrize(
    "fragment",
    ["#t=", "#t=-5", "#t=1e9", "#t=x", "#t=5;6", "#%3Cimg%3E", "#t", "#t=1::2", "#t=s", "#t=:5"],
)
def test_what_is_no_place_is_the_beginning(on_disk, tab, fragment):
    """Nothing that stands in an address breaks the page."""
    tab.page.goto(on_disk.page(then=fragment))
    tab.until("audio.readyState > 0")
    assert tab.ask("audio.currentTime") == 0


def test_a_place_behind_the_end_is_the_end(on_disk, tab):
    """As a link to an episode that has become shorter."""
    tab.page.goto(on_disk.page(then="#t=99999"))
    tab.until("audio.readyState > 0 && audio.currentTime > audio.duration - 0.5")


def test_one_goes_on_where_one_was(home, tab):
    """Over visits, and each episode by itself; a link to a place comes first."""
    tab.page.goto(home.page())
    note = tab.page.locator("#resumed")
    expect(note).to_be_hidden()
    play_chapter(tab, 1)
    tab.until("audio.currentTime > 36.5")
    tab.ask("audio.pause()")
    tab.page.goto(home.page("storm"))
    tab.until("audio.readyState > 0")
    assert tab.ask("audio.currentTime") == 0
    tab.page.goto(home.page())
    expect(note).to_contain_text("You were at 0:3")
    tab.until("audio.readyState > 0 && audio.currentTime >= 36")
    note.get_by_role("button", name="Start again").click()
    tab.until("!audio.paused && audio.currentTime < 5")
    expect(note).to_be_hidden()
    tab.page.goto("about:blank")
    tab.page.goto(home.page(then="#t=20"))
    tab.until("audio.readyState > 0 && audio.currentTime === 20")


def test_what_was_heard_to_its_end_begins_anew(served, tab):
    """Nobody wants to be put before the last words."""
    tab.page.goto(served.page())
    play_chapter(tab, 3)
    tab.until("audio.currentTime > 80")
    tab.ask("audio.currentTime = audio.duration - 0.5")
    tab.until("audio.ended")
    tab.page.reload()
    tab.until("audio.readyState > 0")
    assert tab.ask("audio.currentTime") == 0
    expect(tab.page.locator("#resumed")).to_be_hidden()


def test_headphones_and_lock_screen_know_the_episode(served, tab):
    """Title, show and picture."""
    tab.page.goto(served.page())
    told = tab.ask(
        "(({ title, artist, artwork }) => [title, artist, artwork[0].src])"
        "(navigator.mediaSession.metadata)"
    )
    assert told[:2] == ["Ferry returns to the old harbor", "Harbor Brief"]
    assert told[2].startswith(served.url + "cover")


def test_the_feed_is_copied(home, clipboard):
    """With one press; and the small player's HTML."""
    page = clipboard.page
    page.goto(home.page())
    subscribe = page.get_by_role("region", name="Subscribe")
    subscribe.get_by_role("button").click()
    expect(subscribe.get_by_role("button")).to_have_text("Copied")
    assert clipboard.ask("navigator.clipboard.readText()") == "https://pod.example/feed.xml"
    expect(subscribe.get_by_role("img")).to_have_accessible_name(
        "QR code: address of the feed, https://pod.example/feed.xml"
    )
    share = page.get_by_role("region", name="Put it into a page of yours")
    share.get_by_role("button").click()
    expect(share.get_by_role("button")).to_have_text("Copied")
    assert clipboard.ask("navigator.clipboard.readText()").startswith('<iframe src="https://pod')


def test_where_nothing_can_be_copied_it_is_shown(served, tab):
    """Plain HTTP on another machine: the browser has no clipboard for the page."""
    tab.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    tab.page.goto(served.page())
    tab.page.get_by_role("button", name="Copy Link 0:").click()
    expect(tab.page.get_by_role("status")).to_have_text(served.page(then="#t=0"))
    tab.page.get_by_role("region", name="Subscribe").get_by_role("button").click()
    assert tab.ask("String(getSelection())") == "https://pod.example/feed.xml"


def test_a_thousand_segments_are_one_page(browser, tmp_path):
    """All are found, and what is not on the screen is not laid out before it is."""
    with tab_of(browser) as tab:
        url = put_page(tmp_path / "day", segments_of(1000))
        tab.page.goto(url)
        # It has no sound.
        tab.troubles.clear()
        assert (
            tab.page.locator(".piece").first.evaluate(
                "(piece) => getComputedStyle(piece).contentVisibility"
            )
            == "auto"
        )
        tab.page.get_by_role("searchbox").fill("bread, mail")
        expect(tab.page.locator("#found")).to_have_text("1 of 333")
        tab.page.get_by_role("button", name="Previous match").click()
        expect(tab.page.locator("mark.chosen")).to_be_in_viewport()
        tab.troubles.clear()
