"""The sound of an episode after its script or its words have changed; in the background."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiobrief.errors import ScriptConflictError, SourceError, StoreError
from audiobrief.ingest.source import Candidate, expand, read
from audiobrief.model.episode import TimedSegment
from audiobrief.pipeline.briefing import NAME
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.caches import swept_in
from audiobrief.pipeline.events import Tell, say_nothing
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.produce import is_whole, produce
from audiobrief.pipeline.recipe import read_article, require_whole_ledger, write_recipe
from audiobrief.pipeline.review.bench import Workbench, redraft_of
from audiobrief.pipeline.review.redraft import (
    kept_articles,
    kept_notes,
    redraft,
    script_path,
)
from audiobrief.pipeline.run import Run
from audiobrief.pipeline.workshop import Slot
from audiobrief.store.files import mapping_os_errors, sweep_temporary
from audiobrief.store.finder import Finder
from audiobrief.store.lock import locked
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest
from audiobrief.workspace.music import find_sting, fingerprint_music

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.model.article import Article
    from audiobrief.model.audio import MusicSpec
    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Script, Segment
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.workspace.load import Workspace

__all__ = ["Workbench", "is_stale", "rebuild", "segments_now"]


def rebuild(
    bench: Workbench, episode: Episode, tell: Tell = say_nothing, *, now: datetime | None = None
) -> Episode:
    """Make an episode's sound what its script, its words and its article say now.

    By the usual build where the article's file is there; else, and where the article and an editor
    have changed the same lines, of the manifest: what the editor has heard and written counts, and
    the next build by hand tells the conflict.

    Args:
        bench: Of the show.
        episode: As it was built last.
        tell: Called with every step.
        now: Aware; ``None``: the clock's.

    Returns:
        The episode as it is now.

    Raises:
        LockedError: Another build holds the workspace.
        AudiobriefError: It cannot be built, or the feed not be written; the script is kept.
    """
    workspace = bench.workspace
    moment = now or _now()
    item = _input_of(bench, workspace, episode)
    if item is not None:
        report = build(workspace, [item], now=moment, tell=tell)
        (outcome,) = report.outcomes
        if outcome.error is not None and not isinstance(outcome.error, ScriptConflictError):
            raise outcome.error
        if outcome.error is None and outcome.guid == episode.guid:
            if report.error is not None:
                raise report.error
            return manifest_of(workspace, episode)
    return _redrafted(workspace, bench, episode, moment, tell)


def manifest_of(workspace: Workspace, episode: Episode) -> Episode:
    """Return an episode as it lies there now."""
    return read_manifest(workspace.episodes / episode.directory / MANIFEST_NAME)


def _now() -> datetime:
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC) if given.isdecimal() else datetime.now(UTC)


def _input_of(bench: Workbench, workspace: Workspace, episode: Episode) -> Input | None:
    """Return an episode's article, if its file is there and still holds it."""
    if episode.programme is not None or len(episode.articles) != 1:
        return None
    locator = episode.articles[0].locator
    candidate = Candidate(locator, workspace.root / locator)
    try:
        parts = [part for part in expand(candidate) if part.locator == locator]
        if not parts or not parts[0].path.is_file():
            return None
        facts = parts[0].path.stat()
        state = facts.st_size, facts.st_mtime_ns, facts.st_ino, workspace.settings.show.language
        article = bench.article(locator, state, lambda: _article(workspace, parts[0]))
    except (SourceError, OSError):
        return None
    if Finder([episode]).find(article) is None:
        # Another text lies there by now.
        return None
    return Input(locator, lambda: read(parts[0]), True, parts[0].path, article)


def _article(workspace: Workspace, part: Candidate) -> Article:
    return read_article(read(part), workspace.settings.show.language)


def _redrafted(
    workspace: Workspace, bench: Workbench, episode: Episode, now: datetime, tell: Tell
) -> Episode:
    """Build an episode of its manifest, script and words."""
    with locked(workspace.cache / "lock"):
        sweep_temporary(*swept_in(workspace.cache))
        run = Run(workspace, bench.cast, BuildOptions(), now, tell)
        own = run.register.episode(episode.guid)
        if own is None:
            raise StoreError(
                "the episode is gone",
                workspace.directory_of(episode),
                remedy="build its article again",
            )
        recipe = _recipe(workspace, bench, run, own)
        if own.build.digest != recipe.digest or not is_whole(workspace, own):
            slot = Slot(own.guid, own.directory, own.published, own)
            own, _notes = produce(recipe, slot, run.workshop, programme=own.programme)
            run.register.add(own)
        _feed, error, _warnings = run.release()
        unannounced = run.announce()
    for problem in (error, unannounced):
        if problem is not None:
            raise problem
    return manifest_of(workspace, own)


