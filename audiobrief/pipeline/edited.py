"""What a person has changed in the script file of an episode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.model.script import Generated, GeneratedLine
from audiobrief.script.edits import Edits
from audiobrief.script.scriptfile import is_untouched, parse_script
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace

SCRIPT_NAME = "script.md"


def read_edits(
    workspace: Workspace, episode: Episode | None, *, keep: bool = False
) -> Edits | None:
    """Return a person's edits of an episode's script; ``None`` where there are none.

    Args:
        workspace: Where the episode lies.
        episode: As it was built last; ``None``: not yet.
        keep: Follow the script where the article has changed the same lines.

    Raises:
        SourceError: The script file cannot be understood; the line is named.
        StoreError: It cannot be read.
    """
    if episode is None:
        return None
    path = workspace.episodes / episode.directory / SCRIPT_NAME
    with mapping_os_errors("read", path):
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else None
    if text is None or is_untouched(text):
        return None
    where = f"episodes/{episode.directory}/{SCRIPT_NAME}"
    base = episode.generated or _generated(episode)
    written = parse_script(text, where=where)
    return Edits(base, written, where, frozenset(workspace.voices), keep)


def _generated(episode: Episode) -> Generated:
    """Return the script that an episode was built from, when nobody had edited it."""
    lines = (GeneratedLine(s.id.partition("-")[0], s.voice, s.chapter) for s in episode.segments)
    return Generated(episode.title, tuple(lines))
