"""The review pages for everybody: axe-core, small screens, forced colors, focus."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations

DESKTOP = {"viewport": {"width": 1440, "height": 900}}
LOOKS = {
    "light": {**DESKTOP, "color_scheme": "light"},
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "forced colors": {**DESKTOP, "forced_colors": "active"},
    "390": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "320": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_queue(open_page, desk, look):
    """The queue has nothing that axe-core objects to, and never scrolls sideways."""
    sheet = open_page("-", at=None, **LOOKS[look])
    sheet.page.goto(desk.url)
    expect(sheet["#groups a"].first).to_be_visible()
    assert violations(sheet.page) == []
    assert sheet.js("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", LOOKS)
def test_episode(open_page, look):
    """Nor has the episode, in any of its states, its panels or dialogs."""
    sheet = open_page(**LOOKS[look])
    page = sheet.page
    found = violations(page)
    for view in ("chapters", "source", "checks", "words", "script"):
        button = sheet[f".views [data-view={view}]"]
        if button.is_visible():
            button.click()
            found += violations(page)
            assert sheet.js("document.documentElement.scrollWidth <= innerWidth"), view
    sheet.act(1, "approve").click()
    sheet.act(2, "fix").click()
    page.keyboard.type("Louder")
    sheet.press("Enter")
    sheet.act(4, "edit").click()
    sheet.card(4).locator("textarea").fill("")
    sheet.press("Control+Enter")
    sheet.act(7, "play").click()
    found += violations(page)
    assert sheet.js("document.documentElement.scrollWidth <= innerWidth")
    sheet.card(5).locator(".name").click()
    sheet["#sa-hear"].click()
    expect(sheet["#sa-problem"]).to_be_visible()
    found += violations(page)
    sheet.press("Escape")
    sheet["#help"].click()
    found += violations(page)
    sheet.press("Escape")
    expect(sheet["#help"]).to_be_focused()
    sheet["#publish"].focus()
    sheet.press("Enter")
    expect(sheet["#release"]).to_be_visible()
    found += violations(page)
    assert found == []


def test_a_banner_and_a_conflict(open_page, desk):
    """What is seen rarely is held to the same."""
    sheet = open_page()
    sheet.type(4, "Mine.")
    segment = sheet.desk.document(sheet.id)["segments"][3]
    seen = {name: segment[name] for name in ("text", "voice", "speaker")}
    body = {"op": "words", "segment": segment["id"], "seen": seen, "text": "Theirs."}
    sheet.desk.post(f"{sheet.api}/fix", body)
    expect(sheet.card(4).locator(".conflict")).to_be_visible()
    sheet.js(
        "Object.assign(document.getElementById('gone'), { hidden: false, textContent: 'Gone' })"
    )
    assert violations(sheet.page) == []


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("document.querySelector('[data-act=play]').removeAttribute('aria-label')", "button-name"),
        ("document.querySelector('.text').style.color = '#bbb'", "color-contrast"),
        ("document.getElementById('wave').removeAttribute('aria-label')", "aria-input-field-name"),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("const s = document.querySelector('#filter'); s.parentNode.replaceWith(s)", "select-name"),
        ("document.querySelector('#cards').append(document.createElement('div'))", "list"),
    ],
)  # fmt: skip
def test_faults_are_found(bridge, fault, rule):
    """The check fails on faults that are put in."""
    assert violations(bridge.page) == []
    bridge.page.evaluate(f"() => {{ {fault}; }}")
    assert {line.partition(":")[0] for line in violations(bridge.page)} == {rule}


@pytest.mark.parametrize("look", ["390", "light"])
def test_targets_are_large_enough(open_page, look):
    """24 px at least; on a touch screen, what one needs all the time 44."""
    sheet = open_page(**LOOKS[look])
    sizes = sheet.js(
        """[...document.querySelectorAll("button, select, input, a")]
            .filter((e) => e.checkVisibility() && !e.matches(".name, .skip"))
            .map((e) => [e.id || e.dataset.act || e.outerHTML, e.getBoundingClientRect()])
            .map(([name, box]) => [name, box.width, box.height])"""
    )
    assert [size for size in sizes if min(size[1:]) < 24] == []
    if look == "390":
        often = {"play", "back", "next", "less", "more", "approve", "fix", "edit", "publish"}
        assert [size for size in sizes if size[0] in often and min(size[1:]) < 43.9] == []


def test_states_are_seen_without_color(open_page):
    """In forced colors every state is a word; in others its sign is a pattern of its own, too."""
    sheet = open_page()
    sheet.act(1, "approve").click()
    sheet.act(2, "fix").click()
    sheet.press("Escape")
    signs = [
        sheet.card(n).evaluate(
            "c => getComputedStyle(c, '::before').backgroundImage.replace(/rgb[^)]*\\)/g, '')"
        )
        for n in (1, 2, 3)
    ]
    assert len({*signs}) == 3
    words = [sheet.card(n).locator(".state").inner_text() for n in (1, 2, 3)]
    assert words == ["approved", "needs fix", "not heard"]


def test_a_screen_reader_hears_the_card(bridge):
    """What a card is to a screen reader."""
    tree = bridge.card(5).aria_snapshot()
    for line in (
        'button "Play segment 5"',
        "not heard",
        'group "Segment 5"',
        'button "Approve"',
        'button "Edit"',
    ):
        assert line in tree
    expect(bridge["#say"]).to_have_attribute("role", "status")


def test_words_are_in_the_language_of_the_article(bridge):
    """Not in that of the page, so that a screen reader says them right (WCAG 2.2, 3.1.2)."""
    language = bridge.desk.document(bridge.id)["language"]
    expect(bridge["#cards .text"].first).to_have_attribute("lang", language)
    assert bridge.js("document.documentElement.lang") == "en"


def test_the_focus_is_never_covered(open_page):
    """On a phone, what has the focus is neither under the heading nor under the player."""
    sheet = open_page(**LOOKS["390"])
    bar = sheet[".moves"].bounding_box()
    for _ in range(8):
        sheet.press("j")
        box = sheet.js(
            "(({ top, bottom }) => [top, bottom])(document.activeElement.getBoundingClientRect())"
        )
        sheet.when(f"document.activeElement.getBoundingClientRect().bottom <= {bar['y'] + 1}")
        assert box[1] > 0


def test_the_panel_is_reached_by_keyboard(bridge):
    """Past hundreds of buttons: a link at the top leads to what lies beside the script."""
    bridge.press("Tab", "Tab", "Enter")
    expect(bridge["#panel"]).to_be_focused()
    bridge.press("Tab")
    assert bridge.js("!!document.activeElement.closest('#source')")


SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; }
    * { word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }
"""


