"""One request to one host, and what its answer means."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from audiobrief import __version__
from audiobrief.net.allowance import Allowance, using
from audiobrief.net.body import ACCEPT_ENCODING, kind_of, read_body
from audiobrief.net.credential import credentials_of
from audiobrief.net.fault import Fault, PassingFault
from audiobrief.net.moment import retry_after_s
from audiobrief.net.robots import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.net.address import Allowed
    from audiobrief.net.allowance import Deadline
    from audiobrief.net.answer import Known, Limit
    from audiobrief.net.rules import ClientRules
    from audiobrief.net.transport import Transport
    from audiobrief.net.world import World

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Busy, all of the host: RFC 6585 and RFC 9110.
_BUSY = frozenset({429, 503})
#: May be over in a moment: timeouts, early data, server errors, and what Cloudflare adds.
_PASSING = frozenset({408, 425, 500, 502, 504, *range(520, 528), 530})
_LOGIN = frozenset({401, 402, 403, 407, 451})


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    method: str
    url: httpx.URL
    limit: Limit
    known: Known | None = None
    #: Headers that the origin of ``url`` alone may see; never shown.
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)
    content_type: str | None = None

    def marks_for(self, url: httpx.URL) -> Known | None:
        """Return what is known of an address."""
        is_same = self.known is not None and self.known.url in {None, str(url)}
        return self.known if is_same else None

    def is_of_origin(self, url: httpx.URL) -> bool:
        """Tell whether an address has scheme, host and port of the one asked for."""
        asked = self.url
        return (asked.scheme, asked.raw_host, asked.port) == (url.scheme, url.raw_host, url.port)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one host answered: a body, nothing new, or another address."""

    url: httpx.URL
    headers: httpx.Headers
    body: bytes | None = None
    location: str | None = None


class Exchange:
    """Asks hosts, each with what is theirs."""

    def __init__(
        self, rules: ClientRules, allowed: Allowed, transport: Transport, world: World
    ) -> None:
        self._rules = rules
        self._allowed = allowed
        self._transport = transport
        self._now = world.now
        contact = f" (+{rules.contact_url})" if rules.contact_url else ""
        self._name = f"{PRODUCT}/{__version__}{contact}"

    def once(
        self,
        order: Order,
        url: httpx.URL,
        cookies: httpx.Cookies,
        deadline: Deadline,
        *,
        may_go_home: bool,
    ) -> Reply:
        """Ask once.

        Args:
            order: What for.
            url: The address itself, or where redirects have led.
            cookies: What was set on the way; more may be added.
            deadline: For everything.
            may_go_home: The user, or a host at home, has asked for it.

        Raises:
            Fault: There is no answer, or none that can be used.
        """
        fields = self._fields(order, url, cookies)
        request = httpx.Request(order.method, url, headers=fields, content=order.content)
        with using(Allowance(deadline, may_go_home=may_go_home)):
            response = self._transport.handle_request(request)
            with closing(response):
                cookies.extract_cookies(response)
                return self._judge(order, response)

    def _fields(self, order: Order, url: httpx.URL, cookies: httpx.Cookies) -> dict[str, str]:
        """Return the headers of a request."""
        fields = {
            "User-Agent": self._name,
            "Accept": order.limit.accept,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        if order.content_type:
            fields["Content-Type"] = order.content_type
        marks = order.marks_for(url)
        if marks and marks.etag:
            fields["If-None-Match"] = marks.etag
        if marks and marks.last_modified:
            fields["If-Modified-Since"] = marks.last_modified
        host = url.raw_host.decode("ascii")
        if url.scheme == "https" or self._allowed.names_host(host):
            fields |= credentials_of(self._rules.of(host))
            if order.is_of_origin(url):
                fields |= order.secrets
        elif order.secrets and order.is_of_origin(url):
            raise Fault(
                "a key or password is not sent without encryption",
                "use https://, or put the host into [network] allow if it is your own",
            )
        return _with_cookies(fields, url, cookies)

    def _judge(self, order: Order, response: httpx.Response) -> Reply:
        """Return what an answer gives, or what is wrong with it."""
        status, url, headers = response.status_code, response.request.url, response.headers
        if status == 304:
            if order.marks_for(url) is None:
                raise Fault(
                    "the host says that nothing has changed, but it was not asked that",
                    "tell its operator",
                    status=status,
                )
            return Reply(url, headers)
        if status in _REDIRECTS and "Location" in headers:
            return Reply(url, headers, location=headers["Location"])
        if not 200 <= status < 300 or status == 206:
            raise _fault_of(status, retry_after_s(headers.get("Retry-After"), self._now()))
        kind, _ = kind_of(headers)
        if not order.limit.takes(kind):
            raise Fault(
                f"it is of the type {(kind or '')[:60]!r}, which cannot be used here",
                "give the address of a page, a feed or a document",
                status=status,
            )
        return Reply(url, headers, body=read_body(response, order.limit))


def _with_cookies(fields: dict[str, str], url: httpx.URL, cookies: httpx.Cookies) -> dict[str, str]:
    """Add the cookies that were set on the way to those of the user."""
    probe = httpx.Request("GET", url)
    cookies.set_cookie_header(probe)
    both = [c for c in (fields.get("Cookie"), probe.headers.get("Cookie")) if c]
    return {**fields, "Cookie": "; ".join(both)} if both else fields


def _fault_of(status: int, after_s: float | None) -> Fault:
    if status in _BUSY:
        return PassingFault(
            f"the host is busy (HTTP {status})", status=status, after_s=after_s, is_of_host=True
        )
    if status in _PASSING:
        return PassingFault(f"the host has a fault (HTTP {status})", status=status, after_s=after_s)
    if status in {404, 410}:
        return Fault(f"there is no such page (HTTP {status})", "check the address", status=status)
    if status in _LOGIN:
        return Fault(
            f"the host does not show it to us (HTTP {status})",
            "open it in a browser; with an account, give its cookie or key to this host",
            status=status,
        )
    return Fault(f"the host refuses (HTTP {status})", "check the address", status=status)
