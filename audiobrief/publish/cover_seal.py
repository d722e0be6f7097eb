"""A drawn cover says in itself what its bytes are, so that one changed bit is seen (pure).

The seal is a comment of JPEG, which everything that shows pictures passes over.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

#: Start of image and the segment of JFIF, which has to be the first one.
_HEAD_BYTES: Final = 20
_WORDS: Final = b"sha256 "
#: Marker COM, the length of all that follows it, and the words.
_MARK: Final = b"\xff\xfe" + (2 + len(_WORDS) + 64).to_bytes(2, "big") + _WORDS
#: Of a whole seal.
SEAL_BYTES: Final = len(_MARK) + 64
#: So many bytes of the mark may be others, and it is one all the same: that is what it is for.
_MOST_CHANGED: Final = 2


def sealed(jpeg: bytes) -> bytes:
    """Return a JPEG with a seal of all of its other bytes."""
    return jpeg[:_HEAD_BYTES] + _seal_of(jpeg) + jpeg[_HEAD_BYTES:]


def is_intact(jpeg: bytes) -> bool:
    """Tell whether a picture is what was sealed; one without a seal is taken for whole.

    >>> picture = sealed(bytes(100))
    >>> is_intact(picture), is_intact(picture[:-1] + b"!"), is_intact(bytes(100))
    (True, False, True)
    """
    seal = jpeg[_HEAD_BYTES : _HEAD_BYTES + SEAL_BYTES]
    mark = seal[: len(_MARK)]
    changed = sum(one != other for one, other in zip(mark, _MARK, strict=False))
    if len(seal) < SEAL_BYTES or changed > _MOST_CHANGED:
        return True
    return seal == _seal_of(jpeg[:_HEAD_BYTES] + jpeg[_HEAD_BYTES + SEAL_BYTES :])


def _seal_of(jpeg: bytes) -> bytes:
    return _MARK + sha256(jpeg).hexdigest().encode("ascii")
