"""Messages over a pipe: the length in four bytes, then JSON."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import BinaryIO

_LENGTH: Final = struct.Struct("<I")
#: Longest message: a job or a manifest, with room.
_MOST_BYTES: Final = 1 << 20


class FrameError(ValueError):
    """What came is no message of ours."""


def write_frame(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Send a message.

    Raises:
        OSError: Nobody reads any more.
    """
    content = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def read_frame(stream: BinaryIO) -> dict[str, Any] | None:
    """Return the next message; ``None``: there is no more.

    Raises:
        FrameError: It is none.
        OSError: The pipe is broken.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MOST_BYTES:
        message = f"a message of {length} bytes"
        raise FrameError(message)
    content = stream.read(length)
    if len(content) < length:
        return None
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"no message: {content[:60]!r}"
        raise FrameError(message) from error
    if not isinstance(told, dict):
        message = f"no message: {content[:60]!r}"
        raise FrameError(message)
    return told
