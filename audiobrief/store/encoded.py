"""Encoded clips by content address: what was encoded once is never encoded again."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.store.cache_folder import CacheFolder

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST_BYTES = 32


class EncodedCache(CacheFolder):
    """Encoded clips in a folder, each under its key (64 hex digits), with a digest in front."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ".mp3part")

    def get(self, key: str) -> bytes | None:
        """Return an encoded clip, or ``None`` when it is not there or not whole."""
        content = self.read(key)
        if content is None:
            return None
        kept = content[_DIGEST_BYTES:]
        if sha256(kept).digest() != content[:_DIGEST_BYTES]:
            self.discard_damaged(key)
            return None
        self.touch(key)
        return kept

    def put(self, key: str, content: bytes) -> None:
        """Keep one; a kill at any moment leaves it whole or not there."""
        self.write(key, sha256(content).digest() + content)
