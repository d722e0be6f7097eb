"""All episodes in a list: what waits for an editor first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.errors import StoreError
from audiobrief.model.episode import State
from audiobrief.pipeline.review.gate import progress, review_of
from audiobrief.pipeline.review.view import render_counts, state_of
from audiobrief.store.library import has_sound
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from audiobrief.pipeline.review.rack import Place, Rack
    from audiobrief.workspace.load import Workspace


class Queue:
    """Lists episodes; what has not changed is not read again.

    Args:
        shows: Those that are reviewed.
        rack: Where their episodes are.
    """

    def __init__(self, shows: tuple[Workspace, ...], rack: Rack) -> None:
        self._shows = shows
        self._rack = rack
        self._rows: dict[str, tuple[object, dict[str, Any]]] = {}

    def render(self, *, by: str) -> dict[str, Any]:
        """Return the list, drafts first, the newest first.

        Args:
            by: Who reviews.
        """
        rows, damaged = [], []
        known, self._rows = self._rows, {}
        for place in self._rack.places():
            stamp = place.stamps()
            before = known.get(place.id)
            try:
                row = before[1] if before and before[0] == stamp else self._row(place)
            except StoreError as error:
                told = {"problem": error.problem, "where": error.subject, "fix": error.remedy}
                damaged.append(told)
                continue
            self._rows[place.id] = stamp, row
            rows.append(row)
        rows.sort(key=lambda row: row["date"], reverse=True)
        rows.sort(key=lambda row: row["state"] != State.DRAFT)
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
            "concerns": 0,
            "is_stale": False,
            "has_sound": has_sound(place.show.episodes, episode),
        }
