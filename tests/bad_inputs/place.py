"""Where a case takes place: a workspace, a home, a world outside, an internet."""

import json
import os
import socketserver
from functools import cached_property
from pathlib import Path
from threading import Thread

from tests.internet import Internet
from tests.internet.page import Page
from tests.internet.server import authority

#: Address space, not memory: libraries reserve far more than they use.
MOST_ADDRESSES_BYTES = 4_000_000_000
_SITE = Path(__file__).resolve().with_name("site")
#: In the environment of every command, and never to be seen anywhere.
SECRET = "hunter2-of-the-environment"
#: In files that lie outside, and never to be seen either.
OUTSIDE = "root:x:0:0:the-text-of-a-file-outside"

GOOD_TITLE = "Ferry returns to the old harbor"
GOOD = f"""\
{GOOD_TITLE}

The ferry across the bay will run again from Monday, eleven months after a storm sank its pier.

Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday evening.
"""
#: Of an article that is not the good one; what a case is about goes around it.
TITLE = "Council approves a new library"
BODY = """\
The town council approved a library beside the market on Tuesday, after two years of debate.

Building begins in spring, and the doors open in the autumn of next year, the mayor promised.
"""
PARAGRAPHS = "".join(f"<p>{p}</p>" for p in BODY.strip().split("\n\n"))

PAGE = Page(
    f"<!doctype html><html lang='en'><head><title>{TITLE}</title></head>"
    f"<body><article><h1>{TITLE}</h1>{PARAGRAPHS}</article></body></html>"
)


class Place:
    """A folder in which all that a command may touch lies.

    Attributes:
        root: All of it.
        workspace: Where the command runs, with the good article in its inbox.
        outside: What it has no business with.
    """

    def __init__(self, root):
        self.root = root
        self.workspace = root / "workspace"
        self.outside = root / "outside"
        self.home = root / "home"
        self.scratch = root / "tmp"
        self.articles = self.workspace / "articles"
        for folder in (self.articles, self.outside, self.home, self.scratch):
            folder.mkdir(parents=True)
        (self.articles / "good.txt").write_text(GOOD, encoding="utf-8")
        (self.outside / "secret.txt").write_text(OUTSIDE, encoding="utf-8")
        self.settings()
        self._internet = None

    def settings(self, text=""):
        """Write the settings of the workspace."""
        show = '[show]\ntitle = "Morning Brief"\nauthor = "Jo Example"\nemail = "jo@example.org"\n'
        (self.workspace / "audiobrief.toml").write_text(show + text, encoding="utf-8")

    def feed(self, body, *, kind="application/rss+xml", **options):
        """Put a feed up, and make it a source of the workspace."""
        pages = {"/feed.xml": Page(body, kind, **options), "/1": PAGE}
        site = self.internet.site("news.example", pages)
        self.settings(
            '\n[[sources]]\nname = "News"\nurl = "https://news.example/feed.xml"\n'
            '\n[network.hosts]\n"news.example" = { cookies = { session = "NEWS_SESSION" } }\n'
        )
        return site

    def article(self, name, content):
        """Put a file into the inbox."""
        path = self.articles / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @property
    def internet(self):
        """The sites, made when a case asks for them."""
        if self._internet is None:
            self._internet = Internet()
        return self._internet

    @property
    def has_internet(self):
        """Whether a case has asked for it."""
        return self._internet is not None

    @cached_property
    def bridge(self):
        """What the command asks for names and ways."""
        return Bridge(self.internet)

    def environment(self, speed):
        """Return the environment of the command."""
        kept = {n: v for n, v in os.environ.items() if n in ("PATH", "LANG", "SYSTEMROOT")}
        environment = {
            **kept,
            "HOME": str(self.home),
            "TMPDIR": str(self.scratch),
            "NO_COLOR": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (_SITE, Path.cwd()))),
            "AUDIOBRIEF_MOST_ADDRESSES": str(MOST_ADDRESSES_BYTES),
            # Room for threads is reserved for each core of a machine: up to gigabytes.
            "OPENBLAS_NUM_THREADS": "1",
            "SOURCE_DATE_EPOCH": "1767225600",
            "NEWS_SESSION": SECRET,
            "AUDIOBRIEF_INBOX_TOKEN": SECRET,
            "AUDIOBRIEF_WITNESS": str(self.witness),
        }
        if self.has_internet:
            certificate = self.root / "authority.pem"
            authority().cert_pem.write_to_path(certificate)
            environment |= {
                "AUDIOBRIEF_INTERNET": str(self.bridge.port),
                "AUDIOBRIEF_SPEED": str(speed),
                "AUDIOBRIEF_AUTHORITY": str(certificate),
            }
        return environment

    @property
    def witness(self):
        """What `site/sitecustomize.py` writes."""
        return self.root / "witness.jsonl"

    def events(self):
        """Return what the witness saw: an event and what it was about."""
        if not self.witness.exists():
            return []
        lines = self.witness.read_text(encoding="utf-8", errors="replace").splitlines()
        return [json.loads(line) for line in lines]

    def local_ports(self):
        """Return the ports of loopback that play the internet."""
        if not self.has_internet:
            return set()
        servers = self.internet.servers()
        return {self.bridge.port, *(server.server_port for server in servers)}

    def close(self):
        """Take everything down."""
        if self.has_internet:
            self.bridge.close()
            self.internet.close()


class Bridge:
    """Answers a process what the internet of this one would."""

    def __init__(self, internet):
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Answering)
        self._server.daemon_threads = True
        self._server.internet = internet
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self):
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Answering(socketserver.StreamRequestHandler):
    def handle(self):
        """Answer one question."""
        kind, host, port, *_ = json.loads(self.rfile.readline())
        internet = self.server.internet
        try:
            asked = internet.resolve if kind == "resolve" else internet.way
            answer = ["ok", asked(host, port)]
        except ConnectionRefusedError as error:
            answer = ["error", "refused", error.errno, error.strerror]
        except OSError as error:
            answer = ["error", "gaierror", error.errno, error.strerror]
        self.wfile.write(json.dumps(answer).encode() + b"\n")
