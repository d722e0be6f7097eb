"""What is asked of the network, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from audiobrief.net.redact import redact

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What makes the next request for the same address a question whether it has changed.

    It is sent to ``url`` alone: after a move to another address, the marks of the old one could
    hide for ever what the new one has.
    """

    etag: str | None = None
    last_modified: str | None = None
    #: Where the marks come from; ``None``: wherever they are shown.
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What is taken as an answer."""

    #: Media types, ``*`` for any letters; an answer that names no type is taken.
    kinds: tuple[str, ...]
    #: Of the body, decoded.
    most_bytes: int = 10_000_000
    #: Whether the host's robots.txt is asked first.
    heeds_robots: bool = False
    #: A longer body is cut, not refused.
    is_cut: bool = False

    def takes(self, kind: str | None) -> bool:
        """Tell whether a media type, in lower case, is taken.

        >>> FEED.takes("application/atom+xml"), FEED.takes("image/png")
        (True, False)
        """
        return not kind or any(fnmatchcase(kind, known) for known in self.kinds)

    @property
    def accept(self) -> str:
        """The header that tells the host what is taken."""
        return ", ".join((*self.kinds, "*/*;q=0.1")) if "*/*" not in self.kinds else "*/*"


_MARKUP = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")

#: An article, whoever links to it.
PAGE = Limit(
    (
        *_MARKUP,
        "text/plain",
        "text/markdown",
        "application/pdf",
        "application/epub+zip",
    ),
    heeds_robots=True,
)

#: A feed or a list of feeds. The user has named it, so robots.txt, which is for crawlers that
#: follow links, is not asked. Many come as something else than they are.
FEED = Limit(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        *_MARKUP,
        "application/*+xml",
        "application/json",
        "text/x-opml",
        "text/plain",
        "application/octet-stream",
    ),
    most_bytes=20_000_000,
)

#: A service that the user has an account with.
API = Limit(("application/json", "application/*+json", "text/json"), most_bytes=20_000_000)

#: RFC 9309, 2.5: at least the first 500 KiB count.
ROBOTS = Limit(("*/*",), most_bytes=512_000, is_cut=True)


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What an address gave."""

    #: After all redirects, without a fragment.
    url: str
    #: Decoded; ``None``: unchanged since ``known``.
    body: bytes | None
    #: Media type in lower case, without parameters; ``None``: the host named none.
    content_type: str | None
    #: As Python calls it, where the host named one that Python has; never UTF-7.
    charset: str | None
    #: For the next request.
    known: Known
    #: Aware, UTC: until then, the host says, nothing will have changed; at most a day ahead.
    not_before: datetime | None = None

    def __repr__(self) -> str:
        """Show neither what may be secret in the address nor the body."""
        size = "unchanged" if self.body is None else f"{len(self.body)} bytes"
        return f"Answer({redact(self.url)!r}, {self.content_type!r}, {size})"
