"""Names, addresses, sites, and a record of everything that was asked."""

import socket
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Event, Lock

from audiobrief.net.world import World
from tests.internet.clock import Clock
from tests.internet.page import Page, Raw
from tests.internet.server import Server, trusting

_PORTS = {80: "http", 443: "https"}


@dataclass
class Site:
    """A host with pages."""

    host: str
    #: Path, with or without its query -> a page, several in turn (the last one stays), or a
    #: function of the request.
    pages: dict
    #: What the resolver answers, in turn; the last answer stays.
    answers: list[Sequence[str]]
    #: All of these, as sockets know them.
    places: frozenset[str]
    ports: dict[int, str]
    #: The name in the certificate.
    certificate: str
    #: Refuses connections.
    is_dead: bool = False
    turns: Counter = field(default_factory=Counter)

    def url(self, path="/", scheme="https"):
        """Return the address of a page."""
        return f"{scheme}://{self.host}{path}"


class Internet:
    """All sites, and the world in which a client finds them."""

    def __init__(self):
        self.clock = Clock()
        self.released = Event()
        #: Everything that was asked, in order.
        self.requests = []
        #: (address, port) of every attempt to connect, in order.
        self.connections = []
        #: Every name that was resolved, in order.
        self.lookups = []
        #: Most requests under way at once, by host.
        self.most_busy = Counter()
        #: Errors of the servers themselves.
        self.failures = []
        self._busy = Counter()
        self._sites = {}
        self._servers = {}
        self._lock = Lock()

    @property
    def world(self):
        """What a client is given."""
        clock = self.clock
        return World(
            self.resolve, self.connect, clock.seconds, clock.now, clock.wait, trust=trusting
        )

    def site(
        self,
        host,
        pages=None,
        *,
        robots=None,
        addresses=None,
        answers=None,
        ports=None,
        certificate=None,
        is_dead=False,
    ):
        """Put a site up.

        Args:
            host: Its name.
            pages: Path -> what it answers (see `Site.pages`); a string is a page of HTML.
            robots: The text of its robots.txt; else it has none.
            addresses: Of the name; else one that looks public.
            answers: Several of these, one a lookup.
            ports: Port -> scheme, besides 80 and 443.
            certificate: The name in the certificate, if it is another one.
            is_dead: Nobody listens there.
        """
        number = len(self._sites) + 1
        own = [f"11.0.{number // 250}.{number % 250 + 1}"]
        pages = dict(pages or {})
        if robots is not None:
            pages["/robots.txt"] = Page(robots, "text/plain")
        answers = list(answers or [addresses or own])
        self._sites[host] = Site(
            host,
            pages,
            answers,
            frozenset(a.removeprefix("::ffff:") for answer in answers for a in answer),
            _PORTS | (ports or {}),
            certificate or host,
            is_dead,
        )
        return self._sites[host]

    def asked(self, host=None):
        """Return the paths that were asked for, of one host or of all; robots.txt left out."""
        return [
            r.path
            for r in self.requests
            if (host is None or r.host == host) and r.path != "/robots.txt"
        ]

    @property
    def private_connections(self):
        """Attempts to connect to where no site of the internet can be."""
        return [c for c in self.connections if not ip_address(c[0]).is_global]

    def port(self, scheme):
        """Return the port of 127.0.0.1 on which all sites listen."""
        with self._lock:
            if scheme not in self._servers:
                self._servers[scheme] = Server(self, scheme)
            return self._servers[scheme].server_port

    def servers(self):
        """Return those that run."""
        with self._lock:
            return list(self._servers.values())

    def resolve(self, host, port):
        """Return the addresses of a host, as a resolver does."""
        with self._lock:
            self.lookups.append(host)
            if host in self._sites:
                site = self._sites[host]
                return list(site.answers.pop(0) if len(site.answers) > 1 else site.answers[0])
        if host == "localhost":
            return ["127.0.0.1", "::1"]
        # Numbers in all their forms are the system's: no question leaves this machine.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return list(dict.fromkeys(place[4][0] for place in found))

    def connect(self, address, port, timeout_s):
        """Return a connection to the server that plays an address."""
        return socket.create_connection(self.way(address, port), timeout_s)

    def way(self, address, port):
        """Return where on loopback the server listens that plays an address.

        Raises:
            ConnectionRefusedError: Nobody listens there.
        """
        with self._lock:
            self.connections.append((address, port))
            sites = [s for s in self._sites.values() if address in s.places]
        if not sites or sites[0].is_dead or port not in sites[0].ports:
            raise ConnectionRefusedError(111, "Connection refused")
        return ("127.0.0.1", self.port(sites[0].ports[port]))

    def answer(self, asked):
        """Return the page for a request, and whether the connection ends with it."""
        with self._lock:
            self.requests.append(asked)
            site = self._sites.get(asked.host)
            if site is None:
                return Page("No such site.", status=421), True
            bare = asked.path.partition("?")[0]
            path = asked.path if asked.path in site.pages else bare
            page = site.pages.get(path, Page("No such page.", status=404))
            number = site.turns[path]
            site.turns[path] += 1
        if callable(page):
            page = page(asked)
        elif isinstance(page, list):
            page = page[min(number, len(page) - 1)]
        page = Page(page) if isinstance(page, str) else page
        return page, isinstance(page, Raw)

    def certificate_of(self, name):
        """Return the name in the certificate that a host shows."""
        return self._sites[name].certificate if name in self._sites else name

    @contextmanager
    def under_way(self, host):
        """Count a request."""
        with self._lock:
            self._busy[host] += 1
            self.most_busy[host] = max(self.most_busy[host], self._busy[host])
        try:
            yield
        finally:
            with self._lock:
                self._busy[host] -= 1

    def close(self):
        """Take everything down."""
        self.released.set()
        for server in self._servers.values():
            server.close()
