"""Why nothing usable came, before the client has added the address."""

from __future__ import annotations

import ssl


class Fault(Exception):  # noqa: N818 - no error yet: the client makes one of it, or asks again
    """Something that asking again will not change.

    Args:
        problem: What went wrong, in a phrase.
        remedy: What mends it.
        status: HTTP's number.
    """

    def __init__(self, problem: str, remedy: str, *, status: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.status = status


class UnsafeFault(Fault):
    """An address that is never asked."""


class RobotsFault(Fault):
    """A page that its host wants to be left alone."""


class PassingFault(Fault):
    """Something that may be over in a moment.

    Args:
        problem: What went wrong.
        remedy: What mends it if it stays.
        status: HTTP's number.
        after_s: How long the host wants to be left alone; ``None``: it said nothing.
        is_of_host: It concerns all that the host has, not one page.
        is_unsent: The host has certainly not got the request.
        is_final: Asking again within this request is of no use.
    """

    def __init__(
        self,
        problem: str,
        remedy: str = "try again later",
        *,
        status: int | None = None,
        after_s: float | None = None,
        is_of_host: bool = False,
        is_unsent: bool = False,
        is_final: bool = False,
    ) -> None:
        super().__init__(problem, remedy, status=status)
        self.after_s = after_s
        self.is_of_host = is_of_host
        self.is_unsent = is_unsent
        self.is_final = is_final


def slow(seconds: float) -> PassingFault:
    """Return the fault of a host that took too long."""
    return PassingFault(
        f"no whole answer within {seconds:g} s",
        "try again later, or allow more time for a request",
        is_of_host=True,
        is_final=True,
    )


def of_handshake(error: OSError) -> Fault:
    """Return what a TLS handshake failed of."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Fault(
            f"its certificate is not trusted ({error.verify_message.rstrip('.')})",
            "check the address; if you signed the certificate, set SSL_CERT_FILE to its authority",
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return Fault("it answers without proper encryption", "check host, port and https://")
    return PassingFault(
        f"the connection broke off: {cause_of(error)}", is_of_host=True, is_unsent=True
    )


def cause_of(error: OSError) -> str:
    """Return the system's words for an error.

    >>> cause_of(ConnectionRefusedError(111, "Connection refused"))
    'Connection refused'
    """
    return error.strerror or type(error).__name__
