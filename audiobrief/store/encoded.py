"""Encoded clips by content address: what was encoded once is never encoded again."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.store.behind import Behind
from audiobrief.store.cache_folder import CacheFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobrief.store.tier import Tier

_DIGEST_BYTES = 32


class EncodedCache(CacheFolder):
    """Encoded clips in a folder, each under its key (64 hex digits), with a digest in front.

    Args:
        folder: Where they lie; made with the first one.
        behind: Where those are looked for that are not there, and all are kept.
    """

    def __init__(self, folder: Path, behind: Tier | None = None) -> None:
        super().__init__(folder, ".mp3part")
        self._behind = Behind(self, "encoded", behind, is_whole=_is_whole)

    def get(self, key: str) -> bytes | None:
        """Return an encoded clip, or ``None`` when it is not there or not whole."""
        content = self._whole(key)
        if content is None and self._behind.fetch(key):
            content = self._whole(key)
        return content

    def _whole(self, key: str) -> bytes | None:
        content = self.read(key)
        if content is None:
            return None
        if not _is_whole(content):
            self.discard_damaged(key)
            return None
        self.touch(key)
        return content[_DIGEST_BYTES:]

    def share_all(self) -> int:
        """Keep all that is here in the shared store, some time later; return how much it lacks."""
        return self._behind.share_all(self.keys())

    def expect(self, keys: Sequence[str]) -> None:
        """Bring those that are not there from the shared store, many at once."""
        self._behind.expect(keys)

    def put(self, key: str, content: bytes) -> None:
        """Keep one; a kill at any moment leaves it whole or not there."""
        self.write(key, sha256(content).digest() + content)
        self._behind.share([key])


def _is_whole(content: bytes) -> bool:
    return sha256(memoryview(content)[_DIGEST_BYTES:]).digest() == content[:_DIGEST_BYTES]
