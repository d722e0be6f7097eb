"""Durations as feeds write them (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.check.facts import ItemFacts

SECONDS = re.compile(r"[0-9]{1,9}")
#: Hours may be left out.
CLOCK = re.compile(r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{2}")


def seconds_of(item: ItemFacts) -> int:
    """Return the duration that the feed says; 0: it says none."""
    written = item.node.text("itunes:duration")
    if SECONDS.fullmatch(written):
        return int(written)
    if not CLOCK.fullmatch(written):
        return 0
    seconds = 0
    for part in written.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
