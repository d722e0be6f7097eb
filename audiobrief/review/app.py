"""The application that an ASGI server runs: a table of routes, each a few lines."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from audiobrief.errors import AudiobriefError, ConflictError, defect
from audiobrief.review import routes
from audiobrief.review.fields import read_json, read_query
from audiobrief.review.guard import FIRST_FIELD, SAFETY
from audiobrief.review.refusal import Refusal, refused
from audiobrief.review.static_files import load_static
from audiobrief.serve.answer import Answer, Crowd, as_json, send_answer
from audiobrief.serve.metrics import Served
from audiobrief.serve.request import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.review.desk import Desk
    from audiobrief.review.events import Events
    from audiobrief.review.guard import Guard
    from audiobrief.review.routes import Route
    from audiobrief.serve.answer import Message, Receive, Send
    from audiobrief.serve.request import Request

_T = TypeVar("_T")
#: Requests that are worked on; others wait.
_MOST_AT_ONCE: Final = 8
_NAMES: Final = {
    "{id}": re.compile(r"[A-Za-z0-9~_-]{1,300}"),
    "{sha256}.mp3": re.compile(r"(?P<value>[0-9a-f]{64})\.mp3"),
    "{key}.wav": re.compile(r"(?P<value>[0-9a-f]{64})\.wav"),
    "{name}": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A route that a path leads to, and what it names."""

    route: Route
    names: Mapping[str, str]


class App:
    """Serves the page, and does what it asks for.

    Args:
        desk: Knows the episodes.
        events: What pages are told.
        guard: Judges who is let in.
        log: Told of every answer.
        report: Told of defects.
    """

    def __init__(
        self,
        desk: Desk,
        events: Events,
        guard: Guard,
        *,
        log: Callable[[Served], None],
        report: Callable[[AudiobriefError], None],
    ) -> None:
        self._desk = desk
        self._events = events
        self._guard = guard
        self._log = log
        self._report = report
        self._static = load_static()
        self._crowd = Crowd()
        # Not those that read sound: a voice that takes its time stops nobody's playing.
        self._workers = ThreadPoolExecutor(_MOST_AT_ONCE, "desk")

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        request, began_s = request_of(scope), perf_counter()
        status = sent_bytes = 0

        async def counted(message: Message) -> None:
            nonlocal status, sent_bytes
            status = message.get("status", status)
            if message["type"] == "http.response.start":
                message["headers"] += [(n.encode(), v.encode()) for n, v in SAFETY]
            await send(message)
            sent_bytes += len(message.get("body", b""))

        out = partial(send_answer, crowd=self._crowd, receive=receive, send=counted)
        answer: Answer | None = None
        try:
            answer = await self._answer(scope, request, receive)
            if answer is None:
                await self._events.stream(_last_id(request), receive, counted)
            else:
                await out(answer, is_head=request.method == "HEAD")
        except Exception as error:  # noqa: BLE001 - a defect costs one request, not the server
            self._report(error if isinstance(error, AudiobriefError) else defect(error))
            if not status:
                await out(_defective(), is_head=request.method == "HEAD")
        finally:
            if answer is not None and answer.stream is not None:
                answer.stream.close()
            self._log(
                Served(
                    client=request.client,
                    method=request.method,
                    target=request.target,
                    status=status,
                    sent_bytes=sent_bytes,
                    elapsed_s=perf_counter() - began_s,
                    kind=answer.kind if answer is not None else "events",
                )
            )

    async def _answer(
        self, scope: Mapping[str, Any], request: Request, receive: Receive
    ) -> Answer | None:
        """Return the answer; ``None``: events are to be streamed."""
        try:
            self._guard.require_ours(request)
            admitted = self._admit(scope, request)
            if admitted is not None:
                return admitted
            found = _find(request)
            if found.route.is_stream:
                if request.method == "HEAD":
                    raise _not_done(["GET"])
                self._events.require_room()
                return None
            if found.route.method == "POST":
                self._guard.require_meant(request)
                fields = await read_json(request, receive)
            else:
                fields = read_query(scope.get("query_string", b""))
            call = routes.Call(request, found.names, fields, self._desk, self._static)
            return await self._done(found, call)
        except Refusal as refusal:
            return refusal.answer

    async def _done(self, found: _Found, call: routes.Call) -> Answer:
        """Return what a route answers, or why it cannot."""
        try:
            return await self._in_thread(found.route.handle, call)
        except ConflictError as error:
            return refused(error, await self._in_thread(self._as_it_is, call))
        except AudiobriefError as error:
            return refused(error)

    async def _in_thread(self, work: Callable[[routes.Call], _T], call: routes.Call) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, call)

    def _as_it_is(self, call: routes.Call) -> dict[str, Any]:
        """Return what is told beside a conflict: the episode as it is now."""
        with suppress(AudiobriefError, KeyError):
            return {"document": self._desk.document(call.names["id"])}
        return {}

    def _admit(self, scope: Mapping[str, Any], request: Request) -> Answer | None:
        """Return what stops whoever has not brought the token; ``None``: nothing does."""
        if self._guard.knows_token(request):
            return None
        query = scope.get("query_string", b"").decode("latin-1")
        name, _, given = query.partition("=")
        if request.method == "GET" and name == FIRST_FIELD and self._guard.brings_token(given):
            # A redirect would count as the visit of the site that has the link, without cookie.
            there = ("refresh", f"0; url=/{request.target.lstrip('/')}")
            typed = ("content-type", "text/html; charset=utf-8")
            kept = ("cache-control", "no-store")
            headers = (typed, kept, there, self._guard.cookie(request))
            return Answer(200, headers, b"<!doctype html><title>audiobrief</title>\n")
        raise Refusal(
            403, "this address lacks its token", "token",
            "open the address that audiobrief review has printed",
        )  # fmt: skip


def _find(request: Request) -> _Found:
    """Return the route of a request.

    Raises:
        Refusal: There is none, or it is for another method.
    """
    if not request.version.startswith("1."):
        raise Refusal(505, "this is HTTP/1.1", "version", "use it", ("connection", "close"))
    method = "GET" if request.method == "HEAD" else request.method
    allowed = []
    for route in routes.ROUTES:
        names = _match(route.pattern, request.segments)
        if names is None:
            continue
        if route.method == method:
            return _Found(route, names)
        allowed.append(route.method)
    if not allowed:
        raise Refusal(404, "there is nothing here", "path", "go to /")
    raise _not_done([each for m in allowed for each in ((m, "HEAD") if m == "GET" else (m,))])


def _not_done(allowed: list[str]) -> Refusal:
    told = ", ".join(allowed)
    return Refusal(405, "this is not done here", "method", f"use {told}", ("allow", told))


def _match(pattern: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    """Return what a path names by a pattern; ``None``: it is another one's."""
    if len(pattern) != len(segments):
        return None
    names = {}
    for wanted, given in zip(pattern, segments, strict=True):
        if not wanted.startswith("{"):
            if wanted != given:
                return None
            continue
        match = _NAMES[wanted].fullmatch(given)
        if match is None:
            return None
        names[wanted.partition("}")[0][1:]] = match.groupdict().get("value", given)
    return names


def _last_id(request: Request) -> str:
    return request.headers.get("last-event-id", "")


def _defective() -> Answer:
    told = {
        "problem": "this is a defect of the server",
        "where": "server",
        "fix": "look at what it prints",
    }
    return as_json(500, {"error": told})
