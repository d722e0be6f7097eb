"""How the user wants the network to be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class HostRule:
    """What one host is sent besides, and how often it is asked.

    Secrets are named, never held: a value is read from the environment when it is sent. It goes to
    this very host alone, over https; over http where the host is one of ``allowed_hosts``.
    """

    #: The exact name, in ASCII (``xn--``): ``www.example.org`` is another host.
    host: str
    #: Name of a header -> environment variable with its whole value.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Name of a cookie -> environment variable with its value.
    cookies: Mapping[str, str] = field(default_factory=dict)
    #: Between two requests; ``None``: as for all hosts.
    delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class ClientRules:
    """What holds for all requests."""

    #: Shown to every host, so that its operator can find out who asks; empty: not shown.
    contact_url: str = ""
    #: For a whole request: its redirects, its robots.txt and the pauses before asking again.
    #: Waiting for a host's turn is not counted.
    deadline_s: float = 30.0
    #: At least, between the end of one request and the begin of the next to the same host.
    delay_s: float = 1.0
    #: What a robots.txt may ask for instead; longer delays count as this.
    most_delay_s: float = 30.0
    #: Whether pages are left alone that a robots.txt forbids.
    heeds_robots: bool = True
    #: Host names, addresses and networks (``192.168.1.0/24``) that may be at home, on any port.
    allowed_hosts: tuple[str, ...] = ()
    hosts: tuple[HostRule, ...] = ()

    def of(self, host: str) -> HostRule:
        """Return what holds for a host."""
        found = (rule for rule in self.hosts if rule.host.lower() == host)
        return next(found, HostRule(host))
