"""A file as RFC 9110 has it sent: conditions first, then ranges."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

from audiobrief.serve.answer import Answer, Headers, Stretch, plain
from audiobrief.serve.conditions import Verdict, judge, range_holds
from audiobrief.serve.moment import render_http_date
from audiobrief.serve.ranges import Ranges, Selection, select
from audiobrief.serve.representation import Representations
from audiobrief.serve.shelf import Shelf
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.serve.readdress import Edition
    from audiobrief.serve.representation import Representation
    from audiobrief.serve.request import Request
    from audiobrief.serve.shelf import Opened

_ALLOW = ("allow", "GET, HEAD, OPTIONS")
_SHARED: Headers = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "Accept-Ranges, Content-Length, Content-Range, ETag"),
)


class Files:
    """Answers requests for what lies below ``episodes/``.

    Args:
        root: ``episodes/``.
        shows: Folders of the shows besides the first; ``None``: all that have an identity.
    """

    def __init__(self, root: Path, *, shows: frozenset[str] | None = None) -> None:
        self._shelf = Shelf(root, shows=shows)
        self._representations = Representations()

    async def answer(self, request: Request, edition: Edition | None = None) -> Answer:
        """Return the answer; a stream in it is the caller's to close.

        Args:
            request: For what everybody may have, or whoever asks.
            edition: Whose addresses are told; ``None``: everybody's.

        Raises:
            StoreError: It cannot be read now.
        """
        if request.method == "OPTIONS":
            methods = ("access-control-allow-methods", "GET, HEAD")
            fields = ("access-control-allow-headers", "If-Match, If-None-Match, If-Range, Range")
            return Answer(204, (_ALLOW, *_SHARED, methods, fields))
        if request.method not in {"GET", "HEAD"}:
            return plain(405, "This can only be read.", _ALLOW)
        file = await self._shelf.find(request.segments)
        if file is None:
            if await self._shelf.has_page(request.segments):
                # Relative, since a proxy may have taken a part of the path away.
                return plain(308, "It is a folder.", ("location", f"{request.segments[-1]}/"))
            return plain(404, "There is nothing here.")
        try:
            answer = await self._of(file, request, edition)
        except BaseException:
            file.stream.close()
            raise
        if answer.stream is None:
            file.stream.close()
        return answer

    async def _of(self, file: Opened, request: Request, edition: Edition | None) -> Answer:
        accepted = request.headers.get("accept-encoding")
        with mapping_os_errors("read", file.path):
            found = await self._representations.of(file, accepted, edition)
        return answer_file(file, found, request)


def answer_file(file: Opened, found: Representation, request: Request) -> Answer:
    """Return what a GET or HEAD gets of an open file (pure).

    Args:
        file: Its stream is in the answer, or may be closed at once.
        found: What is sent of it.
        request: With its conditions and ranges.
    """
    headers = _headers(file, found)
    verdict = judge(request.headers, found.etag, file.modified_s)
    if verdict is Verdict.NOT_MODIFIED:
        return Answer(304, headers, kind=file.kind.name)
    if verdict is Verdict.FAILED:
        return plain(412, "It is another version now.", kind=file.kind.name)
    selected: Ranges | Selection = Selection.WHOLE
    # Ranges are defined for GET alone (RFC 9110, 14.2).
    if request.method == "GET" and range_holds(
        request.headers.get("if-range"), found.etag, file.modified_s
    ):
        selected = select(request.headers.get("range"), found.size)
    if selected is Selection.NOTHING:
        shown = ("content-range", f"bytes */{found.size}")
        shared = _SHARED if file.kind.is_shared else ()
        return plain(416, "It is not that long.", shown, *shared, kind=file.kind.name)
    if isinstance(selected, Selection):
        typed = (*headers, *_coded(found), ("content-type", file.kind.content_type))
        return _filled(Answer(200, typed), (Stretch(0, found.size),), b"", file, found)
    return _partial(file, found, headers, selected)


def _headers(file: Opened, found: Representation) -> Headers:
    """Return what is told with the file, changed or not."""
    kind = file.kind
    headers: list[tuple[str, str]] = [
        ("etag", found.etag),
        ("last-modified", render_http_date(file.modified_s)),
        ("accept-ranges", "bytes"),
        ("cache-control", kind.cache),
    ]
    if kind.is_text:
        headers.append(("vary", "Accept-Encoding"))
    if kind.policy:
        headers.append(("content-security-policy", kind.policy))
    return (*headers, *(_SHARED if kind.is_shared else ()))


def _coded(found: Representation) -> Headers:
    return (("content-encoding", found.coding),) if found.coding else ()


def _partial(file: Opened, found: Representation, headers: Headers, ranges: Ranges) -> Answer:
    """Return one range, or several as the parts of a multipart answer (RFC 9110, 14.6)."""
    headers, typed = (*headers, *_coded(found)), file.kind.content_type
    if len(ranges) == 1:
        shown = ("content-range", _shown(ranges[0], found))
        answer = Answer(206, (*headers, ("content-type", typed), shown))
        return _filled(answer, (Stretch(*ranges[0]),), b"", file, found)
    # Nothing that is sent can hold what nobody could foresee.
    boundary = token_hex(16)
    stretches = tuple(
        Stretch(
            *each,
            f"\r\n--{boundary}\r\nContent-Type: {typed}\r\n"
            f"Content-Range: {_shown(each, found)}\r\n\r\n".encode(),
        )
        for each in ranges
    )
    end = f"\r\n--{boundary}--\r\n".encode()
    parts = ("content-type", f"multipart/byteranges; boundary={boundary}")
    return _filled(Answer(206, (*headers, parts)), stretches, end, file, found)


def _shown(bounds: tuple[int, int], found: Representation) -> str:
    return f"bytes {bounds[0]}-{bounds[1] - 1}/{found.size}"


def _filled(
    answer: Answer, stretches: tuple[Stretch, ...], end: bytes, file: Opened, found: Representation
) -> Answer:
    """Return an answer with its body: of what is held, or to be read of the file."""
    size = sum(len(each.before) + each.end - each.start for each in stretches) + len(end)
    answer = replace(answer, size=size, kind=file.kind.name, whole_bytes=found.size)
    if found.body is None:
        return replace(answer, stretches=stretches, body=end, stream=file.stream)
    pieces = [each.before + found.body[each.start : each.end] for each in stretches]
    # A body that is sent as it is stays one and the same for everybody: to join it were to copy it.
    return replace(answer, body=b"".join((*pieces, end)) if end else pieces[0])
