"""What uvicorn lacks: limits for slow heads and slow readers, and signals left alone."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport
    from collections.abc import Iterator

    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

#: For a request's head to come whole, from its first byte, or from the start of the connection.
_HEAD_S: Final = 20.0
#: What was written and not taken yet, before a writer waits: some is held for every slow reader.
_MOST_WAITING_BYTES: Final = 16_384
#: The same of the system, which otherwise holds some hundred kB for each.
_MOST_UNSENT_BYTES: Final = 131_072
#: For a reader that takes nothing; a player that pauses for longer asks again.
_TAKEN_S: Final = 600.0
#: How often it is looked after that, in tenths of a second.
_LOOK_TICKS: Final = 50
_REFUSAL: Final = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%b"
)


class Impatient(H11Protocol):
    """Closes a connection whose next head does not come whole in time.

    uvicorn's own limit ends with the first byte, and before the first request there is none.
    """

    _head_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_MOST_WAITING_BYTES)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            sending: socket.socket = transport.get_extra_info("socket")
            sending.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MOST_UNSENT_BYTES)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Take what has come, and see whether a head is whole."""
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, and close; within an answer, only close.

        The application may be about to answer an earlier part of it: its answer is not sent.
        """
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            body = msg.encode() + b"\n"
            self.transport.write(_REFUSAL % (len(body), body))
        self.conn.send_failed()
        self.transport.close()

    def _look(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(_HEAD_S, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()


class Quiet(uvicorn.Server):
    """A server that leaves signals to whoever runs it, and cuts off readers that take nothing.

    To close a connection is not enough: it stays until what was written has been taken.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        #: What each connection has not taken yet, in bytes, and since when it is as much.
        self._held: dict[Any, tuple[int, float]] = {}

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield

    async def on_tick(self, counter: int) -> bool:
        """Look after readers from time to time."""
        if counter % _LOOK_TICKS == 0:
            self._cut_off(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _cut_off(self, now_s: float) -> None:
        held: dict[Any, tuple[int, float]] = {}
        for connection in list(self.server_state.connections):
            transport: Transport = connection.transport
            if not (count := transport.get_write_buffer_size()):
                continue
            before, since_s = self._held.get(connection, (count, now_s))
            since_s = since_s if before == count else now_s
            if now_s - since_s >= _TAKEN_S:
                transport.abort()
            else:
                held[connection] = count, since_s
        self._held = held
