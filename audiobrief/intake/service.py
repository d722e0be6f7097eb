"""What the servers of read-later services have in common: addresses, pages, JSON, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from audiobrief.errors import SourceError
from audiobrief.intake.address import web_address
from audiobrief.intake.json_text import parse_json
from audiobrief.intake.seam import body_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobrief.intake.seam import Fetched

#: A thousand entries, the most of the settings, are 34 pages of Wallabag.
MOST_PAGES: Final = 50
_HERE: Final = frozenset(["localhost", "127.0.0.1", "::1"])


def endpoint(base_url: str, path: str, parameters: Mapping[str, object] | None = None) -> str:
    """Return the address of a server's function.

    Args:
        base_url: Where the server is, also below a path.
        path: Begins with a slash.
        parameters: ``None`` is left out.

    Raises:
        SourceError: The base is no web address.

    >>> endpoint("https://example.org/bag/", "/api/entries", {"page": 2, "starred": None})
    'https://example.org/bag/api/entries?page=2'
    """
    base = web_address(base_url)
    if base is None or "?" in base or "#" in base:
        raise SourceError(
            "this is no address of a server", base_url, remedy="give it like https://example.org"
        )
    query = urlencode({k: v for k, v in (parameters or {}).items() if v is not None})
    return f"{base.rstrip('/')}{path}{'?' if query else ''}{query}"


class Pages:
    """What a server gives page by page, each entry once.

    A server is believed neither that there are more pages nor that a page is a new one: the first
    that has nothing new is the last, and after ``most`` entries or ``MOST_PAGES`` there is none.

    Args:
        most: Entries.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[str, dict[str, Any]] = {}
        #: Entries in all pages, to be asked for behind them.
        self.received = 0
        self._count = 0
        self._is_over = False

    @property
    def wants_more(self) -> bool:
        """Another page is worth asking for."""
        return not self._is_over and len(self._found) <= self._most and self._count < MOST_PAGES

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What is wanted of it, in the order of the pages."""
        return list(self._found.values())[: self._most]

    @property
    def is_cut(self) -> bool:
        """There are more entries than that, or may be."""
        return len(self._found) > self._most or (self._count >= MOST_PAGES and not self._is_over)

    def add(self, page: Sequence[Any], *, is_last: bool) -> None:
        """Take a page.

        Args:
            page: What the server has sent; what is no object is no entry.
            is_last: By what the server says.
        """
        before = len(self._found)
        for entry in page:
            if isinstance(entry, dict):
                # What has no number of its own is another one each time.
                self._found.setdefault(str(entry.get("id", entry)), entry)
        self.received += len(page)
        self._count += 1
        self._is_over = is_last or len(self._found) == before


def json_of(fetched: Fetched) -> Any:
    """Return what a server has answered.

    Raises:
        SourceError: It has refused, failed, or answered something else than JSON.
    """
    return parse_json(body_of(fetched), fetched.url, charset=fetched.charset)


def notes_on_secrecy(base_url: str) -> tuple[str, ...]:
    """Return a note where the password or token is sent for everybody on the way to read."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname in _HERE:
        return ()
    return (f"{base_url} is asked without encryption: others can read the password on its way",)


def wrong_answer(url: str) -> SourceError:
    """Return the error for JSON that is not what the service answers."""
    return SourceError(
        "the server answers something else than this service does",
        url,
        remedy="check the address: it is that of the server, without /api",
    )
