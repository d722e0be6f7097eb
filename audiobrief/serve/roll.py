"""Who may hear private shows, as the list says at this moment."""

from __future__ import annotations

import os
from hmac import compare_digest
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError
from audiobrief.serve.shelf import stamp_of
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.listeners import digest_of, read_listeners

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobrief.serve.shelf import Stamp
    from audiobrief.store.listeners import Listener


class Roll:
    """Finds listeners by their tokens; a change of the list counts from the next request on.

    Args:
        path: ``listeners.json``.
        report: Told when it is damaged: then nobody is let in, until it is mended.
        compare: Compares in a time that does not depend on what is equal.
    """

    def __init__(
        self,
        path: Path,
        *,
        report: Callable[[StoreError], None],
        compare: Callable[[str, str], bool] = compare_digest,
    ) -> None:
        self._path = path
        self._report = report
        self._compare = compare
        self._stamp: Stamp | None = None
        self._listeners: tuple[Listener, ...] = ()

    def find(self, token: str, show: str) -> Listener | None:
        """Return who has a token of a show; ``None``: nobody, or nobody any more.

        Whatever is given costs the same: it is compared with all that there were.

        Raises:
            StoreError: The system does not let the list be read: nobody knows who is in it.
        """
        self._look()
        digest = digest_of(token)
        found = None
        for each in self._listeners:
            if self._compare(each.sha256, digest):
                found = each
        return found if found is not None and found.is_active and found.show == show else None

    def _look(self) -> None:
        """Read the list again if it is another one."""
        try:
            stamp = stamp_of(os.stat(self._path))  # noqa: PTH116 - for each request
        except FileNotFoundError:
            self._stamp, self._listeners = None, ()
            return
        except OSError:
            with mapping_os_errors("read the listeners", self._path):
                raise
        if stamp == self._stamp:
            return
        self._stamp, self._listeners = None, ()
        try:
            self._listeners = read_listeners(self._path)
        except StoreError as error:
            if isinstance(error.__cause__, OSError):
                raise
            self._report(error)
        self._stamp = stamp
