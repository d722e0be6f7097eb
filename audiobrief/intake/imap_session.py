"""A conversation with a mail server that has an end: by time, and by size.

``imaplib`` waits for each read alone, so that a server that sends a byte a second holds it for
ever, and takes as many bytes as it is told. What its documentation lets be replaced is replaced.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.intake.seam import Connect

#: The list of all mails in a folder is one line: seven characters for each.
_MOST_LINE_BYTES: Final = 2_000_000
_READ_BYTES: Final = 65_536


class ImapSession(imaplib.IMAP4):
    """A session of IMAP4rev1 over a connection that somebody else has made.

    Args:
        host: Name of the server.
        port: 993 for TLS.
        connect: Makes the connection.
        limit_s: For everything, until the last byte.
        most_bytes: So large may what is fetched at once be.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        host: str,
        port: int,
        connect: Connect,
        *,
        limit_s: float,
        most_bytes: int,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._make = connect
        self._clock = clock
        self._until_s = clock() + limit_s
        self._most_bytes = most_bytes
        self._received = bytearray()
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 993, timeout: float | None = None) -> None:
        """Connect; called by imaplib."""
        left_s = self._left_s()
        self.host, self.port = host, port
        self.sock = self._make(host, port, timeout_s=min(left_s, timeout or left_s))

    def read(self, size: int) -> bytes:
        """Return so many bytes; called by imaplib."""
        if size > self._most_bytes:
            raise self.error(f"the server wants to send {size} bytes at once")
        while len(self._received) < size:
            self._receive()
        return self._taken(size)

    def readline(self) -> bytes:
        """Return a line with its end; called by imaplib."""
        looked = 0
        while (end := self._received.find(b"\n", looked)) < 0:
            looked = len(self._received)
            if looked > _MOST_LINE_BYTES:
                raise self.error(f"the server sends a line of more than {_MOST_LINE_BYTES} bytes")
            self._receive()
        return self._taken(end + 1)

    def send(self, data: Any) -> None:
        """Send bytes; called by imaplib."""
        self.sock.settimeout(self._left_s())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the connection; called by imaplib."""
        # The server may have closed it already.
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def _receive(self) -> None:
        self.sock.settimeout(self._left_s())
        piece = self.sock.recv(_READ_BYTES)
        if not piece:
            raise self.abort("the server has closed the connection")
        self._received += piece

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _left_s(self) -> float:
        left_s = self._until_s - self._clock()
        if left_s <= 0:
            raise TimeoutError("the server took too long")
        return left_s


def connect_tls(
    host: str, port: int, *, timeout_s: float, context: ssl.SSLContext | None = None
) -> socket.socket:
    """Connect over TLS to any address; whoever guards addresses gives another ``Connect``.

    Raises:
        OSError: There is no connection, or the certificate is wrong.
    """
    context = context or ssl.create_default_context()
    plain = socket.create_connection((host, port), timeout_s)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def quoted(text: str) -> str:
    r"""Return a name as IMAP's quoted string, other letters as it writes them (RFC 3501, 5.1.3).

    >>> quoted('Read "later" & Übersee')
    '"Read \\"later\\" &- &ANw-bersee"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&-")
    return f'"{re.sub("[^ -~]+", _modified_utf7, escaped)}"'


def _modified_utf7(match: re.Match[str]) -> str:
    coded = b64encode(match[0].encode("utf-16-be", "surrogatepass")).decode("ascii")
    return f"&{coded.rstrip('=').replace('/', ',')}-"
