"""Members of a ZIP archive from elsewhere, in memory and within bounds (pure)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Final

from audiobrief.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: An export of 10,000 articles has 20,000 members.
MAX_MEMBERS: Final = 50_000
#: Of one member, unpacked; an article has 0.1 MB, a list of thousands 10.
MAX_MEMBER_BYTES: Final = 20_000_000
#: Of all that is read.
MAX_TOTAL_BYTES: Final = 200_000_000
#: Deflate of text reaches 1:10, of the same letter 1:1032.
MAX_RATIO: Final = 200

#: The fixed part of the end of central directory record (APPNOTE.TXT 6.3.10, section 4.3.16).
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE: Final = b"PK\x05\x06"
_CENTRAL_HEADER_BYTES: Final = 46
_ENCRYPTED: Final = 0x1


class Archive:
    """An archive that was checked before anything of it is read.

    Members are known by name only: nothing is ever written, so that no name leads anywhere.

    Args:
        raw: The whole archive.
        where: Its name, for errors.

    Raises:
        SourceError: It is no archive, is damaged, or has too many members.
    """

    def __init__(self, raw: bytes, where: str) -> None:
        self._where = where
        self._left_bytes = MAX_TOTAL_BYTES
        self._check_count(raw)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self._damaged(error) from error
        self._members = {each.filename: each for each in self._zip.infolist() if not each.is_dir()}

    @property
    def names(self) -> list[str]:
        """Return the members' names, in the order of the archive."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return a member.

        Raises:
            SourceError: It is encrypted, damaged, or larger than is read.
        """
        member = self._members[name]
        if member.flag_bits & _ENCRYPTED:
            raise SourceError(
                "the archive is encrypted", self._where, remedy="unpack it, and give its files"
            )
        try:
            with self._zip.open(member) as stream:
                content = b"".join(self._pieces(stream, member))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise self._damaged(error) from error
        self._left_bytes -= len(content)
        return content

    def _pieces(self, stream: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a member's content as long as it stays within bounds, whatever its header says."""
        most = min(MAX_MEMBER_BYTES, self._left_bytes, MAX_RATIO * (member.compress_size + 100))
        size = 0
        while piece := stream.read(65_536):
            size += len(piece)
            if size > most:
                raise SourceError(
                    f"the archive unpacks to more than it should: {member.filename[:80]}",
                    self._where,
                    remedy="export it again; give its files if they are really that large",
                )
            yield piece

    def _check_count(self, raw: bytes) -> None:
        """Refuse too many members before they are listed: a million take seconds and a gigabyte."""
        place = raw.rfind(_END_SIGNATURE, max(0, len(raw) - _END.size - 0xFFFF))
        if place < 0 or len(raw) < place + _END.size:
            raise self._damaged(None)
        _, _, _, _, count, size_bytes, _, _ = _END.unpack_from(raw, place)
        if count > MAX_MEMBERS or size_bytes > MAX_MEMBERS * 4 * _CENTRAL_HEADER_BYTES:
            raise SourceError(
                f"the archive has more than {MAX_MEMBERS} members",
                self._where,
                remedy="unpack it, and give its files in parts",
            )

    def _damaged(self, error: Exception | None) -> SourceError:
        reason = f" ({error})" if error is not None and str(error) else ""
        return SourceError(
            f"this is no whole ZIP archive{reason}", self._where, remedy="export it again"
        )
