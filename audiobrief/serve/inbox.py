"""``/inbox``: a page, and what it and shortcuts send."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError, LockedError, SourceError, defect
from audiobrief.serve.answer import Answer, as_json, plain
from audiobrief.serve.conditions import Verdict, judge
from audiobrief.serve.gate import client_of
from audiobrief.serve.shared import SharedLink
from audiobrief.serve.sharing import SharingError, parse_sharing

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.serve.answer import Receive
    from audiobrief.serve.gate import Gate
    from audiobrief.serve.request import Request
    from audiobrief.serve.shared import Inbox, Taken

#: An article has some thousand words, a page with all its scripts seldom a megabyte.
MOST_BODY_BYTES: Final = 2_000_000
#: What is read on and thrown away, so that whoever sends too much hears of it.
_MOST_WASTE_BYTES: Final = 16_000_000
#: For a body to come whole.
_BODY_S: Final = 30.0
_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
_ASSETS: Final = {
    "": ("index.html", "text/html; charset=utf-8"),
    "inbox.js": ("inbox.js", "text/javascript; charset=utf-8"),
    "inbox.css": ("inbox.css", "text/css; charset=utf-8"),
}


class InboxRoute:
    """Answers requests below ``/inbox``.

    Args:
        inbox: Who keeps what is shared.
        gate: Who may send.
        report: Told of defects; whoever has sent is told no more than that there was one.
    """

    def __init__(self, inbox: Inbox, gate: Gate, report: Callable[[AudiobriefError], None]) -> None:
        self._inbox = inbox
        self._gate = gate
        self._report = report
        # One after another: two that share the same must not both find it missing.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        folder = files("audiobrief.serve") / "inbox_page"
        self._pages = {name: (folder / file).read_bytes() for name, (file, _) in _ASSETS.items()}

    async def answer(self, request: Request, receive: Receive) -> Answer:
        """Return the answer."""
        rest = request.segments[1:]
        if len(rest) > 1 or (rest and rest[0] not in _ASSETS):
            return plain(404, "There is nothing here.", kind="inbox")
        if not self._gate.is_ours(request):
            return _refused(
                403, "this server is asked for by a name that is not its own",
                "use the address that audiobrief serve prints, or set [show] base_url to this one",
            )  # fmt: skip
        if request.method in {"GET", "HEAD"}:
            return self._page(request, rest)
        if request.method != "POST" or rest not in {(), ("",)}:
            allowed = "GET, HEAD, POST" if rest in {(), ("",)} else "GET, HEAD"
            return plain(405, "This is not done here.", ("allow", allowed), kind="inbox")
        return self._stopped(request) or await self._take(request, receive)

    def close(self) -> None:
        """Wait for what is being kept."""
        self._worker.shutdown()

    def _page(self, request: Request, rest: tuple[str, ...]) -> Answer:
        if not rest:
            return plain(308, "It is a page.", ("location", "inbox/"), kind="inbox")
        body = self._pages[rest[0]]
        etag = f'"{sha256(body).hexdigest()}"'
        headers = (
            ("etag", etag), ("cache-control", "no-cache"), ("content-security-policy", _POLICY)
        )  # fmt: skip
        if judge(request.headers, etag, 0) is Verdict.NOT_MODIFIED:
            return Answer(304, headers, kind="inbox")
        typed = ("content-type", _ASSETS[rest[0]][1])
        return Answer(200, (*headers, typed), body, kind="inbox")

    def _stopped(self, request: Request) -> Answer | None:
        """Return why a request is not looked at; ``None``: it is let in."""
        client = client_of(request)
        wait_s = self._gate.guesses.wait_s(client)
        if wait_s:
            return _refused(
                429, "too many wrong tokens", f"try again in {wait_s} s",
                ("retry-after", str(wait_s)),
            )  # fmt: skip
        if not self._gate.knows_token(request):
            self._gate.guesses.count(client)
            return _refused(
                401, "the token is missing or wrong",
                "send the header Authorization: Bearer TOKEN, with the token that the server has",
                ("www-authenticate", 'Bearer realm="audiobrief inbox"'),
            )  # fmt: skip
        if not self._gate.is_from_us(request):
            return _refused(
                403, "a page of another site has sent this", "use the bookmarklet of this server"
            )
        return None

    async def _take(self, request: Request, receive: Receive) -> Answer:
        try:
            body = await _body(request, receive)
            shared = parse_sharing(request.headers.get("content-type", ""), body)
        except SharingError as error:
            close = (("connection", "close"),) if error.status in {408, 413} else ()
            return _refused(error.status, error.problem, error.fix, *close)
        if isinstance(shared, SharedLink):
            keep = partial(self._inbox.take_link, shared)
        else:
            keep = partial(self._inbox.take_text, shared)
        try:
            taken = await asyncio.get_running_loop().run_in_executor(self._worker, keep)
        except LockedError as error:
            return _refused(503, error.problem, error.remedy, ("retry-after", "5"))
        except SourceError as error:
            return _refused(422, error.problem, error.remedy)
        except Exception as error:  # noqa: BLE001 - a defect costs one request, not the server
            self._report(error if isinstance(error, AudiobriefError) else defect(error))
            return _refused(500, "it could not be kept", "look at what the server prints")
        return _accepted(taken)


def _accepted(taken: Taken) -> Answer:
    new = 202 if taken.what == "link" else 201
    named = {"link": "url", "article": "file"}[taken.what]
    document = {"taken": taken.what, "known": taken.is_known, named: taken.place}
    return as_json(200 if taken.is_known else new, document, kind="inbox")


def _refused(status: int, problem: str, fix: str, *headers: tuple[str, str]) -> Answer:
    return as_json(status, {"problem": problem, "fix": fix}, *headers, kind="inbox")


async def _body(request: Request, receive: Receive) -> bytes:
    """Return a body.

    Raises:
        SharingError: It is too large, or does not come.
    """
    too_large = SharingError(
        f"it is larger than {MOST_BODY_BYTES // 1_000_000} MB",
        "send its address, or put it into articles/ as a file",
        status=413,
    )
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and len(told) < 19:
        # Who asks before sending has sent nothing yet; and nobody is to send that much in vain.
        waits = request.headers.get("expect", "").lower() == "100-continue"
        if int(told) > (MOST_BODY_BYTES if waits else _MOST_WASTE_BYTES):
            raise too_large
    kept, count = bytearray(), 0
    try:
        async with asyncio.timeout(_BODY_S):
            while count < _MOST_WASTE_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect":
                    break
                count += len(message.get("body", b""))
                if count <= MOST_BODY_BYTES:
                    kept += message.get("body", b"")
                if not message.get("more_body"):
                    if count > MOST_BODY_BYTES:
                        raise too_large
                    return bytes(kept)
    except TimeoutError as error:
        problem = f"it has not come within {_BODY_S:.0f} s"
        raise SharingError(problem, "try again", status=408) from error
    if count > MOST_BODY_BYTES:
        raise too_large
    raise SharingError("it has come in part", "try again")
