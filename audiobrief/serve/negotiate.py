"""How an answer may be compressed (RFC 9110, 12.5.3; pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODING = re.compile(
    r"(?P<name>[!#$%&'*+.^_`|~\w-]+)(?:[ \t]*;[ \t]*[qQ]=(?P<q>[01](?:\.\d{0,3})?))?"
)


def choose_coding(header: str | None, offered: Iterable[str]) -> str:
    """Return the content coding to answer with; empty: none, the text goes as it is.

    Args:
        header: ``Accept-Encoding``; ``None``: there is none.
        offered: Names of codings, lower case, the preferred one first.

    >>> choose_coding("gzip, deflate, br", ["br", "gzip"]), choose_coding("gzip", ["br", "gzip"])
    ('br', 'gzip')
    >>> choose_coding("br;q=0.5, gzip", ["br", "gzip"]), choose_coding("*", ["zstd", "gzip"])
    ('gzip', 'zstd')
    >>> [choose_coding(h, ["gzip"]) for h in ("gzip;q=0", "identity, gzip;q=0.5", "identity", None)]
    ['', '', '', '']
    """
    weights: dict[str, float] = {}
    for part in (header or "").split(","):
        match = _CODING.fullmatch(part.strip(" \t"))
        if match is not None:
            # RFC 9110, 8.4.1.3: an old name of the same.
            name = match["name"].lower().removeprefix("x-")
            weights[name] = float(match["q"] or 1)
    least = max(weights.get("identity", 0.0), 1e-9)
    best = ""
    for coding in offered:
        weight = weights.get(coding, weights.get("*", 0.0))
        if weight > least or (not best and weight == least):
            best, least = coding, weight
    return best
