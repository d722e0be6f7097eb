"""Jobs to the workers of a Dask scheduler: the pool of ``--pool dask://HOST:PORT``."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pkgutil import resolve_name
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from audiobrief import __version__
from audiobrief.errors import AudiobriefError, PoisonedError, PoolError, PoolUnavailableError
from audiobrief.pool.dask_cluster import MOST_TRIES, Cluster
from audiobrief.pool.dask_task import outcome, run
from audiobrief.pool.seam import WorkPool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.job import EpisodeJob, JobManifest
    from audiobrief.pool.seam import TellJob

#: How often the scheduler is asked how it is.
_TICK_S: Final = 2.0
#: Without any worker for so long nobody will come, as Dask's no-workers-timeout has it.
NO_WORKERS_S: Final = 60.0
#: What a worker evaluates. With our function itself a worker without audiobrief would not even
#: understand the message: it would end, as if the job had killed it (distributed 2026.8.0).
_CALL: Final = f'resolve("{run.__module__}:{run.__qualname__}")(*arguments)'


def make_pool(
    address: str,
    *,
    perform: str,
    jobs: int | None = None,
    tell: TellJob | None = None,
    options: Mapping[str, str] | None = None,
) -> DaskPool:
    """Return a pool over the workers of a scheduler.

    Args:
        address: ``dask://HOST:PORT``.
        perform: Dotted name of what workers do.
        jobs: How many at once at most; ``None``: as many as the workers can.
        tell: Not called: steps of far workers are not told, only their ends.
        options: Settings of ``[pool]``: ``tls_ca``, ``tls_cert``, ``tls_key``.

    Raises:
        PoolUnavailableError: The package is missing, or workers are not of our version.
        PoolError: The scheduler cannot be reached, or has no workers.
        WorkspaceError: The address or the certificates cannot be used.
    """
    del tell
    cluster = Cluster(address, options or {})
    try:
        pulse = cluster.prepare(wait_s=NO_WORKERS_S)
    except BaseException:
        cluster.close()
        raise
    return DaskPool(cluster, perform, thread_count=pulse.thread_count, most=jobs)


@dataclass(slots=True, eq=False)
class _Task:
    """A job on its way."""

    job: EpisodeJob
    future: Future[JobManifest] = field(default_factory=Future)
    #: Workers that have died of it.
    tries: int = 0
    submissions: int = 0


class DaskPool(WorkPool):
    """Hands a worker one job at a time, so that who dies tells which job has killed it.

    Dask keeps no queue of ours: it counts a death against everything that waits at that worker.
    A job whose workers have died twice waits until all others are done, and is then tried alone.

    Args:
        cluster: Connected; closed with the pool.
        perform: Dotted name of what workers do.
        thread_count: Jobs that the workers do at once, at least 1.
        most: Jobs at once at most; ``None``: as many as they can.
        no_workers_s: Without workers for so long all is given up.
    """

    def __init__(
        self,
        cluster: Cluster,
        perform: str,
        *,
        thread_count: int,
        most: int | None = None,
        no_workers_s: float = NO_WORKERS_S,
    ) -> None:
        self._cluster = cluster
        self._perform = perform
        self._thread_count = max(1, thread_count)
        self._most = most
        self._no_workers_s = no_workers_s
        self._seen_s = time.monotonic()
        #: Guards what stands below: the pump and the caller both change it.
        self._lock = Lock()
        self._waiting: deque[_Task] = deque()
        self._suspects: deque[_Task] = deque()
        #: By the task's name in Dask.
        self._running: dict[str, tuple[_Task, Any]] = {}
        self._over: PoolError | None = None
        #: Futures of Dask that are done; ``None``: look what is to do.
        self._news: SimpleQueue[Any] = SimpleQueue()
        self._pump = Thread(target=self._run, name="audiobrief-dask", daemon=True)
        self._pump.start()

    @property
    def worker_count(self) -> int:
        """How many jobs are done at once."""
        return min(self._thread_count, self._most or self._thread_count)

    def submit(self, job: EpisodeJob) -> Future[JobManifest]:
        """Have a job done.

        Raises:
            PoolError: The pool is closed, or the scheduler lost.
        """
        task = _Task(job)
        with self._lock:
            if self._over is not None:
                raise self._over
            self._waiting.append(task)
        self._news.put(None)
        return task.future

    def cancel(self) -> None:
        """Settle every future at once, whether or not anybody is there to hear of it."""
        closed = PoolError("the pool is closed", self._cluster.address.url, remedy="run it again")
        tasks, far = self._end(closed)
        self._cluster.drop(far)
        for task in tasks:
            if task.future.cancel():
                task.future.set_running_or_notify_cancel()

    def close(self) -> None:
        """Leave the scheduler; what is not settled is cancelled."""
        self.cancel()
        self._pump.join(timeout=2 * _TICK_S)
        self._cluster.close()

    def _end(self, reason: PoolError) -> tuple[list[_Task], list[Any]]:
        """Take everything out; from now on nothing is begun."""
        with self._lock:
            self._over = self._over or reason
            running = list(self._running.values())
            tasks = [*(task for task, _ in running), *self._suspects, *self._waiting]
            self._running.clear()
            self._suspects.clear()
            self._waiting.clear()
        self._news.put(None)
        return tasks, [far for _, far in running]

    def _fail(self, error: PoolError) -> None:
        tasks, _ = self._end(error)
        for task in tasks:
            _settle(task, error)

    def _run(self) -> None:
        """Pump: hand out, take in, look whether anybody is still there."""
        asked_s = time.monotonic()
        while self._over is None:
            try:
                with suppress(Empty):
                    self._take(self._news.get(timeout=_TICK_S))
                if time.monotonic() - asked_s >= _TICK_S:
                    asked_s = time.monotonic()
                    self._look()
                self._hand_out()
            except PoolError as error:
                self._fail(error)
            except Exception as error:  # noqa: BLE001 - else every future would wait for ever
                self._fail(self._cluster.lost(f"the scheduler is lost: {error!r}"))

    def _look(self) -> None:
        """Give up where the scheduler is lost, or all workers are.

        Raises:
            PoolError: That is so.
        """
        pulse = self._cluster.pulse_soon()
        now_s = time.monotonic()
        if pulse is None:
            return
        if pulse.worker_count:
            self._thread_count, self._seen_s = max(1, pulse.thread_count), now_s
        elif now_s - self._seen_s > self._no_workers_s:
            raise self._cluster.lost("no worker is left")

    def _hand_out(self) -> None:
        while True:
            with self._lock:
                task = self._next()
                if task is None:
                    return
                task.submissions += 1
                name = f"audiobrief-{task.job.key}-{task.submissions}"
                job = task.job.to_json().decode()
                given = {"resolve": resolve_name, "arguments": (self._perform, __version__, job)}
                far = self._cluster.submit(
                    *(eval, _CALL, given),
                    key=name,
                    done=partial(self._tell, name),
                )
                self._running[name] = (task, far)

    def _tell(self, name: str, done: Future[str]) -> None:
        self._news.put((name, done))

    def _next(self) -> _Task | None:
        if self._over is not None or len(self._running) >= self.worker_count:
            return None
        while self._waiting:
            task = self._waiting.popleft()
            if not task.future.cancelled():
                return task
        # Alone: nothing else may be taken for what it does.
        return self._suspects.popleft() if self._suspects and not self._running else None

    def _take(self, news: tuple[str, Future[str]] | None) -> None:
        """Take in what a task of Dask has come to."""
        if news is None:
            return
        name, done = news
        with self._lock:
            task, _ = self._running.pop(name, (None, None))
        if task is None:
            # Cancelled in the meantime.
            return
        try:
            told = outcome(done.result())
        except CancelledError as error:
            # That is how the loss of a scheduler shows; nobody else cancels what runs.
            self._put_back(task)
            raise self._cluster.lost("the scheduler is lost") from error
        except Exception as error:  # noqa: BLE001 - of Dask, of a worker: each is a try that failed
            self._judge(task, error)
            return
        if isinstance(told, PoolUnavailableError):
            # That worker would say so of every job.
            self._put_back(task)
            raise told
        _settle(task, told)

    def _put_back(self, task: _Task) -> None:
        with self._lock:
            self._waiting.append(task)

    def _judge(self, task: _Task, error: Exception) -> None:
        """Try a job again whose worker has died, or give it up.

        Raises:
            PoolError: Workers cannot do any of our jobs.
        """
        if isinstance(error, ImportError):
            self._put_back(task)
            raise PoolUnavailableError(
                f"a worker cannot do our jobs: {error}",
                self._cluster.address.url,
                remedy=f'install the same there: pip install "audiobrief[dask]=={__version__}"',
            ) from error
        # A scheduler tells only of the last death that it allows.
        deaths = int(getattr(error, "allowed_failures", 0)) + 1
        task.tries += deaths
        if task.tries + deaths <= MOST_TRIES:
            with self._lock:
                self._suspects.append(task)
            return
        last = getattr(getattr(error, "last_worker", None), "address", "")
        told = f", the last at {last}" if last else f": {error!r}"
        poisoned = PoisonedError(
            f"{task.tries} workers have died of it{told}",
            task.job.locator,
            remedy="take the article out; the logs of the workers say of what they died",
        )
        _settle(task, poisoned)


def _settle(task: _Task, told: JobManifest | AudiobriefError) -> None:
    """Settle a future, unless its owner has cancelled it."""
    if not task.future.set_running_or_notify_cancel():
        return
    if isinstance(told, AudiobriefError):
        task.future.set_exception(told)
    else:
        task.future.set_result(told)
