"""Where things are on the web: absolute, ASCII, percent-encoded (feed rule F9, pure)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

FEED_FILE = "feed.xml"
PAGE_FILE = "index.html"

# RFC 3986: reserved characters and the percent sign of what is encoded already stay.
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"


# The base URL is asked for eight times an episode: a feed of 1,000 takes 0.4 s, without 0.9 s.
@lru_cache(maxsize=256)
def web_address(url: str | None) -> str | None:
    """Return a URL as a feed may carry it, or ``None`` for what is no http(s) URL.

    >>> web_address("https://example.org/café?q=a b")
    'https://example.org/caf%C3%A9?q=a%20b'
    >>> web_address("https://müller.example:8080/")
    'https://xn--mller-kva.example:8080/'
    >>> web_address("javascript:alert(1)") is None
    True
    """
    try:
        parts = urlsplit(printable_line(url or ""))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = _ascii_host(parts.hostname)
    if host is None:
        return None
    # Credentials before an @ are left behind: a feed is public.
    return urlunsplit(
        (
            parts.scheme,
            host if port is None else f"{host}:{port}",
            quote(parts.path, safe=_PATH_SAFE),
            quote(parts.query, safe=_QUERY_SAFE),
            quote(parts.fragment, safe=_QUERY_SAFE),
        )
    )


def _ascii_host(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]"
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_host if all(c.isalnum() or c in "-._" for c in ascii_host) else None


def show_address(show: Show, file: str = "") -> str:
    """Return the public URL of a file directly below ``episodes/``.

    Raises:
        ValueError: The show's base URL is no http(s) URL; the settings are checked before.
    """
    base = web_address(show.base_url)
    if base is None:
        message = f"no http(s) URL: {show.base_url!r}"
        raise ValueError(message)
    return f"{base.rstrip('/')}/{quote(file)}"


def cover_address(show: Show, episode: Episode | Card | None = None) -> str:
    """Return the public URL of the show's cover, or of an episode's own.

    Raises:
        ValueError: Apps know neither .jpg nor .png in it (feed rule F7): feedgen 1.0.0 would leave
            the show's out in silence.
    """
    file = show.cover_file if episode is None else episode.cover_file
    if not file.endswith((".jpg", ".png")):
        message = f"a cover's name ends in .jpg or .png: {file}"
        raise ValueError(message)
    return show_address(show, file) if episode is None else episode_address(show, episode, file)


def episode_address(show: Show, episode: Episode | Card, file: str) -> str:
    """Return the public URL of a file of an episode.

    Raises:
        ValueError: The show's base URL is no http(s) URL; the settings are checked before.
    """
    return f"{show_address(show, episode.directory)}/{quote(file)}"
