"""JSON files that tell when they are not what was written: a digest of the file in its last field.

A file system seldom notices that a bit has changed, and JSON with another letter in it is JSON. A
file without a seal is one of an earlier version, or of another program: nothing is said of it.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from audiobrief.errors import StoreError

#: The field; always the last one, in a line of its own.
SEAL: Final = "sha256_of_the_rest"
_END: Final = re.compile(rb',\n "%b": "([0-9a-f]{64})"\n}\n\Z' % SEAL.encode())


def sealed(document: bytes) -> bytes:
    r"""Return a JSON object with its seal as the last field (pure).

    Args:
        document: UTF-8; it ends in a line with nothing but the closing brace.

    >>> is_intact(sealed(b'{\n "a": 1\n}\n')), is_intact(b'{\n "a": 1\n}\n')
    (True, True)
    >>> is_intact(sealed(b'{\n "a": 1\n}\n').replace(b"1", b"3", 1))
    False
    """
    body = document.removesuffix(b"\n}\n")
    if body == document:
        message = "the document does not end in a line with its closing brace"
        raise ValueError(message)
    digest = sha256(body).hexdigest()
    return body + f',\n "{SEAL}": "{digest}"\n}}\n'.encode()


def is_intact(content: bytes) -> bool:
    """Tell whether a file is what was written; one without a seal is taken for it (pure)."""
    end = _END.search(content)
    return end is None or sha256(content[: end.start()]).hexdigest().encode() == end[1]


def require_intact(content: bytes, what: str, where: str, *, remedy: str) -> None:
    """Refuse a file that is not what was written (pure).

    Args:
        content: Of the file.
        what: What it is, with its article.
        where: What the error names.
        remedy: What brings it back.

    Raises:
        StoreError: It is another one.
    """
    if not is_intact(content):
        raise StoreError(
            f"{what} is damaged: it is not what was written",
            where,
            remedy=f'{remedy}; if you have changed it yourself, take out the line "{SEAL}"',
        )
