"""Papers on loopback, each at an address of its own, that come and go and misbehave."""

import random
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from zlib import crc32

from tests.brief.writing import TOPICS, article

#: Every article carries its number in its headline, whatever becomes of it.
NUMBER = re.compile(r"Bulletin (\d+):")
#: How a paper may be for a quarter of an hour; most of the time it is well.
ILL = ("500", "429", "503", "404", "garbage", "html", "empty", "cut", "bomb", "gone")
#: So many of the newest are in a feed.
SHOWN = 12
SENTENCES = 6


@dataclass(frozen=True)
class Piece:
    """An article."""

    number: int
    title: str
    text: str
    path: str
    appeared: object

    def corrected(self):
        """Return it with another sentence at its end, at the same address."""
        return replace(self, text=f"{self.text}\nCorrection: a figure of {self.number} was wrong.")


def piece(number, at, host="inbox"):
    """Return an article like no other."""
    topic = sorted(TOPICS)[number % len(TOPICS)]
    text = article(topic, f"{host}/{number}", SENTENCES)
    return Piece(number, f"Bulletin {number}: the {topic}", text, f"/{topic}/{number}.html", at)


HTML = {"Content-Type": "text/html; charset=utf-8"}
RSS = {"Content-Type": "application/rss+xml"}


@dataclass(frozen=True)
class Answer:
    """What a paper answers."""

    status: int
    headers: dict
    body: bytes = b""
    #: Of the articles that are whole in it.
    numbers: tuple = ()
    #: Half of it is sent, and then the connection ends.
    is_cut: bool = False


_BOMB = b'<!DOCTYPE x [<!ENTITY a "%b">]><rss>&a;</rss>' % (b"a" * 9999)
_ILL = {
    "500": Answer(500, HTML, b"<p>Sorry."),
    "503": Answer(503, HTML, b"<p>Sorry."),
    "404": Answer(404, HTML, b"<p>Sorry."),
    "429": Answer(429, {"Retry-After": "600"}, b"Slower, please."),
    "garbage": Answer(200, RSS, random.Random(7).randbytes(5000)),
    "html": Answer(200, HTML, b"<!doctype html><title>Sign in</title><p>Please sign in."),
    "empty": Answer(200, RSS),
    "bomb": Answer(200, RSS, _BOMB),
    "mute": Answer(500, HTML),
}


class Site:
    """A paper with a feed of whole articles, or of teasers whose pages must be asked for."""

    def __init__(self, name, address, *, teasers=False):
        self.name = name
        self.teasers = teasers
        self.pieces = []
        self.mode = "well"
        #: Numbers of articles that were sent whole to whoever asked.
        self.told = set()
        self.failures = []
        self._address = address
        self._lock = Lock()
        self._released = Event()
        self._server = self._thread = None
        self.open(0)
        self.url = f"http://{address}:{self._port}"

    def open(self, port=None):
        """Listen."""
        if self._server is None:
            handler = type("Handler", (_Handler,), {"site": self})
            self._server = ThreadingHTTPServer(
                (self._address, self._port if port is None else port), handler
            )
            self._server.daemon_threads = True
            self._server.handle_error = self._failed
            self._port = self._server.server_port
            self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
            self._thread.start()

    def close(self):
        """Stop listening: whoever asks is refused."""
        self._released.set()
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def be(self, mode):
        """Be well or ill from now on."""
        self._released.set()
        self._released = Event()
        self.mode = mode
        if mode == "gone":
            self.close()
        else:
            self.open()

    def put(self, told):
        """Publish an article, or another version of it."""
        with self._lock:
            self.pieces = [p for p in self.pieces if p.path != told.path]
            self.pieces.append(told)

    def answer(self, path):
        """Return what is answered to a path, in the mode that there is."""
        with self._lock:
            shown = self.pieces[-SHOWN:]
        for told in shown:
            if told.path == path:
                # The number is in the page; that it was told is noted when it was sent.
                return Answer(200, HTML, _page(told), (told.number,))
        if path != "/feed.xml":
            return Answer(404, HTML)
        if self.mode == "mute":
            self._released.wait(60)
        if self.mode in _ILL:
            return _ILL[self.mode]
        numbers = () if self.teasers else tuple(p.number for p in shown)
        body = _feed(self, shown)
        if self.mode == "cut":
            return Answer(200, RSS, body, is_cut=True)
        return Answer(200, RSS, body, numbers)

    def _failed(self, *_request):
        error = sys.exception()
        if not isinstance(error, (ConnectionError, TimeoutError)):
            self.failures.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site = None
    timeout = 60

    def log_message(self, *_arguments):
        """Be quiet."""

    def do_GET(self):
        """Answer."""
        told = self.site.answer(self.path)
        status, body = told.status, told.body
        mark = f'"{crc32(body):x}"'
        is_known = status == 200 and self.headers.get("If-None-Match") == mark
        if is_known and not told.is_cut:
            status, body = 304, b""
        self.send_response(status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        if told.status == 200:
            self.send_header("ETag", mark)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body[: len(body) // 2] if told.is_cut else body)
            self.site.told.update(told.numbers)
        self.close_connection = told.is_cut


def _paragraphs(told):
    return "".join(f"<p>{escape(p)}</p>" for p in told.text.split("\n"))


def _page(told):
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(told.title)}</title></head><body>"
        f"<nav>Home News</nav><article><h1>{escape(told.title)}</h1>{_paragraphs(told)}</article>"
        "<footer>All rights reserved.</footer></body></html>"
    ).encode()


def _feed(site, shown):
    items = "".join(
        f"<item><title>{escape(p.title)}</title><link>{site.url}{p.path}</link>"
        f"<guid isPermaLink='false'>{site.name}{p.path}</guid>"
        f"<pubDate>{format_datetime(p.appeared)}</pubDate>{_body(site, p)}</item>"
        for p in reversed(shown)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{site.name}</title><link>{site.url}/</link><description>x</description>"
        f"{items}</channel></rss>"
    ).encode()


def _body(site, told):
    if site.teasers:
        return f"<description>{escape(told.text[:100])}...</description>"
    return f"<content:encoded>{escape(_paragraphs(told))}</content:encoded>"
