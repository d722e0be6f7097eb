"""What became of a source's items, while they are taken."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """What became of a source's items."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    known: int = 0
    copies: int = 0
    #: What could not be taken now, and will be tried again.
    postponed: int = 0
    notes: list[str] = field(default_factory=list)
