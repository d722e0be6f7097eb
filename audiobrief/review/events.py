"""What happens, told to every open page as it happens (server-sent events)."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from audiobrief.review.refusal import Refusal

if TYPE_CHECKING:
    from audiobrief.serve.answer import Headers, Message, Receive, Send

#: Kept for pages that come back after a moment.
_MOST_KEPT: Final = 256
#: Pages that hear us at once; a browser has six connections for all of its tabs.
_MOST_HEARERS: Final = 64
#: So often something is said, so that nobody in between takes the line for dead.
_COMMENT_S: Final = 15.0
_RETRY_MS: Final = 1000
_HEADERS: Final[Headers] = (
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)


class Events:
    """Takes what happens from any thread, and streams it to whoever listens."""

    def __init__(self) -> None:
        self._lock = Lock()
        #: Of this run: a number of another one says nothing here.
        self._run = uuid4().hex[:8]
        self._number = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=_MOST_KEPT)
        self._hearers: set[_Hearer] = set()
        self._is_closed = False

    @property
    def has_hearers(self) -> bool:
        """Whether anybody listens."""
        return bool(self._hearers)

    def require_room(self) -> None:
        """Stop whoever comes when too many listen.

        Raises:
            Refusal: Too many do.
        """
        if len(self._hearers) >= _MOST_HEARERS:
            raise Refusal(503, "too many pages listen", "events", "close some of them")

    def tell(self, event: dict[str, Any]) -> None:
        """Tell all pages of an event; to be called in any thread."""
        with self._lock:
            self._number += 1
            self._kept.append((self._number, json.dumps(event)))
            hearers = tuple(self._hearers)
        for hearer in hearers:
            hearer.wake()

    def close(self) -> None:
        """End all streams."""
        self._is_closed = True
        for hearer in tuple(self._hearers):
            hearer.wake()

    async def stream(self, last_id: str, receive: Receive, send: Send) -> None:
        """Send events until the page or the server goes.

        Args:
            last_id: The last one that the page has, as it was told; empty: it is new.
            receive: Tells that the page has gone.
            send: The server's.
        """
        hearer = _Hearer(asyncio.get_running_loop())
        with self._lock:
            seen = self._seen(last_id)
            self._hearers.add(hearer)
        gone = asyncio.ensure_future(_until_gone(receive, hearer))
        try:
            await send(_start())
            await send(_piece(f"retry: {_RETRY_MS}\n: audiobrief\n\n"))
            while not (gone.done() or self._is_closed):
                seen, text = self._since(seen)
                if text:
                    await send(_piece(text))
                elif not await hearer.wait(_COMMENT_S):
                    await send(_piece(": still here\n\n"))
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._hearers.discard(hearer)
            gone.cancel()

    def _seen(self, last_id: str) -> int:
        """Return from which event on a page is told; of another run, it is told to look anew."""
        run, _, number = last_id.partition("-")
        if not last_id:
            return self._number
        is_number = number.isascii() and number.isdigit() and len(number) < 16
        is_ours = run == self._run and is_number and int(number) <= self._number
        oldest = self._kept[0][0] if self._kept else self._number + 1
        if is_ours and int(number) >= oldest - 1:
            return int(number)
        return self._missed()

    def _missed(self) -> int:
        """Note that what was missed is not known any more; return what is told from."""
        self._number += 1
        self._kept.append((self._number, json.dumps({"type": "changed", "episode": None})))
        return self._number - 1

    def _since(self, seen: int) -> tuple[int, str]:
        with self._lock:
            if self._kept and self._kept[0][0] > seen + 1:
                # Whoever reads so slowly is to ask for everything again.
                seen = self._missed()
            new = [(number, text) for number, text in self._kept if number > seen]
            latest = self._number
        return latest, "".join(f"id: {self._run}-{n}\ndata: {text}\n\n" for n, text in new)


class _Hearer:
    """A page that listens."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Say that there is something, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def wait(self, limit_s: float) -> bool:
        """Wait until there is something; tell whether there is."""
        try:
            async with asyncio.timeout(limit_s):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


async def _until_gone(receive: Receive, hearer: _Hearer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    hearer.wake()


def _start() -> Message:
    raw = [(name.encode(), value.encode()) for name, value in _HEADERS]
    return {"type": "http.response.start", "status": 200, "headers": raw}


def _piece(text: str) -> Message:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}
