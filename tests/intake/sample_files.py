"""The sample files of this folder; all texts in them are our own."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> bytes:
    """Return a sample file."""
    return (SAMPLES / name).read_bytes()
