"""A web server for tests of `check ADDRESS`: right in all things, but for one that a test names."""

from __future__ import annotations

import gzip
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

RSS = "application/rss+xml; charset=utf-8"
_DATE = "Sun, 19 May 2024 05:00:00 GMT"


def plain_png(size_px: int) -> bytes:
    """Return a black square, which is decoded in no time."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        length, check = len(content).to_bytes(4), zlib.crc32(checked).to_bytes(4)
        return length + checked + check

    head = size_px.to_bytes(4) * 2 + bytes((8, 2, 0, 0, 0))
    rows = zlib.compress(bytes(1 + 3 * size_px) * size_px)
    chunks = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@dataclass
class House:
    """What is served, and what is wrong with it."""

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: Such as `no range`; see the handler.
    faults: set[str] = field(default_factory=set)
    #: Method, path and Range of each request.
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    base: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    #: Head and body in one packet: else each answer waits 40 ms for an acknowledgement.
    wbufsize = -1
    house: House

    def version_string(self) -> str:
        return "SimpleHTTP/0.6" if "simple" in self.house.faults else "house"

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        if "no head" in self.house.faults:
            self._send(405, {}, b"")
        else:
            self.do_GET()

    def do_GET(self) -> None:
        asked, faults = self.headers.get("Range", ""), self.house.faults
        self.house.asked.append((self.command, self.path, asked))
        if self.path in self.house.redirects:
            status, target = self.house.redirects[self.path]
            self._send(status, {"Location": target}, b"")
        elif self.path not in self.house.files:
            self._send(404, {"Content-Type": "text/plain"}, b"no")
        elif "password" in faults:
            self._send(401, {"WWW-Authenticate": "Basic"}, b"")
        else:
            self._file(*self.house.files[self.path], asked)

    def _file(self, kind: str, content: bytes, asked: str) -> None:
        faults = self.house.faults
        headers = {"Content-Type": kind, "Access-Control-Allow-Origin": "*"}
        headers |= {"ETag": f'"{len(content)}"', "Last-Modified": _DATE, "Accept-Ranges": "bytes"}
        if kind == RSS:
            headers["Link"] = '<https://hub.example/>; rel="hub"'
        for name in [name for name in headers if f"no {name}" in faults]:
            del headers[name]
        if self.command == "HEAD" and "other head" in faults:
            headers["ETag"] = '"another"'
        is_known = self.headers.get("If-None-Match") in {headers.get("ETag", ""), "*"}
        if is_known and "no 304" not in faults and self.headers.get("If-None-Match"):
            self._send(304, headers, b"")
        elif asked and kind.startswith("audio/") and self._takes_range(headers):
            self._part(headers, content, asked)
        elif "gzip" in self.headers.get("Accept-Encoding", "") and self._zips(kind):
            self._send(200, headers | {"Content-Encoding": "gzip"}, gzip.compress(content))
        else:
            self._send(200, headers, content)

    def _takes_range(self, headers: dict[str, str]) -> bool:
        condition = self.headers.get("If-Range")
        is_same = condition in {None, headers.get("ETag")} or "any if-range" in self.house.faults
        return is_same and "no range" not in self.house.faults

    def _zips(self, kind: str) -> bool:
        if kind == RSS:
            return "no gzip" not in self.house.faults
        return kind.startswith("audio/") and "zipped sound" in self.house.faults

    def _part(self, headers: dict[str, str], content: bytes, asked: str) -> None:
        first, last = re.fullmatch(r"bytes=(\d*)-(\d*)", asked).groups()  # type: ignore[union-attr]
        size = len(content)
        start = int(first) if first else size - int(last)
        end = min(int(last), size - 1) if first and last else size - 1
        if start >= size:
            status = 200 if "no 416" in self.house.faults else 416
            self._send(status, headers | {"Content-Range": f"bytes */{size}"}, b"")
            return
        if "one byte more" in self.house.faults:
            end += 1
        said = headers | {"Content-Range": f"bytes {start}-{end}/{size}"}
        self._send(206, said, content[start : end + 1])

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_args: object) -> None:
        """Say nothing of a client that has read enough and gone."""


@contextmanager
def served() -> Iterator[House]:
    """Serve on loopback until the end of the block."""
    house = House()
    handler = type("Handler", (_Handler,), {"house": house})
    with _Server(("127.0.0.1", 0), handler) as server:
        house.base = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield house
        server.shutdown()
