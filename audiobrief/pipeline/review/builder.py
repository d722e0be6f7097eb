"""Builds episodes again behind the page: one after the other, what comes together once."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError, LockedError, defect
from audiobrief.pipeline.events import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.pipeline.events import Event, Tell
    from audiobrief.pipeline.review.rack import Place

#: Changes that come within this time are built together.
_SETTLE_S: Final = 0.3
#: How soon it is tried again while another build holds the workspace.
_RETRY_S: Final = 0.5
#: Steps that are told of, at most one in this time.
_TOLD_EVERY_S: Final = 0.2
#: A build that is under way when the server stops has so long to end.
_LEAVE_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    place: Place
    due_s: float
    is_waiting: bool = False


class Builder:
    """Has episodes built in a thread of its own.

    Args:
        rebuild: Builds one; raises `LockedError` while another build holds the workspace.
        tell: Told what happens, as pages are told.
        report: Told of defects.
    """

    def __init__(
        self,
        rebuild: Callable[[Place, Tell], object],
        tell: Callable[[dict[str, Any]], None],
        report: Callable[[AudiobriefError], None],
    ) -> None:
        self._rebuild = rebuild
        self._tell = tell
        self._report = report
        self._changed = Condition()
        self._wanted: dict[str, _Wanted] = {}
        self._running: str | None = None
        self._failures: dict[str, Mapping[str, str]] = {}
        self._is_closed = False
        self._thread = Thread(target=self._run, name="builder", daemon=True)
        self._thread.start()

    def want(self, place: Place) -> None:
        """Have an episode built soon; what is wanted again while it is built is built once more."""
        with self._changed:
            self._failures.pop(place.id, None)
            self._wanted[place.id] = _Wanted(place, monotonic() + _SETTLE_S)
            self._changed.notify_all()

    def is_building(self, identifier: str) -> bool:
        """Tell whether an episode is being built, or will be."""
        return identifier in self._wanted or self._running == identifier

    def failure(self, identifier: str) -> Mapping[str, str] | None:
        """Return why the last build of an episode has failed; ``None``: it has not."""
        return self._failures.get(identifier)

    def close(self) -> None:
        """Start nothing more, and wait a moment for what is under way."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join(_LEAVE_S)

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            told = self._build(wanted)
            with self._changed:
                self._running = None
            # Whoever is told asks for the episode, which is not being built any more.
            if told is not None:
                self._tell(told)

    def _next(self) -> _Wanted | None:
        """Wait for what is due; ``None``: it is over."""
        with self._changed:
            while not self._is_closed:
                first = min(self._wanted.values(), key=lambda one: one.due_s, default=None)
                left_s = first.due_s - monotonic() if first is not None else None
                if first is not None and left_s is not None and left_s <= 0:
                    del self._wanted[first.place.id]
                    self._running = first.place.id
                    return first
                self._changed.wait(left_s)
        return None

    def _build(self, wanted: _Wanted) -> dict[str, Any] | None:
        """Build one; return what is to be told of it."""
        identifier = wanted.place.id
        if not wanted.is_waiting:
            self._tell({"type": "building", "episode": identifier})
        try:
            self._rebuild(wanted.place, self.teller(identifier))
        except LockedError as error:
            return self._wait(wanted, error)
        except KeyboardInterrupt:
            # The server stops: what is spoken is kept, the next start builds the rest.
            return None
        except AudiobriefError as error:
            return self._fail(identifier, error)
        except Exception as error:  # noqa: BLE001 - a defect costs one build, not the thread
            found = defect(error)
            self._report(found)
            return self._fail(identifier, found)
        return {"type": "built", "episode": identifier}

    def _wait(self, wanted: _Wanted, error: LockedError) -> dict[str, Any] | None:
        """Try again soon, unless it is wanted anew by now."""
        identifier = wanted.place.id
        with self._changed:
            later = _Wanted(wanted.place, monotonic() + _RETRY_S, is_waiting=True)
            self._wanted.setdefault(identifier, later)
        if wanted.is_waiting:
            return None
        return {"type": "waiting", "episode": identifier, "text": error.problem}

    def _fail(self, identifier: str, error: AudiobriefError) -> dict[str, Any]:
        found = {"problem": error.problem, "where": error.subject, "fix": error.remedy}
        self._failures[identifier] = found
        return {"type": "failed", "episode": identifier, "text": error.problem, "error": found}

    def teller(self, identifier: str) -> Tell:
        """Return what a build tells of its steps; once the server stops, it ends the build."""
        told_s = 0.0

        def tell(event: Event) -> None:
            nonlocal told_s
            if self._is_closed and event.stage in {Stage.READ, Stage.SPEAK}:
                raise KeyboardInterrupt
            if monotonic() - told_s < _TOLD_EVERY_S:
                return
            told_s = monotonic()
            self._tell({
                "type": "progress", "episode": identifier, "done": event.done,
                "total": event.total, "text": event.stage,
            })  # fmt: skip

        return tell
