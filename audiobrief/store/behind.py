"""What a cache in a folder has behind it: the same things in a shared store, if there is one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audiobrief.store.cache_folder import CacheFolder
    from audiobrief.store.tier import Tier


class Behind:
    """The shared store behind one cache.

    Args:
        cache: What lies here.
        kind: What the names of its blobs begin with.
        tier: Where they are; ``None``: nothing is behind.
        is_whole: Tells whether the content of a file is what it was.
    """

    def __init__(
        self,
        cache: CacheFolder,
        kind: str,
        tier: Tier | None,
        *,
        is_whole: Callable[[bytes], bool],
    ) -> None:
        self._cache = cache
        self._kind = kind
        self._tier = tier
        self._is_whole = is_whole
        #: Keys that are not there either, as far as is known: each is asked for once.
        self._absent: set[str] = set()

    def fetch(self, key: str) -> bool:
        """Bring a file here, and tell whether it came."""
        if self._tier is None or key in self._absent:
            return False
        content = self._tier.get(self._name_of(key))
        if content is None or not self._kept(key, content):
            self._absent.add(key)
            return False
        return True

    def expect(self, keys: Sequence[str]) -> None:
        """Bring all files here that are not, many at once."""
        if self._tier is None:
            return
        missing = {
            self._name_of(key): key
            for key in keys
            if key not in self._absent and not self._cache.path_of(key).is_file()
        }
        self._absent.update(missing.values())
        for name, content in self._tier.get_all(list(missing)):
            if self._kept(missing[name], content):
                self._absent.discard(missing[name])

    def share(self, keys: Iterable[str]) -> None:
        """Keep files in the shared store, too, some time later."""
        if self._tier is None:
            return
        for key in keys:
            self._tier.put(self._name_of(key), partial(self._content, key))

    def share_all(self, keys: Iterable[str]) -> int:
        """Keep all of these files in the shared store that it does not have; return how many."""
        if self._tier is None:
            return 0
        there = set(self._tier.store.names(f"{self._kind}/"))
        missing = [key for key in keys if self._name_of(key) not in there]
        self.share(missing)
        return len(missing)

    def _kept(self, key: str, content: bytes) -> bool:
        """Keep here what came, if it is what this program knows."""
        if self._tier is not None and not self._is_whole(content):
            self._tier.discard_damaged(self._name_of(key))
            return False
        self._cache.write(key, content)
        return True

    def _content(self, key: str) -> bytes | None:
        """Return a file that is whole; others shall not get what is damaged here."""
        content = self._cache.read(key)
        return content if content is not None and self._is_whole(content) else None

    def _name_of(self, key: str) -> str:
        return f"{self._kind}/{key}"
