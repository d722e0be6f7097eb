"""uvicorn with limits: on a socket of ours, stopped by whoever runs it."""

from __future__ import annotations

import logging
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import ServeError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Connections at once; idle ones cost about 10 kB each.
_MOST_CONNECTIONS: Final = 10_000
#: Files that Python, the catalogue and the workers hold.
_OWN_FILES: Final = 100
#: For a connection without a request.
_IDLE_S: Final = 30
#: Downloads under way have so long when the server stops.
_LEAVE_S: Final = 3
_MOST_HEAD_BYTES: Final = 65_536
_BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: A name or an address.
        port: 0: any that is free.

    Raises:
        ServeError: The port is taken or may not be used, or the host is none of this machine.
    """
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    listening = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # Where a name has both, clients try IPv4, too.
        family, kind, _, _, place = min(found, key=lambda each: each[0] != socket.AF_INET)
        # With the protocol named, asyncio sends small pieces at once; else each waits for 40 ms.
        listening = socket.socket(family, kind, socket.IPPROTO_TCP)
        if os.name != "nt":
            # A server that was just stopped leaves its port behind for a minute.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(_BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        if listening is not None:
            listening.close()
        raise _unavailable(error, host, where) from error
    return listening


def _unavailable(error: Exception, host: str, where: str) -> ServeError:
    import errno  # noqa: PLC0415 - on the way to an error only

    number = getattr(error, "errno", None)
    if isinstance(error, socket.gaierror | UnicodeError) or number == errno.EADDRNOTAVAIL:
        return ServeError(
            f'"{host}" is no address of this machine', where,
            remedy="use --host 127.0.0.1 for this machine alone, --host 0.0.0.0 for its network",
        )  # fmt: skip
    if number == errno.EADDRINUSE:
        return ServeError(
            "the port is taken by another program", where,
            remedy="stop that one, or choose another: audiobrief serve --port 8001",
        )  # fmt: skip
    reason = getattr(error, "strerror", None) or str(error)
    return ServeError(
        f"nothing can be served here: {reason}", where,
        remedy="choose another port, above 1023: audiobrief serve --port 8000",
    )  # fmt: skip


class Server:
    """Runs an application until it is stopped.

    Args:
        app: ASGI 3.
        listening: From `listen`; it is closed at the end.
    """

    def __init__(self, app: Callable[..., Any], listening: socket.socket) -> None:
        from uvicorn import Config  # noqa: PLC0415 - 60 ms, for whoever serves

        from audiobrief.serve.protocol import Impatient, Quiet  # noqa: PLC0415 - uvicorn

        # It complains of every malformed request; ours are told by the application.
        log = logging.getLogger("uvicorn")
        log.addHandler(logging.NullHandler())
        log.propagate = False
        config = Config(
            app,
            http=Impatient,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_connections(),
            backlog=_BACKLOG,
            timeout_keep_alive=_IDLE_S,
            timeout_graceful_shutdown=_LEAVE_S,
            h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
        )
        self._server = Quiet(config)
        self._listening = listening

    @property
    def is_running(self) -> bool:
        """Whether requests are answered."""
        return bool(self._server.started) and not self._server.should_exit

    def run(self) -> None:
        """Serve; return when it was stopped."""
        try:
            self._server.run(sockets=[self._listening])
        finally:
            self._listening.close()

    def stop(self) -> None:
        """End after what is under way, at most some seconds; a second time: at once."""
        if self._server.should_exit:
            self._server.force_exit = True
        self._server.should_exit = True


def _connections() -> int:
    """Return how many connections this process can hold, each perhaps with a file."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return _MOST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _MOST_CONNECTIONS + _OWN_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # macOS may allow fewer than it says; then it stays as it is.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
    if soft == resource.RLIM_INFINITY:
        return _MOST_CONNECTIONS
    return max(16, min(_MOST_CONNECTIONS, (soft - _OWN_FILES) // 2))
