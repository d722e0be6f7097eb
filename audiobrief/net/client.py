"""Addresses in, bytes out: one client for everything that is fetched.

It is safe: every connection, also after a redirect, goes to an address that was judged. It is
bounded: by a deadline for all of a request, by the length of head and decoded body. It is polite:
one request at a time to a host, with pauses, robots.txt, conditional requests, and rest for hosts
that ask for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import httpx

from audiobrief.net.address import Allowed, parse_url, refuse_tricks
from audiobrief.net.allowance import Deadline
from audiobrief.net.answer import API, PAGE, ROBOTS, Answer, Known
from audiobrief.net.body import kind_of
from audiobrief.net.exchange import Exchange, Order
from audiobrief.net.fault import Fault, PassingFault, UnsafeFault
from audiobrief.net.moment import fresh_until, pause_s
from audiobrief.net.redact import redact
from audiobrief.net.robots import Robots
from audiobrief.net.told import error_of, later_s
from audiobrief.net.transport import Transport
from audiobrief.net.turns import Turns
from audiobrief.net.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobrief.net.answer import Limit
    from audiobrief.net.exchange import Reply
    from audiobrief.net.rules import ClientRules

_MOST_REDIRECTS = 5
_MOST_REPEATS = 2

#: Longer marks would be refused by hosts that limit what they are sent.
_MOST_MARK_CHARACTERS = 1000


@dataclass(slots=True)
class _Effort:
    """How much is done for one request."""

    deadline: Deadline
    repeats: int = 0


class Client:
    """Fetches; to be used in a ``with`` block, by any number of threads.

    Args:
        rules: What the user wants.
        world: What tests replace.

    Raises:
        WorkspaceError: An allowed host is not written as one.
    """

    def __init__(self, rules: ClientRules, world: World | None = None) -> None:
        self._rules = rules
        self._world = world or World()
        self._allowed = Allowed.parse(rules.allowed_hosts)
        self._transport = Transport(self._allowed, self._world)
        self._exchange = Exchange(rules, self._allowed, self._transport, self._world)
        self._turns = Turns(self._world)
        self._robots = Robots(self._fetch_robots, self._world.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def get(
        self,
        url: str,
        *,
        known: Known | None = None,
        limit: Limit = PAGE,
        secrets: Mapping[str, str] | None = None,
        found_on: str | None = None,
    ) -> Answer:
        """Fetch an address.

        Args:
            url: http or https.
            known: What the last answer said about itself; then the body may be ``None``.
            limit: What is taken.
            secrets: Headers, such as ``Authorization``, for the origin of ``url`` alone.
            found_on: The page or feed that has this link. Such a link leads to a host at home only
                if it was found at home; ``None``: the user has given the address.

        Raises:
            UnsafeAddressError: It, or where it redirects to, is never asked.
            RobotsError: Its host wants it to be left alone.
            TryLaterError: Its host is busy or out of reach.
            NetworkError: There is nothing usable.
        """
        with self._told(url):
            order = Order("GET", parse_url(url), limit, known, secrets or {})
            return self._answer(order, is_from_user=self._is_from_home(found_on))

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        limit: Limit = API,
    ) -> Answer:
        """Send something to a service. It is sent once, and no redirect is followed.

        Args:
            url: https, or http to an allowed host.
            json: What is sent, as JSON.
            form: What is sent, as fields of a form.
            secrets: Headers for this request.
            limit: What is taken as an answer.

        Raises:
            TryLaterError: The service is busy or out of reach; it may have got the request.
            NetworkError: There is nothing usable.
        """
        with self._told(url):
            body = httpx.Request("POST", "https://x/", json=json, data=form)
            order = Order(
                "POST",
                parse_url(url),
                limit,
                secrets=secrets or {},
                content=body.read(),
                content_type=body.headers.get("Content-Type"),
            )
            return self._answer(order, is_from_user=True)

    def _answer(self, order: Order, *, is_from_user: bool) -> Answer:
        effort = _Effort(Deadline(self._world.clock, self._rules.deadline_s))
        reply = self._follow(order, effort, may_go_home=is_from_user)
        kind, charset = kind_of(reply.headers)
        return Answer(
            str(reply.url),
            reply.body,
            kind,
            charset,
            _known(reply, order.known),
            fresh_until(reply.headers, self._world.now()),
        )

    def _follow(self, order: Order, effort: _Effort, *, may_go_home: bool) -> Reply:
        """Ask, and go where the answers lead."""
        url, cookies = order.url, httpx.Cookies()
        asked: list[tuple[httpx.URL, frozenset[object]]] = []
        while True:
            with self._told(str(order.url), str(url)):
                # A page may set a cookie and lead to itself: that is no circle.
                step = (url, frozenset((c.domain, c.name, c.value) for c in cookies.jar))
                _refuse_wandering(step in asked, len(asked))
                asked.append(step)
                reply = self._ask(order, url, cookies, effort, may_go_home=may_go_home)
            if reply.location is None:
                return reply
            may_go_home = self._transport.guard.is_home(url.raw_host.decode("ascii"))
            with self._told(str(order.url), reply.location):
                url = _next(order, reply)

    def _ask(
        self,
        order: Order,
        url: httpx.URL,
        cookies: httpx.Cookies,
        effort: _Effort,
        *,
        may_go_home: bool,
    ) -> Reply:
        """Ask a host in its turn, a second and a third time if that may help."""
        if order.limit.heeds_robots and self._rules.heeds_robots:
            self._robots.require(url, effort.deadline, may_go_home=may_go_home)
        host = url.raw_host.decode("ascii")
        while True:
            with self._turns.take(host, self._delay_s(url), effort.deadline):
                try:
                    return self._exchange.once(
                        order, url, cookies, effort.deadline, may_go_home=may_go_home
                    )
                except PassingFault as fault:
                    if not self._will_repeat(order, host, fault, effort):
                        raise

    def _will_repeat(self, order: Order, host: str, fault: PassingFault, effort: _Effort) -> bool:
        """Decide whether to ask once more, and let nobody ask the host until then."""
        # "Retry-After: 0", or a date gone by: a busy host has a moment all the same.
        seconds = max(pause_s(effort.repeats), fault.after_s or 0.0)
        is_repeatable = order.method == "GET" or fault.is_unsent
        is_useful = is_repeatable and not fault.is_final and effort.repeats < _MOST_REPEATS
        if is_useful and effort.deadline.has_s(seconds):
            effort.repeats += 1
            self._turns.pause(host, seconds)
            # Waiting for a turn is not counted, this is.
            effort.deadline.move(-seconds)
            return True
        if fault.is_of_host:
            self._turns.rest(host, later_s(fault), fault)
        return False

    def _delay_s(self, url: httpx.URL) -> float:
        own = self._rules.of(url.raw_host.decode("ascii")).delay_s
        least = self._rules.delay_s if own is None else own
        return max(least, min(self._robots.delay_s(url), self._rules.most_delay_s))

    def _fetch_robots(self, url: httpx.URL, deadline: Deadline, may_go_home: bool) -> bytes:
        reply = self._follow(Order("GET", url, ROBOTS), _Effort(deadline), may_go_home=may_go_home)
        return reply.body or b""

    def _is_from_home(self, found_on: str | None) -> bool:
        """Tell whether who gave an address may send us home."""
        if found_on is None:
            return True
        try:
            host = parse_url(found_on).raw_host.decode("ascii")
        except Fault:
            return False
        return self._transport.guard.is_home(host)

    @contextmanager
    def _told(self, asked: str, at: str | None = None) -> Iterator[None]:
        """Make errors of faults: with the address, and what it led to."""
        where = redact(asked)
        if at is not None and at != asked:
            where = f"{where} -> {redact(at)}"
        try:
            yield
        except Fault as fault:
            raise error_of(fault, where, self._world.now()) from fault


def _refuse_wandering(is_known: bool, step_count: int) -> None:
    if is_known:
        raise Fault("its redirects go round in a circle", "open it in a browser")
    if step_count > _MOST_REDIRECTS:
        raise Fault(f"it redirects more than {_MOST_REDIRECTS} times", "open it in a browser")


def _next(order: Order, reply: Reply) -> httpx.URL:
    """Return where a redirect leads, judged like any address."""
    location = reply.location or ""
    if order.method != "GET":
        raise Fault(
            f"it redirects to {redact(location)}, but keys are sent to the given address alone",
            "give the address that it redirects to",
        )
    refuse_tricks(location)
    try:
        return parse_url(str(reply.url.join(location)))
    except httpx.InvalidURL as error:
        raise UnsafeFault(
            "it redirects to something that is no address", "tell its operator"
        ) from error


def _known(reply: Reply, before: Known | None) -> Known:
    """Return what to ask with next time; an unchanged page may repeat its marks or not."""
    old = before if reply.body is None and before is not None else Known()
    return Known(
        _mark(reply.headers.get("ETag")) or old.etag,
        _mark(reply.headers.get("Last-Modified")) or old.last_modified,
        str(reply.url),
    )


def _mark(field: str | None) -> str | None:
    return field if field and len(field) <= _MOST_MARK_CHARACTERS else None
