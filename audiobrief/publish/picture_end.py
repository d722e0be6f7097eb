"""Where a picture ends: what stands behind it is no picture, and is not published (pure)."""

from __future__ import annotations

import re

#: Markers of JPEG (ITU-T T.81, table B.1) without a length behind them: TEM, RSTn, SOI.
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN, _END = 0xDA, 0xD9
#: In the data of a scan, the first marker that is neither a stuffed byte nor a restart.
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_PNG_HEAD, _PNG_CHUNK = 8, 12


def picture_end(content: bytes) -> int:
    r"""Return the length of the JPEG or PNG that a file begins with.

    Returns:
        Bytes; all of the file where the picture does not end.

    >>> picture_end(b"\xff\xd8\xff\xd9<script>")
    4
    """
    return _png_end(content) if content.startswith(b"\x89PNG") else _jpeg_end(content)


def _png_end(content: bytes) -> int:
    at = _PNG_HEAD
    while at + _PNG_CHUNK <= len(content):
        name = content[at + 4 : at + 8]
        at += _PNG_CHUNK + int.from_bytes(content[at : at + 4], "big")
        if name == b"IEND":
            return min(at, len(content))
    return len(content)


def _jpeg_end(content: bytes) -> int:
    at = 0
    while at + 1 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        at += 1 if marker == 0xFF else 2
        if marker == _END:
            return at
        if marker in _BARE or marker == 0xFF:
            continue
        if at + 2 > len(content):
            break
        at += int.from_bytes(content[at : at + 2], "big")
        if marker == _START_OF_SCAN:
            found = _NEXT_MARKER.search(content, at)
            if found is None:
                break
            at = found.end() - 2
    return len(content)
