"""Bylines, outlets and dates: read when certain, else left."""

from __future__ import annotations

import pytest

from audiobrief.text.byline import choose_byline, find_byline
from audiobrief.text.dateline import parse_date
from audiobrief.text.headline import shorten
from audiobrief.text.outlet import find_outlet


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Greg Dyett", "Greg Dyett"),
        ("BY JANE ROE", "Jane Roe"),
        ("By Jane Roe and John Poe", "Jane Roe and John Poe"),
        ("By Jane Roe, Staff Writer", "Jane Roe"),
        ("Written by Issam al-Reis", "Issam al-Reis"),
        ("By Ludwig van Beethoven | 3 March 2024", "Ludwig van Beethoven"),
        ("By Staff Writer", None),
        ("By Subscribing You Agree", None),
        ("By the river", None),
        ("By Monday Morning", None),
        ("Standing By Jane Roe", None),
    ],
)
def test_bylines_are_read(line: str, names: str | None) -> None:
    """Names in byline form are found; what only looks like them is not."""
    assert find_byline(line) == names


def test_two_bylines_are_none() -> None:
    """Where two lines name different people, nobody is certain."""
    assert choose_byline([(3, "Jane Roe"), (4, "John Poe")], 5) is None


def test_the_byline_above_the_text_wins() -> None:
    """Bylines of teasers far below do not shake the one above the text."""
    assert choose_byline([(3, "Jane Roe"), (40, "John Poe")], 5) == (3, "Jane Roe")


def test_an_outlet_named_once_is_not_certain() -> None:
    """One mention is no proof."""
    assert find_outlet(["Get Valley Post daily", "Share"]) is None


def test_sharing_networks_are_no_outlets() -> None:
    """The page names them often, but they did not publish it."""
    assert find_outlet(["Follow Facebook", "Facebook's terms", "updates from Facebook"]) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Published 2024-03-12T10:30Z", "2024-03-12T10:30:00+00:00"),
        ("Oct. 26, 2015", "2015-10-26T00:00:00+00:00"),
        ("26th October 2015", "2015-10-26T00:00:00+00:00"),
        ("03/04/2024", None),
        ("2024-02-31", None),
    ],
)
def test_only_unmistakable_dates_are_read(text: str, date: str | None) -> None:
    """Figures alone mean different days in different countries."""
    found = parse_date(text)
    assert (found.isoformat() if found else None) == date


def test_titles_are_cut_between_words() -> None:
    """A title never ends inside a word."""
    assert shorten("Rain closes the valley road", 20) == "Rain closes the\u2026"


@pytest.mark.parametrize(
    "line", ["By Company Size", "By Financial Tips", "By Editorial Team", "By Best Guides"]
)
def test_what_is_no_persons_name_is_no_byline(line: str) -> None:
    """Common nouns in capitals are not read aloud as an author."""
    assert find_byline(line) is None
