"""A connection whose every wait ends with the request's deadline."""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING, Any

import httpcore

from audiobrief.net.allowance import current
from audiobrief.net.fault import PassingFault, cause_of, of_handshake

if TYPE_CHECKING:
    import socket
    import ssl

_WRITE_BYTES = 65_536


class Stream(httpcore.NetworkStream):
    """A socket as httpcore uses it. httpcore's own waits so long for each read, not for all."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - ours counts
        """Return what has come; nothing: the other side has ended.

        Raises:
            Fault: The time is over, the headers have no end, or the connection broke off.
        """
        allowance = current()
        self._socket.settimeout(allowance.before_reading())
        try:
            received = self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise allowance.deadline.fault() from error
        except OSError as error:
            raise PassingFault(f"the connection broke off: {cause_of(error)}") from error
        allowance.count(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - ours counts
        """Send everything.

        Raises:
            PassingFault: The time is over.
            httpcore.WriteError: The other side has ended; it may have answered before.
        """
        deadline = current().deadline
        for start in range(0, len(buffer), _WRITE_BYTES):
            self._socket.settimeout(deadline.left_s())
            try:
                self._socket.sendall(buffer[start : start + _WRITE_BYTES])
            except TimeoutError as error:
                raise deadline.fault() from error
            except OSError as error:
                raise httpcore.WriteError(cause_of(error)) from error

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - ours counts
    ) -> httpcore.NetworkStream:
        """Return the encrypted connection, if the other side proves to have the name.

        Raises:
            Fault: It does not, or the time is over.
        """
        deadline = current().deadline
        try:
            self._socket.settimeout(deadline.left_s())
            encrypted = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise deadline.fault() from error
        except OSError as error:
            self.close()
            raise of_handshake(error) from error
        return Stream(encrypted)

    def get_extra_info(self, info: str) -> Any:
        """Tell whether an idle connection has something to read: its end."""
        return self._is_readable() if info == "is_readable" else None

    def _is_readable(self) -> bool:
        if self._socket.fileno() < 0:
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(timeout=0))
