"""What every part of the evaluation returns, and where its data lies."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

#: Labelled pages and texts beside the project; never packaged, and not on every machine.
SHARED = Path(__file__).resolve().parents[3] / "shared"
#: Data of the project's own.
DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    #: Lower-case words, stable: the floor file knows it by this name.
    name: str
    #: Between 0 and 1; larger is better.
    value: float
    #: Over how many pages, lines or quotations.
    count: int
    #: What the number means, or how it came about, in a few words.
    note: str = ""
    #: What is asked for; ``None``: it is only told.
    target: float | None = None


def is_held_out(page_id: str) -> bool:
    """Tell whether a page is of the third that no weight and no rule was fitted on."""
    return int(sha256(page_id.encode()).hexdigest(), 16) % 3 == 0
