"""What the client touches: names, sockets, clocks, authorities. Tests bring their own."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host in the order in which the system would try them.

    Raises:
        OSError: There is no such host, or nobody to ask.
        UnicodeError: No host can have this name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """Return a connection to an address, which is never a name."""
    connection = socket.create_connection((address, port), timeout_s)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def trust() -> ssl.SSLContext:
    """Return whom is believed: the system's authorities (``SSL_CERT_FILE``) and certifi's.

    Both, since Python for macOS comes without the system's, and companies are not in certifi's.
    """
    import certifi  # noqa: PLC0415 - read only when there is something to encrypt

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def now() -> datetime:
    """Return the time of day, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class World:
    """The client's seams."""

    #: Host, port -> addresses.
    resolve: Callable[[str, int], Sequence[str]] = look_up
    #: Address, port, seconds -> connected socket.
    connect: Callable[[str, int, float], socket.socket] = connect
    #: Seconds that never go back.
    clock: Callable[[], float] = monotonic
    #: Aware, UTC.
    now: Callable[[], datetime] = now
    wait: Callable[[float], None] = sleep
    trust: Callable[[], ssl.SSLContext] = trust
