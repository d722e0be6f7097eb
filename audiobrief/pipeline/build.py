"""``build``: articles to episodes and a feed; incremental, and one failure never stops the rest."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, defect
from audiobrief.model.report import BuildReport, Outcome, Result
from audiobrief.pipeline.edited import ScriptFile, read_edits
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.produce import directory_of, is_whole, produce
from audiobrief.pipeline.recipe import (
    Cast,
    Recipe,
    choose_cast,
    find_doubtful_words,
    fingerprints,
    read_article,
    write_recipe,
    write_script,
)
from audiobrief.pipeline.register import Register
from audiobrief.pipeline.release import (
    FEED_NAME,
    choose_cover,
    describe_show,
    identify,
    release,
    settle,
)
from audiobrief.pipeline.workshop import Slot, Workshop
from audiobrief.store.cache_folder import prune
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache
from audiobrief.store.files import sweep_temporary
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audiobrief.errors import StoreError
    from audiobrief.ingest.source import Document
    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace


#: Newspapers are older, but a date before it in a web page is a mistake (0001-01-01).
EARLIEST = datetime(1800, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Input:
    """An article to be read."""

    locator: str
    read: Callable[[], Document]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the flags of one run ask for."""

    voice: str | None = None
    engine: str | None = None
    #: Build even what has not changed; clips are still taken from the cache.
    force: bool = False
    #: Follow an edited script where the article has changed the same lines.
    keep_script: bool = False
    #: Change nothing; say what would be done.
    dry_run: bool = False


