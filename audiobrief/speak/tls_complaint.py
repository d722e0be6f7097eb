"""Why a server is not the one that was meant, and what to do about it (pure)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

#: Codes of OpenSSL's verification (``x509_vfy.h``, X509_V_ERR_*): CERT_NOT_YET_VALID and
#: CERT_HAS_EXPIRED; HOSTNAME_MISMATCH and IP_ADDRESS_MISMATCH.
_OUT_OF_DATE = frozenset({9, 10})
_OTHER_HOST = frozenset({62, 64})
#: What OpenSSL calls an answer that is no TLS, by version.
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})


@dataclass(frozen=True, slots=True)
class Distrust:
    """What speaks against a server."""

    reason: str
    remedy: str


def find_distrust(error: BaseException | None) -> Distrust | None:
    """Return what a failed connection says against the server; ``None``: it was something else.

    Asking again changes none of it.

    Args:
        error: Of the handshake.

    >>> find_distrust(TimeoutError()) is None
    True
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return Distrust(error.verify_message.rstrip("."), _remedy(error.verify_code))
    if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
        return Distrust("it answers without encryption", "check host, port and https://")
    return None


def _remedy(code: int) -> str:
    """Return what to do about a certificate, by OpenSSL's code.

    >>> _remedy(62)
    'check the address: the certificate is that of another host'
    """
    if code in _OUT_OF_DATE:
        return "check the clock of this machine; if it is right, the server's operator must renew"
    if code in _OTHER_HOST:
        return "check the address: the certificate is that of another host"
    return "check the address; if a company or you signed it, set SSL_CERT_FILE to that authority"
