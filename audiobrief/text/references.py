"""Character references that are left in a text: it was escaped more often than once (pure)."""

from __future__ import annotations

import html
import re
from typing import Final

_REFERENCE = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
#: One system after another escapes a text, hardly ever more than two.
_MOST_ESCAPED: Final = 3


def unescape(text: str) -> str:
    """Return text with its references resolved, also where they were escaped more than once.

    >>> unescape("Salt &amp;amp; wind")
    'Salt & wind'
    """
    for _ in range(_MOST_ESCAPED):
        if not _REFERENCE.search(text):
            break
        text = html.unescape(text)
    return text
