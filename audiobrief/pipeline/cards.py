"""The cards of a show's episodes, for whoever only looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
