"""Files over HTTPS, proven by their published checksum, resumed where they were cut off."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiobrief.errors import DownloadError, StoreError
from audiobrief.speak.safe_open import RangeRefusedError, blocks_of, next_block, open_safely

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPResponse
    from pathlib import Path

#: A server that says nothing for so long has gone.
_TIMEOUT_S = 30.0
#: Left free on the disk, so that a build beside it does not fail.
_SPARE_BYTES = 50_000_000
#: Longest index that is read: the one of piper's voices has about 1 MB.
_LONGEST_INDEX_BYTES = 20_000_000

#: A strong mark of a version of a file (RFC 9110); a weak one does not promise equal bytes.
_STRONG_ETAG = re.compile(rb'"[\x21\x23-\x7e]*"')


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as its publisher describes it."""

    url: str
    #: File name on our side.
    name: str
    size_bytes: int
    #: ``md5`` or ``sha256``.
    algorithm: str
    #: In hex digits.
    digest: str


def download(
    remote: RemoteFile,
    folder: Path,
    *,
    told: Callable[[int], None],
    force: bool = False,
    timeout_s: float = _TIMEOUT_S,
) -> bool:
    """Fetch a file into a folder; it appears there whole and proven, or not at all.

    What has come stays in a ``.part`` file; the next call goes on from there, if the server still
    has the same file. A proxy is taken from the environment, as `urllib.request` does.

    Args:
        remote: What to fetch.
        folder: Where to.
        told: Called with the number of bytes that are there by now.
        force: Fetch it even where a file of that name is.
        timeout_s: For the connection, and for each wait.

    Returns:
        Whether it was fetched; ``False``: the very file was there.

    Raises:
        DownloadError: It cannot be fetched, or is not what was published.
        StoreError: It cannot be written, or another file of that name is there.
    """
    target = folder / remote.name
    if not force and _is_there(remote, target):
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = _Part.beside(target, remote)
        _require_room(folder, remote.size_bytes - part.size_bytes)
        if part.size_bytes < remote.size_bytes:
            _fetch_rest(remote, part, told, timeout_s)
        _prove(remote, part)
        with part.path.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.path.replace(target)
        part.forget()
    except OSError as error:
        raise StoreError(
            f"cannot write: {error.strerror or error}",
            str(target),
            remedy="make the folder writable and free some disk space, then run it again",
        ) from error
    return True


def _is_there(remote: RemoteFile, target: Path) -> bool:
    """Tell whether a file has been fetched before.

    Raises:
        StoreError: Another file of that name is there, or it cannot be read.
    """
    try:
        if not target.is_file():
            return False
        found = _digest_of(target, remote.algorithm)
    except OSError as error:
        raise StoreError(
            f"cannot read: {error.strerror or error}",
            str(target),
            remedy="make the file readable, move it, or add --force",
        ) from error
    if found != remote.digest:
        raise StoreError(
            "another file of this name is there", str(target), remedy="move it, or add --force"
        )
    return True


def fetch_small(url: str, *, timeout_s: float = _TIMEOUT_S) -> bytes:
    """Return a small file, such as an index.

    Raises:
        DownloadError: It cannot be fetched.
    """
    with open_safely(url, {}, timeout_s) as response:
        content = next_block(response, url, _LONGEST_INDEX_BYTES + 1)
        wanted = response.headers.get("Content-Length")
    if len(content) > _LONGEST_INDEX_BYTES or (wanted and wanted != str(len(content))):
        raise DownloadError("the answer is not whole", url, remedy="run the same command again")
    return content


@dataclass(frozen=True, slots=True)
class _Part:
    """The beginning of a file, and the mark by which its server knows the rest.

    Its name holds the checksum: of a file that was published anew, nothing is kept.
    """

    path: Path
    mark: Path

    @classmethod
    def beside(cls, target: Path, remote: RemoteFile) -> _Part:
        """Return the part file of a target, those of other versions removed."""
        stem = f".{target.name}.{remote.digest[:12]}"
        part = cls(target.with_name(f"{stem}.part"), target.with_name(f"{stem}.etag"))
        for ending in ("part", "etag"):
            # Twelve digits, no more: ".voice.onnx.json.…" is another file's.
            for stale in target.parent.glob(f".{target.name}.{'[0-9a-f]' * 12}.{ending}"):
                if stale not in {part.path, part.mark}:
                    stale.unlink()
        return part

    @property
    def size_bytes(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def etag(self) -> str:
        """The server's mark; empty: there is none that it would know its file by."""
        written = self.mark.read_bytes() if self.mark.is_file() else b""
        return written.decode("ascii") if _STRONG_ETAG.fullmatch(written) else ""

    def forget(self) -> None:
        """Remove what is there."""
        self.path.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)


def _require_room(folder: Path, wanted_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted_bytes + _SPARE_BYTES:
        raise StoreError(
            f"{wanted_bytes / 1e6:.0f} MB are needed, {free_bytes / 1e6:.0f} MB are free",
            str(folder),
            remedy="free some disk space, then run the same command again",
        )


def _fetch_rest(
    remote: RemoteFile, part: _Part, told: Callable[[int], None], timeout_s: float
) -> None:
    """Append what is missing to a part file, or begin it anew."""
    try:
        # Without a strong mark the server cannot say whether its file is still the same.
        _fetch_from(part.size_bytes if part.etag else 0, remote, part, told, timeout_s)
    except RangeRefusedError:
        part.forget()
        _fetch_from(0, remote, part, told, timeout_s)


def _fetch_from(
    start: int, remote: RemoteFile, part: _Part, told: Callable[[int], None], timeout_s: float
) -> None:
    headers = {"Range": f"bytes={start}-", "If-Range": part.etag} if start else {}
    with open_safely(remote.url, headers, timeout_s) as response:
        goes_on = response.status == 206 and _begins_at(response, start)
        if response.status == 206 and not goes_on:
            part.forget()
            raise DownloadError(
                "the server sent another part of the file than was asked for",
                remote.url,
                remedy="run the same command again: it begins anew",
            )
        here = start if goes_on else 0
        etag = response.headers.get("ETag", "").encode("utf-8", "replace")
        part.mark.write_bytes(etag if _STRONG_ETAG.fullmatch(etag) else b"")
        with part.path.open("ab" if goes_on else "wb") as file:
            for block in blocks_of(response, remote.url):
                here += len(block)
                if here > remote.size_bytes:
                    break
                file.write(block)
                told(here)
    if here < remote.size_bytes:
        raise DownloadError(
            f"the connection ended after {here:,} of {remote.size_bytes:,} bytes",
            remote.url,
            remedy="run the same command again: it goes on from there",
        )
    if here > remote.size_bytes:
        part.forget()
        raise DownloadError(
            f"the file is longer than the {remote.size_bytes:,} bytes that were published",
            remote.url,
            remedy="run the same command later; if it stays so, report it to the publisher",
        )


def _begins_at(response: HTTPResponse, start: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def _prove(remote: RemoteFile, part: _Part) -> None:
    found = _digest_of(part.path, remote.algorithm)
    if found != remote.digest:
        part.forget()
        raise DownloadError(
            f"the file is not the published one: its {remote.algorithm} is {found},"
            f" {remote.digest} was published; it was removed",
            remote.url,
            remedy="run the same command again; if it stays so, report it to the publisher",
        )


def _digest_of(path: Path, algorithm: str) -> str:
    def make() -> Any:
        # MD5 is what piper publishes: it finds damage, and an attacker is kept out by HTTPS.
        return hashlib.new(algorithm, usedforsecurity=False)

    with path.open("rb") as file:
        return hashlib.file_digest(file, make).hexdigest()
