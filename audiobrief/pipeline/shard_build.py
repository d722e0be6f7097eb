"""``build --shard I/N``: decides for all articles, makes its own, and tells the shared store alone.

Nothing below ``episodes/`` is touched: that is for ``publish --shards N``, on one machine.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError, PoisonedError, PoolError, PublishError, defect
from audiobrief.model.report import BuildReport, Outcome, Result
from audiobrief.pipeline.build import build
from audiobrief.pipeline.by_workers import open_pool, require_pool
from audiobrief.pipeline.caches import swept_in
from audiobrief.pipeline.counter import Counter
from audiobrief.pipeline.decide import Decider, Decision, Input, failed
from audiobrief.pipeline.drawn import DRAWN_NAME, DrawnCovers
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.job import perform
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.recipe import read_article
from audiobrief.pipeline.release import cover_content
from audiobrief.pipeline.required import require_ready
from audiobrief.pipeline.shards import Failure, Meeting, Record
from audiobrief.pipeline.voices import choose_cast
from audiobrief.pipeline.work_folder import WORK_NAME, sweep_work
from audiobrief.pipeline.workshop import Tools, Workshop
from audiobrief.store.files import sweep_temporary
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress
    from audiobrief.model.shard import Shard
    from audiobrief.pool.seam import WorkPool
    from audiobrief.workspace.load import Workspace

#: Even a single article is made by a worker: one that ends its worker must not end the shard.
_POOL: Final = "local"


def build_shard(
    workspace: Workspace,
    inputs: Sequence[Input],
    shard: Shard,
    *,
    now: datetime,
    options: BuildOptions | None = None,
    tell: Tell = say_nothing,
) -> BuildReport:
    """Make the episodes of one share of the articles, into the shared store.

    Args:
        workspace: Where the articles lie, as the show sees it.
        inputs: All articles, of all shares.
        shard: Whose are made.
        now: Aware; that of the shard that was the first counts for all.
        options: What the flags ask for.
        tell: Called with every step.

    Returns:
        One outcome an article of this share.

    Raises:
        LockedError: Another build holds the workspace.
        WorkspaceError: The settings are wrong, or name no shared store.
        PoolError: There is nobody to make any episode.
        SharedStoreError: The store is out of reach.
    """
    started = time.perf_counter()
    options = options or BuildOptions()
    cast = choose_cast(workspace, voice=options.voice, engine=options.engine)
    require_pool(options.pool, options.jobs, workspace.pool_options)
    require_ready(workspace)
    meeting = Meeting(workspace, shard.count)
    with locked(workspace.cache / "lock"):
        sweep_temporary(*swept_in(workspace.cache))
        sweep_work(workspace.cache)
        inputs = _read(inputs, workspace)
        now = meeting.time(_named(inputs), now)
        run = _Deciding(workspace, cast, options, now, tell)
        decided = run.decide_all(inputs)
        outcomes, record = _Making(run, shard).make(decided)
        if not options.dry_run:
            meeting.keep(replace(record, decided=_digest(run, decided), time=now.isoformat()))
        run.tidy(outcomes)
    elapsed_s = time.perf_counter() - started
    return BuildReport(tuple(outcomes), None, elapsed_s, tuple(run.warnings()), None, run.damaged)


def adopt_shards(
    workspace: Workspace,
    inputs: Sequence[Input],
    count: int,
    *,
    now: datetime,
    dry_run: bool = False,
    tell: Tell = say_nothing,
) -> BuildReport:
    """Take what all shards have made into the show, as a build that finds all of it made.

    Args:
        workspace: Where the episodes belong, as the show sees it.
        inputs: All articles, as the shards had them.
        count: Of shards.
        now: Aware.
        dry_run: Change nothing; say whether all are finished, and what would be taken.
        tell: Called with every step.

    Raises:
        LockedError: A build holds the workspace.
        PublishError: A shard is not finished, or not of these articles; nothing was changed.
        WorkspaceError: As for `build_shard`.
        SharedStoreError: The store is out of reach.
    """
    meeting = Meeting(workspace, count)
    records = meeting.records()
    inputs = _read(inputs, workspace)
    now = meeting.time(_named(inputs), now)

    def agree(run: Decider, decided: Sequence[Outcome | Decision]) -> None:
        if _digest(run, decided) != records[0].decided:
            raise _differing(workspace, decided)

    if dry_run:
        run = _Deciding(workspace, choose_cast(workspace), BuildOptions(), now, say_nothing)
        decided = run.decide_all(inputs)
        agree(run, decided)
        failures = {f.locator: f.error() for record in records for f in record.failed}
        return _foreseen(decided, failures)
    pool = _Made(failure for record in records for failure in record.failed)
    options = BuildOptions(pool="shards")
    return build(workspace, inputs, now=now, options=options, tell=tell, pool=pool, agree=agree)


def _differing(workspace: Workspace, decided: Iterable[Outcome | Decision]) -> PublishError:
    """Return what is told of shards that decided otherwise: maybe only something here fails."""
    problem = "the shards were built of other articles, settings or episodes than are here"
    for one in decided:
        if isinstance(one, Outcome) and one.error is not None:
            problem = f"{problem}, or only here {one.locator} fails: {one.error.problem}"
            return PublishError(problem, one.error.subject, remedy=one.error.remedy)
    remedy = "give all machines the same workspace, and run the shards again"
    return PublishError(problem, str(workspace.root), remedy=remedy)


def _foreseen(
    decided: Iterable[Outcome | Decision], failures: Mapping[str, AudiobriefError]
) -> BuildReport:
    """Return what taking all of it would come to."""
    outcomes = []
    for one in decided:
        if isinstance(one, Outcome):
            outcomes.append(one)
        elif one.locator in failures:
            outcomes.append(failed(one.locator, failures[one.locator]))
        else:
            outcomes.append(Outcome(one.locator, Result.BUILT, one.slot.guid))
    return BuildReport(tuple(outcomes), None, 0.0)


def _read(inputs: Iterable[Input], workspace: Workspace) -> list[Input]:
    """Return the articles, read; one that cannot be read is told when it is decided."""
    language = workspace.settings.show.language
    found = []
    for item in inputs:
        try:
            article = item.article or read_article(item.read(), language)
        except (AudiobriefError, ValueError, OSError):
            article = None
        found.append(replace(item, article=article))
    return found


def _named(inputs: Iterable[Input]) -> list[tuple[str, str]]:
    return [(item.locator, item.article.id if item.article else "") for item in inputs]


class _Deciding(Decider):
    """Decides, and writes nothing where episodes lie."""

    is_mending = False

    @cached_property
    def workshop(self) -> Workshop:
        """The cover as it will be."""
        content, self._cover_warnings = cover_content(
            self.workspace, self.show, self._identity, self.cover
        )
        cache = self.workspace.cache
        tools = Tools(
            *(self.clips, self.encoded, cache / WORK_NAME, cache / "music", self.tell, self.making)
        )
        drawn = DrawnCovers(cache / DRAWN_NAME)
        return Workshop(self.workspace, self.show, content, self.options.force, tools, drawn)

    def decide_all(self, inputs: Sequence[Input]) -> list[Outcome | Decision]:
        """Decide what becomes of every article."""
        each = (self.decide(item, n, len(inputs)) for n, item in enumerate(inputs))
        return [one for one in each if one is not None]


def _digest(run: Decider, decided: Iterable[Outcome | Decision]) -> str:
    """Return what all machines must have decided alike: it stays as episodes are settled."""
    return sha256(repr(sorted(_told(run, one) for one in decided)).encode()).hexdigest()


def _told(run: Decider, one: Outcome | Decision) -> tuple[str, ...]:
    if isinstance(one, Decision):
        slot = one.slot
        published = slot.published.isoformat()
        return (one.locator, slot.guid, slot.directory, published, one.recipe.digest)
    own = run.register.episode(one.guid) if one.guid else None
    if own is None:
        return (one.locator, one.result)
    published = own.published.isoformat()
    return (one.locator, own.guid, own.directory, published, own.build.digest)


class _Making:
    """Has the episodes of a share made.

    Args:
        run: What has decided.
        shard: Whose are made.
    """

    def __init__(self, run: Decider, shard: Shard) -> None:
        self._run, self._shard = run, shard
        self._outcomes: dict[int, Outcome] = {}
        self._made: list[str] = []
        self._failed: list[Failure] = []

    def make(self, decided: Sequence[Outcome | Decision]) -> tuple[list[Outcome], Record]:
        """Make them; what fails is a value."""
        own = [(n, one) for n, one in enumerate(decided) if self._is_own(one)]
        todo = [(n, one) for n, one in own if isinstance(one, Decision)]
        self._outcomes = {n: one for n, one in own if isinstance(one, Outcome)}
        if self._run.options.dry_run:
            self._outcomes |= {n: Outcome(d.locator, Result.BUILT, d.slot.guid) for n, d in todo}
        elif todo:
            self._make(todo)
        outcomes = [self._outcomes[n] for n in sorted(self._outcomes)]
        record = Record(str(self._shard), "", "", tuple(self._made), tuple(self._failed))
        return outcomes, record

    def _is_own(self, one: Outcome | Decision) -> bool:
        # What could not be read has no text by which it could be given to somebody.
        if isinstance(one, Decision):
            return self._shard.has(one.recipe.articles[0].id)
        own = self._run.register.episode(one.guid) if one.guid else None
        return self._shard.has(own.articles[0].id if own else one.locator)

    def _make(self, todo: Sequence[tuple[int, Decision]]) -> None:
        options = self._run.options
        address = _POOL if options.pool == "auto" else options.pool
        counter = Counter(self._run, is_local=address.partition(":")[0] in {"local", "here"})
        pool: WorkPool = _Here()
        if address != "here":
            pool = open_pool(address, options.jobs, self._run.workspace.pool_options, self._step)
        try:
            sent = {}
            for n, decision in todo:
                job = counter.send(decision)
                sent[pool.submit(job)] = (n, decision, job)
            for count, future in enumerate(pool.as_completed(sent)):
                self._take(future, *sent[future])
                locator = sent[future][1].locator
                self._run.tell(Event(Stage.ASSEMBLE, locator, count + 1, len(sent)))
        except BaseException:
            pool.cancel()
            raise
        finally:
            pool.close()
            counter.close()

    def _step(self, job: EpisodeJob, step: JobProgress) -> None:
        """Steps come in other threads; how many episodes are done says enough here."""

    def _take(
        self, future: Future[JobManifest], index: int, decision: Decision, job: EpisodeJob
    ) -> None:
        slot, locator = decision.slot, decision.locator
        try:
            manifest = future.result()
        except PoisonedError as error:
            self._fail(index, job, error)
        except PoolError:
            # Nobody is there to make any episode.
            raise
        except AudiobriefError as error:
            self._fail(index, job, error)
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            self._fail(index, job, defect(error))
        else:
            self._made.append(job.key)
            spoken = 0 if manifest.hit else manifest.synthesized
            cached = manifest.synthesized + manifest.cached - spoken
            title = decision.recipe.script.title
            self._outcomes[index] = Outcome(
                *(locator, Result.BUILT, slot.guid, None, spoken, cached),
                notes=decision.notes,
                title=title,
            )

    def _fail(self, index: int, job: EpisodeJob, error: AudiobriefError) -> None:
        self._failed.append(Failure.of(job.key, job.locator, error))
        self._outcomes[index] = failed(job.locator, error)


class _Here:
    """A pool without workers: every job is done as it is submitted."""

    #: It is done by nobody else.
    worker_count = 1

    def submit(self, job: EpisodeJob) -> Future[JobManifest]:
        """Do a job."""
        future: Future[JobManifest] = Future()
        try:
            future.set_result(perform(job))
        except Exception as error:  # noqa: BLE001 - told by the future, as by any pool
            future.set_exception(error)
        return future

    def as_completed(
        self, futures: Iterable[Future[JobManifest]], timeout_s: float | None = None
    ) -> Iterator[Future[JobManifest]]:
        """All are settled."""
        del timeout_s
        return iter(list(futures))

    def cancel(self) -> None:
        """Nothing is to be settled."""

    def close(self) -> None:
        """Nothing is to be ended."""


class _Made(_Here):
    """A pool that makes nothing: what shards have made was found before anybody is asked.

    Args:
        failures: What they could not make.
    """

    def __init__(self, failures: Iterable[Failure]) -> None:
        self._failures = {failure.key: failure for failure in failures}

    def submit(self, job: EpisodeJob) -> Future[JobManifest]:
        """Return why there is no such episode."""
        future: Future[JobManifest] = Future()
        failure = self._failures.get(job.key)
        lost = PublishError(
            "a shard has made the episode, and it is not in the store any more",
            job.locator,
            remedy="run the shards again: what is there is not made again",
        )
        future.set_exception(failure.error() if failure else lost)
        return future
