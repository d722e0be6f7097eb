"""What an offer of a source is to what came in before: known, a correction, or to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.pipeline.inbox import file_of
from audiobrief.pipeline.incoming import mark_of

if TYPE_CHECKING:
    from audiobrief.model.intake import Item
    from audiobrief.pipeline.incoming import Incoming
    from audiobrief.pipeline.texts import Copy
    from audiobrief.store.catalogue import Catalogue, Taken
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings


@dataclass(frozen=True, slots=True)
class Offers:
    """Judges offers by the catalogue and the files of the inbox; writes nothing.

    Args:
        workspace: Whose inbox it is.
        catalogue: Of the inbox.
        force: Whether pages that were no article are looked at again.
    """

    workspace: Workspace
    catalogue: Catalogue
    force: bool

    def place(self, item: Item, address: str, own: Taken | None) -> str:
        """Return where an item's file lies, also if it was moved; empty: nowhere."""
        if own is not None and own.locator and self.catalogue.entry(own.locator):
            return own.locator
        found = self.catalogue.locator_of(address)
        if not found and (own is None or not own.copy_of):
            found = self.catalogue.locator_named(mark_of(item))
        return file_of(found)

    def settled(self, taken: Taken, item: Item, before: Taken | None, here: str) -> Taken | None:
        """Return what to note of an item that need not be asked for; ``None``: it must be."""
        own = before if before is not None and before.source == taken.source else None
        if own is not None and own.digest == taken.digest:
            return None if own.is_refused and self.force else own
        if own is not None and own.locator:
            if not here:  # somebody has taken it out
                return replace(own, digest=taken.digest)
            is_outdated = self._is_outdated(here, taken, item)
            return replace(own, digest=taken.digest) if is_outdated else None
        if here:
            # Another source has brought the same page, or the catalogue was lost.
            return replace(taken, locator=here, written=self._digest(here))
        if own is None and before is not None and before.digest:
            has_text = item.content is not None and item.content.is_whole
            if not (before.is_refused and (has_text or self.force)):
                return replace(taken, locator=before.locator, copy_of=before.copy_of)
        return None

    def _is_outdated(self, here: str, taken: Taken, item: Item) -> bool:
        """Tell whether the place of an item was taken by a later version at another address."""
        entry = self.catalogue.entry(here)
        if entry is None or entry.address in {"", taken.address}:
            return False
        return (
            entry.published is None or item.published is None or (item.published <= entry.published)
        )

    def is_edited(self, here: str, own: Taken | None = None) -> bool:
        """Tell whether somebody has changed a file since it was written.

        Args:
            here: The file.
            own: The offer that it was made of, which may know it by the place where it was.
        """
        offers = (*self.catalogue.offers_of(here), *([own] if own else []))
        written = {offer.written for offer in offers} - {""}
        return bool(written) and self._digest(here) not in written

    def _digest(self, here: str) -> str:
        return sha256((self.workspace.root / here).read_bytes()).hexdigest()

    def replaces(
        self, settings: SourceSettings, item: Item, copy: Copy, incoming: Incoming
    ) -> bool:
        """Tell whether a text takes the place of the one that it is a copy of."""
        if copy.locator.rpartition(".")[2] != incoming.locator.rpartition(".")[2]:
            return False
        own = self.catalogue.entry(copy.locator)
        offers = self.catalogue.offers_of(copy.locator)
        # What no source has written is somebody's own.
        if own is None or not offers or self.is_edited(copy.locator):
            return False
        is_later = (
            item.published is not None
            and own.published is not None
            and item.published > own.published
        )
        # A correction under a new address; or the whole of what was a part.
        return copy.is_fuller or (copy.is_update and own.source == settings.name and is_later)
