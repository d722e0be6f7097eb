"""Answers that would hang, fill or mislead a client."""

import gzip
import zlib
from itertools import repeat

from tests.internet.page import Page, Raw, head

HTML = {"Content-Type": "text/html"}
CHUNKED = {**HTML, "Transfer-Encoding": "chunked"}


def of(*pieces):
    """Return an answer of these bytes, and then the end."""
    return Raw(lambda _released: iter(pieces))


def mute():
    """Take the request and say nothing."""

    def make(released):
        released.wait(timeout=60)
        yield b""

    return Raw(make)


def drip():
    """Send a byte, and another, as long as somebody reads."""

    def make(released):
        yield head(200, {**HTML, "Content-Length": "1000000"})
        while not released.wait(timeout=0.001):
            yield b"a"

    return Raw(make)


def drip_head():
    """Send a header byte by byte, as long as somebody reads."""

    def make(released):
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        while not released.wait(timeout=0.001):
            yield b"a"

    return Raw(make)


def endless():
    """Send chunks without end."""
    return Raw(lambda _: _then(head(200, CHUNKED), repeat(b"10000\r\n%b\r\n" % (b"a" * 65536))))


def endless_headers():
    """Send header after header."""
    return Raw(lambda _: _then(b"HTTP/1.1 200 OK\r\n", repeat(b"X-More: %b\r\n" % (b"a" * 1000))))


def endless_hints():
    """Send "continue" for ever."""
    return Raw(lambda _: repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 100))


def huge_headers(size=1_000_000):
    """Send one header of that many bytes."""
    return of(head(200, {**HTML, "X-Big": "a" * size, "Content-Length": "0"}))


def gzip_bomb(size=100_000_000):
    """Send a little that becomes a lot."""
    deflater = zlib.compressobj(9, wbits=31)
    zeros = bytes(1_000_000)
    body = b"".join(deflater.compress(zeros) for _ in range(size // len(zeros)))
    return Page(body + deflater.flush(), headers={"Content-Encoding": "gzip"})


def empty_members():
    """Send gzip members without end, of which every one is empty."""
    piece = gzip.compress(b"", mtime=0) * 3000
    return Raw(lambda _: _then(head(200, {**HTML, "Content-Encoding": "gzip"}), repeat(piece)))


def unasked_encoding(name):
    """Send a body that is encoded as nobody has asked for."""
    return Page(bytes(100), headers={"Content-Encoding": name})


def short_body():
    """Announce more than there is."""
    return of(head(200, {**HTML, "Content-Length": "5000"}), b"<p>Too short")


def cut_gzip():
    """End in the middle of a compressed body, without having told its length."""
    body = gzip.compress(b"<p>Rain." * 1000)
    return of(head(200, {**HTML, "Content-Encoding": "gzip"}), body[: len(body) // 2])


def broken_chunks():
    """Send a chunk whose length is no number."""
    return of(head(200, CHUNKED), b"5\r\nhello\r\nnonsense\r\n")


def cut_chunks():
    """End after a whole chunk, without the last one."""
    return of(head(200, CHUNKED), b"5\r\nhello\r\n")


def no_http():
    """Answer in another protocol."""
    return of(b"220 mail.example ESMTP\r\n250 ready\r\n\r\n")


def _then(first, following):
    yield first
    yield from following
