"""Whether a request's conditions let it through (RFC 9110, section 13; pure)."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from audiobrief.serve.moment import parse_http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r'(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\xff]*")')


class Verdict(Enum):
    """What to answer."""

    SEND = 200
    NOT_MODIFIED = 304
    FAILED = 412


def judge(headers: Mapping[str, str], etag: str, modified_s: int) -> Verdict:
    """Judge the conditions of a GET or HEAD in the order of RFC 9110, 13.2.2.

    Args:
        headers: Names in lower case.
        etag: Strong, of what would be sent, with its quotes.
        modified_s: Seconds since 1970, whole.
    """
    match, unmodified = headers.get("if-match"), parse_http_date(headers.get("if-unmodified-since"))
    if match is not None:
        if not _names(match, etag, weakly=False):
            return Verdict.FAILED
    elif unmodified is not None and modified_s > unmodified:
        return Verdict.FAILED
    none_match, since = headers.get("if-none-match"), headers.get("if-modified-since")
    if none_match is not None:
        return Verdict.NOT_MODIFIED if _names(none_match, etag, weakly=True) else Verdict.SEND
    seen = parse_http_date(since)
    if seen is not None and modified_s <= seen:
        return Verdict.NOT_MODIFIED
    return Verdict.SEND


def range_holds(condition: str | None, etag: str, modified_s: int) -> bool:
    """Tell whether ``If-Range`` lets a range be sent; else the whole is (RFC 9110, 13.1.5).

    A date must be exactly the file's, and a tag must be strong.

    >>> range_holds(None, '"a"', 0), range_holds('"a"', '"a"', 0), range_holds('W/"a"', '"a"', 0)
    (True, True, False)
    """
    if condition is None:
        return True
    condition = condition.strip(" \t")
    return condition == etag or parse_http_date(condition) == modified_s


def _names(tags: str, etag: str, *, weakly: bool) -> bool:
    """Tell whether a list of tags has one; compared weakly, W/ counts for nothing."""
    if tags.strip(" \t") == "*":
        return True
    return any(m["tag"] == etag and (weakly or not m["weak"]) for m in _TAG.finditer(tags))
