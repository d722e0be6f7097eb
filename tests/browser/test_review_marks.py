"""Marking, approving and publishing on the review page; the whole of it by keyboard."""

import json

import pytest
from playwright.sync_api import expect

from tests.support import run_audiobrief


def verdicts(sheet):
    """Return the verdict of every segment as the server has it."""
    return [segment["verdict"] for segment in sheet.desk.document(sheet.id)["segments"]]


def state(sheet, number):
    """Return where a card says its state in words."""
    return sheet.card(number).locator(".state")


def test_j_and_k_go_through_the_segments(sheet):
    """They put the focus on segments themselves, so that Space plays and presses no button."""
    sheet.press("j")
    expect(sheet.card(1)).to_be_focused()
    sheet.press("j", "J")
    expect(sheet.card(3)).to_be_focused()
    sheet.press("k")
    expect(sheet.card(2)).to_be_focused()
    sheet.press("Space")
    sheet.when("!sound.paused")
    sheet.press("Space")
    sheet.when("sound.paused")
    expect(sheet.card(2)).to_be_focused()


def test_enter_plays_the_segment_with_the_focus(sheet):
    """Enter plays from its first word, Enter again stops."""
    sheet.press("j", "j", "j", "Enter")
    sheet.when("!sound.paused && document.querySelector('.now').segment.number === 3")
    sheet.press("Enter")
    sheet.when("sound.paused")


def test_a_approves_and_goes_on(sheet):
    """The state changes in words, is counted, and survives a reload."""
    sheet.press("j", "a", "a")
    expect(sheet.card(3)).to_be_focused()
    for number in (1, 2):
        expect(state(sheet, number)).to_have_text("approved")
    expect(sheet["#count"]).to_have_text("2 of 9 approved")
    sheet.says("approved")
    sheet.when("!Object.keys(localStorage).some(k => k.includes('outbox'))")
    assert verdicts(sheet)[:3] == ["approved", "approved", "not heard"]
    sheet.reload()
    expect(state(sheet, 2)).to_have_text("approved")
    assert "Ana" in state(sheet, 2).get_attribute("title")


def test_a_double_click_is_one_click(sheet):
    """Who is used to clicking twice does not take the approval back with it."""
    sheet.act(2, "approve").dblclick()
    expect(state(sheet, 2)).to_have_text("approved")
    sheet.act(2, "approve").click()
    expect(state(sheet, 2)).to_contain_text("not heard")


def test_x_marks_with_a_note(sheet):
    """The note is kept; a second X takes the mark back."""
    sheet.press("j", "j", "x")
    sheet.page.keyboard.type("axe the 'x', a name")
    sheet.press("Enter")
    expect(sheet.card(2)).to_be_focused()
    expect(state(sheet, 2)).to_have_text("needs fix")
    expect(sheet.card(2).locator(".note")).to_have_text("Note: axe the 'x', a name")
    sheet.reload()
    expect(sheet.card(2).locator(".note")).to_have_text("Note: axe the 'x', a name")
    expect(sheet["#count"]).to_contain_text("1 to fix")
    sheet.card(2).focus()
    sheet.press("x")
    expect(state(sheet, 2)).to_have_text("not heard")


def test_e_edits_and_escape_returns(sheet):
    """E opens the words, keys are letters in there, Escape brings the focus back."""
    sheet.press("j", "j", "e")
    box = sheet.card(2).locator("textarea")
    expect(box).to_be_focused()
    sheet.press("End")
    sheet.page.keyboard.type(" jax?[")
    expect(box).to_have_value("Ferry news " + sheet.id.rpartition("-")[2] + " jax?[")
    sheet.press("Escape")
    expect(sheet.act(2, "edit")).to_be_focused()
    expect(state(sheet, 2)).to_have_text("not heard")
    assert sheet["dialog[open]"].count() == 0


def test_u_takes_a_change_back(sheet):
    """U undoes the last change of the segment that has the focus."""
    sheet.rewrite(4, "The ferry is back.")
    sheet.press("u")
    expect(sheet.card(4).locator(".text")).to_contain_text("run again from Monday")
    expect(sheet.act(4, "approve")).to_be_focused()
    sheet.built()


