"""``publish``: what is built goes to where listeners get it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from audiobrief.errors import (
    AudiobriefError,
    PublishError,
    WorkspaceError,
)
from audiobrief.model.episode import State
from audiobrief.pipeline.announce import announce, in_feed
from audiobrief.pipeline.cards import cards_of, drawer_of, sweep_episodes
from audiobrief.pipeline.cut_off import was_cut_off
from audiobrief.pipeline.deliver import Delivery, Job, PublishOptions, clear, deliver
from audiobrief.pipeline.editions import editions_of
from audiobrief.pipeline.events import Tell, say_nothing
from audiobrief.pipeline.release import choose_cover, describe_show, identify
from audiobrief.pipeline.released import released
from audiobrief.pipeline.retention import retained
from audiobrief.pipeline.review.gate import approved_ones, require_approval
from audiobrief.store.files import atomic_write
from audiobrief.store.library import has_sound
from audiobrief.store.lock import locked
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest, render_manifest
from audiobrief.upload.address import FOLDER, Address, parse_address
from audiobrief.workspace.shows import is_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.editions import Edition
    from audiobrief.upload.plan import Local
    from audiobrief.workspace.load import Workspace

#: Reached by nobody but this machine.
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NO_TARGET: Final = 'write to = "folder:PATH", or another address, below [publish]'


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What became of a show."""

    #: Titles of episodes that were approved and are in the feed now.
    approved: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    warnings: tuple[str, ...]
    #: Why hook, hub or webhook could not be told; the next run tries again.
    unannounced: AudiobriefError | None = None


def publish(
    show: Workspace,
    *,
    now: datetime,
    run: str,
    check: Callable[[Path], Sequence[str]],
    options: PublishOptions | None = None,
    tell: Tell = say_nothing,
) -> PublishReport:
    """Bring the files of a show to all of its targets; one that fails stops no other.

    Args:
        show: The workspace, as the show sees it.
        now: Aware.
        run: Different for every run.
        check: Returns which rules a folder breaks that podcast apps insist on, one a line.
        options: What the flags ask for.
        tell: Called with every step.

    Raises:
        WorkspaceError: The settings do not say where to, or not in a way that can be used.
        ApprovalMissingError: An episode waits for approval.
        PublishError: The feed is missing, or would be refused.
        LockedError: A build holds the workspace.
    """
    options = options or PublishOptions()
    if show.settings.publish.require_approval and not show.settings.publish.to:
        # To let into the feed what is approved is work of its own: a server beside shows it.
        approved = let_in(show, now=now, options=options, tell=tell)
        return PublishReport(approved, (), (f"nothing is sent anywhere: {_NO_TARGET}",))
    addresses = addresses_of(show)
    job = Job(show, now, run, options, tell)
    with _alone(show, options):
        # First of all, whatever else is wrong: a feed that breaks a rule opens no closed door.
        withdrawn = _withdrawn(job, addresses)
    approved = let_in(show, now=now, options=options, tell=tell)
    with _alone(show, options):
        editions = _editions(show)
        if not editions:
            if not withdrawn:
                raise PublishError(
                    "the show is private, and no listener has a folder",
                    show.episodes_name,
                    remedy='make one: "audiobrief listeners add NAME --static"',
                )
            # The last listener was revoked: to take the feed away was all that there was to do.
            return PublishReport(approved, withdrawn, ())
        warnings = (*_passed_over(show, check, options), *_unreachable(show))
        deliveries = (
            *withdrawn,
            *(deliver(job, address, *each) for address in addresses for each in editions),
        )
        is_there = not options.dry_run and not any(d.error for d in deliveries)
        unannounced = _announced(show, tell) if is_there else None
        return PublishReport(approved, deliveries, warnings, unannounced)


def _alone(show: Workspace, options: PublishOptions) -> AbstractContextManager[None]:
    """Keep builds away; a dry run changes nothing, and waits for nobody."""
    return nullcontext() if options.dry_run else locked(show.cache / "lock")


def _withdrawn(job: Job, addresses: Sequence[Address]) -> tuple[Delivery, ...]:
    """Remove what nobody may hear any more from all targets."""
    if not job.show.settings.publish.private:
        return ()
    staying = editions_of(job.show)
    return tuple(d for address in addresses for d in clear(job, address, staying))


def _editions(show: Workspace) -> list[tuple[Edition, tuple[Local, ...]]]:
    """Return what is to be published, each with its files.

    To be asked while no build can run: feed and manifests are of one state then.
    """
    episodes = cards_of(show)
    found = []
    for edition in editions_of(show):
        try:
            found.append((edition, released(edition, episodes)))
        except AudiobriefError as error:
            raise edition.told(error) from None
    return found


