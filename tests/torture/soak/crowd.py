"""Fifty listeners with apps of all kinds, and what they hold of what they are sent."""

import hashlib
import http.client
import random
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

KINDS = ("app", "pieces", "slow", "leaves", "head", "private")
COUNT = 50
#: So many visit at once.
AT_ONCE = 8
#: Of what each hears in a quarter of an hour.
HEARS = 2
LIMIT_S = 60


@dataclass
class Crowd:
    """All listeners."""

    port: int
    seed: int
    #: Paths of the feeds of those who were let in to the private show.
    doors: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    seen: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self._lock = Lock()
        self._listeners = [_Listener(self, number) for number in range(COUNT)]
        self._threads = ThreadPoolExecutor(AT_ONCE, "listener")

    def visit(self):
        """Let each of them come once; return the visits, to be waited for."""
        return [self._threads.submit(listener.visit) for listener in self._listeners]

    def note(self, problem):
        """Note what a listener should not have seen."""
        with self._lock:
            self.wrong.append(problem)

    def count(self, name, by=1):
        """Count what was seen."""
        with self._lock:
            self.seen[name] += by

    def close(self):
        """Let all of them go."""
        self._threads.shutdown()
        for listener in self._listeners:
            listener.close()


class _Listener:
    def __init__(self, crowd, number):
        self._crowd = crowd
        self._number = number
        self._random = random.Random(f"{crowd.seed}/{number}")
        self._kind = KINDS[number % len(KINDS)]
        self._connection = None
        self._mark = None
        self._items = []
        self._heard = set()
        self._visits = 0

    def visit(self):
        """Ask for the feed, and hear something of it."""
        crowd, self._visits = self._crowd, self._visits + 1
        try:
            # An app that asks for a private feed all the time is told to wait.
            if self._kind != "private" or self._visits % 4 == 1:
                self._ask_for_feed()
            for url, length in self._chosen():
                self._hear(url, length)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            crowd.note(f"listener {self._number} ({self._kind}): {error!r}")

    def close(self):
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _feed_path(self):
        if self._kind != "private" or not self._crowd.doors:
            return "/feed.xml"
        return self._crowd.doors[self._number % len(self._crowd.doors)]

    def _get(self, path, method="GET", **headers):
        """Return an answer; a kept connection that the server has closed is made anew."""
        self._crowd.count("requests")
        for is_last in (self._connection is None, True):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    "127.0.0.1", self._crowd.port, LIMIT_S
                )
            try:
                headers = {name.replace("_", "-"): value for name, value in headers.items()}
                self._connection.request(method, path, headers=headers)
                return self._connection.getresponse()
            except (ConnectionError, http.client.BadStatusLine):
                self.close()
                if is_last:
                    raise
        raise AssertionError

    def _ask_for_feed(self, *, anew=False):
        headers = {"If_None_Match": self._mark} if self._mark and not anew else {}
        answer = self._get(self._feed_path(), **headers)
        body = answer.read()
        if answer.status in {304, 404, 429}:
            # 404: nothing is published yet, or this listener was revoked.
            self._crowd.count(f"feed {answer.status}")
            return
        self._crowd.count(f"feed {answer.status}")
        if answer.status != 200 or len(body) != int(answer.headers["Content-Length"]):
            self._crowd.note(f"feed: status {answer.status}, {len(body)} bytes")
            return
        try:
            items = list(ET.fromstring(body).iter("item"))
        except ET.ParseError as error:
            self._crowd.note(f"a feed that does not parse: {error}")
            return
        self._mark = answer.headers["ETag"]
        enclosures = [item.find("enclosure") for item in items]
        self._items = [(e.get("url"), int(e.get("length"))) for e in enclosures]

    def _chosen(self):
        new = [each for each in self._items if each[0] not in self._heard][:HEARS]
        return new or self._random.sample(self._items, min(1, len(self._items)))

    def _hear(self, url, length):
        path = urlsplit(url).path
        self._heard.add(url)
        answer = self._get(path, method="HEAD")
        answer.read()
        if answer.status == 404:
            self._has_gone(url)
            return
        self._hold(answer.status == 200, url, f"HEAD: {answer.status}")
        self._hold(answer.headers["Content-Length"] == str(length), url, "HEAD: another length")
        match self._kind:
            case "head":
                return
            case "pieces":
                self._in_pieces(url, path, length)
            case "leaves":
                self._leave(path)
            case _:
                self._whole(url, path, length)

    def _whole(self, url, path, length):
        answer = self._get(path)
        if answer.status == 404:
            answer.read()
            self._has_gone(url)
            return
        self._hold(answer.status == 200, url, f"status {answer.status}")
        pieces = []
        while piece := answer.read(8192):
            pieces.append(piece)
            if self._kind == "slow":
                time.sleep(0.01)
        self._judge(b"".join(pieces), url, length)

    def _in_pieces(self, url, path, length):
        """Hear it in three ranges, of which the server knows that they are of one file."""
        pieces, mark = [], None
        bounds = (0, length // 3, length // 2, length)
        for start, end in pairwise(bounds):
            headers = {"Range": f"bytes={start}-{end - 1}"} | ({"If_Range": mark} if mark else {})
            answer = self._get(path, **headers)
            body = answer.read()
            if answer.status == 404:
                self._has_gone(url)
                return
            told = f"bytes {start}-{end - 1}/{length}"
            is_right = answer.status == 206 and answer.headers["Content-Range"] == told
            self._hold(is_right, url, f"{answer.status} {answer.headers['Content-Range']}")
            mark = answer.headers["ETag"]
            pieces.append(body)
        self._crowd.count("in pieces")
        self._judge(b"".join(pieces), url, length)

    def _leave(self, path):
        """Hang up in the middle, without a word."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._crowd.port)) as gone:
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            gone.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            gone.recv(3000)
        self._crowd.count("left")

    def _judge(self, body, url, length):
        self._crowd.count("heard")
        self._crowd.count("MB heard", len(body) / 1e6)
        digest = hashlib.sha256(body).hexdigest()[:8]
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        self._hold(len(body) == length, url, f"torn: {len(body)} of {length} bytes")
        self._hold(name.rpartition(".")[0].endswith(digest), url, "other bytes than its name says")

    def _has_gone(self, url):
        """Look at the feed again: what a correction has replaced is not named any more."""
        self._items = []
        self._ask_for_feed(anew=True)
        if url in {each for each, _ in self._items}:
            self._crowd.note(f"the feed names what is not there: {url}")
        self._crowd.count("replaced between feed and sound")

    def _hold(self, is_right, url, problem):
        if not is_right:
            self._crowd.note(f"{url}: {problem}")
