"""Bytes to text where a server, the document and the bytes may each say another encoding (pure)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from audiobrief.text.unicode_bytes import decode_mixed, find_unicode

#: Encodings that are believed, as Python names them. UTF-7 and the like are left out: they hide
#: markup from a parser. Those of 7 bits that are in use for mail and feeds are below.
_BELIEVED_NAMES: Final = (
    "ascii utf-8 koi8-r koi8-u koi8-t shift_jis cp932 shift_jis_2004 euc_jp euc_kr cp949 johab "
    "gb2312 gbk gb18030 big5 big5hkscs mac-roman mac-cyrillic tis-620 cp437 cp850 cp852 cp855 "
    "cp858 cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 "
    "iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16"
)
_BELIEVED: Final = frozenset(_BELIEVED_NAMES.split())
_SEVEN_BITS = frozenset({"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr"})
_WIDE = {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}

#: What browsers read under the narrower name (WHATWG Encoding Standard, "names and labels").
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}


@dataclass(frozen=True, slots=True)
class Read:
    """Text, and how it was found."""

    text: str
    #: For the user, where something was not as it was declared.
    notes: tuple[str, ...] = ()


def is_unsafe(label: str | None) -> bool:
    """Tell whether an encoding hides markup from whoever looks at the bytes.

    >>> is_unsafe("UTF-7"), is_unsafe("utf-8"), is_unsafe("made-up")
    (True, False, False)
    """
    name = _name(label)
    return name in {"utf-7", "punycode", "unicode_escape", "raw_unicode_escape", "hz", "cp037"}


def read_text(raw: bytes, *labels: str | None) -> Read:
    r"""Return the text of bytes.

    A byte order mark decides, then what the bytes can only be: UTF-16 without a mark, and UTF-8,
    since what is valid UTF-8 is hardly ever anything else. Only then do the labels count, the first
    that fits; else it is UTF-8 with stray bytes of Windows-1252.

    Args:
        raw: Any bytes.
        labels: What the server and the document say, the more trustworthy first.

    >>> read_text("Über".encode("cp1252"), None, "iso-8859-1").text
    'Über'
    >>> read_text("Über".encode(), "iso-8859-1").text
    'Über'
    >>> read_text(b"+ADw-script+AD4-", "utf-7").text
    '+ADw-script+AD4-'
    """
    if form := find_unicode(raw):
        return Read(raw.decode(form, errors="replace").removeprefix("\ufeff"))
    names = [name for label in labels if (name := _name(label))]
    seven = next((name for name in names if name in _SEVEN_BITS), None)
    if seven and b"\x1b" in raw and (text := _decoded(raw, seven)) is not None:
        return Read(text)
    if (text := _decoded(raw, "utf-8")) is not None:
        lie = next((name for name in names if name in _WIDE), None)
        return Read(text, (f"declared as {lie}, and read as UTF-8",) if lie else ())
    for name in names:
        if name in _BELIEVED and (text := _decoded(raw, _WIDER.get(name, name))) is not None:
            return Read(text)
    text, stray = decode_mixed(raw)
    return Read(text, (f"{stray} bytes were no UTF-8, and read as Windows-1252",))


def _name(label: str | None) -> str | None:
    """Return Python's name of an encoding; ``None``: there is none."""
    if not label:
        return None
    try:
        return codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None


def _decoded(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return None
