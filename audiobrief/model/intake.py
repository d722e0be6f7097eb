"""What sources offer, before anybody has decided to take it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class ContentKind(StrEnum):
    """How the content of an item is written."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Content:
    """The text of an item, as its source has it."""

    kind: ContentKind
    text: str
    #: Whole, or only a teaser of what lies behind the item's address.
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """An article that a source offers, or where it is."""

    #: What the source itself calls it (a feed's guid, a message id), else its address; never empty.
    key: str
    #: Where the article is; ``None``: it has no address (a newsletter), and its content is here.
    url: str | None
    title: str | None = None
    #: Aware, UTC.
    published: datetime | None = None
    #: Aware, UTC: when the source last changed it.
    updated: datetime | None = None
    byline: str | None = None
    outlet: str | None = None
    #: RFC 5646.
    language: str | None = None
    tags: tuple[str, ...] = ()
    #: The source says that it was read, or put into its archive.
    is_read: bool = False
    content: Content | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody could take."""
        if not self.key:
            message = "an item has a key"
            raise ValueError(message)
        if self.url is None and self.content is None:
            message = "an item has an address or content"
            raise ValueError(message)
        if any(
            moment is not None and moment.tzinfo is None
            for moment in (self.published, self.updated)
        ):
            message = "moments are aware"
            raise ValueError(message)
