"""Find the music that the settings name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.model.audio import MusicSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.workspace.settings import SoundSettings

#: The name of the sting that is shipped.
STING = "sting"
SHIPPED_STING = Path(__file__).resolve().parent.parent / "samples" / "sting.flac"


def find_music(settings: SoundSettings, root: Path, place_of: Callable[[str], str]) -> MusicSpec:
    """Return the files of the music that the settings name.

    Args:
        settings: ``[sound]``.
        root: Of the workspace, to which paths are relative.
        place_of: Says where a setting stands, for errors.

    Raises:
        WorkspaceError: A file is missing.
    """

    def found(key: str, name: str | None) -> str | None:
        if name is None:
            return None
        path = SHIPPED_STING if name == STING and key != "bed" else root / name
        if not path.is_file():
            raise WorkspaceError(
                f'there is no music "{name}"', place_of(f"sound.{key}"), remedy=_remedy(key, root)
            )
        return str(path)

    return MusicSpec(
        found("intro", settings.intro), found("outro", settings.outro), found("bed", settings.bed)
    )


def find_sting(name: str, root: Path, place: str) -> str | None:
    """Return the file of the sting between the stories of a programme; empty: there is none.

    Raises:
        WorkspaceError: The file is missing.
    """
    path = SHIPPED_STING if name == STING else root / name
    if not name:
        return None
    if not path.is_file():
        raise WorkspaceError(f'there is no music "{name}"', place, remedy=_remedy("sting", root))
    return str(path)


def fingerprint_music(music: MusicSpec) -> tuple[str, ...]:
    """Return what changes when another music is heard: the SHA-256 of each file, "" for none.

    Raises:
        WorkspaceError: A file cannot be read.
    """
    paths = (music.intro, music.outro, music.bed, *([music.between] if music.between else []))
    return tuple(_digest(path) if path else "" for path in paths)


def _digest(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WorkspaceError(
            f"the music cannot be read: {error.strerror or error}",
            path,
            remedy="make the file readable, or remove the setting that names it",
        ) from error


def _remedy(key: str, root: Path) -> str:
    own = f"name a WAV, FLAC, MP3 or Ogg file, as seen from {root}"
    return own if key == "bed" else f'write "{STING}" for the shipped sting, or {own}'
