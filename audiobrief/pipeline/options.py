"""What the flags of a run ask for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the flags of one run ask for."""

    voice: str | None = None
    engine: str | None = None
    #: Build even what has not changed; clips are still taken from the cache.
    force: bool = False
    #: Follow an edited script where the article has changed the same lines.
    keep_script: bool = False
    #: Change nothing; say what would be done.
    dry_run: bool = False
    #: Who makes the episodes: ``auto``, ``here``, ``local``, ``local:2``, ``dask://HOST:PORT``. It
    #: changes nothing of what they become.
    pool: str = field(default="here", repr=False)
    #: How many are made at once; ``None``: as many as the pool can.
    jobs: int | None = field(default=None, repr=False)
