"""What stands around the text is read together: headline, byline, date, each with a confidence."""

from __future__ import annotations

from audiobrief.text.page.masthead import Masthead, read_masthead
from audiobrief.text.page.neighbors import describe_page
from audiobrief.text.page.region import find_regions

BODY = (
    "The ferry across the bay will run again from Monday, eleven months after a storm.",
    "Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday.",
    "The first ferry leaves the harbor at six in the morning, and tickets cost the same.",
)
HEAD = ("Ferry returns to the old harbor", "By Jane Roe", "May 3, 2024")


def masthead_of(*lines: str, headline: str | None = None) -> Masthead:
    facts = describe_page(lines)
    regions = find_regions(facts)
    return read_masthead(lines, dict(enumerate(facts)), dict(enumerate(regions)), headline=headline)


def test_the_masthead_is_read() -> None:
    """Values, the lines they stand in, and facts that agree with them."""
    found = masthead_of(*HEAD, *BODY)
    assert (found.headline, found.headline_line) == (HEAD[0], 0)
    assert (found.byline, found.byline_line) == ("Jane Roe", 1)
    assert found.published is not None
    assert found.published.date().isoformat() == "2024-05-03"
    assert [fact.name for fact in found.facts] == ["title", "author", "date"]
    assert all(0 < fact.confidence <= 1 for fact in found.facts)


def test_a_headline_that_is_known_is_only_looked_up() -> None:
    """What the source names is the headline, whatever the lines look like."""
    found = masthead_of(*HEAD, *BODY, headline="By Jane Roe")
    assert (found.headline, found.headline_line) == ("By Jane Roe", 1)


def test_an_uncertain_byline_is_a_fact_and_not_spoken() -> None:
    """It is told with its confidence, but it is no byline."""
    found = masthead_of(HEAD[0], *BODY, *["Share"] * 20, "By John Poe")
    assert found.byline is None
    assert [(f.name, f.value) for f in found.facts if f.name == "author"] == [
        ("author", "John Poe")
    ]
