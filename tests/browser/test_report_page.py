"""The report of a build in a browser: for everybody, on any screen, on paper."""

import io

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support import ARTICLE, run_audiobrief

SIZES = {"desktop": (1280, 800), "tablet": (820, 1100), "phone": (390, 844), "narrow": (320, 640)}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return the file of a report: two articles built, one failed, warnings, all sections."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "articles").mkdir()
    article = ARTICLE.replace("The first boat leaves", "Captain Ylvaquist leaves")
    (folder / "articles" / "ferry.txt").write_text(f"{article}\n\nShare this\n", "utf-8")
    other = article.replace("Ferry returns", "Winter comes").replace("bolt", "rope")
    (folder / "articles" / "winter.txt").write_text(other, "utf-8")
    (folder / "articles" / "broken.txt").write_text("Nothing here.", "utf-8")
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=folder)
    return folder / run.json["report"]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return the file of a report of five articles, whose details are folded."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "articles").mkdir()
    for number, word in enumerate(("ferry", "harbor", "winter", "market", "school")):
        text = ARTICLE.replace("ferry", word).replace("Ferry", f"The {number}. {word}")
        (folder / "articles" / f"{word}.txt").write_text(text, "utf-8")
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=folder)
    return folder / run.json["report"]


@pytest.fixture
def shown(browser):
    """Return what opens a page; all of them are closed in the end."""
    contexts = []

    def opened(path, size="desktop", **options):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.asked = asked
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        ("desktop", "light"),
        ("desktop", "dark"),
        ("tablet", "light"),
        ("phone", "dark"),
        ("narrow", "light"),
        ("narrow", "dark"),
    ],
)
def test_nobody_is_shut_out(shown, report, size, scheme):
    """Axe finds nothing, and nothing is cut off or scrolled sideways, on any screen."""
    page = shown(report, size, color_scheme=scheme, bypass_csp=True)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_nobody_is_shut_out_where_all_is_unfolded(shown, many):
    """Axe finds nothing with all details open, in forced colors."""
    page = shown(many, forced_colors="active", bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert Axe().run(page).response["violations"] == []


def test_a_seeded_fault_is_found(shown, report):
    """The check can fail: pale text."""
    page = shown(report, bypass_csp=True)
    page.evaluate("document.body.style.color = '#ccc'")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert "color-contrast" in found


def test_rows_that_are_stacked_are_still_a_table(shown, report):
    """On a phone every cell has its label, and a screen reader its table."""
    page = shown(report, "narrow")
    table = page.get_by_role("table").first
    rows = table.get_by_role("row")
    expect(rows).to_have_count(4)
    built = rows.filter(has_text="Winter comes")
    expect(built.get_by_role("cell")).to_have_count(7)
    label = built.get_by_role("cell").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"Outcome"'


def test_a_click_leads_to_the_folded_details(shown, many):
    """The browser opens them, without any script."""
    page = shown(many)
    expect(page.locator("details[open]")).to_have_count(0)
    page.locator("table.articles a.title").nth(2).click()
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("#article-3")).to_be_in_viewport()


def test_it_asks_for_nothing_and_runs_nothing(shown, report):
    """One request: the page itself. It is the same without JavaScript."""
    page = shown(report, java_script_enabled=False)
    assert page.asked == [report.as_uri()]
    expect(page.get_by_role("heading", level=1)).to_have_text("Build report")
    expect(page.locator("del").first).to_be_visible()


def test_paper_has_all_of_it(shown, many):
    """What is folded on the screen is printed."""
    page = shown(many)
    content = page.pdf(format="A4")
    text = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert text.count("Sign up for our newsletter") == 5
