"""The page of the inbox: for everybody, and without a way out for what it is given."""

import re
from importlib.resources import files

import lxml.html
import pytest

PAGE = files("audiobrief.serve") / "inbox_page"


@pytest.fixture(scope="module")
def page():
    """Return the page, parsed."""
    return lxml.html.fromstring((PAGE / "index.html").read_text(encoding="utf-8"))


def test_every_control_has_a_label(page):
    """Who hears the page knows what each field is for."""
    labelled = {label.get("for") for label in page.iter("label")}
    controls = list(page.iter("input", "textarea", "select"))
    assert len(controls) >= 6
    for control in controls:
        assert control.get("id") in labelled
        assert control.get("placeholder") is None or control.get("id") == "url"
    assert all(button.text_content().strip() for button in page.iter("button"))


def test_what_is_named_is_there(page):
    """References between elements lead somewhere, ids are given once."""
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for each in page.xpath(f"//*[@{name}]"):
            assert set(each.get(name).split()) <= set(ids)
    script = (PAGE / "inbox.js").read_text(encoding="utf-8")
    assert set(re.findall(r'\bat\("([a-z-]+)"\)', script)) <= set(ids)


def test_what_has_happened_is_said_aloud(page):
    """In a region that screen readers watch, there from the start."""
    (region,) = page.xpath("//*[@aria-live]")
    assert (region.get("role"), region.get("aria-live")) == ("status", "polite")
    assert page.get("lang") == "en"


def test_nothing_stands_in_the_page_that_its_policy_forbids(page):
    """No script, style or handler of its own, and nothing from elsewhere."""
    assert [each for each in page.iter("script", "style") if (each.text or "").strip()] == []
    assert page.xpath("//@*[starts-with(name(), 'on') or name() = 'style']") == []
    assert page.xpath("//script/@src | //link/@href | //img/@src") == ["inbox.css", "inbox.js"]


def test_the_token_is_in_no_bookmark(page):
    """A bookmarklet runs within the page that it is used on, which may read it."""
    script = (PAGE / "inbox.js").read_text(encoding="utf-8")
    (bookmarklet,) = re.findall(r"const code = (.*?);\n", script, re.DOTALL)
    assert "token" not in bookmarklet
    assert "noopener" in bookmarklet
    assert "history.replaceState" in script
    assert "innerHTML" not in script
