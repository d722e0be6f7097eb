"""A server on loopback that gives files, with byte ranges, and misbehaves as the test says."""

import contextlib
import hashlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class FileServer:
    """Files by path, and what is done wrong, one deed a request."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    #: Deeds of the next requests; then all goes well.
    deeds: list[str] = field(default_factory=list)
    #: Path and Range header of every request.
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    has_ranges: bool = True


class _Handler(BaseHTTPRequestHandler):
    """Answers GET."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        """Keep quiet."""

    def do_GET(self):
        """Answer by the next deed."""
        plan = self.server.plan
        plan.asked.append((self.path, self.headers["Range"]))
        deed = plan.deeds.pop(0) if plan.deeds else ""
        content = plan.files.get(self.path)
        if deed.startswith("redirect "):
            self._head(302, 0, Location=deed.removeprefix("redirect "))
        elif deed.isdecimal():
            self._head(int(deed), 0)
        elif content is None:
            self._head(404, 0)
        else:
            self._give(content, deed)

    def _give(self, content, deed):
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        if deed == "weak mark":
            etag = f"W/{etag}"
        start, end, status = 0, len(content), 200
        headers = {"ETag": etag}
        if self.server.plan.has_ranges and self.headers["Range"]:
            if self.headers["If-Range"] == etag:
                start, status = int(self.headers["Range"][6:-1]), 206
            if deed == "wrong part":
                start, status = 1, 206
        if status == 206:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{end}"
        length = deed.removeprefix("length ") if deed.startswith("length ") else end - start
        self._head(status, length, **headers)
        if deed.startswith("cut "):
            end = start + int(deed.removeprefix("cut "))
            self.close_connection = True
        self.wfile.write(content[start:end])

    def _head(self, status, length, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@contextlib.contextmanager
def serving(context=None, **files):
    """Serve files on a free port, with a context over TLS; give the plan."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    scheme = "http"
    if context is not None:
        scheme, server.socket = "https", context.wrap_socket(server.socket, server_side=True)
    plan = FileServer(
        f"{scheme}://127.0.0.1:{server.server_port}", {f"/{n}": c for n, c in files.items()}
    )
    server.plan = plan
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield plan
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
