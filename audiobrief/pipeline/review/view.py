"""An episode as the page shows it: one JSON document, made of all that is known (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from audiobrief.model.review import Verdict
from audiobrief.pipeline.review.gate import state_by
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiobrief.model.audio import SoundSpec
    from audiobrief.model.episode import Episode, State, TimedSegment
    from audiobrief.model.review import Progress, Review
    from audiobrief.model.script import Addition, LedgerRow
    from audiobrief.model.voice import Voice


#: Version of what nobody has changed, and that there is no way back.
_FIRST: Final = (1, False)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that an episode's page shows, as those who know it have told it."""

    id: str
    show: str
    episode: Episode
    #: As script and words say now; the manifest's own where nothing is newer than the sound.
    segments: tuple[TimedSegment, ...]
    ledger: tuple[LedgerRow, ...]
    added: tuple[Addition, ...]
    review: Review
    progress: Progress
    revision: str
    spec: SoundSpec
    #: What is not approved may not be published.
    is_required: bool = False
    is_stale: bool = False
    is_building: bool = False
    #: Details are still being looked for.
    is_partial: bool = False
    has_sound: bool = True
    failure: Mapping[str, str] | None = None
    voices: tuple[Voice, ...] = ()
    #: By segment id: kind, words, score; the worst first.
    concerns: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: By segment id: words that no dictionary knows.
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    checks: Sequence[Mapping[str, Any]] = ()
    words: Sequence[Mapping[str, Any]] = ()
    peaks: Sequence[Sequence[int]] = ()
    #: By segment id: which version it is, and whether the change can be taken back.
    versions: Mapping[str, tuple[int, bool]] = field(default_factory=dict)

    @property
    def coming(self) -> tuple[TimedSegment, ...]:
        """Segments that the next build puts into the sound."""
        there = {(segment.id, segment.clip) for segment in self.episode.segments}
        return tuple(s for s in self.segments if (s.id, s.clip) not in there)


def render(scene: Scene) -> dict[str, Any]:
    """Return the document of an episode."""
    episode = scene.episode
    return {
        "id": scene.id,
        "guid": episode.guid,
        "title": episode.title,
        "show": scene.show,
        "date": rfc3339(episode.published),
        "language": episode.language,
        "state": state_of(episode, scene.review),
        "revision": scene.revision,
        "is_stale": scene.is_stale,
        "is_building": scene.is_building,
        "is_partial": scene.is_partial,
        "failure": scene.failure,
        "sound": _sound(scene),
        "loudness": {
            "integrated_lufs": episode.loudness.integrated_lufs,
            "true_peak_dbtp": episode.loudness.true_peak_dbtp,
            "target_lufs": scene.spec.loudness_lufs,
            "ceiling_dbtp": scene.spec.true_peak_dbtp,
        },
        "checks": list(scene.checks),
        "chapters": [{"title": c.title, "start_ms": c.start_ms} for c in episode.chapters],
        "voices": [
            {n: getattr(voice, n) for n in ("name", "engine", "engine_voice", "language")}
            for voice in scene.voices
        ],
        "speakers": _speakers(scene.segments),
        "articles": [
            {n: getattr(article, n) for n in ("headline", "byline", "outlet", "url")}
            for article in episode.articles
        ],
        "segments": render_segments(scene, scene.segments),
        "ledger": [
            {
                "row": n,
                "article": row.article,
                "text": row.text,
                "segments": list(row.segments),
                "reason": row.reason,
            }
            for n, row in enumerate(scene.ledger)
        ],
        "words": list(scene.words),
        "peaks": scene.peaks,
        **render_progress(scene),
    }


def state_of(episode: Episode, review: Review) -> State:
    """Return how far an episode has come: its manifest may follow a little later."""
    return state_by(review, episode.segments, episode.enclosure.sha256, episode.state)


