"""What is sent to a target is what was made, also if nobody has built since.

The sound is held to its digest by the rules of podcast apps, before anything is sent.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import PublishError
from audiobrief.pipeline.companions import PAGE_NAME
from audiobrief.pipeline.feeds import known_pages
from audiobrief.pipeline.looks import is_cover_intact, is_page_intact, look_of
from audiobrief.pipeline.release import choose_cover, describe_show, identify
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show
    from audiobrief.upload.target import Upload
    from audiobrief.workspace.load import Workspace


def require_intact(show: Workspace, uploads: Iterable[Upload]) -> None:
    """Refuse to send a transcript, chapters, a picture or a page that is not what was made.

    Args:
        show: The workspace as the show sees it, which no build changes meanwhile.
        uploads: What is about to be sent; what is there already is not read.

    Raises:
        PublishError: A file is another one than was made.
        StoreError: A manifest or a file cannot be read.
    """
    inspector = _Inspector(show)
    for upload in uploads:
        if not isinstance(upload.source, bytes) and not inspector.is_intact(upload.source):
            raise PublishError(
                "the file is another one than was made",
                upload.name,
                remedy='mend it first: "audiobrief build", or "audiobrief repair"',
            )


class _Inspector:
    """Holds files to what is known of them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        #: By folder; ``None``: it is none of an episode.
        self._episodes: dict[Path, Episode | None] = {}

    def is_intact(self, path: Path) -> bool:
        """Tell whether a file is what was made; one of which nothing is known is."""
        folder, name = path.parent, path.name
        episode = self._episode_in(folder)
        if episode is not None and name == PAGE_NAME:
            show = self._show
            return show is None or is_page_intact(path, show, episode)
        known = dict(episode.files) if episode is not None else {}
        if folder == self._workspace.episodes:
            known = self._pages
        return (name not in known or known[name] == _digest_of(path)) and is_cover_intact(path)

    def _episode_in(self, folder: Path) -> Episode | None:
        if folder not in self._episodes:
            manifest = folder / MANIFEST_NAME
            self._episodes[folder] = read_manifest(manifest) if manifest.is_file() else None
        return self._episodes[folder]

    @cached_property
    def _show(self) -> Show | None:
        """The show; ``None``: it has changed since its pages were rendered, as all will be."""
        identity = identify(self._workspace)
        show = describe_show(self._workspace, identity, choose_cover(self._workspace))
        return show if look_of(show) == identity.pages else None

    @cached_property
    def _pages(self) -> dict[str, str]:
        """Digests of the pages of feed and list."""
        return known_pages(self._workspace)


def _digest_of(path: Path) -> str:
    with mapping_os_errors("read", path):
        return sha256(path.read_bytes()).hexdigest()
