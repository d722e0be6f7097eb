"""A request as the parts of this room see it, made of what the server hands over (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


#: What may be a token, or a part of one, wherever in a path somebody has put it.
_SECRET = re.compile(r"[0-9A-Fa-f]{32}")
#: Percent signs that were encoded themselves, and these again.
_MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """A request without its body."""

    method: str
    #: As it was sent, percent-encoded, without its query.
    target: str
    #: Of the path, decoded; the last one is empty where it ends in a slash.
    segments: tuple[str, ...]
    #: Names in lower case; what was sent several times is one list.
    headers: Mapping[str, str]
    #: Host and port as asked for; empty: HTTP/1.0 needs none.
    authority: str
    version: str
    #: The address of whoever asks; empty: unknown.
    client: str


def request_of(scope: Mapping[str, Any], *, prefix: str = "") -> Request:
    """Return the request of an ASGI scope.

    Args:
        scope: Of type ``http``.
        prefix: Path of the public address, without its closing slash: taken off where it is there.
    """
    target = scope["raw_path"].decode("latin-1")
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    authority = headers.get("host", "")
    if target[:7].lower() == "http://" or target[:8].lower() == "https://":
        # RFC 9112, 3.2.2: the absolute form wins over the Host header.
        authority, target = _split(target)
    path = target
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        path = path[len(prefix) :] or "/"
    client = scope.get("client")
    return Request(
        method=scope["method"],
        target=target,
        segments=_segments(path),
        headers=headers,
        authority=authority,
        version=scope["http_version"],
        client=client[0] if client else "",
    )


def _split(target: str) -> tuple[str, str]:
    try:
        parts = urlsplit(target)
    except ValueError:
        return "", "/\0"
    return parts.netloc, parts.path or "/"


def _segments(path: str) -> tuple[str, ...]:
    """Return the segments of a path; a slash that was encoded stays within its segment."""
    first, *segments = path.split("/")
    if first or not segments:
        # Neither a path nor an address: nothing has this name.
        return "", path
    return tuple(unquote_to_bytes(each).decode("utf-8", "replace") for each in segments)


def without_tokens(target: str) -> str:
    """Return a path as it may be shown: tokens of listeners are left out.

    >>> without_tokens("/l/6f1c/feed.xml"), without_tokens("/feed.xml")
    ('/l/***/feed.xml', '/feed.xml')
    """
    written = target.split("/")
    read = [_decoded(part) for part in written]
    hidden = [
        before.lower() == "l" or _SECRET.search(part) is not None
        for before, part in zip(["", *read], read, strict=False)
    ]
    return "/".join(
        "***" if is_hidden else part for part, is_hidden in zip(written, hidden, strict=True)
    )


def _decoded(part: str) -> str:
    for _ in range(_MOST_ROUNDS):
        part = unquote(part)
    return part
