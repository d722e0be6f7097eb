"""What the commands that write lexicon files share: their flags, names and safety."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.workspace.load import Workspace

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WRITE_FLAGS = (
    click.option("--dry-run", is_flag=True, help="Only say what would be written."),
    click.option("--force", is_flag=True, help="Replace what is there."),
)


def writes(function: Any) -> Any:
    """Give a command the flags of all writers."""
    for flag in _WRITE_FLAGS:
        function = flag(function)
    return function


def lexicon_path(workspace: Workspace, name: str) -> Path:
    """Return where the lexicon file of a name lies in the workspace.

    Raises:
        WorkspaceError: It is no name for a file.
    """
    stem = name.removesuffix(".toml")
    if not _FILE_NAME.fullmatch(stem):
        raise WorkspaceError(
            "no name for a lexicon file", name, remedy="use letters, digits, - and _"
        )
    return workspace.lexicon_folder / f"{stem}.toml"


def write_file(path: Path, text: str, *, dry_run: bool) -> None:
    """Write a file whole, in a folder that is made if need be; nothing in a dry run."""
    from audiobrief.store.files import atomic_write, make_folder  # noqa: PLC0415

    if not dry_run:
        make_folder(path.parent)
        atomic_write(path, text.encode())


def refuse_existing(path: Path, *, force: bool) -> None:
    """Stop before a file is replaced that nobody said may be.

    Raises:
        WorkspaceError: It is there, without ``force``.
    """
    if path.exists() and not force:
        raise WorkspaceError(
            "the file is there already", str(path), remedy="add --force to replace it"
        )
