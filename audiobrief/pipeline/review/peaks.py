"""The waveform of an episode for the review page: as the build has left it, else decoded once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from audiobrief.store.peaks import PeakCache, coarser

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace

#: Of a peak in the store; of one on the page.
_STORED_FULL: Final = 255
_SHOWN_FULL: Final = 127
#: Of PCM: one MP3 frame, as the build measures.
_STEP_FRAMES: Final = 1152


def peaks_of(show: Workspace, episode: Episode, buckets: int = 1600) -> tuple[tuple[int, int], ...]:
    """Return least and most of each of so many equal parts of an episode: -127..127.

    What is kept is the highest magnitude, which stands for both: speech is alike on either side.

    Raises:
        StoreError: The sound is not there, or the cache cannot be read or written.
        AudioError: The sound cannot be decoded.
    """
    cache = PeakCache(show.cache)
    stored = cache.get(episode.enclosure.sha256)
    if stored is None:
        stored = _decoded(show.episodes / episode.directory / episode.enclosure.file)
        cache.put(episode.enclosure.sha256, stored)
    tops = (round(peak * _SHOWN_FULL / _STORED_FULL) for peak in coarser(stored, buckets))
    return tuple((-top, top) for top in tops)


def _decoded(path: Path) -> bytes:
    """Return the peaks of a file in steps of one MP3 frame, a byte for each."""
    import numpy as np  # noqa: PLC0415 - only for episodes of earlier versions

    from audiobrief.assemble.probe import decoded_blocks  # noqa: PLC0415 - soundfile

    found = bytearray()
    rest = np.zeros(0, np.float32)
    for _rate_hz, block in decoded_blocks(path):
        tops = np.concatenate([rest, np.abs(block).max(axis=1)])
        whole = tops.size // _STEP_FRAMES * _STEP_FRAMES
        found += _as_bytes(tops[:whole].reshape(-1, _STEP_FRAMES).max(axis=1, initial=0.0))
        rest = tops[whole:]
    return bytes(found + _as_bytes(rest.max(keepdims=True)) if rest.size else found)


def _as_bytes(tops: npt.NDArray[np.float32]) -> bytes:
    import numpy as np  # noqa: PLC0415 - as above

    return np.minimum(np.ceil(tops * _STORED_FULL), _STORED_FULL).astype(np.uint8).tobytes()
