"""The application that an ASGI server runs: which request is whose."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from audiobrief.errors import AudiobriefError, defect
from audiobrief.serve.answer import as_json, plain, send_answer
from audiobrief.serve.files import Files
from audiobrief.serve.metrics import Metrics, Served
from audiobrief.serve.request import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audiobrief.serve.answer import Answer, Message, Receive, Send
    from audiobrief.serve.inbox import InboxRoute
    from audiobrief.serve.request import Request


class App:
    """Serves ``episodes/``, and an inbox where there is one.

    Args:
        root: ``episodes/``.
        inbox: The routes below ``/inbox``; ``None``: there are none.
        prefix: Path of the public address, without its closing slash.
        log: Told of every answer.
        report: Told of defects.
    """

    def __init__(
        self,
        root: Path,
        *,
        inbox: InboxRoute | None = None,
        prefix: str = "",
        log: Callable[[Served], None],
        report: Callable[[AudiobriefError], None],
    ) -> None:
        self._files = Files(root)
        self._inbox = inbox
        self._prefix = prefix
        self._log = log
        self._report = report
        self._metrics = Metrics()

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
        answer = None
        try:
            answer = await self._answer(request, receive)
            is_head = request.method == "HEAD"
            await send_answer(answer, is_head=is_head, receive=receive, send=counted)
        except Exception as error:  # noqa: BLE001 - a defect costs one request, not the server
            self._report(defect(error))
            if not status:
                failed = plain(500, "This is a defect of the server.")
                await send_answer(failed, is_head=False, receive=receive, send=counted)
        finally:
            if answer is not None and answer.stream is not None:
                answer.stream.close()
            self._metrics.in_flight -= 1
            served = Served(
                client=request.client,
                method=request.method,
                target=request.target,
                status=status,
                sent_bytes=sent_bytes,
                elapsed_s=perf_counter() - began_s,
                kind=answer.kind if answer is not None else "other",
            )
            self._metrics.count(served)
            self._log(served)

    async def _answer(self, request: Request, receive: Receive) -> Answer:
        if not request.version.startswith("1."):
            return plain(505, "This is HTTP/1.1.", ("connection", "close"))
        if request.version == "1.1" and "host" not in request.headers:
            return plain(400, "HTTP/1.1 needs a Host header.", ("connection", "close"))
        if self._inbox is not None and request.segments[0] == "inbox":
            return await self._inbox.answer(request, receive)
        if request.segments in {("health",), ("metrics",)}:
            return self._told(request)
        return await self._files.answer(request)

    def _told(self, request: Request) -> Answer:
        """Return how the server is."""
        if request.method not in {"GET", "HEAD"}:
            return plain(405, "This can only be read.", ("allow", "GET, HEAD"))
        if request.segments == ("health",):
            return as_json(200, {"status": "ok"})
        return plain(200, self._metrics.render())
