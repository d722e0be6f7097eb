"""The cards of a show's episodes, for whoever only looks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.store.files import TEMPORARY_SUFFIX, is_temporary, names_in, remove_if_there
from audiobrief.store.index import INDEX_NAME, Drawer, read_index

if TYPE_CHECKING:
    from audiobrief.model.card import Card
    from audiobrief.workspace.load import Workspace


def drawer_of(show: Workspace) -> Drawer:
    """Return what the index knows of a show; what has changed is read from its manifest."""
    return read_index(show.cache / INDEX_NAME, show.episodes, show=show.show)


def cards_of(show: Workspace) -> tuple[Card, ...]:
    """Return the cards of all episodes that can be read, by directory."""
    return tuple(filed.card for filed in drawer_of(show).filed)


def sweep_episodes(show: Workspace, drawer: Drawer) -> bool:
    """Remove what a killed run has left unfinished; tell whether it was in a release.

    Folders of which nothing unfinished is known are not looked at. Only for the holder of the lock.
    """
    found = [show.episodes / n for n in names_in(show.episodes) if is_temporary(n)]
    folders = [*drawer.loose, *(Path(e.subject).parent.name for e in drawer.damaged)]
    folders += [f.card.directory for f in drawer.filed if TEMPORARY_SUFFIX in f.names]
    for folder in folders:
        place = show.episodes / folder
        found += [place / name for name in names_in(place) if is_temporary(name)]
    for path in found:
        remove_if_there(path)
    return any(path.parent == show.episodes for path in found)
