"""What phones and browsers share: an address is listed and asked for, a text becomes an article."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError, LockedError, SourceError, defect
from audiobrief.intake.address import web_address
from audiobrief.model.intake import Content, ContentKind, Item
from audiobrief.net.answer import Known as Marks
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.incoming import Receiver
from audiobrief.pipeline.keep import Keeper
from audiobrief.pipeline.link_list import add_link
from audiobrief.pipeline.links import links_source
from audiobrief.pipeline.network import client_for
from audiobrief.pipeline.offers import Offers
from audiobrief.pipeline.tally import Tally
from audiobrief.pipeline.texts import Texts
from audiobrief.serve.shared import SharedLink, SharedText, Taken
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue
from audiobrief.store.catalogue import Taken as Offered
from audiobrief.store.files import atomic_write, make_folder
from audiobrief.store.library import slug
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.report import SourceOutcome
    from audiobrief.net.world import World
    from audiobrief.pipeline.incoming import Incoming
    from audiobrief.workspace.load import Workspace

#: Of the name of a file, 48 bits: the same text has the same name, whenever it is shared.
_MARK_LETTERS: Final = 12
_MOST_TITLE: Final = 300
#: A copy of what is older is told as a new story, as with what sources offer.
_COMPARED: Final = timedelta(days=30)
#: How long the workspace is left to whoever holds it.
_LOCK_S: Final = 5.0
_SUFFIXES: Final = {ContentKind.HTML: ".html", ContentKind.TEXT: ".md"}


def take_link(workspace: Workspace, link: SharedLink) -> Taken:
    """Write an address into ``links.txt``, where ``fetch`` finds it.

    Raises:
        SourceError: It is no address that would be asked.
        StoreError: The list cannot be written.
    """
    is_new = add_link(workspace, link.url)
    return Taken("link", not is_new, link.url)


def take_text(
    workspace: Workspace, text: SharedText, *, now: datetime, world: World | None = None
) -> Taken:
    """Write a text into the inbox, unless it is there already.

    While another run holds the workspace, only its very text is compared, and the catalogue hears
    of it from the file.

    Args:
        workspace: Whose inbox it is.
        text: As it was sent.
        now: Aware.
        world: What tests replace of the network, which is not asked.

    Raises:
        SourceError: There is no article in it.
        StoreError: It cannot be written.
    """
    item = _item(text)
    mark = f"-{item.key}"
    for path in sorted(workspace.articles.glob(f"**/*{mark}.*")):
        return Taken("article", is_known=True, place=path.relative_to(workspace.root).as_posix())
    here = f"articles/{now:%Y-%m-%d}-{slug(_named(text), limit=60)}{mark}{_SUFFIXES[text.kind]}"
    settings = links_source(workspace)
    with client_for(workspace, world) as client:
        incoming = Receiver(workspace, client).receive(settings, item, here, Marks())
    try:
        with (
            locked(workspace.cache / "lock"),
            Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue,
        ):
            return _keep(workspace, catalogue, item, incoming, now)
    except LockedError:
        path = workspace.root / here
        make_folder(path.parent)
        atomic_write(path, incoming.raw)
        return Taken("article", is_known=False, place=here)


def _keep(
    workspace: Workspace, catalogue: Catalogue, item: Item, incoming: Incoming, now: datetime
) -> Taken:
    """Keep a text as `fetch` does: a copy of what is there is none, a fuller one replaces it."""
    settings, tally = links_source(workspace), Tally()
    texts = Texts(catalogue, since=now - _COMPARED)
    keeper = Keeper(workspace, catalogue, Offers(workspace, catalogue, force=False), texts, now)
    # Without its address, so that its page, shared as a link, does not take the text's place.
    offered = Offered(settings.name, item.key, "", item.key, outlet=item.outlet or "")
    keeper.keep(settings, item, incoming, offered, "", tally)
    kept = catalogue.taken(settings.name, item.key, "")
    place = (kept.locator or kept.copy_of) if kept is not None else incoming.locator
    return Taken("article", is_known=not (tally.new or tally.updated), place=place)


def _item(text: SharedText) -> Item:
    """Return a text as sources offer articles; its key is made of what it says."""
    title = " ".join(text.title.split())[:_MOST_TITLE]
    url = web_address(text.url)
    if text.url and url is None:
        raise SourceError(
            "the address is none of a page", text.url[:200], remedy="send http:// or https://"
        )
    words = " ".join(text.text.split()).encode("utf-8", "replace")
    key = sha256(words).hexdigest()[:_MARK_LETTERS]
    content = Content(text.kind, text.text)
    return Item(key, url, title or None, content=content)


def _named(text: SharedText) -> str:
    """Return what a file is called after."""
    first = next(iter(text.text.split("\n", 1)), "") if text.kind is ContentKind.TEXT else ""
    return text.title.strip() or first.strip() or "shared"


class Sharing:
    """Keeps what is shared, and has shared addresses fetched, one run after another.

    Args:
        root: The workspace; its settings are read again for everything that comes.
        now: Gives the time, aware.
        report: Told what a fetch failed at; the address stays listed, and the next one tries again.
        fetched: Told what became of the list.
        world: What tests replace of the network.
    """

    def __init__(
        self,
        root: Path,
        *,
        now: Callable[[], datetime],
        report: Callable[[AudiobriefError], None],
        fetched: Callable[[SourceOutcome], None],
        world: World | None = None,
    ) -> None:
        self._root = root
        self._now = now
        self._report = report
        self._fetched = fetched
        self._world = world
        #: True: there is something to fetch; False: the end.
        self._wishes: SimpleQueue[bool] = SimpleQueue()
        self._worker = Thread(target=self._work, daemon=True, name="share")
        self._worker.start()

    def take_link(self, link: SharedLink) -> Taken:
        """Keep an address, and have it fetched soon."""
        taken = take_link(load_workspace(self._root), link)
        self._wishes.put(True)
        return taken

    def take_text(self, text: SharedText) -> Taken:
        """Keep a text."""
        workspace = load_workspace(self._root)
        return take_text(workspace, text, now=self._now(), world=self._world)

    def close(self, *, patience_s: float = 5.0) -> None:
        """End; a fetch under way has some seconds, and is taken up by the next one else."""
        self._wishes.put(False)
        self._worker.join(patience_s)

    def _work(self) -> None:
        wish: bool | None = self._wishes.get()
        while wish is not False:
            is_done = self._attempt()
            wish = self._next(None if is_done else _LOCK_S)

    def _next(self, patience_s: float | None) -> bool:
        """Return the next wish, all that came together as one; after some time, another try."""
        try:
            wish = self._wishes.get(timeout=patience_s)
            while wish and not self._wishes.empty():
                wish = self._wishes.get()
        except Empty:
            return True
        return wish

    def _attempt(self) -> bool:
        """Fetch the list; say whether it was, or another run holds the workspace."""
        try:
            workspace = load_workspace(self._root)
            name = links_source(workspace).name
            report = fetch(workspace, now=self._now(), only=[name], world=self._world)
        except LockedError:
            return False
        except AudiobriefError as error:
            self._report(error)
        except Exception as error:  # noqa: BLE001 - a defect costs one fetch, not the server
            self._report(defect(error))
        else:
            for outcome in report.sources:
                self._fetched(outcome)
                if outcome.error is not None:
                    self._report(outcome.error)
        return True
