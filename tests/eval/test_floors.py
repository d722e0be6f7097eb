"""The figures of the script stage: none may fall below its committed floor."""

from __future__ import annotations

import pytest

from tests.eval.figure import SHARED, Figure
from tests.eval.floors import PARTS, below, measure, raised, read_floors, render


@pytest.mark.parametrize("part", PARTS)
def test_no_figure_is_below_its_floor(part: str) -> None:
    """Every part that has data here, on the project's own and, where it lies, the shared set."""
    figures = measure([part])
    floors = read_floors()
    assert below(figures, floors) == [], render(figures, floors)
    if SHARED.exists():
        assert figures
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