def _recipe(workspace: Workspace, bench: Workbench, run: Run, own: Episode) -> Recipe:
    made = redraft(workspace, bench.cast, own)
    path = script_path(workspace, own)
    with mapping_os_errors("read", path):
        text = path.read_text("utf-8", "replace") if path.exists() else ""
    articles = kept_articles(own, text)
    script = replace(made.script, notes=(*kept_notes(text), *made.script.notes))
    require_whole_ledger(script, *articles)
    music = _music(workspace, own)
    return write_recipe(
        *(articles, script, bench.cast, run.show, workspace.sound, run.cover.digest),
        music=music,
        music_digests=fingerprint_music(music),
        formats=workspace.formats,
        script_file=made.script_file,
        name=NAME if own.programme is not None else None,
    )


def _music(workspace: Workspace, own: Episode) -> MusicSpec:
    if own.programme is None:
        return workspace.music
    name, place = workspace.settings.brief.sting, workspace.place_of("brief.sting")
    return replace(workspace.music, between=find_sting(name, workspace.root, place))


# -- what is heard, and what would be -------------------------------------------------------------


def is_stale(show: Workspace | Workbench, episode: Episode) -> bool:
    """Tell whether an episode's sound is another than its script and words ask for.

    A script that cannot be understood is another one, too: rebuilding it tells what is wrong.

    Args:
        show: The workspace as the show sees it, or its bench, which remembers what it has seen.
        episode: As it was built last.

    Raises:
        WorkspaceError: Settings or a lexicon are wrong.
    """
    try:
        made = redraft_of(show, episode)
    except SourceError:
        return True
    return _says_other(made.script, episode)


def _says_other(script: Script, episode: Episode) -> bool:
    # Of manifests of before it is not known whether their article had words of its own.
    are_words_known = all(segment.kind is not None for segment in episode.segments)
    now = list(_said(script.segments, are_words_known=are_words_known))
    then = list(_said(episode.segments, are_words_known=are_words_known))
    return script.title != episode.title or now != then


def _said(
    segments: Sequence[Segment | TimedSegment], *, are_words_known: bool
) -> Iterator[tuple[object, ...]]:
    """Yield of each segment what changes the sound, or where its paragraph and chapter begin."""
    paragraph = None
    for s in segments:
        spoken = (s.spoken, s.phonemes) if are_words_known else ()
        yield s.id, s.voice, s.paragraph != paragraph, s.chapter, spoken
        paragraph = s.paragraph


def segments_now(bench: Workbench, episode: Episode) -> tuple[TimedSegment, ...]:
    """Return the segments as script and words say now.

    Each with the key of its clip, there or not yet. Times are those of the sound that there is; a
    segment that it does not have begins where the one before it ends, and lasts as its clip does.

    Args:
        bench: Of the show.
        episode: As it was built last.

    Returns:
        The manifest's own where nothing has changed, or where the script cannot be understood.

    Raises:
        WorkspaceError: Settings or a lexicon are wrong, or a voice is gone.
    """
    try:
        made = bench.redraft(episode)
    except SourceError:
        return episode.segments
    if not _says_other(made.script, episode):
        return episode.segments
    old = {segment.id: segment for segment in episode.segments}
    end_ms = 0
    segments: list[TimedSegment] = []
    for segment in made.script.segments:
        timed = _timed(bench, segment, old.get(segment.id), end_ms)
        end_ms = timed.end_ms
        segments.append(timed)
    return tuple(segments)


def _timed(
    bench: Workbench, segment: Segment, before: TimedSegment | None, end_ms: int
) -> TimedSegment:
    """Return a segment at its place in the sound that there is."""
    if before is not None and (before.spoken, before.voice, before.phonemes) == (
        segment.spoken, segment.voice, segment.phonemes,
    ):  # fmt: skip
        return replace(
            before,
            source=segment.source,
            paragraph=segment.paragraph,
            chapter=segment.chapter,
            kind=segment.kind,
        )
    key = bench.key_of(segment)
    facts = bench.clips.glance(key)
    length_ms = round(1000 * facts.frame_count / facts.sample_rate_hz) if facts else 0
    start_ms = end_ms if before is None else before.start_ms
    return TimedSegment(
        id=segment.id,
        role=segment.role,
        speaker=segment.speaker,
        voice=segment.voice,
        text=segment.text,
        spoken=segment.spoken,
        start_ms=start_ms,
        end_ms=start_ms + length_ms,
        source=segment.source,
        paragraph=segment.paragraph,
        chapter=segment.chapter,
        clip=key,
        clip_digest=facts.digest if facts else "",
        phonemes=segment.phonemes,
        kind=segment.kind,
    )
