"""A store that speaks as much of S3 as is needed, and takes no conditions, as some do not."""

from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

_REFUSED = b"<Error><Code>NotImplemented</Code><Message>no such header</Message></Error>"
_ROW = (
    "<Contents><Key>{}</Key><Size>{}</Size><ETag>{}</ETag>"
    "<LastModified>2026-03-01T08:00:00.000Z</LastModified></Contents>"
)


class PlainStore:
    """A bucket ``pod``; its objects are in ``files``.

    Args:
        most: After so many requests it answers none any more.
    """

    def __init__(self, most=None):
        self.files = {}
        self._puts = []
        lives = None if most is None else [None] * most
        known = {"files": self.files, "puts": self._puts, "lives": lives}
        handler = type("Handler", (_Handler,), known)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def puts(self):
        """How many objects it has taken."""
        return len(self._puts)

    def close(self):
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def parse_request(self):
        """Take a request, while there is life."""
        if self.lives is not None:
            if not self.lives:
                self.close_connection = True
                return False
            self.lives.pop()
        return super().parse_request()

    def log_message(self, *_arguments):
        pass

    @property
    def _key(self):
        return unquote(urlsplit(self.path).path.removeprefix("/pod").lstrip("/"))

    def _answer(self, code, content=b""):
        self.send_response(code)
        self.send_header("ETag", f'"{md5(content).hexdigest()}"')
        self.send_header("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_PUT(self):
        """Keep an object, whatever was there."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["If-Match"] or self.headers["If-None-Match"]:
            self._answer(501, _REFUSED)
            return
        self.files[self._key] = content
        self.puts.append(self._key)
        self.send_response(200)
        self.send_header("ETag", f'"{md5(content).hexdigest()}"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        """Give an object, or the list of all."""
        if self._key in self.files:
            self._answer(200, self.files[self._key])
            return
        if self._key:
            self._answer(404)
            return
        rows = (
            _ROW.format(name, len(content), f'"{md5(content).hexdigest()}"')
            for name, content in self.files.items()
        )
        text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(rows)}"
        self._answer(200, f"{text}</ListBucketResult>".encode())

    do_HEAD = do_GET  # noqa: N815 - as the library calls it
