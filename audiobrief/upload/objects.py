"""Object stores as targets: S3 and what speaks like it, Google Cloud Storage, Azure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import OvertakenError, TargetUnavailableError, UploadError
from audiobrief.objects import fault
from audiobrief.objects.address import Bucket
from audiobrief.objects.bucket import PATIENT, open_bucket
from audiobrief.upload.name import is_safe
from audiobrief.upload.target import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.objects.bucket import Patience
    from audiobrief.upload.address import Address
    from audiobrief.upload.target import Done, Upload

#: Files on their way at the same time: most are small, and each waits for its answer.
_WORKERS: Final = 4
#: A create-only put takes the whole file into memory; longer ones go in parts.
_CREATE_BYTES: Final = 32_000_000


class Objects:
    """A bucket, or what begins with a prefix in one.

    Keys come from the variables of the environment that the provider's own programs read.

    Args:
        address: The bucket.
        endpoint: Of another provider than Amazon, Google or Microsoft.
        region: As the provider calls it.
        patience: How long it is waited for.
    """

    def __init__(
        self,
        address: Address,
        *,
        endpoint: str | None,
        region: str | None,
        patience: Patience = PATIENT,
    ) -> None:
        self._address = address
        bucket = Bucket(address.kind, address.host, address.path)
        self._store = open_bucket(bucket, endpoint=endpoint, region=region, patience=patience)
        #: Some stores take no conditions; each try costs seconds, so it is tried once.
        self._takes_conditions = True

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    def listing(self) -> dict[str, Stored]:
        """Return all objects below the prefix."""
        with self._told(""):
            rows = [row for chunk in self._store.list() for row in chunk]
        return {row["path"]: _stored(row) for row in rows if is_safe(row["path"])}

    def read(self, name: str, limit: int) -> bytes:
        """Return the content of an object."""
        with self._told(name):
            answer = self._store.get(name)
            if answer.meta["size"] > limit:
                raise UploadError("a file is too long", f"{self.place}/{name}", remedy="remove it")
            return bytes(answer.bytes())

    def send(self, files: Sequence[Upload], done: Done) -> None:
        """Send files, some at a time; the first failure ends it."""
        pool = ThreadPoolExecutor(_WORKERS)
        try:
            names = {pool.submit(self._send, file): file.name for file in files}
            for finished in as_completed(names):
                finished.result()
                done(names[finished])
        finally:
            pool.shutdown(cancel_futures=True)

    def replace(self, file: Upload, expected: Stored | None) -> Stored:
        """Put a file if the object is still the one that was listed: the store itself decides."""
        if not self._takes_conditions:
            return self._replace_after_a_look(file, expected)
        mode: Any = "create" if expected is None else _version_of(expected)
        try:
            with self._told(file.name):
                return Stored(file.size_bytes, _tag(self._put(file, mode)))
        except UploadError as error:
            if fault.is_changed(error.__cause__):
                return self._unless_ours(file, error)
            if fault.knows_no_conditions(error.__cause__):
                self._takes_conditions = False
                return self._replace_after_a_look(file, expected)
            raise

    def _replace_after_a_look(self, file: Upload, expected: Stored | None) -> Stored:
        """Put a file where the store takes no conditions, as some do not; between is a moment."""
        if self.listing().get(file.name) != expected:
            raise OvertakenError(
                "another publisher has written here in the meantime",
                f"{self.place}/{file.name}",
                remedy="run the same command again",
            )
        with self._told(file.name):
            return Stored(file.size_bytes, _tag(self._put(file, "overwrite")))

    def delete(self, names: Sequence[str]) -> None:
        """Remove objects; some stores complain of one that is gone already."""
        try:
            with self._told(""):
                self._store.delete([*names])
        except UploadError as error:
            if not fault.is_missing(error.__cause__):
                raise
            self._delete_one_by_one(names)

    def _delete_one_by_one(self, names: Sequence[str]) -> None:
        there = self.listing()
        with self._told(""):
            for name in names:
                if name in there:
                    self._store.delete([name])

    def _send(self, file: Upload) -> None:
        is_short = file.size_bytes <= _CREATE_BYTES
        may_create = file.is_new and is_short and self._takes_conditions
        mode = "create" if may_create else "overwrite"
        try:
            with self._told(file.name):
                self._put(file, mode)
        except UploadError as error:
            if may_create and fault.knows_no_conditions(error.__cause__):
                self._takes_conditions = False
                self._send(file)
                return
            # Another publisher, or a first try whose answer was lost: the name tells the content.
            is_there = fault.is_there_already(error.__cause__)
            if not is_there or self._head(file.name).size_bytes != file.size_bytes:
                raise

    def _put(self, file: Upload, mode: Any) -> Any:
        attributes = {"Content-Type": file.content_type, "Cache-Control": file.cache}
        return self._store.put(file.name, file.source, attributes=attributes, mode=mode)

    def _unless_ours(self, file: Upload, error: UploadError) -> Stored:
        """Return the object if it is what was to be put: then an answer was lost on the way."""
        there = self._head(file.name)
        if (
            there.size_bytes == file.size_bytes
            and self.read(file.name, file.size_bytes) == file.read()
        ):
            return there
        raise OvertakenError(
            "another publisher has written here in the meantime",
            f"{self.place}/{file.name}",
            remedy="run the same command again",
        ) from error.__cause__

    def _head(self, name: str) -> Stored:
        with self._told(name):
            return _stored(self._store.head(name))

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """Name what went wrong in our words: the library's have the whole request in them."""
        try:
            yield
        except fault.foreseen() as error:
            where = f"{self.place}/{name}" if name else self.place
            raise _error(error, where) from error


def _error(error: Exception, where: str) -> UploadError:
    code = fault.code_of(error)
    if isinstance(error, OSError) and fault.is_of_this_machine(error):
        remedy = "check the disk, then run the same command again"
        return UploadError(f"cannot read: {error.strerror}", str(error.filename), remedy=remedy)
    if fault.is_refused(error):
        remedy = "check the key in the environment, and what it may do"
        return TargetUnavailableError(f"the store refuses our key{code}", where, remedy=remedy)
    if fault.is_missing(error):
        remedy = "make the bucket, or mend [publish] to and region"
        return UploadError(f"the store does not have it{code}", where, remedy=remedy)
    remedy = "check endpoint, region and the net, then run the same command again"
    return UploadError(f"the store did not take it{code}", where, remedy=remedy)


def _stored(row: Any) -> Stored:
    return Stored(row["size"], _tag(row))


def _tag(row: Any) -> str:
    """Return ETag and version as one text; a store has one of them or both."""
    return f"{row.get('e_tag') or ''}\n{row.get('version') or ''}"


def _version_of(stored: Stored) -> dict[str, str]:
    tag, _, version = stored.tag.partition("\n")
    # A key without a value is an error of types to obstore.
    return {k: v for k, v in (("e_tag", tag), ("version", version)) if v}
