"""Certificates for a scheduler, and why a connection with them comes to nothing."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import PoolError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.pool.dask_address import SchedulerAddress

#: For one step of saying hello; a scheduler that is busy may take some seconds.
_LIMIT_S: Final = 10.0
#: After so long it may be one that waits for us.
_SOON_S: Final = 1.0
_CHECK: Final = "check the address, and that the scheduler runs: dask scheduler --host HOST"


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM: who signs, who we are, and our key; all empty: none are set."""

    ca: str = ""
    cert: str = ""
    #: Empty: it stands in the same file as the certificate.
    key: str = ""

    def __bool__(self) -> bool:
        """Tell whether any is set."""
        return bool(self.ca or self.cert or self.key)


def certificates_of(options: Mapping[str, str]) -> Certificates:
    """Return what the settings say, else what Dask's own files and environment do.

    Args:
        options: ``tls_ca``, ``tls_cert`` and ``tls_key``: paths; empty or missing: not set.

    Raises:
        WorkspaceError: Some are set, but not those that it takes.
    """
    own = Certificates(*(options.get(name, "") for name in ("tls_ca", "tls_cert", "tls_key")))
    found = own or _dask_certificates()
    if found and not (found.ca and found.cert):
        missing = "tls_ca" if not found.ca else "tls_cert"
        remedy = f"set {missing} below [pool], too"
        raise WorkspaceError(
            "certificates for the scheduler are set by halves", missing, remedy=remedy
        )
    return found


def _dask_certificates() -> Certificates:
    import dask.config  # noqa: PLC0415 - an extra; only where the pool is used

    def found(name: str) -> str:
        return str(dask.config.get(f"distributed.comm.tls.{name}", None) or "")

    return Certificates(found("ca-file"), found("client.cert"), found("client.key"))


def context_of(files: Certificates) -> ssl.SSLContext:
    """Return how to speak to a scheduler: both sides show a certificate, names are not asked.

    That is Dask's own way: whoever holds a certificate of this authority belongs to the cluster.

    Raises:
        WorkspaceError: A file is missing, or is no certificate.
    """
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=files.ca)
        context.check_hostname = False
        context.load_cert_chain(files.cert, files.key or None)
    except (OSError, ValueError) as error:
        named = ", ".join(path for path in (files.ca, files.cert, files.key) if path)
        raise WorkspaceError(
            f"the certificates for the scheduler cannot be used: {error}",
            named,
            remedy="set tls_ca, tls_cert and tls_key below [pool] to files in PEM",
        ) from error
    return context


def greet(address: SchedulerAddress, files: Certificates) -> None:
    """Find out within seconds whether somebody answers who speaks as we do.

    Dask itself tries again for half a minute, whatever the reason, and does not tell it.

    Raises:
        PoolError: Nobody answers, or not in this way.
        WorkspaceError: The certificates cannot be used.
    """
    context = context_of(files) if address.protocol == "tls" else None
    try:
        with socket.create_connection((address.host, address.port), _LIMIT_S) as plain:
            if context is None:
                _require_plain(plain, address)
            else:
                _require_welcome(plain, context, address)
    except (OSError, UnicodeError) as error:
        raise PoolError(f"no scheduler answers: {error}", address.url, remedy=_CHECK) from error


def _require_plain(plain: socket.socket, address: SchedulerAddress) -> None:
    """A scheduler of Dask speaks first; one with TLS waits to be greeted."""
    problem = "no scheduler of Dask speaks there"
    if _says_something(plain, _SOON_S):
        return
    if _speaks_tls(address):
        problem = "the scheduler speaks TLS alone"
    elif _says_something(plain, _LIMIT_S):
        return
    raise PoolError(
        problem,
        address.url,
        remedy="set tls_ca, tls_cert and tls_key below [pool]; or check the address",
    )


def _says_something(connection: socket.socket, limit_s: float) -> bool:
    connection.settimeout(limit_s)
    with suppress(TimeoutError):
        return bool(connection.recv(1))
    return False


def _speaks_tls(address: SchedulerAddress) -> bool:
    context: Any = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((address.host, address.port), _LIMIT_S) as plain:
            context.wrap_socket(plain).close()
    except ssl.SSLError as error:
        # It refuses us, in the words of TLS.
        return "ALERT" in str(error).upper()
    except OSError:
        return False
    return True


def _require_welcome(
    plain: socket.socket, context: ssl.SSLContext, address: SchedulerAddress
) -> None:
    try:
        with context.wrap_socket(plain) as secure:
            # In TLS 1.3 a server refuses a certificate only after the handshake.
            if _says_something(secure, _LIMIT_S):
                return
    except ssl.SSLCertVerificationError as error:
        raise PoolError(
            f"the scheduler's certificate is not of our authority: {error.verify_message}",
            address.url,
            remedy="set tls_ca below [pool] to the authority of its certificate",
        ) from error
    except ssl.SSLError as error:
        reason = str(error.reason or error).lower().replace("_", " ")
        raise PoolError(
            f"the scheduler refuses our certificate, or speaks no TLS: {reason}",
            address.url,
            remedy="set tls_cert and tls_key below [pool] to a certificate of its authority",
        ) from error
    raise PoolError("no scheduler of Dask speaks there", address.url, remedy=_CHECK)
