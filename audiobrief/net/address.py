"""Which addresses may be asked (pure).

Hosts are judged by what they resolve to, never by how they are written: ``0x7f.1`` and
``2130706433`` are ways to write 127.0.0.1, too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING

import httpx

from audiobrief.errors import WorkspaceError
from audiobrief.net.fault import Fault, UnsafeFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: 8,000 octets are what RFC 9110, 4.1 asks everybody to support.
_MOST_URL_CHARACTERS = 8000
#: Ideographic, fullwidth and halfwidth full stops, which become dots in a host's name.
_LIKE_DOTS = "\u3002\uff0e\uff61"
_PUBLIC_PORTS = frozenset({80, 443})
_HOST_NAME = re.compile(r"\A(?!.*\.\.)[a-z0-9_][a-z0-9_.-]{0,253}")

#: What `ipaddress` (3.11) takes for global besides what is: protocol assignments, 6to4 relays.
_NOT_PUBLIC_4 = tuple(IPv4Network(n) for n in ("192.0.0.0/24", "192.88.99.0/24"))
#: All that the registries give out (IANA IPv6 Global Unicast Address Assignments)...
_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: ...but protocol assignments with Teredo, 6to4 (an IPv4 address in it) and documentation. NAT64,
#: site-local, v4-compatible and multicast addresses are outside of 2000::/3.
_NOT_PUBLIC_6 = tuple(
    IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
#: What a host at home may have: the networks that are private on purpose, carrier-grade NAT
#: (as VPNs use it), this machine. Not link-local: there clouds keep their credentials.
_HOME = tuple(
    ip_network(n)
    for n in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
        *("fc00::/7", "::1/128"),
    )
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address, not v4-mapped, is somewhere on the public internet.

    >>> is_public(ip_address("192.0.0.8")), is_public(ip_address("2606:4700::1111"))
    (False, True)
    """
    if isinstance(address, IPv6Address):
        denied: tuple[IPv4Network, ...] | tuple[IPv6Network, ...] = _NOT_PUBLIC_6
        is_global = address in _GLOBAL_UNICAST and address.is_global
    else:
        denied = _NOT_PUBLIC_4
        is_global = address.is_global and not address.is_multicast
    return is_global and not any(address in network for network in denied)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts that the user has opened, though they are not public."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Allowed:
        """Read host names, addresses and networks.

        Raises:
            WorkspaceError: One is none of them.
        """
        names, networks = set(), []
        for entry in entries:
            written = entry.strip().strip("[]").lower()
            try:
                networks.append(ip_network(written))
            except ValueError:
                if not _HOST_NAME.fullmatch(written):
                    raise WorkspaceError(
                        "an allowed host is neither a host name nor an address nor a network",
                        entry,
                        remedy="write it as nas.home, 192.168.1.5 or 192.168.1.0/24",
                    ) from None
                names.add(written)
        return cls(frozenset(names), tuple(networks))

    def covers(self, address: IPv4Address | IPv6Address) -> bool:
        """Tell whether an address is in an opened network."""
        return any(address in network for network in self.networks)

    def names_host(self, host: str) -> bool:
        """Tell whether a host is opened by what it is called."""
        try:
            return self.covers(ip_address(host))
        except ValueError:
            return host in self.names


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of a host, all judged."""

    addresses: tuple[str, ...]
    #: One of them is not public.
    is_home: bool


def judge_port(host: str, port: int, allowed: Allowed) -> None:
    """Refuse a port that no web server has, unless the host may be an opened one."""
    if port not in _PUBLIC_PORTS and not allowed.names_host(host) and not allowed.networks:
        raise _port_fault(port)


def judge(host: str, port: int, addresses: Sequence[str], allowed: Allowed) -> Places:
    """Return where to connect, if every address of a host may be asked.

    Raises:
        UnsafeFault: One may not.
    """
    is_named = allowed.names_host(host)
    places, is_home = [], False
    for written in addresses:
        address = _unwrap(ip_address(written))
        is_opened = allowed.covers(address)
        if not is_public(address):
            is_home = True
            if not is_opened and not (is_named and any(address in n for n in _HOME)):
                raise UnsafeFault(
                    f"it leads to {address}, which is not on the public internet",
                    "check the address; a host of your own goes into [network] allow",
                )
        if port not in _PUBLIC_PORTS and not is_opened and not is_named:
            raise _port_fault(port)
        places.append(str(address))
    return Places(tuple(places), is_home)


def _port_fault(port: int) -> UnsafeFault:
    return UnsafeFault(
        f"port {port} is no port of web pages",
        "use port 80 or 443; a host of your own goes into [network] allow",
    )


def _unwrap(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Take an IPv4 address out of the IPv6 form that sockets give it."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def parse_url(written: str) -> httpx.URL:
    """Return an address that can be asked, without its fragment.

    Raises:
        UnsafeFault: It is of a kind that is never asked.
        Fault: It is no address.
    """
    refuse_tricks(written)
    try:
        url = httpx.URL(written)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Fault("it is no address", "check how it is written") from error
    if url.scheme not in {"http", "https"}:
        raise UnsafeFault(
            f"{url.scheme or 'an address without a scheme'} is not asked",
            "use an address that begins with https:// or http://",
        )
    if url.userinfo:
        raise UnsafeFault(
            "it has a user name or password in it",
            "take them out; a header or cookie of the host, from the environment, can replace them",
        )
    if not (_is_address(host) or _HOST_NAME.fullmatch(host)) or not 0 < port_of(url) < 65536:
        raise UnsafeFault("no host can have this name", "check how the address is written")
    return url.copy_with(fragment=None)


def port_of(url: httpx.URL) -> int:
    """Return the port that an address leads to."""
    if url.port is not None:
        return url.port
    return 443 if url.scheme == "https" else 80


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def refuse_tricks(written: str) -> None:
    """Refuse what different programs read differently.

    Raises:
        UnsafeFault: It is too long, or has characters in it that do not belong there.
    """
    if len(written) > _MOST_URL_CHARACTERS:
        raise UnsafeFault(
            f"an address of {len(written):,} characters is not asked", "check where it comes from"
        )
    if any(unicodedata.category(character) == "Cc" for character in written):
        raise UnsafeFault(
            "it has a control character in it (a line end, a tab)", "write it on one line"
        )
    host = re.split(r"[/?#\\]", written.partition("//")[2], maxsplit=1)[0]
    if any(not c.isascii() and (c.isdigit() or c in _LIKE_DOTS) for c in host):
        raise UnsafeFault(
            "its host is written with digits or dots that only look like some",
            "write it with ordinary digits and dots",
        )
