"""The files of a show to one target."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, UploadError
from audiobrief.pipeline.editions import Edition, without_tokens
from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.pipeline.intact import require_intact
from audiobrief.pipeline.release import IDENTITY_NAME
from audiobrief.serve.readdress import DOOR
from audiobrief.store.library import read_identity
from audiobrief.store.listeners import TOKEN
from audiobrief.upload.plan import make_plan
from audiobrief.upload.run import carry_out, withdraw
from audiobrief.upload.state import STATE_LIMIT_BYTES, STATE_NAME, Published, parse_state
from audiobrief.upload.targets import open_target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from audiobrief.upload.address import Address
    from audiobrief.upload.plan import Local, Plan
    from audiobrief.upload.target import Target
    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the flags ask for."""

    #: Change nothing; say what would be done.
    dry_run: bool = False
    #: Publish even what breaks rules of podcast apps.
    force: bool = False
    #: GUID of the one episode to be let into the feed: others may wait. Empty: all.
    only: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one target."""

    #: Its address.
    to: str
    #: ``None``: it came to none.
    plan: Plan | None
    error: AudiobriefError | None = None
    #: ``False``: the feed is out, but another publisher is at work, so that old files stay.
    is_whole: bool = True
    #: Names of files that were sent.
    finished: frozenset[str] = frozenset()
    #: Names of files that nobody may have any more: all that was there.
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What all deliveries of a run share."""

    show: Workspace
    #: Aware.
    now: datetime
    #: Different for every run.
    run: str
    options: PublishOptions
    tell: Tell

    @property
    def guid(self) -> str:
        """Of the show; empty: it has none yet."""
        identity = read_identity(self.show.episodes / IDENTITY_NAME)
        return identity.guid if identity is not None else ""

    def open(self, address: Address) -> AbstractContextManager[Target]:
        """Give a target."""
        settings = self.show.settings.publish
        return open_target(
            address, root=self.show.root, endpoint=settings.endpoint, region=settings.region
        )


def deliver(job: Job, base: Address, edition: Edition, files: Sequence[Local]) -> Delivery:
    """Bring files to a target; a failure is a value.

    Args:
        job: Of the run.
        base: Of the show.
        edition: Whose files they are.
        files: What is to be there.
    """
    address = edition.address(base)
    to, plan, finished = edition.shown(address.place), None, set[str]()

    def progress(done: int, total: int, name: str) -> None:
        finished.add(name)
        job.tell(Event(Stage.PUBLISH, to, done, total, name))

    job.tell(Event(Stage.PUBLISH, to, 0, 1))
    try:
        with job.open(address) as target:
            plan = _plan(job, target, files)
            if job.options.dry_run:
                return Delivery(to, plan)
            require_intact(job.show, plan.sent)
            is_whole = carry_out(plan, target, run=job.run, progress=progress)
    except AudiobriefError as error:
        return Delivery(to, plan, edition.told(error), finished=frozenset(finished))
    return Delivery(to, plan, is_whole=is_whole, finished=frozenset(finished))


def _plan(job: Job, target: Target, files: Sequence[Local]) -> Plan:
    listing, guid = target.listing(), job.guid
    known = STATE_NAME in listing
    state = parse_state(target.read(STATE_NAME, STATE_LIMIT_BYTES)) if known else Published({})
    if state.show and guid and state.show != guid:
        # Its files would count as ones that left our feed, and be removed.
        raise UploadError(
            "another show is published there",
            target.place,
            remedy=f"publish each to a place of its own; or remove {STATE_NAME} there",
        )
    keep = timedelta(days=job.show.settings.publish.keep_days)
    return make_plan(
        files, listing, replace(state, show=state.show or guid), now=job.now, keep=keep
    )


def clear(job: Job, base: Address, editions: Sequence[Edition]) -> list[Delivery]:
    """Remove at once what nobody may hear any more of a show that is private.

    That is: what was published for everybody before, and the feeds of listeners that were revoked.

    Args:
        job: Of the run.
        base: Of the show.
        editions: What is to stay.
    """
    if not job.show.settings.publish.private:
        return []
    staying = {edition.token for edition in editions}
    try:
        with job.open(base.below(DOOR)) as target:
            found = {name.partition("/")[0] for name in target.listing()}
    except AudiobriefError as error:
        return [Delivery(base.place, None, without_tokens(error))]
    tokens = sorted(t for t in found - staying if TOKEN.fullmatch(t))
    gone = [Edition(job.show.episodes), *(Edition(job.show.episodes, t) for t in tokens)]
    each = [_withdraw(job, base, edition) for edition in gone]
    return [delivery for delivery in each if delivery.error or delivery.withdrawn]


def _withdraw(job: Job, base: Address, edition: Edition) -> Delivery:
    address = edition.address(base)
    to = edition.shown(address.place)
    try:
        with job.open(address) as target:
            names = withdraw(target, job.guid, dry_run=job.options.dry_run)
    except AudiobriefError as error:
        return Delivery(to, None, edition.told(error))
    return Delivery(to, None, withdrawn=names)
