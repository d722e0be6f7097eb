"""Addresses to targets."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from audiobrief.objects.address import OBJECT_STORES
from audiobrief.upload.address import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.upload.address import Address
    from audiobrief.upload.target import Target


@contextmanager
def open_target(
    address: Address, *, root: Path, endpoint: str | None = None, region: str | None = None
) -> Iterator[Target]:
    """Give the target of an address, for as long as the block runs.

    Args:
        address: Where it is.
        root: What the path of a folder is relative to.
        endpoint: Of an object store that is none of the three great ones'.
        region: Of an object store.

    Raises:
        TargetUnavailableError: A program, a library or a key is missing.
        UploadError: The address means nothing to the library.
    """
    with ExitStack() as held:
        if address.kind == FOLDER:
            from audiobrief.upload.folder import Folder  # noqa: PLC0415 - one of them is used

            yield Folder((root / address.path).resolve(), held)
        elif address.kind in OBJECT_STORES:
            from audiobrief.upload.objects import Objects  # noqa: PLC0415

            yield Objects(address, endpoint=endpoint, region=region)
        elif address.kind == "sftp":
            from audiobrief.upload.sftp import Sftp  # noqa: PLC0415

            yield Sftp(address, held)
        else:
            from audiobrief.upload.rsync import Rsync  # noqa: PLC0415

            yield Rsync(address, held)
