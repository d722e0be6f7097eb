"""The figures of the script stage: none may fall below its committed floor."""

from __future__ import annotations

from functools import cache

import pytest

from tests.eval.figure import SHARED, Figure
from tests.eval.floors import PARTS, below, measure, raised, read_floors, render, vanished

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
