"""What is sent to a target is what its manifest says, also if nobody has built since.

The sound is held to its digest by the rules of podcast apps, before anything is sent.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import PublishError
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiobrief.upload.target import Upload


def require_intact(uploads: Iterable[Upload]) -> None:
    """Refuse to send a transcript, chapters or a picture that is another one than was made.

    Args:
        uploads: What is about to be sent; what is there already is not read.

    Raises:
        PublishError: A file is not what the manifest beside it says.
        StoreError: A manifest or a file cannot be read.
    """
    told: dict[Path, dict[str, str]] = {}
    for upload in uploads:
        if isinstance(upload.source, bytes):
            continue
        folder, name = upload.source.parent, upload.source.name
        if folder not in told:
            manifest = folder / MANIFEST_NAME
            told[folder] = dict(read_manifest(manifest).files) if manifest.is_file() else {}
        digest = told[folder].get(name)
        if digest is None:
            continue
        with mapping_os_errors("read", upload.source):
            content = upload.source.read_bytes()
        if sha256(content).hexdigest() != digest:
            raise PublishError(
                "the file is another one than was made",
                upload.name,
                remedy='mend it first: "audiobrief build", or "audiobrief repair"',
            )
