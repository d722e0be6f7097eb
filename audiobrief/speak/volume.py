"""The level of a clip, for engines that have no such setting (pure)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.model.audio import Clip


def with_volume(clip: Clip, volume: float) -> Clip:
    r"""Return the clip at a share of its level.

    Args:
        clip: Any.
        volume: 0.0..1.0.

    >>> from audiobrief.model.audio import Clip
    >>> with_volume(Clip(b"\x00\x40", 8000), 0.5).pcm
    b'\x00 '
    """
    if volume == 1.0:
        return clip
    import numpy as np  # noqa: PLC0415 - lazy: 0.1 s, needed only where a clip is made

    samples = np.frombuffer(clip.pcm, dtype="<i2") * volume
    return replace(clip, pcm=np.rint(samples).astype("<i2").tobytes())
