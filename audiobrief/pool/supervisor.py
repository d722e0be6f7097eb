"""Watches over workers: one thread, to which everything else sends notes.

A worker has one job at a time, so that its death costs that job alone, and tells which one it was.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError, PoisonedError, PoolError, PoolUnavailableError
from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress
from audiobrief.pool.limits import MOST_FAILED_STARTS, MOST_TRIES, Limits
from audiobrief.pool.worker import error_of_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.pool.process import WorkerProcess
    from audiobrief.pool.seam import TellJob

#: How often workers are looked at.
_TICK_S: Final = 0.25
#: How long an idle worker may take to go when it is asked to.
_FAREWELL_S: Final = 1.0


@dataclass(slots=True, eq=False)
class Task:
    """A job on its way."""

    job: EpisodeJob
    future: Future[JobManifest] = field(default_factory=Future)
    #: How its workers ended, in words for the user.
    deaths: list[str] = field(default_factory=list)
    #: The system has killed its worker, as it does when memory runs out: others may suffer, too.
    is_dangerous: bool = False

    @property
    def is_alone(self) -> bool:
        """Whether nothing else may run beside it."""
        return self.is_dangerous and len(self.deaths) >= 2


class Supervisor:
    """Starts workers as there is work for them, and ends them.

    Args:
        start: Starts a worker; it is told what the worker says.
        worker_count: At most so many at once.
        limits: What a worker may take.
        tell: Told of every step of every job, in the supervisor's thread.
    """

    def __init__(
        self,
        start: Callable[[Callable[[WorkerProcess, dict[str, Any] | None], None]], WorkerProcess],
        worker_count: int,
        limits: Limits,
        tell: TellJob,
    ) -> None:
        self._start, self._limits, self._tell = start, limits, tell
        self._worker_count = worker_count
        self._notes: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._waiting: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        #: Workers and the job that each has.
        self._workers: dict[WorkerProcess, Task | None] = {}
        self._failed_starts = 0
        self._is_over = False
        #: All futures are settled, and all workers gone.
        self.ended = Event()
        self._thread = Thread(target=self._run, name="audiobrief-pool", daemon=True)
        self._thread.start()

    def add(self, task: Task) -> None:
        """Have a job done. From any thread."""
        self._notes.put(lambda: self._add(task))

    def stop(self) -> None:
        """Cancel what is not done, and end. From any thread."""
        self._notes.put(self._stop)

    def _run(self) -> None:
        try:
            while not self._is_over:
                self._take_notes()
                if not self._is_over:
                    self._look()
                    self._hand_out()
        except Exception as error:  # noqa: BLE001 - nobody may wait for a thread that is gone
            lost = PoolError(f"the pool has failed: {error}", "local", remedy="run it again")
            lost.__cause__ = error
            self._give_up(lost)
        finally:
            self._end_workers()
            self.ended.set()

    def _take_notes(self) -> None:
        """Wait for a note, and take all that have come meanwhile."""
        wait_s = _TICK_S if self._is_busy() else 5.0
        with suppress(Empty):
            note = self._notes.get(timeout=wait_s)
            while True:
                if note is not None:
                    note()
                note = self._notes.get_nowait()

    def _is_busy(self) -> bool:
        return bool(self._suspects) or any(task is not None for task in self._workers.values())

    def _hear(self, worker: WorkerProcess, message: dict[str, Any] | None) -> None:
        """Take what a worker says; in its reader's thread."""
        self._notes.put(lambda: self._heard(worker, message))

    def _heard(self, worker: WorkerProcess, message: dict[str, Any] | None) -> None:
        if worker not in self._workers:
            return
        worker.seen_s = time.monotonic()
        if message is None:
            worker.wait_briefly()
            self._bury(worker, is_dangerous=worker.was_killed)
        elif "ready" in message:
            worker.is_ready, self._failed_starts = True, 0
        elif "step" in message:
            self._stepped(worker, message["step"])
        else:
            self._finished(worker, message)

    def _stepped(self, worker: WorkerProcess, step: list[Any]) -> None:
        task = self._workers[worker]
        if task is not None:
            stage, done, total, detail = step
            self._tell(task.job, JobProgress(str(stage), int(done), int(total), str(detail)))

    def _finished(self, worker: WorkerProcess, message: dict[str, Any]) -> None:
        task, self._workers[worker] = self._workers[worker], None
        if (message.get("bytes") or 0) > self._limits.kept_bytes:
            self._retire(worker)
        if task is None:
            return
        if "failed" in message:
            task.future.set_exception(error_of_row(message["failed"]))
            return
        try:
            task.future.set_result(JobManifest.from_json(str(message["done"]).encode()))
        except (ValueError, KeyError) as error:
            task.future.set_exception(_nonsense(task.job, error))

    def _add(self, task: Task) -> None:
        if self._is_over:
            task.future.cancel()
        else:
            self._waiting.append(task)

    # What workers come to.

    def _look(self) -> None:
        """End the workers that hang or hold too much."""
        now_s = time.monotonic()
        for worker, task in list(self._workers.items()):
            silent_s = now_s - worker.seen_s
            if not worker.is_ready:
                if silent_s > self._limits.start_s:
                    self._bury(worker, f"not ready in {silent_s:.0f} s")
            elif task is not None:
                if silent_s > self._limits.patience_s:
                    self._bury(worker, f"no sign of life for {silent_s:.0f} s")
                elif (held := worker.resident_bytes or 0) > self._limits.most_bytes:
                    self._bury(worker, f"it held {held // 1_000_000} MB of memory")

    def _bury(self, worker: WorkerProcess, why: str = "", *, is_dangerous: bool = False) -> None:
        """Take note of the end of a worker; its job is tried again, or given up."""
        task = self._workers.pop(worker)
        how = worker.end()
        how = why or how
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= MOST_FAILED_STARTS:
                self._give_up(_not_to_be_had(how))
        if task is None:
            return
        task.deaths.append(how)
        task.is_dangerous = is_dangerous
        if len(task.deaths) >= MOST_TRIES:
            task.future.set_exception(_poisoned(task))
        else:
            self._suspects.append(task)

    def _retire(self, worker: WorkerProcess) -> None:
        """End an idle worker."""
        del self._workers[worker]
        worker.end(_FAREWELL_S)

    def _give_up(self, error: AudiobriefError) -> None:
        """Settle everything with an error: there will be no workers."""
        waiting = [*self._waiting, *self._suspects, *filter(None, self._workers.values())]
        self._waiting.clear()
        self._suspects.clear()
        for task in waiting:
            if not task.future.cancelled() and not task.future.done():
                task.future.set_exception(error)
        self._is_over = True

    # What they are given.

    def _hand_out(self) -> None:
        """Give jobs to idle workers, and start as many workers as there is work for."""
        busy = [task for task in self._workers.values() if task is not None]
        if any(task.is_alone for task in busy):
            return
        alone = next((task for task in self._suspects if task.is_alone), None)
        if alone is not None and busy:
            return
        if alone is not None:
            self._hand_fresh(alone)
            return
        for task in list(self._suspects):
            self._hand_fresh(task)
        idle = [w for w, task in self._workers.items() if w.is_ready and task is None]
        while self._waiting and idle:
            task = self._waiting.popleft()
            if task.future.set_running_or_notify_cancel():
                self._give(idle.pop(), task)
        coming = sum(1 for w in self._workers if not w.is_ready)
        room = self._worker_count - len(self._workers)
        for _ in range(min(room, len(self._waiting) - coming)):
            self._start_one()

    def _hand_fresh(self, task: Task) -> None:
        """Give a job that has ended its worker to one that has done nothing before."""
        idle = [w for w, own in self._workers.items() if w.is_ready and own is None]
        fresh = next((w for w in idle if not w.job_count), None)
        if fresh is not None:
            self._suspects.remove(task)
            self._give(fresh, task)
            return
        if any(not w.is_ready for w in self._workers):
            return
        if len(self._workers) >= self._worker_count:
            if not idle:
                return
            self._retire(idle[0])
        self._start_one()

    def _give(self, worker: WorkerProcess, task: Task) -> None:
        self._workers[worker] = task
        worker.give(task.job)

    def _start_one(self) -> None:
        try:
            self._workers[self._start(self._hear)] = None
        except OSError as error:
            self._failed_starts += 1
            if self._failed_starts >= MOST_FAILED_STARTS:
                self._give_up(_not_to_be_had(str(error)))

    # The end.

    def _stop(self) -> None:
        self._is_over = True

    def _end_workers(self) -> None:
        tasks = [*self._waiting, *self._suspects, *filter(None, self._workers.values())]
        for task in tasks:
            if not task.future.cancel() and not task.future.done():
                task.future.set_exception(CancelledError())
        for worker in self._workers:
            worker.dismiss()
        for worker, own in self._workers.items():
            worker.end(0.0 if own is not None or not worker.is_ready else _FAREWELL_S)
        self._workers.clear()
        # What came after the end.
        self._is_over = True
        with suppress(Empty):
            while True:
                note = self._notes.get_nowait()
                if note is not None:
                    note()


def environment(worker_count: int, core_count: int) -> Mapping[str, str]:
    """Return what one of several workers is told: how many cores are its own."""
    return {"AUDIOBRIEF_CORES": str(max(1, core_count // worker_count))}


def _poisoned(task: Task) -> PoisonedError:
    deaths = ", ".join(dict.fromkeys(task.deaths))
    return PoisonedError(
        f"it has ended {len(task.deaths)} workers: {deaths}",
        task.job.locator,
        remedy="the others are made without it; see what is special in it, or report it",
    )


def _nonsense(job: EpisodeJob, error: Exception) -> PoolError:
    return PoolError(
        f"a worker has answered nonsense: {error}",
        job.locator,
        remedy="run the same command again, and report it if it comes again",
    )


def _not_to_be_had(how: str) -> PoolUnavailableError:
    return PoolUnavailableError(
        f"no worker can be started: {how}",
        "--pool local",
        remedy='build without workers, by "--jobs 1", and report this',
    )
