"""Changing what is spoken on the review page, and hearing it at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.house import building_elsewhere

LAVROV = "Sergei Lavrov, who owns the old boat, will be on the first crossing."
NEW = "Sergei Lahv-roff, who owns the old boat, will be on the first crossing."


def number_of(sheet, text):
    """Return the number of the segment with a text."""
    found = [s["number"] for s in sheet.desk.document(sheet.id)["segments"] if text in s["text"]]
    return found[0]


def clips(sheet):
    """Return the clip of every segment, as the server tells it."""
    return [segment["clip"] for segment in sheet.desk.document(sheet.id)["segments"]]


def test_a_rewritten_segment_is_heard_at_once(sheet):
    """One clip changes, it plays, the focus is on its Approve, and then the sound has it, too."""
    n = number_of(sheet, LAVROV)
    before = clips(sheet)
    url = sheet.js("sound.src")
    with building_elsewhere(sheet.desk.root):
        sheet.rewrite(n, NEW)
        clip = sheet.when("!clip.paused && clip.currentTime > 0.05 && clip.dataset.clip")
        after = clips(sheet)
        changed = [i for i, pair in enumerate(zip(before, after, strict=True)) if len({*pair}) > 1]
        assert changed == [n - 1]
        assert after[n - 1] == clip
        sheet.when("clip.ended || clip.paused")
    sheet.built()
    sheet.when(f"sound.src !== '{url}'")
    manifest = sheet.desk.manifest(sheet.id)
    assert manifest["segments"][n - 1]["text"] == NEW
    assert [s["clip"] for s in manifest["segments"]] == after
    expect(sheet.act(n, "approve")).to_be_focused()
    expect(sheet.card(n).locator(".version")).to_have_text("version 2")


def test_the_new_clip_plays_in_its_place_before_the_sound_is_built(sheet):
    """Playing through: the old sound, the new clip where it belongs, and the old sound again."""
    n = number_of(sheet, LAVROV)
    with building_elsewhere(sheet.desk.root):
        sheet.rewrite(n, NEW)
        sheet.when("clip.ended")
        expect(sheet["#building"]).to_be_visible()
        sheet["#speed"].fill("2")
        sheet["#speed"].blur()
        log = sheet.page.evaluate(
            """n => new Promise((done) => {
                const [sound, clip] = ["sound", "clip"].map((id) => document.getElementById(id));
                const log = [];
                const look = setInterval(() => {
                    const now = document.querySelector(".now").segment.number;
                    const on = [sound, clip].filter((audio) => !audio.paused).map((a) => a.id);
                    log.push([on.join(" and "), now, sound.currentTime]);
                    if (now > n + 1) { clearInterval(look); done(log); }
                }, 15);
                document.querySelector(`#cards > :nth-child(${n - 1}) [data-act=play]`).click();
            })""",
            n,
        )
        kinds = [kind for kind, *_ in log if kind]
        runs = [kind for i, kind in enumerate(kinds) if i == 0 or kinds[i - 1] != kind]
        assert runs == ["sound", "clip", "sound"]
        assert {now for kind, now, _ in log if kind == "clip"} == {n}
        # Nothing of the old words was heard.
        old = sheet.desk.manifest(sheet.id)["segments"][n - 1]
        inside = [
            at
            for kind, _, at in log
            if kind == "sound"
            if old["start_ms"] < at * 1000 < old["end_ms"]
        ]
        assert inside == []


def test_playing_goes_on_in_the_new_sound(sheet):
    """While it plays, another segment is changed elsewhere: the sound is exchanged under it."""
    n = number_of(sheet, "The first boat leaves")
    segment = sheet.desk.document(sheet.id)["segments"][n - 1]
    url = sheet.js("sound.src")
    sheet.act(2, "play").click()
    sheet.when("!sound.paused")
    seen = {name: segment[name] for name in ("text", "voice", "speaker")}
    body = {"op": "words", "segment": segment["id"], "seen": seen, "text": "It leaves at noon."}
    sheet.desk.post(f"{sheet.api}/fix", body)
    sheet.when(f"sound.src !== '{url}' && !sound.paused && sound.currentTime > 1")
    expect(sheet.card(n).locator(".text")).to_have_text("It leaves at noon.")
    assert sheet.js("document.querySelector('.now').segment.number") < n


def test_hear_it_saves_nothing(sheet):
    """A respelled word is heard before anything is saved."""
    script = sheet.desk.folder(sheet.id) / "script.md"
    before = script.read_bytes()
    n = number_of(sheet, LAVROV)
    sheet.card(n).locator(".name", has_text="Lavrov").click()
    expect(sheet["#sa-word"]).to_have_value("Lavrov")
    expect(sheet["#sa-as"]).to_be_focused()
    sheet["#sa-as"].fill("Lahv-roff")
    sheet["#sa-hear"].click()
    sheet.when("!ear.paused && ear.currentTime > 0.05")
    expect(sheet["#sa-heard"]).to_contain_text("lahv-roff", ignore_case=True)
    assert script.read_bytes() == before
    assert sheet.desk.document(sheet.id)["words"] == []
    sheet.press("Escape")
    expect(sheet.card(n).locator(".name")).to_be_focused()


@pytest.mark.parametrize(("scope", "count"), [("here", 1), ("episode", 2)])
def test_a_word_is_said_otherwise(sheet, scope, count):
    """The number that is shown first is the number of segments that are another sound then."""
    n = number_of(sheet, LAVROV)
    before = clips(sheet)
    sheet.card(n).locator(".name").click()
    sheet["#sa-as"].fill("Lahv-roff")
    sheet[f"#say-as [value={scope}]"].check()
    expect(sheet[f"#sa-{scope}"]).to_have_text(f"{count} segment{'s' if count > 1 else ''}")
    sheet["#sa-save"].click()
    sheet.says(f"in {count} segment")
    expect(sheet.act(n, "approve")).to_be_focused()
    sheet.when("!clip.paused || !sound.paused")
    after = clips(sheet)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == count
    texts = [s["text"] for s in sheet.desk.document(sheet.id)["segments"]]
    assert texts[n - 1] == LAVROV
    sheet[".views [data-view=words]"].click()
    expect(sheet["#words li"]).to_contain_text("Lavrov “Lahv-roff”")
    sheet["#words li button"].click()
    sheet.says("said as before")
    assert clips(sheet) == before
    sheet.built()


def test_everywhere_in_the_show(open_page, desk):
    """The count is shown first, of all episodes; then all of them are spoken anew."""
    ids = [desk.id_of(f"council-{name}") for name in ("budget", "library")]
    before = [[s["clip"] for s in desk.document(one)["segments"]] for one in ids]
    sheet = open_page(ids[0])
    sheet.card(number_of(sheet, "Mayor Zyrianov")).locator(".name").click()
    sheet["#sa-as"].fill("Zee-ree-ah-noff")
    sheet["#say-as [value=show]"].check()
    expect(sheet["#sa-show"]).to_have_text("3 segments in 2 episodes")
    sheet.press("Control+Enter")
    sheet.says("in 3 segments")
    sheet.built()
    after = [[s["clip"] for s in desk.document(one)["segments"]] for one in ids]
    changed = [
        a != b
        for old, new in zip(before, after, strict=True)
        for a, b in zip(old, new, strict=True)
    ]
    assert sum(changed) == 3


def test_letters_and_ipa(sheet):
    """A word can be spelled out, or given in IPA; what is missing is asked for."""
    n = number_of(sheet, LAVROV)
    sheet.card(n).locator(".name").click()
    sheet["#sa-hear"].click()
    expect(sheet["#sa-problem"]).to_contain_text("How is it said?")
    sheet["#say-as [value=letters]"].check()
    expect(sheet["#sa-as"]).to_be_hidden()
    sheet["#sa-hear"].click()
    sheet.when("!ear.paused && ear.currentTime > 0.05")
    sheet["#say-as [value=ipa]"].check()
    expect(sheet["#sa-as-label"]).to_have_text("In IPA", use_inner_text=True)


def test_a_double_click_picks_a_word(sheet):
    """Any word of the script can be said otherwise, known or not."""
    n = number_of(sheet, "The first boat leaves")
    box = (
        sheet.card(n)
        .locator(".text")
        .evaluate(
            """text => {
            const range = document.createRange(), at = text.textContent.indexOf("boat");
            range.setStart(text.firstChild, at);
            range.setEnd(text.firstChild, at + 4);
            const box = range.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
        )
    )
    sheet.page.mouse.dblclick(*box)
    expect(sheet["#sa-word"]).to_have_value("boat")
    expect(sheet["#sa-episode"]).to_have_text("3 segments")


