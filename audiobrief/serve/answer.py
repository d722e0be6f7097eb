"""What is sent back: short answers whole, files piece by piece."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

#: Read and sent at once: what a slow reader costs.
_PIECE_BYTES: Final = 262_144
#: A reader that takes nothing for so long has gone away: a player that pauses asks again.
_PATIENCE_S: Final = 600.0

Headers = tuple[tuple[str, str], ...]
#: With every answer: nobody guesses types, no address is told to other sites.
_ALWAYS: Final[Headers] = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a file, half-open, with what stands before them in a multipart answer."""

    start: int
    end: int
    before: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; its body is bytes, or stretches of a file and bytes behind them."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    stretches: tuple[Stretch, ...] = ()
    stream: IO[bytes] | None = None
    #: Length of the file that it is of, or of a part of; 0: of none.
    whole_bytes: int = 0
    #: Length of the body; ``None``: it is that of ``body``. Not told with 204 and 304.
    size: int | None = None
    #: Under which name it is counted.
    kind: str = "other"

    @property
    def length(self) -> int:
        """Length of the body in bytes."""
        return len(self.body) if self.size is None else self.size


def plain(status: int, text: str, *headers: tuple[str, str], kind: str = "other") -> Answer:
    """Return a short text."""
    body = f"{text}\n".encode()
    named = (("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"))
    return Answer(status, (*named, *headers), body, kind=kind)


def as_json(status: int, document: Any, *headers: tuple[str, str], kind: str = "other") -> Answer:
    """Return a JSON document."""
    body = (json.dumps(document) + "\n").encode()
    named = (("content-type", "application/json"), ("cache-control", "no-store"))
    return Answer(status, (*named, *headers), body, kind=kind)


async def send_answer(answer: Answer, *, is_head: bool, receive: Receive, send: Send) -> None:
    """Send an answer; of a file that is cut short meanwhile, the connection ends early.

    Args:
        answer: What to send.
        is_head: Send its headers alone.
        receive: Tells that whoever asked has gone.
        send: The server's.
    """
    headers = [(n.encode(), v.encode("latin-1")) for n, v in (*_ALWAYS, *answer.headers)]
    if answer.status not in {204, 304}:
        headers.append((b"content-length", str(answer.length).encode()))
    start: Message = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    if answer.stream is None or is_head:
        await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
        return
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        for offset, count, before in _pieces(answer.stretches):
            piece = await asyncio.to_thread(_read, answer.stream, offset, count)
            if gone.done() or len(piece) < count:
                return
            body: Message = {"type": "http.response.body", "body": before + piece}
            async with asyncio.timeout(_PATIENCE_S):
                await send({**body, "more_body": True})
        await send({"type": "http.response.body", "body": answer.body})
    except TimeoutError:
        return
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    """Wait until nobody is there any more: the server does not say so when something is sent."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _pieces(stretches: tuple[Stretch, ...]) -> Iterator[tuple[int, int, bytes]]:
    for stretch in stretches:
        before = stretch.before
        for offset in range(stretch.start, stretch.end, _PIECE_BYTES):
            yield offset, min(_PIECE_BYTES, stretch.end - offset), before
            before = b""


def _read(stream: IO[bytes], offset: int, count: int) -> bytes:
    stream.seek(offset)
    return stream.read(count)
