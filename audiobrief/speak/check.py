"""Is this clip the whole text? Judged by length, level and clipping (pure)."""

from __future__ import annotations


def longest_s(text: str, rate_wpm: int) -> float:
    """Stub."""
    return 5 + len(text) * 0.1 * 170 / rate_wpm * 3
