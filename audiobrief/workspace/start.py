"""``init``: the parts of a new workspace, none of which overwrites anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.workspace.load import SETTINGS_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = "harbor-ferry.txt"
_FOLDERS = ("articles", "voices", "episodes")


def start_workspace(root: Path) -> tuple[list[str], list[str]]:
    """Make what is missing; return the names of what was made and of what was there.

    Raises:
        WorkspaceError: A part cannot be written; what was made before stays.
    """
    made: list[str] = []
    kept: list[str] = []
    try:
        for folder in _FOLDERS:
            path = root / folder
            (kept if path.is_dir() else made).append(f"{folder}/")
            path.mkdir(parents=True, exist_ok=True)
        for name, content in _files():
            path = root / name
            (kept if path.exists() else made).append(name)
            if not path.exists():
                path.write_bytes(content)
    except OSError as error:
        raise WorkspaceError(
            f"cannot make the workspace: {error.strerror or error}",
            str(error.filename or root),
            remedy="choose a folder that you may write to, with enough space",
        ) from error
    return made, kept


def _files() -> Iterator[tuple[str, bytes]]:
    here = Path(__file__).resolve().parent
    yield SETTINGS_NAME, (here / "template.toml").read_bytes()
    yield f"articles/{_SAMPLE}", (here.parent / "samples" / _SAMPLE).read_bytes()
