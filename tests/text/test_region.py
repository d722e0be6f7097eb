"""The one region of a page that is the article."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.page.cue_table import CUES
from audiobrief.text.page.cues import find_cues
from audiobrief.text.page.lines import describe
from audiobrief.text.page.neighbors import describe_page
from audiobrief.text.page.region import PAGE, TEXT, Region, find_regions, score

PROSE = "The council met on Monday and agreed to close the old bridge for a year."


def test_prose_outweighs_menus() -> None:
    """A sentence among sentences speaks for the article, a menu word against it."""
    page = describe_page([PROSE] * 5 + ["Sign in", "Share", "Cookies"])
    assert score(page[2]) > 0 > score(page[6])


def test_every_weight_of_a_phrase_names_its_purpose() -> None:
    """A weight whose feature nothing makes would be dead, and a misspelt name silent."""
    named = {name.split(" line: ")[1] for name in TEXT.weights | PAGE.weights if " line: " in name}
    assert named <= set(CUES)


def test_every_feature_of_an_ordinary_page_is_weighed() -> None:
    """A feature without a weight says nothing: those of ordinary lines all say something."""
    ordinary = describe_page([PROSE] * 12)[6]
    assert {name for name in ordinary.features if name not in TEXT.weights} == set()


@given(st.lists(st.sampled_from([PROSE, "Share", "", "Sign in", "x", "What now"]), min_size=1))
def test_a_body_always_exists(lines: list[str]) -> None:
    """Whatever the page: before, body with gaps, after, in this order."""
    path = find_regions(describe_page(lines))
    assert Region.BODY in path
    first, last = path.index(Region.BODY), len(path) - path[::-1].index(Region.BODY)
    assert set(path[:first]) <= {Region.BEFORE}
    assert set(path[first:last]) <= {Region.BODY, Region.GAP}
    assert set(path[last:]) <= {Region.AFTER}


def test_trust_keeps_lines() -> None:
    """Who knows that a line is text is believed."""
    lines = ["Share", "Tools", PROSE, "Links", "Menu words here"]
    trusted = find_regions(describe_page(lines), trust=8)
    assert trusted == [Region.BODY] * 5


def test_cues_are_told_by_purpose() -> None:
    """Each purpose of furniture is recognized by a line of its own."""
    assert find_cues("share this article") == ("sharing",)
    assert "newsletter sign-up" in find_cues("sign up for our newsletter")
    assert len(CUES) >= 20


def test_an_endless_line_costs_little() -> None:
    """Only the head of a line is looked at."""
    assert describe("a " * 500_000).word_count == 500_000
