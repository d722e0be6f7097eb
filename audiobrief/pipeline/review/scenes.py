"""What a page shows of each episode, gathered once for each state that its files are in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError
from audiobrief.pipeline.review import gate
from audiobrief.pipeline.review.fix import history_of
from audiobrief.pipeline.review.rack import WATCHED
from audiobrief.pipeline.review.rebuild import segments_now
from audiobrief.pipeline.review.view import Scene
from audiobrief.pipeline.review.words import words_of
from audiobrief.store.history import can_undo, key_of_id, literal_keys, versions_of
from audiobrief.store.library import seems_heard
from audiobrief.store.manifest import MANIFEST_NAME
from audiobrief.store.review import REVIEW_NAME
from audiobrief.store.stamps import Stamps
from audiobrief.workspace.episode_words import WORDS_NAME
from audiobrief.workspace.load import SETTINGS_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.model.script import Addition, LedgerRow
    from audiobrief.pipeline.review.bench import Workbench
    from audiobrief.pipeline.review.builder import Builder
    from audiobrief.pipeline.review.concerns import Suspicion
    from audiobrief.pipeline.review.details import DetailSeeker
    from audiobrief.pipeline.review.rack import Place, Rack
    from audiobrief.pipeline.review.words import ScopedEntry
    from audiobrief.workspace.load import Workspace

#: Episodes that are held as they are shown: about 3 MB each at 1,000 segments.
_MOST_HELD: Final = 8
#: What says how an episode is to sound, and what decides its details.
_INGREDIENTS: Final = ("script.md", WORDS_NAME)
_DETAILED: Final = (MANIFEST_NAME, WORDS_NAME)
_WRITTEN: Final = tuple(name for name in WATCHED if name != REVIEW_NAME)
#: Between segments that have become neighbors.
_PAUSE_MS: Final = 350


@dataclass(frozen=True, slots=True)
class _Text:
    """What script and words say of an episode, whoever has heard it."""

    key: str
    show: Workspace
    episode: Episode
    segments: tuple[TimedSegment, ...]
    #: What has become of every sentence, and what is said besides.
    ledger: tuple[LedgerRow, ...]
    added: tuple[Addition, ...]
    words: tuple[Mapping[str, Any], ...] = ()
    versions: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    #: Nothing can be made of what was written.
    failure: Mapping[str, str] | None = None


class Scenes:
    """Gathers them.

    Args:
        rack: Where the episodes are.
        benches: Of each show, by its name.
        builder: Builds them again.
        details: Looks for what takes longer.
    """

    def __init__(
        self,
        rack: Rack,
        benches: Mapping[str, Workbench],
        builder: Builder,
        details: DetailSeeker,
    ) -> None:
        self._rack = rack
        self._benches = benches
        self._builder = builder
        self._details = details
        self._lock = Lock()
        self._held: OrderedDict[str, _Text] = OrderedDict()

    def of(self, place: Place) -> Scene:
        """Return what is shown of an episode.

        Raises:
            StoreError: One of its files cannot be read.
        """
        # Asked before anything is read: what changes meanwhile has another one.
        around = state_around(place.show)
        base = _digest(place.stamps(), around)
        detailed = _digest(place.stamps(_DETAILED), around)
        text = self._text(place, _digest(place.stamps(_WRITTEN), around))
        show, episode = text.show, text.episode
        review = gate.review_of(show, episode)
        details = self._details.of(place.id, detailed, show, episode)
        is_building = self._builder.is_building(place.id)
        return Scene(
            id=place.id,
            show=show.show_title,
            episode=episode,
            segments=text.segments,
            ledger=text.ledger,
            added=text.added,
            review=review,
            progress=gate.progress(replace(episode, segments=text.segments), review),
            revision=_revision(base, is_partial=details.is_partial, is_building=is_building),
            spec=show.sound,
            is_required=show.settings.publish.require_approval,
            is_stale=text.segments is not episode.segments or text.failure is not None,
            is_building=is_building,
            is_partial=details.is_partial,
            has_sound=seems_heard(show.episodes, episode),
            failure=self._builder.failure(place.id) or text.failure,
            voices=tuple(show.voices.values()),
            concerns=_concerns(details.suspicion),
            unknown=details.suspicion.unknown,
            checks=[asdict(check) for check in details.checks],
            words=text.words,
            peaks=details.peaks,
            versions=text.versions,
        )

    def revision(self, place: Place, around: str | None = None) -> str:
        """Return what changes whenever a page would show something else.

        Args:
            place: Of the episode.
            around: From `state_around`, if it is known.
        """
        base = _digest(place.stamps(), state_around(place.show) if around is None else around)
        return _revision(
            base,
            is_partial=self._details.is_partial(place.id),
            is_building=self._builder.is_building(place.id),
        )

    def ingredients(self, place: Place) -> str:
        """Return what changes whenever an episode may have to be built again."""
        return _digest(place.stamps(_INGREDIENTS), state_around(place.show))

    def _text(self, place: Place, key: str) -> _Text:
        with self._lock:
            text = self._held.get(place.id)
        if text is None or text.key != key:
            text = self._read(place, key)
            if any(segment.end_ms <= segment.start_ms for segment in text.segments):
                # Its clip is being spoken just now: the next reader may know how long it is.
                return text
            with self._lock:
                self._held[place.id] = text
                self._held.move_to_end(place.id)
                while len(self._held) > _MOST_HELD:
                    self._held.popitem(last=False)
        return text

    def _read(self, place: Place, key: str) -> _Text:
        bench, episode = self._benches[place.show.show], self._rack.episode(place)
        try:
            show = bench.workspace
            # A script that cannot be understood is told.
            script = bench.redraft(episode).script
            segments = laid_out(segments_now(bench, episode), episode)
            words = tuple(_word(entry) for entry in words_of(bench, episode))
        except AudiobriefError as error:
            # What is there can be seen and heard all the same.
            told = {"problem": error.problem, "where": error.subject, "fix": error.remedy}
            written = (episode.segments, episode.ledger, episode.added)
            return _Text(key, place.show, episode, *written, failure=told)
        source = episode if segments is episode.segments else script
        versions = _versions(show, episode, segments)
        return _Text(key, show, episode, segments, source.ledger, source.added, words, versions)


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


def state_around(show: Workspace) -> str:
    """Return the state of what all episodes of a show are made of: settings, voices, lexicons."""
    stamps = Stamps()
    stamps.add(show.root / SETTINGS_NAME)
    stamps.add_tree(show.root / "voices")
    return stamps.digest()


def _digest(*states: object) -> str:
    return sha256(repr(states).encode()).hexdigest()[:16]


def _revision(base: str, *, is_partial: bool, is_building: bool) -> str:
    return f"{base}{'0' * is_partial}{'b' * is_building}"