def build(
    workspace: Workspace,
    inputs: Sequence[Input],
    *,
    now: datetime,
    options: BuildOptions | None = None,
    tell: Tell = say_nothing,
) -> BuildReport:
    """Build episodes of articles, then the feed of all episodes.

    Args:
        workspace: Where everything lies.
        inputs: The articles, in the order of the report.
        now: Aware; the date of new episodes whose article has none.
        options: What the flags ask for.
        tell: Called with every step.

    Returns:
        One outcome an article; those that failed carry their error.

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
            sweep_temporary(
                workspace.episodes, workspace.cache / "clips", workspace.cache / "encoded"
            )
        run = _Run(workspace, cast, options, now, tell)
        try:
            outcomes = tuple(run.one(item, n, len(inputs)) for n, item in enumerate(inputs))
        except KeyboardInterrupt:
            # What is finished is published all the same.
            run.release()
            raise
        feed, error, warnings = run.release()
        if any(outcome.synthesized for outcome in outcomes) and not options.dry_run:
            prune((run.clips, run.encoded), workspace.settings.cache.max_mb * 1_000_000)
    elapsed_s = time.perf_counter() - started
    return BuildReport(outcomes, feed, elapsed_s, (*run.warnings(), *warnings), error, run.damaged)


def _require_encoders(workspace: Workspace) -> None:
    """Stop before anything is spoken, if a format that is asked for cannot be made here."""
    if not workspace.formats:
        return
    from audiobrief.assemble.delivery import encoder_of  # noqa: PLC0415 - soundfile, PyAV

    for kind in workspace.formats:
        encoder_of(kind)


class _Run:
    """One build: what all its articles share."""

    def __init__(
        self, workspace: Workspace, cast: Cast, options: BuildOptions, now: datetime, tell: Tell
    ) -> None:
        self._workspace = workspace
        self._cast = cast
        self._options = options
        self._now = now.replace(microsecond=0)
        self._tell = tell
        #: What is spoken now or was before.
        self.clips = ClipCache(workspace.cache / "clips")
        self.encoded = EncodedCache(workspace.cache / "encoded")
        self._register = Register(workspace)
        self._cover = choose_cover(workspace)
        self._cover_warnings: tuple[str, ...] = ()
        self._identity = identify(workspace)
        self._show = describe_show(workspace, self._identity, self._cover)

    @property
    def damaged(self) -> tuple[StoreError, ...]:
        """Episodes whose manifest could not be read."""
        return self._register.damaged

    def one(self, item: Input, index: int, total: int) -> Outcome:
        """Build one article; its failure is a value, whatever it is."""
        self._tell(Event(Stage.READ, item.locator, index, total))
        try:
            return self._one(read_article(item.read(), self._workspace.settings.show.language))
        except AudiobriefError as error:
            return Outcome(item.locator, Result.FAILED, error=error)
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            return Outcome(item.locator, Result.FAILED, error=defect(error))

    def _one(self, article: Article) -> Outcome:
        own = self._register.claim(article)
        recipe = self._recipe(article, own)
        same = own is not None and own.build.digest == recipe.digest and not self._options.force
        if own is not None and same and is_whole(self._workspace, own):
            return self._unchanged(article, own, recipe.script.news)
        if self._options.dry_run:
            return self._planned(recipe, own)
        return self._built(recipe, own)

    def _recipe(self, article: Article, own: Episode | None) -> Recipe:
        options = self._options
        written = ScriptFile()
        if not options.force:
            written = read_edits(self._workspace, own, article, keep=options.keep_script)
        others = self._register.others(own)
        script = write_script(article, self._cast, self._workspace, own, others, written)
        sound, cover = self._workspace.sound, self._cover.digest
        return write_recipe(
            *([article], script, self._cast, self._show, sound, cover),
            music=self._workspace.music_fingerprint,
            formats=self._workspace.formats,
            script_file=written.digest,
        )

    def _unchanged(self, article: Article, own: Episode, news: tuple[str, ...]) -> Outcome:
        other = self._register.found_at(own, article.locator)
        notes = (f"the same text as {other}: one episode for both",) if other else ()
        if other and not (self._workspace.root / other).exists():
            notes = ()
        return Outcome(
            article.locator, Result.UNCHANGED, own.guid, directory_of(own), notes=(*notes, *news)
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
            directory_of(own) if own else None,
            synthesized=missing,
            cached=len(keys) - missing,
        )

    def _built(self, recipe: Recipe, own: Episode | None) -> Outcome:
        slot, notes = self._slot(recipe, own)
        episode, more = produce(recipe, slot, self._workshop)
        words = find_doubtful_words(recipe.articles[0], recipe.script, self._workspace)
        self._register.add(episode)
        return Outcome(
            recipe.locator,
            Result.BUILT,
            slot.guid,
            directory_of(episode),
            episode.build.synthesized,
            episode.build.cached,
            notes=(*notes, *more),
            doubtful_words=words,
        )

    @cached_property
    def _workshop(self) -> Workshop:
        """Identity and cover are written before the first episode that needs them."""
        self._identity, cover, self._cover_warnings = settle(
            self._workspace, self._show, self._identity, self._cover
        )
        return Workshop(
            *(self._workspace, self._show, self.clips, self.encoded),
            *(cover, self._options.force, self._tell),
        )

    def _slot(self, recipe: Recipe, own: Episode | None) -> tuple[Slot, tuple[str, ...]]:
        published, notes = self._published(recipe.articles[0], own)
        if own is not None:
            return Slot(own.guid, own.directory, published, own), notes
        title = recipe.script.title
        guid, directory = self._register.new_place(title, recipe.articles[0], published)
        return Slot(guid, directory, published), notes

    def _published(self, article: Article, own: Episode | None) -> tuple[datetime, tuple[str, ...]]:
        """Return the date of an episode: never in the future, which apps hide (feed rule I7)."""
        known = own.published if own else self._now
        if article.published is None:
            return known, ()
        wanted = article.published.replace(microsecond=0)
        if EARLIEST <= wanted <= self._now:
            return wanted, ()
        problem = "lies in the future" if wanted > self._now else "cannot be right"
        date = wanted.isoformat(" ", "minutes")
        return known, (f"the article's date, {date}, {problem}: {known:%Y-%m-%d} taken",)

    def release(self) -> tuple[str | None, AudiobriefError | None, tuple[str, ...]]:
        """Publish what is there; a failure is a value, so that the outcomes are not lost."""
        feed_path = self._workspace.episodes / FEED_NAME
        if self._options.dry_run or not (self._register.episodes or feed_path.exists()):
            return None, None, ()
        self._tell(Event(Stage.PUBLISH, "", 0, 1))
        try:
            self._register.remember_moves()
            shop = self._workshop
            feed, warnings = release(shop, self._identity, self._register.episodes)
        except AudiobriefError as error:
            return None, error, ()
        except Exception as error:  # noqa: BLE001 - the episodes and their report are not lost
            return None, defect(error), ()
        return feed, None, warnings

    def warnings(self) -> Iterable[str]:
        """Say what was done instead of what was asked."""
        yield from self._cover_warnings
        if self.clips.damaged:
            count = len(self.clips.damaged)
            yield f"{count} cached clip{'s were' if count > 1 else ' was'} damaged and spoken again"
