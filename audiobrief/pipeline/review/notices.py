"""What pages are told: each new state of an episode once, whoever has brought it about."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from audiobrief.pipeline.review.scenes import state_around
from audiobrief.review.desk import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.pipeline.review.rack import Place, Rack
    from audiobrief.pipeline.review.scenes import Scenes
    from audiobrief.review.events import Events
    from audiobrief.workspace.load import Workspace

#: Episodes that are looked after for changes of others: those that were asked for last.
_MOST_OPEN: Final = 16


class Notices:
    """Knows what pages have been told, and tells what is new.

    Whoever makes a change has it in the answer; others are told when somebody looks, so that the
    answer is there first.

    Args:
        show: Of the workspace.
        rack: Where the episodes are.
        scenes: What is shown of them.
        events: To be told.
    """

    def __init__(self, show: Workspace, rack: Rack, scenes: Scenes, events: Events) -> None:
        self._show = show
        self._rack = rack
        self._scenes = scenes
        self._events = events
        self._lock = Lock()
        #: The state of each open episode that pages know, the one opened last at the end.
        self._known: dict[str, str] = {}
        self._queue = ""

    def opened(self, place: Place, revision: str) -> None:
        """Note which state somebody has been shown; if others know an older one, they are told."""
        with self._lock:
            is_known = place.id in self._known
        if not is_known:
            self._remember(place, revision)

    def listed(self) -> None:
        """Note which list somebody will be shown."""
        self._queue = self._queue or self._rack.state()

    def tell(self, event: dict[str, Any]) -> None:
        """Tell all pages of an event, with the state that it has led to."""
        with suppress(NotFoundError):
            place = self._rack.place(event["episode"])
            event = {**event, "revision": self._scenes.revision(place)}
            if event["type"] in {"built", "failed"}:
                self._remember(place, event["revision"])
        self._events.tell(event)

    def tell_of(self, identifier: str) -> None:
        """Tell pages if more is known of an episode."""
        with suppress(NotFoundError):
            place = self._rack.place(identifier)
            self._note(place, self._scenes.revision(place))

    def tell_queue(self) -> None:
        """Tell pages that the list of episodes is another."""
        self._events.tell({"type": "changed", "episode": None})

    def look(self, changed: Callable[[Place], object]) -> None:
        """Find what has changed.

        Args:
            changed: Called with each open episode that has.
        """
        with self._lock:
            opened = list(self._known)
        around = state_around(self._show)
        for identifier in opened:
            try:
                place = self._rack.place(identifier)
            except NotFoundError:
                with self._lock:
                    self._known.pop(identifier, None)
                continue
            if self._note(place, self._scenes.revision(place, around)):
                changed(place)
        queue = self._rack.state()
        if self._queue not in {"", queue}:
            self.tell_queue()
        self._queue = queue

    def _note(self, place: Place, revision: str) -> bool:
        """Tell pages if an episode is in another state than they know."""
        before = self._remember(place, revision)
        is_news = before not in {None, revision}
        if is_news:
            self._events.tell({"type": "changed", "episode": place.id, "revision": revision})
        return is_news

    def _remember(self, place: Place, revision: str) -> str | None:
        """Note what pages know of an episode; return what they knew before."""
        with self._lock:
            before = self._known.pop(place.id, None)
            self._known[place.id] = revision
            while len(self._known) > _MOST_OPEN:
                del self._known[next(iter(self._known))]
        return before
