"""What bytes themselves say of their encoding, and text of which some bytes are of another."""

from __future__ import annotations

import codecs
import re

#: Longer marks first: UTF-32 LE begins like UTF-16 LE.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Markup begins with "<" whatever letters come later (XML 1.0, appendix F.1).
_LITTLE_MARKUP = re.compile(rb"(?:[\t\n\r ]\x00){0,64}<\x00[^\x00]\x00")
_BIG_MARKUP = re.compile(rb"(?:\x00[\t\n\r ]){0,64}\x00<\x00[^\x00]")
_HEAD_BYTES = 4096
_FEWEST_UNITS = 8


def find_unicode(raw: bytes) -> str | None:
    r"""Return the form of Unicode that bytes must be in; ``None``: they do not say.

    A byte order mark says so. UTF-16 without one has NULs in every other place where it is Western
    text, and around the first ``<`` where it is markup.

    Returns:
        A name that Python decodes by; with a mark, one that takes it away.

    >>> find_unicode("Rain is due.".encode("utf-16-be")), find_unicode(b"Rain is due.")
    ('utf-16-be', None)
    """
    marked = (name for mark, name in _BYTE_ORDER_MARKS if raw.startswith(mark))
    return next(marked, None) or _find_unmarked(raw)


def _find_unmarked(raw: bytes) -> str | None:
    head = raw[:_HEAD_BYTES]
    units = len(head) // 2
    # Of a few bytes, one NUL would be a proof.
    even, odd = (head[n::2].count(0) if units >= _FEWEST_UNITS else 0 for n in (0, 1))
    if _LITTLE_MARKUP.match(head) or (odd > 0.4 * units and even < 0.05 * units):
        return "utf-16-le"
    if _BIG_MARKUP.match(head) or (even > 0.4 * units and odd < 0.05 * units):
        return "utf-16-be"
    return None


def decode_mixed(raw: bytes) -> tuple[str, int]:
    """Decode UTF-8 with bytes of Windows-1252 between; tell how many those were.

    The five bytes that Windows-1252 leaves open become the controls of their numbers.

    >>> decode_mixed("\u00fcber".encode() + "\u00fc\u2019".encode("cp1252"))
    ('über\u00fc\u2019', 2)
    """
    # surrogateescape keeps an undecodable byte B as U+DC00 + B: one pass, linear in time.
    pieces = re.split("([\udc80-\udcff]+)", raw.decode("utf-8", "surrogateescape"))
    pieces[1::2] = ["".join(map(_of_windows, piece)) for piece in pieces[1::2]]
    return "".join(pieces), sum(map(len, pieces[1::2]))


def _of_windows(escaped: str) -> str:
    byte = ord(escaped) & 0xFF
    return bytes((byte,)).decode("cp1252", "ignore") or chr(byte)
