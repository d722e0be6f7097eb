"""The desk of `review`: what the page asks for, done with the functions of this room."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import ApprovalMissingError, AudiobriefError, ConflictError, defect
from audiobrief.model.review import Verdict
from audiobrief.pipeline.caches import tier_of
from audiobrief.pipeline.review import marks, words
from audiobrief.pipeline.review.bench import Workbench
from audiobrief.pipeline.review.builder import Builder
from audiobrief.pipeline.review.details import DetailSeeker
from audiobrief.pipeline.review.fix import fix
from audiobrief.pipeline.review.notices import Notices
from audiobrief.pipeline.review.queue import Queue
from audiobrief.pipeline.review.rack import Rack
from audiobrief.pipeline.review.rebuild import is_stale, rebuild
from audiobrief.pipeline.review.release import release_one
from audiobrief.pipeline.review.saying import say
from audiobrief.pipeline.review.scenes import Scenes
from audiobrief.pipeline.review.sound_files import open_clip, open_sound
from audiobrief.pipeline.review.view import (
    clip_url,
    reasons_of_sound,
    render,
    render_progress,
    render_verdict,
    state_of,
)
from audiobrief.pipeline.review.wanted import entry_of, fix_of, seen_of
from audiobrief.pipeline.review.watcher import Watcher
from audiobrief.store.clips import ClipCache
from audiobrief.store.history import HISTORY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.events import Tell
    from audiobrief.pipeline.review.rack import Place
    from audiobrief.pipeline.review.view import Scene
    from audiobrief.pipeline.review.words import Scope
    from audiobrief.review.desk import (
        Json,
        SoundFile,
        WantedFix,
        WantedMarks,
        WantedSpeech,
        WantedWord,
    )
    from audiobrief.review.events import Events
    from audiobrief.workspace.load import Workspace

#: What is being looked at when the server stops has so long to end.
_LEAVE_S: Final = 3.0


class ReviewDesk:
    """Does what the page asks for (`audiobrief.review.desk.Desk`).

    Args:
        shows: Those that are reviewed, each as it sees the workspace.
        by: Who reviews.
        clock: Returns the time, aware.
        events: Told of what happens.
        report: Told of defects.
        check: Returns which rules a folder breaks that podcast apps insist on, one a line.
    """

    def __init__(
        self,
        shows: tuple[Workspace, ...],
        *,
        by: str,
        clock: Callable[[], datetime],
        events: Events,
        report: Callable[[AudiobriefError], None],
        check: Callable[[Path], Sequence[str]],
    ) -> None:
        self._by = by
        self._clock = clock
        self._report = report
        self._check = check
        self._rack = Rack(shows)
        # Workers elsewhere have left the clips that they made in the shared store alone.
        self._clips = ClipCache(shows[0].cache / "clips", tier_of(shows[0]))
        self._benches = {show.show: Workbench(show) for show in shows}
        self._builder = Builder(self._rebuild, self._tell, report)
        self._details = DetailSeeker(self._detailed, lambda error: report(defect(error)))
        self._scenes = Scenes(self._rack, self._benches, self._builder, self._details)
        self._notices = Notices(shows[0], self._rack, self._scenes, events)
        self._queue = Queue(shows, self._rack, self._benches, self._notices.tell_queue)
        #: Of what each episode was built last, or was to be.
        self._tried: dict[str, str] = {}
        self._watcher = Watcher(self._look, lambda: events.has_hearers, report)
        self._is_closed = False
        self._starter = Thread(target=self._start, name="starter", daemon=True)
        self._starter.start()

    def close(self) -> None:
        """End what is under way."""
        self._is_closed = True
        self._watcher.close()
        self._builder.close()
        self._details.close()
        self._queue.close()
        self._starter.join(_LEAVE_S)
        for bench in self._benches.values():
            bench.close()

    def episodes(self) -> Json:
        """Return the queue: drafts first, the newest first."""
        # Before it is read: what changes meanwhile is told.
        self._notices.listed()
        return self._queue.render(by=self._by)

    def document(self, identifier: str) -> Json:
        """Return all that a page shows of an episode."""
        place = self._rack.place(identifier)
        scene = self._built_soon(place, self._scenes.of(place))
        self._notices.opened(place, scene.revision)
        return render(scene)

    def sound(self, identifier: str, sha256: str) -> SoundFile:
        """Open an episode's sound."""
        place = self._rack.place(identifier)
        return open_sound(place, self._rack.episode(place), sha256)

    def clip(self, key: str) -> SoundFile:
        """Open the sound of a segment."""
        return open_clip(self._clips, key)

    def count(self, identifier: str, word: str, segment: str) -> Json:
        """Return in how many places a word is."""
        _, bench, episode = self._at(identifier)
        found = words.count(bench, episode, word, segment)
        return {
            "here": found.here,
            "episode": found.episode,
            "show": {"episodes": found.show_episodes, "segments": found.show_segments},
        }

    def say(self, identifier: str, wanted: WantedSpeech) -> Json:
        """Speak something that is not saved."""
        _, bench, episode = self._at(identifier)
        entry = entry_of(wanted.word) if wanted.word is not None else None
        said = say(
            bench, episode, wanted.segment, text=wanted.text, voice=wanted.voice, entry=entry
        )
        return {
            "clip": said.clip,
            "clip_url": clip_url(said.clip),
            "duration_ms": said.duration_ms,
            "spoken": said.spoken,
            "notes": list(said.notes),
        }

    def fix(self, identifier: str, wanted: WantedFix) -> Json:
        """Change a segment, and speak it; the episode is built behind it."""
        place, bench, episode = self._at(identifier)
        fixed = fix(bench, episode, fix_of(wanted), seen_of(wanted), by=self._by, now=self._clock())
        self._builder.want(place)
        document = self.document(identifier)
        changed = set(fixed.segments)
        return {
            "segments": [one for one in document["segments"] if one["id"] in changed],
            "clip_url": clip_url(fixed.clip),
            "duration_ms": fixed.duration_ms,
            "spoken_count": fixed.was_spoken,
            "notes": list(fixed.notes),
            "document": document,
        }

    def add_word(
        self, identifier: str, word: WantedWord, scope: Scope, segment: str, expected: int
    ) -> Json:
        """Have a word said otherwise, if it is in as many places as the editor was told."""
        _, bench, episode = self._at(identifier)
        found = words.count(bench, episode, word.word, segment).of(scope)
        if found != expected:
            raise ConflictError(
                f"the word is in {found} segments by now",
                word.word,
                mine=str(expected),
                theirs=str(found),
                remedy="look at the number, and say it again",
            )
        worded = words.add_word(bench, episode, entry_of(word), scope, segment)
        return self._worded(identifier, worded)

    def remove_word(self, identifier: str, word: str, scope: Scope, segment: str) -> Json:
        """Have a word said as without its entry."""
        _, bench, episode = self._at(identifier)
        worded = words.remove_word(bench, episode, word, scope, segment or None)
        return self._worded(identifier, worded)

    def _worded(self, identifier: str, worded: words.Worded) -> Json:
        """Have all episodes built in which something is said otherwise, the one at hand first."""
        folders = list(worded.episodes)
        for place in self._rack.places():
            if place.where.removeprefix("episodes/") in folders:
                self._builder.want(place)
        return {
            "changed": worded.changed,
            "clip_url": clip_url(worded.clip),
            "duration_ms": worded.duration_ms,
            "notes": list(worded.notes),
            "document": self.document(identifier),
        }

    def _at(self, identifier: str) -> tuple[Place, Workbench, Episode]:
        """Return where an episode lies, what is at hand for it, and itself."""
        place = self._rack.place(identifier)
        return place, self._benches[place.show.show], self._rack.episode(place)

    def mark(self, identifier: str, wanted: WantedMarks) -> Json:
        """Keep what an editor says of segments."""
        place = self._rack.place(identifier)
        scene = self._scenes.of(place)
        marks.mark(
            place.show,
            scene.episode,
            wanted.segments,
            Verdict(wanted.verdict),
            by=self._by,
            now=self._clock(),
            note=wanted.note,
            coming={(segment.id, segment.clip) for segment in scene.coming},
        )
        return self._short(place, {segment for segment, _clip in wanted.segments})

    def played(
        self, identifier: str, segment: str, clip: str, ranges_ms: tuple[tuple[int, int], ...]
    ) -> Json:
        """Keep what was really heard."""
        place = self._rack.place(identifier)
        marks.played(
            place.show, self._rack.episode(place), clip, ranges_ms, by=self._by, now=self._clock()
        )
        return self._short(place, {segment})

    def approve(self, identifier: str, which: str) -> Json:
        """Approve what was heard, or all."""
        place = self._rack.place(identifier)
        scene = self._scenes.of(place)
        marks.approve(
            place.show,
            scene.episode,
            by=self._by,
            now=self._clock(),
            only_heard=which == "heard",
        )
        return self._short(place, {segment.id for segment in scene.segments})

    def publish(self, identifier: str) -> Json:
        """Release the show with this episode."""
        place = self._rack.place(identifier)
        scene = self._scenes.of(place)
        reasons = reasons_of_sound(scene)
        if reasons:
            error = ApprovalMissingError(
                f'"{scene.episode.title}" cannot be published: {", ".join(reasons)}',
                place.where,
                remedy="wait until it is built; if it was not, see why",
            )
            error.reasons = tuple(reasons)
            raise error
        feed = release_one(
            place.show, scene.episode, now=self._clock(), check=self._check,
            tell=self._builder.teller(identifier),
        )  # fmt: skip
        return {"published": True, "feed": feed, "document": self.document(identifier)}

    def _short(self, place: Place, changed: Collection[str]) -> Json:
        """Return what has become of some segments, and of the episode by them."""
        scene = self._scenes.of(place)
        return {
            "segments": [
                {"id": segment.id, **render_verdict(scene.review, segment)}
                for segment in scene.segments
                if segment.id in changed
            ],
            **render_progress(scene),
            "revision": scene.revision,
            "state": state_of(scene.episode, scene.review),
        }

    def _tell(self, event: dict[str, Any]) -> None:
        self._notices.tell(event)

    def _detailed(self, identifier: str) -> None:
        self._notices.tell_of(identifier)

    def _rebuild(self, place: Place, tell: Tell) -> None:
        bench = self._benches[place.show.show]
        self._tried[place.id] = self._scenes.ingredients(place)
        episode = rebuild(bench, self._rack.episode(place), tell)
        marks.settle(bench.workspace, episode)

    def _built_soon(self, place: Place, scene: Scene) -> Scene:
        """Have a stale episode built, unless that was tried; return it as it is then."""
        if not scene.is_stale or scene.is_building:
            return scene
        if self._tried.get(place.id) == self._scenes.ingredients(place):
            return scene
        self._builder.want(place)
        return self._scenes.of(place)

    def _look(self) -> None:
        """Notice what others have changed, and have it built."""

        def changed(place: Place) -> None:
            with suppress(AudiobriefError):  # it is told when the episode is asked for
                self._built_soon(place, self._scenes.of(place))

        self._notices.look(changed)

    def _start(self) -> None:
        """Build what a server that was killed has left, and have engines ready."""
        try:
            self._resume()
            for bench in self._benches.values():
                bench.warm()
            latest = next(self._rack.places(), None)
            if latest is not None and not self._is_closed:
                # Dictionaries are read for the first one.
                self._scenes.of(latest)
        except AudiobriefError:
            # An engine or a file that is missing: whoever needs it is told.
            return
        except Exception as error:  # noqa: BLE001 - a defect costs a warm start, not the server
            self._report(defect(error))

    def _resume(self) -> None:
        """Have built what was changed here, and is not in the sound."""
        for place in self._rack.places():
            if self._is_closed:
                return
            if not (place.folder / HISTORY_NAME).is_file():
                continue
            with suppress(AudiobriefError):  # it is told when the episode is opened
                if is_stale(self._benches[place.show.show], self._rack.read(place)):
                    self._builder.want(place)
