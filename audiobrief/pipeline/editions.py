"""What of a show goes where: all of it, or of a private one a folder for each listener."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from audiobrief.serve.readdress import DOOR
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.listeners import LISTENERS_NAME, TOKEN, digest_of, read_listeners

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.errors import AudiobriefError
    from audiobrief.upload.address import Address
    from audiobrief.workspace.load import Workspace

    Error = TypeVar("Error", bound=AudiobriefError)


@dataclass(frozen=True, slots=True)
class Edition:
    """A feed, and the files that it names."""

    folder: Path
    #: Of a listener; empty: it is for everybody.
    token: str = ""

    def address(self, base: Address) -> Address:
        """Return where it goes."""
        return base.below(f"{DOOR}/{self.token}") if self.token else base

    def shown(self, text: str) -> str:
        """Return a text without the token: who knows it may listen."""
        return text.replace(self.token, f"{self.token[:4]}…") if self.token else text

    def told(self, error: Error) -> Error:
        """Return an error that may be shown."""
        return without_tokens(error) if self.token else error


def editions_of(show: Workspace) -> tuple[Edition, ...]:
    """Return what is to be published of a show; nothing: it is private, and nobody has a folder.

    Raises:
        StoreError: The list of listeners is damaged.
    """
    if not show.settings.publish.private:
        return (Edition(show.episodes),)
    active = {x.sha256 for x in read_listeners(show.root / LISTENERS_NAME) if x.is_active}
    found = tuple(Edition(show.episodes / DOOR / t, t) for t in tokens_in(show.episodes / DOOR))
    return tuple(e for e in found if digest_of(e.token) in active)


def without_tokens(error: Error) -> Error:
    """Return an error whose words may be shown: of whatever looks like a token, the beginning."""
    parts = (error.problem, error.subject, error.remedy)
    problem, subject, remedy = (TOKEN.sub(lambda m: f"{m[0][:4]}…", part) for part in parts)
    return type(error)(problem, subject, remedy=remedy)


def tokens_in(door: Path) -> list[str]:
    """Return the names of the folders that are called as tokens are; links are none."""
    if not door.is_dir() or door.is_symlink():
        return []
    with mapping_os_errors("read the folder", door):
        paths = [p for p in door.iterdir() if TOKEN.fullmatch(p.name) and not p.is_symlink()]
    return sorted(path.name for path in paths if path.is_dir())
