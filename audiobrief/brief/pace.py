"""How long a voice will speak, before it has: five numbers for each voice.

Letters, sentence ends, comma-like marks, digits and a constant. Four sentences of news are off by
4 to 5 % after 3 clips of a voice, by 3.1 to 3.3 % after 60 (three shipped voices, 40 sentences
each; the default is the middle of the same voices).

`audiobrief.speak.lengths` judges clips that are there; this guesses those that are not.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The rate that the default stands for.
_DEFAULT_WPM = 170
_ENDS = re.compile(r"[.!?\u2026]+(?=[\"'\u201d\u2019)\]]*(?:\s|$))")
_COMMAS = re.compile(r"[,;:\u2013\u2014()]|(?<=\s)-(?=\s)")
#: How far a voice may be from the default at its own speed, as a share of it, and how far a clip
#: of one second from what is expected: one standard deviation each.
_RANGE = 0.5
_SPREAD_S = 0.12
_ROUNDS = 200
#: No voice is faster or slower than the default by more than this factor.
_TRUE_SPEED = 5.0
#: A sample whose length is off by more than this factor was cut or is no speech.
_TRUE_FACTOR = 2.5


@dataclass(frozen=True, slots=True)
class Pace:
    """What each kind of sign adds to the length of a clip, in seconds; 0 or more."""

    letter_s: float
    end_s: float
    comma_s: float
    digit_s: float
    #: Silence around a clip.
    clip_s: float

    def seconds(self, spoken: str) -> float:
        """Return how long a text is expected to last; without the pause after it.

        Args:
            spoken: As sent to the engine, numbers as words.
        """
        return _dot(_signs(spoken), astuple(self))


#: The middle of three shipped voices at 170 words a minute, 60 sentences of news each; spaces are
#: in the letters.
_DEFAULT = Pace(letter_s=0.065, end_s=0.25, comma_s=0.19, digit_s=0.28, clip_s=0.2)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that a voice has spoken, and how long that took."""

    text: str
    seconds: float


def default_pace(rate_wpm: int = _DEFAULT_WPM) -> Pace:
    """Return the pace of a voice that nobody has heard yet.

    >>> round(default_pace().seconds("The ferry runs again from Monday."), 2)
    2.21
    """
    scale = _DEFAULT_WPM / rate_wpm
    return Pace(*(value * scale for value in astuple(_DEFAULT)))


def fit_pace(samples: Iterable[Spoken], *, rate_wpm: int = _DEFAULT_WPM) -> Pace:
    """Learn how fast a voice speaks, by least squares with no negative number.

    The default is in it as a few samples are, scaled to the voice, so that a handful of clips
    already tells the rate, and what they do not hold (digits) stays plausible.

    Args:
        samples: Clips of one voice at one rate, in any order.
        rate_wpm: The rate its profile asks for; it matters where there are no samples.

    >>> half = [Spoken(t, default_pace().seconds(t) / 2) for t in ("It rained.", "Two left, too.")]
    >>> round(fit_pace(half).seconds("The sun came out at last."), 2)
    0.84
    """
    default = default_pace(rate_wpm)
    heard = [s for s in samples if s.seconds > 0 and any(map(str.isalnum, s.text))]
    if not heard:
        return default
    ratios = sorted(s.seconds / default.seconds(s.text) for s in heard)
    scale = min(max(ratios[len(ratios) // 2], 1 / _TRUE_SPEED), _TRUE_SPEED)
    prior = [value * scale for value in astuple(default)]
    rows = [
        (signs, s.seconds)
        for s in heard
        if 1 / _TRUE_FACTOR <= s.seconds / _dot(signs := _signs(s.text), prior) <= _TRUE_FACTOR
    ]
    return Pace(*_solved(rows, prior))


def _signs(text: str) -> tuple[float, ...]:
    """Return letters, sentence ends, comma-like marks and digits of a text, and 1."""
    digits = sum(map(str.isdigit, text))
    letters = sum(map(str.isalnum, text)) - digits
    return letters, len(_ENDS.findall(text)), len(_COMMAS.findall(text)), digits, 1


def _solved(rows: Sequence[tuple[tuple[float, ...], float]], prior: Sequence[float]) -> list[float]:
    """Return the weights with the least squares, 0 or more, drawn to the prior.

    Coordinate descent; every row is weighed by the inverse of its length, since a long clip is off
    by more.
    """
    size = len(prior)
    expected = [max(0.1, _dot(signs, prior)) for signs, _ in rows]
    pull = [(_SPREAD_S / (_RANGE * p)) ** 2 for p in prior]
    square = [[pull[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
    target = [pull[i] * prior[i] for i in range(size)]
    for (signs, seconds), length in zip(rows, expected, strict=True):
        for i in range(size):
            target[i] += signs[i] * seconds / length
            for j in range(size):
                square[i][j] += signs[i] * signs[j] / length
    weights = list(prior)
    for _round in range(_ROUNDS):
        for i in range(size):
            others = _dot(square[i], weights) - square[i][i] * weights[i]
            weights[i] = max(0.0, (target[i] - others) / square[i][i])
    return weights


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
