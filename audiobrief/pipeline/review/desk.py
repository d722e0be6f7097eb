"""The desk of `review`: what the page asks for, done with the functions of this room."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import ApprovalMissingError, AudiobriefError, ConflictError, defect
from audiobrief.model.review import Verdict
from audiobrief.pipeline.caches import caches_in
from audiobrief.pipeline.review import marks, words
from audiobrief.pipeline.review.bench import Workbench
from audiobrief.pipeline.review.builder import Builder
from audiobrief.pipeline.review.details import DetailSeeker
from audiobrief.pipeline.review.fix import fix
from audiobrief.pipeline.review.queue import Queue
from audiobrief.pipeline.review.rack import Place, Rack
from audiobrief.pipeline.review.rebuild import rebuild
from audiobrief.pipeline.review.release import release_one
from audiobrief.pipeline.review.saying import say
from audiobrief.pipeline.review.scenes import Scenes, state_around
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
from audiobrief.review.desk import NotFoundError, SoundFile
from audiobrief.store.history import HISTORY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.events import Tell
    from audiobrief.pipeline.review.view import Scene
    from audiobrief.pipeline.review.words import Scope
    from audiobrief.review.desk import Json, WantedFix, WantedMarks, WantedSpeech, WantedWord
    from audiobrief.review.events import Events
    from audiobrief.workspace.load import Workspace

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
#: Episodes that are looked after for changes of others: those that were asked for last.
_MOST_OPEN: Final = 16
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
        self._shows = shows
        self._by = by
        self._clock = clock
        self._events = events
        self._check = check
        self._rack = Rack(shows)
        self._clips = caches_in(shows[0].cache).clips
        self._benches = {show.show: Workbench(show) for show in shows}
        self._queue = Queue(shows, self._rack, self._benches, self._tell_queue)
        self._builder = Builder(self._rebuild, self._tell, report)
        self._details = DetailSeeker(self._detailed, lambda error: report(defect(error)))
        self._scenes = Scenes(self._rack, self._benches, self._builder, self._details)
        self._lock = Lock()
        #: Of what each episode was built last, or was to be.
        self._tried: dict[str, str] = {}
        #: The state of each open episode that pages have been told of last; the latest last.
        self._told: dict[str, str] = {}
        self._queue_told = ""
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

    def _start(self) -> None:
        """Build what a server that was killed has left, and have engines ready."""
        with suppress(AudiobriefError):  # whoever opens an episode is told
            latest = None
            for place in self._rack.places():
                if self._is_closed:
                    return
                if (place.folder / HISTORY_NAME).is_file():
                    self._build_if_stale(place)
                latest = latest or place
            for bench in self._benches.values():
                bench.warm()
            if latest is not None:
                # Dictionaries are read for the first one.
                self._scenes.of(latest)

    def episodes(self) -> Json:
        """Return the queue: drafts first, the newest first."""
        # Asked before: what changes meanwhile is told.
        self._queue_told = self._queue_told or self._rack.state()
        return self._queue.render(by=self._by)

    def document(self, identifier: str) -> Json:
        """Return all that a page shows of an episode."""
        place = self._rack.place(identifier)
        scene = self._built_soon(place, self._scenes.of(place))
        # Changes are told by whoever looks: whoever has made one has its answer by then.
        with self._lock:
            is_known = place.id in self._told
        if not is_known:
            self._remember(place, scene.revision)
        return render(scene)

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

    def _rebuild(self, place: Place, tell: Tell) -> None:
        bench = self._benches[place.show.show]
        self._tried[place.id] = self._scenes.ingredients(place)
        episode = rebuild(bench, self._rack.episode(place), tell)
        marks.settle(bench.workspace, episode)

    def _build_if_stale(self, place: Place) -> None:
        """Have an episode built, if its sound is not what its script says."""
        with suppress(AudiobriefError):  # it is told when the episode is opened
            self._built_soon(place, self._scenes.of(place))

    def _built_soon(self, place: Place, scene: Scene) -> Scene:
        """Have a stale episode built, unless that was tried; return it as it is then."""
        if not scene.is_stale or scene.is_building:
            return scene
        if self._tried.get(place.id) == self._scenes.ingredients(place):
            return scene
        self._builder.want(place)
        return self._scenes.of(place)

    def _detailed(self, identifier: str) -> None:
        """Tell pages that the rest is known of an episode."""
        with suppress(NotFoundError):
            place = self._rack.place(identifier)
            self._note(place, self._scenes.revision(place))

    def _tell(self, event: dict[str, Any]) -> None:
        """Tell all pages of an event, with the state that it has led to."""
        with suppress(NotFoundError):
            place = self._rack.place(event["episode"])
            event = {**event, "revision": self._scenes.revision(place)}
            if event["type"] in {"built", "failed"}:
                self._remember(place, event["revision"])
        self._events.tell(event)

    def _remember(self, place: Place, revision: str) -> str | None:
        """Note what pages are told of an episode; return what they were told before."""
        with self._lock:
            before = self._told.pop(place.id, None)
            self._told[place.id] = revision
            while len(self._told) > _MOST_OPEN:
                del self._told[next(iter(self._told))]
        return before

    def _note(self, place: Place, revision: str) -> bool:
        """Tell pages if an episode is in another state than they have been told."""
        before = self._remember(place, revision)
        is_news = before not in {None, revision}
        if is_news:
            self._events.tell({"type": "changed", "episode": place.id, "revision": revision})
        return is_news

    def _look(self) -> None:
        """Notice what others have changed."""
        with self._lock:
            opened = list(self._told)
        around = state_around(self._shows[0])
        for identifier in opened:
            try:
                place = self._rack.place(identifier)
            except NotFoundError:
                with self._lock:
                    del self._told[identifier]
                continue
            revision = self._scenes.revision(place, around)
            if self._note(place, revision):
                self._build_if_stale(place)
        queue = self._rack.state()
        if self._queue_told not in {"", queue}:
            self._tell_queue()
        self._queue_told = queue

    def _tell_queue(self) -> None:
        """Tell pages that the list of episodes is another."""
        self._events.tell({"type": "changed", "episode": None})


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
