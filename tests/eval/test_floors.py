"""The figures of the script stage, none below its floor, and what holds on every labelled page.

Reading the pages takes longest, so that all tests that read them stand in this file.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from audiobrief.ingest.encoding import decode
from audiobrief.ingest.source import DocumentKind
from audiobrief.pipeline.recipe import require_whole_ledger
from audiobrief.script import Casting, Frame, plan
from tests.eval.figure import SHARED, Figure
from tests.eval.floors import PARTS, below, measure, raised, read_floors, render, vanished
from tests.eval.pages import article_of, labelled_pages

#: Parts whose data is all ours.
_OWN_PARTS = ("sentences", "quotes")


@cache
def figures_of(part: str) -> list[Figure]:
    """Return the figures of a part, measured once."""
    return measure([part])


@pytest.mark.parametrize("part", PARTS)
def test_no_figure_is_below_its_floor(part: str) -> None:
    """Every part that has data here, on the project's own and, where it lies, the shared set."""
    figures = figures_of(part)
    floors = read_floors()
    assert below(figures, floors) == [], render(figures, floors)
    assert vanished(figures, floors, [part]) == []
    assert figures
    if SHARED.exists():
        assert {f.name for f in figures} <= floors.keys(), "run python -m tests.eval --raise-floors"


def test_floors_rise_by_themselves_and_fall_only_when_asked() -> None:
    """A better figure lifts its floor; a worse one leaves it, save with the flag."""
    floors = {"a": 0.9, "b": 0.5, "c": 0.7}
    figures = [Figure("a", 0.95, 10), Figure("b", 0.4, 10)]
    assert below(figures, floors) == [figures[1]]
    assert raised(figures, floors) == {"a": 0.95, "b": 0.5, "c": 0.7}
    assert raised(figures, floors, lower=True) == {"a": 0.95, "b": 0.4, "c": 0.7}


def test_a_floor_is_rounded_down() -> None:
    """A figure is never below the floor that it set itself."""
    figure = Figure("a", 2 / 3, 10)
    assert raised([figure], {}) == {"a": 0.666}
    assert below([figure], raised([figure], {})) == []


def test_a_lost_figure_is_no_passed_one() -> None:
    """A part that measures less than it did has not kept its floors."""
    floors = {"spoken date, own lines": 0.9, "quotes: recall": 0.8, "body html, own pages": 0.7}
    figures = [Figure("quotes: recall", 0.9, 10)]
    assert vanished(figures, floors, ["quotes"]) == []
    assert vanished([], floors, ["quotes", "spoken"]) == [
        "spoken date, own lines",
        "quotes: recall",
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_floors_of_our_own_data(part: str) -> None:
    """A checkout alone, without what lies beside it, holds every part to something."""
    own = [f.name for f in figures_of(part) if ", own " in f.name or part in _OWN_PARTS]
    assert set(own) <= read_floors().keys()
    assert own


@pytest.fixture(scope="module")
def pages() -> list[dict[str, Any]]:
    """Return the labelled pages."""
    found = labelled_pages()
    if not found:
        pytest.skip("the labelled pages lie beside the project only where it is developed")
    return found


@pytest.mark.parametrize("form", ["form_a", "form_b"])
def test_nothing_of_a_real_text_is_lost(pages: list[dict[str, Any]], form: str) -> None:
    """On every labelled page, refused ones apart, the blocks are the whole source."""
    for text in filter(None, (page[form] for page in pages)):
        article = article_of(text, DocumentKind.TEXT)
        if article is not None:
            blocks = "".join(block.text for block in article.blocks)
            assert squeezed(blocks) == squeezed(decode(text.encode()).text)


def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("form", "kind"), [("form_a", DocumentKind.TEXT), ("html", DocumentKind.HTML)]
)
def test_the_ledger_of_every_real_page_is_whole(
    pages: list[dict[str, Any]], form: str, kind: DocumentKind
) -> None:
    """150 labelled pages as text, 50 as HTML: each sentence once, each segment can be said."""
    casting = Casting("anchor", ("guest-1", "guest-2"))
    for page in pages[:: 3 if kind is DocumentKind.HTML else 1]:
        source = article_of(page[form], kind)
        assert source is not None
        script = plan(source, casting, frame=Frame(ai_disclosure=True))
        require_whole_ledger(script, source)
        assert all(any(map(str.isalnum, s.spoken)) for s in script.segments)
        speakers = {s.speaker for s in script.segments if s.speaker}
        assert all(name.split()[-1].casefold() in page[form].casefold() for name in speakers)
