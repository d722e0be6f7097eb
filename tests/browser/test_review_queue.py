"""The queue of drafts, and what no page of the review may do."""

import http.client
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

import audiobrief.review
from tests.browser.axe import violations

STATIC = Path(audiobrief.review.__file__).parent / "static"
LARGE = 1_000


@pytest.fixture
def queue(open_page, desk):
    """Return the page of the queue."""
    sheet = open_page("-", at=None)
    sheet.page.goto(desk.url)
    expect(sheet["#groups a"].first).to_be_visible()
    return sheet


def row(queue, episode):
    """Return an episode's row."""
    return queue["#groups li"].filter(has=queue.page.locator(f"a[href='/episode/{episode}']"))


def test_the_queue_leads_to_the_drafts(queue, desk):
    """Drafts are first, with their state in words, length, and what is left."""
    expect(queue["#groups h2"].first).to_contain_text("To review")
    bridge = row(queue, desk.id_of("a-bridge-for-the-valley"))
    length = (
        desk.manifest(desk.id_of("a-bridge-for-the-valley"))["enclosure"]["duration_ms"] // 1000
    )
    expect(bridge).to_contain_text(f"{length // 60}:{length % 60:02}")
    expect(bridge).to_contain_text("draft")
    expect(bridge).to_contain_text("0 of")
    bridge.locator("a").click()
    expect(queue["#title"]).to_have_text("A bridge for the valley")
    queue["#show"].click()
    expect(queue["#groups a"].first).to_be_visible()


def test_the_queue_shows_changes_at_once(queue, desk):
    """What is marked elsewhere is counted here."""
    episode = desk.take()
    segment = desk.document(episode)["segments"][0]
    body = {"segments": [{"id": segment["id"], "clip": segment["clip"]}], "verdict": "approved"}
    desk.post(f"/api/episodes/{episode}/mark", body)
    expect(row(queue, episode)).to_contain_text("1 of 9 approved")


def test_episodes_can_be_sought(queue):
    """By their title."""
    queue["#search"].fill("BRIDGE")
    expect(queue["#groups li:visible"]).to_have_count(1)


def test_a_queue_of_thousands(open_page, desk):
    """A hundred rows of a group are made at once; more on request, and all are sought."""

    def thousands(route):
        answer = route.fetch()
        document = answer.json()
        one = {**document["episodes"][0], "state": "published"}
        document["episodes"] = [
            {**one, "id": f"old-{n}", "title": f"Number {n}"} for n in range(5_000)
        ]
        route.fulfill(response=answer, json=document)

    sheet = open_page("-", at=None)
    sheet.page.route("**/api/episodes", thousands)
    sheet.page.goto(desk.url)
    rows = sheet["#groups li"]
    expect(rows).to_have_count(100)
    sheet["#groups button"].click()
    expect(rows).to_have_count(200)
    expect(sheet["#groups a[href='/episode/old-100']"]).to_be_focused()
    sheet["#search"].fill("number 4999")
    expect(rows).to_have_count(1)
    expect(sheet["#found"]).to_have_text("1 episode")
    assert violations(sheet.page) == []
    sheet["#search"].fill("")
    expect(rows).to_have_count(200)


def test_scripts_are_small(bridge):
    """All that a page loads is under 60 KB as it lies on the disk, without any packing."""
    loaded = bridge.js(
        """performance.getEntriesByType("resource").map((e) => e.name)
            .filter((name) => name.endsWith(".js")).map((name) => name.split("/").at(-1))"""
    )
    assert {"review.js", "player.js", "dom.js"} < {*loaded}
    assert sum((STATIC / name).stat().st_size for name in loaded) < 60_000


def test_pages_have_nothing_inline(desk):
    """The policy forbids it, and no page needs it."""
    for path in ("/", f"/episode/{desk.id_of('a-bridge-for-the-valley')}"):
        connection = http.client.HTTPConnection("127.0.0.1", desk.port)
        connection.request("GET", path)
        answer = connection.getresponse()
        policy = answer.headers["content-security-policy"]
        text = answer.read().decode()
        connection.close()
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_another_page_cannot_change_anything(bridge):
    """A page of another origin is refused, and so is a request without our header."""
    statuses = bridge.page.evaluate(
        """async (address) => Promise.all([
            fetch(address, { method: "POST", body: "{}" }),
            fetch(address, { method: "POST", body: "{}", headers: { "Accept": "text/html" } }),
        ]).then((answers) => answers.map((a) => a.status))""",
        f"{bridge.api}/mark",
    )
    assert all(400 <= status < 500 for status in statuses)
    bridge.complaints.clear()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, {403}),
        ({"Sec-Fetch-Site": "cross-site"}, {403}),
        ({"Host": "evil.example"}, {400, 421}),
    ],
)
def test_strangers_are_refused(desk, headers, status):
    """Another origin gets 403, another host 400 or 421."""
    connection = http.client.HTTPConnection("127.0.0.1", desk.port)
    given = {"Content-Type": "application/json", "X-Audiobrief": "review", **headers}
    connection.request("POST", "/api/episodes/x/mark", body="{}", headers=given)
    assert connection.getresponse().status in status
    connection.close()


def large(document):
    """Return an episode's document with a thousand segments."""
    one, segments, ledger = document["segments"][4], [], []
    for n in range(LARGE):
        start = n * 3600
        place = [start, start + 3400]
        same = {"id": f"{one['id']}-{n}", "number": n + 1, "start_ms": start, "end_ms": place[1]}
        segments.append({**one, **same, "in_sound": place})
        ledger.append(
            {"row": n, "article": 0, "text": one["text"], "segments": [same["id"]], "reason": None}
        )
    return {**document, "segments": segments, "ledger": ledger}


def test_a_thousand_segments(open_page, desk):
    """The first paint waits for none of them, and typing is never held up."""
    sheet = open_page(desk.id_of("a-bridge-for-the-valley"), at=None)
    text = json.dumps(large(desk.document(sheet.id)))
    sheet.page.route(
        f"**{sheet.api}", lambda route: route.fulfill(body=text, content_type="application/json")
    )
    sheet.page.goto(f"{desk.url}/episode/{sheet.id}")
    expect(sheet["#cards > .card"]).to_have_count(LARGE)
    # What is painted first is painted before the last of the thousand is made.
    painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    assert sheet.js(painted) < sheet.js("performance.now()")
    # Strips that would be a pixel wide are one.
    assert sheet[".states i"].count() == 1
    sheet.act(1, "edit").click()
    slowest = sheet.page.evaluate(
        """async () => {
            const box = document.querySelector("textarea");
            let slowest = 0;
            for (const letter of "the quick brown fox") {
                const start = performance.now();
                box.value += letter;
                box.dispatchEvent(new InputEvent("input", { bubbles: true }));
                slowest = Math.max(slowest, performance.now() - start);
                await new Promise((done) => setTimeout(done));
            }
            return slowest;
        }"""
    )
    # Of the page's own work for a letter; a frame has 16 ms.
    assert slowest < 100
    sheet.press("Escape")
    sheet.js(
        "document.querySelector('#cards').lastElementChild.querySelector('[data-act=approve]').focus()"
    )
    sheet.press("k")
    assert sheet.js("document.activeElement.segment.number") == LARGE - 1
