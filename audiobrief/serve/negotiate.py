"""Whether an answer may be compressed (RFC 9110, 12.5.3; pure)."""

from __future__ import annotations

import re

_CODING = re.compile(
    r"(?P<name>[!#$%&'*+.^_`|~\w-]+)(?:[ \t]*;[ \t]*[qQ]=(?P<q>[01](?:\.\d{0,3})?))?"
)


def accepts_gzip(header: str | None) -> bool:
    """Tell whether gzip is welcome, and nothing is said to be liked better than it.

    >>> accepts_gzip("gzip, deflate, br"), accepts_gzip("gzip;q=0"), accepts_gzip(None)
    (True, False, False)
    >>> accepts_gzip("*"), accepts_gzip("identity;q=1, gzip;q=0.5"), accepts_gzip("identity")
    (True, False, False)
    """
    weights: dict[str, float] = {}
    for part in (header or "").split(","):
        match = _CODING.fullmatch(part.strip(" \t"))
        if match is not None:
            weights[match["name"].lower()] = float(match["q"] or 1)
    others = weights.get("*", 0.0)
    gzip = weights.get("gzip", weights.get("x-gzip", others))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)
