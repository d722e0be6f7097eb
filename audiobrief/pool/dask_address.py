"""Addresses of schedulers: what ``--pool dask://HOST:PORT`` may say, and where TLS is a must."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from audiobrief.errors import WorkspaceError

#: Where a scheduler listens unless it is told otherwise.
DEFAULT_PORT: Final = 8786
_FORM: Final = 'write it as "dask://HOST:PORT", like dask://127.0.0.1:8786'
_TLS: Final = (
    "give scheduler and workers --tls-ca-file, --tls-cert and --tls-key, and set tls_ca, tls_cert "
    "and tls_key below [pool]"
)


@dataclass(frozen=True, slots=True)
class SchedulerAddress:
    """Where a scheduler listens."""

    host: str
    port: int
    #: As Dask has it: "tcp" or "tls".
    protocol: str

    @property
    def url(self) -> str:
        """As Dask has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{host}:{self.port}"


def parse_scheduler(text: str, *, has_tls: bool) -> SchedulerAddress:
    """Return the address of a scheduler.

    Without TLS whoever reaches a scheduler runs programs on it and on all of its workers: that is
    let pass on loopback alone. A name other than localhost counts as elsewhere, wherever it leads.

    Args:
        text: ``dask://HOST:PORT``: with TLS where certificates are set; ``tls://`` or ``tcp://``
            say which of the two.
        has_tls: Certificates are set.

    Raises:
        WorkspaceError: It is none, or needs TLS.

    >>> parse_scheduler("dask://127.0.0.1", has_tls=False).url
    'tcp://127.0.0.1:8786'
    >>> parse_scheduler("dask://10.0.0.7:9000", has_tls=True).url
    'tls://10.0.0.7:9000'
    """
    scheme, host, port = _parts(text)
    protocol = {"dask": "tls" if has_tls else "tcp"}.get(scheme, scheme)
    if protocol == "tls" and not has_tls:
        raise WorkspaceError("no certificates are set for TLS", text, remedy=_TLS)
    if protocol == "tcp" and not is_loopback(host):
        problem = (
            "a scheduler on another machine needs TLS: without it, anybody runs programs there"
        )
        raise WorkspaceError(problem, text, remedy=_TLS)
    return SchedulerAddress(host, port, protocol)


def _parts(text: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise WorkspaceError(f"no address of a scheduler: {error}", text, remedy=_FORM) from error
    is_bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"dask", "tcp", "tls"} or not host or not is_bare or port == 0:
        raise WorkspaceError("no address of a scheduler", text, remedy=_FORM)
    return parts.scheme, host, DEFAULT_PORT if port is None else port


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own, whatever a name server says.

    >>> [is_loopback(host) for host in ("localhost", "127.3.2.1", "::1", "dask.lan", "0.0.0.0")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
