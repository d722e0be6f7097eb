"""Papers on loopback, each at an address of its own, that come and go and misbehave."""

import random
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

from tests.brief.writing import TOPICS, article

#: Every article carries its number in its headline, whatever becomes of it.
NUMBER = re.compile(r"Bulletin (\d+):")
#: How a paper may be for a quarter of an hour; most of the time it is well.
ILL = ("500", "429", "503", "404", "garbage", "html", "empty", "cut", "bomb", "gone")
#: So many of the newest are in a feed.
SHOWN = 12
SENTENCES = 9


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


class Site:
    """A paper with a feed of whole articles, or of teasers whose pages must be asked for."""

    def __init__(self, name, address, *, teasers=False):
        self.name = name
        self.teasers = teasers
        self.pieces = []
        self.mode = "well"
        #: Numbers of articles that were sent whole to whoever asked.
        self.told = set()
        self.asked = 0
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
        """Return status, headers and body; the numbers of the articles in it; whether it is cut."""
        with self._lock:
            shown = self.pieces[-SHOWN:]
        self.asked += 1
        if path == "/robots.txt":
            return 404, {}, b"", (), False
        pages = {p.path: p for p in shown}
        if path in pages:
            return 200, {"Content-Type": "text/html; charset=utf-8"}, _page(pages[path]), (), False
        if path != "/feed.xml":
            return 404, {}, b"", (), False
        headers = {"Content-Type": "application/rss+xml"}
        body = _feed(self, shown)
        match self.mode:
            case "500" | "503" | "404":
                return int(self.mode), {"Content-Type": "text/html"}, b"<p>Sorry.", (), False
            case "429":
                return 429, {"Retry-After": "600"}, b"Slower, please.", (), False
            case "garbage":
                return 200, headers, random.Random(len(body)).randbytes(5000), (), False
            case "html":
                page = b"<!doctype html><title>Sign in</title><p>Please sign in."
                return 200, {"Content-Type": "text/html"}, page, (), False
            case "empty":
                return 200, headers, b"", (), False
            case "bomb":
                told = b'<!DOCTYPE x [<!ENTITY a "%b">]><rss>&a;</rss>' % (b"a" * 9999)
                return 200, headers, told, (), False
            case "cut":
                return 200, headers, body, (), True
            case "mute":
                self._released.wait(60)
                return 500, {}, b"", (), False
        numbers = () if self.teasers else tuple(p.number for p in shown)
        return 200, headers, body, numbers, False

    def _failed(self, *_request):
        import sys  # noqa: PLC0415 - only here

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
        status, headers, body, numbers, is_cut = self.site.answer(self.path)
        mark = f'"{hash(body) & 0xFFFFFFFF:x}"'
        if status == 200 and self.headers.get("If-None-Match") == mark and not is_cut:
            status, body, numbers = 304, b"", ()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status in {200, 304}:
            self.send_header("ETag", mark)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body[: len(body) // 2] if is_cut else body)
        self.close_connection = is_cut
        self.site.told.update(numbers)
        if status == 200 and self.path.endswith(".html"):
            self.site.told.update(int(n) for n in NUMBER.findall(body.decode(errors="replace")))


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
