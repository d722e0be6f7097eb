"""A workspace that is really built, and the server of `audiobrief review` for it."""

import json
import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread
from time import monotonic

from audiobrief.ingest.source import gather, read
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.review.desk import ReviewDesk
from audiobrief.review.app import App
from audiobrief.review.events import Events
from audiobrief.review.guard import Guard
from audiobrief.serve.server import Server, listen
from audiobrief.workspace.load import load_workspace
from tests.serve.wire import Wire, ask, head_of
from tests.support import ARTICLE, OTHER

NOW = datetime(2024, 5, 17, 6, 30, tzinfo=UTC)
SETTINGS = """\
[show]
title = "Harbor News"
[publish]
require_approval = true
[cast]
narrator = "low"
quotes = ["high"]
"""
VOICE = 'engine = "tone"\nengine_voice = "tone-{n}"\nlanguage = "en"\n'
NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
#: What the page sends with every change.
OWN = {"Content-Type": "application/json", "X-Audiobrief": "review"}


def put_workspace(root, *, settings=SETTINGS, articles=None):
    """Write a workspace and build it."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "audiobrief.toml").write_text(settings, encoding="utf-8")
    (root / "voices").mkdir()
    for name, n in (("low", 1), ("high", 2)):
        (root / "voices" / f"{name}.toml").write_text(VOICE.format(n=n), encoding="utf-8")
    (root / "articles").mkdir()
    for name, text in (articles or {"ferry.txt": ARTICLE, "library.txt": OTHER}).items():
        (root / "articles" / name).write_text(text, encoding="utf-8")
    rebuild(root)
    return root


def rebuild(root):
    """Build whatever lies in the inbox, as `audiobrief build` does."""
    workspace = load_workspace(root)
    found = gather([workspace.articles], root=workspace.root)
    inputs = [Input(c.locator, lambda c=c: read(c), path=c.path) for c in found]
    report = build(workspace, inputs, now=NOW)
    assert [outcome.error for outcome in report.outcomes] == [None] * len(found), report
    return report


@dataclass
class Running:
    """A server on a thread."""

    root: object
    port: int
    desk: ReviewDesk
    served: list = field(default_factory=list)
    troubles: list = field(default_factory=list)

    def get(self, path, fields=(), **options):
        """Return the answer to a GET."""
        return ask(self.port, "GET", path, fields, **options)

    def json(self, path):
        """Return what a path tells."""
        got = self.get(path)
        assert got.status == 200, got
        return json.loads(got.body)

    def post(self, path, document, fields=None, **options):
        """Return status and document of the answer to a change."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        got = ask(self.port, "POST", path, OWN if fields is None else fields, body, **options)
        return got.status, json.loads(got.body)

    def document(self, identifier):
        """Return an episode's document."""
        return self.json(f"/api/episodes/{identifier}")

    def id_of(self, title):
        """Return the id of the episode whose title begins so."""
        rows = self.json("/api/episodes")["episodes"]
        return next(row["id"] for row in rows if row["title"].startswith(title))

    def rest(self):
        """Return when nothing is being built any more of what earlier tests have changed."""
        end = monotonic() + 60
        rows = self.json("/api/episodes")["episodes"]
        while any(self.document(row["id"])["is_building"] for row in rows):
            assert monotonic() < end, "a build does not end"


@contextmanager
def running(root, *, by="ana", guard=None, show=None):
    """Run a server until the block ends; it must have met no defect."""
    workspace = load_workspace(root)
    shows = (workspace.of_show(show),) if show else workspace.shows
    listening = listen("127.0.0.1", 0)
    events = Events()
    troubles, served = [], []
    desk = ReviewDesk(
        shows, by=by, clock=lambda: datetime.now(UTC), events=events, report=troubles.append,
        check=lambda _folder: (),
    )  # fmt: skip
    app = App(desk, events, guard or Guard(NAMES), log=served.append, report=troubles.append)
    server = Server(app, listening)
    run = Running(root, listening.getsockname()[1], desk, served, troubles)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield run
    finally:
        events.close()
        server.stop()
        thread.join()
        desk.close()
    assert run.troubles == []


@contextmanager
def copied(root, place):
    """Yield a copy of a workspace, with its cache: nothing is spoken again."""
    shutil.copytree(root, place)
    yield place


class Stream:
    """A page that hears events."""

    def __init__(self, port, last_id=""):
        self.wire = Wire(port)
        self.wire.socket.settimeout(60)
        fields = {"Last-Event-ID": last_id} if last_id else {}
        self.wire.send(head_of("GET", "/api/events", fields))
        self._file = self.wire.socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        while self._file.readline() not in {b"\r\n", b""}:
            pass
        self._rest = b""
        self.last_id = ""

    def next(self, kind=None):
        """Return the next event of an episode (and of a kind); ``None``: the stream has ended.

        Of the kind "queue": that something has changed anywhere.
        """
        while True:
            block = self._block()
            if block is None:
                return None
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "data" not in fields:
                continue
            self.last_id = fields["id"]
            event = json.loads(fields["data"])
            name = "queue" if event["episode"] is None else event["type"]
            if name == kind or (kind is None and name != "queue"):
                return event

    def close(self):
        """Go away."""
        self._file.close()
        self.wire.close()

    def _block(self):
        while b"\n\n" not in self._rest:
            size = self._file.readline()
            length = int(size or b"0", 16)
            if not length:
                return None
            self._rest += self._file.read(length)
            self._file.readline()
        block, _, self._rest = self._rest.partition(b"\n\n")
        return block.decode()


@contextmanager
def listening_to(run, last_id=""):
    """Yield a page that hears events."""
    with closing(Stream(run.port, last_id)) as stream:
        assert stream.status == 200
        yield stream
