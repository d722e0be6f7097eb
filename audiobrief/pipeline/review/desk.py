"""The desk of `review`: what the page asks for, done with the functions of this room."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import SourceError
from audiobrief.model.review import Verdict
from audiobrief.pipeline.caches import caches_in
from audiobrief.pipeline.review import marks
from audiobrief.pipeline.review.gate import progress, review_of
from audiobrief.pipeline.review.rack import Place, Rack
from audiobrief.pipeline.review.view import (
    Scene,
    render,
    render_counts,
    render_progress,
    render_verdict,
)
from audiobrief.review.desk import NotFoundError, SoundFile
from audiobrief.store.library import has_sound
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.model.review import Review
    from audiobrief.review.desk import Json, WantedFix, WantedMarks, WantedSpeech, WantedWord
    from audiobrief.review.events import Events
    from audiobrief.workspace.load import Workspace

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


class ReviewDesk:
    """Does what the page asks for (`audiobrief.review.desk.Desk`).

    Args:
        shows: Those that are reviewed, each as it sees the workspace.
        by: Who reviews.
        clock: Returns the time, aware.
        events: Told of what happens.
    """

    def __init__(
        self,
        shows: tuple[Workspace, ...],
        *,
        by: str,
        clock: Callable[[], datetime],
        events: Events,
    ) -> None:
        self._shows = shows
        self._by = by
        self._clock = clock
        self._events = events
        self._rack = Rack(shows)
        self._clips = caches_in(shows[0].cache).clips

    def episodes(self) -> Json:
        """Return the queue: drafts first, the newest first."""
        rows, damaged = [], []
        for place in self._rack.places():
            episode = self._rack.read_once(place)
            if isinstance(episode, Exception):
                damaged.append({
                    "problem": episode.problem, "where": episode.subject, "fix": episode.remedy,
                })  # fmt: skip
                continue
            rows.append(self._row(place, episode))
        rows.sort(key=lambda row: row["date"], reverse=True)
        rows.sort(key=lambda row: row["state"] != "draft")
        first = self._shows[0]
        return {
            "show": {
                "title": first.show_title,
                "shows": [{"name": s.show, "title": s.show_title} for s in self._shows],
            },
            "require_approval": any(s.settings.publish.require_approval for s in self._shows),
            "by": self._by,
            "episodes": rows,
            "damaged": damaged,
        }

    def _row(self, place: Place, episode: Episode) -> dict[str, Any]:
        found = marks.progress_of(place.show, episode)
        return {
            "id": place.id,
            "title": episode.title,
            "show": place.show.show_title,
            "date": rfc3339(episode.published),
            "duration_ms": episode.enclosure.duration_ms,
            "state": episode.state,
            "counts": render_counts(found),
            "concerns": 0,
            "is_stale": False,
            "has_sound": has_sound(place.show.episodes, episode),
        }

    def document(self, identifier: str) -> Json:
        """Return all that a page shows of an episode."""
        place = self._rack.place(identifier)
        return render(self._scene(place))

    def _scene(self, place: Place) -> Scene:
        episode = self._rack.episode(place)
        review = review_of(place.show, episode)
        return Scene(
            id=place.id,
            show=place.show.show_title,
            episode=episode,
            segments=episode.segments,
            review=review,
            progress=progress(episode, review),
            revision=self._revision(place),
            spec=place.show.sound,
            has_sound=has_sound(place.show.episodes, episode),
            voices=tuple(place.show.voices.values()),
        )

    def _revision(self, place: Place) -> str:
        return sha256(repr(place.stamps()).encode()).hexdigest()[:16]

    def sound(self, identifier: str, sha256: str) -> SoundFile:
        """Open an episode's sound."""
        place = self._rack.place(identifier)
        enclosure = self._rack.episode(place).enclosure
        if enclosure.sha256 != sha256:
            raise NotFoundError(
                "there is another sound by now", place.where, remedy="reload the page"
            )
        return _opened(place.folder / enclosure.file, sha256, enclosure.mime_type)

    def clip(self, key: str) -> SoundFile:
        """Open the sound of a segment."""
        if self._clips.glance(key) is None:
            raise NotFoundError(
                "this clip is not there", key, remedy='run "audiobrief build" to speak it again'
            )
        return _opened(self._clips.path_of(key), key, "audio/wav")

    def count(self, identifier: str, word: str, segment: str) -> Json:
        """Return in how many places a word is."""
        raise _to_come()

    def say(self, identifier: str, wanted: WantedSpeech) -> Json:
        """Speak something that is not saved."""
        raise _to_come()

    def fix(self, identifier: str, wanted: WantedFix) -> Json:
        """Change a segment, and speak it."""
        raise _to_come()

    def add_word(
        self, identifier: str, word: WantedWord, scope: str, segment: str, expected: int
    ) -> Json:
        """Have a word said otherwise."""
        raise _to_come()

    def remove_word(self, identifier: str, word: str, scope: str, segment: str) -> Json:
        """Have a word said as without its entry."""
        raise _to_come()

    def mark(self, identifier: str, wanted: WantedMarks) -> Json:
        """Keep what an editor says of segments."""
        place = self._rack.place(identifier)
        review = marks.mark(
            place.show, self._rack.episode(place), wanted.segments, Verdict(wanted.verdict),
            by=self._by, now=self._clock(), note=wanted.note,
        )  # fmt: skip
        return self._short(place, review, {segment for segment, _clip in wanted.segments})

    def played(
        self, identifier: str, segment: str, clip: str, ranges_ms: tuple[tuple[int, int], ...]
    ) -> Json:
        """Keep what was really heard."""
        place = self._rack.place(identifier)
        review = marks.played(
            place.show, self._rack.episode(place), clip, ranges_ms, by=self._by, now=self._clock()
        )
        return self._short(place, review, {segment})

    def approve(self, identifier: str, which: str) -> Json:
        """Approve what was heard, or all."""
        place = self._rack.place(identifier)
        episode = self._rack.episode(place)
        marks.approve(
            place.show, episode, by=self._by, now=self._clock(), only_heard=which == "heard"
        )
        everything = {segment.id for segment in episode.segments}
        return self._short(place, review_of(place.show, episode), everything)

    def publish(self, identifier: str) -> Json:
        """Release the show with this episode."""
        raise _to_come()

    def _short(self, place: Place, review: Review, changed: set[str]) -> Json:
        """Return what has become of some segments, and of the episode by them."""
        episode = self._rack.episode(place)
        revision = self._revision(place)
        self._events.tell({"type": "changed", "episode": place.id, "revision": revision})
        return {
            "segments": [
                {"id": segment.id, **render_verdict(review, segment)}
                for segment in episode.segments
                if segment.id in changed
            ],
            **render_progress(progress(episode, review)),
            "revision": revision,
            "state": episode.state,
        }


def _opened(path: Path, tag: str, mime_type: str) -> SoundFile:
    """Open sound, and only then look at it: its path may be replaced at any moment."""
    try:
        stream = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
    except OSError as error:
        raise NotFoundError(
            f"the sound cannot be read: {error.strerror or error}", path.name,
            remedy='run "audiobrief build" to make it again',
        ) from error  # fmt: skip
    return SoundFile(path, stream, os.fstat(stream.fileno()), tag, mime_type)


def _to_come() -> SourceError:
    return SourceError("this cannot be done yet", "review", remedy="wait for the next version")
