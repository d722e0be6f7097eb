"""How long one voice speaks: the general band of `check`, narrowed by what it has spoken (pure).

A linear model of seven kinds (frame, letters, pauses and so on) is fitted to the clips of a voice
by Bayesian regression. Its prior is the general band, so that few clips change little. What an
engine may read in several ways (figures, acronyms, symbols, addresses) is not learned: it keeps a
wide range of its own. Of 7,108 whole clips it refuses none (`python -m tests.eval.lengths`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING

from audiobrief.speak.check import FITTED_WPM, length_band_s

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: What a kind adds in milliseconds at the fitted rate, and how far a voice may be from it: middle
#: and half of its range in the general band. Frame, letter, space, pause, sentence end; then by how
#: much silent letters and small words differ, which the general band has in the range of a letter.
_PRIOR_MS = (430.0, 63.0, 35.0, 225.0, 425.0, 0.0, 0.0)
_RANGE_MS = (370.0, 19.0, 25.0, 225.0, 325.0, 60.0, 80.0)

_WORD = r"[a-zA-Z\u00c0-\u024f] [a-z\u00df-\u024f]*"
#: Tokens that are read in one way: words with a vowel and no capital inside, and their marks.
_PLAIN = re.compile(
    rf"""
      [("'“‘\[]*+
      (?: [aAI] | (?= \S* [aeiouyAEIOUY\u00c0-\u024f] ) {_WORD} (?: ['’-] {_WORD} )* )
      ['’]? [.,;:!?…)"”’\]]*
    | [–—-]
    """,  # noqa: RUF001 - typographic marks are meant
    re.VERBOSE,
)
_LETTER = re.compile(r"[a-zA-Z\u00c0-\u024f]")
_PAUSE = re.compile(r"[,;:–—]|^[(\[-]|[)\]]")  # noqa: RUF001 - typographic marks are meant
_END = re.compile(r"[.!?…]")
#: What has often no sound of its own: the last "e", the second letter of "th", "ll" and "ea".
_SILENT = re.compile(
    r"""
      e\b | e (?= [sd]\b ) | (?<= [tscpwg] ) h | (?<= c ) k | (?<= n ) g
    | ([b-df-hj-np-tv-z]) (?= \1 ) | (?<= [aeiou] ) [aeiouwy]
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Words that are spoken faster than others of their length.
_SMALL = re.compile(
    r"an?|and|are|as|at|be|been|but|by|can|for|from|ha[ds]|have|he|his|i|in|is|it|not|of|on|or|that"
    r"|the|their|they|this|to|was|we|were|will|with|would|you",
    re.IGNORECASE,
)
_MARKS = "\"'“”‘’()[].,;:!?…"  # noqa: RUF001 - typographic marks are meant

#: What a sign of any other token adds: half of "1,000,000" is silent, all of "PhD" is spelled.
_ODD_LEAST_MS = 30.0
_ODD_MOST_MS = 900.0

#: The variance of a length is in proportion to the length and this much.
_SHORTEST_MS = 200.0
#: Standard deviation per root of a millisecond before a clip was heard, and as how many clips that
#: counts. Measured: espeak-ng 3.1 (4.3 at 449 words a minute), flite 3.7.
_SPREAD = 5.0
_SPREAD_CLIPS = 6
#: By so many standard deviations, and so much of its length, a clip may be too short.
_DEVIATIONS = 4.5
_UNUSUAL = 0.03
#: It may be too long by so much more: real ones err to that side, stalls do so by far.
_LONGER = 1.5
#: Clips that are off by more standard deviations than this lose their weight.
_TAME = 3.0
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """A text, and how long a voice spoke it."""

    text: str
    rate_wpm: int
    length_s: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text is made of."""

    #: How much of each kind its plain tokens have.
    kinds: tuple[float, ...]
    #: Letters, digits and signs of the other tokens.
    odd: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A clip of plain tokens, at the fitted rate."""

    kinds: tuple[float, ...]
    length_ms: float


@dataclass(frozen=True, slots=True)
class _Fit:
    """What is known of a voice: a normal distribution of what each kind adds, and its spread."""

    center_ms: Sequence[float]
    covariance: Sequence[Sequence[float]]
    spread: float
    #: How much each clip has told, in the order of the clips.
    weights: Sequence[float] = ()

    def expected_ms(self, kinds: Sequence[float]) -> float:
        """Return the most likely length; a frame at least."""
        return max(_PRIOR_MS[0], _dot(kinds, self.center_ms))

    def deviation(self, row: _Row) -> float:
        """Return how far a clip is off, per root of a millisecond."""
        expected_ms = self.expected_ms(row.kinds)
        return (row.length_ms - expected_ms) / sqrt(_SHORTEST_MS + expected_ms)

    def weight(self, row: _Row) -> float:
        """Return how much a clip tells: the inverse of its variance, next to nothing far off."""
        tameness = 1 + (self.deviation(row) / (_TAME * self.spread)) ** 2
        variance = self.spread**2 * (_SHORTEST_MS + self.expected_ms(row.kinds))
        return 1 / tameness**2 / variance

    def doubt(self, kinds: Sequence[float]) -> float:
        """Return the variance of what is expected."""
        return _dot(kinds, [_dot(row, kinds) for row in self.covariance])


@dataclass(frozen=True, slots=True)
class VoiceLengths:
    """How long a voice speaks; made by `fit_lengths`, never changed, for any thread."""

    heard: tuple[Heard, ...]
    #: The heard of plain tokens, by their index, and what each has told.
    _rows: Mapping[int, tuple[_Row, float]]
    _fit: _Fit

    def band_s(self, text: str, rate_wpm: int) -> tuple[float, float]:
        """Return how long a text is at least and at most; within the general band."""
        return self._band_s(text, rate_wpm, None)

    def doubts(self, judged: Iterable[int] | None = None) -> list[tuple[int, tuple[float, float]]]:
        """Return the index of each clip that is not plausible, and its band.

        Each is judged by the others: no clip vouches for itself.

        Args:
            judged: Indices of the clips that are looked at; ``None``: all.
        """
        found = []
        for index in range(len(self.heard)) if judged is None else judged:
            one = self.heard[index]
            least_s, most_s = self._band_s(one.text, one.rate_wpm, index)
            if not least_s <= one.length_s <= most_s:
                found.append((index, (least_s, most_s)))
        return found

    def strains(self) -> list[float]:
        """Return how far each clip is from what is expected: beyond -1..1 it is not plausible.

        Each is judged by the others. Negative: too short. Within what odd tokens may take, none.
        """
        found = []
        for index, one in enumerate(self.heard):
            least_s, low_s, high_s, most_s = self._judged_s(one.text, one.rate_wpm, index)
            if one.length_s < low_s:
                found.append(-_share(low_s - one.length_s, low_s - least_s))
            else:
                found.append(_share(max(0.0, one.length_s - high_s), most_s - high_s))
        return found

    def _band_s(self, text: str, rate_wpm: int, without: int | None) -> tuple[float, float]:
        least_s, _low_s, _high_s, most_s = self._judged_s(text, rate_wpm, without)
        return least_s, most_s

    def _judged_s(
        self, text: str, rate_wpm: int, without: int | None
    ) -> tuple[float, float, float, float]:
        """Return how long a text is at least, between what is expected, and at most."""
        least_s, most_s = length_band_s(text, rate_wpm)
        middle_s = (least_s + most_s) / 2
        general = least_s, middle_s, middle_s, most_s
        own = None if without is None else self._rows.get(without)
        if len(self._rows) == (own is not None):
            return general
        reading = _reading(text)
        expected_ms = self._fit.expected_ms(reading.kinds)
        doubt = self._fit.doubt(reading.kinds)
        if own is not None:
            # The posterior without one row, from the one with it (Sherman and Morrison).
            row, weight = own
            share = weight * doubt
            expected_ms = max(0.0, (expected_ms - share * row.length_ms) / (1 - share))
            doubt /= 1 - share
        variance = self._fit.spread**2 * (_SHORTEST_MS + expected_ms) + doubt
        off_ms = _DEVIATIONS * sqrt(variance) + _UNUSUAL * expected_ms
        scale = FITTED_WPM / rate_wpm / 1000
        low_s = scale * (expected_ms + reading.odd * _ODD_LEAST_MS)
        high_s = scale * (expected_ms + reading.odd * _ODD_MOST_MS)
        fitted_least_s = scale * (expected_ms - off_ms + reading.odd * _ODD_LEAST_MS)
        fitted_most_s = scale * (expected_ms + _LONGER * off_ms + reading.odd * _ODD_MOST_MS)
        if fitted_least_s >= most_s or fitted_most_s <= least_s:
            return general  # where they contradict each other, the fit is wrong
        least_s, most_s = max(least_s, fitted_least_s), min(most_s, fitted_most_s)
        return least_s, max(low_s, least_s), min(high_s, most_s), most_s


def _share(off_s: float, allowed_s: float) -> float:
    """Return how much of what is allowed is used; where nothing is, more than one."""
    if off_s <= 0 or allowed_s > 0:
        return off_s / allowed_s if off_s > 0 else 0.0
    return 1.0 + off_s


def fit_lengths(heard: Sequence[Heard]) -> VoiceLengths:
    """Learn how long a voice speaks.

    A rate other than the fitted one is scaled; a voice at another rate is better learned by itself,
    since pauses do not scale.

    Args:
        heard: What the voice has spoken, in any order. A few that are cut do no harm; none: the
            band is the general one.

    >>> fox = "The quick brown fox jumps over the lazy dog."
    >>> fit_lengths([]).band_s(fox, 170) == length_band_s(fox, 170)
    True
    """
    rows = {}
    for index, one in enumerate(heard):
        reading = _reading(one.text)
        if not reading.odd:
            rows[index] = _Row(reading.kinds, one.length_s * 1000 * one.rate_wpm / FITTED_WPM)
    fit = _fitted(list(rows.values()))
    told = dict(zip(rows, zip(rows.values(), fit.weights, strict=True), strict=True))
    return VoiceLengths(tuple(heard), told, fit)


def _fitted(rows: Sequence[_Row]) -> _Fit:
    """Fit again and again: a clip that is far off counts for less in the next round."""
    pace = _middle([row.length_ms / _dot(row.kinds, _PRIOR_MS) for row in rows] or [1.0])
    fit = _Fit([pace * prior for prior in _PRIOR_MS], (), _SPREAD)
    for _round in range(_ROUNDS):
        fit = _posterior(rows, _Fit(fit.center_ms, (), _spread(rows, fit)))
    return fit


def _spread(rows: Sequence[_Row], fit: _Fit) -> float:
    """Return the spread of a voice: by the middle clip, or by the worst tenth if that has more."""
    sizes = sorted(abs(fit.deviation(row)) for row in rows) or [0.0]
    # Of a normal distribution, half is within 1 / 1.483 standard deviations, nine tenths in 1.645.
    own = max(1.483 * _middle(sizes), sizes[len(sizes) * 9 // 10] / 1.645)
    mass = len(rows) * own**2 + _SPREAD_CLIPS * _SPREAD**2
    return sqrt(mass / (len(rows) + _SPREAD_CLIPS))


def _posterior(rows: Sequence[_Row], fit: _Fit) -> _Fit:
    """Return the prior and the rows in one, each with the weight that it has by a fit."""
    size = len(_PRIOR_MS)
    # Half a range is two standard deviations.
    precision = [
        [(2 / _RANGE_MS[i]) ** 2 if i == j else 0.0 for j in range(size)] for i in range(size)
    ]
    pull = [prior * precision[i][i] for i, prior in enumerate(_PRIOR_MS)]
    weights = [fit.weight(row) for row in rows]
    for row, weight in zip(rows, weights, strict=True):
        for i, count in enumerate(row.kinds):
            if count:
                pull[i] += weight * count * row.length_ms
                for j, other in enumerate(row.kinds):
                    precision[i][j] += weight * count * other
    covariance = _inverse(precision)
    center_ms = [_dot(row, pull) for row in covariance]
    return _Fit(center_ms, covariance, fit.spread, weights)


@lru_cache(maxsize=4096)
def _reading(text: str) -> _Reading:
    """Count the kinds of a text."""
    tokens = text.split()
    letters = pauses = ends = silent = small = odd = 0
    for token in tokens:
        if not _PLAIN.fullmatch(token):
            odd += len(token)
            continue
        letters += len(_LETTER.findall(token))
        silent += len(_SILENT.findall(token))
        small += _SMALL.fullmatch(token.strip(_MARKS)) is not None
        pauses += len(_PAUSE.findall(token))
        ends += _END.search(token) is not None
    # A mark at either edge is no pause: it is in the frame.
    if tokens and _PLAIN.fullmatch(tokens[0]):
        pauses -= len(_PAUSE.findall(tokens[0][0]))
    if tokens and _PLAIN.fullmatch(tokens[-1]):
        pauses -= len(_PAUSE.findall(tokens[-1][-1]))
        ends -= _END.search(tokens[-1]) is not None
    spaces = max(0, len(tokens) - 1)
    return _Reading((1, letters, spaces, max(0, pauses), ends, silent, small), odd)


def _middle(values: Sequence[float]) -> float:
    # Not by `statistics`: importing it takes longer than all else that a single clip needs.
    return sorted(values)[len(values) // 2]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the inverse of a symmetric positive definite matrix, by elimination."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = rows[i][i]
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            factor = rows[j][i]
            if j != i and factor:
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]
