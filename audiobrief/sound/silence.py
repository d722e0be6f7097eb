"""How long is it silent at most? Counted block by block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Below this nothing is heard after an encoder: -60 dBFS.
_QUIET = 10.0 ** (-60.0 / 20.0)


class LongestSilence:
    """The longest stretch of quiet frames in a sound that comes in blocks."""

    def __init__(self) -> None:
        self._running_frames = 0
        #: So far.
        self.frame_count = 0

    def add(self, block: npt.NDArray[np.float32]) -> None:
        """Take the next frames: shape (frames, channels), 1.0 as full scale.

        >>> silence = LongestSilence()
        >>> silence.add(np.array([[0.5], [0.0]], np.float32))
        >>> silence.add(np.array([[0.0], [0.0], [0.5], [0.0]], np.float32))
        >>> silence.frame_count
        3
        """
        loud = np.flatnonzero(np.abs(block).max(axis=1) > _QUIET)
        if loud.size == 0:
            self._running_frames += len(block)
            self.frame_count = max(self.frame_count, self._running_frames)
            return
        inside = int(np.diff(loud).max(initial=1)) - 1
        before = self._running_frames + int(loud[0])
        self._running_frames = len(block) - 1 - int(loud[-1])
        self.frame_count = max(self.frame_count, inside, before, self._running_frames)
