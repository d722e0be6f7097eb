"""``fetch``: what sources have that is new goes into the inbox, each article once.

A file is written whole before the catalogue says that it was taken, and its name depends on what it
is: a kill between the two makes the next run write the same file again, and nothing twice.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import (
    AudiobriefError,
    NetworkError,
    SourceError,
    StoreError,
    TryLaterError,
    UnsafeAddressError,
    defect,
)
from audiobrief.intake.address import canonical_url
from audiobrief.model.report import FetchReport, SourceOutcome
from audiobrief.net.answer import Known as Marks
from audiobrief.net.redact import redact
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.inbox import entry_of, refresh
from audiobrief.pipeline.incoming import Incoming, Receiver, has_head
from audiobrief.pipeline.network import Network, client_for, source_of
from audiobrief.pipeline.offers import Offers
from audiobrief.pipeline.texts import Texts
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue, Health, Taken
from audiobrief.store.files import atomic_write, make_folder, remove_if_there, sweep_temporary
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from audiobrief.model.intake import Item
    from audiobrief.net.client import Client
    from audiobrief.net.world import World
    from audiobrief.store.catalogue import Entry
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings

#: A copy of what is older is told as a new story.
_COMPARED = timedelta(days=30)
#: After so many failures in a row a source is asked ever less often, at most once a day.
_FIRST_REST, _LONGEST_REST = timedelta(minutes=5), timedelta(days=1)
#: What its host could not give for so long is not asked for any more.
_PATIENCE = timedelta(days=3)
#: Kinds of sources whose user has chosen each article: none is passed over for its age.
_CHOSEN = frozenset({"list", "readeck"})


def fetch(
    workspace: Workspace,
    *,
    now: datetime,
    only: Collection[str] = (),
    force: bool = False,
    tell: Tell = say_nothing,
    world: World | None = None,
) -> FetchReport:
    """Take what is new from the sources in the settings.

    Args:
        workspace: Settings and inbox.
        now: Aware.
        only: Names of sources; none: all.
        force: Ask sources that rest after a failure, too, and for pages that were no article.
        tell: Called with every step.
        world: What tests replace of the network.

    Returns:
        What became of each source; one that fails never stops the others.

    Raises:
        LockedError: Another run holds the workspace.
        WorkspaceError: A network setting is wrong.
        StoreError: The inbox or the catalogue cannot be written.
    """
    chosen = [s for s in workspace.settings.sources if not only or s.name in only]
    with (
        locked(workspace.cache / "lock"),
        Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue,
        client_for(workspace, world) as client,
    ):
        sweep_temporary(workspace.cache, *_folders(workspace.articles))
        refresh(workspace, catalogue, now=now, tell=tell)
        fetching = _Fetching(workspace, catalogue, client, now, tell, force=force, world=world)
        outcomes = []
        for number, settings in enumerate(chosen):
            tell(Event(Stage.FETCH, settings.name, number, len(chosen)))
            outcomes.append(fetching.source(settings))
    return FetchReport(tuple(outcomes))


def _folders(inbox: Path) -> list[Path]:
    """Return a folder and all below it."""
    return [Path(folder) for folder, _, _ in os.walk(inbox)]


@dataclass(slots=True)
class _Count:
    """What became of a source's items."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    known: int = 0
    copies: int = 0
    #: What could not be taken now, and will be tried again.
    postponed: int = 0
    notes: list[str] = field(default_factory=list)


