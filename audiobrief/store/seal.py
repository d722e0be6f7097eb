"""JSON files that tell what has become of them: two digests of the file in its last field.

A file system seldom notices that a bit has changed, and JSON with another letter in it is JSON.
The CRC-32 tells which single bit would explain a difference, the SHA-256 proves it: then the file
is read as it was written. Any other difference that still parses is an edit, by a person or a
script, and counts as what it says. A file without a seal is one of an earlier version.
"""

from __future__ import annotations

import re
from binascii import crc32
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The field; always the last one, in a line of its own.
SEAL: Final = "seal"
_CLOSING: Final = b"\n}\n"
#: As other programs may have written it.
_ANYWHERE: Final = re.compile(rb'"seal"\s*:\s*"crc32 [0-9a-f]{8} sha256 [0-9a-f]{64}"')
_TAIL: Final = re.compile(
    rb',\n "seal": "crc32 (?P<crc>[0-9a-f]{8}) sha256 (?P<sha>[0-9a-f]{64})"\n}\n'
)
_TAIL_BYTES: Final = len(',\n "seal": "crc32  sha256 "\n}\n') + 8 + 64
#: Of CRC-32, with its bits in the order of the wire (IEEE 802.3).
_POLYNOMIAL: Final = 0xEDB88320


class Condition(StrEnum):
    """What has become of a file."""

    INTACT = "intact"
    #: One bit was another one.
    MENDED = "mended"
    #: Somebody has changed it.
    EDITED = "edited"
    #: It never had a seal.
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it is to be read."""

    #: What was written; of an edited file, what it holds now.
    content: bytes
    condition: Condition

    @property
    def news(self) -> str:
        """What a person should know, after the name of the file; empty: nothing."""
        return {
            Condition.MENDED: "had one bit flipped: it is read as it was written; test the disk",
            Condition.EDITED: "was changed by hand: it counts as what it says now",
        }.get(self.condition, "")


def sealed(document: bytes) -> bytes:
    r"""Return a JSON object with its seal as the last field (pure).

    Args:
        document: UTF-8; it ends in a line with nothing but the closing brace.

    >>> opened(sealed(b'{\n "a": 1\n}\n').replace(b"1", b"3", 1)).condition
    <Condition.MENDED: 'mended'>
    >>> opened(sealed(b'{\n "a": 1\n}\n').replace(b"1", b"6", 1)).condition
    <Condition.EDITED: 'edited'>
    """
    body = document.removesuffix(_CLOSING)
    if body == document:
        message = "the document does not end in a line with its closing brace"
        raise ValueError(message)
    return body + _tail(body)


def opened(content: bytes) -> Opened:
    """Return a file as it is to be read, and what has become of it (pure).

    Args:
        content: Of the file, damaged or not.
    """
    body, tail = content[:-_TAIL_BYTES], content[-_TAIL_BYTES:]
    right = _tail(body)
    if tail == right:
        return Opened(content, Condition.INTACT)
    if _is_one_bit_apart(tail, right):
        return Opened(body + right, Condition.MENDED)
    found = _TAIL.fullmatch(tail)
    if found is not None:
        for guess in _corrected(body, int(found["crc"], 16)):
            if sha256(guess).hexdigest().encode() == found["sha"]:
                return Opened(guess + tail, Condition.MENDED)
    is_sealed = found is not None or _ANYWHERE.search(content) is not None
    return Opened(content, Condition.EDITED if is_sealed else Condition.UNSEALED)


def _tail(body: bytes) -> bytes:
    digests = f"crc32 {crc32(body):08x} sha256 {sha256(body).hexdigest()}"
    return f',\n "{SEAL}": "{digests}"\n}}\n'.encode()


def _is_one_bit_apart(some: bytes, other: bytes) -> bool:
    if len(some) != len(other):
        return False
    return sum((a ^ b).bit_count() for a, b in zip(some, other, strict=True)) == 1


def _corrected(body: bytes, crc: int) -> Iterator[bytes]:
    """Yield what the body may have been, if one bit of it has changed since it had this CRC.

    The difference of two CRCs depends on the flipped bit alone: undone byte by byte from the end,
    it is at the place of the bit what that bit makes of an empty register.
    """
    table, index_of = _tables()
    bits = {table[1 << bit]: bit for bit in range(8)}
    difference = crc32(body) ^ crc
    for place in range(len(body) - 1, -1, -1):
        bit = bits.get(difference)
        if bit is not None:
            guess = bytearray(body)
            guess[place] ^= 1 << bit
            yield bytes(guess)
        index = index_of[difference >> 24]
        difference = (difference ^ table[index]) << 8 | index


@cache
def _tables() -> tuple[list[int], list[int]]:
    """Return what each byte makes of an empty register, and by which byte a result's top came."""
    table = []
    for register in range(256):
        for _ in range(8):
            register = register >> 1 ^ (_POLYNOMIAL if register & 1 else 0)  # noqa: PLW2901 - shifted
        table.append(register)
    index_of = [0] * 256
    for index, register in enumerate(table):
        index_of[register >> 24] = index
    return table, index_of
