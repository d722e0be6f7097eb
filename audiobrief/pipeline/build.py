"""``build``: articles to episodes and a feed; incremental, and one failure never stops the rest."""

from __future__ import annotations

import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from audiobrief.errors import PoolError, StoreError
from audiobrief.model.episode import State
from audiobrief.model.report import BuildReport, Outcome
from audiobrief.pipeline.by_workers import ByWorkers, open_pool, require_pool
from audiobrief.pipeline.caches import swept_in
from audiobrief.pipeline.counter import Counter
from audiobrief.pipeline.decide import EARLIEST, Decider, Decision, Input
from audiobrief.pipeline.events import Tell, say_nothing
from audiobrief.pipeline.makers import (
    FEWEST_CORES,
    WORTH_WORKERS,
    Here,
    Maker,
    Nobody,
    WhenWorthIt,
)
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.required import require_ready
from audiobrief.pipeline.settler import Settler
from audiobrief.pipeline.voices import choose_cast
from audiobrief.pipeline.work_folder import sweep_work
from audiobrief.pool.limits import cores
from audiobrief.store.files import sweep_temporary
from audiobrief.store.lock import locked
from audiobrief.store.review import REVIEW_NAME, mend_review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from audiobrief.pipeline.standing import Standing
    from audiobrief.pool.seam import TellJob, WorkPool
    from audiobrief.workspace.load import Workspace

    Agree = Callable[[Decider, Sequence[Outcome | Decision]], None]

__all__ = ["EARLIEST", "Input", "build"]


def build(  # noqa: PLR0913 - what few callers need has defaults
    workspace: Workspace,
    inputs: Sequence[Input],
    *,
    now: datetime,
    options: BuildOptions | None = None,
    tell: Tell = say_nothing,
    standing: Standing | None = None,
    pool: WorkPool | None = None,
    agree: Agree | None = None,
) -> BuildReport:
    """Build episodes of articles, then the feed of all episodes.

    Args:
        workspace: Where everything lies, as the show sees it.
        inputs: The articles, in the order of the report.
        now: Aware; the date of new episodes whose article has none.
        options: What the flags ask for.
        tell: Called with every step.
        standing: Told what the build has come to, if the inputs are all of the inbox.
        pool: Makes the episodes, and is closed then; ``None``: as the options say.
        agree: Called with all that was decided before anything is made of it; what it raises ends
            the build. ``None``: episodes are made while the next ones are decided.

    Returns:
        One outcome an article that is the show's; those that failed carry their error.

    Raises:
        LockedError: Another build holds the workspace.
        WorkspaceError: The settings, voice profiles or music are wrong, or a link stands where
            episodes belong; nothing was done.
        EngineUnavailableError: An engine is missing; nothing was done.
        EncoderUnavailableError: So is what makes a format that the settings ask for.
        StoreError: The workspace cannot be read or locked.
    """
    started = time.perf_counter()
    options = options or BuildOptions()
    cast = choose_cast(workspace, voice=options.voice, engine=options.engine)
    if pool is None:
        require_pool(options.pool, options.jobs, workspace.pool_options)
    require_ready(workspace)
    with nullcontext() if options.dry_run else locked(workspace.cache / "lock"):
        if not options.dry_run:
            sweep_temporary(*swept_in(workspace.cache))
            sweep_work(workspace.cache)
        run = Decider(workspace, cast, options, now, tell)
        run.standing = standing
        mended = () if options.dry_run else tuple(_mended_reviews(run))
        outcomes, news = _built(run, inputs, pool, agree)
        feed, error, warnings = run.release()
        unannounced = run.announce()
        run.tidy(outcomes)
        elapsed_s = time.perf_counter() - started
        warnings = (*run.warnings(), *mended, *news, *warnings)
        report = BuildReport(
            outcomes, feed, elapsed_s, warnings, error, run.damaged, unannounced=unannounced
        )
        if standing is not None and not run.has_news:
            standing.remember(report)
    return report


def _mended_reviews(run: Decider) -> Iterator[str]:
    """Take flipped bits back in the reviews of what waits for approval, and say so."""
    if not run.workspace.settings.publish.require_approval:
        return
    for card in run.register.episodes:
        if card.state is not State.PUBLISHED:
            path = run.workspace.episodes / card.directory / REVIEW_NAME
            # What cannot be read is told to whoever publishes or approves.
            with suppress(StoreError):
                if news := mend_review(path, run.workspace.cache):
                    yield f"{run.workspace.directory_of(card)}/{REVIEW_NAME} {news}"


def _built(
    run: Decider, inputs: Sequence[Input], pool: WorkPool | None, agree: Agree | None
) -> tuple[tuple[Outcome, ...], tuple[str, ...]]:
    """Decide about all articles in order, and have made what is to be made meanwhile.

    Returns:
        The outcomes in the order of the articles, and warnings.
    """
    outcomes: dict[int, Outcome] = {}
    maker = _maker(run, inputs, outcomes, pool)
    run.await_made = maker.await_made
    try:
        for index, found in _decided(run, inputs, agree):
            if isinstance(found, Decision):
                maker.add(index, found)
            elif found is not None:
                outcomes[index] = found
        maker.finish()
        warnings = maker.warnings()
    except (KeyboardInterrupt, PoolError):
        # What is finished is published all the same.
        maker.interrupt()
        run.register.drop_undone()
        run.release()
        raise
    finally:
        maker.close()
    return tuple(outcomes[index] for index in sorted(outcomes)), warnings


def _decided(
    run: Decider, inputs: Sequence[Input], agree: Agree | None
) -> Iterator[tuple[int, Outcome | Decision | None]]:
    """Yield what becomes of each article; if somebody has to agree, after all were decided."""
    each = ((n, run.decide(item, n, len(inputs))) for n, item in enumerate(inputs))
    if agree is None:
        yield from each
        return
    found = list(each)
    agree(run, [one for _, one in found if one is not None])
    begun: set[str] = set()
    for index, one in found:
        again = isinstance(one, Decision) and one.slot.guid in begun
        if isinstance(one, Decision):
            begun.add(one.slot.guid)
        # Of the same text as one before: what has become of that decides.
        yield index, run.decide(inputs[index], index, len(inputs)) if again else one


def _maker(
    run: Decider, inputs: Sequence[Input], outcomes: dict[int, Outcome], pool: WorkPool | None
) -> Maker:
    """Choose who makes the episodes."""
    settler, options = Settler(run, outcomes), run.options
    if options.dry_run:
        return Nobody()
    address = options.pool
    if address == "auto":
        if options.jobs is not None:
            address = "local" if options.jobs > 1 else "here"
        elif len(inputs) < WORTH_WORKERS or cores() < FEWEST_CORES:
            address = "here"
    if pool is None and address == "here":
        return Here(settler, Counter(run))
    is_auto = pool is None and address == "auto"
    is_local = pool is not None or address.partition(":")[0] in ("auto", "local")
    counter = Counter(run, is_local=is_local)

    def opened(tell: TellJob) -> WorkPool:
        if pool is not None:
            return pool
        chosen = "local" if is_auto else address
        return open_pool(chosen, options.jobs, run.workspace.pool_options, tell)

    workers = ByWorkers(settler, counter, opened)
    return WhenWorthIt(Here(settler, counter), workers) if is_auto else workers
