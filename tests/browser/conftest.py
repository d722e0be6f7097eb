"""Fixtures of the tests that look at pages in a browser."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from audiobrief.store.lock import briefly_locked
from tests.browser.house import ARGUMENTS, CHROMIUM, Desk, Sheet, build_workspace


@pytest.fixture(scope="module")
def browser():
    """Return Chromium; without it the tests are skipped, which .ci/run does not accept.

    One for each file: as long as it is there, Playwright's event loop runs in this thread, and the
    tests of other files could have none of their own.
    """
    _require_chromium()
    expect.set_options(timeout=12_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def _require_chromium():
    if not CHROMIUM.is_file():
        pytest.skip("Chromium is not installed")


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """Return a workspace with its server: each test takes an episode of its own."""
    _require_chromium()
    desk = Desk(_built(tmp_path_factory), tmp_path_factory.mktemp("review") / "show")
    desk.renew()
    yield desk
    desk.kill()


def _built(tmp_path_factory):
    """Return the workspace that the first of the tests' workers builds for all."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with briefly_locked(base / "review-workspace.lock", patience_s=300):
        if not (base / "review-workspace").is_dir():
            build_workspace(base / "review-workspace.part")
            (base / "review-workspace.part").rename(base / "review-workspace")
    return base / "review-workspace"


@pytest.fixture
def open_page(browser, desk):
    """Return how a page is opened; whatever it complains of in the end fails the test."""
    contexts, sheets = [], []

    def open_page(episode=None, *, context=None, at="", **options):
        if context is None:
            options = {"viewport": {"width": 1440, "height": 900}, **options}
            context = browser.new_context(**options)
            contexts.append(context)
        page = context.new_page()
        sheet = Sheet(page, desk, episode or desk.take())
        sheets.append(sheet)
        page.on("pageerror", lambda error: sheet.complaints.append(f"error: {error}"))
        page.on("console", lambda message: _hear(sheet, message))
        page.on("request", lambda request: _watch(sheet, request))
        if at is not None:
            sheet.open(at)
        return sheet

    yield open_page
    complaints = [complaint for sheet in sheets for complaint in sheet.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


def _hear(sheet, message):
    # Conflicts and refusals are answers; the browser calls them errors.
    is_answer = any(f"a status of {code}" in message.text for code in (404, 409))
    if message.type in ("error", "warning") and not is_answer:
        sheet.complaints.append(f"{message.type}: {message.text}")


def _watch(sheet, request):
    if not request.url.startswith((sheet.desk.url, "data:")):
        sheet.complaints.append(f"request to {request.url}")


@pytest.fixture
def sheet(open_page):
    """Return the page of an episode that no other test has."""
    return open_page()


@pytest.fixture
def bridge(open_page, desk):
    """Return the page of the episode with chapters, which no test changes."""
    return open_page(desk.id_of("a-bridge-for-the-valley"))
