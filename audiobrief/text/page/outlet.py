"""Read off a page's furniture who publishes it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from audiobrief.text.plain_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

_CAPITALIZED = r"[A-Z\u00c0-\u00de][\w.&'\u2019-]{0,40}"
_OWNER = rf"(?P<name>{_CAPITALIZED}(?: (?:of |the |and |& )?[A-Z][\w&.-]{{0,40}}){{0,3}})"
#: Phrases in which a page names its own publisher.
_OUTLET_OPENERS = (
    "Get|Download|Follow|Support|Subscribe to|About|Contact|Join|Watch on|Listen on|More from|Watch"
    r"|(?:Copyright )?\u00a9 ?(?:(?:19|20)\d\d,? ?)?|Copyright"
)
_OUTLET_GIFTS = "updates?|stories|reports?|news|e?mails?|newsletters?|alerts|offers|videos|podcasts"
_OUTLET_PATTERNS = (
    re.compile(
        rf"\b{_OWNER}['\u2019]s? (?:terms|privacy|newsletter|website|app|conditions|cookie)"
    ),
    re.compile(rf"^(?:{_OUTLET_OPENERS}) ?(?:the )?{_OWNER}"),
    re.compile(rf"\b(?:{_OUTLET_GIFTS}) (?:by|from|of) (?:the )?{_OWNER}"),
)
#: One word, standing alone, is no publisher.
_NO_OUTLETS_LIST = """
    us me now more all our the your this these here app apps store google apple facebook
    twitter instagram youtube linkedin whatsapp reddit tiktok email news live it notifications
    alerts top breaking latest related australia america britain
"""
_NO_OUTLETS = frozenset(_NO_OUTLETS_LIST.split())


def find_outlet(furniture: Iterable[str]) -> str | None:
    """Return the publisher, when the furniture names one and the same at least three times.

    >>> find_outlet(["Get SBS News daily", "SBS News's terms of service", "updates from SBS News"])
    'SBS News'
    """
    named: Counter[str] = Counter()
    for line in furniture:
        for pattern in _OUTLET_PATTERNS:
            for match in pattern.finditer(line[:300]):
                tokens = re.sub(r"['\u2019]s?$", "", match["name"].rstrip(".")).split()
                for n in range(1, len(tokens) + 1):
                    named[" ".join(tokens[:n])] += 1
    roots = Counter({name: n for name, n in named.items() if " " not in name})
    roots = Counter({n: c for n, c in roots.items() if n.lower() not in _NO_OUTLETS | STOP_WORDS})
    if not roots:
        return None
    (root, count), *others = roots.most_common(2)
    if count < 3 or (others and count < 2 * others[0][1]):
        return None
    name = root
    while longer := [
        n
        for n in named
        if n.startswith(f"{name} ")
        and named[n] >= 0.4 * count
        and n.count(" ") == name.count(" ") + 1
    ]:
        name = max(longer, key=lambda n: (named[n], n))
    return name