def test_voice_and_speaker(sheet):
    """Another voice speaks; another speaker is named; the words stay."""
    n = number_of(sheet, "The first boat leaves")
    text = sheet.card(n).locator(".text").inner_text()
    before = clips(sheet)
    sheet.act(n, "edit").click()
    sheet.card(n).locator("select").select_option("guest-3")
    sheet.card(n).locator("[data-act=hear]").click()
    sheet.when("!ear.paused && ear.currentTime > 0.05")
    sheet.press("Control+Enter")
    expect(sheet.card(n).locator(".voice")).to_have_text("guest-3")
    sheet.when("!clip.paused || !sound.paused")
    after = clips(sheet)
    assert [i + 1 for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [n]
    q = number_of(sheet, "My father")
    sheet.act(q, "edit").click()
    sheet.card(q).locator(".editor input").fill("Olga Lavrova")
    sheet.press("Control+Enter")
    expect(sheet.card(q).locator(".who")).to_have_text("Olga Lavrova")
    assert text == sheet.card(n).locator(".text").inner_text()
    sheet.act(q, "edit").click()
    sheet.card(q).locator(".editor input").fill("")
    sheet.press("Control+Enter")
    expect(sheet.card(q).locator(".who")).to_have_text("narrator")
    expect(sheet.card(q).locator(".editor")).to_have_count(0)
    sheet.built()


def test_split_join_move_and_undo(sheet):
    """A segment is cut at the cursor, joined again, moved, and everything can be taken back."""
    n = number_of(sheet, LAVROV)
    total = sheet["#cards > .card"].count()
    sheet.act(n, "edit").click()
    sheet.card(n).locator("textarea").evaluate("t => t.setSelectionRange(14, 14)")
    sheet.card(n).locator("[data-act=split]").click()
    expect(sheet["#cards > .card"]).to_have_count(total + 1)
    sheet.says("split in two")
    expect(sheet.card(n).locator(".text")).to_have_text("Sergei Lavrov,")
    sheet.act(n, "edit").click()
    sheet.card(n).locator("[data-act=join]").click()
    expect(sheet["#cards > .card"]).to_have_count(total)
    expect(sheet.card(n).locator(".text")).to_have_text(LAVROV)
    sheet.act(n, "edit").click()
    sheet.card(n).locator("[data-act=down]").click()
    sheet.says("moved down")
    expect(sheet.card(n + 1).locator("textarea")).to_have_value(LAVROV)
    expect(sheet.card(n + 1).locator("[data-act=down]")).to_be_focused()
    sheet.card(n + 1).locator("[data-act=up]").click()
    expect(sheet.card(n).locator("textarea")).to_have_value(LAVROV)
    sheet.press("Escape")
    sheet.built()


def test_undo_brings_the_clip_and_its_approval_back(sheet):
    """Versions are kept by segment; what was approved is approved again."""
    n = number_of(sheet, LAVROV)
    before = clips(sheet)
    sheet.act(n, "approve").click()
    expect(sheet.card(n).locator(".state")).to_have_text("approved")
    sheet.rewrite(n, NEW)
    expect(sheet.card(n).locator(".state")).to_contain_text("not heard")
    sheet.act(n, "undo").click()
    expect(sheet.card(n).locator(".text")).to_have_text(LAVROV)
    expect(sheet.card(n).locator(".state")).to_have_text("approved")
    expect(sheet.act(n, "approve")).to_be_focused()
    assert clips(sheet) == before
    sheet.built()


def test_left_out_and_restored(sheet):
    """What is left out is struck out in the source, and comes back with a click."""
    n = number_of(sheet, "The first boat leaves")
    total = sheet["#cards > .card"].count()
    sheet.act(n, "edit").click()
    sheet.card(n).locator("[data-act=leave]").click()
    expect(sheet["#cards > .card"]).to_have_count(total - 1)
    assert sheet.js("!!document.activeElement.closest('.card')")
    sheet.built()
    row = sheet["#source .dropped"].filter(has_text="The first boat leaves")
    expect(row.locator("del")).to_have_text("The first boat leaves at six in the morning.")
    row.locator("[data-restore]").click()
    expect(sheet["#cards > .card"]).to_have_count(total)
    sheet.says("Restored")
    sheet.built()


def test_what_is_left_out_comes_back_with_u(sheet):
    """Right after it, U takes it back, wherever the focus has gone."""
    n = number_of(sheet, "The first boat leaves")
    total = sheet["#cards > .card"].count()
    sheet.act(n, "edit").click()
    sheet.card(n).locator("[data-act=leave]").click()
    sheet.says("U brings it back")
    expect(sheet["#cards > .card"]).to_have_count(total - 1)
    sheet.press("u")
    expect(sheet["#cards > .card"]).to_have_count(total)
    expect(sheet.card(n).locator(".text")).to_contain_text("The first boat leaves")
    expect(sheet.act(n, "approve")).to_be_focused()
    sheet.built()


def test_nothing_is_typed_into_a_segment_that_is_being_saved(sheet):
    """It would be lost; nor does Escape throw away what the server has not taken yet."""
    held = []
    sheet.page.route("**/fix", lambda route: held.append(route))  # noqa: PLW0108 - wants a name
    sheet.type(4, "The ferry is back.")
    with sheet.page.expect_request("**/fix"):
        sheet.press("Control+Enter")
    sheet.page.keyboard.type(" More.")
    sheet.press("Control+Enter", "Escape")
    expect(sheet.card(4).locator("textarea")).to_have_value("The ferry is back.")
    assert len(held) == 1
    held[0].abort()
    expect(sheet.card(4).locator(".problem")).to_contain_text("Your words are kept")
    sheet.page.unroute("**/fix")
    expect(sheet.card(4).locator(".text")).to_have_text("The ferry is back.")
    sheet.built()
    assert all("ERR_" in complaint for complaint in sheet.complaints)
    sheet.complaints.clear()


def test_what_could_not_be_done_is_told(sheet):
    """An undo is not done later by itself; so the page says that it is not done."""
    sheet.rewrite(4, "The ferry is back.")
    sheet.page.route("**/fix", lambda route: route.abort())
    sheet.act(4, "undo").click()
    sheet.says("Not done: the server does not answer")
    sheet.page.unroute("**/fix")
    sheet.built()
    sheet.complaints.clear()


def test_a_server_that_takes_its_time(open_page):
    """Who waits is told so."""
    sheet = open_page(at=None)
    sheet.page.clock.install()
    sheet.open()
    held = []
    sheet.page.route("**/say", lambda route: held.append(route))  # noqa: PLW0108 - wants a name
    sheet.act(4, "edit").click()
    with sheet.page.expect_request("**/say"):
        sheet.card(4).locator("[data-act=hear]").click()
    sheet.page.clock.fast_forward(5_000)
    sheet.says("Still waiting for the server")
    held[0].abort()
    expect(sheet.card(4).locator(".problem")).to_contain_text("does not answer")
    sheet.complaints.clear()


def test_notes_and_clips_that_there_are_not(sheet):
    """The server's notes are told; what cannot be spoken says so on its card, and is skipped."""

    def without_clip(route):
        answer = route.fetch()
        body = answer.json()
        document = body.get("document", body)
        document["segments"][3].update(clip_url=None, in_sound=None)
        if "notes" in body:
            body["notes"] = ["the engine has no such sound"]
        route.fulfill(response=answer, json=body)

    sheet.page.route("**/fix", without_clip)
    sheet.page.route(f"**{sheet.api}", without_clip)
    sheet.rewrite(4, "The ferry is back.")
    sheet.says("Segment 4 is saved, and cannot be spoken. The engine has no such sound")
    expect(sheet.card(4).locator(".concerns")).to_contain_text("cannot be spoken")
    sheet.act(4, "play").click()
    sheet.says("Segment 4 cannot be spoken as it stands")
    assert sheet.js("sound.paused && clip.paused")
    sheet.built()
    sheet.js("sound.playbackRate = 4")
    sheet.act(3, "play").click()
    sheet.when("document.querySelector('.now').segment.number === 5 && !sound.paused")


def test_a_clip_whose_length_is_not_known_yet_plays(sheet):
    """The server may not know how long the new clip is: it is heard, and not what follows it."""

    def without_length(route):
        answer = route.fetch()
        body = answer.json()
        segment = body.get("document", body)["segments"][3]
        if segment["in_sound"] is None:
            segment["end_ms"] = segment["start_ms"]
        route.fulfill(response=answer, json=body)

    sheet.page.route("**/fix", without_length)
    sheet.page.route(f"**{sheet.api}", without_length)
    with building_elsewhere(sheet.desk.root):
        sheet.rewrite(4, "The ferry is back.")
        sheet.when("clip.ended && sound.paused")
        assert sheet.js("document.querySelector('.now').segment.number") == 4
    sheet.built()


def test_a_word_that_is_not_there(sheet):
    """An entry that would change nothing is not made; the numbers are there before it is."""
    sheet.card(4).focus()
    sheet.press("s")
    sheet["#sa-as"].fill("zizzy")
    sheet["#sa-word"].fill("xyzzy")
    sheet.press("Control+Enter")
    expect(sheet["#sa-problem"]).to_contain_text("Save again if they are right")
    sheet.press("Control+Enter")
    expect(sheet["#sa-problem"]).to_have_text("“xyzzy” is not in this episode")
    assert sheet.desk.document(sheet.id)["words"] == []


def test_dropped_furniture_is_shown_with_its_reason(sheet):
    """Each sentence that is not spoken stands in the source, struck out, and can be restored."""
    row = sheet["#source .dropped"].filter(has_text="Sign up for our newsletter")
    expect(row).to_contain_text("not spoken: page furniture: newsletter sign-up")
    assert (
        row.locator("del").evaluate("d => getComputedStyle(d).textDecorationLine") == "line-through"
    )
    total = sheet["#cards > .card"].count()
    row.locator("[data-restore]").click()
    expect(sheet["#cards > .card"]).to_have_count(total + 1)
    expect(sheet["#cards"]).to_contain_text("Sign up for our newsletter")
    sheet.built()


def test_a_draft_survives_a_reload(sheet):
    """What is typed and not saved is there again, and can be cancelled."""
    n = number_of(sheet, LAVROV)
    sheet.type(n, "Half a senten")
    sheet.reload()
    expect(sheet.card(n).locator("textarea")).to_have_value("Half a senten")
    sheet.card(n).locator("textarea").focus()
    sheet.press("Escape")
    expect(sheet.card(n).locator(".text")).to_have_text(LAVROV)
    expect(sheet.act(n, "edit")).to_be_focused()
    sheet.reload()
    expect(sheet["textarea"]).to_have_count(0)


def test_nothing_to_say_is_refused(sheet):
    """An empty segment is not saved, and the page says what to do instead."""
    n = number_of(sheet, LAVROV)
    sheet.type(n, "   ")
    sheet.press("Control+Enter")
    expect(sheet.card(n).locator(".problem")).to_contain_text("leave it out")
    expect(sheet.card(n).locator("textarea")).to_be_focused()


def test_unknown_names_are_marked_in_words_too(sheet):
    """A name that no dictionary knows is underlined, and said to be unknown in text."""
    n = number_of(sheet, LAVROV)
    name = sheet.card(n).locator(".name")
    assert "underline" in name.evaluate("b => getComputedStyle(b).textDecorationLine")
    expect(name).to_have_attribute("aria-label", re.compile("no dictionary"))
    expect(sheet.card(n).locator(".concerns")).to_contain_text("Lavrov")


def test_texts_of_strangers_are_text(open_page, desk):
    """Markup in an article is shown as it is written, and nothing of it runs."""
    (folder,) = desk.root.glob("episodes/*storm*")
    sheet = open_page(folder.name)
    sheet.page.on("dialog", lambda dialog: sheet.complaints.append(dialog.message))
    expect(sheet["#title"]).to_contain_text("Storm")
    assert sheet["#cards img, #cards script, #cards b b, #source img, #source script"].count() == 0
    sheet.type(3, '<img src=x onerror=alert(1)> & "quotes" </textarea>')
    sheet.press("Control+Enter")
    expect(sheet.card(3).locator(".text")).to_have_text(
        '<img src=x onerror=alert(1)> & "quotes" </textarea>'
    )
    assert sheet["#cards img"].count() == 0


def test_the_new_sound_counts_as_heard_only_where_it_plays(sheet):
    """After the sound is exchanged, what lies before the place in it has not been played."""
    n = number_of(sheet, "The first boat leaves")
    url = sheet.js("sound.src")
    posted = []
    sheet.page.on(
        "request",
        lambda request: posted.append(request.post_data_json) if "/played" in request.url else None,
    )
    sheet.rewrite(n, "It leaves at noon.")
    sheet.when("!sound.paused || !clip.paused")
    sheet.when("sound.paused && clip.paused")
    sheet.built()
    sheet.when(f"sound.src !== '{url}'")
    sheet["#speed"].fill("2")
    sheet["#speed"].blur()
    sheet["#play"].click()
    sheet.when("document.querySelector('.now').segment.number === 9 && sound.currentTime > 1")
    sheet["#play"].click()
    sheet.when("!Object.keys(localStorage).some(k => k.includes('outbox'))")
    ids = [segment["id"] for segment in sheet.desk.document(sheet.id)["segments"]]
    assert {ids.index(body["segment"]) + 1 for body in posted} <= {n, n + 1}
    heard = [segment["heard"] for segment in sheet.desk.document(sheet.id)["segments"]]
    assert heard[: n - 1] == [0] * (n - 1)


def test_an_answer_that_is_older_than_a_fix_is_thrown_away(sheet):
    """The episode is asked for, then changed: the older answer comes last, and does not count."""
    n = number_of(sheet, LAVROV)
    held = []

    def hold(route):
        held.append(route)
        if len(held) == 1:
            # The answer of now, given later.
            older.append(sheet.desk.bytes(sheet.api))
        else:
            route.continue_()

    older = []
    sheet.page.route(f"**{sheet.api}", hold)
    segment = sheet.desk.document(sheet.id)["segments"][0]
    body = {"segments": [{"id": segment["id"], "clip": segment["clip"]}], "verdict": "approved"}
    with sheet.page.expect_request(f"**{sheet.api}"):
        sheet.desk.post(f"{sheet.api}/mark", body)
    sheet.rewrite(n, NEW)
    held[0].fulfill(body=older[0], content_type="application/json")
    sheet.built()
    expect(sheet.card(n).locator(".text")).to_have_text(NEW)
    expect(sheet.card(1).locator(".state")).to_have_text("approved")
