"""How high the waves of a finished sound are along its length: what a page draws at once."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from audiobrief.store.cache_folder import CacheFolder

if TYPE_CHECKING:
    from pathlib import Path

PEAKS_NAME: Final = "peaks"
#: More steps than any screen has dots; ten hours then take 16 kB.
MOST_STEPS: Final = 16_384
_DIGEST_BYTES: Final = 8


class PeakCache(CacheFolder):
    """Peaks in a folder, each under the SHA-256 of its sound file (64 hex digits).

    Peaks are bytes, one for each step of equal length: 0 is silence, 255 full scale or above.
    """

    def __init__(self, cache: Path) -> None:
        super().__init__(cache / PEAKS_NAME, ".peaks")

    def get(self, sound: str) -> bytes | None:
        """Return the peaks of a sound, or ``None`` when they are not there or not whole."""
        content = self.read(sound)
        if content is None:
            return None
        digest, peaks = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if not peaks or sha256(peaks).digest()[:_DIGEST_BYTES] != digest:
            self.discard_damaged(sound)
            return None
        self.touch(sound)
        return peaks

    def put(self, sound: str, peaks: bytes) -> None:
        """Keep the peaks of a sound, of a long one in fewer steps."""
        peaks = coarser(peaks, MOST_STEPS) if len(peaks) > MOST_STEPS else peaks
        self.write(sound, sha256(peaks).digest()[:_DIGEST_BYTES] + peaks)


def coarser(peaks: bytes, steps: int) -> bytes:
    """Return peaks in so many steps of equal length: of each, the highest (pure).

    Where there are fewer peaks than steps, a peak is in several.

    >>> list(coarser(bytes([1, 5, 2, 0]), 2)), list(coarser(bytes([7, 9]), 4))
    ([5, 2], [7, 7, 9, 9])
    """
    count = len(peaks)
    if not count:
        return bytes(steps)
    borders = [index * count // steps for index in range(steps + 1)]
    return bytes([max(peaks[start : max(end, start + 1)]) for start, end in pairwise(borders)])
