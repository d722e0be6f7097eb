"""Files that a source names, read within bounds."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from audiobrief.errors import SourceError

#: Exports with all texts of some thousand articles have 100 MB.
MAX_FILE_BYTES: Final = 250_000_000


def read_file(place: str | Path) -> bytes:
    """Return a file's content.

    Raises:
        SourceError: It is missing, no regular file, or larger than ``MAX_FILE_BYTES``.
    """
    where = str(place)
    try:
        path = Path(place)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("not a regular file", where, remedy="name the file itself")
        if status.st_size > MAX_FILE_BYTES:
            raise SourceError(
                f"larger than {MAX_FILE_BYTES // 1_000_000} MB", where, remedy="give it in parts"
            )
        with path.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES)
    except FileNotFoundError as error:
        raise SourceError("there is no such file", where, remedy="check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(
            f"cannot be read ({reason})", where, remedy="check the path and its permissions"
        ) from error
