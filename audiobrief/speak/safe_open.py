"""Addresses opened over HTTPS alone, also behind redirects; what goes wrong is told as ours."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from audiobrief.errors import DownloadError
from audiobrief.speak.tls_complaint import find_distrust

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

_BLOCK_BYTES = 1 << 18
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def require_safe(url: str) -> None:
    """Refuse an address whose content others could change on its way.

    Raises:
        DownloadError: It is neither HTTPS nor on this machine.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise DownloadError(
            f"this is no address: {error}", url, remedy="use an address with https://"
        ) from error
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise DownloadError(
        "voices are fetched over HTTPS only", url, remedy="use an address with https://"
    )


class RangeRefusedError(DownloadError):
    """The server has nothing from there on (416): its file has become shorter."""


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect out of HTTPS."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        require_safe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def open_safely(url: str, headers: dict[str, str], timeout_s: float) -> HTTPResponse:
    """Open an address, over HTTPS all the way.

    Args:
        url: What is asked for.
        headers: Of the request, besides our own.
        timeout_s: A server that says nothing for so long has gone.

    Raises:
        RangeRefusedError: The server has nothing from there on.
        DownloadError: The address is not safe, or gives nothing.
    """
    from audiobrief import __version__  # noqa: PLC0415 - the package's root imports nothing

    require_safe(url)
    own = {"User-Agent": f"audiobrief/{__version__}", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, headers=own | headers)  # noqa: S310 - checked above
    opener = urllib.request.build_opener(_SafeRedirects)
    try:
        response: HTTPResponse = opener.open(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        with error:
            kind = RangeRefusedError if error.code == 416 else DownloadError
            raise kind(
                f"the server answers {error.code} {error.reason}", url, remedy=_remedy(error.code)
            ) from error
    # ValueError: a redirect to what is no address.
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        # URLError holds the error itself; what a proxy's tunnel ends with comes bare.
        if distrust := find_distrust(reason if isinstance(reason, OSError) else error):
            raise DownloadError(
                f"the server cannot prove who it is: {distrust.reason}", url, remedy=distrust.remedy
            ) from error
        raise DownloadError(
            f"the server cannot be reached: {reason}",
            url,
            remedy="check the network (HTTPS_PROXY names a proxy), then run the same command again",
        ) from error
    return response


def _remedy(status: int) -> str:
    if status in {404, 410}:
        return "the file has been moved: check the name, or look for a newer audiobrief"
    if status in {401, 403, 407}:
        return "check the address, and the proxy if there is one (HTTPS_PROXY)"
    return "run the same command later"


def blocks_of(response: HTTPResponse, url: str) -> Iterator[bytes]:
    """Yield what comes, as it comes.

    Raises:
        DownloadError: The connection breaks.
    """
    while block := next_block(response, url, _BLOCK_BYTES):
        yield block


def next_block(response: HTTPResponse, url: str, limit: int) -> bytes:
    """Return what comes next, so many bytes at most; empty: it is the end.

    Raises:
        DownloadError: The connection breaks.
    """
    try:
        return response.read(limit)
    except (OSError, HTTPException) as error:
        raise DownloadError(
            f"the connection broke: {error}",
            url,
            remedy="run the same command again: it goes on from there",
        ) from error
