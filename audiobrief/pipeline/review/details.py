"""What takes longer to find out of an episode: looked for behind the page, shown when known."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError
from audiobrief.pipeline.review.checks import checks_of
from audiobrief.pipeline.review.concerns import Suspicion, suspicion_of
from audiobrief.pipeline.review.peaks import peaks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.review.checks import Check
    from audiobrief.workspace.load import Workspace

#: So long a page waits for them; an episode of some minutes takes a tenth.
_PATIENCE_S: Final = 0.25
#: Episodes of which they are held.
_MOST_HELD: Final = 16


@dataclass(frozen=True, slots=True)
class Details:
    """What was found."""

    suspicion: Suspicion = field(default_factory=lambda: Suspicion({}, {}))
    checks: tuple[Check, ...] = ()
    peaks: tuple[tuple[int, int], ...] = ()
    #: Some of it is not known yet, or of the sound before.
    is_partial: bool = False


#: Each part, and what finds it.
_PARTS: Final[Mapping[str, Callable[[Workspace, Episode], Any]]] = {
    "peaks": peaks_of,
    "checks": checks_of,
    "suspicion": suspicion_of,
}


class _Search:
    """What is being looked for in one state of an episode."""

    def __init__(self, key: str, before: Details) -> None:
        self.key = key
        self.before = before
        self.parts: dict[str, Future[Any]] = {}

    @property
    def is_over(self) -> bool:
        return all(part.done() for part in self.parts.values())

    def found(self) -> Details:
        """Return what is known by now; of the rest, what was known before."""
        done = {
            name: part.result()
            for name, part in self.parts.items()
            if part.done() and not part.cancelled() and part.exception() is None
        }
        return replace(self.before, **done, is_partial=not self.is_over)


class DetailSeeker:
    """Looks for details in a thread of its own.

    Args:
        found: Called with the id of an episode when all are known of which a page has not waited.
        report: Told of defects.
    """

    def __init__(
        self, found: Callable[[str], object], report: Callable[[BaseException], object]
    ) -> None:
        self._found = found
        self._report = report
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, "details")
        self._searches: dict[str, _Search] = {}
        self._is_closed = False

    def of(self, identifier: str, key: str, show: Workspace, episode: Episode) -> Details:
        """Return the details of an episode, as far as they are known in a moment.

        Args:
            identifier: Of the episode.
            key: Another one whenever they may be others.
            show: As the episode's show sees the workspace.
            episode: As it was built last.
        """
        with self._lock:
            search = self._searches.get(identifier)
            if self._is_closed:
                return search.found() if search is not None else Details(is_partial=True)
            is_new = search is None or search.key != key
            if search is None or is_new:
                search = self._started(identifier, key, search, show, episode)
        if is_new:
            wait(search.parts.values(), _PATIENCE_S)
            with self._lock:
                if not search.is_over and not self._is_closed:
                    self._worker.submit(self._found, identifier)
        return search.found()

    def is_partial(self, identifier: str) -> bool:
        """Tell whether something is still being looked for."""
        search = self._searches.get(identifier)
        return search is not None and not search.is_over

    def close(self) -> None:
        """Look for nothing more."""
        with self._lock:
            self._is_closed = True
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _started(
        self, identifier: str, key: str, old: _Search | None, show: Workspace, episode: Episode
    ) -> _Search:
        if old is not None:
            for part in old.parts.values():
                part.cancel()
        search = _Search(key, old.found() if old is not None else Details())
        for name, find in _PARTS.items():
            search.parts[name] = self._worker.submit(self._looked, find, show, episode)
        self._searches.pop(identifier, None)
        self._searches[identifier] = search
        while len(self._searches) > _MOST_HELD:
            del self._searches[next(iter(self._searches))]
        return search

    def _looked(
        self, find: Callable[[Workspace, Episode], Any], show: Workspace, episode: Episode
    ) -> Any:
        try:
            return find(show, episode)
        except AudiobriefError:  # sound that cannot be read: the checks say so
            raise
        except Exception as error:
            self._report(error)
            raise
