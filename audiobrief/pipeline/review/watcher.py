"""Looks from time to time, while pages are open, for what others have changed."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError, defect

if TYPE_CHECKING:
    from collections.abc import Callable

#: How soon a change is noticed. A look at an episode's files costs some 10 µs.
_LOOK_S: Final = 0.5


class Watcher:
    """A thread that looks.

    Args:
        look: Does so.
        is_wanted: Tells whether anybody is there.
        report: Told of what goes wrong, once in a row.
    """

    def __init__(
        self,
        look: Callable[[], object],
        is_wanted: Callable[[], bool],
        report: Callable[[AudiobriefError], None],
    ) -> None:
        self._look = look
        self._is_wanted = is_wanted
        self._report = report
        self._over = Event()
        self._thread = Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        reported = ""
        while not self._over.wait(_LOOK_S):
            if not self._is_wanted():
                continue
            try:
                self._look()
                reported = ""
            except Exception as error:  # noqa: BLE001 - a defect costs one look, not the thread
                found = error if isinstance(error, AudiobriefError) else defect(error)
                if str(found) != reported:
                    self._report(found)
                reported = str(found)
