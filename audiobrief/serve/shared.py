"""What people share, and what becomes of it: the seam between the inbox route and who keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from audiobrief.model.intake import ContentKind


@dataclass(frozen=True, slots=True)
class SharedLink:
    """An address, as it was sent."""

    url: str


@dataclass(frozen=True, slots=True)
class SharedText:
    """An article, as it was sent."""

    text: str
    kind: ContentKind
    title: str = ""
    #: Where it is from; empty: not told.
    url: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it; it is on the disk."""

    what: Literal["link", "article"]
    #: It was there before.
    is_known: bool
    #: The address of a link, the file of an article.
    place: str


class Inbox(Protocol):
    """Keeps what is shared. Called by one thread at a time, and durable when it returns."""

    def take_link(self, link: SharedLink) -> Taken:
        """Keep an address.

        Raises:
            SourceError: It is none that could be asked.
            StoreError: It could not be written.
        """
        ...

    def take_text(self, text: SharedText) -> Taken:
        """Keep an article.

        Raises:
            SourceError: It is no article.
            StoreError: It could not be written.
        """
        ...
