"""Which segments of an episode are clipped: by its decoded sound, and by the clips put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobrief.sound.clipping import Levels, RangeTops, flat_share, has_lost_tops

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import numpy.typing as npt

    from audiobrief.model.audio import Clip
    from audiobrief.model.episode import TimedSegment
    from audiobrief.sound.clipping import Tops

#: Flat tops beyond which a clip is called clipped. Of 1,964 clips in all voices of espeak-ng and
#: flite, at volumes 0.3 to 1.0, none has more than 0.0008. Clipped by 12 dB: 0.016 or more.
_FLAT_SHARE = 0.002


class Clipping:
    """What is known of the tops of each segment: as heard, and as put in.

    Args:
        segments: Of the episode, with their times.
        sample_rate_hz: Of the decoded sound.
    """

    def __init__(self, segments: Sequence[TimedSegment], sample_rate_hz: int) -> None:
        edges = [(segment.start_ms, segment.end_ms) for segment in segments]
        scale = sample_rate_hz / 1000
        self._heard = RangeTops([(round(a * scale), round(b * scale)) for a, b in edges])
        self._ids = [segment.id for segment in segments]
        self._made: dict[str, Tops] = {}
        self._flat: dict[str, float] = {}

    def hear(self, block: npt.NDArray[np.float32]) -> None:
        """Take the next frames of the decoded file: shape (frames, channels)."""
        self._heard.add(block)

    def expect(self, segment_id: str, spoken: Clip, mastered: Clip) -> None:
        """Take what was put in: as the voice spoke it, and as the encoder was given it."""
        levels = Levels()
        levels.add(_samples(mastered) / 32768.0)
        self._made[segment_id] = levels.tops()
        self._flat[segment_id] = flat_share(_samples(spoken))

    def found(self, elsewhere: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the ids of clipped segments, and in words what shows it.

        Args:
            elsewhere: Ids of segments that are not at their time: what was heard there is another.
        """
        for segment_id, heard in zip(self._ids, self._heard.read(), strict=True):
            made = self._made.get(segment_id)
            if made is None:
                continue
            if self._flat[segment_id] >= _FLAT_SHARE:
                yield segment_id, f"as the voice spoke it, {self._flat[segment_id]:.1%} of it flat"
            elif segment_id not in elsewhere and has_lost_tops(heard, made):
                lost_db = made.crest_db - heard.crest_db
                yield segment_id, f"{lost_db:.0f} dB of its peaks cut off flat"


def _samples(clip: Clip) -> npt.NDArray[np.int16]:
    return np.frombuffer(clip.pcm, np.dtype("<i2"))
