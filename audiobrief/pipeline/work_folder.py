"""Where an episode is in the making, if it is made in this process."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

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
    shutil.rmtree(cache / WORK_NAME, ignore_errors=True)
