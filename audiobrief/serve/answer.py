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

#: Read and sent at once, for each who is sent something long: a slow reader costs as much. About so
#: much for all together; with many, the least is more.
_MOST_HELD_BYTES: Final = 8_000_000
_MOST_PIECE_BYTES: Final = 262_144
_LEAST_PIECE_BYTES: Final = 16_384
#: A text up to this length is no long one: the server takes it whole, without waiting.
_SHORT_BYTES: Final = 65_536

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


class Crowd:
    """Those who are being sent something long: the more there are, the less is held for each."""

    def __init__(self) -> None:
        self._count = 0

    @property
    def piece_bytes(self) -> int:
        """How much is read and sent at once now.

        >>> crowd = Crowd()
        >>> with crowd: crowd.piece_bytes
        262144
        """
        share = _MOST_HELD_BYTES // max(1, self._count)
        return max(_LEAST_PIECE_BYTES, min(_MOST_PIECE_BYTES, share))

    def __enter__(self) -> None:
        """Let one more in."""
        self._count += 1

    def __exit__(self, *_error: object) -> None:
        """Let one out."""
        self._count -= 1


async def send_answer(
    answer: Answer, *, is_head: bool, crowd: Crowd, receive: Receive, send: Send
) -> None:
    """Send an answer; of a file that is cut short meanwhile, the connection ends early.

    Args:
        answer: What to send.
        is_head: Send its headers alone.
        crowd: Of the server.
        receive: Tells that whoever asked has gone.
        send: The server's.
    """
    headers = [(n.encode(), v.encode("latin-1")) for n, v in (*_ALWAYS, *answer.headers)]
    if answer.status not in {204, 304}:
        headers.append((b"content-length", str(answer.length).encode()))
    start: Message = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    if is_head or (answer.stream is None and len(answer.body) <= _SHORT_BYTES):
        await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
        return
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        with crowd:
            await _send_pieces(answer, crowd, gone, send)
    finally:
        gone.cancel()


async def _send_pieces(
    answer: Answer, crowd: Crowd, gone: asyncio.Future[None], send: Send
) -> None:
    """Send a body piece by piece, each when the one before is taken."""
    for offset, count, before in _cut(answer.stretches, crowd):
        piece = await asyncio.to_thread(_read, answer, offset, count)
        if gone.done() or len(piece) < count:
            return
        await send(_piece(before + piece))
    for offset, count, _ in _cut((Stretch(0, len(answer.body)),), crowd):
        # Nothing else in here waits, and who has gone would not be heard of.
        await asyncio.sleep(0)
        if gone.done():
            return
        await send(_piece(answer.body[offset : offset + count]))
    await send({"type": "http.response.body", "body": b""})


def _piece(content: bytes) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": True}


async def _until_gone(receive: Receive) -> None:
    """Wait until nobody is there any more: the server does not say so when something is sent."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _cut(stretches: tuple[Stretch, ...], crowd: Crowd) -> Iterator[tuple[int, int, bytes]]:
    """Yield where pieces begin, their lengths, and what stands before each."""
    for stretch in stretches:
        before, offset = stretch.before, stretch.start
        while offset < stretch.end:
            count = min(crowd.piece_bytes, stretch.end - offset)
            yield offset, count, before
            before, offset = b"", offset + count


def _read(answer: Answer, offset: int, count: int) -> bytes:
    if answer.stream is None:
        return b""
    answer.stream.seek(offset)
    return answer.stream.read(count)
