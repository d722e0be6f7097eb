"""A Fetch over real connections, as plain as can be, and a server that answers by a script."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from audiobrief.intake import Fetched, Known, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class PlainFetch:
    """Asks servers on loopback, and follows redirects."""

    def __init__(self) -> None:
        #: Addresses, and the documents that have named them.
        self.found_on: dict[str, str | None] = {}
        #: Addresses without parameters, and what was wanted there.
        self.wanted: dict[str, Wanted] = {}

    def get(
        self,
        url: str,
        *,
        wanted: Wanted,
        known: Known | None = None,
        secrets: Mapping[str, str] | None = None,
        found_on: str | None = None,
    ) -> Fetched:
        """Return what is at an address."""
        self.found_on[url] = found_on
        self.wanted[url.partition("?")[0]] = wanted
        asked = dict(secrets or {})
        if known and known.etag:
            asked["If-None-Match"] = known.etag
        if known and known.last_modified:
            asked["If-Modified-Since"] = known.last_modified
        return self._ask("GET", url, None, asked)

    def post(self, url: str, *, form: Mapping[str, str]) -> Fetched:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", url, urlencode(form).encode(), kind)

    def _ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Fetched:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if location := answer.getheader("Location"):
            return self._ask(method, location, body, headers)
        return Fetched(
            url,
            None if answer.status == 304 else content,
            answer.status,
            answer.headers.get_content_type(),
            answer.headers.get_content_charset(),
            answer.getheader("ETag"),
            answer.getheader("Last-Modified"),
        )


@dataclass
class Asked:
    """A request that a server got."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)


@dataclass
class Told:
    """What it answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def serving(answer: Callable[[Asked], Told]) -> Iterator[tuple[str, list[Asked]]]:
    """Run a server; yield its address and the requests that it has got so far."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        """Hands requests to the script."""

        def do_GET(self) -> None:
            """Answer a request of any method."""
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            form = _first(self.rfile.read(length).decode())
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(self.command, parts.path, _first(parts.query), headers, form)
            asked.append(request)
            told = answer(request)
            body = told.body.encode() if isinstance(told.body, str) else told.body
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if told.status != 304:
                self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - as above

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
