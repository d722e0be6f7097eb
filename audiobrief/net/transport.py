"""httpx's requests over httpcore's pool, with the guard between them and the network.

The transport is used without `httpx.Client`, which would follow redirects by itself, keep cookies
from one site to the next, and write every address with its query into the log.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import httpcore
import httpx

from audiobrief.net.allowance import current
from audiobrief.net.fault import Fault, PassingFault
from audiobrief.net.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.net.address import Allowed
    from audiobrief.net.world import World

#: Idle connections that are kept, and how long: hosts are asked every second or slower.
_KEPT, _KEPT_S = 20, 15.0

#: What h11 says of an answer that has begun and not ended.
_ENDED_EARLY = ("peer closed connection", "Server disconnected")


class Transport(httpx.BaseTransport):
    """Sends one request over a connection that the guard has made, or has made before."""

    def __init__(self, allowed: Allowed, world: World) -> None:
        self.guard = Guard(allowed, world)
        self._world = world
        self._pool: httpcore.ConnectionPool | None = None
        self._lock = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return status, headers and a body to be read, all within the current allowance.

        Raises:
            Fault: There is no proper answer.
        """
        self.guard.judge_way(request.url.raw_host.decode("ascii"))
        target = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        assert isinstance(request.stream, httpx.SyncByteStream)  # noqa: S101 - for the type checker
        with _explained():
            answer = self._connections().handle_request(
                httpcore.Request(
                    request.method, target, headers=request.headers.raw, content=request.stream
                )
            )
        current().end_head()
        assert not isinstance(answer.stream, bytes)  # noqa: S101 - for the type checker
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), request=request
        )

    def close(self) -> None:
        """Close all connections, and let go of the authorities.

        They take a megabyte. Whoever has a client is often part of a circle, which Python finds so
        late that a watch would hold hundreds of them.
        """
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _connections(self) -> httpcore.ConnectionPool:
        """Return the pool, made with the first request: reading the authorities takes 0.1 s."""
        with self._lock:
            if self._pool is None:
                _quiet()
                self._pool = httpcore.ConnectionPool(
                    ssl_context=self._world.trust(),
                    # Threads wait for the turn of a host, never for a place in the pool.
                    max_connections=None,
                    max_keepalive_connections=_KEPT,
                    keepalive_expiry=_KEPT_S,
                    network_backend=self.guard,
                )
            return self._pool


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer: httpcore.Response | None = answer

    def __iter__(self) -> Iterator[bytes]:
        if self._answer is not None:
            with _explained():
                yield from self._answer.iter_stream()

    def close(self) -> None:
        # It leads to the pool and its authorities; whoever keeps a read answer keeps neither.
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.close()


@contextmanager
def _explained() -> Iterator[None]:
    """Turn httpcore's errors into faults. Its words may quote what was sent, so few are kept."""
    try:
        yield
    except (httpcore.RemoteProtocolError, httpcore.LocalProtocolError) as error:
        if str(error).startswith(_ENDED_EARLY):
            raise PassingFault("its answer was cut off") from error
        raise Fault("its answer is no proper HTTP", "tell its operator") from None
    except httpcore.WriteError as error:
        raise PassingFault(f"the connection broke off: {error}") from error


def _quiet() -> None:
    """Keep headers of answers (cookies, addresses with tokens) out of a log that takes all."""
    logger = logging.getLogger("httpcore")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
