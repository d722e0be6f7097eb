"""Episodes made by the workers of a pool, while the next ones are decided; the longest first.

So no worker is left with a long one while the others have nothing more to do.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from audiobrief import plugins
from audiobrief.errors import AudiobriefError, PoisonedError, PoolError, defect
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.job import PERFORM
from audiobrief.pipeline.settler import adopted, taken
from audiobrief.pool.limits import parse_local

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress
    from audiobrief.pipeline.counter import Counter
    from audiobrief.pipeline.decide import Decision
    from audiobrief.pipeline.settler import Settler
    from audiobrief.pool.seam import TellJob, WorkPool

#: How often a wait for workers looks up, to tell of progress and to let itself be interrupted.
_LOOK_UP_S: Final = 0.2
#: So many episodes for each worker are decided ahead, to choose the longest among them.
_AHEAD: Final = 8
#: What was made and cannot be read back is made again so often.
_MOST_ADOPTIONS: Final = 3


class ByWorkers:
    """Has episodes made by a pool, a bounded number of them on their way.

    Args:
        settler: Takes what becomes of them.
        counter: Where jobs are handed out, and what was made is taken in.
        open_pool: Makes the pool, as soon as it is needed; it is closed with this.
    """

    def __init__(
        self, settler: Settler, counter: Counter, open_pool: Callable[[TellJob], WorkPool]
    ) -> None:
        self._settler = settler
        self._counter = counter
        self._open_pool = open_pool
        self._pool: WorkPool | None = None
        #: Comes in threads of the pool, is told in ours.
        self._steps: SimpleQueue[Event] = SimpleQueue()
        self._on_the_way: dict[Future[JobManifest], _Sent] = {}
        #: Not handed to the pool yet: a heap.
        self._held: list[_Sent] = []

    def add(self, index: int, decision: Decision) -> None:
        """Have an episode made; wait while too many are to be made."""
        settler = self._settler
        settler.run.making.begin()
        try:
            if adopted(self._counter, settler, index, decision):
                return
            job = self._counter.send(decision)
        except PoolError:
            raise
        except AudiobriefError as error:
            settler.failed(index, decision, error)
            return
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            settler.failed(index, decision, defect(error))
            return
        heappush(self._held, _Sent(_rank(decision), index, decision, job))
        self._hand_on()
        self._take_in(wait_s=0.0)
        while len(self._held) > _AHEAD * self._workers().worker_count:
            self._take_in()

    def await_made(self, guid: str) -> None:
        """Wait until an episode is made, if it is on its way."""
        while any(one.decision.slot.guid == guid for one in self._to_be_made()):
            self._take_in()

    def finish(self) -> None:
        """Wait until all are made."""
        while self._on_the_way or self._held:
            self._take_in()

    def interrupt(self) -> None:
        """Settle what is made already, and give up the rest."""
        self._held.clear()
        if self._pool is not None:
            self._pool.cancel()
        for future in list(self._on_the_way):
            is_made = future.done() and not future.cancelled() and future.exception() is None
            if is_made:
                self._settle(future, again=False)
            else:
                del self._on_the_way[future]

    def warnings(self) -> tuple[str, ...]:
        """Say what was done instead of what was asked."""
        return self._counter.warnings()

    def close(self) -> None:
        """End the pool."""
        if self._pool is not None:
            self._pool.close()
        self._counter.close()

    def _workers(self) -> WorkPool:
        if self._pool is None:
            self._pool = self._open_pool(self._stepped)
        return self._pool

    def _to_be_made(self) -> list[_Sent]:
        return [*self._on_the_way.values(), *self._held]

    def _hand_on(self) -> None:
        """Let the pool have so many that no worker waits for us."""
        most = 2 * self._workers().worker_count + 1
        while self._held and len(self._on_the_way) < most:
            self._submit(heappop(self._held))

    def _submit(self, sent: _Sent) -> None:
        self._on_the_way[self._workers().submit(sent.job)] = sent

    def _stepped(self, job: EpisodeJob, step: JobProgress) -> None:
        event = Event(Stage(step.stage), job.locator, step.done, step.total, step.detail)
        self._steps.put(event)

    def _take_in(self, *, wait_s: float = _LOOK_UP_S) -> None:
        """Wait a moment, settle what is made, and tell what has happened."""
        done, _ = wait(self._on_the_way, wait_s, FIRST_COMPLETED)
        try:
            while True:
                self._settler.run.tell(self._steps.get_nowait())
        except Empty:
            pass
        for future in sorted(done, key=lambda one: self._on_the_way[one].index):
            locator = self._on_the_way[future].decision.locator
            self._settle(future)
            self._hand_on()
            self._settler.run.tell(Event(Stage.MADE, locator, 1, 1))

    def _settle(self, future: Future[JobManifest], *, again: bool = True) -> None:
        sent = self._on_the_way.pop(future)
        settler, index, decision = self._settler, sent.index, sent.decision
        try:
            manifest = future.result()
            settler.run.making.begin()
            if taken(self._counter, settler, index, decision, manifest):
                return
        except PoisonedError as error:
            settler.failed(index, decision, error)
            return
        except PoolError:
            # No article is at fault: there is nobody to make any.
            raise
        except CancelledError as error:
            problem = "the pool has given up"
            raise PoolError(
                problem, decision.locator, remedy="run the same command again"
            ) from error
        except AudiobriefError as error:
            settler.failed(index, decision, error)
            return
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            settler.failed(index, decision, defect(error))
            return
        if again and sent.adoptions < _MOST_ADOPTIONS:
            self._counter.forget(manifest)
            self._submit(replace(sent, adoptions=sent.adoptions + 1))
        else:
            settler.failed(index, decision, self._counter.unreadable(manifest))


@dataclass(frozen=True, slots=True, order=True)
class _Sent:
    """An episode that is being made, or will be; the longest is the least."""

    rank: int
    index: int
    decision: Decision = field(compare=False)
    job: EpisodeJob = field(compare=False)
    #: How often it was made and could not be read back.
    adoptions: int = field(default=0, compare=False)


def _rank(decision: Decision) -> int:
    """Return the less, the longer an episode takes: by what is spoken."""
    return -sum(len(segment.spoken) for segment in decision.recipe.script.segments)


def require_pool(address: str, jobs: int | None, options: Mapping[str, str]) -> None:
    """Refuse an address that means no pool, before anything is done; none is opened.

    Args:
        address: As the user has written it, or ``auto`` or ``here``.
        jobs: How many at once; ``None``: as the address says.
        options: Settings of ``[pool]``.

    Raises:
        WorkspaceError: There is none of this name, or its address is wrong.
        PoolUnavailableError: Its package is broken or missing.
    """
    if address in ("auto", "here"):
        return
    plugins.pool_maker(address)
    name = address.partition(":")[0]
    if name == "local":
        parse_local(address, jobs)
    elif name in ("dask", "tcp", "tls"):
        from audiobrief.pool.dask_cluster import require_address  # noqa: PLC0415 - an extra

        require_address(address, options)


def open_pool(
    address: str, jobs: int | None, options: Mapping[str, str], tell: TellJob
) -> WorkPool:
    """Return the pool of an address.

    Raises:
        WorkspaceError: There is none of this name, or the address is wrong.
        PoolError: It cannot be reached.
    """
    make_pool = plugins.pool_maker(address)
    pool: WorkPool = make_pool(address, perform=PERFORM, jobs=jobs, tell=tell, options=options)
    return pool
