"""``brief``: the day's articles become one programme of a given length."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, defect
from audiobrief.model.episode import Programme
from audiobrief.model.report import BriefReport, Outcome, Result, ToldStory
from audiobrief.pipeline.briefing import NAME, Briefing, BriefOptions
from audiobrief.pipeline.caches import swept_in
from audiobrief.pipeline.composer import Composer
from audiobrief.pipeline.events import Tell, say_nothing
from audiobrief.pipeline.inbox import refresh
from audiobrief.pipeline.produce import is_whole, produce
from audiobrief.pipeline.required import require_ready
from audiobrief.pipeline.selection import REMEMBERED, select
from audiobrief.pipeline.voices import choose_cast
from audiobrief.pipeline.wording import Wording
from audiobrief.pipeline.work_folder import sweep_work
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue
from audiobrief.store.files import sweep_temporary
from audiobrief.store.library import programme_guid
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from datetime import datetime

    from audiobrief.brief.plan import Plan
    from audiobrief.model.episode import Episode
    from audiobrief.net.world import World
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.selection import Selection
    from audiobrief.workspace.load import Workspace


def brief(
    workspace: Workspace,
    *,
    now: datetime,
    options: BriefOptions | None = None,
    tell: Tell = say_nothing,
    world: World | None = None,
) -> BriefReport:
    """Make the day's programme of the articles in the inbox.

    Every sentence of a story is one of its source; what is left out stands in the ledger. A model
    that the settings name may word things; what it says beyond the source is not used.

    Args:
        workspace: Where everything lies, as the show sees it.
        now: Aware; its day where the show is at home is the programme's.
        options: What the flags ask for.
        tell: Called with every step.
        world: What tests replace of the network; it is used only if ``[llm]`` names a server.

    Raises:
        LockedError: Another build holds the workspace.
        WorkspaceError: The settings or voice profiles are wrong; nothing was done.
        EngineUnavailableError: An engine or a key is missing; nothing was done.
        StoreError: The workspace cannot be read or locked.
    """
    started = time.perf_counter()
    options = options or BriefOptions()
    cast = choose_cast(workspace, voice=options.voice, engine=options.engine)
    require_ready(workspace)
    wording = Wording(workspace, world, is_asking=not options.dry_run)
    with wording, nullcontext() if options.dry_run else locked(workspace.cache / "lock"):
        if not options.dry_run:
            sweep_temporary(*swept_in(workspace.cache))
            sweep_work(workspace.cache)
        with Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue:
            refresh(workspace, catalogue, now=now, tell=tell)
            run = _Brief(workspace, cast, options, now, tell, wording)
            outcome, stories = run.made(catalogue)
        feed, error, warnings = run.release()
        unannounced = run.announce()
        run.tidy([outcome])
    elapsed_s = time.perf_counter() - started
    warnings = (*run.warnings(), *warnings)
    return BriefReport(
        *((outcome,), feed, elapsed_s, warnings, error, run.damaged, stories),
        unannounced=unannounced,
    )


class _Brief(Briefing):
    """One programme."""

    def made(self, catalogue: Catalogue) -> tuple[Outcome, tuple[ToldStory, ...]]:
        """Make the programme; its failure is a value, whatever it is."""
        try:
            return self._made(catalogue)
        except AudiobriefError as error:
            return Outcome(NAME, Result.FAILED, error=error, times_s=self.making.times_s()), ()
        except Exception as error:  # noqa: BLE001 - the feed of the others is still written
            times_s = self.making.times_s()
            return Outcome(NAME, Result.FAILED, error=defect(error), times_s=times_s), ()

    def _made(self, catalogue: Catalogue) -> tuple[Outcome, tuple[ToldStory, ...]]:
        guid = programme_guid(self.show.guid, NAME, self.day)
        own = self.register.episode(guid)
        wanted = self.wanted()
        told = self.register.programmes(own, wanted.now - REMEMBERED)
        selection = select(catalogue, told, wanted)
        if not selection.stories:
            # No news is no failure: a watch or a timer comes by on such days, too.
            about = f' about "{wanted.query}"' if wanted.query else ""
            since = f"there is nothing to tell{about} since {wanted.since:%Y-%m-%d %H:%M} UTC"
            remedy = 'run "audiobrief fetch", or ask for older ones with --since'
            notes = (*selection.notes, since, remedy)
            return Outcome(NAME, Result.NOTHING, notes=notes), ()
        composer = Composer(self, selection, own)
        decided = composer.digest()
        if own is not None and self._is_unchanged(own, decided, composer):
            self.mend_looks(own)
            outcome = Outcome(NAME, Result.UNCHANGED, guid, self.workspace.directory_of(own))
            return outcome, ()
        recipe, plan = composer.recipe()
        stories = _told_stories(plan, selection, composer)
        if self.options.dry_run:
            notes = (*selection.notes, *composer.notes, *plan.notes)
            return Outcome(NAME, Result.BUILT, guid, notes=notes), stories
        if own is not None and self._is_same(own, decided, recipe):
            self.mend_looks(own)
            where = self.workspace.directory_of(own)
            return Outcome(NAME, Result.UNCHANGED, guid, where, notes=recipe.script.news), ()
        slot = self.slot(guid, own)
        programme = Programme(NAME, self.day.isoformat(), decided)
        episode, notes = produce(recipe, slot, self.workshop, programme=programme)
        self.register.add(episode)
        return Outcome(
            NAME,
            Result.BUILT,
            guid,
            self.workspace.directory_of(episode),
            episode.build.synthesized + composer.synthesized,
            # Sentences that were spoken and then not told are none of the episode's.
            max(0, episode.build.cached - composer.synthesized),
            notes=(*selection.notes, *composer.notes, *plan.notes, *notes),
            title=episode.title,
            duration_ms=episode.enclosure.duration_ms,
            times_s=self.making.times_s(),
            made=self.making.made(episode),
        ), stories  # fmt: skip

    def _is_unchanged(self, own: Episode, decided: str, composer: Composer) -> bool:
        before = own.programme
        return (
            not self.options.force
            and before is not None
            and before.decided == decided
            and composer.written.edits is None
            and is_whole(self.workspace, own)
        )

    def _is_same(self, own: Episode, decided: str, recipe: Recipe) -> bool:
        """Tell whether an edited programme is as it was made."""
        return (
            not self.options.force
            and own.programme is not None
            and own.programme.decided == decided
            and own.build.digest == recipe.digest
            and is_whole(self.workspace, own)
        )


def _told_stories(plan: Plan, selection: Selection, composer: Composer) -> tuple[ToldStory, ...]:
    by_key = {s.told.key: s for s in selection.stories}
    return tuple(
        ToldStory(
            headline=part.telling.title,
            locator=selection.locators[part.telling.key],
            seconds=round(part.seconds, 1),
            told_sentences=len(part.kept.indices),
            all_sentences=composer.sentence_count(part.telling.key),
            others=selection.others[part.telling.key],
            reasons=by_key[part.telling.key].reasons,
        )
        for part in plan.parts
    )
