"""Bylines are read when certain, else left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.page.byline import choose_byline, find_byline, is_person
from audiobrief.text.page.masthead import BYLINE_CONFIDENCE

TEXT = "The road through the valley was closed on Monday after two days of heavy rain."


def spoken(lines: list[str], top: int | None, start: int) -> str | None:
    found = choose_byline(lines, top, start, frozenset(range(start, len(lines))))
    return found.names if found and found.confidence >= BYLINE_CONFIDENCE else None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Greg Dyett", "Greg Dyett"),
        ("By: Jane Roe", "Jane Roe"),
        ("BY JANE ROE", "Jane Roe"),
        ("BY JANE MCROE", "Jane McRoe"),
        ("By Jane Roe and John Poe", "Jane Roe and John Poe"),
        ("By Jane Roe, John Poe and Ann Loe", "Jane Roe, John Poe and Ann Loe"),
        ("By Jane Roe, Staff Writer", "Jane Roe"),
        ("By Jane Roe, PhD", "Jane Roe, PhD"),
        ("By Jane Roe \u2013 Updated Mar 5, 2026 | Fact-checked by John Poe", "Jane Roe"),
        ("By Jane Roe for the Valley Post", "Jane Roe"),
        ("Words: Jane Roe", "Jane Roe"),
        ("Story by Jane O'Roe", "Jane O'Roe"),
        ("Written by Issam al-Reis", "Issam al-Reis"),
        ("Author: Jane Mary Roe-Poe", "Jane Mary Roe-Poe"),
        ("By J. R. Roe", "J. R. Roe"),
        ("By Ludwig van Beethoven | 3 March 2024", "Ludwig van Beethoven"),
        ("Last Updated on April 8, 2024 by Jane Roe", "Jane Roe"),
        ("Published: Mar 8, 2024 \u00b7 by Jane Roe \u00b7 This post may earn", "Jane Roe"),
        ("Written by: Dawn May", "Dawn May"),
        ("By Staff Writer", None),
        ("By Subscribing You Agree", None),
        ("By the river", None),
        ("By Monday Morning", None),
        ("By Associated Press", None),
        ("By Reuters", None),
        ("By Company Size", None),
        ("By Editorial Team", None),
        ("By Best Guides", None),
        ("Standing By Jane Roe", None),
    ],
)
def test_bylines_are_read(line: str, names: str | None) -> None:
    """Names in byline form are found; what only looks like them is not."""
    assert find_byline(line) == names


@pytest.mark.parametrize(
    "line",
    ["Photo by Jane Roe", "Edited by Jane Roe", "Photography: Jane Roe", "Reviewed by Jane Roe"],
)
def test_other_peoples_work_is_no_byline(line: str) -> None:
    """Photographers, editors and reviewers are not read as authors."""
    assert spoken(["Rain closes the road", line, TEXT], 0, 2) is None


def test_two_bylines_are_none() -> None:
    """Where two lines name different people, nobody is certain."""
    assert spoken(["Rain closes road", "By Jane Roe", "By John Poe", TEXT], 0, 3) is None


def test_the_byline_above_the_text_wins() -> None:
    """Bylines of teasers far below do not shake the one above the text."""
    lines = ["Rain closes road", "By Jane Roe", TEXT, *["Share"] * 20, "By John Poe"]
    assert spoken(lines, 0, 2) == "Jane Roe"


def test_a_teasers_byline_alone_is_not_told() -> None:
    """A byline far below belongs to another story."""
    lines = ["Rain closes road", TEXT, *["Share"] * 20, "By John Poe"]
    found = choose_byline(lines, 0, 1, frozenset({1}))
    assert found is not None
    assert found.confidence < BYLINE_CONFIDENCE


def test_a_byline_in_two_lines_is_read() -> None:
    """The word "By" may stand alone above the name, and several names below it."""
    lines = ["Rain closes road", "By", "Jane Roe", "Anna Poe, senior reporter", TEXT]
    assert spoken(lines, 0, 4) == "Jane Roe and Anna Poe"


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["Rain closes road", "Jane Roe", "May 3, 2024", TEXT], "Jane Roe"),
        (["Rain closes road", "Jane Roe", "Political correspondent", TEXT], "Jane Roe"),
        (["Rain closes road", "Jane Roe \u2022 May 3, 2024", TEXT], "Jane Roe"),
        (["Rain closes road", "May 3, 2024 \u00b7 Jane Roe", TEXT], "Jane Roe"),
        (["Rain closes road", "Zuzu Roe", "May 3, 2024", TEXT], None),
        (["Rain closes road", "Jane Roe", TEXT], None),
        (["Rain closes road", "Local Weather", "May 3, 2024", TEXT], None),
        (["Jane Roe", "May 3, 2024", "Rain closes road", TEXT], None),
    ],
)
def test_a_name_below_the_headline_needs_more(lines: list[str], names: str | None) -> None:
    """A date or a role beside it, and a first name that is known as one."""
    start = lines.index(TEXT)
    assert spoken(lines, lines.index("Rain closes road"), start) == names


def test_an_unknown_first_name_is_confirmed_by_a_biography() -> None:
    """The page introduces its author below the text."""
    lines = ["Rain closes road", "Zuzu Roe", "May 3, 2024", TEXT, "Zuzu Roe is a reporter here."]
    assert choose_byline(lines, 0, 3, frozenset({3})).confidence >= BYLINE_CONFIDENCE


def test_whom_the_article_is_about_did_not_write_it() -> None:
    """A name that the text often mentions is its subject, though it stands below the headline."""
    body = ["Roe said that she was glad.", "On Monday, Roe flew home.", "Roe is 41."]
    assert spoken(["A singer returns", "Jane Roe", "May 3, 2024", *body], 0, 3) is None


@given(st.text(max_size=300))
def test_any_line_is_a_byline_or_none(line: str) -> None:
    """What is found are persons, whatever the line."""
    names = find_byline(line)
    assert names is None or is_person(names.split(" and ")[0].split(",")[0])


@given(st.lists(st.text(max_size=80), min_size=1, max_size=12), st.data())
def test_any_page_has_one_byline_or_none(lines: list[str], data: st.DataObject) -> None:
    """The byline's line is one of the page, and its confidence a share."""
    start = data.draw(st.integers(0, len(lines) - 1))
    top = data.draw(st.none() | st.integers(0, len(lines) - 1))
    found = choose_byline(lines, top, start)
    assert found is None or (found.index in range(len(lines)) and 0 <= found.confidence <= 1)


@pytest.mark.parametrize("unit", ["A", "Aa ", "By Aa ", "By ", ", ", "A. ", " ", "1", '"', "Aa, "])
def test_a_flood_is_no_byline(unit: str) -> None:
    """A megabyte of one thing is passed over at once."""
    assert find_byline(unit * (1_000_000 // len(unit))) is None
