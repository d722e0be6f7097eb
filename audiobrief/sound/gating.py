"""What the powers of overlapping windows say: gated loudness (BS.1770-5), range (EBU Tech 3342)."""

from __future__ import annotations

from math import inf, log10

import numpy as np
import numpy.typing as npt

Powers = npt.NDArray[np.float64]

#: Windows begin this often, both those for the loudness and those for the range.
STEPS_PER_S = 10
#: A gating block: 400 ms, in steps.
_BLOCK_STEPS = 4
#: A window of the range: 3 s, in steps.
_RANGE_STEPS = 30

#: BS.1770-5: the K-weighting lifts 1 kHz by this much.
_OFFSET_LU = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_RANGE_GATE_LU = -20.0
#: Percentiles between which the range lies.
_LOW, _HIGH = 0.10, 0.95


def block_powers(energies: Powers, frame_count: int, step: int) -> Powers:
    """Return the power of every gating block of a signal from its energy in steps of 100 ms.

    A signal shorter than one gating block (400 ms) is one block of its own length: a meter for
    whole programs has no reading for it, but a clip of one syllable still needs its level set.

    Args:
        energies: Weighted energy of every step, the last one padded with silence.
        frame_count: Length of the signal.
        step: Frames of a step.

    Returns:
        Weighted mean squares, shape (blocks,).
    """
    if frame_count < _BLOCK_STEPS * step:
        return np.array([energies.sum() / max(frame_count, 1)])
    return _window_powers(energies, frame_count, step, _BLOCK_STEPS)


def range_powers(energies: Powers, frame_count: int, step: int) -> Powers:
    """Return the power of every whole window of 3 s of a signal; arguments as of `block_powers`."""
    return _window_powers(energies, frame_count, step, _RANGE_STEPS)


def _window_powers(energies: Powers, frame_count: int, step: int, steps: int) -> Powers:
    """Return the power of every whole window of so many steps, one beginning with each step."""
    whole = energies[: frame_count // step]
    if whole.size < steps:
        return np.zeros(0)
    # Not by a view of windows: making one takes longer than adding the steps of a clip.
    sums = whole[: whole.size - steps + 1].copy()
    for later in range(1, steps):
        sums += whole[later : whole.size - steps + 1 + later]
    return sums / (steps * step)


def gated_lufs(powers: Powers) -> float:
    """Return the integrated loudness: the mean of all blocks that pass both gates.

    Args:
        powers: Weighted mean square of each gating block, shape (blocks,).

    Returns:
        LUFS; ``-inf`` where nothing passes the absolute gate.

    >>> round(gated_lufs(np.array([0.01, 0.01, 0.0005, 0.0])), 2)
    -20.69
    """
    heard = powers[powers > _power(_ABSOLUTE_GATE_LUFS)]
    if heard.size == 0:
        return -inf
    loud = heard[heard > heard.mean() * 10.0 ** (_RELATIVE_GATE_LU / 10.0)]
    return _OFFSET_LU + 10.0 * log10(loud.mean())


def range_lu(powers: Powers) -> float:
    """Return the loudness range: from the 10th to the 95th percentile of what passes both gates.

    Args:
        powers: Weighted mean square of each whole window of 3 s, shape (windows,).

    Returns:
        LU, 0.0 or more; 0.0 where nothing passes the absolute gate, or there is no window: a sound
        of less than 3 s has none. No silence is appended, as Tech 3342 proposes for files (1.5 s):
        an episode ends with a pause of its own, and ffmpeg appends none.

    Source:
        EBU Tech 3342 (November 2023), 3.1 and the listing of section 5.

    >>> range_lu(np.repeat([0.01, 0.1, 1e-6], 100)), range_lu(np.zeros(0))
    (10.0, 0.0)
    """
    heard = powers[powers >= _power(_ABSOLUTE_GATE_LUFS)]
    if heard.size == 0:
        return 0.0
    heard = np.sort(heard[heard >= heard.mean() * 10.0 ** (_RANGE_GATE_LU / 10.0)])
    # The nearest rank, halves up, as in the listing.
    low, high = (heard[int(share * (heard.size - 1) + 0.5)] for share in (_LOW, _HIGH))
    return 10.0 * log10(high / low)


def _power(lufs: float) -> float:
    """Return the weighted mean square of a loudness."""
    return float(10.0 ** ((lufs - _OFFSET_LU) / 10.0))
