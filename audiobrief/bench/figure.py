"""A measured figure, and the yardstick that it is held to (pure)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Spread(NamedTuple):
    """Several measurements of one thing."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread | None:
    """Return the median and the ends; ``None``: nothing was measured.

    >>> spread([3.0, 1.0, 2.0])
    Spread(median=2.0, low=1.0, high=3.0)
    """
    return Spread(median(values), min(values), max(values)) if values else None


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; the yardstick is what it should reach, or stay below."""

    group: str
    name: str
    value: float
    unit: str
    #: ``None``: the figure is only told.
    yardstick: float | None = None
    #: The yardstick is the most that is good, not the least.
    is_limit: bool = False
    #: Lowest and highest of several measurements.
    low: float | None = None
    high: float | None = None

    @property
    def is_good(self) -> bool:
        """Whether it reaches its yardstick, if it has one."""
        if self.yardstick is None:
            return True
        return self.value <= self.yardstick if self.is_limit else self.value >= self.yardstick

    @property
    def bound(self) -> str:
        """The yardstick in words.

        >>> Figure("sound", "peak", 90.0, "MB", 200.0, is_limit=True).bound
        'at most 200'
        """
        if self.yardstick is None:
            return ""
        return f"{'at most' if self.is_limit else 'at least'} {self.yardstick:g}"

    def as_row(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self) | {"good": self.is_good}


def figure_of(
    group: str,
    name: str,
    values: Sequence[float],
    *,
    unit: str = "",
    most: float | None = None,
) -> Iterator[Figure]:
    """Yield the figure of several measurements; nothing if nothing was measured.

    >>> [figure.is_good for figure in figure_of("sound", "ratio", [1.0, 3.0, 2.0], most=1.5)]
    [False]
    """
    all_of_it = spread(values)
    if all_of_it is not None:
        middle, low, high = all_of_it
        is_limit = most is not None
        yield Figure(group, name, middle, unit, most, is_limit=is_limit, low=low, high=high)
