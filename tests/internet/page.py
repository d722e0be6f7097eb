"""What a site answers: well behaved pages, and bytes as a test writes them."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    scheme: str
    host: str
    method: str
    #: With the query.
    path: str
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Page:
    """A proper answer; with a mark it answers "not modified" to who knows the mark."""

    body: str | bytes = ""
    kind: str | None = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    #: ``gzip``, ``deflate`` or ``raw deflate``.
    encoding: str | None = None

    def pieces(self, asked: Asked, released: Event) -> Iterator[bytes]:  # noqa: ARG002 - as `Raw`
        """Return the bytes to send."""
        marks = {"ETag": self.etag, "Last-Modified": self.last_modified}
        fields = {name: mark for name, mark in marks.items() if mark} | dict(self.headers)
        if self._is_known(asked):
            yield head(304, fields)
            return
        body = encoded(self.body, self.encoding)
        if self.kind is not None:
            fields["Content-Type"] = self.kind
        if self.encoding:
            fields["Content-Encoding"] = self.encoding.removeprefix("raw ")
        yield head(self.status, {**fields, "Content-Length": str(len(body))}) + body

    def _is_known(self, asked: Asked) -> bool:
        if self.etag and "if-none-match" in asked.headers:
            return asked.headers["if-none-match"] == self.etag
        since = asked.headers.get("if-modified-since")
        return self.last_modified is not None and since == self.last_modified


@dataclass(frozen=True)
class Raw:
    """Bytes as they are; then the connection is closed.

    ``make`` is given an event that is set when the test is over: whoever waits, waits for it.
    """

    make: Callable[[Event], Iterator[bytes]]

    def pieces(self, asked: Asked, released: Event) -> Iterator[bytes]:  # noqa: ARG002 - as `Page`
        """Return the bytes to send."""
        return self.make(released)


def redirect(to: str, status: int = 302, **headers: str) -> Page:
    """Return an answer that leads elsewhere."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page("Moved.", status=status, headers={"Location": to, **fields})


def busy(status: int = 503, **headers: str) -> Page:
    """Return an answer that asks for patience."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page("Busy.", status=status, headers=fields)


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Return status line and headers."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Odd"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def encoded(body: str | bytes, encoding: str | None) -> bytes:
    """Return a body as it is sent."""
    content = body.encode() if isinstance(body, str) else body
    if encoding == "gzip":
        return gzip.compress(content, mtime=0)
    if encoding == "deflate":
        return zlib.compress(content)
    if encoding == "raw deflate":
        return zlib.compress(content)[2:-4]
    return content
