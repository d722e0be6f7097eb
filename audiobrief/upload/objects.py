"""Object stores: S3 and what speaks like it, Google Cloud Storage, Azure (the room of obstore)."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import OvertakenError, TargetUnavailableError, UploadError
from audiobrief.upload.name import is_safe
from audiobrief.upload.target import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.upload.address import Address
    from audiobrief.upload.target import Done, Upload

#: Files on their way at the same time: most are small, and each waits for its answer.
_WORKERS: Final = 4
#: A create-only put takes the whole file into memory; longer ones go in parts.
_CREATE_BYTES: Final = 32_000_000
#: One of these must be set for S3; otherwise obstore asks a machine of Amazon's that is not there.
_S3_KEYS: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
)
#: What each provider's own programs read.
_VARIABLES: Final = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_RETRIES: Final = {"max_retries": 4, "retry_timeout": timedelta(seconds=120)}


class Objects:
    """A bucket, or what begins with a prefix in one.

    Keys come from the variables of the environment that the provider's own programs read.

    Args:
        address: The bucket.
        endpoint: Of another provider than Amazon, Google or Microsoft.
        region: As the provider calls it.
    """

    def __init__(self, address: Address, *, endpoint: str | None, region: str | None) -> None:
        self._address = address
        self._store = _open_store(address, endpoint, region)
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
        exceptions = _exceptions()
        try:
            with self._told(file.name):
                return Stored(file.size_bytes, _tag(self._put(file, mode)))
        except UploadError as error:
            lost = (exceptions.AlreadyExistsError, exceptions.PreconditionError)
            if isinstance(error.__cause__, lost):
                return self._unless_ours(file, error)
            if _knows_no_conditions(error):
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
            if not isinstance(error.__cause__, (_exceptions().NotFoundError, FileNotFoundError)):
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
            if may_create and _knows_no_conditions(error):
                self._takes_conditions = False
                self._send(file)
                return
            # Another publisher, or a first try whose answer was lost: the name tells the content.
            is_there = isinstance(error.__cause__, _exceptions().AlreadyExistsError)
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
        exceptions = _exceptions()
        try:
            yield
        except (exceptions.BaseError, OSError, ValueError) as error:
            where = f"{self.place}/{name}" if name else self.place
            raise _error(error, where, exceptions) from error


def _open_store(address: Address, endpoint: str | None, region: str | None) -> Any:
    if address.kind == "s3" and not any(os.environ.get(name) for name in _S3_KEYS):
        raise TargetUnavailableError(
            "there is no key for the bucket", address.place, remedy=f"set {_VARIABLES['s3']}"
        )
    try:
        from obstore.store import from_url  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise TargetUnavailableError(
            "what talks to object stores is not installed",
            address.place,
            remedy='pip install "audiobrief[s3]"',
        ) from error
    given = {"endpoint": endpoint, "region": region}
    config: Any = {name: value for name, value in given.items() if value is not None}
    url = endpoint or os.environ.get("AWS_ENDPOINT_URL", "")
    # Nothing secret goes over the wire: the key signs. Who wants http has written it.
    client: Any = {"allow_http": url.startswith("http://")}
    retries: Any = _RETRIES
    try:
        return from_url(address.place, config=config, client_options=client, retry_config=retries)
    except (_exceptions().BaseError, OSError, ValueError) as error:
        raise TargetUnavailableError(
            "the environment does not say enough to reach the store",
            address.place,
            remedy=f"set {_VARIABLES[address.kind]}",
        ) from error


def _exceptions() -> Any:
    from obstore import exceptions  # noqa: PLC0415 - an extra

    return exceptions


def _error(error: Exception, where: str, exceptions: Any) -> UploadError:
    code = _code(error)
    if isinstance(error, OSError) and error.errno is not None:
        # One of this machine's; what a store does not have is an OSError without a number.
        remedy = "check the disk, then run the same command again"
        return UploadError(f"cannot read: {error.strerror}", str(error.filename), remedy=remedy)
    refused = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError)
    if isinstance(error, refused):
        remedy = "check the key in the environment, and what it may do"
        return TargetUnavailableError(f"the store refuses our key{code}", where, remedy=remedy)
    if isinstance(error, (exceptions.NotFoundError, FileNotFoundError)):
        remedy = "make the bucket, or mend [publish] to and region"
        return UploadError(f"the store does not have it{code}", where, remedy=remedy)
    remedy = "check endpoint, region and the net, then run the same command again"
    return UploadError(f"the store did not take it{code}", where, remedy=remedy)


def _knows_no_conditions(error: UploadError) -> bool:
    """Tell whether a store refuses conditions as such: 501 of HTTP."""
    is_refused = isinstance(error.__cause__, _exceptions().NotSupportedError)
    return is_refused or "NotImplemented" in error.problem or "501" in error.problem


def _code(error: Exception) -> str:
    """Return the code that S3 gives, or the number of HTTP; nothing else of the message."""
    found = re.search(r"<Code>(\w{1,60})</Code>", str(error)) or re.search(
        r"\b([45]\d\d [A-Z][A-Za-z ]{1,40})", str(error)
    )
    return f" ({found.group(1).strip()})" if found else ""


def _stored(row: Any) -> Stored:
    return Stored(row["size"], _tag(row))


def _tag(row: Any) -> str:
    """Return ETag and version as one text; a store has one of them or both."""
    return f"{row.get('e_tag') or ''}\n{row.get('version') or ''}"


def _version_of(stored: Stored) -> dict[str, str]:
    tag, _, version = stored.tag.partition("\n")
    # A key without a value is an error of types to obstore.
    return {k: v for k, v in (("e_tag", tag), ("version", version)) if v}