def render_progress(scene: Scene) -> dict[str, Any]:
    """Return how far the review has come: ``counts`` and ``approval``."""
    approval = scene.progress.approval
    reasons = [*(scene.progress.reasons if scene.is_required else ()), *reasons_of_sound(scene)]
    return {
        "counts": render_counts(scene.progress),
        "approval": {
            "can_publish": not reasons,
            "reasons": reasons,
            "approved_by": approval.by if approval else None,
            "approved_at": rfc3339(approval.at) if approval else None,
        },
    }


def reasons_of_sound(scene: Scene) -> list[str]:
    """Return why an episode cannot be published whoever has approved it."""
    if scene.failure is not None:
        return ["the last changes could not be built into the sound"]
    if scene.is_stale or scene.is_building:
        return ["the last changes are not in the sound yet"]
    return [] if scene.has_sound else ["its sound is not there"]


def render_counts(progress: Progress) -> dict[str, int]:
    """Return how many segments have each verdict, and how many there are."""
    counts = {verdict.value: progress.counts.get(verdict, 0) for verdict in Verdict}
    return {**counts, "total": progress.total}


def render_segments(scene: Scene, segments: Iterable[TimedSegment]) -> list[dict[str, Any]]:
    """Return segments as the page shows them."""
    numbers = {segment.id: n for n, segment in enumerate(scene.segments, start=1)}
    added = {addition.segment: addition.reason for addition in scene.added}
    edited = _edited(scene.episode)
    in_sound = {
        (segment.id, segment.clip): [segment.start_ms, segment.end_ms]
        for segment in scene.episode.segments
    }
    return [
        {
            "id": segment.id,
            "number": numbers.get(segment.id, 0),
            "role": segment.role,
            "speaker": segment.speaker,
            "voice": segment.voice,
            "text": segment.text,
            "spoken": segment.spoken,
            "start_ms": segment.start_ms,
            "end_ms": segment.end_ms,
            "in_sound": in_sound.get((segment.id, segment.clip)) if scene.has_sound else None,
            "paragraph": segment.paragraph,
            "chapter": segment.chapter,
            "source": list(segment.source),
            "added": added.get(segment.id),
            "clip": segment.clip,
            "clip_url": clip_url(segment.clip),
            **render_verdict(scene.review, segment),
            "version": scene.versions.get(segment.id, _FIRST)[0],
            "can_undo": scene.versions.get(segment.id, _FIRST)[1],
            "is_edited": segment.id in scene.versions
            or (bool(edited) and segment.id.partition("-")[0] not in edited),
            "concerns": list(scene.concerns.get(segment.id, ())),
            "unknown": list(scene.unknown.get(segment.id, ())),
        }
        for segment in segments
    ]


def clip_url(key: str | None) -> str | None:
    """Return where the sound of a segment is; ``None``: there is none."""
    return f"/clip/{key}.wav" if key else None


def render_verdict(review: Review, segment: TimedSegment) -> dict[str, Any]:
    """Return what is said of a segment as it sounds now."""
    mark = review.told_by(segment)
    return {
        "verdict": review.verdict(segment),
        "by": mark.by if mark else None,
        "at": rfc3339(mark.at) if mark else None,
        "note": mark.note if mark else "",
        "heard": round(review.heard(segment), 3),
    }


def _edited(episode: Episode) -> frozenset[str]:
    """Return the keys of the lines that no person has written; empty: nobody has edited any."""
    generated = episode.generated
    return frozenset(line.key for line in generated.lines) if generated is not None else frozenset()


def _speakers(segments: Iterable[TimedSegment]) -> list[str]:
    return list(dict.fromkeys(s.speaker for s in segments if s.speaker))


def _sound(scene: Scene) -> dict[str, Any] | None:
    enclosure = scene.episode.enclosure
    if not scene.has_sound:
        return None
    return {
        "url": f"/sound/{scene.id}/{enclosure.sha256}.mp3",
        "duration_ms": enclosure.duration_ms,
        "bytes": enclosure.bytes,
    }
