"""Engines by name: entry points of the group ``audiobrief.engines``, built-ins among them."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from audiobrief.errors import EngineUnavailableError

if TYPE_CHECKING:
    from audiobrief.speak.engine import Engine

GROUP = "audiobrief.engines"


@cache
def engine(name: str) -> Engine:
    """Return the engine of a name, made once a process.

    Raises:
        EngineUnavailableError: No such engine is installed, or its plugin is broken.
    """
    points = _points()
    if name not in points:
        close = difflib.get_close_matches(name, points, n=1)
        suggestion = f'did you mean "{close[0]}"? ' if close else ""
        raise EngineUnavailableError(
            f'there is no engine "{name}"',
            name,
            remedy=f"{suggestion}installed: {', '.join(sorted(points))}",
        )
    try:
        made: Engine = points[name].load()({})
    except EngineUnavailableError:
        raise
    except Exception as error:
        # A plugin may fail in any way; it is named and chained, never swallowed.
        raise EngineUnavailableError(
            f'the engine "{name}" cannot be loaded: {error}',
            points[name].value,
            remedy="reinstall or remove the package that brings it",
        ) from error
    return made


def engine_names() -> list[str]:
    """Return the names of all engines that are declared, sorted; not all need be installed."""
    return sorted(_points())


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
