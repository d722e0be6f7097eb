"""Engines and pools by name: entry points, built-ins among them."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from audiobrief.errors import EngineUnavailableError, PoolUnavailableError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.speak.engine import Engine

GROUP = "audiobrief.engines"
POOLS = "audiobrief.pools"
_DASK = "audiobrief.pool.dask_pool:make_pool"
#: Made for whoever has no pool of this name installed otherwise; schemes of Dask's own among them.
_BUILT_IN = {
    "local": EntryPoint("local", "audiobrief.pool.local:make_pool", POOLS),
    **{name: EntryPoint(name, _DASK, POOLS) for name in ("dask", "tcp", "tls")},
}


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
            remedy=f"reinstall or remove {_package_of(points[name])}",
        ) from error
    return made


def engine_names() -> list[str]:
    """Return the names of all engines that are declared, sorted; not all need be installed."""
    return sorted(_points())


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def pool_maker(address: str) -> Callable[..., Any]:
    """Return what makes the pool of an address: ``local``, ``local:2``, ``dask://HOST:PORT``.

    Raises:
        WorkspaceError: No such pool is installed.
        PoolUnavailableError: Its plugin is broken.
    """
    name = address.partition(":")[0]
    points = {**_BUILT_IN, **{point.name: point for point in entry_points(group=POOLS)}}
    if name not in points:
        raise WorkspaceError(
            f'there is no pool "{name}"',
            "--pool",
            remedy=f"write one of these: auto, here, {', '.join(sorted(points))}",
        )
    try:
        made: Callable[..., Any] = points[name].load()
    except Exception as error:
        # A plugin may fail in any way; it is named and chained, never swallowed.
        raise PoolUnavailableError(
            f'the pool "{name}" cannot be loaded: {error}',
            points[name].value,
            remedy=f"install the package that it needs, or remove {_package_of(points[name])}",
        ) from error
    return made


def _package_of(point: EntryPoint) -> str:
    """Return what brings an entry point, for the user."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else "the package that brings it"
