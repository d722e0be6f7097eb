"""One POST after another to one server, over a connection that stays open.

``http.client`` is enough for that: it verifies certificates, tells connecting from reading, and
lets another thread end a request by shutting its socket. It follows no redirect, so that neither
key nor text ever goes to a host that the profile does not name.
"""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from audiobrief.speak.tls_complaint import find_distrust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPResponse

    from audiobrief.speak.tls_complaint import Distrust

#: What a server that sends for ever is cut off at. The longest clip, 4,096 characters at 80 words a
#: minute, is below: 12 minutes at 48 kHz, stereo, 16 bit have 138 MB, and servers send less.
_MOST_BYTES = 150_000_000

_READ_BYTES = 65_536


class HttpFault(Exception):  # noqa: N818 - it may be mended by asking again, it is no error yet
    """No whole answer came: no connection, a stall, a reset, a body cut off."""


class UnreachableFault(HttpFault):
    """Not even a connection came about."""


class UntrustedServerError(Exception):
    """The server cannot prove that it is the one in the address; asking again changes nothing."""

    def __init__(self, distrust: Distrust) -> None:
        super().__init__(distrust.reason)
        self.distrust = distrust


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each phase of a request may take."""

    #: Until there is a connection, encrypted or not.
    connect_s: float = 10.0
    #: Without a byte, once the answer has begun.
    stall_s: float = 30.0
    #: For any answer, on top of the share of its length.
    overhead_s: float = 30.0
    #: Slowest synthesis that is waited for, as a multiple of real time.
    slowest: float = 0.5

    def answer_s(self, longest_s: float) -> float:
        """Return how long a whole request may take whose sound is so long at most."""
        return self.overhead_s + longest_s / self.slowest


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """A connection to one server, made when it is needed; used by one thread at a time.

    Args:
        url: Scheme, host and port count.
        patience: Time limits.
        clock: Seconds that never go back.
    """

    def __init__(
        self, url: str, patience: Patience, clock: Callable[[], float] = monotonic
    ) -> None:
        self._url = urlsplit(url)
        self._patience = patience
        self._clock = clock
        self._http: HTTPConnection | None = None
        #: For a proxy that is asked for whole addresses: what it wants besides; else ``None``.
        self._proxy_fields: dict[str, str] | None = None
        self._socket: socket.socket | None = None
        self._busy = False
        self._closed = False
        # `close` comes from another thread when the user interrupts.
        self._lock = Lock()

    def post(self, path: str, body: bytes, headers: Mapping[str, str], *, limit_s: float) -> Answer:
        """Send a request and return the whole answer, whatever its status.

        Args:
            path: Begins with a slash.
            body: What is sent.
            headers: Besides those that HTTP itself needs.
            limit_s: For everything together, until the last byte of the answer.

        Raises:
            HttpFault: There is no whole answer.
            UntrustedServerError: The certificate is wrong.
        """
        deadline = self._clock() + limit_s
        reused = self._http is not None
        self._busy = True
        try:
            return self._exchange(path, body, headers, deadline)
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            self._drop()
            if not reused or self._closed:
                raise HttpFault(f"the connection was closed: {_cause(error)}") from error
        except (OSError, HTTPException) as error:
            self._drop()
            raise _fault(error) from error
        except BaseException:
            self._drop()
            raise
        finally:
            self._finish()
        # Servers close what has been idle; that is seen only when it is used, and no fault.
        return self.post(path, body, headers, limit_s=deadline - self._clock())

    def _exchange(
        self, path: str, body: bytes, headers: Mapping[str, str], deadline: float
    ) -> Answer:
        http = self._connected()
        extra, address = self._proxy_fields, path
        if extra is not None:
            address = f"http://{self._url.netloc}{path}"
        self._allow(deadline, self._patience.connect_s)
        http.request(
            "POST", address, body, {"Connection": "keep-alive", **headers, **(extra or {})}
        )
        # The first byte comes when the server has spoken everything, which takes its time.
        self._allow(deadline)
        with http.getresponse() as response:
            content = self._read(response, deadline)
            fields = {name.lower(): value for name, value in response.getheaders()}
            stays = not response.will_close
        if not stays:
            self._drop()
        return Answer(response.status, fields, content)

    def _read(self, response: HTTPResponse, deadline: float) -> bytes:
        """Read a body to its end; one that is shorter than announced is a fault."""
        announced = response.length
        content = bytearray()
        while True:
            self._allow(deadline, self._patience.stall_s)
            piece = response.read1(_READ_BYTES)
            if not piece:
                break
            content += piece
            if len(content) > _MOST_BYTES:
                raise HttpFault(f"the answer has no end: {len(content):,} bytes so far")
        if announced is not None and len(content) < announced:
            raise HttpFault(f"the answer was cut off at {len(content):,} of {announced:,} bytes")
        return bytes(content)

    def _allow(self, deadline: float, most_s: float = float("inf")) -> None:
        """Set how long the next step may wait for the network."""
        left_s = deadline - self._clock()
        if left_s <= 0:
            raise TimeoutError
        if self._socket is not None:
            self._socket.settimeout(min(left_s, most_s))

    def _connected(self) -> HTTPConnection:
        if self._http is not None:
            return self._http
        http, self._proxy_fields = _client(self._url, self._patience.connect_s)
        try:
            http.connect()
        except OSError as error:
            if distrust := find_distrust(error):
                raise UntrustedServerError(distrust) from error
            raise UnreachableFault(f"no connection: {_cause(error)}") from error
        with self._lock:
            if self._closed:
                http.close()
                raise HttpFault("the session is closed")
            # Kept here, since http.client forgets the socket while it reads the last answer.
            self._http, self._socket = http, http.sock
        return http

    def _drop(self) -> None:
        with self._lock:
            http, self._http, self._socket = self._http, None, None
        if http is not None:
            http.close()

    def _finish(self) -> None:
        """End a request; who closed the connection meanwhile has left the rest to us."""
        with self._lock:
            self._busy = False
            is_over = self._closed
        if is_over:
            self._drop()

    def close(self) -> None:
        """End the connection; a request in hand fails. From any thread, any number of times."""
        with self._lock:
            self._closed = True
            if self._busy:
                if self._socket is not None:
                    # Closing alone would not wake a thread that waits for a byte.
                    with suppress(OSError):
                        self._socket.shutdown(socket.SHUT_RDWR)
                return
        self._drop()


def _fault(error: Exception) -> HttpFault:
    if isinstance(error, TimeoutError):
        return HttpFault("the answer did not come in time")
    return HttpFault(f"the answer broke off: {_cause(error)}")


def _cause(error: Exception) -> str:
    """Return what the system says of an error; without a path or number, which say nothing."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # What a server sent in place of a status line: on one line, without controls.
    printable = "".join(c if c.isprintable() else " " for c in str(error)[:200])
    return " ".join(printable.split()) or type(error).__name__


