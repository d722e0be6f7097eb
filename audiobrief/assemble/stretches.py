"""Stretches of a finished file, decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobrief.assemble.probe import decoded_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def decoded_stretches(path: Path, places_ms: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the sound between two times, for each pair of them.

    The file is decoded once; no more than the longest stretch and a block of it is kept.

    Args:
        path: The file.
        places_ms: Start and end of each, in order, without overlaps.

    Yields:
        Mono, signed 16 bit, in the order of this machine, at the file's rate; less than asked for
        where the file ends before.

    Raises:
        AudioError: It cannot be decoded.
        StoreError: It cannot be read.
    """
    blocks = decoded_blocks(path)
    held = np.zeros(0, np.int16)
    begun = rate_hz = 0
    for start_ms, end_ms in places_ms:
        while not rate_hz or begun + held.size < round(end_ms * rate_hz / 1000):
            found = next(blocks, None)
            if found is None:
                break
            rate_hz, block = found
            start = max(0, round(start_ms * rate_hz / 1000) - begun)
            held, begun = held[start:], begun + min(start, held.size)
            mono = np.clip(np.rint(block.mean(axis=1) * 32768), -32768, 32767).astype(np.int16)
            held = np.concatenate((held, mono))
        start, end = (max(0, round(ms * rate_hz / 1000) - begun) for ms in (start_ms, end_ms))
        yield held[start:end].tobytes()
