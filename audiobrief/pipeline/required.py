"""What must be right before anything is begun: encoders, music, and whose folders these are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import AudioError, WorkspaceError
from audiobrief.pipeline.release import IDENTITY_NAME
from audiobrief.store.manifest import MANIFEST_NAME
from audiobrief.workspace.load import EPISODES_NAME

if TYPE_CHECKING:
    from audiobrief.workspace.load import Workspace


def require_ready(workspace: Workspace) -> None:
    """Stop before anything is spoken, if it could not be finished.

    Raises:
        EncoderUnavailableError: What makes a format that the settings ask for is not here.
        WorkspaceError: The music cannot be decoded, or a link stands where episodes belong.
    """
    _require_own_folders(workspace)
    _require_encoders(workspace)
    _require_music(workspace)


def _require_own_folders(workspace: Workspace) -> None:
    """Follow a link in place of a folder of episodes only to what is one already.

    Episodes may lie on another disk. A link to anything else is a mistake, or a trap: files of
    others would be overwritten, and swept.
    """
    for folder in {workspace.root / EPISODES_NAME, workspace.episodes}:
        if folder.is_symlink() and not (folder / IDENTITY_NAME).is_file():
            raise _misled(folder, workspace.root, IDENTITY_NAME)
    if not workspace.episodes.is_dir():
        return
    with os.scandir(workspace.episodes) as entries:
        links = sorted(entry.path for entry in entries if entry.is_symlink() and entry.is_dir())
    for link in links:
        # A show's folder has no manifest, but its own identity.
        marks = (MANIFEST_NAME, IDENTITY_NAME)
        if not any(os.path.isfile(os.path.join(link, mark)) for mark in marks):  # noqa: PTH113, PTH118 - of thousands
            raise _misled(Path(link), workspace.root, MANIFEST_NAME)


def _misled(folder: Path, root: Path, mark: str) -> WorkspaceError:
    return WorkspaceError(
        f"a link stands in place of a folder of episodes, and leads to one without {mark}",
        folder.relative_to(root).as_posix(),
        remedy="remove the link; or move the folder itself there, with all that is in it, and "
        "link it then",
    )


def _require_encoders(workspace: Workspace) -> None:
    if not workspace.formats:
        return
    from audiobrief.assemble.delivery import encoder_of  # noqa: PLC0415 - soundfile, PyAV

    for kind in workspace.formats:
        encoder_of(kind)


def _require_music(workspace: Workspace) -> None:
    """Open each file; whether it is silent or too long is seen when it is read."""
    music = workspace.music
    named = {"intro": music.intro, "outro": music.outro, "bed": music.bed}
    if not any(named.values()):
        return
    from audiobrief.assemble.music import require_sound  # noqa: PLC0415 - numpy, soundfile

    for key, path in named.items():
        if path is None:
            continue
        try:
            require_sound(Path(path))
        except AudioError as error:
            place = workspace.place_of(f"sound.{key}")
            raise WorkspaceError(f"{key}: {error.problem}", place, remedy=error.remedy) from error
