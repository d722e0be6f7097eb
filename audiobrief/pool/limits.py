"""What a pool bears from its workers before it ends one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qsl, urlsplit

from audiobrief.errors import WorkspaceError
from audiobrief.pool.family import total_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A job ends so many workers at most.
MOST_TRIES: Final = 4
#: A worker that fails before its first job so often in a row: none can be had.
MOST_FAILED_STARTS: Final = 3
_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """When a worker is ended."""

    #: Without a step of its job for so long it is taken for hung; steps are single sentences, which
    #: engines of ours limit themselves. A job that goes on is never ended for being long.
    patience_s: float = 600.0
    #: From its start to its greeting: it imports what it needs, on a disk that may be slow.
    start_s: float = 120.0
    #: A worker that holds more after a job is replaced before its next one.
    kept_bytes: int = 1_000 * _MB
    #: One that holds more is ended at once, before the system ends whatever it likes.
    most_bytes: int = 4_000 * _MB

    @classmethod
    def of(cls, options: Mapping[str, float], worker_count: int) -> Self:
        """Return the limits for some workers on this machine, with some of them given."""
        most = options.get("memory_mb", 0.0) * _MB
        if not most:
            # Neural voices run in processes of their own.
            share = 0.7 * (total_bytes() or 8_000 * _MB) / worker_count
            most = min(4_000 * _MB, max(500 * _MB, share))
        return cls(
            options.get("patience_s", 600.0),
            kept_bytes=int(min(1_000 * _MB, most / 2)),
            most_bytes=int(most),
        )


def parse_local(address: str, jobs: int | None = None) -> tuple[int, Limits]:
    """Return number and limits of the workers of ``local``, ``local:2``, ``local:2?patience_s=60``.

    Args:
        address: As the user has written it.
        jobs: How many at once, said otherwise; ``None``: as the address says.

    Raises:
        WorkspaceError: It is none of these.

    >>> parse_local("local:3?patience_s=60")[1].patience_s
    60.0
    """
    remedy = 'write "local", "local:2", or "local:2?patience_s=600&memory_mb=2000"'
    wrong = WorkspaceError(f'no pool is meant by "{address}"', "--pool", remedy=remedy)
    parts = urlsplit(address if ":" in address else f"{address}:")
    try:
        options = {key: float(value) for key, value in parse_qsl(parts.query)}
        count = jobs or int(parts.path or cores())
    except ValueError as error:
        raise wrong from error
    known = options.keys() <= {"patience_s", "memory_mb"}
    if parts.scheme not in ("", "local") or parts.netloc or not known or not 1 <= count <= 1024:
        raise wrong
    if any(not 0 < value < 1e9 for value in options.values()):
        raise wrong
    return count, Limits.of(options, count)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
