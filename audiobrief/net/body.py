"""The body of an answer: decoded as it comes, and never longer than asked for."""

from __future__ import annotations

import codecs
import zlib
from email.message import Message
from typing import TYPE_CHECKING

from audiobrief.net.fault import Fault, PassingFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from audiobrief.net.answer import Limit

#: What is asked for: both can be decoded a piece at a time, within a given length.
ACCEPT_ENCODING = "gzip, deflate"

_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})
#: Python's, but not the web's. UTF-7 hides markup from whoever looks for it; browsers dropped it.
_NO_CHARSETS = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape"})
_PIECE_BYTES = 65_536
#: Tools that write several gzip members write one for each 64 kB, or one for each file.
_MOST_MEMBERS = 1000
_TELL = "tell its operator"
#: zlib's windowBits: with a gzip header; with a zlib header; with none (RFC 1951).
_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15


def kind_of(headers: httpx.Headers) -> tuple[str | None, str | None]:
    """Return media type and character set that an answer names.

    Returns:
        Lower case, and as Python calls it; ``None`` where it names none, or one that Python lacks.
    """
    field = Message()
    # Short: the standard library reads quoted parameters in quadratic time.
    field["Content-Type"] = headers.get("Content-Type", "")[:300]
    kind = str(field["Content-Type"]).partition(";")[0].strip().lower() or None
    named = field.get_param("charset")
    return kind, _charset(named) if isinstance(named, str) else None


def _charset(named: str) -> str | None:
    try:
        found = codecs.lookup(named.strip().strip("\"'")[:40])
        "".encode(found.name)
    except (LookupError, ValueError):
        return None
    return None if found.name in _NO_CHARSETS else found.name


def read_body(response: httpx.Response, limit: Limit) -> bytes:
    """Return the decoded body.

    The memory it takes is the limit and two pieces of 64 kB, whatever the other side sends.

    Raises:
        Fault: It is longer than the limit, or encoded in a way that was not asked for.
        PassingFault: It was cut off, or came too slowly, which the stream tells.
    """
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limit.most_bytes and not limit.is_cut:
        raise _too_long(limit)
    body = bytearray()
    for piece in _decoded(response, limit):
        body += piece
        if len(body) > limit.most_bytes:
            if limit.is_cut:
                return bytes(body[: limit.most_bytes])
            raise _too_long(limit)
    return bytes(body)


def _decoded(response: httpx.Response, limit: Limit) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    raw = _bounded(response.iter_raw(), limit)
    if encoding in _PLAIN:
        return raw
    if encoding in _GZIP:
        return _inflate(raw, _GZIP_BITS)
    if encoding == "deflate":
        return _inflate(raw, None)
    raise Fault(f"its body is encoded as {encoding[:40]!r}, which was not asked for", _TELL)


def _bounded(pieces: Iterator[bytes], limit: Limit) -> Iterator[bytes]:
    """Pass on what comes; compressed it may be endless, too, and come to nothing."""
    count = 0
    for piece in pieces:
        count += len(piece)
        yield piece
        if count > limit.most_bytes and not limit.is_cut:
            raise _too_long(limit)


def _inflate(pieces: Iterator[bytes], bits: int | None) -> Iterator[bytes]:
    """Decompress by pieces of bounded length. Some servers send several gzip members in a row."""
    inflater = None
    rest = b""
    member_count = 0
    for piece in pieces:
        rest += piece
        # Two bytes tell how a member begins.
        while len(rest) >= 2 or inflater is not None:
            if inflater is None:
                inflater = zlib.decompressobj(_deflate_bits(rest) if bits is None else bits)
                member_count += 1
                if member_count > _MOST_MEMBERS:
                    raise Fault(f"its body is in more than {_MOST_MEMBERS:,} parts", _TELL)
            decoded = _decompress(inflater, rest)
            yield decoded
            if inflater.eof:
                # Padding after the end is left alone, as gzip itself does.
                rest = _next_member(inflater.unused_data, bits)
                inflater = None
            else:
                rest = inflater.unconsumed_tail
                if len(decoded) < _PIECE_BYTES:
                    break
    if inflater is not None:
        raise PassingFault("its answer was cut off")


def _decompress(inflater: zlib._Decompress, rest: bytes) -> bytes:
    try:
        return inflater.decompress(rest, _PIECE_BYTES)
    except zlib.error as error:
        raise Fault("its body is not encoded as it says", _TELL) from error


def _next_member(rest: bytes, bits: int | None) -> bytes:
    return rest if bits == _GZIP_BITS and b"\x1f\x8b".startswith(rest[:2]) else b""


def _deflate_bits(begin: bytes) -> int:
    """Tell zlib's header, which the standard wants, from none, as some servers send it."""
    is_zlib = begin[0] & 0x0F == 8 and int.from_bytes(begin[:2], "big") % 31 == 0
    return _ZLIB_BITS if is_zlib else _RAW_BITS


def _too_long(limit: Limit) -> Fault:
    return Fault(f"its body is longer than {limit.most_bytes:,} bytes", "it is left out")
