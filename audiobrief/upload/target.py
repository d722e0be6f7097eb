"""The seam: what a place for listeners must be able to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: Called with the name of each file that is there now.
Done = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it lies at a target."""

    size_bytes: int
    #: What changes whenever the file does: an ETag, a time; opaque, only compared. Empty: unknown.
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way."""

    #: Relative to the target, POSIX separators; see `audiobrief.upload.name`.
    name: str
    content_type: str
    #: ``Cache-Control`` of HTTP.
    cache: str
    size_bytes: int
    #: A file, or what would be in it.
    source: Path | bytes
    #: Nothing has this name at the target, and whatever gets it has these bytes.
    is_new: bool = False

    def read(self) -> bytes:
        """Return the content; for small files."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


class Target(Protocol):
    """A place for listeners.

    A file appears whole under its name or not at all; one that is replaced is the old one or the
    new one for whoever reads it. Names are those that `audiobrief.upload.name` lets through.
    Every method raises `UploadError`, or one of its kinds, that names the place.
    """

    @property
    def place(self) -> str:
        """Return what people call it; no part of it is a secret."""

    def listing(self) -> Mapping[str, Stored]:
        """Return all files by name; other people's may be among them. No place yet: none."""

    def read(self, name: str, limit: int) -> bytes:
        """Return the content of a file that is listed.

        Args:
            name: The file.
            limit: Bytes; a longer file is an error.
        """

    def send(self, files: Sequence[Upload], done: Done) -> None:
        """Put files there, in any order; all are there when it returns."""

    def replace(self, file: Upload, expected: Stored | None) -> Stored:
        """Put one small file in the place of another one.

        Args:
            file: The new one.
            expected: The old one as it was listed; ``None``: there was none.

        Returns:
            The file as it is now.

        Raises:
            OvertakenError: Something else is there than expected, as far as the place can tell.
        """

    def delete(self, names: Sequence[str]) -> None:
        """Remove files; one that is gone already is fine."""
