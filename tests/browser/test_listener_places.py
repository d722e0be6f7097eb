"""The listeners' pages wherever they are read: in frames, on paper, without scripts or colors."""

import json
import subprocess
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from lxml.html import fragments_fromstring
from playwright.sync_api import expect
from pypdf import PdfReader

from audiobrief.publish.pages import INDEX_ITEMS, render_index_page
from audiobrief.publish.paging import lay_out_pages, newest_first
from tests.browser.axe import violations
from tests.browser.listener_house import (  # noqa: F401 - fixtures
    HOSTILE,
    home_fixture,
    on_disk_fixture,
    put_page,
    segments_of,
    served_fixture,
    tab_fixture,
    tab_of,
    workspace_fixture,
)
from tests.publish.shows import make_episode, make_show
from tests.support import tool

PLACES = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colors": {"forced_colors": "active"},
    "forced colors, dark": {"forced_colors": "active", "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "small phone, dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
}
ARABIC = ("عادت العبّارة إلى الميناء القديم.", "قال القبطان إن الأسعار لم تتغير.")


def is_wider_than_the_screen(page):
    """Return whether a page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


# --- Everybody can use it ------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_an_episodes_page_is_accessible(on_disk, browser, place):
    """Before, and with something playing, something found, and following switched off."""
    with tab_of(browser, **PLACES[place]) as tab:
        page = tab.page
        page.goto(on_disk.page())
        assert violations(page) == []
        page.locator(".chapters li > button").nth(2).click()
        tab.until('!audio.paused && document.querySelector(".spoken[aria-current]")')
        tab.ask("audio.pause()")
        page.get_by_role("button", name="Follow").click()
        page.get_by_role("searchbox").fill("eleven")
        expect(page.locator("#found")).to_have_text("1 of 5")
        assert violations(page) == []
        assert not is_wider_than_the_screen(page)


@pytest.mark.parametrize("place", PLACES)
def test_the_list_is_accessible(on_disk, browser, place):
    """With an episode that is open, too."""
    with tab_of(browser, **PLACES[place]) as tab:
        tab.page.goto(f"{on_disk.url}index.html")
        assert violations(tab.page) == []
        tab.page.get_by_text("Listen here").first.click()
        tab.until("!audio.paused")
        tab.ask("audio.pause()")
        tab.page.get_by_role("searchbox").fill("ferry")
        assert violations(tab.page) == []
        assert not is_wider_than_the_screen(tab.page)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ('document.querySelector("#find").removeAttribute("aria-label")', "label"),
        ('document.querySelector(".soft").style.color = "#bbb"', "color-contrast"),
        ('document.querySelector("svg").removeAttribute("aria-label")', "svg-img-alt"),
        ('document.documentElement.removeAttribute("lang")', "html-has-lang"),
        ('document.querySelector("[data-skip]").removeAttribute("aria-label")', "button-name"),
    ],
)
def test_faults_are_found(on_disk, tab, fault, rule):
    """What finds nothing in a page with a fault proves nothing."""
    tab.page.goto(on_disk.page())
    tab.page.get_by_role("searchbox").evaluate("(field) => field.removeAttribute('placeholder')")
    tab.ask(fault)
    assert rule in {each.partition(":")[0] for each in violations(tab.page)}


@pytest.mark.parametrize("place", PLACES)
def test_a_phone_reads_the_feeds_address_from_the_screen(on_disk, browser, place, tmp_path):
    """ZBar reads the code as it is drawn, on dark screens and in forced colors, too."""
    zbarimg = tool("zbarimg")
    with tab_of(browser, **PLACES[place]) as tab:
        tab.page.goto(on_disk.page())
        # What is laid out late would move the code while its picture is taken.
        tab.page.locator(".piece").evaluate_all(
            "all => all.forEach((each) => { each.style.contentVisibility = 'visible'; })"
        )
        code = tab.page.locator(".qr")
        code.scroll_into_view_if_needed()
        code.screenshot(path=tmp_path / "code.png")
    command = [zbarimg, "--quiet", "--raw", tmp_path / "code.png"]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    assert read.stdout == "https://pod.example/feed.xml\n"


def test_everything_that_is_pressed_is_large_enough(on_disk, browser):
    """WCAG 2.2, 2.5.8: 24 pixels; buttons for fingers are taller."""
    with tab_of(browser, viewport={"width": 390, "height": 844}, has_touch=True) as tab:
        tab.page.goto(on_disk.page())
        sizes = tab.page.locator("button:visible, select:visible, input:visible").evaluate_all(
            "all => all.map((each) => [each.outerHTML, each.offsetWidth, each.offsetHeight])"
        )
        assert len(sizes) > 10
        assert [html for html, width, height in sizes if width < 44 or height < 44] == []


def test_right_to_left(browser, tmp_path):
    """The text begins on the right; our words stay English; nothing is cut off on a phone."""
    url = put_page(tmp_path / "day", segments_of(12, language="ar", texts=ARABIC), title="ميناء")
    with tab_of(browser, viewport={"width": 320, "height": 640}) as tab:
        tab.page.goto(url)
        text = tab.page.locator(".spoken").first
        box = text.bounding_box()
        assert box["x"] + box["width"] > 290
        assert violations(tab.page) == []
        assert not is_wider_than_the_screen(tab.page)
        tab.page.get_by_role("searchbox").fill("القبطان")
        expect(tab.page.locator("#found")).to_have_text("1 of 6")
        silent(tab)


@pytest.fixture
def elsewhere():
    """Return a function that puts HTML on a site of its own and gives its address."""
    servers = []

    def put(html):
        class Site(BaseHTTPRequestHandler):
            def do_GET(self):
                """Give the page, and no icon."""
                self.send_response(200 if self.path == "/" else 204)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                if self.path == "/":
                    self.wfile.write(f"<!doctype html><title>Site</title>{html}".encode())

            def log_message(self, *_arguments):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield put
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_first_stop_leads_past_the_player(on_disk, tab):
    """Whoever comes to read need not go through all controls."""
    tab.page.goto(on_disk.page())
    tab.page.keyboard.press("Tab")
    expect(tab.page.locator(":focus")).to_have_text("Skip to the transcript")
    expect(tab.page.locator(":focus")).to_be_in_viewport()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator(":focus")).to_have_text("Transcript")
    tab.page.keyboard.press("Tab")
    expect(tab.page.locator(":focus")).to_have_text("Follow")


def silent(tab):
    """Forget that a page has no sound and no pictures beside it; all else is a trouble."""
    tab.troubles[:] = [each for each in tab.troubles if "ERR_FILE_NOT_FOUND" not in each]


def test_a_private_page_offers_no_links_to_pass_on(browser, tmp_path):
    """They would have the listener's own address in them; all else works."""
    url = put_page(tmp_path / "day", segments_of(12), is_private=True)
    with tab_of(browser) as tab:
        tab.page.goto(url)
        expect(tab.page.locator(".chapters button")).to_have_count(3)
        expect(tab.page.get_by_role("button", name="Copy")).to_have_count(1)
        tab.page.get_by_role("searchbox").fill("bread")
        expect(tab.page.locator("#found")).to_have_text("1 of 4")
        assert violations(tab.page) == []
        silent(tab)


