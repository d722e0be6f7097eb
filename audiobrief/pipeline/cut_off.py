"""Whether a release was cut off: known by a mark that lies in the cache while one is at work.

What else tells of it (a file half written) is not there at every moment of a release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from audiobrief.store.files import make_folder, mapping_os_errors, remove_if_there

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.workspace.load import Workspace

_NAME: Final = "releasing"


def begin_release(show: Workspace) -> None:
    """Note that feed and pages are being written; only for the holder of the lock.

    Raises:
        StoreError: That cannot be written.
    """
    path = _mark(show)
    make_folder(path.parent)
    with mapping_os_errors("write", path):
        path.touch()


def end_release(show: Workspace) -> None:
    """Note that all is written."""
    remove_if_there(_mark(show))


def was_cut_off(show: Workspace) -> bool:
    """Tell whether the last release was begun and has not come to its end."""
    return _mark(show).exists()


def _mark(show: Workspace) -> Path:
    # Any word may be the name of a show: the first one has none.
    return show.cache / f"{show.show}-{_NAME}".removeprefix("-")
