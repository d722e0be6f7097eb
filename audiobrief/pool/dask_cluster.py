"""A connection to a scheduler and its workers: greeted, of our version, told when it is lost."""

from __future__ import annotations

import asyncio
import logging
import platform
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from audiobrief import __version__
from audiobrief.errors import PoolError, PoolUnavailableError
from audiobrief.pool.dask_address import parse_scheduler
from audiobrief.pool.dask_tls import certificates_of, greet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future as PlainFuture


#: Until a scheduler that answers has let us in.
_CONNECT_S: Final = 10.0
#: A question to a scheduler that is alive takes milliseconds.
_ASK_S: Final = 30.0
#: A job is tried so often at most; see `audiobrief.pool.seam.WorkPool`.
MOST_TRIES: Final = 4
_SETTING: Final = "distributed.scheduler.allowed-failures"
_START: Final = "start some: dask worker tls://HOST:PORT --nthreads 1"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a scheduler says of itself."""

    #: Jobs that its workers do at once.
    thread_count: int
    worker_count: int


def require_address(address: str, options: Mapping[str, str]) -> None:
    """Refuse what no scheduler can be asked at; none is asked.

    Args:
        address: As the user gave it.
        options: Settings of ``[pool]``.

    Raises:
        PoolUnavailableError: The package is missing.
        WorkspaceError: The address or the certificates cannot be used.
    """
    _require_package(address)
    parse_scheduler(address, has_tls=bool(certificates_of(options)))


class Cluster:
    """A scheduler that is connected, with the workers that it has.

    Args:
        address: As the user gave it.
        options: Settings of ``[pool]``.

    Raises:
        PoolUnavailableError: The package is missing, or workers are not of our version.
        PoolError: The scheduler cannot be reached.
        WorkspaceError: The address or the certificates cannot be used.
    """

    def __init__(self, address: str, options: Mapping[str, str]) -> None:
        _require_package(address)
        certificates = certificates_of(options)
        self.address = parse_scheduler(address, has_tls=bool(certificates))
        greet(self.address, certificates)
        import distributed  # noqa: PLC0415 - an extra, and half a second

        # What it reports on standard error is told here, once and in other words; it sets these
        # levels itself as it is imported.
        for name in ("distributed", "distributed.client", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        dask: Any = distributed
        security = None
        if self.address.protocol == "tls":
            security = dask.Security(
                tls_ca_file=certificates.ca,
                tls_client_cert=certificates.cert,
                tls_client_key=certificates.key or None,
                require_encryption=True,
            )
        try:
            self._client: Any = dask.Client(
                self.address.url,
                timeout=_CONNECT_S,
                security=security,
                set_as_default=False,
                direct_to_workers=False,
                name="audiobrief",
            )
        except (OSError, TimeoutError, asyncio.CancelledError) as error:
            raise self.lost(f"no scheduler of Dask answers: {error}") from error
        self._question: PlainFuture[Any] | None = None
        self._known: set[str] = set()

    @property
    def is_connected(self) -> bool:
        """Whether the scheduler was there a moment ago."""
        return bool(self._client.status == "running")

    def lost(self, problem: str) -> PoolError:
        """Return the error that the scheduler is gone."""
        remedy = "start it, and run the same again: what is finished is in the store"
        return PoolError(problem, self.address.url, remedy=remedy)

    def prepare(self, *, wait_s: float) -> Pulse:
        """Wait for a worker, and hold versions and settings against ours.

        Args:
            wait_s: How long at most.

        Raises:
            PoolError: There is no worker.
            PoolUnavailableError: Workers have no audiobrief, or another one; or a job would be
                tried more often than it may.
        """
        with suppress(TimeoutError, OSError):
            self._client.wait_for_workers(1, timeout=wait_s)
        pulse = self.pulse()
        if pulse.worker_count == 0:
            raise PoolError("the scheduler has no workers", self.address.url, remedy=_START)
        self._require_tries()
        self.require_equal()
        return pulse

    def _require_tries(self) -> None:
        import dask.config  # noqa: PLC0415 - an extra

        allowed = self._ask(self._client.run_on_scheduler, dask.config.get, _SETTING)
        if isinstance(allowed, int) and allowed >= MOST_TRIES:
            raise PoolUnavailableError(
                f"the scheduler lets one job end {allowed + 1} workers, {MOST_TRIES} are enough",
                self.address.url,
                remedy="start it with DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=1",
            )

    def require_equal(self) -> None:
        """Hold the versions of workers that are new against ours.

        Raises:
            PoolUnavailableError: One has no audiobrief, or another one, or another Dask or Python.
        """
        wanted = _own_versions()
        for name, own in wanted.items():
            question = (platform.python_version,) if name == "Python" else (version, name)
            answers = self._ask(self._client.run, *question, on_error="return")
            for worker, theirs in sorted(answers.items()):
                self._require_same(name, own, theirs, worker)

    def _require_same(self, name: str, own: str, theirs: object, worker: str) -> None:
        if name == "Python" and isinstance(theirs, str):
            # Patches of one Python are equal in all that goes between us.
            own, theirs = (".".join(v.split(".")[:2]) for v in (own, theirs))
        if theirs == own:
            return
        told = theirs if isinstance(theirs, str) else "none"
        remedy = f'install the same there: pip install "audiobrief[dask]=={__version__}"'
        if name != "audiobrief":
            remedy = f"give workers and this machine the same {name}"
        raise PoolUnavailableError(
            f"a worker has {'no' if told == 'none' else 'another'} {name}"
            f"{'' if told == 'none' else f': {told}'}, here it is {own}",
            worker,
            remedy=remedy,
        )

    def _ask(self, call: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return call(*arguments, **options)
        except (OSError, TimeoutError, asyncio.CancelledError, RuntimeError, ValueError) as error:
            raise self.lost(f"the scheduler is lost: {error}") from error

    def submit(
        self, function: Any, *arguments: object, key: str, done: Callable[[PlainFuture[str]], None]
    ) -> Any:
        """Hand in a task, to be run once; its result is text.

        Args:
            function: What is run there.
            arguments: Of it.
            key: Name of the task.
            done: Called in another thread, with what it has come to.

        Returns:
            What keeps the task wanted.
        """
        far = self._client.submit(function, *arguments, key=key, pure=False, retries=0)
        self._soon(self._result(far)).add_done_callback(done)
        return far

    async def _result(self, far: Any) -> Any:
        """Wait for a task; it is done again where its worker dies with the result."""
        return await self._client.gather(far, asynchronous=True)

    def _soon(self, coroutine: Any) -> PlainFuture[Any]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._client.loop.asyncio_loop)

    def pulse(self) -> Pulse:
        """Ask the scheduler how it is.

        Raises:
            PoolError: It is lost.
        """
        found = self._ask(self._client.sync, self._identity, callback_timeout=_ASK_S)
        return found if isinstance(found, Pulse) else Pulse(1, 1)

    async def _identity(self) -> Pulse:
        found = await self._client.scheduler.identity(n_workers=-1)
        workers = found["workers"]
        self._known = set(workers)
        return Pulse(sum(w["nthreads"] for w in workers.values()), len(workers))

    def pulse_soon(self) -> Pulse | None:
        """Return the answer to the last question, if it is there, and ask again.

        Raises:
            PoolError: The scheduler is lost.
        """
        if not self.is_connected:
            raise self.lost("the scheduler is lost")
        if self._question is not None and not self._question.done():
            return None
        found = None
        if self._question is not None:
            error = self._question.exception()
            if error is not None:
                raise self.lost(f"the scheduler is lost: {error}") from error
            found = self._question.result()
        self._question = self._soon(asyncio.wait_for(self._identity(), _ASK_S))
        return found

    def drop(self, far: list[Any]) -> None:
        """Have tasks not done any more, without waiting; those that run come to their end."""
        if self.is_connected and far:
            # `cancel` itself waits for the scheduler.
            self._soon(self._client._cancel(far, force=False))  # noqa: SLF001

    def close(self) -> None:
        """Leave the scheduler; its workers stay."""
        with suppress(TimeoutError, OSError, asyncio.CancelledError, RuntimeError):
            self._client.close(timeout=2)


def _require_package(address: str) -> None:
    try:
        version("distributed")
    except ImportError as error:
        raise PoolUnavailableError(
            "the package for Dask is not installed",
            address,
            remedy='pip install "audiobrief[dask]"',
        ) from error


def _own_versions() -> dict[str, str]:
    return {
        "audiobrief": version("audiobrief"),
        "distributed": version("distributed"),
        "Python": platform.python_version(),
    }