def test_an_episode_may_have_neither_chapters_nor_words(browser, tmp_path):
    """As one of an early version, or one that is damaged: it is a player."""
    episode = replace(segments_of(1), segments=(), chapters=(), articles=())
    url = put_page(tmp_path / "day", episode)
    with tab_of(browser) as tab:
        tab.page.goto(url)
        tab.page.get_by_role("button", name="Follow").click()
        tab.page.get_by_role("button", name="Forward 30 seconds").click()
        tab.page.get_by_role("searchbox").fill("bread")
        expect(tab.page.locator("#found")).to_have_text("Not found")
        assert violations(tab.page) == []
        silent(tab)


# --- In a frame ----------------------------------------------------------------------------------


def test_the_small_player_is_small_and_plays(home, browser):
    """Cover, title, player, chapters; the title leads to the whole page."""
    with tab_of(browser, viewport={"width": 560, "height": 320}) as tab:
        page = tab.page
        page.goto(home.page(then="?embed"))
        for shown in ("h1", "audio", ".cover", "#speed", ".chapters"):
            expect(page.locator(shown).first).to_be_visible()
        for hidden in (".transcript", ".subscribe", ".about", ".share", ".top"):
            expect(page.locator(hidden)).to_be_hidden()
        assert violations(page) == []
        page.get_by_role("button", name="The fares", exact=False).first.click()
        tab.until("!audio.paused && audio.currentTime > 58")
        tab.ask("audio.pause()")
        with page.expect_popup() as popup:
            page.get_by_role("link", name="Ferry returns").click()
        assert "embed" not in popup.value.url
        expect(popup.value.locator(".transcript")).to_be_visible()


