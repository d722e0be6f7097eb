"""``build``: articles to episodes and a feed; incremental, and one failure never stops the rest."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, defect
from audiobrief.model.report import BuildReport, Outcome, Result, Step
from audiobrief.pipeline.caches import swept_in
from audiobrief.pipeline.edited import ScriptFile, read_edits
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.produce import is_whole, produce
from audiobrief.pipeline.recipe import (
    Recipe,
    find_doubtful_words,
    read_article,
    write_recipe,
    write_script,
)
from audiobrief.pipeline.run import Run
from audiobrief.pipeline.shows import is_wanted
from audiobrief.pipeline.voices import choose_cast, fingerprints
from audiobrief.pipeline.workshop import Slot
from audiobrief.store.files import sweep_temporary
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audiobrief.ingest.source import Document
    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.standing import Standing
    from audiobrief.workspace.load import Workspace


#: Newspapers are older, but a date before it in a web page is a mistake (0001-01-01).
EARLIEST = datetime(1800, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Input:
    """An article to be read."""

    locator: str
    read: Callable[[], Document]
    #: A person has named it: it is built for the show whatever its source and tags are.
    is_named: bool = False
    #: Its file; ``None``: it comes from elsewhere.
    path: Path | None = None
    #: As it was read a moment ago; ``None``: it is read now.
    article: Article | None = None


def build(
    workspace: Workspace,
    inputs: Sequence[Input],
    *,
    now: datetime,
    options: BuildOptions | None = None,
    tell: Tell = say_nothing,
    standing: Standing | None = None,
) -> BuildReport:
    """Build episodes of articles, then the feed of all episodes.

    Args:
        workspace: Where everything lies, as the show sees it.
        inputs: The articles, in the order of the report.
        now: Aware; the date of new episodes whose article has none.
        options: What the flags ask for.
        tell: Called with every step.
        standing: Told what the build has come to, if the inputs are all of the inbox.

    Returns:
        One outcome an article that is the show's; those that failed carry their error.

    Raises:
        LockedError: Another build holds the workspace.
        WorkspaceError: The settings or voice profiles are wrong; nothing was done.
        EngineUnavailableError: An engine is missing; nothing was done.
        EncoderUnavailableError: So is what makes a format that the settings ask for.
        StoreError: The workspace cannot be read or locked.
    """
    started = time.perf_counter()
    options = options or BuildOptions()
    cast = choose_cast(workspace, voice=options.voice, engine=options.engine)
    _require_encoders(workspace)
    with nullcontext() if options.dry_run else locked(workspace.cache / "lock"):
        if not options.dry_run:
            sweep_temporary(workspace.episodes, *swept_in(workspace.cache))
        run = _Build(workspace, cast, options, now, tell)
        run.standing = standing
        try:
            each = (run.one(item, n, len(inputs)) for n, item in enumerate(inputs))
            outcomes = tuple(outcome for outcome in each if outcome is not None)
        except KeyboardInterrupt:
            # What is finished is published all the same.
            run.release()
            raise
        feed, error, warnings = run.release()
        unannounced = run.announce()
        run.tidy(has_made=any(outcome.synthesized for outcome in outcomes))
        elapsed_s = time.perf_counter() - started
        warnings = (*run.warnings(), *warnings)
        report = BuildReport(
            outcomes, feed, elapsed_s, warnings, error, run.damaged, unannounced=unannounced
        )
        if standing is not None and not run.has_news:
            standing.remember(report)
    return report


def _require_encoders(workspace: Workspace) -> None:
    """Stop before anything is spoken, if a format that is asked for cannot be made here."""
    if not workspace.formats:
        return
    from audiobrief.assemble.delivery import encoder_of  # noqa: PLC0415 - soundfile, PyAV

    for kind in workspace.formats:
        encoder_of(kind)


class _Build(Run):
    """One build: article by article."""

    #: Something was told of an edited script that the next build may tell otherwise.
    has_news = False
    #: Knows which articles need not be read.
    standing: Standing | None = None

    def one(self, item: Input, index: int, total: int) -> Outcome | None:
        """Build one article; its failure is a value, whatever it is.

        Returns:
            ``None``: it is none of this show's.
        """
        self.tell(Event(Stage.READ, item.locator, index, total))
        show = self.workspace.settings.show
        stands = self.standing.stands(item) if self.standing else None
        if stands is not None and (stands.guid is None or self.register.episode(stands.guid)):
            return self._standing(item.locator, stands.guid)
        self.making.begin()
        try:
            with self.making.on(Step.READ):
                article = item.article or read_article(item.read(), show.language)
            if not item.is_named and not is_wanted(article, show.sources, show.tags):
                return None
            return self._one(article)
        except AudiobriefError as error:
            return self._failed(item.locator, error)
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            return self._failed(item.locator, defect(error))

    def _failed(self, locator: str, error: AudiobriefError) -> Outcome:
        return Outcome(locator, Result.FAILED, error=error, times_s=self.making.times_s())

    def _standing(self, locator: str, guid: str | None) -> Outcome | None:
        """Return the outcome of an article of which nothing has changed."""
        if guid is None:
            return None
        own = self.register.keep(guid)
        directory = self.workspace.directory_of(own)
        length_ms = own.enclosure.duration_ms
        return Outcome(
            *(locator, Result.UNCHANGED, guid, directory), title=own.title, duration_ms=length_ms
        )

    def _one(self, article: Article) -> Outcome:
        own = self.register.claim(article)
        recipe = self._recipe(article, own)
        same = own is not None and own.build.digest == recipe.digest and not self.options.force
        if own is not None and same and is_whole(self.workspace, own):
            return self._unchanged(article, own, recipe.script.news)
        if self.options.dry_run:
            return self._planned(recipe, own)
        return self._built(recipe, own)

    def _recipe(self, article: Article, own: Episode | None) -> Recipe:
        options = self.options
        written = ScriptFile()
        if not options.force:
            written = read_edits(self.workspace, own, article, keep=options.keep_script)
        others = self.register.others(own)
        script = write_script(article, self.cast, self.workspace, own, others, written)
        sound, cover = self.workspace.sound, self.cover.digest
        return write_recipe(
            *([article], script, self.cast, self.show, sound, cover),
            music=self.workspace.music,
            music_digests=self.workspace.music_fingerprint,
            formats=self.workspace.formats,
            script_file=written.digest,
        )

    def _unchanged(self, article: Article, own: Episode, news: tuple[str, ...]) -> Outcome:
        other = self.register.found_at(own, article.locator)
        notes = (f"the same text as {other}: one episode for both",) if other else ()
        if other and not (self.workspace.root / other).exists():
            notes = ()
        return Outcome(
            article.locator,
            Result.UNCHANGED,
            own.guid,
            self.workspace.directory_of(own),
            notes=(*notes, *news),
            title=own.title,
            duration_ms=own.enclosure.duration_ms,
        )

    def _planned(self, recipe: Recipe, own: Episode | None) -> Outcome:
        """Say what a build would do."""
        from audiobrief.speak.key import clip_key  # noqa: PLC0415 - only for a dry run

        known = fingerprints(recipe.voices.values())
        keys = {
            clip_key(s.spoken, v, known[v.name], s.phonemes)
            for s in recipe.script.segments
            for v in (recipe.voices[s.voice],)
        }
        missing = sum(not self.clips.path_of(key).is_file() for key in keys)
        return Outcome(
            recipe.locator,
            Result.BUILT,
            own.guid if own else None,
            self.workspace.directory_of(own) if own else None,
            synthesized=missing,
            cached=len(keys) - missing,
        )

    def _built(self, recipe: Recipe, own: Episode | None) -> Outcome:
        self.has_news = self.has_news or bool(recipe.script.news)
        slot, notes = self._slot(recipe, own)
        episode, more = produce(recipe, slot, self.workshop)
        words = find_doubtful_words(recipe.articles[0], recipe.script, self.workspace)
        self.register.add(episode)
        return Outcome(
            recipe.locator,
            Result.BUILT,
            slot.guid,
            self.workspace.directory_of(episode),
            episode.build.synthesized,
            episode.build.cached,
            notes=(*notes, *more),
            doubtful_words=words,
            title=episode.title,
            duration_ms=episode.enclosure.duration_ms,
            times_s=self.making.times_s(),
            made=self.making.made(episode),
        )

    def _slot(self, recipe: Recipe, own: Episode | None) -> tuple[Slot, tuple[str, ...]]:
        published, notes = self._published(recipe.articles[0], own)
        if own is not None:
            return Slot(own.guid, own.directory, published, own), notes
        title = recipe.script.title
        guid, directory = self.register.new_place(title, recipe.articles[0], published)
        return Slot(guid, directory, published), notes

    def _published(self, article: Article, own: Episode | None) -> tuple[datetime, tuple[str, ...]]:
        """Return the date of an episode: never in the future, which apps hide (feed rule I7)."""
        known = own.published if own else self.now
        if article.published is None:
            return known, ()
        wanted = article.published.replace(microsecond=0)
        if EARLIEST <= wanted <= self.now:
            return wanted, ()
        problem = "lies in the future" if wanted > self.now else "cannot be right"
        date = wanted.isoformat(" ", "minutes")
        return known, (f"the article's date, {date}, {problem}: {known:%Y-%m-%d} taken",)
