"""The shipped sting: four struck notes and a soft chord, synthesized from this score alone.

``python .ci/sting.py`` writes it to ``audiobrief/samples/sting.flac``. The file is shipped and
played, not this: sines differ in their last bits from one machine to the next, files do not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

_LENGTH_S = 2.9
#: The end falls to silence over this long.
_FADE_S = 0.9
#: Sample peak of the whole, 1.0 being full scale.
_PEAK = 0.5


class _Note(NamedTuple):
    """A note that is struck."""

    #: MIDI number: 69 is the a' of 440 Hz.
    key: int
    start_s: float
    level: float


class _Chord(NamedTuple):
    """Notes that swell and fade together."""

    keys: tuple[int, ...]
    start_s: float
    end_s: float
    level: float


#: D major: up the dominant a' - b' - e'', then home to d'', with the third below rolled in.
_NOTES = (
    _Note(69, 0.00, 0.80),
    _Note(71, 0.19, 0.85),
    _Note(76, 0.38, 1.00),
    _Note(74, 0.76, 0.95),
    _Note(66, 0.80, 0.55),
    _Note(69, 0.84, 0.45),
)
#: The dominant with its fourth, which the tonic resolves.
_CHORDS = (
    _Chord((45, 52, 57, 62), 0.00, 0.95, 0.9),
    _Chord((38, 50, 57, 62, 66), 0.62, _LENGTH_S, 1.0),
)
#: Partials of a rosewood bar, tuned as marimbas are, with a glint of vibraphone: ratio, level, and
#: seconds to a 1/e of the level.
_BAR = ((1.0, 1.0, 0.55), (2.0, 0.10, 0.30), (3.93, 0.22, 0.12), (9.6, 0.05, 0.035))
#: Rise of a struck note: a soft mallet, no click.
_STRIKE_S = 0.004
#: Partials of the chord's voices: ratio and level.
_REED = ((1.0, 1.0), (2.0, 0.28), (3.0, 0.10), (4.0, 0.03))
#: Each voice of the chord is two, one softer and a little sharp: they beat every two seconds at a'.
_PAIR = ((1.0, 1.0), (1.0012, 0.45))
_SWELL_S = 0.35
_CHORD_LEVEL = 0.12


def sting(sample_rate_hz: int) -> Samples:
    """Return the sting, from silence to exact silence.

    Args:
        sample_rate_hz: Frames a second, 22050 or more: the highest partial lies at 6.4 kHz.

    Returns:
        Shape (frames,), 2.9 s; the largest magnitude is 0.5, the first and the last frame are 0.

    >>> sound = sting(44100)
    >>> sound.size, float(sound[0]), float(sound[-1]), float(abs(sound).max())
    (127890, 0.0, 0.0, 0.5)
    """
    time_s = np.arange(round(_LENGTH_S * sample_rate_hz)) / sample_rate_hz
    sound = np.zeros(time_s.size)
    for note in _NOTES:
        sound += _struck(time_s - note.start_s, _hertz(note.key), note.level)
    for chord in _CHORDS:
        for key in chord.keys:
            sound += _sung(time_s, _hertz(key), chord)
    sound *= _rise((time_s[-1] - time_s) / _FADE_S)
    return np.asarray(_PEAK * sound / np.abs(sound).max())


def _struck(time_s: Samples, hertz: float, level: float) -> Samples:
    """Return one note of the bars; ``time_s`` counts from its strike."""
    ringing = np.maximum(time_s, 0.0)
    # Higher bars ring shorter.
    length = (440.0 / hertz) ** 0.5
    partials = sum(
        part * np.exp(-ringing / (decay_s * length)) * np.sin(2 * np.pi * hertz * ratio * ringing)
        for ratio, part, decay_s in _BAR
    )
    return np.asarray(level * partials * _rise(ringing / _STRIKE_S))


def _sung(time_s: Samples, hertz: float, chord: _Chord) -> Samples:
    """Return one voice of a chord."""
    tone = np.zeros(time_s.size)
    for detuned, share in _PAIR:
        for ratio, part in _REED:
            tone += share * part * np.sin(2 * np.pi * hertz * detuned * ratio * time_s)
    # Low voices are felt rather than heard: small loudspeakers lose them anyway.
    weight = min(1.0, hertz / 150.0)
    swell = _rise((time_s - chord.start_s) / _SWELL_S) * _rise((chord.end_s - time_s) / _SWELL_S)
    return np.asarray(_CHORD_LEVEL * chord.level * weight * tone * swell)


def _rise(progress: Samples) -> Samples:
    """Return a raised cosine: 0 up to 0, 1 from 1 on.

    >>> _rise(np.array([-1.0, 0.0, 0.5, 2.0])).round(9)
    array([0. , 0. , 0.5, 1. ])
    """
    return np.asarray(np.sin(0.5 * np.pi * np.clip(progress, 0.0, 1.0)) ** 2)


def _hertz(key: int) -> float:
    """Return the frequency of a key in equal temperament.

    >>> _hertz(57)
    220.0
    """
    return float(440.0 * 2.0 ** ((key - 69) / 12))