def test_text_can_be_spaced(open_page):
    """Lines, letters and words further apart, as WCAG 1.4.12 has it: nothing leaves its button."""
    sheet = open_page(**LOOKS["320"])
    sheet.act(4, "edit").click()
    sheet.page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets.push(sheet);
        }""",
        SPACED,
    )
    outside = sheet.js(
        """[...document.querySelectorAll("button, a, label, h1, p")]
            .filter((e) => e.checkVisibility() && !e.matches(".skip"))
            .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth
                || e.getBoundingClientRect().right > document.documentElement.clientWidth)
            .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert outside == []


def test_a_phone_has_room_for_the_script(open_page):
    """What stands above the script takes a third of the smallest screen, and scrolls away."""
    sheet = open_page(**LOOKS["320"])
    assert sheet["#top"].bounding_box()["height"] < 640 / 3
    sheet.act(6, "edit").click()
    outside = sheet.card(6).evaluate(
        """card => [...card.querySelectorAll("button, textarea, select, input")]
            .filter((e) => e.getBoundingClientRect().right > card.getBoundingClientRect().right)
            .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert outside == []
    sheet.press("Escape")
    sheet.card(6).focus()
    sheet.press("j")
    assert sheet["#top"].evaluate("e => e.getBoundingClientRect().bottom") <= 0


def test_an_editor_has_few_rows(bridge):
    """Beside chapters and source, the buttons below the words are three rows."""
    bridge.page.set_viewport_size({"width": 1280, "height": 800})
    bridge.act(4, "edit").click()
    rows = bridge[".editor > .row"].evaluate_all(
        "rows => rows.map((row) => row.offsetHeight / row.lastElementChild.offsetHeight)"
    )
    assert rows == [1, 1, 1]
    bridge.press("Escape")


def test_print(bridge):
    """On paper there is the script, not what one would click."""
    bridge.page.emulate_media(media="print")
    expect(bridge.card(4).locator(".text")).to_be_visible()
    assert bridge["button:visible:not(.name, .rail)"].count() == 0


def test_motion_can_be_reduced(open_page):
    """Who wants no motion has none."""
    sheet = open_page(reduced_motion="reduce", **DESKTOP)
    assert (
        sheet["#building"].evaluate("e => getComputedStyle(e, '::before').animationName") == "none"
    )
