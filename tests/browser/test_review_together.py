"""The review page while others change its episode, and while its server dies: no work is lost."""

from playwright.sync_api import expect

from tests.browser.house import building_elsewhere
from tests.browser.test_review_fixing import LAVROV, NEW, number_of
from tests.support import run_audiobrief

OTHER = "Sergei Lavrov will be on board."


def test_two_tabs_see_each_other(open_page):
    """What one marks or changes, the other shows without a reload."""
    one = open_page()
    two = open_page(one.id, context=one.page.context)
    one.act(2, "approve").click()
    expect(two.card(2).locator(".state")).to_have_text("approved")
    n = number_of(one, LAVROV)
    one.rewrite(n, NEW)
    expect(two.card(n).locator(".text")).to_have_text(NEW)
    one.built()
    two.built()
    assert one.when("!clip.seeking && sound.src") == two.when("sound.src")


def test_two_people_in_two_segments(open_page):
    """They are never in each other's way; a draft that is open stays open."""
    one = open_page()
    two = open_page(one.id)
    n = number_of(one, LAVROV)
    two.type(n, NEW)
    one.rewrite(4, "The ferry is back.")
    expect(two.card(4).locator(".text")).to_have_text("The ferry is back.")
    expect(two.card(n).locator("textarea")).to_have_value(NEW)
    expect(two.card(n).locator("textarea")).to_be_focused()
    two.press("Control+Enter")
    expect(one.card(n).locator(".text")).to_have_text(NEW)
    one.built()


def test_two_people_in_one_segment(open_page):
    """The second sees both versions, and chooses."""
    one = open_page()
    two = open_page(one.id)
    n = number_of(one, LAVROV)
    two.type(n, NEW)
    one.rewrite(n, OTHER)
    conflict = two.card(n).locator(".conflict")
    expect(conflict.locator(".theirs")).to_have_text(OTHER)
    expect(conflict.locator(".mine")).to_have_text(NEW)
    two.says("changed by somebody else")
    conflict.locator("[data-act=mine]").click()
    expect(two.card(n).locator(".text")).to_have_text(NEW)
    expect(one.card(n).locator(".text")).to_have_text(NEW)
    one.type(n, "Mine again.")
    two.rewrite(n, OTHER)
    one.card(n).locator("[data-act=theirs]").click()
    expect(one.card(n).locator(".text")).to_have_text(OTHER)
    one.built()


def test_a_change_that_the_page_has_not_heard_of_is_a_conflict(open_page):
    """The server refuses what was written over other words, and the page shows both."""
    sheet = open_page()
    sheet.page.route("**/api/events", lambda route: route.abort())
    sheet.reload()
    n = number_of(sheet, LAVROV)
    segment = sheet.desk.document(sheet.id)["segments"][n - 1]
    sheet.type(n, NEW)
    seen = {name: segment[name] for name in ("text", "voice", "speaker")}
    body = {"op": "words", "segment": segment["id"], "seen": seen, "text": OTHER}
    sheet.desk.post(f"{sheet.api}/fix", body)
    sheet.press("Control+Enter")
    expect(sheet.card(n).locator(".conflict .theirs")).to_have_text(OTHER)
    expect(sheet.card(n).locator("textarea")).to_have_value(NEW)
    sheet.complaints.clear()


def test_the_shell_beside_a_tab(sheet):
    """What a text editor and the shell do is shown; a draft in the page stays."""
    n = number_of(sheet, LAVROV)
    sheet.type(n, NEW)
    script = sheet.desk.folder(sheet.id) / "script.md"
    text = script.read_text(encoding="utf-8")
    script.write_text(
        text.replace("The first boat leaves", "The very first boat leaves"), encoding="utf-8"
    )
    expect(sheet["#cards"]).to_contain_text("The very first boat leaves")
    sheet.press("Control+Enter")
    expect(sheet.card(n).locator(".text")).to_have_text(NEW)
    sheet.built()
    assert run_audiobrief("approve", sheet.id, cwd=sheet.desk.root).code == 0
    expect(sheet["#count"]).to_have_text("9 of 9 approved")
    expect(sheet["#publish"]).not_to_have_attribute("aria-disabled", "true")


def test_the_server_is_killed_in_the_middle_of_a_rendering(open_page, desk):
    """The page says so, keeps what is done meanwhile, and recovers: nothing is lost."""
    sheet = open_page()
    n = number_of(sheet, LAVROV)
    with building_elsewhere(desk.root):
        sheet.rewrite(n, NEW)
        sheet.when("clip.ended")
        expect(sheet["#building"]).to_be_visible()
        port = desk.port
        desk.kill()
    try:
        expect(sheet["#gone"]).to_contain_text("does not answer")
        sheet.act(2, "approve").click()
        expect(sheet.card(2).locator(".state")).to_have_text("approved")
        sheet.type(4, "The ferry is back.")
        sheet.press("Control+Enter")
        expect(sheet.card(4).locator(".problem")).to_contain_text("saved as soon as it is back")
    finally:
        desk.start(port)
    expect(sheet["#gone"]).to_be_hidden(timeout=20_000)
    expect(sheet.card(4).locator(".text")).to_have_text("The ferry is back.")
    expect(sheet.card(n).locator(".text")).to_have_text(NEW)
    sheet.built()
    # So far, nothing but the server's absence was complained of.
    assert all("ERR_" in complaint for complaint in sheet.complaints)
    sheet.complaints.clear()
    sheet.reload()
    expect(sheet.card(2).locator(".state")).to_have_text("approved")
    texts = [segment["text"] for segment in desk.manifest(sheet.id)["segments"]]
    assert NEW in texts
    assert "The ferry is back." in texts
    sheet["#play"].click()
    sheet.when("!sound.paused && sound.currentTime > 0.2")


def test_a_page_that_is_reloaded_without_a_server_keeps_its_marks(open_page, desk):
    """What could not be sent is sent by the next page of the episode."""
    sheet = open_page()
    port = desk.port
    desk.kill()
    try:
        expect(sheet["#gone"]).to_be_visible()
        sheet.act(3, "fix").click()
        sheet.press("Escape")
        sheet.page.close()
    finally:
        desk.start(port)
    assert all("ERR_" in complaint for complaint in sheet.complaints)
    sheet.complaints.clear()
    again = open_page(sheet.id, context=sheet.page.context)
    again.when("!Object.keys(localStorage).some(k => k.includes('outbox'))")
    again.reload()
    expect(again.card(3).locator(".state")).to_have_text("needs fix")
