"""What listeners' apps have asked for, counted, and written down now and then."""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError, LockedError
from audiobrief.store.listened import Heard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.serve.answer import Answer

#: From a count to its being on the disk.
_DELAY_S: Final = 60.0


class Tally:
    """Counts; used in one event loop.

    Args:
        keep: Adds to what is on the disk.
        report: Told when that fails; the counts are tried again with the next ones.
    """

    def __init__(
        self,
        keep: Callable[[Mapping[str, Heard]], None],
        report: Callable[[AudiobriefError], None],
    ) -> None:
        self._keep = keep
        self._report = report
        self._lock = Lock()
        self._new: dict[str, Heard] = {}
        self._is_due = False

    def count(self, digest: str, answer: Answer, sent_bytes: int, *, is_feed: bool) -> None:
        """Count an answer to a GET.

        Args:
            digest: Of the listener's token.
            answer: What was to be sent.
            sent_bytes: Of its body, as far as whoever asked has stayed.
            is_feed: It is the feed's first page, which apps ask for news.
        """
        heard = Heard(
            feeds=int(is_feed and answer.status in {200, 304}),
            downloads=int(is_download(answer, sent_bytes)),
        )
        if heard == Heard():
            return
        with self._lock:
            self._new[digest] = self._new.get(digest, Heard()).plus(heard)
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_later(_DELAY_S, self._write_aside)

    def close(self) -> None:
        """Write down what is left."""
        self._write()

    def _write_aside(self) -> None:
        self._is_due = False
        asyncio.get_running_loop().run_in_executor(None, self._write)

    def _write(self) -> None:
        with self._lock:
            new, self._new = self._new, {}
        if not new:
            return
        try:
            self._keep(new)
        except AudiobriefError as error:
            with self._lock:
                for digest, heard in new.items():
                    self._new[digest] = self._new.get(digest, Heard()).plus(heard)
            if not isinstance(error, LockedError):
                self._report(error)


def is_download(answer: Answer, sent_bytes: int) -> bool:
    """Tell whether sound was brought to its end, or at least half of it at once.

    Apps ask for sound in one piece or in many; the last piece counts for all of them.
    """
    if answer.kind != "audio" or not answer.stretches:
        return False
    is_end = sent_bytes >= answer.length and answer.stretches[-1].end == answer.whole_bytes
    return is_end or 2 * sent_bytes >= answer.whole_bytes