def _client(url: SplitResult, connect_s: float) -> tuple[HTTPConnection, dict[str, str] | None]:
    """Return a connection not yet made, and the header fields for a proxy that forwards it."""
    proxy = _proxy(url)
    host, port = url.hostname or "", url.port
    if url.scheme == "http":
        if proxy is None:
            return HTTPConnection(host, port, timeout=connect_s), None
        plain = HTTPConnection(proxy.hostname or "", proxy.port, timeout=connect_s)
        return plain, _proxy_login(proxy)
    context = ssl.create_default_context()
    if proxy is None:
        return HTTPSConnection(host, port, timeout=connect_s, context=context), None
    https = HTTPSConnection(proxy.hostname or "", proxy.port, timeout=connect_s, context=context)
    https.set_tunnel(host, port or 443, _proxy_login(proxy))
    return https, None


def _proxy(url: SplitResult) -> SplitResult | None:
    """Return the proxy that the system's settings name for an address; none for this machine."""
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - lazy: 30 ms

    host = url.hostname or ""
    if host in {"localhost", "::1"} or host.startswith("127.") or proxy_bypass(host):
        return None
    named = getproxies().get(url.scheme)
    return urlsplit(named if "://" in named else f"http://{named}") if named else None


def _proxy_login(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode()}"}
