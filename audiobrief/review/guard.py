"""Who is let in: pages of ours, asked for by a name of ours (pure)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from audiobrief.review.refusal import Refusal
from audiobrief.serve.gate import host_of

if TYPE_CHECKING:
    from audiobrief.serve.answer import Headers
    from audiobrief.serve.request import Request

_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
#: With every answer, whatever it is.
SAFETY: Final[Headers] = (
    (
        "content-security-policy",
        _POLICY,
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
)
#: What no page of another site can send without being asked for leave, which it does not get.
OWN_HEADER: Final = ("x-audiobrief", "review")
#: Field of the first address.
FIRST_FIELD: Final = "token"
_COOKIE: Final = "audiobrief-review"


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges requests by their heads.

    Args:
        names: Hosts under which we are asked for, in lower case, IPv6 without brackets.
        takes_addresses: We may be asked by any address, since we listen on all of this machine.
        token: What everybody must know who is let in; empty: only this machine reaches us.
    """

    names: frozenset[str]
    takes_addresses: bool = False
    token: str = ""

    def require_ours(self, request: Request) -> None:
        """Stop what is asked under a foreign name, or by a page of another site.

        A page out there can have its own name lead to this machine (DNS rebinding); it cannot make
        a browser send another name than its own.

        Raises:
            Refusal: It is not for us.
        """
        host = host_of(request.authority)
        if host not in self.names and not (self.takes_addresses and _is_address(host)):
            raise Refusal(
                400, "this server is asked for by a name that is not its own", "Host",
                "use the address that audiobrief review prints",
            )  # fmt: skip
        site = request.headers.get("sec-fetch-site", "none")
        is_visit = request.headers.get("sec-fetch-mode") == "navigate" and request.method == "GET"
        if site not in {"same-origin", "none"} and not is_visit:
            raise _foreign("Sec-Fetch-Site")
        origin = request.headers.get("origin")
        if origin is not None and origin not in {
            f"{scheme}://{request.authority}" for scheme in ("http", "https")
        }:
            raise _foreign("Origin")

    def require_meant(self, request: Request) -> None:
        """Stop a change that a form or a script of another site could have sent.

        Raises:
            Refusal: It is none of our page's.
        """
        name, value = OWN_HEADER
        if request.headers.get(name) != value:
            raise Refusal(
                403, "this change comes from no page of ours", "X-Audiobrief",
                "send the header X-Audiobrief: review",
            )  # fmt: skip
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(
                415, "only JSON is taken", "Content-Type", "send Content-Type: application/json"
            )

    def knows_token(self, request: Request) -> bool:
        """Tell whether whoever asks has been let in before."""
        return not self.token or self._is_right(_cookies(request).get(self._cookie(request), ""))

    def brings_token(self, given: str) -> bool:
        """Tell whether the token in an address is the right one."""
        return bool(self.token) and self._is_right(given)

    def cookie(self, request: Request) -> tuple[str, str]:
        """Return the header that has the browser keep the token."""
        value = f"{self._cookie(request)}={self.token}; Path=/; HttpOnly; SameSite=Strict"
        return "set-cookie", value

    def _is_right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    @staticmethod
    def _cookie(request: Request) -> str:
        """Return its name: cookies are a host's, whatever the port, and there may be two of us."""
        port = request.authority.rpartition(":")[2]
        return f"{_COOKIE}-{port}" if port.isdecimal() and port.isascii() else _COOKIE


def _foreign(where: str) -> Refusal:
    return Refusal(
        403, "a page of another site has sent this", where, "use the page of this server"
    )


def _cookies(request: Request) -> dict[str, str]:
    pairs = (part.partition("=") for part in request.headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
