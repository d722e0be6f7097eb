"""One question to one server, and what it answered, whatever that was.

`Client` gives what can be used; this tells how a server behaves: status, headers and the first
bytes, for HEAD and Range and conditional requests alike. It is as safe as the client: the same
guard judges every connection, also after a redirect.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import httpx

from audiobrief import __version__
from audiobrief.net.address import Allowed, parse_url, refuse_tricks
from audiobrief.net.allowance import Allowance, Deadline, using
from audiobrief.net.answer import Limit
from audiobrief.net.body import read_body
from audiobrief.net.credential import credentials_of
from audiobrief.net.fault import Fault, UnsafeFault
from audiobrief.net.redact import redact
from audiobrief.net.robots import PRODUCT
from audiobrief.net.told import error_of
from audiobrief.net.transport import Transport
from audiobrief.net.turns import Turns
from audiobrief.net.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobrief.net.rules import ClientRules

#: Counters of listeners redirect, one after the other.
_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect on the way."""

    status: int
    #: Where it led.
    url: str


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """An answer, whatever its status."""

    #: Where it came from, after redirects.
    url: str
    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    #: Decoded, and no more of it than was asked for.
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    #: Why the body could not be read; empty: it could.
    body_problem: str = ""

    def header(self, name: str) -> str:
        """Return a header; empty when there is none."""
        return self.headers.get(name, "")

    def __repr__(self) -> str:
        """Show neither what may be secret in the address nor the body."""
        return f"Seen({redact(self.url)!r}, {self.status})"


@dataclass(slots=True)
class Prober:
    """Asks servers how they behave; to be used in a ``with`` block, by one thread.

    Args:
        rules: What the user wants; robots.txt is not asked, for the user names what is checked.
        world: What tests replace.

    Raises:
        WorkspaceError: An allowed host is not written as one.
    """

    rules: ClientRules
    world: World = field(default_factory=World)
    _allowed: Allowed = field(init=False)
    _transport: Transport = field(init=False)
    _turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self._allowed = Allowed.parse(self.rules.allowed_hosts)
        self._transport = Transport(self._allowed, self.world)
        self._turns = Turns(self.world)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._transport.close()

    def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        most_bytes: int = 1024,
        found_on: str | None = None,
    ) -> Seen:
        """Ask an address once, and go where redirects lead.

        Args:
            url: http or https.
            method: ``GET`` or ``HEAD``.
            headers: Sent besides, such as ``Range``.
            most_bytes: So much of the body is read, then the connection is closed.
            found_on: The feed that has this link: it leads home only from home. ``None``: the user
                has given the address.

        Raises:
            UnsafeAddressError: It, or where it redirects to, is never asked.
            TryLaterError: Its host is out of reach.
            NetworkError: There is no proper answer.
        """
        with self._told(url):
            place = parse_url(url)
            may_go_home = found_on is None or self._is_home(parse_url(found_on))
            deadline = Deadline(self.world.clock, self.rules.deadline_s)
            hops: list[Hop] = []
            while True:
                host = place.raw_host.decode("ascii")
                own = self.rules.of(host).delay_s
                delay_s = self.rules.delay_s if own is None else own
                with self._turns.take(host, delay_s, deadline):
                    request = httpx.Request(method, place, headers=self._fields(place, headers))
                    with using(Allowance(deadline, may_go_home=may_go_home)):
                        seen = self._once(request, tuple(hops), most_bytes)
                location = seen.header("location")
                if seen.status not in _REDIRECTS or not location:
                    return seen
                if len(hops) >= _MOST_REDIRECTS:
                    raise Fault(f"it redirects more than {_MOST_REDIRECTS} times", "open it")
                may_go_home = self._is_home(place)
                place = _next(place, location)
                hops.append(Hop(seen.status, str(place)))

    def _once(self, request: httpx.Request, hops: tuple[Hop, ...], most_bytes: int) -> Seen:
        response = self._transport.handle_request(request)
        headers = {name.lower(): value for name, value in response.headers.items()}
        body, problem = b"", ""
        with closing(response):
            if request.method != "HEAD" and response.status_code not in _REDIRECTS:
                try:
                    body = read_body(response, Limit(("*/*",), most_bytes, is_cut=True))
                except Fault as fault:
                    problem = fault.problem
        return Seen(str(request.url), response.status_code, headers, body, hops, problem)

    def _fields(self, url: httpx.URL, headers: Mapping[str, str] | None) -> dict[str, str]:
        contact = f" (+{self.rules.contact_url})" if self.rules.contact_url else ""
        fields = {
            "User-Agent": f"{PRODUCT}/{__version__}{contact}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }
        host = url.raw_host.decode("ascii")
        if url.scheme == "https" or self._allowed.names_host(host):
            fields |= credentials_of(self.rules.of(host))
        return {**fields, **(headers or {})}

    def _is_home(self, url: httpx.URL) -> bool:
        return self._transport.guard.is_home(url.raw_host.decode("ascii"))

    @contextmanager
    def _told(self, url: str) -> Iterator[None]:
        """Make errors of faults: with the address."""
        where = redact(url)
        try:
            yield
        except Fault as fault:
            raise error_of(fault, where, self.world.now()) from fault


def _next(place: httpx.URL, location: str) -> httpx.URL:
    refuse_tricks(location)
    try:
        return parse_url(str(place.join(location)))
    except httpx.InvalidURL as error:
        raise UnsafeFault("it redirects to what is no address", "tell its operator") from error
