"""Pages and covers of episodes that are not what was made: found, made again, and told.

No manifest has their digests: a page changes with the show, and a cover is drawn when a feed first
names it. But a page is what can be rendered again, and a drawn cover has its digest in itself.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.pipeline.companions import PAGE_NAME, render_page
from audiobrief.pipeline.feeds import LOOK_VERSION
from audiobrief.publish.cover_name import drawn_name, is_cover
from audiobrief.publish.cover_seal import is_intact
from audiobrief.store.files import atomic_write, mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show
    from audiobrief.workspace.load import Workspace


def look_of(show: Show) -> str:
    """Return the digest of all that pages of episodes have of the show, and of how they look."""
    return sha256(repr((LOOK_VERSION, show)).encode()).hexdigest()


def is_page_intact(path: Path, show: Show, episode: Episode) -> bool:
    """Tell whether an episode's page is what it would be if it were rendered now.

    To be asked while the show looks as it did when all pages were rendered.

    Raises:
        StoreError: It cannot be read.
    """
    with mapping_os_errors("read", path):
        return path.read_bytes() == render_page(show, episode).encode()


def is_cover_intact(path: Path) -> bool:
    """Tell whether a picture is none of our covers, or what was drawn.

    Raises:
        StoreError: It cannot be read.
    """
    if not is_cover(path.name):
        return True
    with mapping_os_errors("read", path):
        return is_intact(path.read_bytes())


def mend_looks(workspace: Workspace, show: Show, episode: Episode, look: str) -> Iterator[str]:
    """Make page and covers of an episode again where they are not what was made.

    Only for the holder of the workspace's lock.

    Args:
        workspace: As the show sees it.
        show: The show.
        episode: As its manifest has it; its files are all there.
        look: With what all pages were rendered: if that has changed, they are all to be rendered.

    Yields:
        What was done, in words for the user.

    Raises:
        StoreError: A file cannot be read or written.
    """
    folder, where = workspace.episodes / episode.directory, workspace.directory_of(episode)
    page = folder / PAGE_NAME
    if look == look_of(show) and not is_page_intact(page, show, episode):
        atomic_write(page, render_page(show, episode).encode())
        yield f"{where}/{PAGE_NAME} was not what was made, and is rendered again"
    path = damaged_cover(folder, show, episode)
    if path is not None:
        draw_again(path, show, episode)
        yield f"{where}/{path.name} was not what was made, and is drawn again"


def damaged_cover(folder: Path, show: Show, episode: Episode) -> Path | None:
    """Return the cover of an episode, if it has one that is not what was drawn.

    One of an earlier title is passed over: a release removes it.
    """
    path = folder / drawn_name(show.title, episode.title)
    return path if path.is_file() and not is_cover_intact(path) else None


def draw_again(path: Path, show: Show, episode: Episode) -> None:
    """Draw the cover of an episode in the place of the one that lies there."""
    from audiobrief.publish.cover import draw_episode_cover  # noqa: PLC0415 - Pillow

    atomic_write(path, draw_episode_cover(show.title, episode.title))