def test_brackets_change_the_speed(sheet):
    """In steps of 0.05, and never beyond 0.5 and 4."""
    sheet.press("]", "]")
    expect(sheet["#speed"]).to_have_value("1.1")
    sheet.press("[")
    assert sheet.js("[sound.playbackRate, clip.playbackRate]") == [1.05, 1.05]
    sheet["#speed"].fill("9")
    sheet["#speed"].blur()
    expect(sheet["#speed"]).to_have_value("4")


def test_keys_are_listed_and_can_be_switched_off(sheet):
    """Escape closes the list; switched off, single keys do nothing, also after a reload."""
    sheet.press("?")
    expect(sheet["#keys"]).to_be_visible()
    for key in ("Space", "J", "K", "Enter", "A", "X", "E", "U", "[", "]", "Ctrl+Enter", "Esc", "?"):
        expect(sheet["#keys kbd"].get_by_text(key, exact=True)).to_be_visible()
    sheet.press("j")
    sheet["#keys-on"].uncheck()
    # Behind an open dialog nothing is read out.
    expect(sheet["#keys [role=status]"]).to_have_text("Keys are off")
    sheet.press("Escape")
    expect(sheet["#keys"]).to_be_hidden()
    sheet.reload()
    sheet.press("j", "a", "?")
    assert sheet["dialog[open]"].count() == 0
    assert sheet.js("document.activeElement === document.body")
    sheet["#help"].click()
    sheet["#keys-on"].check()
    sheet["#keys button"].click()
    expect(sheet["#help"]).to_be_focused()
    sheet["#help"].blur()
    sheet.press("j")
    expect(sheet.card(1)).to_be_focused()


@pytest.mark.parametrize("speed", [1.5, 6])
def test_heard_is_what_was_really_played(sheet, speed):
    """A jump to the end is not heard; nine tenths played are, at any speed; and it is kept."""
    segment = sheet.desk.document(sheet.id)["segments"][3]
    start, end = segment["start_ms"] / 1000, segment["end_ms"] / 1000
    sheet.when("sound.readyState > 1")
    sheet.js(f"sound.playbackRate = clip.playbackRate = {speed}")
    sheet.page.evaluate(
        """([start, end]) => new Promise((done) => {
            const sound = document.getElementById("sound");
            sound.currentTime = end - 0.35;
            sound.play();
            sound.onpause = done;
            const look = () => {
                if (sound.currentTime > end + 0.2) sound.pause();
                else setTimeout(look, 5);
            };
            look();
        })""",
        [start, end],
    )
    sheet.act(1, "play").click()
    sheet.when("!sound.paused")
    sheet["#play"].click()
    assert state(sheet, 4).inner_text().startswith("not heard")
    sheet.act(4, "play").click()
    sheet.js(f"sound.playbackRate = {speed}")
    sheet.when(f"sound.currentTime > {end + 0.1}")
    sheet["#play"].click()
    expect(state(sheet, 4)).to_have_text("heard")
    sheet.when("!Object.keys(localStorage).some(k => k.includes('outbox'))")
    assert verdicts(sheet)[3] == "heard"
    sheet.reload()
    expect(state(sheet, 4)).to_have_text("heard")


def test_what_is_spoken_anew_is_not_heard(sheet):
    """Its new clip has to be heard; alone, it is."""
    sheet.js("sound.playbackRate = 3")
    sheet.act(4, "play").click()
    sheet.when("document.querySelector('.now').segment.number === 5")
    sheet["#play"].click()
    expect(state(sheet, 4)).to_have_text("heard")
    sheet.type(4, "The ferry is back.")
    sheet.js("clip.defaultPlaybackRate = clip.playbackRate = 1")
    sheet.press("Control+Enter")
    expect(state(sheet, 4)).to_contain_text("not heard")
    sheet.when("sound.paused && clip.paused && document.activeElement.dataset.act === 'approve'")
    expect(state(sheet, 4)).to_have_text("heard")
    sheet.built()
    sheet.reload()
    expect(state(sheet, 4)).to_have_text("heard")