def _announced(show: Workspace, tell: Tell) -> AudiobriefError | None:
    """Tell hook, hub and webhook of what is at the targets now; a failure is a value."""
    try:
        announce(show, describe_show(show, identify(show), choose_cover(show)), tell)
    except AudiobriefError as error:
        return error
    return None


def addresses_of(show: Workspace) -> tuple[Address, ...]:
    """Return where a show goes: what is said for the first show is for a folder of each other one.

    Raises:
        WorkspaceError: Nothing is said, or it cannot be used.
    """
    place = show.place_of("publish.to")
    if not show.settings.publish.to:
        raise WorkspaceError("no setting says where to publish", place, remedy=_NO_TARGET)
    addresses = tuple(parse_address(text, where=place) for text in show.settings.publish.to)
    if show.show and not is_set(show.settings.shows[show.show], ["publish", "to"]):
        addresses = tuple(address.below(show.show) for address in addresses)
    for address in addresses:
        _require_apart(show, address, place)
    return addresses


def _require_apart(show: Workspace, address: Address, place: str) -> None:
    """Refuse to publish into what is published, or what is private."""
    if address.kind != FOLDER:
        return
    path = (show.root / address.path).resolve()
    for private in (show.root / "episodes", show.root / "voices", show.articles, show.cache):
        if path.is_relative_to(private.resolve()):
            raise WorkspaceError(
                f'"{address.path}" is a folder of the workspace itself',
                place,
                remedy="name a folder that your web server shows",
            )


def let_in(
    show: Workspace,
    *,
    now: datetime,
    options: PublishOptions | None = None,
    tell: Tell = say_nothing,
) -> tuple[str, ...]:
    """Let approved episodes into the feed, as a build does without any article.

    Args:
        show: The workspace, as the show sees it.
        now: Aware.
        options: What the flags ask for.
        tell: Called with every step.

    Returns:
        Their titles.

    Raises:
        ApprovalMissingError: An episode waits for approval; nothing was let in.
        LockedError: A build holds the workspace.
        StoreError: A manifest or a review cannot be read or written.
    """
    options = options or PublishOptions()
    require_approval(show, _meant(show, cards_of(show), options))
    with _alone(show, options):
        drawer = drawer_of(show)
        is_unfinished = was_cut_off(show)
        if not options.dry_run:
            is_unfinished |= sweep_episodes(show, drawer)
        episodes = [filed.card for filed in drawer.filed]
        approved = approved_ones(show, _meant(show, episodes, options))
        for episode in approved if not options.dry_run else ():
            path = show.episodes / episode.directory / MANIFEST_NAME
            atomic_write(path, render_manifest(replace(episode, state=State.PUBLISHED)))
        is_late = bool(approved) or is_unfinished or _has_late(show, episodes, now)
    if is_late and not options.dry_run:
        from audiobrief.pipeline.build import build  # noqa: PLC0415 - only where one is approved

        report = build(show, [], now=now, tell=tell)
        if report.error is not None:
            raise report.error
    return tuple(episode.title for episode in approved)


def _meant(show: Workspace, episodes: Sequence[Card], options: PublishOptions) -> Iterator[Episode]:
    """Yield the episodes that may wait for approval."""
    for card in episodes:
        if options.only in {"", card.guid} and card.state is not State.PUBLISHED:
            yield read_manifest(show.episodes / card.directory / MANIFEST_NAME)


def _has_late(show: Workspace, episodes: Sequence[Card], now: datetime) -> bool:
    """Tell whether a released episode is not in the feed: a kill has come between the two."""
    settings = show.settings.publish
    if not settings.require_approval:
        return False
    released_ones = [
        e for e in episodes if e.state is State.PUBLISHED and has_sound(show.episodes, e)
    ]
    wanted = retained(released_ones, settings, now)
    return len(in_feed(show, wanted)) < len(wanted)


def _passed_over(
    show: Workspace, check: Callable[[Path], Sequence[str]], options: PublishOptions
) -> tuple[str, ...]:
    """Hold the folder against the rules; return a warning for what ``--force`` lets pass."""
    broken = check(show.episodes)
    if not broken:
        return ()
    count = f"{len(broken)} rule{'s' if len(broken) > 1 else ''}"
    if options.force:
        return (f"published although apps insist on {count} that it breaks, as: {broken[0]}",)
    raise PublishError(
        f"the feed breaks {count} that apps insist on: {broken[0]}",
        show.episodes_name,
        remedy='"audiobrief check" shows all; --force publishes it as it is',
    )


def _unreachable(show: Workspace) -> tuple[str, ...]:
    base_url = show.settings.show.base_url
    if urlsplit(base_url).hostname not in _LOOPBACK:
        return ()
    remedy = "set [show] base_url to where listeners find it, and build again"
    return (
        f"the feed's addresses begin with {base_url}, which only this machine reaches: {remedy}",
    )
