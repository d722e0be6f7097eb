"""What has come in lies in the inbox: the file first, then what the catalogue says of it.

A file is written whole before the catalogue says that it was taken, and its name depends on what it
is: a kill between the two makes the next run write the same file again, and nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.intake.address import canonical_url
from audiobrief.pipeline.inbox import entry_of
from audiobrief.pipeline.incoming import has_head
from audiobrief.store.files import atomic_write, make_folder, remove_if_there

if TYPE_CHECKING:
    from datetime import datetime

    from audiobrief.model.intake import Item
    from audiobrief.pipeline.incoming import Incoming
    from audiobrief.pipeline.offers import Offers
    from audiobrief.pipeline.tally import Tally
    from audiobrief.pipeline.texts import Texts
    from audiobrief.store.catalogue import Catalogue, Entry, Taken
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings


@dataclass(frozen=True, slots=True)
class Keeper:
    """Writes what has come in, each text once.

    Args:
        workspace: Whose inbox it is.
        catalogue: Of the inbox.
        offers: What judges whether a text takes the place of another.
        texts: What the inbox holds.
        now: Aware.
    """

    workspace: Workspace
    catalogue: Catalogue
    offers: Offers
    texts: Texts
    now: datetime

    def keep(
        self,
        settings: SourceSettings,
        item: Item,
        incoming: Incoming,
        taken: Taken,
        here: str,
        tally: Tally,
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
            copy = self.texts.copy_of(entries[0])
            if copy is not None and not self.offers.replaces(settings, item, copy, incoming):
                self.catalogue.put_taken(replace(taken, copy_of=copy.locator, written=""))
                tally.copies += 1
                return
            if copy is not None:
                here = copy.locator
                replaced = self.catalogue.offers_of(here)
                incoming = replace(incoming, locator=here)
                entries = [replace(entries[0], locator=here)]
        self._write(incoming, here, tally)
        facts = (self.workspace.root / incoming.locator).stat()
        with self.catalogue.at_once():
            for offer in replaced:
                self.catalogue.put_taken(replace(offer, locator="", copy_of=offer.locator))
            for entry in entries:
                self.catalogue.put_entry(
                    replace(entry, size=facts.st_size, mtime_ns=facts.st_mtime_ns)
                )
            self.catalogue.put_taken(replace(taken, locator=incoming.locator))
        for entry in entries:
            self.texts.add(entry)

    def _write(self, incoming: Incoming, here: str, tally: Tally) -> None:
        path = self.workspace.root / incoming.locator
        if path.is_file() and path.read_bytes() == incoming.raw:
            tally.known += 1
            return
        make_folder(path.parent)
        atomic_write(path, incoming.raw)
        (tally.updated if here else tally.new).append(incoming.locator)
        if here and here != incoming.locator:
            # It is of another kind now. Killed before this, the next run comes here again.
            remove_if_there(self.workspace.root / here)
            self.catalogue.forget_entry(here)

    def _entries(self, settings: SourceSettings, item: Item, incoming: Incoming) -> list[Entry]:
        """Return what the catalogue says of a file; what the file cannot say itself, it does."""
        entries = [entry_of(article, (0, 0), self.now) for article in incoming.articles]
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