def test_all_that_was_heard_is_approved_at_once(sheet):
    """One button for it, which tells how many."""
    sheet["#speed"].fill("4")
    sheet["#speed"].blur()
    sheet["#play"].click()
    sheet.when(
        "sound.ended || (document.querySelector('.now').segment.number === 9 && sound.paused)",
        30_000,
    )
    expect(sheet["#approve-heard"]).to_have_text("Approve 9 heard")
    sheet["#approve-heard"].click()
    expect(sheet["#count"]).to_have_text("9 of 9 approved")
    expect(sheet["#publish"]).to_be_focused()
    assert set(verdicts(sheet)) == {"approved"}
    status = json.loads(run_audiobrief("status", "--json", cwd=sheet.desk.root).stdout)
    (one,) = [e for e in status["episodes"] if e["directory"].endswith(sheet.id)]
    assert one["state"] == "approved"


def test_publish_is_refused_then_done(sheet):
    """All reasons are told, by keyboard as well; then it enters the feed once."""
    sheet["#publish"].focus()
    expect(sheet["#publish"]).to_have_attribute("aria-disabled", "true")
    sheet.press("Enter")
    expect(sheet["#release"]).to_contain_text("9 segments still need approval")
    expect(sheet["#release-go"]).to_be_hidden()
    sheet["#release-left"].click()
    expect(sheet["#filter"]).to_have_value("not approved")
    expect(sheet.card(1)).to_be_focused()
    sheet["#filter"].select_option("all")
    sheet.card(1).focus()
    sheet.press(*["a"] * 9)
    expect(sheet["#count"]).to_have_text("9 of 9 approved")
    expect(sheet["#publish"]).not_to_have_attribute("aria-disabled", "true")
    sheet["#publish"].click()
    expect(sheet["#release-yes"]).to_contain_text("9 segments. It enters the feed of Harbor News")
    sheet["#release-go"].click()
    sheet.says("Published")
    feed = (sheet.desk.root / "episodes" / "feed.xml").read_text(encoding="utf-8")
    assert feed.count(f'<guid isPermaLink="false">{sheet.desk.manifest(sheet.id)["guid"]}') == 1
    assert sheet.desk.manifest(sheet.id)["state"] == "published"


def test_filters(sheet):
    """Suspicious ones first, what needs a fix, what was not heard, and what is sought."""
    shown = sheet["#cards > .card:visible"]
    sheet["#filter"].select_option("suspicious")
    assert 0 < shown.count() < 9
    worst = shown.evaluate_all(
        "cards => cards.map((c) => Math.max(...c.segment.concerns.map((one) => one.score)))"
    )
    # In the order in which they are read and reached by Tab, not only in that of the eye.
    assert worst == sorted(worst, reverse=True)
    assert [*shown.evaluate_all("cards => cards.map((c) => c.getBoundingClientRect().top)")] == (
        sorted(shown.evaluate_all("cards => cards.map((c) => c.getBoundingClientRect().top)"))
    )
    sheet["#filter"].select_option("needs fix")
    expect(shown).to_have_count(0)
    sheet["#filter"].select_option("all")
    sheet.act(4, "fix").click()
    sheet.press("Escape")
    sheet["#filter"].select_option("needs fix")
    expect(shown).to_have_count(1)
    expect(sheet["#shown"]).to_have_text("1 of 9 segments")
    sheet["#filter"].select_option("not heard")
    expect(shown).to_have_count(8)
    sheet["#filter"].select_option("all")
    sheet["#search"].fill("olD BOAT")
    expect(shown).to_have_count(1)
    sheet["#search"].fill("")
    expect(shown).to_have_count(9)


def test_checks_name_the_worst_first(sheet):
    """What looks wrong is listed beside the script, and leads to its segment."""
    sheet[".views [data-view=checks]"].click()
    link = sheet["#checks [data-goto]"].filter(has_text="Lavrov").first
    link.click()
    assert sheet.js("document.activeElement.segment.unknown") == ["Lavrov"]
