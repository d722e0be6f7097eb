"""HTTP by hand: libraries hide the faults that are looked for here."""

import socket
from contextlib import closing
from dataclasses import dataclass


@dataclass(frozen=True)
class Got:
    """An answer as it came."""

    status: int
    #: Names in lower case; each may come once.
    headers: dict[str, str]
    body: bytes


class Wire:
    """A connection that stays open.

    Args:
        port: Of the server.
        room_bytes: How much of what comes the system keeps until it is read; ``None``: as usual.
    """

    def __init__(self, port, room_bytes=None):
        self.socket = socket.socket()
        if room_bytes is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room_bytes)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        self._rest = bytearray()

    def send(self, raw):
        """Send bytes as they are."""
        self.socket.sendall(raw)

    def close(self):
        """Close it."""
        self.socket.close()

    def answer(self, *, is_head=False):
        """Read one answer, strictly: exactly as long as it says of itself."""
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            assert name.lower() not in headers, f"{name} came twice"
            headers[name.lower()] = value
        length = int(headers.get("content-length", 0))
        if is_head or status in {"204", "304"}:
            length = 0
        while len(self._rest) < length:
            self._more()
        body, self._rest = bytes(self._rest[:length]), self._rest[length:]
        return Got(int(status), headers, body)

    def is_over(self):
        """Tell whether nothing more comes: the other side has closed, with nothing left."""
        return not self._rest and self.socket.recv(1) == b""

    def _more(self):
        piece = self.socket.recv(65536)
        if not piece:
            message = f"closed within an answer, after {self._rest[:200]!r}"
            raise ConnectionError(message)
        self._rest += piece


def head_of(method, path, fields=(), *, version="1.1", host="127.0.0.1"):
    """Return a request's head."""
    lines = [f"{method} {path} HTTP/{version}", *([f"Host: {host}"] if host else [])]
    lines += [f"{name}: {value}" for name, value in dict(fields).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def ask(port, method, path, fields=(), body=b"", **options):
    """Return the answer to one request, over a connection of its own; nothing comes behind it."""
    fields = dict(fields)
    if body:
        fields["Content-Length"] = len(body)
    fields.setdefault("Connection", "close")
    with closing(Wire(port)) as wire:
        wire.send(head_of(method, path, fields, **options) + body)
        got = wire.answer(is_head=method == "HEAD")
        assert wire.is_over(), "stray bytes behind the answer"
        return got


def slow_reader(port, path):
    """Return a connection that has asked for a path, and room for next to nothing of the answer."""
    wire = Wire(port, room_bytes=4096)
    wire.send(head_of("GET", path))
    return wire
