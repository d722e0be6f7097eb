"""What this room asks of others (the network, a mail connection), and what it hands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from audiobrief.errors import SourceError

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from audiobrief.model.intake import Item


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier answer said of its version, so that an unchanged one is not sent again."""

    etag: str | None = None
    last_modified: str | None = None
    #: Whose version it is, after redirects: another address has other versions.
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered, whatever its status."""

    #: Where it was found in the end, after redirects.
    url: str
    #: ``None``: unchanged since what was known (304).
    body: bytes | None
    status: int = 200
    #: As in ``Content-Type``, without parameters, in lower case; empty: not told.
    content_type: str = ""
    #: The parameter of ``Content-Type``.
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Wanted(StrEnum):
    """What is asked for: how much is taken, and as which kinds of content."""

    #: A feed, a list of feeds, or a page that names one.
    FEED = "feed"
    #: What a service answers to programs.
    JSON = "json"
    #: An article that a service has kept, as HTML.
    PAGE = "page"


class Fetch(Protocol):
    """Gets addresses, within bounds of time and size, and only where it is allowed to go.

    Both return the answer of any status, so that a refused token can be told from a broken server;
    redirects are followed before. Where no whole answer comes about, they raise an
    ``AudiobriefError``.
    """

    def get(
        self,
        url: str,
        *,
        wanted: Wanted,
        known: Known | None = None,
        secrets: Mapping[str, str] | None = None,
        found_on: str | None = None,
    ) -> Fetched:
        """Return what is at an address; a body of ``None`` means that it is still what is known.

        Args:
            url: http or https.
            wanted: What is taken.
            known: What is known of an earlier answer.
            secrets: Headers for the origin of ``url`` alone.
            found_on: The document from elsewhere that has this link; ``None``: the user gave it.
        """

    def post(self, url: str, *, form: Mapping[str, str]) -> Fetched:
        """Send the fields of a form, some of them secrets, and return the JSON that is answered."""


class Connect(Protocol):
    """Connects to a mail server, encrypted, and only where it is allowed to go."""

    def __call__(self, host: str, port: int, *, timeout_s: float) -> socket.socket:
        """Return a connected socket on which TLS is ready.

        Raises:
            OSError: There is no connection, or the certificate is wrong.
        """


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source offers now, and what it is to be given next time."""

    items: tuple[Item, ...]
    #: Opaque to the caller, who keeps it. Never a secret.
    known: Mapping[str, str] = field(default_factory=dict)
    #: What could not be read, and what was left out, in words for the user.
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """Something that offers articles."""

    @property
    def name(self) -> str:
        """Return what it is called in messages."""

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:
        """Return what the source offers.

        Args:
            fetch: The network.
            known: ``Listing.known`` of the last call that succeeded; empty: there was none.

        Raises:
            SourceError: The source cannot be read. A part of it is never returned as the whole:
                what is missing stands in the notes.
        """


def body_of(fetched: Fetched) -> bytes:
    """Return the body of an answer that is to have one.

    Raises:
        SourceError: The server has not answered with what was asked for.
    """
    status = fetched.status
    if 200 <= status < 300 and fetched.body is not None:
        return fetched.body
    if status in {401, 403, 407}:
        problem, remedy = "the server refuses access", "check whether it needs an account"
    elif status in {404, 410}:
        problem, remedy = "the server has nothing at this address", "check the address"
    elif status == 429:
        problem, remedy = "the server wants fewer requests", "try again later"
    elif status >= 500:
        problem, remedy = "the server is out of order", "try again later"
    else:
        problem, remedy = "the server gives no answer that can be used", "check the address"
    raise SourceError(f"{problem} (HTTP {status})", fetched.url, remedy=remedy)
