"""A shared store behind the caches of a program: asked ahead, written behind, missed without harm.

What is in it can all be made again, so nothing here ends a build. A store that fails is left alone
for a while, and the program tells once what it could not do.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, Self, TypeVar

from audiobrief.errors import AudiobriefError, defect
from audiobrief.store.eviction import tend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from audiobrief.store.shared import BlobStore

_T = TypeVar("_T")

#: Blobs on their way at once: small ones, and each waits for its answer.
_READERS: Final = 16
_WRITERS: Final = 4
#: A store that failed is left alone for so long, then twice as long, up to the second figure.
_PAUSE_S: Final = 60.0
_LONGEST_PAUSE_S: Final = 600.0
_TOLD_EVERY_S: Final = 0.5


def _say_nothing(_done: int, _total: int) -> None:
    pass


class Tier:
    """A shared store behind the caches of one program. All methods may be called from any thread.

    Writing is done by threads that end with `close`; what waits holds names only, not contents.

    Args:
        store: Where blobs are.
        clock: Seconds that only grow.
    """

    def __init__(self, store: BlobStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self._clock = clock
        self._lock = Lock()
        self._fault: AudiobriefError | None = None
        self._again_at = 0.0
        self._pause_s = _PAUSE_S
        #: What could not be done: "read", "write".
        self._missed: Counter[str] = Counter()
        self._waiting: SimpleQueue[tuple[str, Callable[[], bytes | None]] | None] = SimpleQueue()
        self._writers: list[Thread] = []
        #: Blobs that were to be kept, and those of them that are done with.
        self._put_count = self._done_count = 0
        self._is_abandoned = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        # Somebody who interrupts does not want to wait.
        self.close(abandon=kind is not None and not issubclass(kind, Exception))

    def get(self, name: str) -> bytes | None:
        """Return a blob; ``None``: it is not there, or the store cannot say."""
        return self._unless_out_of_reach("read", lambda: self.store.get(name))

    def get_all(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield those of the blobs that are there, several on their way at once."""
        if not names:
            return
        with ThreadPoolExecutor(min(_READERS, len(names))) as pool:
            coming: deque[tuple[str, Future[bytes | None]]] = deque()
            left = iter(names)
            try:
                while True:
                    # Not all at once: what has arrived waits in memory.
                    while len(coming) < 2 * _READERS and (name := next(left, None)) is not None:
                        coming.append((name, pool.submit(self.get, name)))
                    if not coming:
                        return
                    name, future = coming.popleft()
                    content = future.result()
                    if content is not None:
                        yield name, content
            finally:
                pool.shutdown(cancel_futures=True)

    def put(self, name: str, read: Callable[[], bytes | None]) -> None:
        """Keep a blob, some time later.

        Args:
            name: Of the blob.
            read: Returns its content, in another thread; ``None``: there is nothing to keep.
        """
        with self._lock:
            self._put_count += 1
            if len(self._writers) < _WRITERS:
                thread = Thread(target=self._write, name="shared store", daemon=True)
                self._writers.append(thread)
                thread.start()
        self._waiting.put((name, read))

    def discard_damaged(self, name: str) -> None:
        """Remove a blob that is whole, and still not what its reader knows."""
        self.store.damaged.append(name)
        self._unless_out_of_reach("write", lambda: self.store.remove(name))

    def tend(self, limit_bytes: int) -> None:
        """Keep the store below its limit, unless that was done a short time ago."""
        self._unless_out_of_reach("tend", lambda: tend(self.store, limit_bytes))

    def close(
        self, *, abandon: bool = False, tell: Callable[[int, int], None] = _say_nothing
    ) -> None:
        """Wait until everything is kept.

        Args:
            abandon: Wait only for what is on its way.
            tell: Told now and then how many blobs are kept, out of how many.
        """
        self._is_abandoned = self._is_abandoned or abandon
        with self._lock:
            writers, self._writers = self._writers, []
        for _ in writers:
            self._waiting.put(None)
        for thread in writers:
            while thread.is_alive():
                thread.join(_TOLD_EVERY_S)
                tell(self._done_count, self._put_count)

    def warnings(self) -> tuple[str, ...]:
        """Say what was not done as asked."""
        told: list[str] = []
        with self._lock:
            fault, missed = self._fault, Counter(self._missed)
        if fault is not None:
            parts = [
                f"{_counted(missed[kind])} not {done} there"
                for kind, done in (("read", "looked up"), ("write", "kept"))
                if missed[kind]
            ]
            cost = " and ".join(parts) or "its limit was not looked after"
            told.append(f"{fault.problem}: {self.store.place}: {cost} ({fault.remedy})")
        if count := len(set(self.store.damaged)):
            told.append(f"{_counted(count)} damaged in the shared store, and made again")
        return tuple(told)

    def _write(self) -> None:
        """Keep what waits, until there is no more."""
        while (waiting := self._waiting.get()) is not None:
            if self._is_abandoned:
                continue
            self._unless_out_of_reach("write", partial(self._keep, *waiting))
            with self._lock:
                self._done_count += 1

    def _keep(self, name: str, read: Callable[[], bytes | None]) -> None:
        content = read()
        if content is not None:
            self.store.put(name, content)

    def _unless_out_of_reach(self, kind: str, do: Callable[[], _T]) -> _T | None:
        with self._lock:
            if self._fault is not None and self._clock() < self._again_at:
                self._missed[kind] += 1
                return None
        try:
            return do()
        except AudiobriefError as error:
            self._leave_alone(kind, error)
        except Exception as error:  # noqa: BLE001 - told at the end, like every other fault
            self._leave_alone(kind, defect(error))
        return None

    def _leave_alone(self, kind: str, error: AudiobriefError) -> None:
        """Ask no more for a while; several threads may find out at once."""
        with self._lock:
            self._missed[kind] += 1
            now = self._clock()
            if self._fault is not None:
                if now < self._again_at:
                    return
                self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            else:
                self._fault = error
            self._again_at = now + self._pause_s


def _counted(count: int) -> str:
    return f"{count} clip was" if count == 1 else f"{count} clips were"
