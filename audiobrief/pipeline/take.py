"""The items of a source, each looked at: known, refused, to be tried again, or kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError, TryLaterError
from audiobrief.intake.address import canonical_url
from audiobrief.net.answer import Known as Marks
from audiobrief.net.redact import redact
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.incoming import Receiver
from audiobrief.pipeline.keep import Keeper
from audiobrief.pipeline.offers import Offers
from audiobrief.pipeline.texts import Texts
from audiobrief.store.catalogue import Taken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from audiobrief.model.intake import Item
    from audiobrief.net.client import Client
    from audiobrief.pipeline.events import Tell
    from audiobrief.pipeline.tally import Tally
    from audiobrief.store.catalogue import Catalogue
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings

#: A copy of what is older is told as a new story.
_COMPARED = timedelta(days=30)
#: What its host could not give for so long is not asked for any more.
_PATIENCE = timedelta(days=3)
#: Kinds of sources whose user has chosen each article: none is passed over for its age.
_CHOSEN = frozenset({"list", "readeck"})


class Taker:
    """Takes items of sources in one run.

    Args:
        workspace: Whose inbox it is.
        catalogue: Of the inbox.
        client: The network.
        now: Aware.
        tell: Called with every item that is asked for.
        force: Look again at pages that were no article.
    """

    def __init__(
        self,
        workspace: Workspace,
        catalogue: Catalogue,
        client: Client,
        now: datetime,
        tell: Tell,
        *,
        force: bool,
    ) -> None:
        self._catalogue = catalogue
        self._offers = Offers(workspace, catalogue, force=force)
        self._receiver = Receiver(workspace, client)
        texts = Texts(catalogue, since=now - _COMPARED)
        self._keeper = Keeper(workspace, catalogue, self._offers, texts, now)
        self._now = now
        self._tell = tell

    def take_all(self, settings: SourceSettings, items: tuple[Item, ...], tally: Tally) -> None:
        """Take the latest of a feed; of what the user has chosen, so many at once."""
        if settings.kind == "feed":
            for item in _latest(items, settings.most):
                self._take(settings, item, tally)
            return
        for number, item in enumerate(items):
            if settings.kind in _CHOSEN and len(tally.new) >= settings.most:
                left = len(items) - number
                tally.postponed += left
                tally.notes.append(f"{left} more are looked at next time")
                return
            self._take(settings, item, tally)

    def _take(self, settings: SourceSettings, item: Item, tally: Tally) -> None:
        """Take one item; what is wrong with it costs no other."""
        address = canonical_url(item.url) if item.url else ""
        digest = sha256(repr(item).encode("utf-8", "replace")).hexdigest()
        taken = Taken(settings.name, item.key, address, digest, outlet=item.outlet or "")
        before = self._catalogue.taken(settings.name, item.key, address)
        own = before if before is not None and before.source == settings.name else None
        here = self._offers.place(item, address, own)
        settled = self._offers.settled(taken, item, before, here)
        if settled is None and here and own is not None and self._offers.is_edited(here, own):
            tally.notes.append(f"{here}: changed by hand, so its source's correction is left out")
            settled = replace(own, digest=digest)
        if settled is not None:
            if settled != own:
                self._catalogue.put_taken(settled)
            tally.known += 1
            return
        name = item.title or redact(item.url or item.key)
        self._tell(Event(Stage.FETCH, settings.name, len(tally.new), 0, name))
        marks = Marks(own.etag, own.last_modified, own.answered_by) if own else Marks()
        try:
            incoming = self._receiver.receive(settings, item, here, marks)
        except SourceError as error:
            self._refused(own or taken, taken, error, tally)
            tally.notes.append(f"{name}: {error.problem}")
            return
        self._keeper.keep(settings, item, incoming, taken, here, tally)

    def _refused(self, own: Taken, taken: Taken, error: SourceError, tally: Tally) -> None:
        """Note an item that gave no article: not now, or not at all."""
        since = own.tried or self._now
        if isinstance(error, TryLaterError) and self._now - since < _PATIENCE:
            tally.postponed += 1
            waiting = own if own.locator else replace(taken, digest="")
            self._catalogue.put_taken(replace(waiting, tried=since))
        else:
            self._catalogue.put_taken(replace(own, digest=taken.digest, tried=None))


def _latest(items: Sequence[Item], most: int) -> Sequence[Item]:
    """Return the latest items; a feed without dates has its latest first."""
    moments = [item.published for item in items if item.published is not None]
    if len(moments) == len(items):
        items = sorted(items, key=lambda item: item.published or moments[0], reverse=True)
    return items[:most]
