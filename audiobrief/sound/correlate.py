"""Is this sound in that one, and where: normalized cross-correlation of speech."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

#: Rate at which speech is compared: what lies above 4 kHz tells voices apart, not words.
COMPARED_HZ = 8000
#: First-order pre-emphasis: without it the low harmonics of one voice alone correlate with any
#: other vowel of it (removed segments up to .28, with it .17).
_EMPHASIS = 0.95
#: The peak is looked for between samples: half a sample off, a present segment scores .70.
_STEPS = 4
#: A piece of a present segment that matches less is lost: of 726 intact ones the worst matches to
#: .97, after another encoding at 64 kbps to .92, at 32 kbps to .71.
_DAMAGED = 0.45
#: What has less than this share of a clip's mean energy is a pause or a breath.
_FAINT = 0.1
#: Half the width of the interpolation, in samples: the error is below .002.
_REACH = 16


@dataclass(frozen=True, slots=True)
class Match:
    """Where a sound fits best, and how well."""

    #: -1..1; 1: it is there as it was, but for its level.
    score: float
    #: Where it begins, in samples, between them too.
    start: float
    #: Its level there over its own, in decibels; meaningful where it is present.
    level_db: float = 0.0


def emphasized(samples: Samples) -> Samples:
    """Return speech with its high frequencies raised, as it is compared.

    Args:
        samples: Shape (frames,), at `COMPARED_HZ`.
    """
    raised = samples.copy()
    raised[1:] -= _EMPHASIS * samples[:-1]
    return raised


def find(signal: Samples, clip: Samples, first: int, last: int) -> Match:
    """Return where a clip fits a signal best.

    Args:
        signal: Shape (frames,).
        clip: Shape (frames,), not longer than the signal.
        first: Earliest beginning that is looked at.
        last: Latest one; both are moved into the signal.

    Returns:
        A score of 0 where there is nothing to compare.
    """
    size = clip.size
    low = max(0, first)
    high = min(signal.size - size, last)
    energy = float(clip @ clip)
    if high < low or size == 0 or energy <= 0.0:
        return Match(0.0, float(low))
    part = signal[low : high + size]
    length = 1 << (part.size + size - 1).bit_length()
    spectrum = np.fft.rfft(part, length) * np.conj(np.fft.rfft(clip, length))
    products = np.fft.irfft(spectrum, length)[: high - low + 1]
    sums = np.concatenate([[0.0], np.cumsum(part * part)])
    energies = np.sqrt(np.maximum(sums[size:] - sums[:-size], 1e-12) * energy)
    place = int(np.argmax(products / energies))
    score, offset = _between(products, place)
    there = float(energies[place])
    level = max(score, 1e-9) / energy
    return Match(
        min(1.0, score / there), low + place + offset, 20.0 * float(np.log10(max(level, 1e-9)))
    )


def _between(products: Samples, place: int) -> tuple[float, float]:
    """Return the highest value around a place, between samples, and how far off it lies."""
    near = np.arange(max(0, place - _REACH), min(products.size, place + _REACH + 1))
    offsets = np.arange(-_STEPS + 1, _STEPS) / _STEPS
    distances = (place + offsets)[:, None] - near
    # Sinc, with a window that ends where the samples do.
    window = np.cos(np.pi * np.clip(distances / (2 * _REACH + 2), -0.5, 0.5)) ** 2
    values = (np.sinc(distances) * window) @ products[near]
    best = int(np.argmax(values))
    return float(values[best]), float(offsets[best])


def find_in_pieces(signal: Samples, clip: Samples, start: int, piece: int, slack: int) -> float:
    """Return how well a clip fits a signal when its pieces may move a little.

    An engine that speaks a text again speaks it a little faster or slower here and there.

    Args:
        signal: Shape (frames,).
        clip: Shape (frames,).
        start: Where the clip is expected.
        piece: Samples a piece.
        slack: How far each piece may lie off, in samples.

    Returns:
        The mean score of the pieces, louder ones counting more.
    """
    total = weights = 0.0
    for begin in range(0, max(1, clip.size - piece // 2), piece):
        part = clip[begin : begin + piece]
        weight = float(np.sqrt(part @ part))
        total += weight * find(signal, part, start + begin - slack, start + begin + slack).score
        weights += weight
    return total / weights if weights else 0.0


def worst_piece(signal: Samples, clip: Samples, start: float, piece: int) -> int | None:
    """Return where a clip that is in a signal is damaged there.

    Args:
        signal: Shape (frames,).
        clip: Shape (frames,).
        start: Where the clip begins in the signal, between samples too.
        piece: Samples a piece.

    Returns:
        Where in the clip the piece begins that matches worst; ``None`` when all of them match that
        are loud enough to be heard.
    """
    first = int(np.floor(start))
    moved = _delayed(clip, start - first)
    heard = signal[first : first + moved.size]
    moved = moved[: heard.size]
    count = moved.size // piece
    if count == 0:
        return None
    ours = moved[: count * piece].reshape(count, piece)
    theirs = heard[: count * piece].reshape(count, piece)
    energies = (ours * ours).sum(axis=1)
    norms = np.sqrt(energies * (theirs * theirs).sum(axis=1))
    scores = np.divide((ours * theirs).sum(axis=1), norms, out=np.zeros(count), where=norms > 0.0)
    scores[energies < _FAINT * energies.mean()] = 1.0
    worst = int(np.argmin(scores))
    return worst * piece if scores[worst] < _DAMAGED else None


def _delayed(clip: Samples, fraction: float) -> Samples:
    """Return a clip later by a part of a sample."""
    if fraction == 0.0:
        return clip
    length = 1 << clip.size.bit_length()
    spectrum = np.fft.rfft(clip, length)
    turns = np.exp(-2j * np.pi * fraction * np.arange(spectrum.size) / length)
    delayed: Samples = np.fft.irfft(spectrum * turns, length)[: clip.size]
    return delayed
