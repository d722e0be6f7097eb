"""Workers that are processes of this machine: the pool of ``--pool local``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Self

from audiobrief.errors import PoolError
from audiobrief.pool.limits import Limits, cores, parse_local
from audiobrief.pool.process import WorkerProcess
from audiobrief.pool.seam import WorkPool
from audiobrief.pool.supervisor import Supervisor, Task, environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress
    from audiobrief.pool.seam import TellJob

#: Within so many seconds everything is settled and gone.
_END_S: Final = 5.0


def make_pool(
    address: str,
    *,
    perform: str,
    jobs: int | None = None,
    tell: TellJob | None = None,
    options: Mapping[str, str] | None = None,
) -> LocalPool:
    """Return a pool of this machine; its workers are started as there is work for them.

    Args:
        address: ``local``, ``local:COUNT``, ``local:COUNT?patience_s=SECONDS&memory_mb=MEGABYTES``.
        perform: Dotted name of what workers do.
        jobs: How many workers; ``None``: as the address says, else one for each core.
        tell: Told of every step of every job, in another thread.
        options: Settings for other pools.

    Raises:
        WorkspaceError: The address is none of these.
    """
    del options
    count, limits = parse_local(address, jobs)
    return LocalPool(perform, worker_count=count, limits=limits, tell=tell)


class LocalPool(WorkPool):
    """Processes that are watched over; see :class:`audiobrief.pool.seam.WorkPool`.

    Args:
        perform: Dotted name of what they do.
        worker_count: How many at once.
        limits: What each of them may take.
        tell: Told of every step, in another thread.
    """

    def __init__(
        self,
        perform: str,
        *,
        worker_count: int,
        limits: Limits | None = None,
        tell: TellJob | None = None,
    ) -> None:
        self._worker_count = worker_count
        self._is_closed = False
        start = partial(WorkerProcess, perform, environment(worker_count, cores()))
        self._supervisor = Supervisor(start, worker_count, limits or Limits(), tell or _ignore)

    @property
    def worker_count(self) -> int:
        """How many jobs are done at once."""
        return self._worker_count

    def submit(self, job: EpisodeJob) -> Future[JobManifest]:
        """Have a job done.

        Raises:
            PoolError: The pool is closed.
        """
        if self._is_closed:
            raise PoolError("the pool is closed", job.locator, remedy="make another one")
        task = Task(job)
        self._supervisor.add(task)
        return task.future

    def cancel(self) -> None:
        """Settle every future within 5 s: what is under way is killed."""
        self._is_closed = True
        self._supervisor.stop()
        self._supervisor.ended.wait(_END_S)

    def close(self) -> None:
        """End all workers; what is not done is cancelled."""
        self.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _ignore(_job: EpisodeJob, _step: JobProgress) -> None:
    pass