@pytest.mark.parametrize("sandbox", ["", ' sandbox="allow-scripts"'])
def test_another_site_can_show_it(served, elsewhere, browser, sandbox):
    """As a frame of another origin, even of one that keeps nothing over visits."""
    with tab_of(browser) as tab:
        address = served.page(then="?embed#t=20")
        tab.page.goto(elsewhere(f'<iframe src="{address}" width="500" height="320"{sandbox}>'))
        frame = tab.page.frame_locator("iframe")
        expect(frame.locator("h1")).to_have_text("Ferry returns to the old harbor")
        frame.get_by_role("button", name="Forward 30 seconds").click()
        times = frame.locator("audio").evaluate(
            """async (audio) => {
                while (audio.currentTime < 50) await new Promise((next) => setTimeout(next, 20));
                await audio.play();
                const start = audio.currentTime;
                while (audio.currentTime === start) await new Promise((n) => setTimeout(n, 20));
                return [start, audio.currentTime];
            }"""
        )
        assert 50 <= times[0] < times[1]


# --- Without a script, on paper ------------------------------------------------------------------


def test_without_a_script_there_are_sound_and_text(home, browser):
    """And nothing that would do nothing."""
    with tab_of(browser, java_script_enabled=False) as tab:
        page = tab.page
        page.goto(home.page())
        expect(page.locator("audio")).to_be_visible()
        expect(page.locator("audio")).to_have_attribute("controls", "")
        expect(page.locator(".chapters li")).to_have_text(
            ["0:00 Introduction", "0:36 The boats", "0:58 The fares", "1:19 The winter"]
        )
        said = [segment["text"] for segment in home.manifest["segments"]]
        expect(page.locator(".spoken")).to_have_text(said)
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
        expect(page.locator(".qr")).to_be_visible()
        expect(page.locator(".apps a")).to_have_count(5)
        page.goto(f"{home.url}index.html")
        expect(page.locator(".list h3")).to_have_count(2)
        assert page.locator("button:visible, input:visible").count() == 0
        page.get_by_text("Listen here").first.click()
        expect(page.locator("audio").first).to_be_visible()


def test_on_paper_there_are_the_text_and_the_way_to_the_feed(on_disk, browser, tmp_path):
    """All of the transcript, from a dark screen, too; nothing that is pressed."""
    with tab_of(browser, color_scheme="dark") as tab:
        page = tab.page
        page.goto(on_disk.page())
        page.emulate_media(media="print", color_scheme="dark")
        for hidden in (".player", ".chapters", "#find", "#follow", ".picture", ".share"):
            expect(page.locator(hidden)).to_be_hidden()
        assert page.locator("button:visible").count() == 0
        expect(page.locator(".qr")).to_be_visible()
        page.pdf(path=tmp_path / "page.pdf", format="A4")
    printed = " ".join(page.extract_text() for page in PdfReader(tmp_path / "page.pdf").pages)
    words = "".join(printed.split())
    for segment in on_disk.manifest["segments"]:
        assert "".join(segment["text"].split()) in words
    assert "https://pod.example/feed.xml" in words


# --- Whatever an article says --------------------------------------------------------------------


def test_hostile_texts_are_shown_and_do_nothing(home, tab):
    """Not in the title, the transcript, the data, the snippet, the search, or the list."""
    page = tab.page
    page.goto(home.page("storm"))
    page.get_by_role("searchbox").fill("</script>")
    expect(page.locator("#found")).to_have_text("1 of 3")
    expect(page.locator("h1")).to_contain_text("</script></style></textarea>")
    page.get_by_role("button", name="Next match").click()
    play = page.locator(".spoken", has_text="The captain wrote")
    play.click()
    tab.until("!audio.paused")
    assert page.locator("img[onerror], img[src=x]").count() == 0
    data = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert data["name"] == page.locator("h1").text_content()
    assert HOSTILE.split()[1] in data["name"]
    (frame,) = fragments_fromstring(page.locator("textarea").input_value())
    assert (frame.tag, len(frame), frame.get("title")) == ("iframe", 0, data["name"])
    page.goto(f"{home.url}index.html")
    expect(page.locator(".list h3").first).to_be_visible()
    assert page.locator("img[onerror], img[src=x]").count() == 0


