"""The headline is found among the lines of a page, or none is better than a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.page.headline import Headline, find_headline, shorten
from audiobrief.text.page.neighbors import describe_page
from audiobrief.text.page.region import find_regions

BODY = (
    "The ferry across the bay will run again from Monday, eleven months after a storm.",
    "Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday.",
    "The first ferry leaves the harbor at six in the morning, and tickets cost the same.",
    "The storm had torn away the old pier and two of its three landing stages in November.",
)
TITLE = "Ferry returns to the old harbor"


def headline_of(*lines: str) -> Headline | None:
    facts = describe_page(lines)
    return find_headline(lines, facts, find_regions(facts))


@pytest.mark.parametrize(
    "lines",
    [
        (TITLE, *BODY),
        (TITLE, "By Jane Roe", "May 3, 2024", *BODY),
        ("Home", "News", "Sport", "Log in", TITLE, "By Jane Roe", "May 3, 2024", *BODY),
        (f"{TITLE} | Valley Post", "Home", "News", TITLE, "May 3, 2024", *BODY),
        ("Subscribe now", "Local news", TITLE, "Published May 3, 2024", *BODY, "Share", TITLE),
    ],
    ids=["clean", "signed", "menu", "page title", "repeated"],
)
def test_the_headline_is_found(lines: tuple[str, ...]) -> None:
    """Menus above it, a site's name behind it and copies of it do no harm."""
    found = headline_of(*lines)
    assert found is not None
    assert found.text == TITLE
    assert not found.is_part


def test_the_site_behind_a_page_title_is_no_part_of_the_headline() -> None:
    """Where the page's title alone holds the headline, the site's name is cut off."""
    found = headline_of(f"{TITLE} | Valley Post", "Menu", "May 3, 2024", *BODY)
    assert found is not None
    assert (found.text, found.index, found.is_part) == (TITLE, 0, True)


def test_text_without_a_headline_has_none() -> None:
    """A first sentence is no headline."""
    assert headline_of(*BODY) is None


def test_a_menu_is_no_headline() -> None:
    """Rather none than a line of the navigation."""
    assert headline_of("Home", "News", "Sport", "Log in", "Subscribe", *BODY) is None


def test_a_heading_below_a_paragraph_is_no_headline() -> None:
    """The headline stands above the text."""
    assert headline_of(BODY[0], "The ferry and the storm", *BODY[1:]) is None


@given(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=15))
def test_any_page_has_one_headline_or_none(lines: list[str]) -> None:
    """What is found stands where it says, and its confidence is a share."""
    found = headline_of(*lines)
    if found is not None:
        assert lines[found.index].startswith(found.text)
        assert found.is_part or lines[found.index] == found.text
        assert 0.0 <= found.confidence <= 1.0


def test_titles_are_cut_between_words() -> None:
    """A title never ends inside a word."""
    assert shorten("Rain closes the valley road", 20) == "Rain closes the\u2026"


@pytest.mark.parametrize("unit", ["a", " | ", " - ", "A ", "1", '"', "[", ". ", "<"])
def test_a_flood_in_the_first_line_is_survived(unit: str) -> None:
    """A megabyte of one thing is no headline."""
    found = headline_of(unit.strip() + unit * (1_000_000 // len(unit)), *BODY)
    assert found is None or len(found.text) <= 200
