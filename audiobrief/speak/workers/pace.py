"""How fast a neural voice speaks by itself, so that ``rate_wpm`` means the same for every engine.

A neural voice has the pace of the person whom it learned from, and takes a factor instead of a
rate. Its natural rate is measured: it speaks one text, and the time is compared with espeak-ng's
for the same text. So 170 is as fast as espeak-ng at 170, two speakers of two engines keep pace,
and the band of plausible lengths in `check` holds for every voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Plain words, no figures and no names, two sentences: what every voice says in the same words.
TEXT = (
    "The council met on Monday to talk about the old bridge and the price of bread."
    " Nobody was surprised when most of the members agreed to wait until the spring."
)

#: How long `TEXT` takes espeak-ng 1.52 (en-us+f2) at 170 words a minute, without the silence
#: around it.
_TEXT_S = 8.65
_RATE_WPM = 170

#: Below this share of the peak, the edges of a clip are silence.
_SILENT_SHARE = 0.02


def natural_rate_wpm(samples: NDArray[np.floating[Any]], sample_rate_hz: int) -> float:
    """Return the rate of a voice that spoke `TEXT` as it likes.

    Args:
        samples: Shape (frames,).
        sample_rate_hz: Of the samples.

    Raises:
        ValueError: It is silent.
    """
    import numpy as np  # noqa: PLC0415 - lazy: workers of other engines do without

    magnitude = np.abs(samples)
    loud = np.flatnonzero(magnitude > _SILENT_SHARE * magnitude.max(initial=0.0))
    if loud.size == 0:
        raise ValueError("the voice is silent")
    length_s = float(loud[-1] - loud[0] + 1) / sample_rate_hz
    return _RATE_WPM * _TEXT_S / length_s
