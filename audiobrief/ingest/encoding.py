"""Bytes to text: byte order marks, UTF-8, stray Windows-1252 bytes, text decoded wrongly before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobrief.text.scrub import scrub
from audiobrief.text.unicode_bytes import decode_mixed, find_unicode

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or an EPUB or Word document)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"RIFF", "a WAV, AVI or WebP file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
)

#: Encodings a page may declare and be believed, once its bytes have proved not to be UTF-8.
#: UTF-7 and the like are left out: they hide markup from a parser.
_DECLARED = re.compile(
    rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}"""
    rb"(iso-8859-\d{1,2}|windows-\d{3,4}|koi8-[ru]|shift_jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5)",
    re.IGNORECASE,
)

#: Tab, line feed, form feed, carriage return, escape (colored terminal output is text).
_TEXT_CONTROLS = bytes((9, 10, 12, 13, 27))
_OTHER_CONTROLS = bytes(b for b in range(32) if b not in _TEXT_CONTROLS)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as it should have come."""

    text: str
    #: What was repaired, in words for the user.
    notes: tuple[str, ...] = ()


def find_binary(raw: bytes) -> str | None:
    """Return what the bytes are when they are no text, else ``None``.

    >>> find_binary(b"%PDF-1.7 ...")
    'a PDF document'
    >>> find_binary(b"Rain is expected.") is None
    True
    """
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            return name
    if find_unicode(raw):
        return None
    head = raw[:65536]
    # Text that came through a bad tool has a stray control here and there; one in ten is data.
    if 10 * (len(head) - len(head.translate(None, _OTHER_CONTROLS))) > len(head):
        return "binary data"
    return None


def decode(raw: bytes) -> Decoded:
    r"""Return the text of the bytes, repaired.

    A byte order mark decides; then UTF-8; bytes that are no UTF-8 are read in the encoding that
    the page declares, else one by one as Windows-1252, so that no letter is lost. Then text that
    was once decoded wrongly is mended, and what cannot be spoken is taken out.

    >>> decode("Caf\u00e9".encode("cp1252")).text
    'Café'
    >>> decode("\u00c3\u00a9t\u00c3\u00a9".encode()).text
    'été'
    """
    text, notes = _decode(raw)
    mended = _without_mojibake(text)
    if mended != text:
        notes += ("mended letters that had been decoded wrongly before",)
    text, removed = scrub(mended)
    return Decoded(text, notes + removed)


def _decode(raw: bytes) -> tuple[str, tuple[str, ...]]:
    form = find_unicode(raw)
    if form:
        text = raw.decode(form, errors="replace")
        return text, () if form == "utf-8-sig" else (f"read as {form.upper()}",)
    if (read := _decoded_as("utf-8", raw)) is not None:
        return read, ()
    # Then the page's word counts, or it is Windows-1252.
    declared = _DECLARED.search(raw[:2048])
    if declared:
        name = declared[1].decode("ascii").lower()
        if (read := _decoded_as(name, raw)) is not None:
            return read, (f"read as {name}, as the page declares",)
    text, stray = decode_mixed(raw)
    return text, (f"{stray} bytes were no UTF-8 and were read as Windows-1252",)


def _decoded_as(name: str, raw: bytes) -> str | None:
    """Return bytes in an encoding; ``None``: they are not, or there is none (iso-8859-12)."""
    try:
        return raw.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


#: Wrongly decoded UTF-8 leaves a letter from the start of Latin-1's upper half, or at least two
#: characters side by side that are not ASCII.
_SUSPECT = re.compile(r"[^\x00-\x7f]{2}|[\xc2\xc3]")


def _without_mojibake(text: str) -> str:
    """Mend wrongly decoded text line by line, so that sound lines stay as they are."""
    if not _SUSPECT.search(text):
        return text
    # Here, not above: ftfy takes 80 ms to import, and hardly a text needs it.
    import ftfy  # noqa: PLC0415

    return "\n".join(
        ftfy.fix_encoding(line) if _SUSPECT.search(line) else line for line in text.split("\n")
    )
