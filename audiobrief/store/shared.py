"""Blobs by name in a place that several machines share: a folder, or a bucket of an object store.

Every blob carries its SHA-256, so that what is read is what was put. Names are made of what is in
them, or of what it was made of: whoever puts the same name puts the same thing, and the first one
stays. What does not behave so is written by ``replace``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What any file system and any store takes; nothing hidden, no ``..``.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=+-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._=+-]{0,127}){0,7}")
_DIGEST_BYTES: Final = 32
_REMOTE = re.compile(r"(s3|gs|az)://.+", re.DOTALL)
#: A blob that is used is marked as used again after so long: marking costs a write.
REFRESH_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Entry:
    """A blob as it lies there."""

    name: str
    bytes: int
    #: When it was last put or marked as used, in POSIX seconds of the store's own clock.
    used_s: float


class BlobStore(Protocol):
    """Blobs by name. Every method may be called from several threads, processes and machines.

    Every method raises `SharedStoreError` where the place cannot be reached, read or written, and
    `TargetUnavailableError` where it refuses the credentials.
    """

    @property
    def place(self) -> str:
        """The address, without secrets: for people."""
        ...

    @property
    def damaged(self) -> list[str]:
        """Names of blobs that were found damaged, and were removed where that could be done."""
        ...

    def get(self, name: str) -> bytes | None:
        """Return what was put; ``None``: it is not there, or damaged."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Keep a blob, whole or not at all; one of that name stays as it is."""
        ...

    def replace(self, name: str, content: bytes) -> None:
        """Keep a blob, whole or not at all, instead of the one that has the name."""
        ...

    def has(self, name: str) -> bool:
        """Tell whether there is a blob of that name; it is not read."""
        ...

    def put_file(self, name: str, path: Path, *, spare: bool = False) -> None:
        """Keep a file as a blob; its bytes lie there as they are.

        Args:
            name: Its last part is the SHA-256 of the file, 64 hex digits.
            path: The file.
            spare: Nobody needs the file any more: it may be moved.
        """
        ...

    def fetch_file(self, name: str, target: Path, *, sha256: str, last: bool = False) -> bool:
        """Write a blob that was a file to a file, whole or not at all.

        Args:
            name: As it was put.
            target: Overwritten.
            sha256: Of the file, 64 hex digits.
            last: Nobody needs the blob any more: it may be moved.

        Returns:
            ``False``: it is not there, or damaged; there is no file then.
        """
        ...

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin so, in no order. The prefix is empty or ends in a slash."""
        ...

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Yield the blobs whose names begin so, in no order."""
        ...

    def remove(self, name: str) -> None:
        """Remove a blob; one that is not there is fine."""
        ...

    def sweep(self) -> int:
        """Remove what killed programs left unfinished long ago; return how much that was."""
        ...


def open_store(
    address: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    where: str = "[store] url",
) -> BlobStore:
    """Return the store of an address; nothing is read or written yet.

    Args:
        address: An absolute folder, or ``s3://BUCKET/PREFIX``, ``gs://…``, ``az://…``.
        endpoint: Of an object store that is none of the three great ones'.
        region: Of an object store.
        where: What errors name.

    Raises:
        WorkspaceError: The address is neither.
        TargetUnavailableError: The library or the credentials of an object store are missing.
    """
    if _REMOTE.fullmatch(address):
        from audiobrief.store.shared_objects import open_object_store  # noqa: PLC0415 - an extra

        return open_object_store(address, endpoint=endpoint, region=region, where=where)
    folder = Path(address)
    if not folder.is_absolute() or "\x00" in address or "://" in address:
        raise WorkspaceError(
            "no shared store is meant by this",
            where,
            remedy='write a folder, or "s3://BUCKET/PREFIX", "gs://…" or "az://…"',
        )
    from audiobrief.store.shared_folder import FolderStore  # noqa: PLC0415 - one of them is used

    return FolderStore(folder)


def require_name(name: str) -> str:
    """Return a name of a blob.

    Raises:
        ValueError: It could leave the store, or some store does not take it.

    >>> require_name("clips/0a1b")
    'clips/0a1b'
    """
    if _NAME.fullmatch(name) is None or ".." in name:
        raise ValueError(f"no name of a blob: {name!r}")
    return name


def sealed(name: str, content: bytes) -> bytes:
    """Return a blob as it lies in a store: its digest, then its content.

    The digest is of name and content: a blob under the name of another one is damaged, too.
    """
    return _seal(name, content) + content


def unsealed(name: str, blob: bytes) -> bytes | None:
    """Return the content of a blob; ``None``: it is not what was put under that name.

    >>> unsealed("clips/0a", sealed("clips/0a", b"sound"))
    b'sound'
    >>> unsealed("clips/0b", sealed("clips/0a", b"sound")) is None
    True
    """
    content = blob[_DIGEST_BYTES:]
    if len(blob) >= _DIGEST_BYTES and _seal(name, content) == blob[:_DIGEST_BYTES]:
        return content
    # A file lies there as it is: its name holds its digest.
    is_file = sha256(blob).hexdigest() == name.rpartition("/")[2]
    return blob if is_file else None


def _seal(name: str, content: bytes) -> bytes:
    digest = sha256(name.encode() + b"\x00")
    digest.update(content)
    return digest.digest()
