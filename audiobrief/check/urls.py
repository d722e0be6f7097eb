"""Addresses in feeds (pure)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

#: Nearly all: a plain host, and nothing that would have to be encoded.
_PLAIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*)?")
#: RFC 3986, appendix B.
_PARTS = re.compile(r"(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)")
_NOT_ENCODED = re.compile(r"[\s<>\"{}|\\^`]")


def split_url(url: str) -> SplitResult | None:
    """Return the parts of an address; ``None``: it has none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def path_of(url: str) -> str:
    """Return the path of an address, still encoded.

    >>> path_of("https://a.example/b/c.mp3?d=e"), path_of("c.mp3")
    ('/b/c.mp3', 'c.mp3')
    """
    found = _PARTS.match(url)
    return found[1] if found else ""


def host_of(url: str) -> str:
    """Return host and port of an address as they are written; empty: it has none.

    >>> host_of("https://a.example:8000/b"), host_of("c.mp3")
    ('a.example:8000', '')
    """
    found = re.match(r"(?:[^:/?#]+:)?//([^/?#]*)", url)
    return found[1] if found else ""


def is_absolute(url: str) -> bool:
    """Return whether a URL is what feed rule F9 asks for.

    >>> [is_absolute(url) for url in ("https://a.example/b%20c", "/b", "https://a.example/b c")]
    [True, False, False]
    """
    if _PLAIN.fullmatch(url):
        return True
    if not url.isascii() or not url.isprintable() or _NOT_ENCODED.search(url):
        return False
    parts = split_url(url)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_at_home(url: str) -> bool:
    """Return whether an address is on this machine, where nobody has certificates.

    >>> is_at_home("http://localhost:8000/feed.xml"), is_at_home("http://example.org/")
    (True, False)
    """
    parts = split_url(url)
    host = (parts.hostname or "") if parts else ""
    return host in {"localhost", "::1"} or host.startswith("127.") or host.endswith(".localhost")
