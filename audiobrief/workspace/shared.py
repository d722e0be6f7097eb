"""The shared store that the settings of a workspace name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.store.shared import BlobStore
    from audiobrief.workspace.load import Workspace


def shared_store(workspace: Workspace) -> BlobStore | None:
    """Return the store that the settings name; nothing is asked of it yet.

    Returns:
        ``None``: they name none.

    Raises:
        WorkspaceError: The address means none.
        TargetUnavailableError: The library or a key is missing.
    """
    address = workspace.store_address
    if address is None:
        return None
    from audiobrief.store.shared import open_store  # noqa: PLC0415 - only where there is one

    settings = workspace.settings.store
    where = workspace.place_of("store.url")
    return open_store(address, endpoint=settings.endpoint, region=settings.region, where=where)
