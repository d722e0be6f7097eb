"""Find the music that the settings name."""

from __future__ import annotations

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


def _remedy(key: str, root: Path) -> str:
    own = f"name a WAV, FLAC, MP3 or Ogg file, as seen from {root}"
    return own if key == "bed" else f'write "{STING}" for the shipped sting, or {own}'
