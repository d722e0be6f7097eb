"""What a person has changed in the script file of an episode, and how the file is written back."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError, StoreError
from audiobrief.model.script import Generated, GeneratedLine
from audiobrief.pipeline.companions import SCRIPT_NAME
from audiobrief.script.edits import Edits
from audiobrief.script.scriptfile import (
    is_untouched,
    render_script,
    rows_told_of,
    with_comments,
)
from audiobrief.script.written import parse_script
from audiobrief.store.files import mapping_os_errors, write_if_changed
from audiobrief.store.history import HISTORY_NAME, literal_keys, read_history
from audiobrief.store.lock import briefly_locked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.model.script import Script
    from audiobrief.script.written import Written
    from audiobrief.workspace.load import Workspace

_SHOWN_ROWS = 3


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """The script file of an episode as a build found it."""

    #: SHA-256 of its bytes; ``None``: there is none, or nobody has looked.
    digest: str | None = None
    #: ``None``: nobody has edited what is spoken.
    edits: Edits | None = None
    #: What of a person's changes has no effect, in words for the user.
    notes: tuple[str, ...] = ()


def read_edits(
    workspace: Workspace,
    episode: Episode | None,
    *articles: Article,
    keep: bool = False,
) -> ScriptFile:
    """Return what a person has changed in an episode's script.

    Args:
        workspace: Where the episode lies.
        episode: As it was built last; ``None``: not yet.
        articles: As they are now.
        keep: Follow the script where the article has changed the same lines.

    Raises:
        SourceError: The script file cannot be understood; the line is named.
        StoreError: It cannot be read.
    """
    if episode is None:
        return ScriptFile()
    content = _read(workspace.episodes / episode.directory / SCRIPT_NAME)
    if content is None:
        return ScriptFile()
    digest = sha256(content).hexdigest()
    where = f"{workspace.directory_of(episode)}/{SCRIPT_NAME}"
    text = decoded(content, where)
    if is_untouched(text):
        return ScriptFile(digest)
    written = parse_script(text, where=where)
    notes = tuple(_without_effect(written, episode, articles, where))
    if episode.generated is None and _says(written) == _spoken(episode):
        return ScriptFile(digest, None, notes)
    spoken = frozenset(_key(s) for s in episode.segments) | typed_in_review(workspace, episode)
    voices = frozenset(workspace.voices)
    edits = Edits(base_of(episode), written, where, voices, keep, spoken)
    return ScriptFile(digest, edits, notes)


def typed_in_review(workspace: Workspace, episode: Episode) -> frozenset[str]:
    """Return the keys of the lines that the review has written: each is meant as it stands."""
    try:
        path = workspace.episodes / episode.directory / HISTORY_NAME
        return literal_keys(read_history(path))
    except StoreError:
        # It is told where it matters; what was spoken once is known without it.
        return frozenset()


def script_lock(workspace: Workspace, directory: str) -> AbstractContextManager[None]:
    """Return the lock of an episode's script, words and history; to be held for a moment only.

    It lies outside of the episode's folder, which is copied and served.
    """
    name = f"{workspace.show}~{directory}"
    return briefly_locked(workspace.cache / "scripts" / f"{name}.lock")


def _read(path: Path) -> bytes | None:
    with mapping_os_errors("read", path):
        return path.read_bytes() if path.exists() else None


def decoded(content: bytes, where: str) -> str:
    """Return the text of a script file.

    Raises:
        SourceError: It is not UTF-8; the line is named.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            "the script is not UTF-8",
            f"{where}:{line}",
            remedy="save it as UTF-8, in the editor's encoding menu",
        ) from error


def base_of(episode: Episode) -> Generated:
    """Return what an episode's script file was made from, without a person's edits."""
    if episode.generated is not None:
        return episode.generated
    lines = (GeneratedLine(_key(s), s.voice, s.chapter) for s in episode.segments)
    return Generated(episode.title, tuple(lines))


def _key(segment: TimedSegment) -> str:
    """Return a segment's id without the number of its repeat."""
    return segment.id.partition("-")[0]


def _says(written: Written) -> tuple[object, ...]:
    lines = ((x.role, x.voice, x.speaker, x.text, x.starts, x.chapter) for x in written.lines)
    return (written.title, *lines)


def _spoken(episode: Episode) -> tuple[object, ...]:
    """Return the same of what an episode speaks: its file says it, if nobody has edited it."""
    paragraphs = (None, *(s.paragraph for s in episode.segments))
    lines = (
        (s.role, s.voice, s.speaker, s.text, s.paragraph != before, s.chapter)
        for s, before in zip(episode.segments, paragraphs, strict=False)
    )
    return (episode.title, *lines)


def _without_effect(
    written: Written, episode: Episode, articles: Sequence[Article], where: str
) -> list[str]:
    """Return a note on what was changed where the file only tells something."""
    known = rows_told_of(episode, articles)
    lost = [(n, row) for n, row in written.told if row not in known]
    if not lost:
        return []
    shown = ", ".join(f'line {n} "{row[:60]}"' for n, row in lost[:_SHOWN_ROWS])
    more = f" and {len(lost) - _SHOWN_ROWS} more" if len(lost) > _SHOWN_ROWS else ""
    what = 'changes nothing: only lines between title and "---" are spoken'
    return [f"{where}: {shown}{more} {what}"]


def write_back(
    path: Path, script: Script, articles: Sequence[Article], *, digest: str | None, force: bool
) -> bool:
    """Write what is spoken to the script file, unless somebody has changed it since it was read.

    Args:
        path: The file.
        script: What is spoken, with a person's edits.
        articles: What it was made of.
        digest: Of the file when it was read; ``None``: it was not.
        force: Give up whatever a person has written.

    Returns:
        False when the file was left alone: what it says is heard after the next build.
    """
    content = _read(path)
    new = render_script(script, *articles)
    if content is not None and not force:
        old = content.decode("utf-8", "replace")
        is_read = sha256(content).hexdigest() == digest
        if not is_read and not (digest is None and is_untouched(old)):
            return False
        new = with_comments(new, old)
    write_if_changed(path, new.encode())
    return True
