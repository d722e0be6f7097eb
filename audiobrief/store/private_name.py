"""Names of unfinished files that no other thread, process or machine uses at the same time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from audiobrief.store.files import TEMPORARY_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path


def private_beside(path: Path) -> Path:
    """Return a name beside a file, for what will be it; a sweep of its folder takes it away."""
    return path.with_name(f".{path.name[:100]}.{own_part()}{TEMPORARY_SUFFIX}")


def own_part() -> str:
    """Return a part of a name that is new every time, in every process."""
    return f"{os.getpid():x}-{os.urandom(6).hex()}"
