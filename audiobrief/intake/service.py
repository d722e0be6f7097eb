"""What the servers of read-later services have in common: addresses, JSON, refused access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from audiobrief.errors import SourceError
from audiobrief.intake.address import web_address
from audiobrief.intake.json_text import parse_json
from audiobrief.intake.seam import body_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.intake.seam import Fetched

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
