"""The application that an ASGI server runs: which request is whose."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError, StoreError, defect
from audiobrief.serve.answer import Answer, Crowd, as_json, plain, send_answer
from audiobrief.serve.doors import Visit
from audiobrief.serve.files import Files
from audiobrief.serve.kind import FRAMELESS
from audiobrief.serve.metrics import Metrics, Served
from audiobrief.serve.request import request_of, without_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audiobrief.serve.answer import Message, Receive, Send
    from audiobrief.serve.doors import Doors
    from audiobrief.serve.inbox import InboxRoute
    from audiobrief.serve.request import Request
    from audiobrief.serve.tally import Tally


#: Whoever asked for what cannot be read now is to wait so long.
_LATER_S: Final = 60


class App:
    """Serves ``episodes/``, and an inbox where there is one.

    Args:
        root: ``episodes/``.
        inbox: The routes below ``/inbox``; ``None``: there are none.
        doors: Lets listeners of private shows in; ``None``: all is for everybody.
        tally: Counts what these listeners ask for.
        prefix: Path of the public address, without its closing slash.
        log: Told of every answer.
        report: Told of defects, and of what cannot be read.
    """

    def __init__(
        self,
        root: Path,
        *,
        inbox: InboxRoute | None = None,
        doors: Doors | None = None,
        tally: Tally | None = None,
        prefix: str = "",
        log: Callable[[Served], None],
        report: Callable[[AudiobriefError], None],
    ) -> None:
        self._files = Files(root, shows=doors.folders if doors is not None else None)
        self._inbox = inbox
        self._doors = doors
        self._tally = tally
        self._prefix = prefix
        self._log = log
        self._report = report
        #: The last thing that could not be read: it is told once, however many ask for it.
        self._trouble = ""
        self._metrics = Metrics()
        self._crowd = Crowd()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        request, began_s = request_of(scope, prefix=self._prefix), perf_counter()
        status = sent_bytes = 0

        async def counted(message: Message) -> None:
            nonlocal status, sent_bytes
            status = message.get("status", status)
            await send(message)
            sent_bytes += len(message.get("body", b""))

        self._metrics.in_flight += 1
        answer, visit = None, Visit(request)
        out = partial(send_answer, crowd=self._crowd, receive=receive, send=counted)
        try:
            visit, answer = await self._answer(request, receive)
            await out(answer, is_head=request.method == "HEAD")
        except Exception as error:  # noqa: BLE001 - a defect costs one request, not the server
            self._report(error if isinstance(error, AudiobriefError) else defect(error))
            if not status:
                await out(plain(500, "This is a defect of the server."), is_head=False)
        finally:
            if answer is not None and answer.stream is not None:
                answer.stream.close()
            self._metrics.in_flight -= 1
            served = Served(
                client=request.client,
                method=request.method,
                target=without_tokens(request.target),
                status=status,
                sent_bytes=sent_bytes,
                elapsed_s=perf_counter() - began_s,
                kind=answer.kind if answer is not None else "other",
            )
            if self._tally is not None and visit.digest and answer and request.method == "GET":
                self._tally.count(visit.digest, answer, sent_bytes, is_feed=visit.is_feed)
            self._metrics.count(served)
            self._log(served)

    async def _answer(self, request: Request, receive: Receive) -> tuple[Visit, Answer]:
        """Return who is let in, and the answer."""
        visit = Visit(request)
        if not request.version.startswith("1."):
            return visit, plain(505, "This is HTTP/1.1.", ("connection", "close"))
        if request.version == "1.1" and "host" not in request.headers:
            return visit, plain(400, "HTTP/1.1 needs a Host header.", ("connection", "close"))
        if self._inbox is not None and request.segments[0] == "inbox":
            return visit, await self._inbox.answer(request, receive)
        if request.segments in {("health",), ("metrics",)}:
            return visit, self._told(request)
        try:
            return await self._found(visit)
        except StoreError as error:
            if not isinstance(error.__cause__, OSError):
                raise
            if str(error) != self._trouble:
                self._trouble = str(error)
                self._report(error)
            # "Not found" would have apps forget what is there all the same.
            later = ("retry-after", str(_LATER_S))
            return visit, plain(503, "It cannot be read now.", later)

    async def _found(self, visit: Visit) -> tuple[Visit, Answer]:
        # Whatever else is asked than to read gets the same answer everywhere.
        if self._doors is not None and visit.request.method in {"GET", "HEAD"}:
            admitted = self._doors.admit(visit.request)
            if isinstance(admitted, Answer):
                return visit, admitted
            visit = admitted
        answer = await self._files.answer(visit.request, visit.edition)
        return visit, _kept_private(answer) if visit.digest else answer

    def _told(self, request: Request) -> Answer:
        """Return how the server is."""
        if request.method not in {"GET", "HEAD"}:
            return plain(405, "This can only be read.", ("allow", "GET, HEAD"))
        if request.segments == ("health",):
            return as_json(200, {"status": "ok"})
        return plain(200, self._metrics.render())


def _kept_private(answer: Answer) -> Answer:
    """Return an answer that is for one listener: no cache, no search engine, no frame keeps it."""
    if answer.status == 404:
        return answer
    headers = [(name, _of_one(name, value)) for name, value in answer.headers]
    return replace(answer, headers=(*headers, ("x-robots-tag", "noindex")))


def _of_one(name: str, value: str) -> str:
    """Return the value of a header as it is with what is for one listener."""
    if name == "cache-control":
        return value.replace("public", "private")
    if name == "content-security-policy" and FRAMELESS not in value:
        return value + FRAMELESS
    return value
