"""Names that mean the same everywhere: in a folder, in a bucket, in a shell, in a URL (pure)."""

from __future__ import annotations

import re
from typing import Final

from audiobrief.model.audio import Format

#: No dot file, no way up, nothing that any file system or program reads otherwise.
_PART: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9_-])?")
#: How the names of our sound end: with the beginning of its digest. Covers are named by what they
#: are drawn of.
_HASH_NAMED: Final = re.compile(rf"-[0-9a-f]{{8}}\.(?:mp3|{'|'.join(Format)})$")
_MOST_PARTS: Final = 4


def is_safe(name: str) -> bool:
    """Tell whether a name may be given to a target.

    >>> is_safe("2026-03-01-ferry/index.html"), is_safe("a/../b"), is_safe(".htaccess")
    (True, False, False)
    >>> is_safe("-rf"), is_safe("a//b"), is_safe("a b")
    (False, False, False)
    """
    parts = name.split("/")
    return len(parts) <= _MOST_PARTS and all(_PART.fullmatch(part) for part in parts)


def is_hash_named(name: str) -> bool:
    """Tell whether another content would have another name.

    >>> is_hash_named("2026-03-01-ferry/ferry-1a2b3c4d.mp3"), is_hash_named("cover.jpg")
    (True, False)
    """
    return _HASH_NAMED.search(name) is not None
