"""All episodes in a list: what waits for an editor first."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError, StoreError
from audiobrief.model.episode import State
from audiobrief.pipeline.review.concerns import suspicion_of
from audiobrief.pipeline.review.gate import progress, review_of
from audiobrief.pipeline.review.rebuild import is_stale
from audiobrief.pipeline.review.view import render_counts, state_of
from audiobrief.store.library import seems_heard
from audiobrief.store.manifest import MANIFEST_NAME, rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.pipeline.review.bench import Workbench
    from audiobrief.pipeline.review.rack import Place, Rack
    from audiobrief.workspace.load import Workspace

#: Drafts that are looked into, the newest first: one of an hour takes half a second, once.
_MOST_LOOKED: Final = 50
#: By these it is looked again.
_LOOKED_AT: Final = (MANIFEST_NAME, "script.md", "words.toml")
_LEAVE_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found in a draft."""

    stamp: object
    #: Segments that should be heard first; ``None``: it cannot be told.
    concerns: int | None
    is_stale: bool


class Queue:
    """Lists episodes; what has not changed is not read again.

    Args:
        shows: Those that are reviewed.
        rack: Where their episodes are.
        benches: Of each show, by its name.
        changed: Called when more is known of drafts than was told.
    """

    def __init__(
        self,
        shows: tuple[Workspace, ...],
        rack: Rack,
        benches: Mapping[str, Workbench],
        changed: Callable[[], object],
    ) -> None:
        self._shows = shows
        self._rack = rack
        self._benches = benches
        self._changed = changed
        self._lock = Lock()
        self._rows: dict[str, tuple[object, dict[str, Any]]] = {}
        self._looks: dict[str, _Look] = {}
        self._looker: Thread | None = None
        self._is_closed = False

    def close(self) -> None:
        """Look into no more drafts."""
        self._is_closed = True
        if self._looker is not None:
            self._looker.join(_LEAVE_S)

    def render(self, *, by: str) -> dict[str, Any]:
        """Return the list, drafts first, the newest first.

        Args:
            by: Who reviews.
        """
        rows, damaged, places = [], [], {}
        for place in self._rack.places():
            try:
                rows.append(self._row(place))
            except StoreError as error:
                told = {"problem": error.problem, "where": error.subject, "fix": error.remedy}
                damaged.append(told)
                continue
            places[place.id] = place
        rows.sort(key=lambda row: row["date"], reverse=True)
        rows.sort(key=lambda row: row["state"] != State.DRAFT)
        drafts = [places[row["id"]] for row in rows if row["state"] == State.DRAFT]
        self._look_into(drafts[:_MOST_LOOKED])
        return {
            "show": {
                "title": self._shows[0].show_title,
                "shows": [{"name": s.show, "title": s.show_title} for s in self._shows],
            },
            "require_approval": any(s.settings.publish.require_approval for s in self._shows),
            "by": by,
            "episodes": rows,
            "damaged": damaged,
        }

    def _row(self, place: Place) -> dict[str, Any]:
        stamp = place.stamps()
        known = self._rows.get(place.id)
        if known is None or known[0] != stamp:
            known = stamp, self._read(place)
            self._rows[place.id] = known
        look = self._looks.get(place.id)
        return {
            **known[1],
            "concerns": look.concerns if look is not None else None,
            "is_stale": look.is_stale if look is not None else False,
        }

    def _read(self, place: Place) -> dict[str, Any]:
        episode = self._rack.read(place)
        review = review_of(place.show, episode)
        return {
            "id": place.id,
            "title": episode.title,
            "show": place.show.show_title,
            "date": rfc3339(episode.published),
            "duration_ms": episode.enclosure.duration_ms,
            "state": state_of(episode, review),
            "counts": render_counts(progress(episode, review)),
            "has_sound": seems_heard(place.show.episodes, episode),
        }

    def _look_into(self, drafts: list[Place]) -> None:
        """Have drafts looked into that are new or others, behind the page."""
        new = [place for place in drafts if self._is_new(place)]
        with self._lock:
            is_busy = self._looker is not None and self._looker.is_alive()
            if new and not is_busy and not self._is_closed:
                self._looker = Thread(target=self._look, args=(new,), name="queue", daemon=True)
                self._looker.start()

    def _is_new(self, place: Place) -> bool:
        look = self._looks.get(place.id)
        return look is None or look.stamp != place.stamps(_LOOKED_AT)

    def _look(self, drafts: list[Place]) -> None:
        for place in drafts:
            if self._is_closed:
                return
            stamp = place.stamps(_LOOKED_AT)
            try:
                bench, episode = self._benches[place.show.show], self._rack.read(place)
                count = len(suspicion_of(bench.workspace, episode).concerns)
                look = _Look(stamp, count, is_stale(bench, episode))
            except (AudiobriefError, OSError):  # it is told when the episode is opened
                look = _Look(stamp, None, is_stale=False)
            self._looks[place.id] = look
        self._changed()
