"""Dates are read when they are unmistakable, and of those the day of publication."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.page.dateline import find_published, parse_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Published 2024-03-12T10:30Z", "2024-03-12T10:30:00+00:00"),
        ("Oct. 26, 2015", "2015-10-26T00:00:00+00:00"),
        ("26th October 2015", "2015-10-26T00:00:00+00:00"),
        ("December 19. 2025", "2025-12-19T00:00:00+00:00"),
        ("27/05/2024", "2024-05-27T00:00:00+00:00"),
        ("05/27/2024", "2024-05-27T00:00:00+00:00"),
        ("03/04/2024", None),
        ("2024-02-31", None),
        ("1999", None),
    ],
)
def test_only_unmistakable_dates_are_read(text: str, date: str | None) -> None:
    """Figures alone mean different days in different countries, unless no month has the number."""
    found = parse_date(text)
    assert (found.isoformat() if found else None) == date


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["Rain", "Published", "May 3, 2024", "Text."], "2024-05-03"),
        (["Rain", "May 3, 2024", "Updated May 9, 2024", "Text."], "2024-05-03"),
        (["Rain", "Updated May 9, 2024", "Text."], None),
        (["Rain", "May 3, 2024", "May 4, 2024", "Text."], None),
    ],
)
def test_the_day_of_publication_is_found(lines: list[str], day: str | None) -> None:
    """A date that is marked counts first, an update never, and of two unmarked ones none."""
    start = len(lines) - 1
    found = find_published(lines, range(start), start, 0)
    assert (found.date().isoformat() if found else None) == day


@given(st.text(max_size=200))
def test_any_text_holds_a_date_or_none(text: str) -> None:
    """A date that is found is aware."""
    found = parse_date(text)
    assert found is None or found.tzinfo is not None
