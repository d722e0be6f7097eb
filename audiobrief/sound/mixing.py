"""Put speech on its bed, piece by piece, without exceeding the ceiling (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from audiobrief.sound.limiter import limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audiobrief.sound.ducking import BedGain, Stretch

Samples = npt.NDArray[np.float64]
Frames = npt.NDArray[np.int16]

#: Around a clip the limiter may be at work for so long. It looks 5 ms ahead; a bed whose open level
#: peaks at the ceiling has less than half of that beside words, so takes 3.5 dB at most, which are
#: back after 35 ms.
_MARGIN_S = 0.050
#: Frames of the bed alone that are made at a time.
_PIECE_FRAMES = 1 << 16
#: Rounding to 16 bits may lift a peak between frames by this much.
_ROUNDING = 2.0 / 32768.0


@dataclass(frozen=True, slots=True)
class Loop:
    """A sound without an end: its last frames fade into its first ones, over and over."""

    frame_count: int
    #: Length of the fade, at most half the sound.
    fade_frames: int

    def read(self, start: int, count: int, sound: Callable[[int, int], Samples]) -> Samples:
        """Return some of the endless sound.

        The fade is of equal power: loudness stays where end and beginning are different music.
        Where they are alike, the peak grows by 3 dB at most.

        Args:
            start: Counted from the beginning of the first round.
            count: Frames.
            sound: Gives frames of the sound itself, from a place on, so many.

        Returns:
            Shape (count,).

        >>> loop = Loop(4, 1)
        >>> sound = np.array([1.0, 2.0, 3.0, 0.0])
        >>> loop.read(0, 8, lambda start, count: sound[start : start + count])
        array([1.        , 2.        , 3.        , 0.70710678, 2.        ,
               3.        , 0.70710678, 2.        ])
        """
        looped = np.empty(count)
        done, round_frames = 0, self.frame_count - self.fade_frames
        while done < count:
            turn, place = divmod(start + done, round_frames)
            is_fading = turn > 0 and place < self.fade_frames
            end = self.fade_frames if is_fading else round_frames
            taken = min(end - place, count - done)
            part = sound(place, taken)
            if is_fading:
                way = (np.arange(place, place + taken) + 0.5) * (0.5 * pi / self.fade_frames)
                part = part * np.sin(way) + sound(round_frames + place, taken) * np.cos(way)
            looped[done : done + taken] = part
            done += taken
        return looped


def mix_stretch(
    clips: Iterable[Frames],
    stretch: Stretch,
    gain: BedGain,
    bed: Callable[[int, int], Samples],
    ceiling: float,
) -> Iterator[Frames]:
    """Yield a stretch: its clips with the bed under them, its true peak at most at the ceiling.

    Both are summed and limited clip by clip: in the pauses there is the bed alone, which needs no
    limiting. So no more is held than a clip, or some that follow each other within 0.1 s.

    Args:
        clips: Mastered, in order, their true peaks at the ceiling at most. Asked for one by one.
        stretch: Where they lie.
        gain: Of `duck`.
        bed: Gives the bed at its open level from a frame of the stretch on, so many frames: shape
            (count,), its peaks at the ceiling at most.
        ceiling: Magnitude of the true peak.

    Yields:
        Mono frames, shape (frames,), pieces of any length, together as long as the stretch.

    Raises:
        ValueError: A clip is not as long as its place, or there are too few or too many.
    """
    position = 0
    following = iter(clips)
    for start, end, places in _together(stretch):
        yield from _bed_alone(position, start, gain, bed)
        sound = bed(start, end - start) * gain.part(start, end)
        for first, last in places:
            clip = next(following, None)
            if clip is None or clip.size != last - first:
                raise ValueError(f"no clip of {last - first} frames for the place at {first}")
            sound[first - start : last - start] += clip / 32768.0
        yield _rounded(limit(sound, stretch.sample_rate_hz, ceiling - _ROUNDING))
        position = end
    if next(following, None) is not None:
        raise ValueError("more clips than places")
    yield from _bed_alone(position, stretch.frame_count, gain, bed)


def _together(stretch: Stretch) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield what is limited at a time: from where, up to where, the places of its clips."""
    margin = round(_MARGIN_S * stretch.sample_rate_hz)
    places: list[tuple[int, int]] = []
    for place in (*stretch.spoken, None):
        if places and (place is None or place[0] - places[-1][1] >= 2 * margin):
            end = min(stretch.frame_count, places[-1][1] + margin)
            yield max(0, places[0][0] - margin), end, places
            places = []
        if place is not None:
            places.append(place)


def _bed_alone(
    start: int, end: int, gain: BedGain, bed: Callable[[int, int], Samples]
) -> Iterator[Frames]:
    for first in range(start, end, _PIECE_FRAMES):
        last = min(end, first + _PIECE_FRAMES)
        yield _rounded(bed(first, last - first) * gain.part(first, last))


def _rounded(samples: Samples) -> Frames:
    """Return samples as 16-bit frames; clipped only where the caller broke the promise."""
    return np.clip(np.rint(samples * 32768.0), -32768.0, 32767.0).astype(np.int16)
