"""The seam to whatever runs jobs: processes of this machine, or an engine over many."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

#: What a worker does: a job, telling every step of it; it raises `AudiobriefError` where the job
#: itself is at fault, which is a result and no reason to try again.
Perform = Callable[[EpisodeJob, Callable[[JobProgress], None]], JobManifest]
#: Told of every step of every job, in any thread.
TellJob = Callable[[EpisodeJob, JobProgress], None]


class WorkPool(Protocol):
    """Workers for jobs that may be done twice.

    A job whose worker dies is tried again, four times in all; then its future has a
    :class:`audiobrief.errors.PoisonedError`. Whatever the job itself has raised is the future's
    exception.
    """

    @property
    def worker_count(self) -> int:
        """How many jobs are done at once, as far as is known; at least 1."""
        ...

    def submit(self, job: EpisodeJob) -> Future[JobManifest]:
        """Have a job done.

        Raises:
            PoolError: The pool is closed.
        """
        ...

    def as_completed(
        self, futures: Iterable[Future[JobManifest]], timeout_s: float | None = None
    ) -> Iterator[Future[JobManifest]]:
        """Yield futures as they are settled, as `concurrent.futures.as_completed` does.

        Raises:
            TimeoutError: Not all are by then.
        """
        return concurrent.futures.as_completed(futures, timeout_s)

    def cancel(self) -> None:
        """Settle every future within 5 s, by force where needed; the pool is closed then."""
        ...

    def close(self) -> None:
        """End all workers. Jobs that are not settled are cancelled."""
        ...
