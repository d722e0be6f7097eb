"""Who may send to the inbox: whoever knows the token, from a page of ours or from no page."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.serve.request import Request

#: So many at once, wrong tokens of one address by default, and how soon there may be another one.
_BURST: Final = 10
_REFILL_S: Final = 6.0
#: Addresses that are remembered; the one that was quiet the longest is forgotten.
_MOST_CLIENTS: Final = 4096


class Guesses:
    """A bucket of wrong tokens for each address; or of whatever else has a limit.

    Args:
        clock: Seconds, going forward.
        refill_s: How soon there may be another one.
    """

    def __init__(self, clock: Callable[[], float], *, refill_s: float = _REFILL_S) -> None:
        self._clock = clock
        self._refill_s = refill_s
        #: When the bucket of an address is full again.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, client: str) -> int:
        """Return for how many seconds no token of an address is looked at, right or wrong."""
        ahead = self._full_at.get(client, 0.0) - self._clock()
        return max(0, ceil(ahead - (_BURST - 1) * self._refill_s))

    def count(self, client: str) -> None:
        """Count a wrong one."""
        now = self._clock()
        self._full_at[client] = max(now, self._full_at.pop(client, 0.0)) + self._refill_s
        while len(self._full_at) > _MOST_CLIENTS:
            self._full_at.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Gate:
    """Judges requests by their headers.

    Args:
        token: What the owner has set.
        names: Hosts under which we are asked for, in lower case, IPv6 without brackets.
        origins: Origins of our pages besides the host that is asked: the public address.
        guesses: Wrong tokens so far.
        takes_addresses: We may be asked by any address, since we listen on all of this machine.
    """

    token: str
    names: frozenset[str]
    origins: frozenset[str]
    guesses: Guesses
    takes_addresses: bool = False

    def is_ours(self, request: Request) -> bool:
        """Tell whether a request is for us.

        A page out there can have its own name lead to this machine (DNS rebinding); it cannot make
        a browser send another name than its own, and an address is no name.
        """
        host = host_of(request.authority)
        return host in self.names or (self.takes_addresses and _is_address(host))

    def is_from_us(self, request: Request) -> bool:
        """Tell whether the page that sends it, if any, is ours; shortcuts and curl have none."""
        origin = request.headers.get("origin")
        if origin is None:
            # Browsers that send no Origin say at least whether it is ours.
            return request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
        return origin in self.origins or origin in {
            f"{scheme}://{request.authority}" for scheme in ("http", "https")
        }

    def knows_token(self, request: Request) -> bool:
        """Tell whether the token is right, in the same time whatever it is."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
        digests = [sha256(each.encode("utf-8", "replace")).digest() for each in (given, self.token)]
        return hmac.compare_digest(*digests)


def host_of(authority: str) -> str:
    """Return the host of an authority, in lower case, without brackets and port.

    >>> host_of("[::1]:8000"), host_of("Example.org."), host_of("a.example:80")
    ('::1', 'example.org', 'a.example')
    """
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return authority.rpartition("@")[2].partition(":")[0].rstrip(".").lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether a host, an address or a name, is this machine alone.

    >>> is_loopback("127.0.0.2"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def client_of(request: Request) -> str:
    """Return whose guesses count together: an address, of IPv6 the network that one has at home.

    What a proxy on this machine says of its clients is believed.
    """
    written = request.client
    if is_loopback(written):
        written = request.headers.get("x-forwarded-for", written).rpartition(",")[2].strip()
    try:
        address = ip_address(written)
    except ValueError:
        return written[:64]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
