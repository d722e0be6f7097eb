"""Addresses that can be shown: without logins and tokens (pure)."""

from __future__ import annotations

import re

_MOST_SHOWN = 300

#: Names of query fields whose value may open something.
_SECRET_NAME = re.compile(
    r"access|api|auth|code|cred|hash|jwt|key|login|mail|otp|pass|private|pwd|secret|session|sid"
    r"|sig|token|user",
    re.IGNORECASE,
)
#: Letters and digits without order, as tokens are; titles in addresses have no digits or blanks.
_TOKEN = re.compile(r"\A(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_.~+/=%-]{16,}")
#: A part of a path: private feeds have their token there. Dates and words are left alone.
_PATH_TOKEN = re.compile(
    r"(?<=/)([0-9a-fA-F]{4})(?:[0-9a-fA-F-]{24,})(?=[/.]|$)"
    r"|(?<=/)([A-Za-z0-9_]{4})(?=[A-Za-z_]*[0-9])[A-Za-z0-9_]{24,}(?=[/.]|$)"
)
_AUTHORITY = re.compile(r"^([^:/?#]*:)?//([^/?#]*)")


def redact(url: str) -> str:
    """Return an address for people to read, whether or not it is well formed.

    >>> redact("https://me:secret@news.example/feed?page=2&token=abc#top")
    'https://***@news.example/feed?page=2&token=***'
    """
    url = _without_login(url[:4000])
    head, mark, query = url.partition("#")[0].partition("?")
    head = _PATH_TOKEN.sub(lambda found: f"{found[1] or found[2]}***", head)
    shown = head + mark + "&".join(_without_secret(field) for field in query.split("&"))
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"


def _without_login(url: str) -> str:
    """Hide name and password, also where the password has a character that ends the host."""
    found = _AUTHORITY.match(url)
    if found is None:
        return url
    scheme, authority = found[1] or "", found[2]
    login, at, host = authority.rpartition("@")
    port = authority.rpartition(":")[2] if ":" in authority else ""
    if login or at:
        return f"{scheme}//***@{host}{url[found.end() :]}"
    if port and not port.isdecimal() and not authority.endswith("]"):
        return f"{scheme}//***"
    return url


def _without_secret(field: str) -> str:
    name, mark, value = field.partition("=")
    if not mark:
        return "***" if _TOKEN.fullmatch(name) else name
    is_secret = value and (_SECRET_NAME.search(name) or _TOKEN.fullmatch(value))
    return f"{name}=***" if is_secret else field
