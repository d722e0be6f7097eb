"""Read members of a ZIP archive (EPUB, DOCX) within bounds; nothing is ever unpacked to disk."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from audiobrief.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Encyclopedias as EPUB have some thousand members.
MAX_MEMBERS = 10_000
#: An illustrated book has 300 MB; pictures count here, though they are never read.
MAX_DECLARED_BYTES = 1_000_000_000
#: All that is read of one archive: the text of the longest novels is 5 MB with its markup.
MAX_READ_BYTES = 50_000_000
#: Deflate shrinks text to a third or a tenth, repetitive markup to a fiftieth; a bomb to 1/1000.
MAX_RATIO = 200
#: Below, a member does no harm however well it is packed.
_SMALL_BYTES = 1_000_000
_PIECE_BYTES = 65_536
_ENCRYPTED = 0x1
#: The two that EPUB (OCF 3.3, 4.2) and DOCX (ECMA-376, part 2) allow.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What zipfile raises for bytes that are none of what they should be.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    RuntimeError,
)
_ENTRY_MARK = b"PK\x01\x02"
_REMEDY = "save the document again with the program that made it"


class Archive:
    """A checked archive; made by ``open_archive``."""

    def __init__(self, file: zipfile.ZipFile, locator: str) -> None:
        self._file = file
        self._locator = locator
        self._members = {member.filename: member for member in file.infolist()}
        self._read_bytes = 0

    def __contains__(self, name: object) -> bool:
        return name in self._members

    @property
    def names(self) -> tuple[str, ...]:
        """The members, in the order of the archive's directory."""
        return tuple(self._members)

    def read(self, name: str, *, limit_bytes: int = MAX_READ_BYTES) -> bytes:
        """Return the content of a member.

        Args:
            name: As in ``names``.
            limit_bytes: Larger ones are refused.

        Raises:
            SourceError: It is missing, damaged or too large, or too much was read before.
        """
        member = self._members.get(name)
        if member is None:
            raise SourceError(f"the archive has no {name}", self._locator, remedy=_REMEDY)
        limit_bytes = min(limit_bytes, MAX_READ_BYTES - self._read_bytes)
        pieces: list[bytes] = []
        size = 0
        try:
            with self._file.open(member) as stream:
                while size <= limit_bytes and (piece := stream.read(_PIECE_BYTES)):
                    pieces.append(piece)
                    size += len(piece)
        except _DAMAGE as error:
            raise SourceError(f"{name} is damaged", self._locator, remedy=_REMEDY) from error
        if size > limit_bytes:
            raise _too_large(name, self._locator)
        self._read_bytes += size
        return b"".join(pieces)


@contextmanager
def open_archive(stream: BinaryIO, locator: str) -> Iterator[Archive]:
    """Open an archive once it has proved harmless.

    Args:
        stream: The file, seekable.
        locator: Named in errors.

    Raises:
        SourceError: It is no ZIP archive, or damaged; it has more than ``MAX_MEMBERS`` members or
            ``MAX_DECLARED_BYTES``; a member is encrypted, is a link, leads out of the archive, or
            grows more than ``MAX_RATIO`` times.
    """
    try:
        _refuse_long_directory(stream, locator)
        file = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        raise SourceError(
            "the file is damaged: it is no whole ZIP archive", locator, remedy=_REMEDY
        ) from error
    with file:
        _refuse_members(file, locator)
        yield Archive(file, locator)


def _refuse_long_directory(stream: BinaryIO, locator: str) -> None:
    """Refuse a million members before ``zipfile`` makes objects of them: 10 s and 800 MB.

    Every entry of the directory begins with its mark, wherever the directory lies and whatever
    the counters of the archive claim: there are no more entries than marks.
    """
    stream.seek(0)
    count, before = 0, b""
    while piece := stream.read(_PIECE_BYTES):
        count += (before + piece).count(_ENTRY_MARK)
        before = piece[1 - len(_ENTRY_MARK) :]
    if count > MAX_MEMBERS:
        raise _too_many(locator)
    stream.seek(0)


def _refuse_members(file: zipfile.ZipFile, locator: str) -> None:
    members = file.infolist()
    if sum(member.file_size for member in members) > MAX_DECLARED_BYTES:
        raise _too_large("what is in it", locator)
    for member in members:
        problem = _problem(member)
        if problem:
            raise SourceError(
                f"{_shown(member.orig_filename)} {problem}",
                locator,
                remedy="remove the password and save it again"
                if "encrypted" in problem
                else _REMEDY,
            )


def _problem(member: zipfile.ZipInfo) -> str | None:
    """Return what is wrong with a member, to be read after its name."""
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link"
    name = member.orig_filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or "\0" in name or ".." in name.split("/"):
        return "leads out of the archive"
    if member.file_size > _SMALL_BYTES and member.file_size > MAX_RATIO * max(
        1, member.compress_size
    ):
        return f"grows more than {MAX_RATIO} times when it is unpacked"
    return None


def _shown(name: str) -> str:
    """Return a member's name as an error shows it: short, and on one line."""
    return ascii(name)[1:-1][:100]


def _too_many(locator: str) -> SourceError:
    return SourceError(
        f"the archive has more than {MAX_MEMBERS:,} members", locator, remedy=_REMEDY
    )


def _too_large(what: str, locator: str) -> SourceError:
    return SourceError(
        f"{what} is too large to be read",
        locator,
        remedy="split the document, or save the article alone",
    )
