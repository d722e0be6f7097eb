"""Where an episode is in the making, if it is made in this process, and what is drawn for it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from audiobrief.pipeline.drawn import DRAWN_NAME

if TYPE_CHECKING:
    from pathlib import Path

#: Below the cache.
WORK_NAME: Final = "work"


def sweep_work(cache: Path) -> None:
    """Remove what a killed run has left of an episode; only for the holder of the lock.

    Args:
        cache: ``Workspace.cache``.
    """
    # What cannot be removed now is removed, or told, when the next episode is made.
    for name in (WORK_NAME, DRAWN_NAME):
        shutil.rmtree(cache / name, ignore_errors=True)
