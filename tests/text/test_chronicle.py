"""Dates as headings of a chronicle, dates of publication, and the zones they are told in."""

from __future__ import annotations

from datetime import UTC

import pytest

from audiobrief.text.page.dateline import parse_date
from audiobrief.text.page.furniture import Line, clean

CHRONICLE = """\
The mine at Holm
4 June 1887
Digging begins with forty men.
17 October 1902
Water fills the lower shaft.
2 May 1911
The last cart of ore leaves the mine for the smelter in the valley below the village.
30 July 1955
The shaft is closed, and the wheel above it is taken to the museum of the district."""


def test_the_dates_of_a_chronicle_are_read_and_publish_nothing() -> None:
    """Several dates that stand alone above sentences are headings; the first is no dateline."""
    page = clean([Line(row) for row in CHRONICLE.split("\n")])
    kept = [b.text for b in page.blocks if b.dropped is None]
    assert kept == CHRONICLE.split("\n")
    assert page.published is None


def test_one_date_below_the_headline_is_that_of_publication() -> None:
    """An ordinary article has one."""
    rows = CHRONICLE.split("\n")
    page = clean([Line(row) for row in (*rows[:2], rows[6], rows[8])])
    assert page.published is not None
    assert page.published.date().isoformat() == "1887-06-04"


@pytest.mark.parametrize(
    ("text", "instant", "day"),
    [
        ("2024-03-12T23:30:00-05:00", "2024-03-13T04:30:00+00:00", "2024-03-12"),
        ("2024-03-12T00:30:00.250+0200", "2024-03-11T22:30:00+00:00", "2024-03-12"),
        ("2024-03-12T08:00:00Z", "2024-03-12T08:00:00+00:00", "2024-03-12"),
        ("Published 5 May 2024 11.30pm BST", "2024-05-05T22:30:00+00:00", "2024-05-05"),
        ("14:05 CEST, 5 Oct 2023", "2023-10-05T12:05:00+00:00", "2023-10-05"),
        ("March 5, 2024 at 9:13 am", "2024-03-05T00:00:00+00:00", "2024-03-05"),
        ("2024-03-12T25:61", "2024-03-12T00:00:00+00:00", "2024-03-12"),
    ],
)
def test_a_time_with_its_zone_is_an_instant_and_a_day(text: str, instant: str, day: str) -> None:
    """The instant is that of the zone, the day that of the place."""
    read = parse_date(text)
    assert read is not None
    assert (read.astimezone(UTC).isoformat(), read.date().isoformat()) == (instant, day)
