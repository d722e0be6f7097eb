"""What a page shows of each episode, gathered once for each state that its files are in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict, replace
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError
from audiobrief.pipeline.review import gate
from audiobrief.pipeline.review.checks import checks_of
from audiobrief.pipeline.review.concerns import Suspicion, suspicion_of
from audiobrief.pipeline.review.fix import history_of
from audiobrief.pipeline.review.peaks import peaks_of
from audiobrief.pipeline.review.rebuild import segments_now
from audiobrief.pipeline.review.view import Scene
from audiobrief.pipeline.review.words import words_of
from audiobrief.store.history import can_undo, key_of_id, literal_keys, versions_of
from audiobrief.store.library import has_sound
from audiobrief.store.stamps import Stamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.pipeline.review.bench import Workbench
    from audiobrief.pipeline.review.builder import Builder
    from audiobrief.pipeline.review.rack import Place, Rack
    from audiobrief.pipeline.review.words import ScopedEntry
    from audiobrief.workspace.load import Workspace

#: Episodes that are held as they are shown: about 3 MB each at 1,000 segments.
_MOST_HELD: Final = 8
#: Of these an episode is made, beside what all episodes are made of.
_INGREDIENTS: Final = ("script.md", "words.toml")
#: Between segments that have become neighbors.
_PAUSE_MS: Final = 350


class Scenes:
    """Gathers them.

    Args:
        rack: Where the episodes are.
        benches: Of each show, by its name.
        builder: Builds them again.
    """

    def __init__(self, rack: Rack, benches: Mapping[str, Workbench], builder: Builder) -> None:
        self._rack = rack
        self._benches = benches
        self._builder = builder
        self._lock = Lock()
        self._held: OrderedDict[str, Scene] = OrderedDict()

    def of(self, place: Place) -> Scene:
        """Return what is shown of an episode.

        Raises:
            StoreError: One of its files cannot be read.
        """
        # Asked before anything is read: what changes meanwhile has another one.
        revision = self.revision(place)
        with self._lock:
            scene = self._held.get(place.id)
        if scene is None or scene.revision != revision:
            scene = self._gathered(place, revision)
            with self._lock:
                self._held[place.id] = scene
                self._held.move_to_end(place.id)
                while len(self._held) > _MOST_HELD:
                    self._held.popitem(last=False)
        return replace(
            scene,
            is_building=self._builder.is_building(place.id),
            failure=self._builder.failure(place.id) or scene.failure,
        )

    def revision(self, place: Place, around: str | None = None) -> str:
        """Return what changes whenever a page would show something else.

        Args:
            place: Of the episode.
            around: From `around`, if it is known.
        """
        return _digest(place.stamps(), state_around(place.show) if around is None else around)

    def ingredients(self, place: Place) -> str:
        """Return what changes whenever an episode may have to be built again."""
        return _digest(place.stamps(_INGREDIENTS), state_around(place.show))

    def _gathered(self, place: Place, revision: str) -> Scene:
        bench, episode = self._benches[place.show.show], self._rack.episode(place)
        try:
            show = bench.workspace
        except AudiobriefError:  # the settings are wrong now: it is told below
            show = place.show
        review = gate.review_of(show, episode)
        scene = Scene(
            id=place.id,
            show=show.show_title,
            episode=episode,
            segments=episode.segments,
            review=review,
            progress=gate.progress(episode, review),
            is_required=show.settings.publish.require_approval,
            revision=revision,
            spec=show.sound,
            has_sound=has_sound(show.episodes, episode),
        )
        try:
            return _completed(scene, bench, show)
        except AudiobriefError as error:
            # What is there can be seen and heard, though nothing can be made of what was written.
            return replace(scene, is_stale=True, failure=_told(error))


def _completed(scene: Scene, bench: Workbench, show: Workspace) -> Scene:
    """Return a scene with what its script and lexicons say now."""
    episode = scene.episode
    # A script that cannot be understood is told.
    bench.redraft(episode)
    segments = laid_out(segments_now(bench, episode), episode)
    now = replace(episode, segments=segments)
    suspicion = suspicion_of(show, now)
    return replace(
        scene,
        segments=segments,
        progress=gate.progress(now, scene.review),
        is_stale=segments is not episode.segments,
        voices=tuple(show.voices.values()),
        concerns=_concerns(suspicion),
        unknown=suspicion.unknown,
        checks=[asdict(check) for check in checks_of(show, episode)],
        words=[_word(entry) for entry in words_of(bench, episode)],
        peaks=peaks_of(show, episode) if scene.has_sound else (),
        versions=_versions(show, episode, segments),
    )


def laid_out(segments: tuple[TimedSegment, ...], episode: Episode) -> tuple[TimedSegment, ...]:
    """Return segments one after the other, as long as each is, with the pauses of the old sound.

    Until a build tells their times exactly, all that is behind a change is shifted by it (pure).
    """
    if segments is episode.segments:
        return segments
    old = {segment.id: n for n, segment in enumerate(episode.segments)}
    found: list[TimedSegment] = []
    for segment in segments:
        start_ms = segment.start_ms if not found else found[-1].end_ms + _PAUSE_MS
        number = old.get(segment.id, -1)
        if found and number > 0 and old.get(found[-1].id) == number - 1:
            before, here = episode.segments[number - 1 : number + 1]
            start_ms = found[-1].end_ms + here.start_ms - before.end_ms
        shift_ms = start_ms - segment.start_ms
        words = tuple(None if ms is None else ms + shift_ms for ms in segment.word_starts_ms)
        end_ms = segment.end_ms + shift_ms
        found.append(replace(segment, start_ms=start_ms, end_ms=end_ms, word_starts_ms=words))
    return tuple(found)


def _concerns(suspicion: Suspicion) -> dict[str, list[dict[str, Any]]]:
    return {
        segment: [{"kind": c.kind, "text": c.words, "score": round(c.score, 3)} for c in concerns]
        for segment, concerns in suspicion.concerns.items()
    }


def _word(scoped: ScopedEntry) -> dict[str, Any]:
    entry = scoped.entry
    return {
        "word": entry.word,
        "say": entry.say,
        "ipa": entry.ipa,
        "letters": entry.letters,
        "scope": scoped.scope,
        "segment": scoped.segments[0] if scoped.segments else None,
        "segments": list(scoped.segments),
    }


def _versions(
    show: Workspace, episode: Episode, segments: tuple[TimedSegment, ...]
) -> dict[str, tuple[int, bool]]:
    """Return of each changed segment which version it is, and whether there is a way back."""
    history = history_of(show, episode)
    keys = literal_keys(history)
    return {
        s.id: (versions_of(history, s.id), can_undo(history, s.id))
        for s in segments
        if key_of_id(s.id) in keys
    }


def _told(error: AudiobriefError) -> dict[str, str]:
    return {"problem": error.problem, "where": error.subject, "fix": error.remedy}


def state_around(show: Workspace) -> str:
    """Return the state of what all episodes of a show are made of: settings, voices, lexicons."""
    stamps = Stamps()
    stamps.add(show.root / "audiobrief.toml")
    stamps.add_tree(show.root / "voices")
    return stamps.digest()


def _digest(*states: object) -> str:
    return sha256(repr(states).encode()).hexdigest()[:16]