def test_what_gets_into_a_page_does_not_run(served, workspace, browser):
    """The page's policy: a script, a handler, a style, a picture from elsewhere; all refused."""
    with tab_of(browser) as tab:
        tab.page.goto(served.page())
        ran = tab.page.evaluate(
            """async () => {
                const box = document.createElement("div");
                document.body.append(box);
                box.innerHTML = `<button onclick="window.ran = 1" style="color: red">x</button>`;
                box.firstChild.click();
                const script = document.createElement("script");
                script.textContent = "window.ran = 2";
                box.append(script);
                const refused = new Promise((done) => {
                    const image = new Image();
                    image.onload = () => done("loaded");
                    image.onerror = () => done("refused");
                    image.src = "https://elsewhere.example/pixel.png";
                });
                let told = "sent";
                try { await fetch("/feed.xml"); } catch { told = "not sent"; }
                return [window.ran ?? 0, await refused, told];
            }"""
        )
        assert ran == [0, "refused", "not sent"]
        assert len(tab.troubles) >= 4
        assert all("Content Security Policy" in each for each in tab.troubles)
        tab.troubles.clear()
        tab.requests.clear()


# --- The list ------------------------------------------------------------------------------------


def test_the_list_is_searched_and_played(home, tab):
    """By words of titles and descriptions; one episode is heard at a time."""
    page = tab.page
    page.goto(f"{home.url}index.html")
    rows = page.locator(".list > li:visible")
    expect(rows).to_have_count(2)
    for number in (0, 1):
        page.get_by_text("Listen here").nth(number).click()
        tab.until(f"!document.querySelectorAll('audio')[{number}].paused")
    assert tab.ask("[...document.querySelectorAll('audio')].filter((a) => !a.paused).length") == 1
    page.get_by_text("Listen here").nth(1).click()
    tab.until("[...document.querySelectorAll('audio')].every((each) => each.paused)")
    field = page.get_by_role("searchbox", name="Search these episodes")
    field.fill("HARBOR ferry")
    expect(rows).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 episode")
    field.fill("nothing of this kind")
    expect(page.locator("#found")).to_have_text("0 episodes")
    field.press("Escape")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Ferry returns to the old harbor").click()
    expect(page.locator("h1")).to_have_text("Ferry returns to the old harbor")
    page.get_by_role("link", name="Harbor Brief", exact=True).click()
    expect(rows).to_have_count(2)


def test_each_episode_has_its_cover(on_disk, tab):
    """The one of its own, where it has one; loaded from beside the page."""
    tab.page.goto(f"{on_disk.url}index.html")
    covers = tab.page.locator(".list .cover")
    for number in range(2):
        covers.nth(number).scroll_into_view_if_needed()
    tab.until("[...document.images].every((each) => each.complete && each.naturalWidth > 0)")
    sources = covers.evaluate_all("all => all.map((each) => each.getAttribute('src'))")
    assert len(set(sources)) == 2


def test_the_search_of_one_page_of_many_says_so(browser, tmp_path):
    """What is not found may be on another page; a phone's curly apostrophe finds the plain one."""
    episodes = [
        make_episode(guid=str(n), directory=f"d{n}", title=f"The captain's day {n}")
        for n in range(120)
    ]
    page = lay_out_pages(newest_first(episodes), INDEX_ITEMS, "index.html")[0]
    path = tmp_path / "index.html"
    path.write_text(render_index_page(make_show(), page.episodes, page=page), encoding="utf-8")
    with tab_of(browser, viewport={"width": 320, "height": 640}) as tab:
        tab.page.goto(path.as_uri())
        tab.page.get_by_role("searchbox").fill("captain\u2019s")
        expect(tab.page.locator("#found")).to_have_text("100 episodes on this page")
        tab.page.get_by_role("searchbox").fill("elephant")
        expect(tab.page.locator("#found")).to_have_text("0 episodes on this page")
        assert not is_wider_than_the_screen(tab.page)
        silent(tab)