class _Fetching:
    """One run over all sources."""

    def __init__(
        self,
        workspace: Workspace,
        catalogue: Catalogue,
        client: Client,
        now: datetime,
        tell: Tell,
        *,
        force: bool,
        world: World | None,
    ) -> None:
        self._workspace = workspace
        self._catalogue = catalogue
        self._offers = Offers(workspace, catalogue, force=force)
        self._receiver = Receiver(workspace, client)
        self._client = client
        self._now = now
        self._tell = tell
        self._force = force
        self._world = world
        self._texts = Texts(catalogue, since=now - _COMPARED)

    def source(self, settings: SourceSettings) -> SourceOutcome:
        """Take what one source has; its failure is a value, whatever it is."""
        health = self._catalogue.health(settings.name)
        if health.not_before is not None and self._now < health.not_before and not self._force:
            return SourceOutcome(settings.name, rests_until=health.not_before)
        try:
            source = source_of(settings, self._workspace, self._world)
            listing = source.items(Network(self._client), {} if self._force else health.known)
            count = _Count(notes=list(listing.notes))
            self._take_all(settings, listing.items, count)
        except StoreError:
            raise
        except AudiobriefError as error:
            return self._failed(settings, health, error)
        except Exception as error:  # noqa: BLE001 - a defect costs one source, not the run
            return self._failed(settings, health, defect(error))
        # What is still to be taken must be told again by the next answer.
        known = health.known if count.postponed else listing.known
        self._catalogue.put_health(
            Health(settings.name, known, tried=self._now, succeeded=self._now)
        )
        return SourceOutcome(
            settings.name, tuple(count.new), tuple(count.updated), count.known, count.copies,
            count.postponed, tuple(count.notes),
        )  # fmt: skip

    def _failed(
        self, settings: SourceSettings, health: Health, error: AudiobriefError
    ) -> SourceOutcome:
        failures = health.failures + 1
        not_before = None
        if _has_asked(settings, error):
            rest = min(_FIRST_REST * 2 ** min(failures - 1, 10), _LONGEST_REST)
            asked = error.not_before if isinstance(error, NetworkError) else None
            not_before = max(filter(None, (self._now + rest, asked)))
        self._catalogue.put_health(
            replace(
                health, tried=self._now, failures=failures, problem=str(error.problem),
                not_before=not_before,
            )
        )  # fmt: skip
        return SourceOutcome(health.name, error=error, rests_until=not_before)

    def _take_all(self, settings: SourceSettings, items: tuple[Item, ...], count: _Count) -> None:
        """Take the latest of a feed; of what the user has chosen, so many at once."""
        if settings.kind == "feed":
            for item in _latest(items, settings.most):
                self._take(settings, item, count)
            return
        for number, item in enumerate(items):
            if settings.kind in _CHOSEN and len(count.new) >= settings.most:
                left = len(items) - number
                count.postponed += left
                count.notes.append(f"{left} more are looked at next time")
                return
            self._take(settings, item, count)

    def _take(self, settings: SourceSettings, item: Item, count: _Count) -> None:
        """Take one item; what is wrong with it costs no other."""
        address = canonical_url(item.url) if item.url else ""
        digest = sha256(repr(item).encode("utf-8", "replace")).hexdigest()
        taken = Taken(settings.name, item.key, address, digest, outlet=item.outlet or "")
        before = self._catalogue.taken(settings.name, item.key, address)
        own = before if before is not None and before.source == settings.name else None
        here = self._offers.place(item, address, own)
        settled = self._offers.settled(taken, item, before, here)
        if settled is None and here and own is not None and self._offers.is_edited(here, own):
            count.notes.append(f"{here}: changed by hand, so its source's correction is left out")
            settled = replace(own, digest=digest)
        if settled is not None:
            if settled != own:
                self._catalogue.put_taken(settled)
            count.known += 1
            return
        name = item.title or redact(item.url or item.key)
        self._tell(Event(Stage.FETCH, settings.name, len(count.new), 0, name))
        marks = Marks(own.etag, own.last_modified, own.answered_by) if own else Marks()
        try:
            incoming = self._receiver.receive(settings, item, here, marks)
        except SourceError as error:
            self._refused(own or taken, taken, error, count)
            count.notes.append(f"{name}: {error.problem}")
            return
        self._keep(settings, item, incoming, taken, here, count)

    def _refused(self, own: Taken, taken: Taken, error: SourceError, count: _Count) -> None:
        """Note an item that gave no article: not now, or not at all."""
        since = own.tried or self._now
        if isinstance(error, TryLaterError) and self._now - since < _PATIENCE:
            count.postponed += 1
            waiting = own if own.locator else replace(taken, digest="")
            self._catalogue.put_taken(replace(waiting, tried=since))
        else:
            self._catalogue.put_taken(replace(own, digest=taken.digest, tried=None))

    def _keep(
        self,
        settings: SourceSettings,
        item: Item,
        incoming: Incoming,
        taken: Taken,
        here: str,
        count: _Count,
    ) -> None:
        """Write the file, unless the inbox has its text; then tell the catalogue."""
        marks = incoming.marks
        taken = replace(
            taken, etag=marks.etag or "", last_modified=marks.last_modified or "",
            answered_by=marks.url or "", written=incoming.digest,
        )  # fmt: skip
        entries = self._entries(settings, item, incoming)
        replaced: list[Taken] = []
        if not here and len(entries) == 1:
            copy = self._texts.copy_of(entries[0])
            if copy is not None and not self._offers.replaces(settings, item, copy, incoming):
                self._catalogue.put_taken(replace(taken, copy_of=copy.locator, written=""))
                count.copies += 1
                return
            if copy is not None:
                here = copy.locator
                replaced = self._catalogue.offers_of(here)
                incoming = replace(incoming, locator=here)
                entries = [replace(entries[0], locator=here)]
        self._write(incoming, here, count)
        facts = (self._workspace.root / incoming.locator).stat()
        with self._catalogue.at_once():
            for offer in replaced:
                self._catalogue.put_taken(replace(offer, locator="", copy_of=offer.locator))
            for entry in entries:
                self._catalogue.put_entry(
                    replace(entry, size=facts.st_size, mtime_ns=facts.st_mtime_ns)
                )
            self._catalogue.put_taken(replace(taken, locator=incoming.locator))
        for entry in entries:
            self._texts.add(entry)

    def _write(self, incoming: Incoming, here: str, count: _Count) -> None:
        path = self._workspace.root / incoming.locator
        if path.is_file() and path.read_bytes() == incoming.raw:
            count.known += 1
            return
        make_folder(path.parent)
        atomic_write(path, incoming.raw)
        (count.updated if here else count.new).append(incoming.locator)
        if here and here != incoming.locator:
            # It is of another kind now. Killed before this, the next run comes here again.
            remove_if_there(self._workspace.root / here)
            self._catalogue.forget_entry(here)

    def _entries(self, settings: SourceSettings, item: Item, incoming: Incoming) -> list[Entry]:
        """Return what the catalogue says of a file; what the file cannot say itself, it does."""
        entries = [entry_of(article, (0, 0), self._now) for article in incoming.articles]
        if has_head(incoming.locator):
            return entries
        tags = tuple(dict.fromkeys((*item.tags, *settings.tags)))
        return [
            replace(
                entry, source=settings.name, tags=tags or entry.tags,
                address=canonical_url(item.url) if item.url else "",
                published=item.published or entry.published, outlet=item.outlet or entry.outlet,
            )
            for entry in entries
        ]  # fmt: skip


def _latest(items: Sequence[Item], most: int) -> Sequence[Item]:
    """Return the latest items; a feed without dates has its latest first."""
    moments = [item.published for item in items if item.published is not None]
    if len(moments) == len(items):
        items = sorted(items, key=lambda item: item.published or moments[0], reverse=True)
    return items[:most]


def _has_asked(settings: SourceSettings, error: AudiobriefError) -> bool:
    """Tell whether a host was troubled, not only the user has something to mend."""
    named = (
        settings.user_env,
        settings.password_env,
        settings.client_id_env,
        settings.client_secret_env,
        settings.token_env,
    )
    lacks_secret = any(name and not os.environ.get(name) for name in named)
    return not isinstance(error, UnsafeAddressError) and not lacks_secret
