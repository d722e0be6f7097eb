"""Which files of the inbox have arrived: new or changed, and standing still.

The size and time of every file says it; so nothing is lost that happens while nobody looks, and a
file counts once it stands still, however it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.ingest.source import gather
from audiobrief.pipeline.inbox import stamp_of

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.ingest.source import Candidate
    from audiobrief.pipeline.stop import Stop

_Stamp = tuple[int, int]
_Found = dict[str, tuple["Candidate", _Stamp]]

#: Then what stands still is built, and what is still being written waits for the next time.
_MOST_LOOKS = 15


class Arrivals:
    """The inbox as it was when it was last looked at.

    Args:
        inbox: Its folder.
        root: Of the workspace.
        settle_s: Between two looks at a file that must be alike.
        stop: Ends a wait.
    """

    def __init__(self, inbox: Path, root: Path, settle_s: float, stop: Stop) -> None:
        self._inbox = inbox
        self._root = root
        self._settle_s = settle_s
        self._stop = stop
        self._seen: dict[str, _Stamp] = {}
        self._last: _Found = {}

    def look(self) -> tuple[dict[str, Candidate], set[str]]:
        """Wait until what is new stands still; a burst of files ends when all of them do.

        Returns:
            The files that stand still, and the names of those that are new since `take`.
        """
        found = self._found()
        for _ in range(_MOST_LOOKS):
            if not self._fresh(found) or self._stop.wait(self._settle_s):
                break
            before, found = found, self._found()
            moving = {name for name in self._fresh(found) if before.get(name) != found[name]}
            if not moving:
                break
        else:
            # What is still being written: as if it had never been seen.
            found = {name: file for name, file in found.items() if name not in moving}
        self._last = found
        return {name: file for name, (file, _) in found.items()}, self._fresh(found)

    def take(self) -> None:
        """Count what the last look found as seen."""
        self._seen = {name: stamp for name, (_, stamp) in self._last.items()}

    def _found(self) -> _Found:
        files = gather([self._inbox], root=self._root)
        return {file.locator: (file, stamp_of(file)) for file in files}

    def _fresh(self, found: _Found) -> set[str]:
        return {name for name, (_, stamp) in found.items() if self._seen.get(name) != stamp}
