"""Where a worker makes episodes: its caches, and a folder of its own for each job."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from audiobrief.pipeline.workshop import Tools
from audiobrief.store.cache_folder import CacheFolder, prune
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache
from audiobrief.store.files import make_folder, mapping_os_errors
from audiobrief.store.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.model.job import EpisodeJob
    from audiobrief.pipeline.events import Tell
    from audiobrief.store.shared import BlobStore

#: Below the cache: folders of jobs, emptied by the driver as it starts.
JOBS_NAME: Final = "jobs"
#: Below the cache: the store of the pools of this machine, where the settings name no other.
STORE_NAME: Final = "store"
#: So much of what it may need again keeps a worker that has no cache of a workspace.
_SCRATCH_BYTES: Final = 2_000_000_000
_PRUNE_EVERY: Final = 20
_JOBS_DONE: Final = count(1)
#: How many cores a worker may use.
CORES_VARIABLE: Final = "AUDIOBRIEF_CORES"


@dataclass(frozen=True, slots=True)
class Workbench:
    """What a job is made with."""

    tools: Tools
    #: Empty: for what is made.
    folder: Path
    _tier: Tier | None

    def finish(self) -> tuple[str, ...]:
        """Let the shared store have all new clips; return what it could not do, for the user."""
        if self._tier is None:
            return ()
        self._tier.close()
        return self._tier.warnings()


@contextmanager
def workbench_for(job: EpisodeJob, store: BlobStore, tell: Tell) -> Iterator[Workbench]:
    """Give what a job is made with; its folders go afterwards.

    Args:
        job: Says where clips are kept.
        store: The job's.
        tell: Told of every step.
    """
    cache_folder = Path(job.cache) if job.cache else _own_cache()
    jobs = cache_folder / JOBS_NAME
    make_folder(jobs)
    with mapping_os_errors("create a folder for a job", jobs):
        own = TemporaryDirectory(dir=jobs, prefix="job-", ignore_cleanup_errors=True)
    with own as name:
        place = Path(name)
        folder = place / "made"
        make_folder(folder)
        # The store of this machine alone has nothing that the caches do not have.
        is_private = job.store == str(cache_folder / STORE_NAME)
        with nullcontext() if is_private else Tier(store) as tier:
            clips = ClipCache(cache_folder / "clips", tier)
            encoded = EncodedCache(cache_folder / "encoded", tier)
            work, music = place / "work", cache_folder / "music"
            tools = Tools(clips, encoded, work, music, tell, share=share())
            yield Workbench(tools, folder, tier)
        if not job.cache:
            _keep_small(clips, encoded)


def share() -> float:
    """Return how much of this machine's cores a worker may use: 0..1."""
    try:
        wanted = int(os.environ.get(CORES_VARIABLE, ""))
    except ValueError:
        return 1.0
    has = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(0.0, min(1.0, wanted / (has or 1)))


def _keep_small(*caches: CacheFolder) -> None:
    """Prune what nobody else does: a worker may live for weeks."""
    # To look at all files each time would take longer than a job.
    if next(_JOBS_DONE) % _PRUNE_EVERY == 0:
        prune(caches, _SCRATCH_BYTES)


@cache
def _own_cache() -> Path:
    """Return a folder that lives as long as this process."""
    return Path(_scratch().name)


@cache
def _scratch() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="audiobrief-worker-", ignore_cleanup_errors=True)
