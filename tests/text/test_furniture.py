"""The article is found in the page, and every other line has its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.article import BlockKind
from audiobrief.text.page.furniture import Cleaned, Line, clean, split_copies

PAGE = """\
Home
News
Sport
Sign in
Rain closes the valley road
Share
5 min read
By Jane Roe
Published 3 March 2024
Rain closes the valley roadRain closes the valley road
The road through the valley was closed on Monday after two days of heavy rain.
Rain closes the valley road
Engineers said that the bank above the old mill had slipped in three places.
What happens now
The council will decide on Thursday whether the bridge can be opened for light traffic.
Drivers are asked to use the coast road until then, which takes about an hour longer.
Share this article
Sign up for our newsletter
Get the Valley Post direct to your inbox
By subscribing, you agree to the Valley Post's terms of service and privacy policy
Read more stories from the Valley Post
\u00a9 2024 Valley Post. All rights reserved."""


def cleaned(page: str) -> Cleaned:
    return clean([Line(" ".join(row.split())) for row in page.split("\n") if row.strip()])


def test_the_body_is_found_whole() -> None:
    """Every paragraph is kept, in order, and nothing else."""
    kept = [b.text[:20] for b in cleaned(PAGE).blocks if b.dropped is None]
    assert kept == [
        "Rain closes the vall",
        "By Jane Roe",
        "The road through the",
        "Engineers said that ",
        "What happens now",
        "The council will dec",
        "Drivers are asked to",
    ]


def test_the_masthead_is_read() -> None:
    """Headline, byline, outlet and date come from the lines around the text."""
    page = cleaned(PAGE)
    assert page.headline == "Rain closes the valley road"
    assert page.byline == "Jane Roe"
    assert page.outlet == "Valley Post"
    assert page.published is not None
    assert page.published.isoformat() == "2024-03-03T00:00:00+00:00"


def test_reasons_name_the_strongest_cue() -> None:
    """Whoever reads the ledger learns why a line is not heard."""
    reasons = {b.text: b.dropped for b in cleaned(PAGE).blocks if b.dropped}
    assert reasons["Share"] == "page furniture: sharing"
    assert reasons["5 min read"] == "page furniture: reading time"
    assert reasons["Sign up for our newsletter"] == "page furniture: newsletter sign-up"
    assert reasons["Rain closes the valley road"] == "repeats the headline"


def test_short_lines_between_paragraphs_are_headings() -> None:
    """A short line without an end mark before a paragraph is a heading."""
    kinds = {b.text: b.kind for b in cleaned(PAGE).blocks}
    assert kinds["What happens now"] is BlockKind.HEADING


def test_a_clean_article_is_kept_whole() -> None:
    """Without furniture nothing is dropped."""
    text = "Rain ahead\n" + "\n".join(
        f"The {name} reported heavy rain on Monday and asked people to stay at home."
        for name in ("mayor", "harbor master", "weather office", "railway", "school")
    )
    assert [b.dropped for b in cleaned(text).blocks] == [None] * 6


@pytest.mark.parametrize("count", [2, 3, 6])
@pytest.mark.parametrize("gap", ["", " "])
def test_copies_in_one_line_are_told_apart(count: int, gap: str) -> None:
    """A line that is one string several times over becomes its copies."""
    assert split_copies(gap.join(["Rain on the way"] * count)) == ["Rain on the way"] * count


def test_a_headline_without_end_is_no_headline() -> None:
    """Ten thousand characters give a title that fits a player, and stay in the blocks."""
    long = " ".join(f"rain{n}" for n in range(1500))
    page = cleaned(f"{long}\n{PAGE}")
    assert len(page.headline) <= 200
    assert "".join(long.split()) == "".join(page.blocks[0].text.split())


LINES = st.lists(
    st.one_of(
        st.sampled_from(PAGE.split("\n")),
        st.text(min_size=1).map(lambda t: " ".join(t.split())).filter(bool),
        st.integers(1, 40).map(lambda n: ("rain " * n).strip()),
    ),
    min_size=1,
    max_size=25,
)


@given(LINES)
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    """Whatever the page, its blocks are its lines, and at least one of them is spoken."""
    page = clean([Line(line) for line in lines])
    assert "".join("".join(b.text for b in page.blocks).split()) == "".join("".join(lines).split())
    assert any(b.dropped is None for b in page.blocks)
    assert page.headline


@pytest.mark.parametrize(
    "furniture",
    [
        "Posted by jroe at 3 p.m. on Monday",
        "Posted in News Release",
        "Credit: Getty Images / J. Roe",
        "Advertisement",
        "Back to selection",
        "Copyright 2023 Valley Post",
        "Already have an account? Log in.",
        "This article is exclusive to Valley Post subscribers",
        "Remember me for faster sign in",
        "View Webcam",
        "Get Jane Roe\u2019s stories in your inbox",
        "There was an issue with the form. Please try again.",
        "$29.99",
    ],
)
def test_furniture_amid_the_text_is_dropped(furniture: str) -> None:
    """Some lines are no article text wherever they stand; the paragraphs around them stay."""
    page = PAGE.replace("Engineers said", f"{furniture}\nEngineers said")
    blocks = clean([Line(row) for row in page.split("\n")], trust=3.0).blocks
    assert all(b.dropped for b in blocks if b.text == furniture)
    kept = [b.text for b in blocks if b.dropped is None]
    assert "The road through the valley was closed on Monday after two days of heavy rain." in kept
    assert "Engineers said that the bank above the old mill had slipped in three places." in kept


def test_what_others_paid_for_is_no_body() -> None:
    """A section of paid content below the text is dropped with all that follows."""
    lines = [Line(text) for text in PAGE.split("\n")[4:16]]
    paid = "A hotel by the sea has opened its new rooms and offers them for half the price."
    page = clean([*lines, Line("Sponsored Content", BlockKind.HEADING), Line(paid)], trust=3.0)
    assert {b.text: b.dropped for b in page.blocks}[paid] == "page furniture: advertising"


def test_a_date_above_a_paragraph_is_kept() -> None:
    """In a chronicle dates are headings; between menus they are furniture."""
    page = PAGE.replace("What happens now", "March 3, 2024")
    assert {b.text: b.dropped for b in cleaned(page).blocks}["March 3, 2024"] is None
