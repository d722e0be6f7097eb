"""A shared store in a bucket: S3 and what speaks like it, Google Cloud Storage, Azure.

Whoever kills a program while it sends a long file leaves parts of it in the bucket, which only a
rule of the bucket removes (on S3: AbortIncompleteMultipartUpload).
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256 as new_sha256
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import AudiobriefError, SharedStoreError, StoreError, TargetUnavailableError
from audiobrief.objects import fault
from audiobrief.objects.address import parse_bucket
from audiobrief.objects.bucket import Patience, open_bucket
from audiobrief.store.files import commit_file, mapping_os_errors, remove_if_there
from audiobrief.store.private_name import private_beside
from audiobrief.store.shared import REFRESH_S, Entry, require_name, sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.objects.address import Bucket
    from audiobrief.store.shared import BlobStore

#: Of a long file, so much goes over the wire at a time: in 30 s even at 2.2 Mbit/s.
_BLOCK_BYTES: Final = 8_000_000
#: Parts of a long file on their way at once.
_PARTS: Final = 4
#: Builds go on without the store; they do not wait for long.
_IMPATIENT: Final = Patience(retries=3, retrying_s=20, connecting_s=5, answering_s=30)


def open_object_store(
    address: str, *, endpoint: str | None, region: str | None, where: str
) -> BlobStore:
    """Return the store of an address; nothing is asked of it yet.

    Raises:
        WorkspaceError: The address means none.
        TargetUnavailableError: The library or a key is missing.
    """
    bucket = parse_bucket(address, where=where)
    return ObjectStore(bucket, endpoint=endpoint, region=region)


class ObjectStore:
    """A shared store in a bucket, or in what begins with a prefix in one.

    Args:
        bucket: Where it is.
        endpoint: Of another provider than Amazon, Google or Microsoft.
        region: As the provider calls it.
        patience: How long it is waited for.
    """

    def __init__(
        self,
        bucket: Bucket,
        *,
        endpoint: str | None,
        region: str | None,
        patience: Patience = _IMPATIENT,
    ) -> None:
        self._bucket = bucket
        self._store = open_bucket(bucket, endpoint=endpoint, region=region, patience=patience)
        #: Some stores take no conditions; each try costs time, so it is tried once.
        self._takes_conditions = True
        #: Names of blobs that were found damaged.
        self.damaged: list[str] = []

    @property
    def place(self) -> str:
        """The address."""
        return self._bucket.place

    def get(self, name: str) -> bytes | None:
        """Return what was put; ``None``: it is not there, or damaged."""
        found = self._get(require_name(name))
        if found is None:
            return None
        blob, used = found
        content = unsealed(name, blob)
        if content is None:
            self._discard(name)
            return None
        self._mark_used(name, blob, used)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Keep a blob; one of that name stays, unless it is not even as long."""
        self._create(require_name(name), sealed(name, content))

    def replace(self, name: str, content: bytes) -> None:
        """Keep a blob instead of the one that has the name."""
        self._send(require_name(name), sealed(name, content), "overwrite")

    def has(self, name: str) -> bool:
        """Tell whether there is a blob of that name."""
        return self._head(require_name(name)) is not None

    def put_file(
        self,
        name: str,
        path: Path,
        *,
        spare: bool = False,  # noqa: ARG002 - a bucket takes no file over
    ) -> None:
        """Keep a file as a blob; a spare one stays where it is, too."""
        require_name(name)
        with mapping_os_errors("read", path):
            size = path.stat().st_size
            content = path.read_bytes() if size <= _BLOCK_BYTES else None
        if content is not None:
            self._create(name, content)
        elif self._is_due(name, size):
            # Parts know no conditions: whoever sends the same name sends the same file.
            self._send(name, path, "overwrite")

    def fetch_file(
        self,
        name: str,
        target: Path,
        *,
        sha256: str,
        last: bool = False,  # noqa: ARG002 - nor does it give one away
    ) -> bool:
        """Write a blob that was a file to a file; others may need the blob, so it stays."""
        head = self._head(require_name(name))
        if head is None:
            return False
        temporary = private_beside(target)
        try:
            found = self._copy(name, head["size"], temporary)
            if found is None:
                return False
            if found != sha256:
                self._discard(name)
                return False
            commit_file(temporary, target)
        finally:
            remove_if_there(temporary)
        if _is_old(head["last_modified"]):
            with suppress(AudiobriefError):  # a store that may only be read serves all the same
                self._send(name, target, "overwrite")
        return True

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin so."""
        return (entry.name for entry in self.entries(prefix))

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Yield the blobs whose names begin so."""
        if prefix:
            require_name(prefix.rstrip("/"))
        with self._told(""):
            for chunk in self._store.list(prefix or None):
                for row in chunk:
                    yield Entry(row["path"], row["size"], row["last_modified"].timestamp())

    def remove(self, name: str) -> None:
        """Remove a blob; some stores complain of one that is gone already."""
        require_name(name)
        try:
            with self._told(name):
                self._store.delete(name)
        except SharedStoreError as error:
            if not _is_absent(error.__cause__):
                raise

    def sweep(self) -> int:
        """Do nothing: what is unfinished is not seen, and a rule of the bucket removes it."""
        return 0

    def _get(self, name: str) -> tuple[bytes, datetime] | None:
        try:
            with self._told(name):
                answer = self._store.get(name)
                return bytes(answer.bytes()), answer.meta["last_modified"]
        except SharedStoreError as error:
            if _is_absent(error.__cause__):
                return None
            raise

    def _head(self, name: str) -> Any:
        try:
            with self._told(name):
                return self._store.head(name)
        except SharedStoreError as error:
            if _is_absent(error.__cause__):
                return None
            raise

    def _is_due(self, name: str, size: int) -> bool:
        """Tell whether a blob is to be put: it is not there, was cut off, or would go soon."""
        head = self._head(name)
        return head is None or head["size"] != size or _is_old(head["last_modified"])

    def _create(self, name: str, blob: bytes) -> None:
        """Put a blob where there is none; the store itself decides, if it can."""
        if self._takes_conditions:
            try:
                self._send(name, blob, "create")
            except SharedStoreError as error:
                if fault.knows_no_conditions(error.__cause__):
                    self._takes_conditions = False
                elif not fault.is_changed(error.__cause__):
                    raise
            else:
                return
        # There is one already, or the store cannot say.
        if self._is_due(name, len(blob)):
            self._send(name, blob, "overwrite")

    def _send(self, name: str, blob: bytes | Path, mode: str) -> None:
        is_long = not isinstance(blob, bytes) or len(blob) > _BLOCK_BYTES
        more: Any = {"chunk_size": _BLOCK_BYTES, "max_concurrency": _PARTS} if is_long else {}
        with self._told(name):
            self._store.put(name, blob, mode=mode, **more)

    def _copy(self, name: str, size: int, target: Path) -> str | None:
        """Copy a blob to a file, block by block; return its digest, ``None``: it is gone."""
        digest = new_sha256()
        with mapping_os_errors("write", target), target.open("xb") as stream:
            for start in range(0, size, _BLOCK_BYTES):
                block = self._block(name, start, min(size, start + _BLOCK_BYTES))
                if block is None:
                    return None
                digest.update(block)
                stream.write(block)
        return digest.hexdigest()

    def _block(self, name: str, start: int, end: int) -> bytes | None:
        try:
            with self._told(name):
                return bytes(self._store.get_range(name, start=start, end=end))
        except SharedStoreError as error:
            if _is_absent(error.__cause__):
                return None
            raise

    def _discard(self, name: str) -> None:
        """Take a damaged blob out of the way; where that is not allowed, it is never used."""
        self.damaged.append(name)
        with suppress(SharedStoreError, TargetUnavailableError):
            self.remove(name)

    def _mark_used(self, name: str, blob: bytes, used: datetime) -> None:
        """Put a blob again that is used after some time: buckets know no last use."""
        if _is_old(used):
            # A store that may only be read serves all the same.
            with suppress(SharedStoreError, TargetUnavailableError):
                self._send(name, blob, "overwrite")

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except fault.foreseen() as error:
            where = f"{self.place}/{name}" if name else self.place
            raise _error(error, where) from error


def _is_absent(error: BaseException | None) -> bool:
    """Tell whether a blob is not there; a bucket that is not there is a fault."""
    return fault.is_missing(error) and not fault.has_no_bucket(error)


def _is_old(used: datetime) -> bool:
    """Tell whether a blob was put so long ago that a use of it is worth another put."""
    return abs((datetime.now(UTC) - used).total_seconds()) > REFRESH_S


def _error(error: Exception, where: str) -> AudiobriefError:
    code = fault.code_of(error)
    if isinstance(error, OSError) and fault.is_of_this_machine(error):
        remedy = "check the disk, then run the same command again"
        return StoreError(f"cannot read: {error.strerror}", str(error.filename), remedy=remedy)
    if fault.is_refused(error):
        remedy = "check the key in the environment, and what it may do"
        return TargetUnavailableError(
            f"the shared store refuses our key{code}", where, remedy=remedy
        )
    if fault.is_missing(error):
        remedy = "make the bucket, or mend [store] url and region"
        return SharedStoreError(f"the shared store does not have it{code}", where, remedy=remedy)
    remedy = "check [store] endpoint and region and the net, then run the same command again"
    return SharedStoreError(f"the shared store is out of reach{code}", where, remedy=remedy)
